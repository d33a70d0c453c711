package engine_test

import (
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
)

// enforced puts a city's plan in force.
func (h *hall) enforced(city *engine.Snapshot) {
	h.tb.Helper()
	p := must[engine.Publication](h.tb)(
		h.Draft(h.tb.Context(), clerk(), decided(h.tb, city), nil, engine.Terms{}))
	must[engine.Publication](h.tb)(h.Enforce(h.tb.Context(), mayor(), p.ID, "a test"))
}

// taken returns how many vehicles a level of the bikes has.
func (h *hall) taken(level engine.Level) int {
	h.tb.Helper()
	n := -1
	scope := engine.Scope{City: "town", Sector: "bike"}
	err := h.store.Read(h.tb.Context(), scope, func(l *engine.Ledger) {
		c, _ := l.Count(level)
		n = c.Standing + c.Held
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	return n
}

// An operator that the next plan doesn't have still counts in its cell, its district, the city and
// its pool until it has removed everything; and when it is back, as any other.
func TestAnOperatorLeavesThePlanAndComesBack(t *testing.T) { onEachStore(t, leavesAndComesBack) }

func leavesAndComesBack(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	if err := h.SetPool(t.Context(), mayor(), engine.Pool{ID: "region", Cap: 20}); err != nil {
		t.Fatal(err)
	}
	h.place(ask("1", h.outer[0], 5))
	alone := *h.city
	alone.Operators, alone.Sheets = alone.Operators[1:], alone.Sheets[1:]
	h.enforced(&alone)
	counted := map[engine.Level]int{
		engine.CellOperatorLevel(h.outer[0], "green"): 5, engine.CellLevel(h.outer[0]): 5,
		engine.OperatorLevel("green"): 5, engine.CityLevel: 5, engine.PoolLevel("region"): 5,
	}
	for level, want := range counted {
		if got := h.taken(level); got != want {
			t.Errorf("without green in the plan, %s has %d, want %d", level, got, want)
		}
	}
	if orders := h.Orders("green"); len(orders) != 2 || orders[0].Excess != 5 {
		t.Errorf("green is ordered %v", orders)
	}
	h.holds()
	h.enforced(h.city)
	for level, want := range counted {
		if got := h.taken(level); got != want {
			t.Errorf("with green again, %s has %d, want %d", level, got, want)
		}
	}
	for _, o := range h.Orders("green") {
		if o.Open() {
			t.Errorf("order %s is open although green may have them", o.ID)
		}
	}
	h.holds()
}

// An event's limit holds for the first ask after it has begun, with what stood there before, though
// no timer has run; and in every engine.
func TestAnEventBeginsWithTheFirstAsk(t *testing.T) { onEachStore(t, eventBegins) }

func eventBegins(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	other := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	h.publish([]engine.Zone{{
		ID: "event", Kind: engine.ZoneLimit, Limit: 6, Shape: around(h.middle.Center(), 60),
		From: noon().Add(time.Hour), Until: noon().Add(2 * time.Hour),
	}})
	h.place(ask("before", h.middle, 4))
	h.clock.advance(time.Hour)
	h.place(ask("one", h.middle, 1))
	_, err := other.Place(t.Context(), ask("two", h.middle, 2))
	no := refused(t, err)
	if no.Rule != engine.RuleZoneFull || no.Room == nil || *no.Room != 1 {
		t.Errorf("as the event goes on: %+v", no)
	}
	h.holds()
	h.clock.advance(time.Hour)
	h.place(ask("after", h.middle, 3))
	h.enact()
	h.holds()
	if n := h.taken(engine.ZoneLevel("event")); n != 0 {
		t.Errorf("after the event %d count in its zone", n)
	}
}

// What another engine levelled by an earlier plan, and died, is put right within ten minutes.
func TestALateEnginesLevelsArePutRight(t *testing.T) {
	h := newHall(t, nil)
	g := h.place(ask("1", h.middle, 4))
	err := h.store.Relevel(t.Context(), engine.Scope{City: "town", Sector: "bike"},
		map[engine.ID][]engine.Level{g.ID: {engine.CityLevel}}, noon())
	if err != nil {
		t.Fatal(err)
	}
	for range 600 {
		h.enact()
	}
	if n := h.taken(engine.CellLevel(h.middle)); n != 4 {
		t.Errorf("its cell has %d, want 4", n)
	}
	h.holds()
}

// An engine that hasn't read of the plan in force yet counts nothing by the one before, though a
// zone of that one opens.
func TestAZoneOfThePlanBeforeOpensNoMore(t *testing.T) {
	h := newHall(t, nil)
	event := station(h.outer[0], 3)
	event.From, event.Until = noon().Add(time.Hour), noon().Add(2*time.Hour)
	h.publish([]engine.Zone{event})
	h.place(ask("1", h.outer[0], 2))
	late := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	h.inForce(h.divided("east"), []engine.Zone{}, engine.Terms{})
	h.clock.advance(time.Hour)
	must[engine.Grant](t)(late.Place(t.Context(), ask("2", h.outer[0], 2)))
	if n := h.taken(engine.DistrictLevel("east")); n != 4 {
		t.Errorf("the east has %d, want 4", n)
	}
	if n := h.taken(engine.ZoneLevel("station")); n != 0 {
		t.Errorf("%d count in a zone that is no more", n)
	}
	h.holds()
}
