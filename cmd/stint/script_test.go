package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"stint": func() {
			s := streams{os.Stdout, os.Stderr}
			os.Exit(run(context.Background(), s, os.Args[1:], os.Getenv))
		},
	})
}

// TestScripts runs every transcript of testdata/script: commands as a person types them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LC_ALL", "C.UTF-8")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":  exits,
			"edit":   edit,
			"serves": serves,
			"redis":  redis,
		},
	})
}

// exits runs `exits CODE PROGRAM ARG...` and fails unless the program ends with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// serves runs `serves ARG...`, stint serve in the background, and sets STINT_SERVER to its address.
// Another serves, or the script's end, interrupts it first and fails unless it ends well.
func serves(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serves ARG...")
	}
	program := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, "stint"); program == "" {
			if _, err := os.Stat(path); err == nil {
				program = path
			}
		}
	}
	c := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	c.Dir = ts.MkAbs(".")
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "PATH="+ts.Getenv("PATH"))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	lines, address := bufio.NewScanner(out), regexp.MustCompile(`at (http://\S+)`)
	for lines.Scan() {
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			ts.Setenv("STINT_SERVER", found[1])
			break
		}
	}
	go func() { // what it still says must not block it
		for lines.Scan() {
		}
	}()
	ts.Setenv("SERVER_PID", strconv.Itoa(c.Process.Pid))
	ts.Defer(func() {
		_ = c.Process.Signal(os.Interrupt) // one that was stopped already has ended
		if err := c.Wait(); err != nil {
			ts.Logf("stint serve: %v", err)
		}
	})
}

// redis runs `redis`, which ends the script where no redis-server is on PATH.
func redis(ts *testscript.TestScript, _ bool, _ []string) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		ts.Logf("SKIPPED: no redis-server on PATH")
		ts.Check(err)
	}
}
