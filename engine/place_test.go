package engine_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// refused is an error that must be a refusal with a sentence in the catalogue.
func refused(tb testing.TB, err error) *engine.Refusal {
	tb.Helper()
	var no *engine.Refusal
	if !errors.As(err, &no) {
		tb.Fatalf("got %v, want a refusal", err)
	}
	id, args := no.Message()
	if err := lang.M(id, args...).Check(); err != nil {
		tb.Error(err)
	}
	return no
}

func TestPlace(t *testing.T) {
	h := newHall(t, nil)
	got := h.place(ask("a", h.middle, 4))
	want := engine.Grant{
		ID: "green:a", Placement: "green:a", Operator: "green", Sector: "bike",
		Verb: engine.Place, State: engine.Standing, N: 4, Left: 11, Cell: h.middle,
		Since: noon(), Epoch: h.InForce().Epoch,
	}
	ignore := cmpopts.IgnoreFields(engine.Grant{}, "At")
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("Place (-want +got):\n%s", diff)
	}
	again := h.place(ask("a", h.middle, 4))
	got.Replayed = true
	if diff := cmp.Diff(got, again); diff != "" {
		t.Errorf("the retry is told another answer (-first +again):\n%s", diff)
	}
	_, err := h.Place(t.Context(), ask("a", h.middle, 5))
	if no := refused(t, err); no.Rule != engine.RuleMismatch {
		t.Errorf("the key with another body gives %s", no.Rule)
	}
}

func TestPlaceRefuses(t *testing.T) {
	h := newHall(t, nil)
	banned, strict, limited := h.outer[0], h.outer[1], h.outer[2]
	spot := strict.Center()
	spot.Lat += 0.0003
	event := engine.Zone{
		ID: "match", Kind: engine.ZoneBan, Shape: around(h.outer[3].Center(), 60),
		From: noon().Add(-time.Hour), Until: noon().Add(time.Hour),
	}
	over := event
	over.ID, over.Until = "over", noon()
	over.Shape = around(h.outer[4].Center(), 60)
	scooters := event
	scooters.ID, scooters.Sectors = "scooters", []string{"scooter"}
	scooters.Shape = around(h.outer[4].Center(), 60)
	zones := []engine.Zone{
		{ID: "school", Kind: engine.ZoneBan, Shape: around(banned.Center(), 60)},
		{ID: "old-town", Kind: engine.ZoneStrict, Shape: around(strict.Center(), 120)},
		{ID: "rack", Kind: engine.ZoneSpot, Shape: around(spot, 10)},
		{ID: "station", Kind: engine.ZoneLimit, Limit: 2, Shape: around(limited.Center(), 60)},
		event, over, scooters,
	}
	h.publish(zones)
	with := func(p engine.Placement, change func(*engine.Placement)) engine.Placement {
		change(&p)
		return p
	}
	two, five, fifteen := 2, 5, 15
	tests := map[string]struct {
		ask  engine.Placement
		want engine.Refusal // Try aside
		try  int
	}{
		"more than the operator has in a cell": {
			ask("1", h.outer[4], 6),
			engine.Refusal{
				Rule: engine.RuleCellOperatorFull, Tier: engine.TierCellOperator,
				Of: h.outer[4].String(), Room: &five, Cell: h.outer[4],
			},
			1,
		},
		"nowhere is room for sixteen": {
			ask("2", h.middle, 16),
			engine.Refusal{
				Rule: engine.RuleCellOperatorFull, Tier: engine.TierCellOperator,
				Of: h.middle.String(), Room: &fifteen, Cell: h.middle,
			},
			0,
		},
		"a ban": {
			ask("3", banned, 1),
			engine.Refusal{Rule: engine.RuleNoParking, Of: "school", Cell: banned},
			4,
		},
		"a ban for the time of a match": {
			ask("4", h.outer[3], 1),
			engine.Refusal{Rule: engine.RuleNoParking, Of: "match", Cell: h.outer[3]},
			4,
		},
		"beside the rack in the old town": {
			ask("5", strict, 1),
			engine.Refusal{Rule: engine.RuleSpotRequired, Of: "old-town", Cell: strict},
			4,
		},
		"more than the station takes": {
			ask("6", limited, 3),
			engine.Refusal{
				Rule: engine.RuleZoneFull, Tier: engine.TierZone, Of: "station", Room: &two,
				Cell: limited,
			},
			3,
		},
		"a sector there isn't": {
			with(ask("7", h.middle, 1), func(p *engine.Placement) { p.Sector = "boat" }),
			engine.Refusal{
				Rule: engine.RuleUnknownSector, Of: "boat", Known: []string{"bike"},
			},
			0,
		},
		"an operator that the plan doesn't know": {
			with(ask("8", h.middle, 1), func(p *engine.Placement) { p.Operator = "blue" }),
			engine.Refusal{Rule: engine.RuleUnlicensed, Of: "blue"},
			0,
		},
		"a plan that is no longer in force": {
			with(ask("9", h.middle, 1), func(p *engine.Placement) { p.Plan = "older" }),
			engine.Refusal{Rule: engine.RuleSuperseded, Of: h.plan.ID},
			0,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := h.Place(t.Context(), tt.ask)
			no := refused(t, err)
			aside := cmpopts.IgnoreFields(engine.Refusal{}, "Try")
			if diff := cmp.Diff(&tt.want, no, aside); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			if len(no.Try) != tt.try {
				t.Errorf("names %d other cells, want %d: %v", len(no.Try), tt.try, no.Try)
			}
		})
	}
	t.Run("outside the city", func(t *testing.T) {
		far := h.middle.Ring(3)[0]
		_, err := h.Place(t.Context(), ask("10", far, 5))
		no := refused(t, err)
		if no.Rule != engine.RuleOutsideCity || no.Of != "town" || no.Cell != far ||
			len(no.Try) == 0 {
			t.Errorf("got %+v", no)
		}
	})
	t.Run("what doesn't hold now or here refuses nothing", func(t *testing.T) {
		h.place(ask("11", h.outer[4], 1))
		at := ask("12", strict, 1)
		at.At = spot
		h.place(at)
	})
	t.Run("no plan yet", func(t *testing.T) {
		e, err := engine.New(engine.Config{City: "other", Store: h.store})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Place(t.Context(), ask("13", h.middle, 1))
		if no := refused(t, err); no.Rule != engine.RuleNoPlan {
			t.Errorf("got %s", no.Rule)
		}
	})
}

