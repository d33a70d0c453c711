package web

import (
	"math"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// middle is the centre of the made town.
var middle = geo.LatLng{Lat: 12, Lng: -140}

// snapshot returns a made town of seven cells: six carry ten vehicles each and the middle one
// thirty, two operators score alike, and demand never runs out. So each operator may have five
// vehicles in each outer cell and fifteen in the middle.
func snapshot(tb testing.TB) *engine.Snapshot {
	tb.Helper()
	center, err := geo.CellAt(middle, 9)
	if err != nil {
		tb.Fatal(err)
	}
	grid, err := geo.NewGrid(append(center.Ring(1), center))
	if err != nil {
		tb.Fatal(err)
	}
	n := grid.Len()
	s := engine.Sector{
		ID: "bike", Name: engine.Name{En: "Bicycles", Zh: "单车"},
		Limits: quota.Limits{
			Footprint: 1.2, Usable: quota.Range{Low: 0.8, Mid: 1, High: 1}, SpaceShare: 1,
			Available: 1,
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
		if grid.Cell(i) == center {
			parking = 36
		}
		s.Space[i] = quota.Space{
			Parking: parking, Sidewalk: math.NaN(), Area: grid.Cell(i).Area(), Cap: -1, Zone: -1,
		}
		for h := range s.Observed.Events[i] {
			s.Observed.Events[i][h] = 500
		}
	}
	sheet := func(id string) scoring.Sheet {
		return scoring.Sheet{Operator: id, Values: []scoring.Value{
			{Indicator: "rate", Value: 0.8, Known: true},
		}}
	}
	operator := func(id string) engine.Operator {
		return engine.Operator{
			ID: id, Licensed: []bool{true}, Previous: []int{-1}, Request: []int{-1},
		}
	}
	return &engine.Snapshot{
		City: engine.City{ID: "town", Name: engine.Name{En: "Town"}, Resolution: 9, TieSeed: 7},
		Grid: grid, DistrictOf: make([]int, n), Districts: []engine.District{{ID: "town"}},
		Sectors:   []engine.Sector{s},
		Operators: []engine.Operator{operator("blue"), operator("green")},
		Rubric: scoring.Rubric{ID: "r", Pass: math.NaN(), Indicators: []scoring.Indicator{{
			ID: "rate", Higher: true, Weight: 1, Linear: &scoring.Linear{Zero: 0, Full: 1},
			Missing: scoring.MissingUnknown,
		}}},
		Sheets: []scoring.Sheet{sheet("blue"), sheet("green")},
	}
}

// town is a server on a store in memory, and who may ask it.
type town struct {
	server *Server
	engine *engine.Engine
	plan   *engine.Plan
	tokens map[string]string // by name: admin, officer, planner, blue, green, citizen
}

var townSecret = []byte("a secret of thirty-two bytes or more")

// newTown returns a town with its plan in force.
func newTown(tb testing.TB, changes ...func(*Config)) *town {
	tb.Helper()
	plan, err := engine.Decide(snapshot(tb), engine.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	store := mem.New()
	e, err := engine.New(engine.Config{City: "town", Store: store})
	if err != nil {
		tb.Fatal(err)
	}
	auth, err := NewAuth(tb.Context(), AuthConfig{Secret: townSecret})
	if err != nil {
		tb.Fatal(err)
	}
	config := Config{Engine: e, Events: store, Auth: auth, Rate: -1}
	for _, change := range changes {
		change(&config)
	}
	t := &town{server: New(config), engine: e, plan: plan, tokens: map[string]string{}}
	for name, claims := range map[string]jwt.MapClaims{
		"admin":   {"role": "bureau-admin"},
		"officer": {"role": "bureau-officer"},
		"planner": {"role": "planner"},
		"blue":    {"role": "operator", "operator": "blue"},
		"green":   {"role": "operator", "operator": "green"},
		"citizen": {"role": "public"},
	} {
		claims["sub"], claims["exp"] = name, engine.SystemClock{}.Now().Add(time.Hour).Unix()
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(townSecret)
		if err != nil {
			tb.Fatal(err)
		}
		t.tokens[name] = "Bearer " + signed
	}
	t.enact(tb)
	return t
}

// enact puts the town's plan in force.
func (t *town) enact(tb testing.TB) {
	tb.Helper()
	head := engine.Actor{ID: "admin", Role: engine.RoleAdmin}
	p, err := t.engine.Draft(tb.Context(), head, t.plan, nil, engine.Terms{})
	if err == nil {
		p, err = t.engine.Announce(tb.Context(), head, p.ID, engine.Terms{})
	}
	if err == nil {
		_, err = t.engine.Finalize(tb.Context(), head, p.ID, "a test")
	}
	if err != nil {
		tb.Fatal(err)
	}
}
