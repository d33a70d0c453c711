package rdb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
)

// startRedis starts a server, or skips the test where there is none on PATH.
func startRedis(t *testing.T, o server.Options) *server.Server {
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
	t.Cleanup(func() { stop(t, s.Stop) })
	return s
}

// stop ends a server at a test's end.
func stop(t *testing.T, end func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := end(ctx); err != nil {
		t.Error(err)
	}
}

// openStore opens a store for a test.
func openStore(t *testing.T, url, archive string) faulted {
	t.Helper()
	return openStoreAt(t, url, Options{Archive: archive})
}

// rawClient connects to a server or a cluster beside the store.
func rawClient(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	scheme, addr, _ := strings.Cut(url, "://")
	var client redis.UniversalClient
	switch scheme {
	case "redis+cluster":
		client = redis.NewClusterClient(&redis.ClusterOptions{
			Addrs: strings.Split(addr, ","), ClusterStateReloadInterval: 200 * time.Millisecond,
		})
	case "unix":
		client = redis.NewClient(&redis.Options{Network: "unix", Addr: addr})
	default:
		client = redis.NewClient(&redis.Options{Addr: addr})
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestNoCapIsExceededWhateverHappensToTheServer(t *testing.T) {
	restart := func(t *testing.T, s *server.Server, _ redis.UniversalClient) {
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		pause(t.Context(), 100*time.Millisecond)
		if err := s.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct {
		fsync string
		fault func(*testing.T, *server.Server, redis.UniversalClient)
		times int
	}{
		"kill -9 under always":   {"always", restart, 3},
		"kill -9 under everysec": {"everysec", restart, 3},
		"a clean restart": {"everysec", func(t *testing.T, s *server.Server, _ redis.UniversalClient) {
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, 1},
		"a pause of 5 s": {"everysec", func(t *testing.T, s *server.Server, _ redis.UniversalClient) {
			if err := s.Pause(); err != nil {
				t.Fatal(err)
			}
			pause(t.Context(), 5*time.Second)
			if err := s.Resume(); err != nil {
				t.Fatal(err)
			}
		}, 1},
		"connections cut": {"everysec", func(t *testing.T, _ *server.Server, c redis.UniversalClient) {
			c.Do(t.Context(), "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
		}, 30},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("real servers and seconds")
			}
			s := startRedis(t, server.Options{AppendFsync: tt.fsync})
			archive := t.TempDir()
			store, client := openStore(t, s.URL(), archive), rawClient(t, s.URL())
			h := startHammer(t, store, engine.Scope{City: "xiamen", Sector: "bike"}, 32)
			if err := store.Read(t.Context(), h.scope, func(*engine.Ledger) {}); err != nil {
				t.Fatal(err)
			}
			for range tt.times {
				pause(t.Context(), 300*time.Millisecond)
				tt.fault(t, s, client)
			}
			pause(t.Context(), 500*time.Millisecond)
			h.finish()
			v := h.judge(t, client, archive)
			t.Logf("%d yes, %d no, %d asked again, %d stand, %d lost",
				h.yes.Load(), h.no.Load(), h.unknown.Load(), len(h.stands), v.lost)
			if v.lost > 0 {
				t.Errorf("%d acknowledged placements are lost", v.lost)
			}
		})
	}
}
