package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stint-city/stint/engine/rdb/server"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"stint": main,
	})
}

// raced are the transcripts of the short run, which is the race detector's: a server in memory, on
// Redis, through a restart, with feeds. What the others say of a server goes the same ways, and
// other commands start no goroutines that their packages' tests don't.
var raced = []string{"mds", "place", "redis", "restart", "vehicles"}

// transcripts returns the files of testdata/script.
func transcripts(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	return slices.DeleteFunc(files, func(name string) bool {
		base := strings.TrimSuffix(filepath.Base(name), ".txtar")
		return testing.Short() && !slices.Contains(raced, base)
	})
}

// TestScripts runs the transcripts of testdata/script: commands as a person types them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Files:               transcripts(t),
		RequireExplicitExec: true,
		Condition: func(name string) (bool, error) {
			if name != "redis" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			_, err := server.Program()
			return err == nil, nil
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("LC_ALL", "C.UTF-8")
			e.Values[servedKey{}] = &served{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":  exits,
			"edit":   edit,
			"serves": serves,
			"stops":  stops,
			"ends":   ends,
			"keep":   keep,
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

// keep runs `keep NAME FILE REGEXP`: puts what the first group matches in FILE, which may be stdout
// or stderr, into the environment.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: keep NAME FILE REGEXP")
	}
	text := ts.ReadFile(args[1])
	form, err := regexp.Compile(args[2])
	ts.Check(err)
	m := form.FindStringSubmatch(text)
	if len(m) < 2 {
		ts.Fatalf("%s has nothing like %s:\n%s", args[1], args[2], text)
	}
	ts.Setenv(args[0], m[1])
}
