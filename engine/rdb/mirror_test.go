package rdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/geo"
)

// happen makes an event as the ledger's scripts do, without their checks.
const happen = `
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
redis.call('HSETNX', KEYS[1], 'gen', 1)
redis.call('HSETNX', KEYS[1], 'replid', server)
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local id = redis.call('HGET', KEYS[1], 'gen') .. '-' .. seq
redis.call('XADD', KEYS[3], id, 'k', 'asked', 't', '1', unpack(ARGV))
for i = 1, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[2], ARGV[i])
  else redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
end
return id`

// stood is a record of n vehicles that stand in the city.
func stood(n int) engine.Record {
	cell, err := geo.ParseCell("8928308280fffff")
	if err != nil {
		panic(err)
	}
	return engine.Record{
		Verb: engine.Place, State: engine.Standing, N: n, First: n, Since: 1, Epoch: 1, Print: "p",
		Cell:   cell,
		Levels: []engine.Level{engine.CityLevel},
	}
}

// change makes an event in which records change; n = 0 forgets one.
func change(t testing.TB, r *rest, pairs map[string]int) engine.EventID {
	t.Helper()
	var args []any
	for id, n := range pairs {
		text := ""
		if n > 0 {
			text = stood(n).String()
		}
		args = append(args, id, text)
	}
	keys := []string{ledgerKey(bikes, "plan"), ledgerKey(bikes, "rec"), ledgerKey(bikes, "ev")}
	text, err := redis.NewScript(happen).Run(context.Background(), r.client, keys, args...).Text()
	if err != nil {
		t.Fatal(err)
	}
	id, err := engine.ParseEventID(text)
	if err != nil {
		t.Fatal(err)
	}
	r.noteEvent(bikes, id)
	return id
}

