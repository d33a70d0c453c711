package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// emergency is a measure that holds at once, until it is lifted.
func emergency(id string, act engine.Act, factor float64) engine.Measure {
	return engine.Measure{
		ID: id, Kind: engine.MeasureEmergency, Act: act, Factor: factor, Reason: "a test",
	}
}

// event is a measure from so many hours after noon to so many.
func event(id string, act engine.Act, factor float64, from, until int) engine.Measure {
	return engine.Measure{
		ID: id, Kind: engine.MeasureEvent, Act: act, Factor: factor, Reason: "a test",
		From: hour(from), Until: hour(until),
	}
}

// hour is a time so many hours after noon.
func hour(n int) time.Time { return noon().Add(time.Duration(n) * time.Hour) }

// in is an area of some cells.
func in(cells ...geo.Cell) engine.Area { return engine.Area{Cells: cells} }

// takes has the mayor take a measure.
func (h *hall) takes(m engine.Measure, where engine.Area) engine.Measure {
	h.tb.Helper()
	return must[engine.Measure](h.tb)(h.TakeMeasure(h.tb.Context(), mayor(), m, where))
}

// caps returns every cap of the hall's ledger.
func (h *hall) caps() map[engine.Level]int {
	h.tb.Helper()
	quotas, _, err := h.Quotas(h.tb.Context(), "bike", "")
	if err != nil {
		h.tb.Fatal(err)
	}
	caps := map[engine.Level]int{}
	for _, q := range quotas {
		caps[q.Level] = q.Cap
	}
	return caps
}

// denied wants a placement to be refused by a rule, because of something.
func (h *hall) denied(p engine.Placement, rule engine.Rule, of string) {
	h.tb.Helper()
	_, err := h.Place(h.tb.Context(), p)
	if no := refused(h.tb, err); no.Rule != rule || no.Of != of {
		h.tb.Errorf("refused by %s of %s, want %s of %s", no.Rule, no.Of, rule, of)
	}
}

func TestAFreezeLetsWhatStandsStay(t *testing.T) { onEachStore(t, freezes) }

func freezes(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	other := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	h.place(ask("a", h.middle, 3))
	held := ask("b", h.middle, 2)
	held.Reserve = true
	h.place(held)
	h.takes(emergency("crash", engine.ActFreeze, 0), in(h.middle))

	// The other engine has read nothing since: its next decision counts all the same.
	_, err := other.Place(t.Context(), ask("c", h.middle, 1))
	no := refused(t, err)
	if no.Rule != engine.RuleFrozen || no.Of != "crash" {
		t.Fatalf("the other engine refuses by %s of %s", no.Rule, no.Of)
	}
	if len(no.Try) == 0 || no.Try[0].Cell == h.middle {
		t.Errorf("it sends to %v", no.Try)
	}
	if n := len(h.Orders("")); n != 0 {
		t.Errorf("%d orders, want none", n)
	}
	// What was promised before may be set down, and what stands may go.
	if _, err := h.Settle(t.Context(), engine.Settlement{
		Verb: engine.Commit, Operator: "green", Sector: "bike", Key: "b1", Placement: "green:b",
	}); err != nil {
		t.Error(err)
	}
	h.removes("r", "green:a", 1)
	_, err = h.Settle(t.Context(), engine.Settlement{
		Verb: engine.Move, Operator: "green", Sector: "bike", Key: "m", Placement: "green:a",
		To: h.outer[0].Center(),
	})
	if err != nil {
		t.Errorf("a move out of it: %v", err)
	}
	h.place(ask("d", h.outer[0], 1))
	if _, err := h.LiftMeasure(t.Context(), mayor(), "crash", "road is open"); err != nil {
		t.Fatal(err)
	}
	h.place(ask("c", h.middle, 1))
	h.holds()
}

func TestAClearedCellIsOrderedEmpty(t *testing.T) { onEachStore(t, clears) }

func clears(t *testing.T, on func(*engine.Config)) {
	h := newHall(t, nil, on)
	before := h.caps()
	h.place(ask("a", h.outer[0], 4))
	h.place(ask("b", h.outer[1], 4))
	m := event("fair", engine.ActClear, 0, 2, 6)
	m.Deadline = hour(3)
	h.takes(m, in(h.outer[0]))
	if diff := cmp.Diff(before, h.caps()); diff != "" {
		t.Errorf("before it begins, caps (-plan +got):\n%s", diff)
	}
	h.clock.advance(2 * time.Hour)
	h.denied(ask("c", h.outer[0], 1), engine.RuleCleared, "fair")
	h.enact()
	level := engine.CellOperatorLevel(h.outer[0], "green")
	want := map[engine.Level]int{level: 4}
	if diff := cmp.Diff(want, excess(h.Orders(""), true)); diff != "" {
		t.Fatalf("orders (-want +got):\n%s", diff)
	}
	o := h.Orders("")[0]
	if !o.Deadline.Equal(hour(3)) || o.Measure != "fair" || o.Cap != 0 {
		t.Errorf("ordered %+v", o)
	}
	h.clock.advance(4 * time.Hour)
	h.enact()
	if diff := cmp.Diff(before, h.caps()); diff != "" {
		t.Errorf("after it, caps (-plan +got):\n%s", diff)
	}
	// Nobody removed anything: the order is not done but pointless.
	if o := h.Orders("")[0]; !o.Done.IsZero() || !o.Lapsed.Equal(hour(6)) {
		t.Errorf("the order is done %v, lapsed %v", o.Done, o.Lapsed)
	}
	h.place(ask("c", h.outer[0], 1))
	h.holds()
}

