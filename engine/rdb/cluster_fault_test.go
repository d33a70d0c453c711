package rdb

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
)

// startCluster starts three masters with replicas, or skips the test where there is no server.
func startCluster(t *testing.T, replicas int) *server.Cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("real servers and seconds")
	}
	if _, err := server.Program(); err != nil {
		t.Skip("SKIPPED: no redis-server or valkey-server on PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	o := server.Options{Dir: t.TempDir(), NodeTimeout: time.Second}
	c, err := server.StartCluster(ctx, o, 3, replicas)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, c.Stop) })
	return c
}

// ownerOf returns the slot of a scope and which master has it.
func ownerOf(t *testing.T, client redis.UniversalClient, s engine.Scope) (slot, master int) {
	t.Helper()
	n, err := client.ClusterKeySlot(t.Context(), "stint:{"+s.String()+"}:plan").Result()
	if err != nil {
		t.Fatal(err)
	}
	for master = range 3 {
		if int(n) < (master+1)*16384/3 {
			break
		}
	}
	return int(n), master
}

// until waits for something, at most half a minute.
func until(t *testing.T, what string, ready func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !ready() {
		if ctx.Err() != nil {
			t.Fatalf("waited in vain: %s", what)
		}
		pause(ctx, 20*time.Millisecond)
	}
}

// node connects to one node.
func node(t *testing.T, s *server.Server) *redis.Client {
	client := redis.NewClient(&redis.Options{Addr: s.Addr(), MaxRetries: -1})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestNoCapIsExceededWhenAReplicaTakesOver(t *testing.T) {
	cluster := startCluster(t, 1)
	archive := t.TempDir()
	store, client := openStore(t, cluster.URL(), archive), rawClient(t, cluster.URL())
	h := startHammer(t, store, engine.Scope{City: "xiamen", Sector: "bike"}, 32)
	if err := store.Read(t.Context(), h.scope, func(*engine.Ledger) {}); err != nil {
		t.Fatal(err)
	}
	pause(t.Context(), time.Second)
	_, master := ownerOf(t, client, h.scope)
	if err := cluster.Masters[master].Kill(); err != nil {
		t.Fatal(err)
	}
	replica := node(t, cluster.Replicas[master])
	until(t, "the replica takes over", func() bool {
		return strings.Contains(replica.Info(t.Context(), "replication").Val(), "role:master")
	})
	before := h.yes.Load()
	until(t, "asks are granted again", func() bool { return h.yes.Load() > before+100 })
	h.finish()
	v := h.judge(t, client, archive)
	t.Logf("%d yes, %d no, %d asked again, %d stand, %d lost",
		h.yes.Load(), h.no.Load(), h.unknown.Load(), len(h.stands), v.lost)
}

func TestNoCapIsExceededWhileASlotMoves(t *testing.T) {
	cluster := startCluster(t, 0)
	archive := t.TempDir()
	store, client := openStore(t, cluster.URL(), archive), rawClient(t, cluster.URL())
	h := startHammer(t, store, engine.Scope{City: "xiamen", Sector: "bike"}, 32)
	if err := store.Read(t.Context(), h.scope, func(*engine.Ledger) {}); err != nil {
		t.Fatal(err)
	}
	pause(t.Context(), 500*time.Millisecond)
	slot, from := ownerOf(t, client, h.scope)
	moveSlot(t, cluster, slot, from, (from+1)%3)
	before := h.yes.Load()
	until(t, "asks are granted again", func() bool { return h.yes.Load() > before+100 })
	h.finish()
	v := h.judge(t, client, archive)
	t.Logf("%d yes, %d no, %d asked again, %d stand, %d lost",
		h.yes.Load(), h.no.Load(), h.unknown.Load(), len(h.stands), v.lost)
	if v.lost > 0 {
		t.Errorf("%d acknowledged placements are lost", v.lost)
	}
}

// moveSlot moves a slot from one master to another, key by key with pauses between, as
// redis-cli --cluster reshard does.
func moveSlot(t *testing.T, c *server.Cluster, slot, from, to int) {
	t.Helper()
	ctx := t.Context()
	source, target := node(t, c.Masters[from]), node(t, c.Masters[to])
	id := func(n *redis.Client) string { return n.Do(ctx, "CLUSTER", "MYID").Val().(string) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(target.Do(ctx, "CLUSTER", "SETSLOT", slot, "IMPORTING", id(source)).Err())
	must(source.Do(ctx, "CLUSTER", "SETSLOT", slot, "MIGRATING", id(target)).Err())
	host, port, err := net.SplitHostPort(c.Masters[to].Addr())
	must(err)
	for {
		keys, err := source.ClusterGetKeysInSlot(ctx, slot, 1).Result()
		must(err)
		if len(keys) == 0 {
			break
		}
		must(source.Do(ctx, "MIGRATE", host, port, keys[0], 0, 5000).Err())
		pause(ctx, 20*time.Millisecond)
	}
	for _, n := range []*redis.Client{target, source, node(t, c.Masters[3-from-to])} {
		must(n.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", id(target)).Err())
	}
}