// TestTryIsNearestFirst: where the middle is full for an ask of five, the six cells around it have
// room, of which five are told, nearest to the point first.
func TestTryIsNearestFirst(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("fill", h.middle, 15))
	p := ask("more", h.middle, 5)
	p.At = geo.LatLng{ // to the decimals that are kept
		Lat: math.Round(p.At.Lat*1e6+400) / 1e6, Lng: math.Round(p.At.Lng*1e6) / 1e6,
	}
	_, err := h.Place(t.Context(), p)
	no := refused(t, err)
	if len(no.Try) != 5 {
		t.Fatalf("names %d cells, want 5", len(no.Try))
	}
	last := 0.0
	for _, near := range no.Try {
		if want := geo.Distance(p.At, near.Center); near.Metres != want || near.Metres < last {
			t.Errorf("cell %s is %v m away after %v m, want %v", near.Cell, near.Metres, last, want)
		}
		if near.Room != 5 {
			t.Errorf("cell %s has room for %d, want 5", near.Cell, near.Room)
		}
		last = near.Metres
	}
	for _, c := range h.outer {
		if geo.Distance(p.At, c.Center()) > last {
			continue
		}
		if !containsCell(no.Try, c) {
			t.Errorf("cell %s is nearer than the last one told, and isn't told", c)
		}
	}
}

func containsCell(list []engine.Near, c geo.Cell) bool {
	for _, near := range list {
		if near.Cell == c {
			return true
		}
	}
	return false
}

func TestPlaceChecksTheQuestion(t *testing.T) {
	h := newHall(t, nil)
	tests := map[string]struct {
		change func(*engine.Placement)
		code   string
	}{
		"no vehicles":        {func(p *engine.Placement) { p.N = 0 }, "n"},
		"too many vehicles":  {func(p *engine.Placement) { p.N = engine.MaxVehicles + 1 }, "n"},
		"no key":             {func(p *engine.Placement) { p.Key = "" }, "key"},
		"a key with a bar":   {func(p *engine.Placement) { p.Key = "a|b" }, "key"},
		"no operator":        {func(p *engine.Placement) { p.Operator = "" }, "operator"},
		"another's name":     {func(p *engine.Placement) { p.Operator = "green:x" }, "operator"},
		"a hold of two days": {func(p *engine.Placement) { p.Hold = 48 * time.Hour }, "hold"},
		"not a number":       {func(p *engine.Placement) { p.At.Lat = math.NaN() }, "not-finite"},
		"endless":            {func(p *engine.Placement) { p.At.Lng = math.Inf(1) }, "not-finite"},
		"latitude last": {
			func(p *engine.Placement) { p.At = geo.LatLng{Lat: 118.1, Lng: 24.5} }, "swapped",
		},
		"nowhere on Earth":    {func(p *engine.Placement) { p.At.Lng = 181 }, "range"},
		"a hold before today": {func(p *engine.Placement) { p.Hold = -1 }, "hold"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := ask("k", h.middle, 1)
			tt.change(&p)
			_, err := h.Place(t.Context(), p)
			var got *engine.AskError
			if !errors.As(err, &got) || !errors.Is(err, engine.ErrAsk) || got.Code != tt.code {
				t.Fatalf("got %v, want the code %q", err, tt.code)
			}
			if err := lang.M("ask."+got.Code, got.Args...).Check(); err != nil {
				t.Error(err)
			}
		})
	}
}
