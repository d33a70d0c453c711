package engine_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// town returns a made town of seven cells: six carry ten vehicles each and the middle one thirty,
// two operators score 80 and 40, and demand never runs out.
func town(tb testing.TB) *engine.Snapshot {
	tb.Helper()
	middle, err := geo.CellAt(geo.LatLng{Lat: 12, Lng: -140}, 9)
	if err != nil {
		tb.Fatal(err)
	}
	grid, err := geo.NewGrid(append(middle.Ring(1), middle))
	if err != nil {
		tb.Fatal(err)
	}
	n := grid.Len()
	s := engine.Sector{
		ID: "bike",
		Limits: quota.Limits{
			Footprint: 1.2, Usable: quota.Range{Low: 0.8, Mid: 1, High: 1}, SpaceShare: 1, Available: 1,
		},
		Service:     quota.Service{Model: quota.ModelErlang, CycleHours: 1},
		DailyFactor: 1, Max: -1,
		Space: make([]quota.Space, n), Floors: make([]int, n), NodeOf: make([]int, n),
		Observed: quota.Observed{Events: make([]quota.HourCounts, n)},
		Nodes:    []quota.Node{{ID: "town", Parent: -1, Cap: -1}},
		Rules:    merit.Rules{ID: "p", Base: merit.BaseEqual, Exponent: 1},
		Matrix:   engine.MatrixRules{Claims: "equal", LocalMaxShare: 1},
	}
	for h := range s.Observed.Hours {
		s.Observed.Hours[h] = 1
	}
	for i := range n {
		parking := 12.0
		if grid.Cell(i) == middle {
			parking = 36
		}
		s.Space[i] = quota.Space{
			Parking: parking, Sidewalk: math.NaN(), Area: grid.Cell(i).Area(), Cap: -1, Zone: -1,
		}
		for h := range s.Observed.Events[i] {
			s.Observed.Events[i][h] = 500
		}
	}
	return &engine.Snapshot{
		City: engine.City{ID: "town", Name: engine.Name{En: "Town"}, TieSeed: 7},
		Grid: grid, DistrictOf: make([]int, n), Districts: []engine.District{{ID: "town"}},
		Sectors: []engine.Sector{s},
		Operators: []engine.Operator{
			operator("a", -1), operator("b", -1),
		},
		Rubric: scoring.Rubric{ID: "r", Pass: math.NaN(), Indicators: []scoring.Indicator{{
			ID: "rate", Higher: true, Weight: 1, Linear: &scoring.Linear{Zero: 0, Full: 1},
			Missing: scoring.MissingUnknown,
		}}},
		Sheets: []scoring.Sheet{sheet("a", 0.8), sheet("b", 0.4)},
	}
}

// quiet leaves one trip an hour in each cell.
func quiet(s *engine.Snapshot) {
	for i := range s.Sectors[0].Observed.Events {
		for h := range s.Sectors[0].Observed.Events[i] {
			s.Sectors[0].Observed.Events[i][h] = 1
		}
	}
}

func operator(id string, request int) engine.Operator {
	return engine.Operator{
		ID: id, Licensed: []bool{true}, Previous: []int{-1}, Request: []int{request},
	}
}

func sheet(id string, value float64) scoring.Sheet {
	return scoring.Sheet{Operator: id, Values: []scoring.Value{
		{Indicator: "rate", Value: value, Known: true},
	}}
}

// fleets returns the operators' quotas in their order.
func fleets(p *engine.Plan) []int {
	var all []int
	for _, o := range p.Sectors[0].Operators {
		all = append(all, o.Quota)
	}
	return all
}