// standingNow returns what the mirror says stands in the city.
func standingNow(t testing.TB, r *rest) (n int) {
	t.Helper()
	err := r.Read(t.Context(), bikes, func(l *engine.Ledger) {
		c, _ := l.Count(engine.CityLevel)
		n = c.Standing
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestReadIsNoOlderThanTheLastAnswer(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	want := 0
	for i := range 300 {
		change(t, r, map[string]int{fmt.Sprint("ab:", i): i + 1})
		if want += i + 1; i == 0 || i > 250 {
			if got := standingNow(t, r); got != want {
				t.Fatalf("after %d placements %d stand, want %d", i+1, got, want)
			}
		}
	}
	change(t, r, map[string]int{"ab:0": 0, "ab:1": 5}) // 1 forgotten, 2 made 5
	if got := standingNow(t, r); got != want+2 {
		t.Errorf("after a change %d stand, want %d", got, want+2)
	}
}

func TestAMirrorThatTheStreamHasLeftBehindReadsTheLedgerAnew(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	for i := range 1200 {
		change(t, r, map[string]int{fmt.Sprint("ab:", i): 1})
	}
	r.client.XTrimMaxLen(t.Context(), ledgerKey(bikes, "ev"), 3)
	if got := standingNow(t, r); got != 1200 {
		t.Errorf("%d stand, want 1200", got)
	}
}

func TestFollowTellsEachEventOnceAndInOrder(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	for i := range 600 {
		change(t, r, map[string]int{fmt.Sprint("ab:", i): 1})
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var got []engine.EventID
	err := r.Follow(ctx, bikes, engine.EventID{Gen: 1, Seq: 10}, func(e engine.Event) error {
		if got = append(got, e.ID); e.ID.Seq == 600 {
			change(t, r, map[string]int{"ab:0": 2})
		}
		if e.ID.Seq == 601 {
			stop()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || len(got) != 591 {
		t.Fatalf("Follow told %d events, %v; want 591", len(got), err)
	}
	for i, id := range got {
		if id.Seq != int64(11+i) {
			t.Fatalf("event %d is %s", i, id)
		}
	}
}

func TestFollowSaysWhenEventsAreGone(t *testing.T) {
	r := openRest(t, startServer(t, server.Options{}), "")
	for i := range 20 {
		change(t, r, map[string]int{fmt.Sprint("ab:", i): 1})
	}
	r.client.XTrimMaxLen(t.Context(), ledgerKey(bikes, "ev"), 5)
	for _, after := range []engine.EventID{{}, {Gen: 1, Seq: 3}, {Gen: 1, Seq: 99}} {
		err := r.Follow(t.Context(), bikes, after, func(engine.Event) error { return nil })
		if !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("Follow after %s = %v, want ErrNotFound", after, err)
		}
	}
}

// archivedEvents waits until the archive has so many events and returns their IDs.
func archivedEvents(t *testing.T, root string, want int) (ids []engine.EventID) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		ids = nil
		err := ReadArchive(root, bikes, engine.EventID{}, func(e engine.Event) error {
			ids = append(ids, e.ID)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) >= want {
			return ids
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("the archive has %d events, want %d", len(ids), want)
		}
	}
}

func TestOneOfTwoStoresArchivesEveryEventOnce(t *testing.T) {
	s, root := startServer(t, server.Options{}), t.TempDir()
	a, b := openRest(t, s, root), openRest(t, s, root)
	a.of(bikes).start()
	b.of(bikes).start()
	for i := range 700 {
		change(t, a, map[string]int{fmt.Sprint("ab:", i): 1})
	}
	ids := archivedEvents(t, root, 700)
	for i, id := range ids {
		if want := (engine.EventID{Gen: 1, Seq: int64(i + 1)}); id != want {
			t.Fatalf("archived event %d is %s", i, id)
		}
	}
	groups := a.client.XInfoGroups(t.Context(), ledgerKey(bikes, "ev")).Val()
	if len(groups) != 1 || groups[0].Name != "archive" {
		t.Errorf("groups of the stream: %v", groups)
	}
}

func TestAnArchiveGoesOnAfterACrashInTheMiddleOfALine(t *testing.T) {
	root := t.TempDir()
	event := func(seq int64) engine.Event {
		return engine.Event{ID: engine.EventID{Gen: 1, Seq: seq}, Kind: engine.Shut, Reason: "x"}
	}
	a, err := openArchive(root, bikes)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.add([]engine.Event{event(1), event(2)}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.file.WriteString(`{"prev":"`); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	if a, err = openArchive(root, bikes); err != nil {
		t.Fatal(err)
	}
	if err := a.add([]engine.Event{event(2), event(3)}); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	if ids := archivedEvents(t, root, 3); len(ids) != 3 {
		t.Errorf("archived %v, want 3 events", ids)
	}
}

func TestAnArchiveShowsWhatWasDoneToIt(t *testing.T) {
	tests := map[string]func([]string) []string{
		"a changed event": func(l []string) []string {
			l[1] = strings.Replace(l[1], "b", "c", 1)
			return l
		},
		"a missing event":   func(l []string) []string { return append(l[:1], l[2]) },
		"a missing first":   func(l []string) []string { return l[1:] },
		"a reordered event": func(l []string) []string { l[0], l[1] = l[1], l[0]; return l },
		"no line at all":    func(l []string) []string { l[1] = "x"; return l },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			a, err := openArchive(root, bikes)
			if err != nil {
				t.Fatal(err)
			}
			for i, reason := range []string{"a", "b", "c"} {
				id := engine.EventID{Gen: 1, Seq: int64(i + 1)}
				e := engine.Event{ID: id, Kind: engine.Shut, Reason: reason}
				if err := a.add([]engine.Event{e}); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.close(); err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(archiveFolder(root, bikes), "1-1.jsonl")
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			lines := spoil(strings.Split(strings.TrimSpace(string(data)), "\n"))
			err = os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
			if err != nil {
				t.Fatal(err)
			}
			err = ReadArchive(root, bikes, engine.EventID{}, func(engine.Event) error { return nil })
			if !errors.Is(err, engine.ErrChain) {
				t.Errorf("ReadArchive = %v, want ErrChain", err)
			}
		})
	}
}

func TestAScopeCannotLeadOutOfTheArchive(t *testing.T) {
	got := archiveFolder("/a", engine.Scope{City: "../..", Sector: "x/../y"})
	if diff := cmp.Diff("/a/%2E%2E%2F%2E%2E/x%2F%2E%2E%2Fy", got); diff != "" {
		t.Error(diff)
	}
}

// FuzzDecodeEvents: no reply makes the decoder panic, and what it reads has an ID.
func FuzzDecodeEvents(f *testing.F) {
	f.Add(`[["1-2",["k","asked","t","5","ab:1","` + stood(1).String() + `"]]]`)
	f.Add(`[["1-2",["k","drawn","t","5","l","p:x","n","7"]],["1-3",["k","published","e","2"]]]`)
	f.Add(`[[1,2],["x"],[]]`)
	f.Fuzz(func(t *testing.T, text string) {
		var reply []any
		if json.Unmarshal([]byte(text), &reply) != nil {
			return
		}
		events, err := decodeEvents(reply)
		if err != nil {
			return
		}
		for i := range events {
			if _, err := engine.ParseEventID(events[i].ID.String()); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestHealthSaysWhatIsWrong(t *testing.T) {
	s := startServer(t, server.Options{})
	r := openRest(t, s, "")
	change(t, r, map[string]int{"ab:1": 1})
	standingNow(t, r)
	if err := r.Health(t.Context()); err != nil {
		t.Errorf("Health of a Store at work: %v", err)
	}
	err := r.of(bikes).behind(t.Context(), engine.EventID{Gen: 1, Seq: 9})
	if !errors.Is(err, errAhead) {
		t.Errorf("an archive at 1-9 of a ledger at 1-1: %v, want errAhead", err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := r.Health(t.Context()); !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("Health without a server: %v, want ErrUnavailable", err)
	}
}
