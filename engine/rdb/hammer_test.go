package rdb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// faulted is what a fault is tried on.
type faulted interface {
	Do(context.Context, engine.Scope, time.Time, []engine.Ask) ([]engine.Answer, error)
	Publish(context.Context, *engine.Caps, time.Time) error
	Sweep(context.Context, engine.Scope, time.Time, time.Duration) (engine.Sweeping, error)
	Read(context.Context, engine.Scope, func(*engine.Ledger)) error
	Reconcile(context.Context, engine.Scope) error
	Close() error
}

// hammer is a crowd of callers who place, reserve, commit, remove and abandon at tight caps, and
// ask again with the same key until they are answered, whatever happens to the store.
type hammer struct {
	store   faulted
	scope   engine.Scope
	caps    *engine.Caps
	clock   engine.SystemClock
	stop    chan struct{} // closed: no new asks
	group   sync.WaitGroup
	yes, no atomic.Int64
	unknown atomic.Int64 // answers that were an error and asked again

	mu     sync.Mutex
	stands map[engine.ID]int // acknowledged and not removed, vehicles
}

// hammerCells are the cells of the crowd.
func hammerCells(t testing.TB) []geo.Cell {
	t.Helper()
	centre, err := geo.ParseCell("8941a54f4a7ffff")
	if err != nil {
		t.Fatal(err)
	}
	return append([]geo.Cell{centre}, centre.Ring(1)...)
}

// tightCaps are caps that the crowd fills at once.
func tightCaps(t testing.TB, s engine.Scope, epoch int64) *engine.Caps {
	caps := &engine.Caps{
		Scope: s, Epoch: epoch, Plan: "plan-" + strconv.FormatInt(epoch, 10),
		Cap: map[engine.Level]int{engine.CityLevel: 70},
	}
	for _, operator := range []string{"ant", "bee"} {
		caps.Cap[engine.OperatorLevel(operator)] = 40
		for _, c := range hammerCells(t) {
			caps.Cap[engine.CellOperatorLevel(c, operator)] = 8
			caps.Cap[engine.CellLevel(c)] = 12
		}
	}
	return caps
}