func TestDecide(t *testing.T) {
	tests := map[string]struct {
		change func(s *engine.Snapshot)
		total  int
		fleets []int // a, b
		reason string
	}{
		"ground sets the total and scores divide it": {
			func(*engine.Snapshot) {}, 90, []int{60, 30}, "capacity",
		},
		"the policy's maximum binds before the ground": {
			func(s *engine.Snapshot) { s.Sectors[0].Max = 60 }, 60, []int{40, 20}, "total",
		},
		"what one operator does not want goes to the other": {
			func(s *engine.Snapshot) { s.Operators[0].Request[0] = 50 }, 90, []int{50, 40}, "capacity",
		},
		"what nobody wants is not given": {
			func(s *engine.Snapshot) {
				s.Operators[0].Request[0], s.Operators[1].Request[0] = 20, 10
				s.Sectors[0].Rules.Unfilled = merit.UnfilledShrink
			}, 30, []int{20, 10}, "requests",
		},
		"a cap of the city node binds": {
			func(s *engine.Snapshot) { s.Sectors[0].Nodes[0].Cap = 30 }, 30, []int{20, 10}, "node",
		},
		"without a licence there is no quota": {
			func(s *engine.Snapshot) { s.Operators[1].Licensed[0] = false }, 90, []int{90, 0}, "capacity",
		},
		"a floor of the town beats the service level": {
			func(s *engine.Snapshot) {
				quiet(s)
				s.Sectors[0].Service.Level, s.Sectors[0].Nodes[0].Floor = 0.9, 40
			}, 40, []int{27, 13}, "service",
		},
		"ground that nobody knows has room for a floor": {
			func(s *engine.Snapshot) {
				quiet(s)
				s.Sectors[0].Observed.Hours = [quota.HoursOfWeek]float64{}
				s.Sectors[0].Nodes[0].Floor = 10
				for i := range s.Sectors[0].Space {
					s.Sectors[0].Space[i].Parking = math.NaN()
				}
			}, 10, []int{7, 3}, "benefit",
		},
		"an unknown score weighs as the mean of the known": {
			func(s *engine.Snapshot) { s.Sheets[1].Values = nil }, 90, []int{45, 45}, "capacity",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := town(t)
			tt.change(s)
			plan, err := engine.Decide(s, engine.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := plan.Sectors[0]
			if got.Total != tt.total || got.Reason != tt.reason {
				t.Errorf("total %d by %q, want %d by %q", got.Total, got.Reason, tt.total, tt.reason)
			}
			if diff := cmp.Diff(tt.fleets, fleets(plan)); diff != "" {
				t.Errorf("fleets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecideNamesWhatCannotBeMet(t *testing.T) {
	s := town(t)
	s.Sectors[0].Nodes[0].Floor = 100
	_, err := engine.Decide(s, engine.Options{})
	var floor *quota.InfeasibleError
	if !errors.As(err, &floor) {
		t.Fatalf("Decide: %v, want an infeasible floor", err)
	}
	if floor.Node != "town" || floor.Need != 100 || floor.Room != 90 || floor.Short != 10 {
		t.Errorf("got %+v, want town: 100 needed, 90 there, 10 short", floor)
	}
	var sector *engine.SectorError
	if !errors.As(err, &sector) || sector.Sector != "bike" {
		t.Errorf("the error %v does not name the sector", err)
	}
}

// TestDecideHolds draws towns at random: whatever the bureau asks for, a plan holds its invariants,
// is optimal, and does not depend on the order of operators.
func TestDecideHolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := town(t)
		sector := &s.Sectors[0]
		sector.Max = rapid.IntRange(0, 100).Draw(rt, "max")
		sector.MinBenefit = rapid.Float64Range(0, 30).Draw(rt, "min benefit")
		sector.Rules.Exponent = rapid.Float64Range(0, 3).Draw(rt, "exponent")
		sector.Matrix.LocalMaxShare = rapid.Float64Range(0.7, 1).Draw(rt, "local share")
		s.City.TieSeed = rapid.Uint64().Draw(rt, "seed")
		for i := range sector.Observed.Events {
			n := rapid.Int32Range(0, 40).Draw(rt, "trips an hour")
			for h := range sector.Observed.Events[i] {
				sector.Observed.Events[i][h] = n
			}
		}
		s.Sheets[0] = sheet("a", rapid.Float64Range(0.05, 1).Draw(rt, "score a"))
		s.Sheets[1] = sheet("b", rapid.Float64Range(0.05, 1).Draw(rt, "score b"))
		plan, err := engine.Decide(s, engine.Options{})
		if errors.Is(err, engine.ErrUnsound) {
			rt.Fatal(err)
		}
		if err != nil {
			return // the local share can leave no room for a large operator
		}
		if plan.Certificate.Gap != 0 {
			rt.Fatalf("gap %d", plan.Certificate.Gap)
		}
		s.Operators[0], s.Operators[1] = s.Operators[1], s.Operators[0]
		s.Sheets[0], s.Sheets[1] = s.Sheets[1], s.Sheets[0]
		turned, err := engine.Decide(s, engine.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := quotas(turned), quotas(plan); !cmp.Equal(got, want) {
			rt.Fatalf("the order of operators matters:\n%s", cmp.Diff(want, got))
		}
	})
}

// quotas returns every quota by cell and operator.
func quotas(p *engine.Plan) map[string]int {
	all := map[string]int{}
	for _, s := range p.Sectors {
		for _, c := range s.Cells {
			for k, o := range s.Operators {
				all[fmt.Sprint(s.ID, c.Cell, o.ID)] = c.Quotas[k]
			}
		}
	}
	return all
}

func TestSealIsTheHashOfTheRest(t *testing.T) {
	first, err := engine.Decide(town(t), engine.Options{Tool: "stint test"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := engine.Decide(town(t), engine.Options{Tool: "stint test"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := first.Seal()
	if err != nil {
		t.Fatal(err)
	}
	b, err := second.Seal()
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Error("the same snapshot gave other bytes")
	}
	first.City.ID = "elsewhere"
	if sealed, err := first.Sealed(); sealed || err != nil {
		t.Errorf("Sealed() = %v, %v after an edit, want false", sealed, err)
	}
}
