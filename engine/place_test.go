package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
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
			}, 1,
		},
		"nowhere is room for sixteen": {
			ask("2", h.middle, 16),
			engine.Refusal{
				Rule: engine.RuleCellOperatorFull, Tier: engine.TierCellOperator,
				Of: h.middle.String(), Room: &fifteen, Cell: h.middle,
			}, 0,
		},
		"a ban": {
			ask("3", banned, 1),
			engine.Refusal{Rule: engine.RuleNoParking, Of: "school", Cell: banned}, 4,
		},
		"a ban for the time of a match": {
			ask("4", h.outer[3], 1),
			engine.Refusal{Rule: engine.RuleNoParking, Of: "match", Cell: h.outer[3]}, 4,
		},
		"beside the rack in the old town": {
			ask("5", strict, 1),
			engine.Refusal{Rule: engine.RuleSpotRequired, Of: "old-town", Cell: strict}, 4,
		},
		"more than the station takes": {
			ask("6", limited, 3),
			engine.Refusal{
				Rule: engine.RuleZoneFull, Tier: engine.TierZone, Of: "station", Room: &two,
				Cell: limited,
			}, 3,
		},
		"a sector there isn't": {
			with(ask("7", h.middle, 1), func(p *engine.Placement) { p.Sector = "boat" }),
			engine.Refusal{
				Rule: engine.RuleUnknownSector, Of: "boat", Known: []string{"bike"},
			}, 0,
		},
		"an operator that the plan doesn't know": {
			with(ask("8", h.middle, 1), func(p *engine.Placement) { p.Operator = "blue" }),
			engine.Refusal{Rule: engine.RuleUnlicensed, Of: "blue"}, 0,
		},
		"a plan that is no longer in force": {
			with(ask("9", h.middle, 1), func(p *engine.Placement) { p.Plan = "older" }),
			engine.Refusal{Rule: engine.RuleSuperseded, Of: h.plan.ID}, 0,
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

// TestLifeOfAPlacement: reserve 5, commit 3 of them, move 2, remove the last one.
func TestLifeOfAPlacement(t *testing.T) {
	h := newHall(t, nil)
	p := ask("hold", h.outer[0], 5)
	p.Reserve, p.Hold = true, time.Minute
	g := h.place(p)
	if g.State != engine.Held || !g.Expires.Equal(noon().Add(time.Minute)) {
		t.Fatalf("got %+v, want a lease of a minute", g)
	}
	step := func(s engine.Settlement) engine.Grant {
		t.Helper()
		s.Operator, s.Sector = "green", "bike"
		g, err := h.Settle(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	if g := step(engine.Settlement{
		Verb: engine.Commit, Key: "commit", Placement: "green:hold", N: 3,
	}); g.N != 3 || g.Left != 3 {
		t.Errorf("commits %d, %d left, want 3 and 3", g.N, g.Left)
	}
	moved := step(engine.Settlement{
		Verb: engine.Move, Key: "move", Placement: "green:hold", N: 2, To: h.middle.Center(),
	})
	if moved.Cell != h.middle || moved.N != 2 || moved.Left != 13 {
		t.Errorf("moved %+v", moved)
	}
	if g := step(engine.Settlement{
		Verb: engine.Remove, Key: "remove", Placement: "green:hold",
	}); g.N != 1 || g.Left != 0 {
		t.Errorf("removes %d, %d left, want 1 and 0", g.N, g.Left)
	}
	for name, tt := range map[string]struct {
		s    engine.Settlement
		want engine.Rule
	}{
		"what is gone can't be removed": {
			engine.Settlement{Verb: engine.Remove, Key: "2", Placement: "green:hold"},
			engine.RuleNotStood,
		},
		"another's placement is unknown": {
			engine.Settlement{Verb: engine.Remove, Key: "3", Placement: "red:hold"},
			engine.RuleUnknown,
		},
		"a name that no placement has is unknown": {
			engine.Settlement{Verb: engine.Remove, Key: "4", Placement: "a|b,c"},
			engine.RuleUnknown,
		},
		"more than there is": {
			engine.Settlement{Verb: engine.Remove, Key: "5", Placement: "green:move", N: 3},
			engine.RuleTooMany,
		},
		"what stands can't be released": {
			engine.Settlement{Verb: engine.Release, Key: "6", Placement: "green:move"},
			engine.RuleNotHeld,
		},
		"to where it stands": {
			engine.Settlement{
				Verb: engine.Move, Key: "7", Placement: "green:move", To: h.middle.Center(),
			},
			engine.RuleSamePlace,
		},
	} {
		tt.s.Operator, tt.s.Sector = "green", "bike"
		_, err := h.Settle(t.Context(), tt.s)
		if no := refused(t, err); no.Rule != tt.want {
			t.Errorf("%s: got %s, want %s", name, no.Rule, tt.want)
		}
	}
}

// TestRetryIsToldTheFirstAnswer whatever has come since: a ban, another plan, the vehicles' end.
func TestRetryIsToldTheFirstAnswer(t *testing.T) {
	h := newHall(t, nil)
	first := h.place(ask("k", h.middle, 2))
	ban := engine.Zone{ID: "ban", Kind: engine.ZoneBan, Shape: around(h.middle.Center(), 200)}
	if err := h.SetZones(t.Context(), mayor(), []engine.Zone{ban}); err != nil {
		t.Fatal(err)
	}
	again := h.place(ask("k", h.middle, 2))
	first.Replayed = true
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the retry is told another answer (-first +again):\n%s", diff)
	}
	_, err := h.Place(t.Context(), ask("k", h.middle, 3))
	if no := refused(t, err); no.Rule != engine.RuleMismatch {
		t.Errorf("the key with another body gives %s", no.Rule)
	}
	_, err = h.Place(t.Context(), ask("new", h.middle, 2))
	if no := refused(t, err); no.Rule != engine.RuleNoParking {
		t.Errorf("a new ask gives %s", no.Rule)
	}
}

// TestAnotherEnginesPublication: an engine that hasn't read the log yet learns of it by being
// refused, and answers under it.
func TestAnotherEnginesPublication(t *testing.T) {
	h := newHall(t, nil)
	other, err := engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock})
	if err != nil {
		t.Fatal(err)
	}
	before := other.InForce().Epoch
	h.city.Sectors[0].Max = 70
	h.publish(nil)
	g, err := other.Place(t.Context(), ask("k", h.middle, 1))
	if err != nil {
		t.Fatal(err)
	}
	if g.Epoch <= before || g.Epoch != h.InForce().Epoch {
		t.Errorf("granted under %d, want %d", g.Epoch, h.InForce().Epoch)
	}
}

