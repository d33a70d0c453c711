package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// testRandom plays random sequences to the store and to an engine.Ledger side by side: every answer
// and, at the end, everything there is to see must be the same.
func testRandom(t *testing.T, store engine.Store) {
	t.Run("every answer is the ledger's", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			p := &pair{
				T: r, test: t, store: store, scope: newScope(), now: dawn.Time(),
				caps: map[int64]*engine.Caps{}, drawnAt: map[string]int{},
			}
			p.pool = "pool-" + p.scope.City
			for range rapid.IntRange(5, 40).Draw(r, "operations") {
				p.step()
			}
			p.same()
		})
	})
}

// pair is a store and the ledger that it must equal.
type pair struct {
	*rapid.T
	test    *testing.T
	store   engine.Store
	ledger  engine.Ledger
	scope   engine.Scope
	now     time.Time
	caps    map[int64]*engine.Caps
	epoch   int64
	pool    string
	limit   int            // of the pool
	drawnAt map[string]int // what each transfer came to
	events  []engine.Event
	retries []engine.Ask
	keys    int
	made    []engine.ID // placements granted
}

// step does one operation on both.
func (p *pair) step() {
	if len(p.events) == 0 || p.ledger.Shut() != "" && pick(p, "open", true, false) {
		p.publish()
	}
	switch rapid.IntRange(0, 13).Draw(p.T, "operation") {
	case 0:
		p.publish()
	case 1:
		p.shut()
	case 2:
		p.relevel()
	case 3:
		p.sweep()
	case 4:
		p.transfer()
	default:
		p.ask()
	}
	if rapid.IntRange(0, 3).Draw(p.T, "time passes") == 0 {
		p.now = p.now.Add(rapid.SampledFrom([]time.Duration{
			time.Millisecond, 749 * time.Millisecond, time.Second, time.Minute, 25 * time.Hour,
			-time.Second,
		}).Draw(p.T, "so long"))
	}
}

// happened keeps what the ledger's side made of an operation.
func (p *pair) happened(e engine.Event) {
	if e.Kind != "" {
		p.events = append(p.events, e)
	}
}

// pick draws one of some values.
func pick[V any](p *pair, name string, of ...V) V {
	return rapid.SampledFrom(of).Draw(p.T, name)
}

func (p *pair) publish() {
	b := bench{scope: p.scope, epoch: max(1, p.epoch+pick[int64](p, "epoch", 0, 1, 1, 1, 2))}
	limits := map[engine.Level]int{}
	for _, level := range []engine.Level{
		engine.CityLevel, engine.CellLevel(here), engine.DistrictLevel("north"),
		engine.OperatorLevel("ant"), engine.CellOperatorLevel(there, "bee"),
		engine.OperatorDistrictLevel("south", "bee"), engine.ZoneLevel("pier"),
	} {
		limits[level] = pick(p, string(level), -1, 0, 3, 8, 8, 20, 20, 20)
	}
	caps := b.caps(limits)
	if kept := p.caps[b.epoch]; kept != nil {
		caps = kept // what an epoch means never changes
	}
	event, want := p.ledger.Publish(caps, p.now)
	got := p.store.Publish(p.test.Context(), caps, p.now)
	if !errors.Is(got, want) {
		p.Fatalf("Publish of epoch %d: %v, want %v", caps.Epoch, got, want)
	}
	if want == nil {
		p.epoch, p.caps[caps.Epoch] = caps.Epoch, caps
	}
	p.happened(event)
}

func (p *pair) shut() {
	reason := pick(p, "reason", "relevel", "audit")
	if err := p.store.Shut(p.test.Context(), p.scope, reason, p.now); err != nil {
		p.Fatalf("Shut: %v", err)
	}
	p.happened(p.ledger.Close(reason, p.now))
}

func (p *pair) relevel() {
	to := map[engine.ID][]engine.Level{}
	for range rapid.IntRange(0, 3).Draw(p.T, "placements") {
		id := p.someID()
		to[id] = levels(pick(p, "cell", here, there), id.Operator())
	}
	if err := p.store.Relevel(p.test.Context(), p.scope, to, p.now); err != nil {
		p.Fatalf("Relevel: %v", err)
	}
	p.happened(p.ledger.Relevel(to, p.now))
}

func (p *pair) sweep() {
	keep := pick(p, "keep", time.Hour, 24*time.Hour)
	got, err := p.store.Sweep(p.test.Context(), p.scope, p.now, keep)
	want, event := p.ledger.Sweep(p.now, keep)
	if err != nil || got != want {
		p.Fatalf("Sweep = %+v, %v, want %+v", got, err, want)
	}
	p.happened(event)
}

