package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// bikes is the hall's one scope.
func bikes() engine.Scope { return engine.Scope{City: "town", Sector: "bike"} }

func TestCheckCounts(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("1", h.middle, 4))
	held := ask("2", h.outer[0], 2)
	held.Reserve = true
	h.place(held)
	h.place(ask("3", h.outer[1], 1))
	h.removes("r", "green:3", 0)
	first := h.holds()
	if first.Entries != 4 || len(first.Scopes) != 1 {
		t.Fatalf("checked %+v", first)
	}
	s := first.Scopes[0]
	if s.Standing != 4 || s.Held != 2 || !s.Replayed || s.Shut != "" || len(s.Over) != 0 {
		t.Errorf("the bikes are %+v", s)
	}
	if diff := cmp.Diff(first, h.holds()); diff != "" {
		t.Errorf("a check changes something (-first +again):\n%s", diff)
	}
}

// What stands beyond its cap is shown and is no fault: the order to remove it is given.
func TestCheckShowsWhatIsOver(t *testing.T) {
	h := overdrawn(t)
	s := h.holds().Scopes[0]
	over := map[engine.Level]bool{}
	for _, level := range s.Over {
		over[level] = true
	}
	for _, o := range h.Orders("") {
		if !over[o.Level] {
			t.Errorf("level %s is ordered and not over: %v", o.Level, s.Over)
		}
	}
}

func TestCheckFindsWhatChargesOtherLevels(t *testing.T) {
	h := newHall(t, nil)
	g := h.place(ask("1", h.middle, 4))
	err := h.store.Relevel(t.Context(), bikes(),
		map[engine.ID][]engine.Level{g.ID: {engine.CityLevel}}, noon())
	if err != nil {
		t.Fatal(err)
	}
	c := must[engine.Checked](t)(h.Check(t.Context()))
	if c.Holds || len(c.Scopes[0].Astray) != 1 || len(c.Scopes[0].Miscounted) != 0 {
		t.Errorf("checked %+v", c)
	}
}

func TestCheckTellsOfAShutLedger(t *testing.T) {
	h := newHall(t, nil)
	if err := h.store.Shut(t.Context(), bikes(), "audit", noon()); err != nil {
		t.Fatal(err)
	}
	h.enact() // what another shut for a reason of its own stays shut
	if s := h.holds().Scopes[0]; s.Shut != "audit" {
		t.Errorf("the bikes are %+v", s)
	}
	_, err := h.Place(t.Context(), ask("1", h.middle, 1))
	if no := refused(t, err); no.Rule != engine.RuleShut {
		t.Errorf("refused by %s", no.Rule)
	}
}

// A ledger that an engine shut to publish a plan, too late, and died, is opened by the next turn of
// another, with what stands there levelled as it should be.
func TestALedgerLeftShutIsOpened(t *testing.T) {
	h := newHall(t, nil)
	g := h.place(ask("1", h.middle, 4))
	err := h.store.Shut(t.Context(), bikes(), "publishing", noon())
	if err == nil {
		err = h.store.Relevel(t.Context(), bikes(),
			map[engine.ID][]engine.Level{g.ID: {engine.CityLevel}}, noon())
	}
	if err != nil {
		t.Fatal(err)
	}
	h.enact()
	h.open()
	h.place(ask("2", h.middle, 11))
}
