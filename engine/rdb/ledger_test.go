package rdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/geo"
)

// quay is a cell with one ask's usual levels.
const quay = geo.Cell(0x8941a54f4a7ffff)

// quayCaps are caps for one operator in one cell.
func quayCaps(s engine.Scope, epoch int64, n int) *engine.Caps {
	caps := &engine.Caps{Scope: s, Epoch: epoch, Plan: "plan", Cap: map[engine.Level]int{}}
	for _, level := range quayLevels() {
		caps.Cap[level] = n
	}
	return caps
}

func quayLevels() []engine.Level {
	return []engine.Level{engine.CellLevel(quay), engine.OperatorLevel("ant"), engine.CityLevel}
}

func quayAsk(key string, n int) engine.Ask {
	return engine.Ask{
		Verb: engine.Place, ID: engine.NewID("ant", key), Print: key, N: n, Cell: quay,
		Levels: quayLevels(), Epoch: 1,
	}
}

// openQuay opens a store with room for n at the quay.
func openQuay(t *testing.T, o server.Options, with Options, n int) (*Store, *server.Server) {
	t.Helper()
	s := startServer(t, o)
	store := openStoreAt(t, s.URL(), with)
	if err := store.Publish(t.Context(), quayCaps(bikes, 1, n), noon); err != nil {
		t.Fatal(err)
	}
	return store, s
}

