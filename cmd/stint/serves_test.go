package main

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// served is the server of a script.
type served struct {
	process *os.Process
	ended   chan struct{} // closed once it has ended
	err     error         // how it ended
}

// servedKey finds a script's *served among its values.
type servedKey struct{}

// address finds where a server is, in either language, once the line is whole.
var address = regexp.MustCompile(`(?m)^stint .*?(https?://\S+)\n`)

// patience is how long a server may take to begin, and to end.
const patience = time.Minute

// serves runs `serves ARG...`: stint serve on a free port in the background, its output in
// serve.out and serve.err. It waits until the server says where it is, and sets STINT_SERVER and
// SERVER_PID. A server that is still there when the script ends is killed.
func serves(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serves ARG...")
	}
	out, err := os.Create(ts.MkAbs("serve.out"))
	ts.Check(err)
	defer func() { _ = out.Close() }() // the server has its own
	fault, err := os.Create(ts.MkAbs("serve.err"))
	ts.Check(err)
	defer func() { _ = fault.Close() }()
	c := exec.Command("stint", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	c.Dir, c.Stdout, c.Stderr = ts.MkAbs("."), out, fault
	c.Env = append(os.Environ(), "LC_ALL="+ts.Getenv("LC_ALL"))
	ts.Check(c.Start())
	s := ts.Value(servedKey{}).(*served)
	s.process, s.ended = c.Process, make(chan struct{})
	go func(ended chan struct{}) {
		s.err = c.Wait()
		close(ended)
	}(s.ended)
	ts.Defer(func() {
		_ = c.Process.Kill() // one that has ended needs no end
		<-s.ended
	})
	ts.Setenv("SERVER_PID", strconv.Itoa(c.Process.Pid))
	s.await(ts)
}

// await waits for the line that says where the server is.
func (s *served) await(ts *testscript.TestScript) {
	late, tick := time.NewTimer(patience), time.NewTicker(20*time.Millisecond)
	defer late.Stop()
	defer tick.Stop()
	for {
		said := ts.ReadFile("serve.out")
		if m := address.FindStringSubmatch(said); m != nil {
			ts.Setenv("STINT_SERVER", m[1])
			return
		}
		select {
		case <-tick.C:
		case <-s.ended:
			ts.Fatalf("the server ended: %v\n%s%s", s.err, said, ts.ReadFile("serve.err"))
		case <-late.C:
			ts.Fatalf("no server after %v: %s%s", patience, said, ts.ReadFile("serve.err"))
		}
	}
}

// stops runs `stops` or `stops kill`: interrupts the script's server, which has to end well, or
// kills it; and waits for its end.
func stops(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	if neg || len(args) > 1 || (len(args) == 1 && args[0] != "kill") || s.process == nil {
		ts.Fatalf("usage: stops [kill], after serves")
	}
	if len(args) == 1 {
		ts.Check(s.process.Kill())
		<-s.ended
		return
	}
	ts.Check(s.process.Signal(syscall.SIGINT))
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-s.ended:
		if s.err != nil {
			ts.Fatalf("the server ended: %v\n%s", s.err, ts.ReadFile("serve.err"))
		}
	case <-late.C:
		ts.Fatalf("the server has not ended after %v", patience)
	}
}

// ends runs `ends CODE`: waits until the script's server has ended by itself with that exit code.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	if neg || len(args) != 1 || s.process == nil {
		ts.Fatalf("usage: ends CODE, after serves")
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		ts.Fatalf("the server has not ended after %v", patience)
	}
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(s.err, &exit) {
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("the server ended with %d, not %s:\n%s", code, args[0], ts.ReadFile("serve.err"))
	}
}
