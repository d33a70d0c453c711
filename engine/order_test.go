package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// overdrawn is a hall where green has 15 in the middle and 5 in the first outer cell, red 2 in the
// second, and then a plan of no vehicles at all comes into force, with removals due in two days.
func overdrawn(tb testing.TB) *hall {
	tb.Helper()
	h := newHall(tb, nil)
	h.place(ask("m", h.middle, 15))
	h.place(ask("o", h.outer[0], 5))
	red := ask("o", h.outer[1], 2)
	red.Operator = "red"
	h.place(red)
	h.inForce(h.atMost(0), nil, engine.Terms{RemovalDeadline: noon().AddDate(0, 0, 2)})
	return h
}

// inForce puts a city's plan in force and returns its publication.
func (h *hall) inForce(
	city *engine.Snapshot, zones []engine.Zone, t engine.Terms,
) engine.Publication {
	h.tb.Helper()
	p := must[engine.Publication](h.tb)(
		h.Draft(h.tb.Context(), clerk(), decided(h.tb, city), zones, t))
	must[engine.Publication](h.tb)(h.Announce(h.tb.Context(), clerk(), p.ID, engine.Terms{}))
	return must[engine.Publication](h.tb)(h.Finalize(h.tb.Context(), mayor(), p.ID, ""))
}

// removes takes n vehicles of a placement away, 0 = all.
func (h *hall) removes(key string, id engine.ID, n int) {
	h.tb.Helper()
	must[engine.Grant](h.tb)(h.Settle(h.tb.Context(), engine.Settlement{
		Verb: engine.Remove, Operator: id.Operator(), Sector: "bike", Key: key, Placement: id, N: n,
	}))
}

// excess is what an order says is too many, by level.
func excess(orders []engine.Order, open bool) map[engine.Level]int {
	all := map[engine.Level]int{}
	for _, o := range orders {
		if o.Open() == open {
			all[o.Level] = o.Excess
		}
	}
	return all
}

func TestOrdersNameEachOperatorsExcess(t *testing.T) {
	h := overdrawn(t)
	green, red := engine.OperatorLevel("green"), engine.OperatorLevel("red")
	middle := engine.CellOperatorLevel(h.middle, "green")
	first := engine.CellOperatorLevel(h.outer[0], "green")
	second := engine.CellOperatorLevel(h.outer[1], "red")
	want := map[engine.Level]int{middle: 15, first: 5, green: 20, second: 2, red: 2}
	if diff := cmp.Diff(want, excess(h.Orders(""), true)); diff != "" {
		t.Fatalf("orders (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[engine.Level]int{second: 2, red: 2},
		excess(h.Orders("red"), true)); diff != "" {
		t.Errorf("orders to red (-want +got):\n%s", diff)
	}
	for _, o := range h.Orders("") {
		if !o.Deadline.Equal(noon().AddDate(0, 0, 2)) || !o.Given.Equal(noon()) || o.Sector != "bike" {
			t.Errorf("order %+v", o)
		}
	}
	h.holds()
}

func TestOrdersAreGivenOnce(t *testing.T) {
	h := overdrawn(t)
	given := h.Orders("")
	other := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	h.enact()
	h.enact()
	if diff := cmp.Diff(given, h.Orders("")); diff != "" {
		t.Errorf("a later turn changes them (-first +again):\n%s", diff)
	}
	if diff := cmp.Diff(given, other.Orders("")); diff != "" {
		t.Errorf("another engine has others (-first +other):\n%s", diff)
	}
	h.inForce(h.atMost(0), nil, engine.Terms{})
	h.enact()
	if diff := cmp.Diff(given, h.Orders("")); diff != "" {
		t.Errorf("the same excess under another plan changes them (-first +again):\n%s", diff)
	}
}

func TestOrdersCloseWhenTheVehiclesAreGone(t *testing.T) {
	h := overdrawn(t)
	green := engine.OperatorLevel("green")
	middle := engine.CellOperatorLevel(h.middle, "green")
	first := engine.CellOperatorLevel(h.outer[0], "green")
	h.clock.advance(time.Hour)
	h.removes("r1", "green:o", 4)
	h.enact()
	if done := excess(h.Orders("green"), false); len(done) != 0 {
		t.Errorf("with one vehicle left, done are %v", done)
	}
	h.removes("r2", "green:o", 1)
	h.enact()
	if diff := cmp.Diff(map[engine.Level]int{middle: 15, green: 20},
		excess(h.Orders("green"), true)); diff != "" {
		t.Errorf("open with the outer cell empty (-want +got):\n%s", diff)
	}
	for _, o := range h.Orders("green") {
		if o.Level == first && !o.Done.Equal(noon().Add(time.Hour)) {
			t.Errorf("order %s was done at %v", o.ID, o.Done)
		}
	}
	h.removes("r3", "green:m", 0)
	h.enact()
	if open := excess(h.Orders("green"), true); len(open) != 0 {
		t.Errorf("with nothing left, open are %v", open)
	}
	h.holds()
}

// A level that is over quota again after its order was done is ordered anew, under the epoch that
// made it so.
func TestOrdersAreGivenAnewUnderALaterPlan(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("m", h.middle, 15))
	h.inForce(h.atMost(0), nil, engine.Terms{})
	h.inForce(h.city, nil, engine.Terms{}) // all of it is allowed again
	if open := excess(h.Orders(""), true); len(open) != 0 {
		t.Fatalf("under the plan of before, open are %v", open)
	}
	h.inForce(h.atMost(0), nil, engine.Terms{})
	middle, green := engine.CellOperatorLevel(h.middle, "green"), engine.OperatorLevel("green")
	if diff := cmp.Diff(map[engine.Level]int{middle: 15, green: 15},
		excess(h.Orders(""), true)); diff != "" {
		t.Errorf("orders of the third plan (-want +got):\n%s", diff)
	}
	if n := len(h.Orders("")); n != 4 {
		t.Errorf("%d orders in all, want 4", n)
	}
}