func TestAnAskThatWasNotSentIsDroppedWithItsContext(t *testing.T) {
	store, s := openQuay(t, server.Options{}, Options{Timeout: 10 * time.Second}, 100)
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	// So many are on their way that the next one waits.
	var group sync.WaitGroup
	for i := range workersPerScope {
		group.Go(func() {
			_, err := store.Do(context.Background(), bikes, noon,
				[]engine.Ask{quayAsk(fmt.Sprint("sent", i), 1)})
			if err != nil {
				t.Error(err)
			}
		})
		until(t, "a batch is on its way", func() bool {
			q, _ := store.queueOf(bikes)
			q.mu.Lock()
			defer q.mu.Unlock()
			return q.workers == i+1 && len(q.calls) == 0
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := store.Do(ctx, bikes, noon, []engine.Ask{quayAsk("dropped", 1)})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, engine.ErrUnknownOutcome) {
		t.Errorf("an ask still in the queue: %v, want only the context's error", err)
	}
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	err = store.Read(t.Context(), bikes, func(l *engine.Ledger) {
		if c, _ := l.Count(engine.CityLevel); c.Standing != workersPerScope {
			t.Errorf("%d stand, want %d", c.Standing, workersPerScope)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAnAskThatWasSentAndNotAnsweredIsAnUnknownOutcome(t *testing.T) {
	store, s := openQuay(t, server.Options{}, Options{Timeout: 200 * time.Millisecond}, 100)
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	asks := []engine.Ask{quayAsk("a", 1)}
	if _, err := store.Do(ctx, bikes, noon, asks); !errors.Is(err, engine.ErrUnknownOutcome) {
		t.Errorf("the context ended: %v, want ErrUnknownOutcome", err)
	}
	_, err := store.Do(t.Context(), bikes, noon, []engine.Ask{quayAsk("b", 1)})
	if !errors.Is(err, engine.ErrUnknownOutcome) {
		t.Errorf("Redis was silent: %v, want ErrUnknownOutcome", err)
	}
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	until(t, "the same key is answered", func() bool {
		answers, err := store.Do(t.Context(), bikes, noon, asks)
		return err == nil && answers[0].No == nil
	})
}

func TestNothingHappensWhereNoServerListens(t *testing.T) {
	store, s := openQuay(t, server.Options{}, Options{}, 100)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	until(t, "the connections are seen to be gone", func() bool {
		_, err := store.Do(t.Context(), bikes, noon, []engine.Ask{quayAsk("a", 1)})
		return errors.Is(err, engine.ErrUnavailable) && !errors.Is(err, engine.ErrUnknownOutcome)
	})
}

func TestAfterARestartNothingIsGrantedUntilItIsReconciled(t *testing.T) {
	store, s := openQuay(t, server.Options{}, Options{}, 100)
	first, err := store.Do(t.Context(), bikes, noon, []engine.Ask{quayAsk("a", 1)})
	if err != nil || first[0].No != nil {
		t.Fatal(first, err)
	}
	// As if the ledger had been opened on another server, and nobody were there to reconcile it.
	key := ledgerKey(bikes, "plan")
	other := rawClient(t, s.URL())
	other.HSet(t.Context(), key, "replid", strings.Repeat("0", 40))
	store.close()
	asks := []engine.Ask{quayAsk("a", 1), quayAsk("b", 1)}
	got, err := store.Do(t.Context(), bikes, noon, asks)
	if err != nil || got[0].No != nil || !got[0].Replayed {
		t.Errorf("a key answered before: %+v, %v, want its first answer", got, err)
	}
	if err == nil && (got[1].No == nil || got[1].No.Rule != engine.RuleShut) {
		t.Errorf("a new ask: %+v, want it refused: %s", got[1], engine.RuleShut)
	}
	remove := engine.Ask{Verb: engine.Remove, ID: "ant:r", Print: "r", Placement: "ant:a"}
	_, err = store.Do(t.Context(), bikes, noon, []engine.Ask{remove})
	if !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("a removal: %v, want ErrUnavailable", err)
	}
	if _, err := store.Sweep(t.Context(), bikes, noon, 0); err != nil {
		t.Errorf("a sweep of nothing: %v", err)
	}
}

func TestACallMayHaveMoreAsksThanOneStep(t *testing.T) {
	store, _ := openQuay(t, server.Options{}, Options{}, 2500)
	asks := make([]engine.Ask, 2*largestCall+600)
	for i := range asks {
		asks[i] = quayAsk(fmt.Sprint(i), 1)
	}
	answers, err := store.Do(t.Context(), bikes, noon, asks)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range answers {
		if granted := a.No == nil; a.ID != asks[i].ID || granted != (i < 2500) {
			t.Fatalf("answer %d of %s: granted %t", i, a.ID, granted)
		}
	}
}

func TestASpecHoldsWhatAnAskMayName(t *testing.T) {
	store, _ := openQuay(t, server.Options{}, Options{}, 100)
	asks := make([]engine.Ask, largestCall)
	for i := range asks { // as many epochs, lists of leases and levels as asks
		asks[i] = quayAsk(fmt.Sprint(i), 1)
		asks[i].Verb, asks[i].Expires = engine.Reserve, engine.MillisOf(noon)+engine.Millis(i*1000+1)
		asks[i].Epoch = int64(i + 1)
		asks[i].Levels = []engine.Level{engine.ZoneLevel(fmt.Sprint(i)), engine.CityLevel}
	}
	answers, err := store.Do(t.Context(), bikes, noon, asks)
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Denial{Rule: engine.RuleNoQuota, Level: engine.ZoneLevel("0")}
	if got := answers[0].No; got == nil || *got != want {
		t.Errorf("the epoch in force: %+v, want %+v", got, want)
	}
	for i, a := range answers[1:] {
		if a.No == nil || a.No.Rule != engine.RuleStale {
			t.Fatalf("epoch %d: %+v, want %s", i+2, a, engine.RuleStale)
		}
	}
	for _, a := range []engine.Ask{quayAsk("x", -1), quayAsk("x|y", 1), {Verb: "take", ID: "ant:z"}} {
		if _, err := store.Do(t.Context(), bikes, noon, []engine.Ask{a}); !errors.Is(err, errAsk) {
			t.Errorf("an ask that can't be kept, %q: %v", a.ID, err)
		}
	}
}

func TestAStoreOfAnotherVersionIsLeftAlone(t *testing.T) {
	s := startServer(t, server.Options{})
	client := rawClient(t, s.URL())
	client.Set(t.Context(), versionKey, "2", 0)
	if _, err := Open(t.Context(), s.URL(), Options{}); !errors.Is(err, ErrVersion) {
		t.Errorf("Open of a newer store: %v, want ErrVersion", err)
	}
	if got := client.Get(t.Context(), versionKey).Val(); got != "2" {
		t.Errorf("the version is now %q", got)
	}
}

func TestAnAnswerWaitsForReplicas(t *testing.T) {
	main := startServer(t, server.Options{TCP: true})
	replica := startServer(t, server.Options{TCP: true, ReplicaOf: main.Addr()})
	until(t, "the replica follows", func() bool {
		text := rawClient(t, replica.URL()).Info(t.Context(), "replication").Val()
		return strings.Contains(text, "master_link_status:up")
	})
	store := openStoreAt(t, main.URL(), Options{Wait: 1, Timeout: 2 * time.Second})
	if err := store.Publish(t.Context(), quayCaps(bikes, 1, 10), noon); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Do(t.Context(), bikes, noon, []engine.Ask{quayAsk("a", 1)}); err != nil {
		t.Fatal(err)
	}
	got := rawClient(t, replica.URL()).HGet(t.Context(), ledgerKey(bikes, "taken"), "city").Val()
	if got != "1" {
		t.Errorf("the replica has %q taken in the city, want 1", got)
	}
	if err := replica.Pause(); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"b", "a"} { // a new one, and one told again
		_, err := store.Do(t.Context(), bikes, noon, []engine.Ask{quayAsk(key, 1)})
		if !errors.Is(err, engine.ErrUnknownOutcome) {
			t.Errorf("%s without a replica: %v, want ErrUnknownOutcome", key, err)
		}
	}
	if err := replica.Resume(); err != nil {
		t.Fatal(err)
	}
}

func TestConnect(t *testing.T) {
	tests := map[string]struct {
		address string
		addrs   []string // nil: refused
		secure  bool
	}{
		"a server":              {"redis://u:p@h:7/2", []string{"h:7"}, false},
		"a server by TLS":       {"rediss://h", []string{"h:6379"}, true},
		"a socket":              {"unix:///run/s.sock", []string{"/run/s.sock"}, false},
		"a cluster":             {"redis+cluster://a:1,b:2", []string{"a:1", "b:2"}, false},
		"a cluster's port":      {"redis+cluster://a,[::1]", []string{"a:6379", "[::1]:6379"}, false},
		"a cluster by TLS":      {"rediss+cluster://u:p%40@a", []string{"a:6379"}, true},
		"an unknown kind":       {"http://a", nil, false},
		"no kind":               {"a:6379", nil, false},
		"a cluster of none":     {"redis+cluster://", nil, false},
		"sentinels of nobody":   {"redis+sentinel://a,b", nil, false},
		"a server with no port": {"redis://h:port", nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, err := connect(tt.address, Options{Timeout: time.Second})
			if tt.addrs == nil {
				if !errors.Is(err, ErrURL) {
					t.Errorf("connect(%q) = %v, want ErrURL", tt.address, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Close() }()
			var addrs []string
			secure := false
			switch c := client.(type) {
			case *redis.Client:
				addrs, secure = []string{c.Options().Addr}, c.Options().TLSConfig != nil
			case *redis.ClusterClient:
				addrs, secure = c.Options().Addrs, c.Options().TLSConfig != nil
			}
			slices.Sort(addrs)
			slices.Sort(tt.addrs)
			if !slices.Equal(addrs, tt.addrs) || secure != tt.secure {
				t.Errorf("connect(%q) = %v, TLS %t, want %v, %t", tt.address, addrs, secure,
					tt.addrs, tt.secure)
			}
		})
	}
	_, err := connect("redis://:secret@h:port", Options{})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
}
