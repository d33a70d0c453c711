package mem

import (
	"context"
	"fmt"
	"sort"

	"github.com/stint-city/stint/engine"
)

// kept is how many events of a scope can still be followed.
const kept = 100_000

// atOnce is how many events a follower takes under the lock.
const atOnce = 512

// ring keeps the last events of a scope, oldest first from start.
type ring struct {
	events []engine.Event
	start  int
	lost   engine.EventID // the last event that is no longer kept
}

// add keeps an event, in place of the oldest where there are enough.
func (r *ring) add(e engine.Event) {
	if len(r.events) < kept {
		r.events = append(r.events, e)
		return
	}
	r.lost = r.events[r.start].ID
	r.events[r.start] = e
	r.start = (r.start + 1) % kept
}

// at returns the i-th event kept, the oldest for 0.
func (r *ring) at(i int) *engine.Event { return &r.events[(r.start+i)%len(r.events)] }

// after returns up to limit events after an ID. ok is false where some of them are lost.
func (r *ring) after(id engine.EventID, limit int) (events []engine.Event, ok bool) {
	if r.lost.After(id) {
		return nil, false
	}
	first := sort.Search(len(r.events), func(i int) bool { return r.at(i).ID.After(id) })
	for i := first; i < min(len(r.events), first+limit); i++ {
		events = append(events, *r.at(i))
	}
	return events, true
}

// Follow calls each with every event after an ID, in order. The last 100,000 events are kept; an
// older ID gives engine.ErrNotFound. It returns the error of each, or of ctx when that ends.
func (s *Store) Follow(
	ctx context.Context, scope engine.Scope, after engine.EventID,
	each func(engine.Event) error,
) error {
	l := s.ledger(scope)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		events, wake, ok := l.next(after)
		if !ok {
			return fmt.Errorf("events of %s after %s: %w", scope, after, engine.ErrNotFound)
		}
		for i := range events {
			if err := each(events[i]); err != nil {
				return err
			}
			after = events[i].ID
		}
		if wake == nil {
			continue
		}
		select {
		case <-wake:
		case <-ctx.Done():
		}
	}
}

// next returns some events after an ID, or else a channel that is closed when there is one. ok is
// false where some of them are no longer kept.
func (l *ledger) next(id engine.EventID) (events []engine.Event, wake <-chan struct{}, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	events, ok = l.events.after(id, atOnce)
	if !ok || len(events) > 0 {
		return events, nil, ok
	}
	if l.wake == nil {
		l.wake = make(chan struct{})
	}
	return nil, l.wake, true
}