func TestAcknowledge(t *testing.T) {
	h := overdrawn(t)
	id := h.Orders("green")[0].ID
	h.clock.advance(time.Hour)
	_, err := h.Acknowledge(t.Context(), company("red"), id)
	breach(t, err, "no-order") // another's order is not its business
	_, err = h.Acknowledge(t.Context(), mayor(), id)
	breach(t, err, "operator-only")
	o := must[engine.Order](t)(h.Acknowledge(t.Context(), company("green"), id))
	if !o.Acknowledged.Equal(noon().Add(time.Hour)) || !o.Done.IsZero() {
		t.Errorf("acknowledged %+v", o)
	}
	_, err = h.Acknowledge(t.Context(), company("green"), id)
	breach(t, err, "acknowledged")
	var read int
	for _, o := range h.Orders("") {
		if !o.Acknowledged.IsZero() {
			read++
		}
	}
	if read != 1 {
		t.Errorf("%d orders are acknowledged, want 1", read)
	}
}

// A check-off says how many orders were not carried out.
func TestCheckOffCountsOpenOrders(t *testing.T) {
	h := overdrawn(t)
	h.clock.advance(48 * time.Hour)
	h.removes("r", "red:o", 0)
	h.enact()
	p := must[engine.Publication](t)(h.CheckOff(t.Context(), clerk(), h.Publications()[0].ID))
	if p.Stage != engine.StageChecked || p.Open != 3 {
		t.Errorf("checked off %+v, want 3 open orders", p)
	}
}

// The level of a limit zone is of all operators: nobody is ordered to leave it.
func TestZonesGiveNoOrders(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("a", h.outer[2], 4))
	h.publish([]engine.Zone{station(h.outer[2], 1)})
	if orders := h.Orders(""); len(orders) != 0 {
		t.Errorf("ordered %+v", orders)
	}
	if q := h.quota("bike", "z:station"); q.Cap != 1 || q.Standing != 4 || q.Room != -3 {
		t.Errorf("the zone's level is %+v", q)
	}
}

// station is a limit zone over the middle of a cell.
func station(c geo.Cell, limit int) engine.Zone {
	return engine.Zone{
		ID: "station", Kind: engine.ZoneLimit, Limit: limit, Shape: around(c.Center(), 60),
	}
}

// quota returns a level of a sector, which must exist.
func (h *hall) quota(sector string, level engine.Level) engine.Quota {
	h.tb.Helper()
	quotas, _, err := h.Quotas(h.tb.Context(), sector, "")
	if err != nil {
		h.tb.Fatal(err)
	}
	for _, q := range quotas {
		if q.Level == level {
			return q
		}
	}
	h.tb.Fatalf("sector %s has no level %s", sector, level)
	return engine.Quota{}
}