// transfer draws of the pool or returns, and keeps the pool's books by hand.
func (p *pair) transfer() {
	ctx, level := p.test.Context(), engine.PoolLevel(p.pool)
	if pick(p, "set the pool", true, false, false) {
		p.limit = pick(p, "limit", 4, 10, 30)
		if err := p.store.SetPool(ctx, p.pool, p.limit); err != nil {
			p.Fatalf("SetPool: %v", err)
		}
	}
	count, _ := p.ledger.Count(level)
	n := rapid.IntRange(0, 9).Draw(p.T, "n")
	transfer := fmt.Sprintf("t%d", len(p.drawnAt))
	var got, want int
	var err error
	if pick(p, "draw", true, true, false) {
		got, err = p.store.Draw(ctx, p.pool, p.scope, transfer, n, p.now)
		want = max(0, min(n, p.limit-count.Cap))
		count.Cap += want
	} else {
		got, err = p.store.Return(ctx, p.pool, p.scope, transfer, n, p.now)
		want = max(0, count.Room()-n)
		count.Cap -= want
	}
	p.drawnAt[transfer] = want
	if err != nil || got != want {
		p.Fatalf("transfer %s = %d, %v, want %d", transfer, got, err, want)
	}
	if want != 0 {
		p.happened(p.ledger.SetDrawn(level, count.Cap, p.now))
	}
}

// someID returns the ID of a placement, or now and then of a record that may not be known.
func (p *pair) someID() engine.ID {
	if len(p.made) > 0 && pick(p, "a placement", true, true, true, false) {
		return rapid.SampledFrom(p.made).Draw(p.T, "of")
	}
	key := fmt.Sprint(rapid.IntRange(0, max(p.keys, 1)).Draw(p.T, "of key"))
	return engine.NewID(pick(p, "operator", "ant", "bee"), key)
}

// ask asks both a few questions at once.
func (p *pair) ask() {
	asks := make([]engine.Ask, rapid.IntRange(1, 5).Draw(p.T, "asks"))
	for i := range asks {
		asks[i] = p.someAsk()
	}
	got, err := p.store.Do(p.test.Context(), p.scope, p.now, asks)
	if err != nil {
		p.Fatalf("Do: %v", err)
	}
	want, event := p.ledger.Do(p.now, asks)
	if diff := cmp.Diff(want, got); diff != "" {
		p.Fatalf("answers to %+v (-ledger +store):\n%s", asks, diff)
	}
	p.happened(event)
	for _, a := range want {
		if a.No == nil && a.Record.State != engine.Done {
			p.made = append(p.made, a.ID)
		}
	}
}

// someAsk returns a new ask, or one asked before.
func (p *pair) someAsk() engine.Ask {
	if len(p.retries) > 0 && pick(p, "retry", true, false, false, false, false) {
		return rapid.SampledFrom(p.retries).Draw(p.T, "again")
	}
	verb := pick(p, "verb", engine.Place, engine.Place, engine.Reserve, engine.Reserve,
		engine.Commit, engine.Release, engine.Remove, engine.Move)
	if pick(p, "new key", true, true, true, true, false) {
		p.keys++
	}
	id := engine.NewID(pick(p, "operator", "ant", "bee"), fmt.Sprint(p.keys))
	a := engine.Ask{Verb: verb, ID: id, N: rapid.IntRange(0, 4).Draw(p.T, "n")}
	if verb == engine.Commit || verb == engine.Release || verb == engine.Remove ||
		verb == engine.Move {
		a.Placement = p.someID()
		if pick(p, "its own", true, true, true, false) {
			a.ID = engine.NewID(a.Placement.Operator(), id.Key())
		}
	}
	if verb == engine.Place || verb == engine.Reserve || verb == engine.Move {
		p.where(&a)
	}
	a.Print = fmt.Sprintf("%s %d %s %s", a.Verb, a.N, a.Cell, a.Placement)
	p.retries = append(p.retries, a)
	return a
}

// where fills in what an ask that makes a placement has.
func (p *pair) where(a *engine.Ask) {
	if a.Verb != engine.Move {
		a.N = max(a.N, 1)
	}
	a.Cell = pick(p, "cell", here, there)
	a.At = geo.LatLng{Lat: 24.48, Lng: -118.09}
	a.Levels = levels(a.Cell, a.ID.Operator())
	if pick(p, "in a zone", true, false, false) {
		a.Levels = append([]engine.Level{engine.ZoneLevel("pier")}, a.Levels...)
	}
	if pick(p, "of the pool", true, false, false) {
		a.Levels = append(a.Levels, engine.PoolLevel(p.pool))
	}
	a.Epoch = p.epoch + pick[int64](p, "epoch", 0, 0, 0, 0, 0, 0, 0, 0, -1)
	if a.Verb == engine.Reserve {
		a.Expires = engine.MillisOf(p.now) + pick[engine.Millis](p, "lease", 1, 750, 60_000, 60_000)
	}
}

// same compares all that there is to see of both, and the events.
func (p *pair) same() {
	want := picture(&p.ledger)
	err := p.store.Read(p.test.Context(), p.scope, func(l *engine.Ledger) {
		if diff := cmp.Diff(want, picture(l), cmpopts.EquateEmpty()); diff != "" {
			p.Errorf("ledger (-want +got):\n%s", diff)
		}
	})
	if err != nil {
		p.Fatalf("Read: %v", err)
	}
	follower, ok := p.store.(engine.Follower)
	if !ok || len(p.events) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(p.test.Context(), patience)
	defer cancel()
	var got []engine.Event
	err = follower.Follow(ctx, p.scope, engine.EventID{}, func(e engine.Event) error {
		got = append(got, e)
		if len(got) == len(p.events) {
			return errEnough
		}
		return nil
	})
	if diff := cmp.Diff(p.events, got, cmpopts.EquateEmpty()); diff != "" {
		p.Errorf("events, %v (-want +got):\n%s", err, diff)
	}
}
