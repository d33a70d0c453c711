package engine_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// truth is what every engine of a city must agree on.
type truth struct {
	Publications []engine.Publication
	Orders       []engine.Order
	Plan         string
	Epoch        int64
	Zones        int
	Quotas       []engine.Quota
}

// truthOf reads it from an engine.
func truthOf(tb testing.TB, e *engine.Engine, now time.Time) truth {
	tb.Helper()
	at := e.InForce()
	x := truth{
		Publications: e.Publications(), Orders: e.Orders(""), Epoch: at.Epoch,
		Zones: len(e.ZonesInForce(now)),
	}
	if at.Plan != nil {
		x.Plan = at.Plan.ID
		quotas, _, err := e.Quotas(tb.Context(), "bike", "")
		if err != nil {
			tb.Fatal(err)
		}
		x.Quotas = quotas
	}
	return x
}

// eve is the moment before a plan comes into force that changes everything: fewer vehicles, other
// districts, a limit zone where vehicles stand, a sector less. A pool holds for all.
func eve(tb testing.TB) *hall {
	tb.Helper()
	h := evening(tb)
	h.clock.advance(time.Hour)
	return h
}

// evening is an hour earlier: the plan is final, and nothing is due yet.
func evening(tb testing.TB) *hall {
	tb.Helper()
	h := newHall(tb, nil, func(c *engine.Config) { c.Chunk = 4 })
	h.inForce(h.alsoScooters(), nil, engine.Terms{})
	if err := h.SetPool(tb.Context(), mayor(), engine.Pool{ID: "region", Cap: 50}); err != nil {
		tb.Fatal(err)
	}
	h.place(ask("m", h.middle, 15))
	h.place(ask("o", h.outer[0], 5))
	scooter := ask("s", h.outer[1], 3)
	scooter.Sector = "scooter"
	h.place(scooter)
	next := h.divided("east")
	next.Sectors[0].Max = 14
	h.inForce(next, []engine.Zone{station(h.outer[0], 2)}, engine.Terms{
		EffectiveAt: noon().Add(time.Hour), RemovalDeadline: noon().Add(2 * time.Hour),
	})
	return h
}

var errCrash = errors.New("crash")

// crashes runs an engine that dies at the n-th call of its store, which happens or not. It reports
// whether there was an n-th call; every later call fails too.
func crashes(h *hall, n int, happens bool) bool {
	calls := 0
	s := &hooked{Store: h.store}
	s.before = func(string) error {
		if calls++; calls > n || (calls == n && !happens) {
			return errCrash
		}
		return nil
	}
	s.after = func(string) error {
		if calls >= n {
			return errCrash
		}
		return nil
	}
	_, err := engine.New(engine.Config{City: "town", Store: s, Clock: h.clock})
	return err != nil
}