// The caps of the hall: 5 for each of two operators in an outer cell, 15 in the middle, 45 in all.
func TestScaledCaps(t *testing.T) {
	green := func(h *hall, c geo.Cell) engine.Level { return engine.CellOperatorLevel(c, "green") }
	scale := func(id string, factor float64) engine.Measure {
		return emergency(id, engine.ActScale, factor)
	}
	type measures []engine.Measure
	tests := map[string]struct {
		measures measures
		whole    bool
		want     [3]int // an outer cell: green, all; green's total in the city
	}{
		"half, rounded down":     {measures{scale("a", 0.5)}, false, [3]int{2, 5, 45}},
		"half of the whole city": {measures{scale("a", 0.5)}, true, [3]int{2, 5, 22}},
		"the least of one kind":  {measures{scale("a", 0.8), scale("b", 0.4)}, false, [3]int{2, 4, 45}},
		"an emergency before events": {
			measures{event("a", engine.ActScale, 0.2, 0, 9), scale("b", 0.8)}, false, [3]int{4, 8, 45},
		},
		"an emergency lifts an event": {
			measures{event("a", engine.ActClear, 0, 0, 9), scale("b", 1)}, false, [3]int{5, 10, 45},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, nil)
			where := in(h.outer[3])
			if tt.whole {
				where = engine.Area{}
			}
			for _, m := range tt.measures {
				h.takes(m, where)
			}
			caps := h.caps()
			got := [3]int{
				caps[green(h, h.outer[3])], caps[engine.CellLevel(h.outer[3])],
				caps[engine.OperatorLevel("green")],
			}
			if got != tt.want {
				t.Errorf("green, cell, city: %v, want %v", got, tt.want)
			}
			h.holds()
		})
	}
}

// More than a cell carries is not given, whatever the factor.
func TestARaiseStopsAtWhatTheGroundCarries(t *testing.T) {
	h := newHall(t, nil)
	h.inForce(h.atMost(35), nil, engine.Terms{})
	s, _ := h.InForce().Plan.Sector("bike")
	for i := range s.Cells {
		cell := &s.Cells[i]
		if cell.Cell != h.outer[0] {
			continue
		}
		if cell.Capacity == nil {
			t.Fatal("the town's ground is unknown")
		}
		h.takes(emergency("subway", engine.ActScale, 10), in(h.outer[0]))
		want := *cell.Capacity // 35 vehicles leave room in every cell of a town that carries 90
		if got := h.caps()[engine.CellLevel(cell.Cell)]; got != want || cell.Total >= want {
			t.Errorf("the cell of %d that carries %d may hold %d, want %d",
				cell.Total, *cell.Capacity, got, want)
		}
	}
}

// A limit zone follows the measure at its centre, and a ban holds whatever a measure says.
func TestMeasuresAndZones(t *testing.T) {
	ban := engine.Zone{ID: "lawn", Kind: engine.ZoneBan}
	h := newHall(t, nil)
	ban.Shape = around(h.outer[1].Center(), 60)
	h.publish([]engine.Zone{station(h.outer[0], 4), ban})
	h.takes(emergency("subway", engine.ActScale, 2), engine.Area{Zones: []string{"station", "lawn"}})
	if got := h.caps()["z:station"]; got != 8 {
		t.Errorf("the station holds %d, want 8", got)
	}
	h.denied(ask("a", h.outer[1], 1), engine.RuleNoParking, "lawn")
	m := must[engine.Measure](t)(h.Measure("subway"))
	if diff := cmp.Diff(2, len(m.Cells)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if _, err := h.LiftMeasure(t.Context(), clerk(), "subway", "it runs"); err != nil {
		t.Fatal(err)
	}
	if got := h.caps()["z:station"]; got != 4 {
		t.Errorf("afterwards the station holds %d, want 4", got)
	}
	h.holds()
}

// An order of the plan outlives a measure; what the measure asked for beyond it lapses.
func TestThePlansOrdersStayWhenAMeasureEnds(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("a", h.outer[0], 5))
	h.inForce(h.atMost(35), nil, engine.Terms{RemovalDeadline: hour(48)})
	level := engine.CellOperatorLevel(h.outer[0], "green")
	byPlan := excess(h.Orders("green"), true)[level]
	if byPlan == 0 || byPlan == 5 {
		t.Fatalf("the plan orders %d away, want some of 5", byPlan)
	}
	h.takes(emergency("fire", engine.ActClear, 0), in(h.outer[0]))
	if got := excess(h.Orders("green"), true)[level]; got != 5 {
		t.Errorf("the emergency orders %d away, want 5", got)
	}
	must[engine.Measure](t)(h.LiftMeasure(t.Context(), mayor(), "fire", "out"))
	open := 0
	for _, o := range h.Orders("green") {
		if o.Level == level && o.Open() {
			if open++; o.Measure != "" || o.Excess != byPlan {
				t.Errorf("open is %+v, want the plan's %d", o, byPlan)
			}
		}
	}
	if open != 1 {
		t.Errorf("%d orders are open, want 1", open)
	}
}
