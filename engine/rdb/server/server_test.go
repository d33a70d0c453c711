package server_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine/rdb/server"
)

// start starts a server for a test, which is skipped where there is none on PATH.
func start(t *testing.T, o server.Options) *server.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
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
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// client connects to a server.
func client(t *testing.T, s *server.Server) *redis.Client {
	t.Helper()
	network := "tcp"
	if strings.HasPrefix(s.URL(), "unix://") {
		network = "unix"
	}
	c := redis.NewClient(&redis.Options{Network: network, Addr: s.Addr(), MaxRetries: -1})
	t.Cleanup(func() { c.Close() })
	return c
}

func TestAServerKeepsWhatItAcknowledged(t *testing.T) {
	tests := map[string]struct {
		options server.Options
		end     func(*server.Server) error
	}{
		"through a clean stop, on a socket": {
			server.Options{}, func(s *server.Server) error { return s.Stop(context.Background()) },
		},
		"through kill -9 under always, on a port": {
			server.Options{TCP: true, AppendFsync: "always"}, (*server.Server).Kill,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, tt.options)
			c := client(t, s)
			if err := c.Set(t.Context(), "a", "1", 0).Err(); err != nil {
				t.Fatal(err)
			}
			if err := tt.end(s); err != nil {
				t.Fatal(err)
			}
			<-s.Done()
			if err := c.Get(t.Context(), "a").Err(); err == nil {
				t.Fatal("a server that has ended answers")
			}
			if err := s.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := c.Get(t.Context(), "a").Result()
			if err != nil || got != "1" {
				t.Fatalf("after the restart a = %q, %v; want 1", got, err)
			}
		})
	}
}

func TestAPausedServerAnswersAfterResume(t *testing.T) {
	s := start(t, server.Options{})
	c := client(t, s)
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := c.Ping(ctx).Err(); err == nil {
		t.Fatal("a paused server answers")
	}
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	if err := c.Ping(t.Context()).Err(); err != nil {
		t.Fatalf("after Resume: %v", err)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	if _, err := server.Program(); err != nil {
		t.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/appendonlydir", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := server.Start(t.Context(), server.Options{Dir: dir})
	if !errors.Is(err, server.ErrNotReady) {
		t.Fatalf("Start = %v, want ErrNotReady", err)
	}
}

func TestWithoutAProgramThereIsNoServer(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := server.Start(t.Context(), server.Options{Dir: t.TempDir()})
	if !errors.Is(err, server.ErrNoServer) {
		t.Fatalf("Start = %v, want ErrNoServer", err)
	}
}

func TestAClusterServesEverySlot(t *testing.T) {
	if _, err := server.Program(); err != nil {
		t.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cluster, err := server.StartCluster(ctx, server.Options{Dir: t.TempDir()}, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cluster.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	addrs := strings.Split(strings.TrimPrefix(cluster.URL(), "redis+cluster://"), ",")
	if len(addrs) != 6 {
		t.Fatalf("URL has %d nodes, want 6", len(addrs))
	}
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs})
	defer c.Close()
	for _, key := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		if err := c.Set(ctx, key, 1, 0).Err(); err != nil {
			t.Fatalf("set %s: %v", key, err)
		}
	}
}
