package rdb

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
)

// loseSince kills a server, makes its folder what it was at a copy, and starts it again: as if the
// machine had lost what came after.
func loseSince(t *testing.T, s *server.Server, dir, copied string) {
	t.Helper()
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	aof := filepath.Join(dir, "appendonlydir")
	if err := os.RemoveAll(aof); err != nil {
		t.Fatal(err)
	}
	if copied != "" {
		if err := os.CopyFS(aof, os.DirFS(copied)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := s.Restart(ctx); err != nil {
		t.Fatal(err)
	}
}

// copyAOF copies what a server has on disk.
func copyAOF(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(filepath.Join(dir, "appendonlydir"))); err != nil {
		t.Fatal(err)
	}
	return to
}

// kept returns the records in Redis itself.
func kept(t *testing.T, r *rest) map[string]string {
	t.Helper()
	records, err := r.client.HGetAll(t.Context(), ledgerKey(bikes, "rec")).Result()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestWhatRedisLostIsWrittenBack(t *testing.T) {
	tests := map[string]struct {
		archive bool // a Store with an archive wrote it, and another one opens the ledger
		whole   bool // Redis lost everything
	}{
		"from the mirror":                       {false, false},
		"from the archive, by another Store":    {true, false},
		"wholly from the mirror":                {false, true},
		"wholly from the archive, when all end": {true, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := startIn(t, dir)
			root := ""
			if tt.archive {
				root = t.TempDir()
			}
			r := openRest(t, s, root)
			change(t, r, map[string]int{"ab:kept": 1, "ab:changed": 2, "ab:forgotten": 4})
			copied := copyAOF(t, dir)
			if tt.whole {
				copied = ""
			}
			change(t, r, map[string]int{"ab:changed": 5, "ab:forgotten": 0})
			change(t, r, map[string]int{"ab:new": 8})
			standingNow(t, r) // the mirror has it
			if tt.archive {
				archivedEvents(t, root, 3)
				r.close()
			}
			loseSince(t, s, dir, copied)
			if tt.archive {
				r = openRest(t, s, root)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if err := r.Reconcile(ctx, bikes); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{
				"ab:kept": stood(1).String(), "ab:changed": stood(5).String(),
				"ab:new": stood(8).String(),
			}
			if diff := cmp.Diff(want, kept(t, r)); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if got := r.client.HGet(ctx, ledgerKey(bikes, "taken"), "city").Val(); got != "14" {
				t.Errorf("taken in the city = %q, want 14", got)
			}
			now, err := r.look(ctx, bikes)
			if err != nil || now.lost() || now.event.Gen != 2 {
				t.Errorf("the ledger is at %+v, %v; want generation 2, open", now, err)
			}
			change(t, r, map[string]int{"ab:after": 16})
			if got := standingNow(t, r); got != 30 {
				t.Errorf("%d stand, want 30", got)
			}
		})
	}
}

// startIn starts a server in a folder of the test's choice, with every write on disk.
func startIn(t *testing.T, dir string) *server.Server {
	t.Helper()
	if _, err := server.Program(); err != nil {
		t.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	s, err := server.Start(ctx, server.Options{Dir: dir, AppendFsync: "always"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestARestartThatLostNothingOnlyBeginsANewGeneration(t *testing.T) {
	dir := t.TempDir()
	s := startIn(t, dir)
	r := openRest(t, s, "")
	change(t, r, map[string]int{"ab:1": 1})
	r.client.HSet(t.Context(), ledgerKey(bikes, "taken"), "city", 1, "d:gone", 7)
	standingNow(t, r)
	for _, gen := range []int64{2, 3} {
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := s.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := r.Reconcile(t.Context(), bikes); err != nil {
			t.Fatal(err)
		}
		var at engine.EventID
		err := r.Read(t.Context(), bikes, func(l *engine.Ledger) { at = l.Event() })
		if want := (engine.EventID{Gen: gen, Seq: 1}); err != nil || at != want {
			t.Errorf("the mirror is at %s, %v; want %s", at, err, want)
		}
	}
	taken := r.client.HGetAll(t.Context(), ledgerKey(bikes, "taken")).Val()
	if diff := cmp.Diff(map[string]string{"city": "1"}, taken); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

func TestAScopeThatLostATransferGetsItBackFromThePool(t *testing.T) {
	dir := t.TempDir()
	s := startIn(t, dir)
	r := openRest(t, s, "")
	if err := r.SetPool(t.Context(), "nation", 100); err != nil {
		t.Fatal(err)
	}
	change(t, r, map[string]int{"ab:1": 1})
	for _, id := range []string{"d1", "d2"} {
		if _, err := r.Draw(t.Context(), "nation", bikes, id, 10, noon); err != nil {
			t.Fatal(err)
		}
	}
	r.clock = fixed{noon}
	// The scope loses its half of the second draw, as a promoted replica would.
	r.client.HDel(t.Context(), sideKey(bikes, "xfer:nation"), "d2")
	r.client.HSet(t.Context(), ledgerKey(bikes, "drawn"), "p:nation", 10)
	r.client.HSet(t.Context(), ledgerKey(bikes, "plan"), "replid", "another")
	if _, err := r.Return(t.Context(), "nation", bikes, "r1", 0, noon); err == nil {
		t.Error("a ledger that must be reconciled gave back")
	}
	if err := r.Reconcile(t.Context(), bikes); err != nil {
		t.Fatal(err)
	}
	if got := drawnOf(t, r, bikes, "nation"); got != 20 {
		t.Errorf("the scope has drawn %d, want 20", got)
	}
	if n, err := r.Settle(t.Context(), "nation", noon); n != 0 || err != nil {
		t.Errorf("Settle afterwards = %d, %v; want 0", n, err)
	}
}

// fixed is a clock that stands still.
type fixed struct{ now time.Time }

func (f fixed) Now() time.Time { return f.now }
