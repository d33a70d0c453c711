package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// morning is a timetable of one part, from 14:00 to 16:00 of every day; the hall begins at noon.
func morning(change func(*engine.Part)) engine.Timetable {
	p := engine.Part{
		ID: "rush", Days: []string{"all"}, From: "14:00", Until: "16:00", Grace: 15,
		Rules: engine.PartRules{Band: 0.02, Notice: 1},
	}
	if change != nil {
		change(&p)
	}
	return engine.Timetable{
		Schema: 1, ID: "town", Version: "1", TimeZone: "UTC",
		Sectors: []engine.SectorTable{{Sector: "bike", Parts: []engine.Part{p}}},
	}
}

// sets has the mayor set a timetable.
func (h *hall) sets(t engine.Timetable) {
	h.tb.Helper()
	if err := h.SetTimetable(h.tb.Context(), mayor(), t); err != nil {
		h.tb.Fatal(err)
	}
}

// adjusts does a round of adjustment at so many hours after noon.
func (h *hall) adjusts(hours int) {
	h.tb.Helper()
	h.clock.advance(hour(hours).Sub(h.clock.Now()))
	if err := h.Adjust(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
}

// asked is the demand of a part on a day: some trips in the middle, others in each outer cell.
func (h *hall) asked(part, day string, middle, outer float64) engine.PartDemand {
	d := engine.PartDemand{Sector: "bike", Part: part, Day: day}
	d.Cells = append(d.Cells, engine.CellDemand{Cell: h.middle, Trips: &middle})
	for _, c := range h.outer {
		d.Cells = append(d.Cells, engine.CellDemand{Cell: c, Trips: &outer})
	}
	return d
}

// reports has the clerk report a demand.
func (h *hall) reports(d engine.PartDemand) {
	h.tb.Helper()
	if err := h.ReportDemand(h.tb.Context(), clerk(), d); err != nil {
		h.tb.Fatal(err)
	}
}

// kinds counts the log's entries by kind.
func (h *hall) kinds() map[string]int {
	h.tb.Helper()
	entries, err := h.Log(h.tb.Context(), 0, 10_000)
	if err != nil {
		h.tb.Fatal(err)
	}
	n := map[string]int{}
	for i := range entries {
		n[entries[i].Kind]++
	}
	return n
}

// cellCaps returns what the middle and the first outer cell may hold.
func (h *hall) cellCaps() [2]int {
	caps := h.caps()
	return [2]int{caps[engine.CellLevel(h.middle)], caps[engine.CellLevel(h.outer[0])]}
}

func TestAPartOfTheDayFollowsItsDemand(t *testing.T) { onEachStore(t, followsDemand) }

// With 35 vehicles, 5 in each cell, a demand of 50 in the middle and 1 in each of six outer cells
// is due 35 × 1/56 = 0.6 vehicles in an outer cell, by Webster's method 1, and the other 29 in the
// middle, which carries 30.
func followsDemand(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	h.inForce(h.atMost(35), nil, engine.Terms{})
	plan := h.caps()
	asPlanned := func(when string) {
		t.Helper()
		if diff := cmp.Diff(plan, h.caps()); diff != "" {
			t.Fatalf("%s (-plan +got):\n%s", when, diff)
		}
	}
	h.sets(morning(nil))
	h.adjusts(3)
	asPlanned("in the first turn")
	h.adjusts(5)
	h.reports(h.asked("rush", "2026-05-01", 50, 1))
	h.adjusts(5)
	h.adjusts(5)
	asPlanned("when it is announced")
	first := h.place(ask("a", h.outer[0], 2))
	other := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	// The other engine has read nothing: the first decision after the part began is under it.
	h.clock.advance(hour(26).Sub(h.clock.Now()))
	_, err := other.Place(t.Context(), ask("b", h.outer[0], 1))
	if no := refused(t, err); no.Cell != h.outer[0] {
		t.Errorf("refused by %s", no.Rule)
	}
	if diff := cmp.Diff([2]int{29, 1}, h.cellCaps()); diff != "" {
		t.Fatalf("the second turn (-want +got):\n%s", diff)
	}
	h.adjusts(26)
	orders := h.Orders("green")
	if len(orders) != 1 || orders[0].Measure != "part:rush" || !orders[0].Open() ||
		!orders[0].Deadline.Equal(hour(26).Add(15*time.Minute)) {
		t.Errorf("ordered %+v", orders)
	}
	h.adjusts(28)
	asPlanned("afterwards")
	if o := h.Orders("green")[0]; o.Open() {
		t.Errorf("the order outlives its part: %+v", o)
	}
	h.removes("r", first.Placement, 0)
	want := map[string]int{
		"timetable.set": 1, "demand.reported": 1, "part.decided": 1,
		"part.turned": 5, // when it was set, the first turn, its end, the second turn, its end
	}
	got := h.kinds()
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%d entries of %s, want %d", got[kind], kind, n)
		}
	}
	h.holds()
}
