package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// patience is how long a case waits for what must come.
const patience = 10 * time.Second

// eventCases hold the events of a store that can be followed.
func eventCases() []testCase {
	return []testCase{
		{"every change is one event, in order", eventsInOrder},
		{"refusals and replays are no events", noEvents},
		{"a follower sees what happens after an event", followsAfter},
		{"a follower sees what happens while it waits", followsLive},
		{"a follower stops at its own error", followerFails},
		{"the events make the ledger again", eventsReplay},
	}
}

var errEnough = errors.New("enough")

// follow returns n events after an ID.
func (b *bench) follow(after engine.EventID, n int) []engine.Event {
	b.Helper()
	follower, ok := b.store.(engine.Follower)
	if !ok {
		b.Skip("the store can't be followed")
	}
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	var events []engine.Event
	err := follower.Follow(ctx, b.scope, after, func(e engine.Event) error {
		events = append(events, e)
		if len(events) == n {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		b.Fatalf("Follow: %d events, %v, want %d", len(events), err, n)
	}
	return events
}

// play makes one event of each kind, 1-1 to 1-7.
func (b *bench) play() {
	b.Helper()
	b.publish(nil)
	b.do(
		b.ask(engine.Place, "a", 5), b.ask(engine.Reserve, "b", 2), b.ask(engine.Place, "z", 999),
		b.about(engine.Remove, "c", "a", 1),
	)
	b.shut("relevel")
	b.relevel(map[engine.ID][]engine.Level{"ant:a": {engine.CityLevel}})
	b.draw(b.pool(10), "1", 7, 7)
	b.at(time.Hour)
	b.sweep(1, 0)
	b.publish(nil)
}

func eventsInOrder(b *bench) {
	b.play()
	later := dawn + 3_600_000
	want := []engine.Event{
		{Kind: engine.Published, Time: dawn, Epoch: 1, Plan: "plan-1"},
		{Kind: engine.Asked, Time: dawn},
		{Kind: engine.Shut, Time: dawn, Reason: "relevel"},
		{Kind: engine.Releveled, Time: dawn},
		{Kind: engine.Drawn, Time: dawn, Level: engine.PoolLevel("nation-" + b.scope.City), N: 7},
		{Kind: engine.Swept, Time: later},
		{Kind: engine.Published, Time: later, Epoch: 2, Plan: "plan-2"},
	}
	ids := [][]engine.ID{1: {"ant:b", "ant:a", "ant:c"}, 3: {"ant:a"}, 5: {"ant:b"}, 6: nil}
	got := b.follow(engine.EventID{}, len(want))
	for i := range want {
		want[i].ID = engine.EventID{Gen: 1, Seq: int64(i + 1)}
		var changed []engine.ID
		for _, c := range got[i].Changes {
			changed = append(changed, c.ID)
		}
		if diff := cmp.Diff(ids[i], changed); diff != "" {
			b.Errorf("changes of event %d (-want +got):\n%s", i+1, diff)
		}
		got[i].Changes = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("events (-want +got):\n%s", diff)
	}
}

func noEvents(b *bench) {
	b.publish(nil)
	a := b.ask(engine.Place, "a", 5)
	b.yes(a)
	b.do(a, b.ask(engine.Place, "z", 999), b.about(engine.Commit, "c", "a", 0))
	b.sweep(0, 0)
	b.relevel(map[engine.ID][]engine.Level{"ant:x": {engine.CityLevel}})
	b.event(2)
	b.yes(b.ask(engine.Place, "b", 5))
	if got := b.follow(engine.EventID{Gen: 1, Seq: 2}, 1); got[0].Changes[0].ID != "ant:b" {
		b.Errorf("event 3 is %+v, want the grant of b", got[0])
	}
}

func followsAfter(b *bench) {
	b.play()
	all := b.follow(engine.EventID{}, 7)
	if diff := cmp.Diff(all[4:], b.follow(all[3].ID, 3)); diff != "" {
		b.Errorf("events after 1-4 (-all +followed):\n%s", diff)
	}
}

func followsLive(b *bench) {
	follower, ok := b.store.(engine.Follower)
	if !ok {
		b.Skip("the store can't be followed")
	}
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	seen := make(chan engine.EventID)
	done := make(chan error, 1)
	go func() {
		done <- follower.Follow(ctx, b.scope, engine.EventID{}, func(e engine.Event) error {
			select {
			case seen <- e.ID:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	b.publish(nil)
	for seq := int64(1); seq <= 20; seq++ {
		select {
		case got := <-seen:
			if want := (engine.EventID{Gen: 1, Seq: seq}); got != want {
				b.Fatalf("followed %s, want %s", got, want)
			}
		case err := <-done:
			b.Fatalf("Follow ended before event %d: %v", seq, err)
		}
		b.yes(b.ask(engine.Place, time.Duration(seq).String(), 1))
	}
	<-seen
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		b.Errorf("Follow after the context ended: %v, want %v", err, context.Canceled)
	}
}

func followerFails(b *bench) {
	b.play()
	if got := b.follow(engine.EventID{}, 2); len(got) != 2 {
		b.Errorf("%d events, want 2", len(got))
	}
}

// eventsReplay replays the events into an empty ledger and compares it with the store's own.
func eventsReplay(b *bench) {
	b.play()
	b.consistent()
}

// ledgerPicture is all there is to see of a ledger.
type ledgerPicture struct {
	Event   engine.EventID
	Shut    string
	Epoch   int64
	Plan    string
	Counts  map[engine.Level]engine.Count
	Records map[engine.ID]engine.Record
	Over    []engine.Level
}

func picture(l *engine.Ledger) ledgerPicture {
	p := ledgerPicture{
		Event: l.Event(), Shut: l.Shut(), Over: l.Over(),
		Counts:  map[engine.Level]engine.Count{},
		Records: map[engine.ID]engine.Record{},
	}
	if caps := l.Caps(); caps != nil {
		p.Epoch, p.Plan = caps.Epoch, caps.Plan
	}
	for _, level := range l.Charged() {
		p.Counts[level], _ = l.Count(level)
	}
	for id, r := range l.Records() {
		p.Records[id] = *r
	}
	return p
}