// TestPlaceAll: each ask is answered on its own, and later ones see what earlier ones took.
func TestPlaceAll(t *testing.T) {
	h := newHall(t, nil)
	boat := ask("d", h.middle, 1)
	boat.Sector = "boat"
	outcomes, err := h.PlaceAll(t.Context(), []engine.Placement{
		ask("a", h.outer[0], 3), ask("b", h.outer[0], 3), ask("c", h.outer[0], 2), boat,
		ask("", h.middle, 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range outcomes {
		var no *engine.Refusal
		switch {
		case o.Err == nil:
			got = append(got, fmt.Sprint(o.Grant.N))
		case errors.As(o.Err, &no):
			got = append(got, string(no.Rule))
		default:
			got = append(got, "error")
		}
	}
	want := []string{"3", "cell-operator-full", "2", "unknown-sector", "error"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("PlaceAll (-want +got):\n%s", diff)
	}
	granted, refusals := h.Counts()
	if granted != 2 || refusals[engine.RuleCellOperatorFull] != 1 || len(refusals) != 2 {
		t.Errorf("counts %d granted, %v refused", granted, refusals)
	}
}

// TestPoolIsDrawnAsNeeded: a pool of 22 for both operators, drawn in chunks of 4, serves asks
// larger than a chunk and whole batches to its last vehicle, and no further.
func TestPoolIsDrawnAsNeeded(t *testing.T) {
	h := newHall(t, nil, func(c *engine.Config) { c.Chunk = 4 })
	if err := h.SetPool(t.Context(), mayor(), engine.Pool{ID: "region", Cap: 22}); err != nil {
		t.Fatal(err)
	}
	h.place(ask("big", h.middle, 15))
	outcomes, err := h.PlaceAll(t.Context(), []engine.Placement{
		ask("1", h.outer[0], 2), ask("2", h.outer[1], 2), ask("3", h.outer[2], 2),
		ask("4", h.outer[3], 2), ask("5", h.outer[4], 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	total := 15
	for _, o := range outcomes {
		if o.Err == nil {
			total += o.Grant.N
		} else if no := refused(t, o.Err); no.Rule != engine.RulePoolFull || no.Of != "region" {
			t.Errorf("refused by %s of %s", no.Rule, no.Of)
		}
	}
	if total != 22 {
		t.Errorf("%d vehicles stand, want the pool's 22", total)
	}
}

// TestCrowd: 32 askers at once, whose asks overlap in every tier, never get more than there is.
func TestCrowd(t *testing.T) {
	h := newHall(t, nil, func(c *engine.Config) { c.Chunk = 3 })
	if err := h.SetPool(t.Context(), mayor(), engine.Pool{ID: "region", Cap: 40}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	granted := 0
	var wg sync.WaitGroup
	for w := range 32 {
		wg.Go(func() {
			for i := range 8 {
				p := ask(fmt.Sprintf("%d-%d", w, i), h.outer[(w+i)%6], 1+i%2)
				if w%2 == 0 {
					p.Operator = "red"
				}
				if g, err := h.Place(context.Background(), p); err == nil {
					mu.Lock()
					granted += g.N
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	quotas, _, err := h.Quotas(t.Context(), "bike", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range quotas {
		if q.Room < 0 || q.Room != q.Cap-q.Standing-q.Held {
			t.Errorf("level %s: %+v", q.Level, q)
		}
		if q.Level == engine.CityLevel && q.Standing != granted {
			t.Errorf("%d stand, %d were granted", q.Standing, granted)
		}
	}
	if granted != 40 {
		t.Errorf("%d granted, want the pool's 40", granted)
	}
}
