package rdb

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
)

// bikes is the scope of these tests.
var bikes = engine.Scope{City: "xiamen", Sector: "bike"}

// startServer starts a Redis of the test's own, which is skipped where there is none on PATH.
func startServer(t testing.TB, o server.Options) *server.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	o.Dir = t.TempDir()
	s, err := server.Start(ctx, o)
	if errors.Is(err, server.ErrNoServer) {
		t.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
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

// openRest opens what a Store has beside its ledgers.
func openRest(t testing.TB, s *server.Server, archive string) *rest {
	t.Helper()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.Addr(), MaxRetries: -1})
	r := newRest(client, archive, 10*time.Second, nil)
	t.Cleanup(func() {
		r.close()
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestOfTwoEntriesThatFollowTheSameOneOnlyOneIsAppended(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	first, err := engine.Entry{Kind: "a", Body: []byte(`{"x":1}`)}.Sealed(nil)
	if err != nil {
		t.Fatal(err)
	}
	second, _ := engine.Entry{Kind: "b"}.Sealed(&first)
	other, _ := engine.Entry{Kind: "c"}.Sealed(&first)
	for _, e := range []engine.Entry{first, second} {
		if err := r.Append(t.Context(), "xiamen", e); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range []engine.Entry{other, second, first} {
		if err := r.Append(t.Context(), "xiamen", e); !errors.Is(err, engine.ErrConflict) {
			t.Errorf("append entry %d again: %v, want ErrConflict", e.Seq, err)
		}
	}
	log, err := r.Log(t.Context(), "xiamen", 0, 10)
	if err != nil || len(log) != 2 {
		t.Fatalf("Log = %d entries, %v; want 2", len(log), err)
	}
	if err := engine.VerifyChain(nil, log); err != nil {
		t.Error(err)
	}
	log, err = r.Log(t.Context(), "xiamen", 1, 1)
	if err != nil || len(log) != 1 || log[0].Kind != "b" {
		t.Errorf("Log after 1 = %v, %v", log, err)
	}
}

func TestADocumentNeverChanges(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	ctx := t.Context()
	if _, err := r.Document(ctx, "xiamen", "plan/1"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a document that isn't there: %v", err)
	}
	if err := r.PutDocument(ctx, "xiamen", "plan/1", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := r.PutDocument(ctx, "xiamen", "plan/1", []byte("one")); err != nil {
		t.Errorf("the same bytes again: %v", err)
	}
	err := r.PutDocument(ctx, "xiamen", "plan/1", []byte("two"))
	if !errors.Is(err, engine.ErrExists) {
		t.Errorf("other bytes: %v, want ErrExists", err)
	}
	if got, err := r.Document(ctx, "xiamen", "plan/1"); err != nil || string(got) != "one" {
		t.Errorf("Document = %q, %v", got, err)
	}
}