// TestACrashIsMadeGood: an engine that dies anywhere while it puts a plan in force leaves what the
// next one completes, whether that has just begun or was there all along, and in between vehicles
// are removed and asked for.
func TestACrashIsMadeGood(t *testing.T) {
	clean := eve(t)
	clean.enact()
	want := truthOf(t, clean.Engine, clean.clock.Now())
	if len(want.Orders) == 0 || want.Plan == clean.plan.ID {
		t.Fatalf("the eve leads to nothing: %+v", want)
	}
	for _, happens := range []bool{false, true} {
		steps := 0
		for n := 1; ; n++ {
			h := eve(t)
			if !crashes(h, n, happens) {
				break
			}
			steps = n
			name := fmt.Sprintf("call %d, happened %v", n, happens)
			if n%2 == 0 { // by the engine that was there, else by one that has just begun
				h.enact()
			}
			fresh := must[*engine.Engine](t)(
				engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
			if diff := cmp.Diff(want, truthOf(t, fresh, h.clock.Now())); diff != "" {
				t.Fatalf("%s: a crash changes the outcome (-without +with):\n%s", name, diff)
			}
			h.enact()
			if diff := cmp.Diff(want, truthOf(t, h.Engine, h.clock.Now())); diff != "" {
				t.Fatalf("%s: engines disagree (-fresh +old):\n%s", name, diff)
			}
			h.open()
		}
		if steps < 20 {
			t.Errorf("the store was called %d times: that is not all of it", steps)
		}
	}
}

// TestBetweenACrashAndItsRepair: while a plan is half in force, what is asked is granted under the
// plan before or refused, for the next has room for nobody; vehicles can be removed, and the books
// hold when it is made good.
func TestBetweenACrashAndItsRepair(t *testing.T) {
	for n := 1; ; n++ {
		h := eve(t)
		before := h.InForce().Epoch
		if !crashes(h, n, true) {
			break
		}
		granted := 0
		for i, c := range h.outer {
			p := ask(fmt.Sprint(i), c, 2)
			p.Operator = "red"
			g, err := h.Place(t.Context(), p)
			if no := (*engine.Refusal)(nil); err != nil && !errors.As(err, &no) {
				t.Fatalf("call %d: %v", n, err)
			}
			if granted += g.N; err == nil && g.Epoch != before {
				t.Errorf("call %d: granted %d under the plan that has no room", n, g.N)
			}
		}
		h.removes("r", "green:o", 1)
		h.enact()
		h.open()
		if city := h.quota("bike", engine.CityLevel); city.Standing != 19+granted {
			t.Errorf("call %d: city %+v with %d granted", n, city, granted)
		}
	}
}

// TestAnEngineGoesOnAfterAFault: the same engine, whose store failed once, does at its next turn
// what it should have done.
func TestAnEngineGoesOnAfterAFault(t *testing.T) {
	clean := eve(t)
	clean.enact()
	want := truthOf(t, clean.Engine, clean.clock.Now())
	for _, lost := range []error{engine.ErrUnavailable, engine.ErrUnknownOutcome} {
		for n := 1; ; n++ {
			h := eve(t)
			s := &hooked{Store: h.store}
			calls := 0
			fail := func(string) error {
				if calls++; calls == n {
					return lost
				}
				return nil
			}
			if s.before = fail; errors.Is(lost, engine.ErrUnknownOutcome) {
				s.before, s.after = nil, fail
			}
			e, err := engine.New(engine.Config{City: "town", Store: s, Clock: h.clock})
			if calls < n {
				break
			}
			if e == nil {
				t.Fatalf("call %d gives no engine: %v", n, err)
			}
			if err := e.Enact(t.Context()); err != nil {
				t.Fatalf("call %d: the next turn fails: %v", n, err)
			}
			if diff := cmp.Diff(want, truthOf(t, e, h.clock.Now())); diff != "" {
				t.Fatalf("call %d, %v: another outcome (-without +with):\n%s", n, lost, diff)
			}
			h.enact()
			h.open()
		}
	}
}

// open wants the hall's books to hold, and no ledger to be shut.
func (h *hall) open() {
	h.tb.Helper()
	for _, s := range h.holds().Scopes {
		if s.Shut != "" {
			h.tb.Errorf("sector %s is shut: %s", s.Sector, s.Shut)
		}
	}
}

// TestAnotherActsDuringAPublication: before or after any step of putting a plan in force, something
// whole happens at another engine; in the end both tell one truth and the books hold.
func TestAnotherActsDuringAPublication(t *testing.T) {
	acts := map[string]func(h *hall) error{
		"somebody asks": func(h *hall) error {
			p := ask("between", h.outer[3], 2)
			p.Operator = "red"
			_, err := h.Place(h.tb.Context(), p)
			return err
		},
		"somebody removes": func(h *hall) error {
			h.removes("between", "green:o", 0)
			return nil
		},
		"the other has its turn": func(h *hall) error { return h.Enact(h.tb.Context()) },
		"a later plan comes into force": func(h *hall) error {
			h.inForce(h.divided("west"), nil, engine.Terms{})
			return nil
		},
		"other zones come into force": func(h *hall) error {
			return h.SetZones(h.tb.Context(), mayor(), []engine.Zone{station(h.middle, 3)})
		},
	}
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			for n := 1; interrupted(t, n, act); n++ {
				continue
			}
		})
	}
}

// interrupted puts the eve's plan in force and lets something happen at the n-th moment before or
// after a call of the store. It reports whether there was such a moment.
func interrupted(t *testing.T, n int, act func(*hall) error) bool {
	t.Helper()
	h := evening(t)
	s, moments := &hooked{Store: h.store}, 0
	e := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: s, Clock: h.clock, Chunk: 4}))
	h.clock.advance(time.Hour)
	pass := func(call string) error {
		if moments++; moments != n {
			return nil
		}
		no := (*engine.Refusal)(nil)
		if err := act(h); err != nil && !errors.As(err, &no) {
			t.Errorf("moment %d, at %s: %v", n, call, err)
		}
		return nil
	}
	s.before, s.after = pass, pass
	if err := e.Enact(t.Context()); err != nil {
		t.Fatalf("moment %d: %v", n, err)
	}
	there := moments >= n
	s.before, s.after = nil, nil
	h.enact()
	if err := e.Enact(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.enact()
	now := h.clock.Now()
	if diff := cmp.Diff(truthOf(t, h.Engine, now), truthOf(t, e, now)); diff != "" {
		t.Fatalf("moment %d: engines disagree (-other +publisher):\n%s", n, diff)
	}
	h.open()
	return there
}
