package engine_test

import (
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/quota"
)

// divided is the hall's city with its cells in the east or the west: the first outer cell is in the
// one that is named, all others in the west.
func (h *hall) divided(first string) *engine.Snapshot {
	city := *h.city
	city.Districts = []engine.District{{ID: "east"}, {ID: "west"}}
	city.Sectors = append([]engine.Sector(nil), city.Sectors...)
	s := &city.Sectors[0]
	s.Nodes = []quota.Node{
		{ID: "town", Parent: -1, Cap: -1},
		{ID: "east", Parent: 0, Cap: -1},
		{ID: "west", Parent: 0, Cap: -1},
	}
	n := city.Grid.Len()
	s.NodeOf, city.DistrictOf = make([]int, n), make([]int, n)
	for i := range n {
		s.NodeOf[i], city.DistrictOf[i] = 2, 1
		if city.Grid.Cell(i) == h.outer[0] && first == "east" {
			s.NodeOf[i], city.DistrictOf[i] = 1, 0
		}
	}
	return &city
}

// alsoScooters is the hall's city with a second sector like the first.
func (h *hall) alsoScooters() *engine.Snapshot {
	city := *h.city
	second := city.Sectors[0]
	second.ID = "scooter"
	city.Sectors = append(append([]engine.Sector(nil), city.Sectors...), second)
	city.Operators = append([]engine.Operator(nil), city.Operators...)
	for k := range city.Operators {
		o := &city.Operators[k]
		o.Previous, o.Request = append(o.Previous, o.Previous[0]), append(o.Request, o.Request[0])
		o.Licensed = append(o.Licensed, o.Licensed[0])
	}
	return &city
}

func TestAPlanWithOtherDistrictsCountsWhatStandsThere(t *testing.T) {
	h := newHall(t, nil)
	h.inForce(h.divided("east"), nil, engine.Terms{})
	h.place(ask("a", h.outer[0], 3))
	held := ask("b", h.outer[0], 2)
	held.Reserve = true
	h.place(held)
	east, west := engine.DistrictLevel("east"), engine.DistrictLevel("west")
	if q := h.quota("bike", east); q.Cap != 10 || q.Standing != 3 || q.Held != 2 || q.Room != 5 {
		t.Fatalf("the east is %+v", q)
	}
	h.inForce(h.divided("west"), nil, engine.Terms{})
	if q := h.quota("bike", west); q.Cap != 90 || q.Standing != 3 || q.Held != 2 || q.Room != 85 {
		t.Errorf("the west is %+v", q)
	}
	own := engine.OperatorDistrictLevel("west", "green")
	if q := h.quota("bike", own); q.Cap != 45 || q.Standing != 3 || q.Held != 2 {
		t.Errorf("green in the west is %+v", q)
	}
	h.removes("r", "green:a", 0)
	if q := h.quota("bike", west); q.Standing != 0 || q.Held != 2 {
		t.Errorf("the west is %+v after the removal", q)
	}
	h.holds()
}

func TestOtherZonesCountWhatStandsThere(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("a", h.outer[2], 4))
	before := h.InForce().Epoch
	if err := h.SetZones(t.Context(), mayor(), []engine.Zone{station(h.outer[2], 5)}); err != nil {
		t.Fatal(err)
	}
	now := h.InForce()
	if now.Epoch <= before || now.Plan.ID != h.plan.ID {
		t.Errorf("in force is %s since %d, before since %d", now.Plan.ID, now.Epoch, before)
	}
	if p := h.Publications()[0]; p.Stage != engine.StageEffective {
		t.Errorf("the plan is %s", p.Stage)
	}
	if q := h.quota("bike", "z:station"); q.Standing != 4 || q.Room != 1 {
		t.Errorf("the station is %+v", q)
	}
	red := ask("b", h.outer[2], 2)
	red.Operator = "red"
	_, err := h.Place(t.Context(), red)
	if no := refused(t, err); no.Rule != engine.RuleZoneFull {
		t.Errorf("refused by %s", no.Rule)
	}
	if err := h.SetZones(t.Context(), mayor(), nil); err != nil {
		t.Fatal(err)
	}
	h.place(red)
	h.holds()
}

