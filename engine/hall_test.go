package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb"
	"github.com/stint-city/stint/engine/rdb/server"
	"github.com/stint-city/stint/geo"
)

// handClock tells the time that a test set.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// hall is the made town with an engine of its own. In each of the six outer cells the operators
// green and red may have five vehicles each, in the middle one fifteen each: 45 each, 90 in all.
type hall struct {
	*engine.Engine
	tb     testing.TB
	clock  *handClock
	store  engine.Store
	city   *engine.Snapshot
	plan   *engine.Plan
	middle geo.Cell
	outer  []geo.Cell
}

// noon is when every test begins.
func noon() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

// mayor may do everything.
func mayor() engine.Actor { return engine.Actor{ID: "mayor", Role: engine.RoleAdmin} }

// newHall returns the town with its plan in force; changes are made to the engine's configuration.
func newHall(tb testing.TB, zones []engine.Zone, changes ...func(*engine.Config)) *hall {
	tb.Helper()
	city := town(tb)
	city.City.Resolution = 9
	city.Operators = []engine.Operator{operator("green", -1), operator("red", -1)}
	city.Sheets[0], city.Sheets[1] = sheet("green", 0.8), sheet("red", 0.8)
	h := newHallOf(tb, city, zones, changes...)
	for _, c := range h.plan.Sectors[0].Cells {
		if c.Total == 30 {
			h.middle = c.Cell
		}
	}
	h.outer = h.middle.Ring(1)
	return h
}

// newHallOf returns a city with its plan in force.
func newHallOf(
	tb testing.TB, city *engine.Snapshot, zones []engine.Zone, changes ...func(*engine.Config),
) *hall {
	tb.Helper()
	h := &hall{tb: tb, clock: &handClock{now: noon()}, city: city}
	config := engine.Config{City: city.City.ID, Store: mem.New(), Clock: h.clock}
	for _, change := range changes {
		change(&config)
	}
	h.store = config.Store
	var err error
	if h.Engine, err = engine.New(config); err != nil {
		tb.Fatal(err)
	}
	h.publish(zones)
	return h
}

// publish decides on the city as it is and puts the plan in force.
func (h *hall) publish(zones []engine.Zone) {
	h.tb.Helper()
	plan, err := engine.Decide(h.city, engine.Options{})
	if err == nil {
		_, err = plan.Seal()
	}
	if err != nil {
		h.tb.Fatal(err)
	}
	p, err := h.Draft(h.tb.Context(), mayor(), plan, zones, engine.Terms{})
	if err == nil {
		_, err = h.Enforce(h.tb.Context(), mayor(), p.ID, "a test")
	}
	if err != nil {
		h.tb.Fatal(err)
	}
	h.plan = plan
}

// ask is a placement of n vehicles of green in the middle of a cell.
func ask(key string, c geo.Cell, n int) engine.Placement {
	return engine.Placement{Operator: "green", Sector: "bike", Key: key, At: c.Center(), N: n}
}

// place is a placement that must be granted.
func (h *hall) place(p engine.Placement) engine.Grant {
	h.tb.Helper()
	g, err := h.Place(h.tb.Context(), p)
	if err != nil {
		h.tb.Fatalf("place %d of %s by %s: %v", p.N, p.Operator, p.Key, err)
	}
	return g
}

// around is a square of some metres around a point.
func around(p geo.LatLng, metres float64) geo.MultiPolygon {
	d := metres / 2 / 111_000
	return geo.MultiPolygon{{{
		{Lat: p.Lat - d, Lng: p.Lng - d},
		{Lat: p.Lat - d, Lng: p.Lng + d},
		{Lat: p.Lat + d, Lng: p.Lng + d},
		{Lat: p.Lat + d, Lng: p.Lng - d},
		{Lat: p.Lat - d, Lng: p.Lng - d},
	}}}
}

// onEachStore runs a test on a store in memory and on Redis, where a server is at hand.
func onEachStore(t *testing.T, test func(t *testing.T, on func(*engine.Config))) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, func(*engine.Config) {}) })
	t.Run("redis", func(t *testing.T) {
		s, err := server.Start(t.Context(), server.Options{Dir: t.TempDir()})
		if errors.Is(err, server.ErrNoServer) {
			t.Skip("NOT TESTED ON REDIS: no redis-server or valkey-server on PATH")
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		})
		store, err := rdb.Open(t.Context(), s.URL(), rdb.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		test(t, func(c *engine.Config) { c.Store = store })
	})
}
