package storetest

import (
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stint-city/stint/engine"
)

// testCrowd lets 128 callers ask for 400 places, each key twice: exactly 400 are granted.
func testCrowd(b *bench) {
	const callers, each, places = 128, 8, 400
	b.publish(map[engine.Level]int{
		engine.CityLevel: places, engine.CellLevel(here): 1000,
		engine.DistrictLevel("south"): 1000, engine.OperatorLevel("ant"): 1000,
		engine.CellOperatorLevel(here, "ant"):        1000,
		engine.OperatorDistrictLevel("south", "ant"): 1000,
	})
	var granted, replayed atomic.Int64
	b.crowd(callers, func(caller int) {
		for i := range each {
			a := b.ask(engine.Place, fmt.Sprintf("%d-%d", caller/2, i), 1)
			got, err := b.store.Do(b.Context(), b.scope, b.now, []engine.Ask{a})
			switch {
			case err != nil:
				b.Errorf("Do: %v", err)
			case got[0].Replayed:
				replayed.Add(1)
			case got[0].No == nil:
				granted.Add(1)
			case got[0].No.Rule != engine.RuleCityFull || got[0].No.Room != 0:
				b.Errorf("refused by %+v, want a full city", *got[0].No)
			}
		}
	})
	if granted.Load() != places {
		b.Errorf("%d granted, want %d (%d replayed)", granted.Load(), places, replayed.Load())
	}
	b.takenAll(places, 0)
	b.consistent()
}

// crowd runs callers side by side and waits for them.
func (b *bench) crowd(callers int, call func(caller int)) {
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() { call(caller) })
	}
	all.Wait()
}

// testCrowdAndPlans lets 32 callers reserve, commit, release, remove and move while one of them
// changes the plan, two sweep and leases expire at the edge; afterwards counters, records and
// events agree.
func testCrowdAndPlans(b *bench) {
	b.publish(nil)
	var inForce, clock atomic.Int64
	inForce.Store(b.epoch)
	b.crowd(32, func(caller int) {
		own := *b
		for i := range 20 {
			own.now = dawn.Time().Add(time.Duration(clock.Add(1)) * time.Millisecond)
			switch caller {
			case 0:
				own.publish(map[engine.Level]int{engine.CityLevel: 10 + i%3*20})
				inForce.Store(own.epoch)
			case 1, 2:
				_, err := b.store.Sweep(b.Context(), b.scope, own.now, 24*time.Hour)
				if err != nil {
					b.Errorf("Sweep: %v", err)
				}
			default:
				own.epoch = inForce.Load()
				_, err := b.store.Do(b.Context(), b.scope, own.now, own.life(caller, i))
				if err != nil {
					b.Errorf("Do: %v", err)
				}
			}
		}
	})
	b.consistent()
}

// life returns a few asks of one placement's life.
func (b *bench) life(caller, i int) []engine.Ask {
	key := func(what string) string { return fmt.Sprintf("%s-%d-%d", what, caller, i) }
	held := b.ask(engine.Reserve, key("h"), 1+i%3)
	held.Expires = engine.MillisOf(b.now) + engine.Millis(1+i%2*200)
	placed := b.ask(engine.Place, key("p"), 1)
	return []engine.Ask{
		held, placed, b.about(engine.Commit, key("c"), key("h"), 1),
		b.moveTo(there, key("m"), key("p"), 0), placed,
		b.about(engine.Remove, key("r"), key("h"), 0),
		b.about(engine.Release, key("l"), key("h"), 0),
		b.about(engine.Remove, key("s"), key("m"), 0),
	}[:3+(caller+i)%6]
}

// consistent wants the counters to be what the records charge, and the events to make the same
// ledger again.
func (b *bench) consistent() {
	b.Helper()
	var last engine.EventID
	b.read(func(l *engine.Ledger) {
		last = l.Event()
		for _, d := range l.Miscounts() {
			b.Errorf("counters and records: %s", d)
		}
	})
	var again engine.Ledger
	events := b.follow(engine.EventID{}, int(last.Seq))
	err := again.Replay(each(events), func(epoch int64) *engine.Caps {
		return &engine.Caps{Epoch: epoch, Plan: planOf(epoch)}
	})
	if err != nil {
		b.Error(err)
	}
	b.read(func(l *engine.Ledger) {
		for _, d := range l.Differences(&again) {
			b.Errorf("the ledger and its events: %s", d)
		}
	})
}

// each yields events without an error.
func each(events []engine.Event) iter.Seq2[engine.Event, error] {
	return func(yield func(engine.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}