// startHammer publishes tight caps and lets callers loose.
func startHammer(t testing.TB, store faulted, s engine.Scope, callers int) *hammer {
	t.Helper()
	h := &hammer{
		store: store, scope: s, caps: tightCaps(t, s, 1), stop: make(chan struct{}),
		stands: map[engine.ID]int{},
	}
	if err := store.Publish(t.Context(), h.caps, h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	cells := hammerCells(t)
	for i := range callers {
		h.group.Go(func() { h.call(t.Context(), i, cells) })
	}
	h.group.Go(func() { h.sweep(t.Context()) })
	return h
}

// finish lets the callers end what they have begun.
func (h *hammer) finish() {
	close(h.stop)
	h.group.Wait()
}

// over reports whether no new asks should be made.
func (h *hammer) over(ctx context.Context) bool {
	select {
	case <-h.stop:
		return true
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

// call is one caller's life.
func (h *hammer) call(ctx context.Context, caller int, cells []geo.Cell) {
	random := rand.New(rand.NewPCG(uint64(caller), 7))
	operator := []string{"ant", "bee"}[caller%2]
	var mine []engine.ID
	for i := 0; !h.over(ctx); i++ {
		key := fmt.Sprint(caller, "-", i)
		if len(mine) > 2 || len(mine) > 0 && random.IntN(400) == 0 {
			h.remove(ctx, mine[0], key)
			mine = mine[1:]
			continue
		}
		a := engine.Ask{
			Verb: engine.Place, ID: engine.NewID(operator, key), Print: key, N: 1 + random.IntN(3),
			Cell: cells[random.IntN(len(cells))], Epoch: 1,
		}
		a.Levels = []engine.Level{
			engine.CellOperatorLevel(a.Cell, operator), engine.CellLevel(a.Cell),
			engine.OperatorLevel(operator), engine.CityLevel,
		}
		if kind := random.IntN(4); kind < 2 {
			a.Verb = engine.Reserve
			a.Expires = engine.MillisOf(h.clock.Now().Add(300 * time.Millisecond))
			if h.ask(ctx, a).No == nil && kind == 0 && h.commit(ctx, a.ID, key+"c", a.N) {
				mine = append(mine, a.ID)
			}
			continue
		}
		if answer := h.ask(ctx, a); answer.No == nil {
			h.note(a.ID, a.N)
			mine = append(mine, a.ID)
		}
	}
}

// note remembers what was acknowledged to stand.
func (h *hammer) note(id engine.ID, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n == 0 {
		delete(h.stands, id)
		return
	}
	h.stands[id] = n
}

func (h *hammer) commit(ctx context.Context, id engine.ID, key string, n int) bool {
	answer := h.ask(ctx, engine.Ask{
		Verb: engine.Commit, ID: engine.NewID(id.Operator(), key), Print: key, Placement: id,
	})
	if answer.No == nil {
		h.note(id, n)
	}
	return answer.No == nil
}

// remove forgets the placement before it asks: an outcome that comes after the end counts as well.
func (h *hammer) remove(ctx context.Context, id engine.ID, key string) {
	h.note(id, 0)
	h.ask(ctx, engine.Ask{
		Verb: engine.Remove, ID: engine.NewID(id.Operator(), key), Print: key, Placement: id,
	})
}

// ask asks until there is an answer. A ledger that is shut is asked again a little later.
func (h *hammer) ask(ctx context.Context, a engine.Ask) engine.Answer {
	for ctx.Err() == nil {
		within, cancel := context.WithTimeout(ctx, 3*time.Second)
		answers, err := h.store.Do(within, h.scope, h.clock.Now(), []engine.Ask{a})
		cancel()
		if err == nil && (answers[0].No == nil || answers[0].No.Rule != engine.RuleShut) {
			if answers[0].No == nil {
				h.yes.Add(1)
			} else {
				h.no.Add(1)
			}
			return answers[0]
		}
		h.unknown.Add(1)
		pause(ctx, 5*time.Millisecond)
	}
	return engine.Answer{No: &engine.Denial{}}
}

// sweep sweeps all along.
func (h *hammer) sweep(ctx context.Context) {
	for !h.over(ctx) {
		_, _ = h.store.Sweep(ctx, h.scope, h.clock.Now(), time.Hour)
		pause(ctx, 20*time.Millisecond)
	}
}

// pause waits a while.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// verdict is what was found after a fault.
type verdict struct {
	lost int // acknowledged to stand, and not there
}

// judge checks that no cap is exceeded nor ever was, and that counters, records, mirror and events
// agree, and counts what was lost.
func (h *hammer) judge(t *testing.T, client redis.UniversalClient, archive string) verdict {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := h.store.Reconcile(ctx, h.scope); err != nil {
		t.Fatal(err)
	}
	var v verdict
	want := map[string]string{}
	taken := map[string]string{}
	var last engine.EventID
	err := h.store.Read(ctx, h.scope, func(l *engine.Ledger) {
		last = l.Event()
		if over := l.Over(); len(over) > 0 {
			t.Errorf("over their caps: %v", over)
		}
		for id, r := range l.Records() {
			want[string(id)] = r.String()
		}
		for _, level := range l.Charged() {
			if c, _ := l.Count(level); c.Standing+c.Held != 0 {
				taken[string(level)] = strconv.Itoa(c.Standing + c.Held)
			}
		}
		for id, n := range h.stands {
			if r, ok := l.Record(id); !ok || r.N != n || r.State != engine.Standing {
				v.lost++
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	key := "stint:{" + h.scope.String() + "}:"
	if diff := cmp.Diff(want, client.HGetAll(ctx, key+"rec").Val()); diff != "" {
		t.Errorf("records, mirror - Redis +:\n%.2000s", diff)
	}
	got := client.HGetAll(ctx, key+"taken").Val()
	maps.DeleteFunc(got, func(_, n string) bool { return n == "0" })
	if diff := cmp.Diff(taken, got); diff != "" {
		t.Errorf("counters, records - Redis +:\n%.2000s", diff)
	}
	if archive != "" {
		h.replay(ctx, t, archive, last, want)
	}
	return v
}

// replay plays the archived events and checks every step.
func (h *hammer) replay(
	ctx context.Context, t *testing.T, archive string, last engine.EventID, want map[string]string,
) {
	t.Helper()
	find := func(int64) *engine.Caps { return h.caps }
	var ledger *engine.Ledger
	for ledger == nil || last.After(ledger.Event()) {
		if ctx.Err() != nil {
			t.Fatalf("the archive ends at %v, the ledger at %s", ledger.Event(), last)
		}
		ledger = &engine.Ledger{}
		err := ReadArchive(archive, h.scope, engine.EventID{}, func(e engine.Event) error {
			ledger.Apply(e, find)
			if over := ledger.Over(); len(over) > 0 {
				return fmt.Errorf("after event %s over their caps: %v", e.ID, over)
			}
			return nil
		})
		if err != nil && !errors.Is(err, engine.ErrChain) {
			t.Fatal(err)
		}
		pause(ctx, 20*time.Millisecond)
	}
	got := map[string]string{}
	for id, r := range ledger.Records() {
		got[string(id)] = r.String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records, mirror - replay of the events +:\n%.2000s", diff)
	}
}