// A publication without zones leaves those in force; one with an empty list takes them away.
func TestZonesStayUnlessThePublicationHasItsOwn(t *testing.T) {
	h := newHall(t, nil)
	h.publish([]engine.Zone{station(h.outer[0], 2)})
	zones := func() int { return len(h.ZonesInForce(h.clock.Now())) }
	h.inForce(h.city, nil, engine.Terms{})
	if n := zones(); n != 1 {
		t.Errorf("%d zones after a publication without, want the 1 of before", n)
	}
	h.inForce(h.city, []engine.Zone{}, engine.Terms{})
	if n := zones(); n != 0 {
		t.Errorf("%d zones after a publication of none", n)
	}
}

// An event's zone counts what stands in it from its first moment to its last, whether or not the
// engine had its turn in between.
func TestAZoneOpensAndCloses(t *testing.T) {
	for name, turn := range map[string]bool{"with a turn of the engine": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, nil)
			event := station(h.outer[0], 5)
			event.From, event.Until = noon().Add(time.Hour), noon().Add(2*time.Hour)
			h.publish([]engine.Zone{event})
			h.place(ask("a", h.outer[0], 3))
			pass := func(d time.Duration) {
				h.clock.advance(d)
				if turn {
					h.enact()
				}
			}
			red := func(key string, n int) error {
				p := ask(key, h.outer[0], n)
				p.Operator = "red"
				_, err := h.Place(t.Context(), p)
				return err
			}
			pass(time.Hour - time.Millisecond)
			if err := red("before", 1); err != nil {
				t.Fatal(err)
			}
			pass(time.Millisecond) // 4 of 5 are taken
			if no := refused(t, red("during", 2)); no.Rule != engine.RuleZoneFull || *no.Room != 1 {
				t.Errorf("refused %+v, want by the zone with room for 1", no)
			}
			if err := red("last", 1); err != nil {
				t.Fatal(err)
			}
			h.enact()
			if q := h.quota("bike", "z:station"); q.Standing != 5 {
				t.Errorf("the zone is %+v", q)
			}
			pass(time.Hour)
			if err := red("after", 2); err != nil {
				t.Error(err)
			}
			h.enact()
			if q := h.quota("bike", "z:station"); q.Standing != 0 {
				t.Errorf("the zone is %+v when it is over", q)
			}
			h.holds()
		})
	}
}

// A sector that a plan drops grants nothing; what stands there is ordered away and can be removed.
func TestAPlanWithoutASectorClosesIt(t *testing.T) {
	h := newHall(t, nil)
	h.inForce(h.alsoScooters(), nil, engine.Terms{})
	scooter := ask("s", h.middle, 6)
	scooter.Sector = "scooter"
	h.place(scooter)
	h.inForce(h.city, nil, engine.Terms{})
	scooter.Key = "s2"
	_, err := h.Place(t.Context(), scooter)
	if no := refused(t, err); no.Rule != engine.RuleUnknownSector {
		t.Errorf("refused by %s", no.Rule)
	}
	var ordered int
	for _, o := range h.Orders("green") {
		if o.Sector == "scooter" && o.Level == engine.OperatorLevel("green") {
			ordered = o.Excess
		}
	}
	if ordered != 6 {
		t.Errorf("green is ordered to remove %d scooters, want 6", ordered)
	}
	must[engine.Grant](t)(h.Settle(t.Context(), engine.Settlement{
		Verb: engine.Remove, Operator: "green", Sector: "scooter", Key: "r", Placement: "green:s",
	}))
	h.enact()
	if open := excess(h.Orders(""), true); len(open) != 0 {
		t.Errorf("with nothing left, open are %v", open)
	}
	h.inForce(h.alsoScooters(), nil, engine.Terms{})
	h.place(scooter)
	h.holds()
}
