package simulations

import (
	"fmt"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/simulations/demand"
)

// Where a scenario's riders come from.
const (
	fromCity  = "city"  // what the city's data show: the bureau's own estimate
	fromFit   = "fit"   // the history, by its model
	fromTable = "table" // a table that stint sim fit wrote, or anybody
	fromTrace = "trace" // the history's rides as they were
	// fromStanding: the city knows what stands where and no rides; how often a vehicle is ridden is
	// the scenario's assumption.
	fromStanding = "standing"
)

// demandSource returns the demand of a town as a function of the mean of the law of distances.
func (s *Scenario) demandSource(
	snapshot *engine.Snapshot, at int, t *Town, p *past,
) (func(mean float64) *Demand, error) {
	switch s.Demand.Model {
	case fromFit:
		span := p.window(s.History.Fit)
		table, err := s.fit(p, span, t)
		if err != nil {
			return nil, err
		}
		return fitted(t, table.Rate, p.flows(span, t)), nil
	case fromTable:
		return p.tabled(t), nil
	case fromStanding:
		rates, err := s.standing(&snapshot.Sectors[at])
		if err != nil {
			return nil, err
		}
		return fitted(t, rates, make([][]toward, len(t.Cells))), nil
	case fromTrace:
		d := p.trace(s, t)
		return func(float64) *Demand { return d }, nil
	}
	if snapshot.Sectors[at].Service.Model == quota.ModelPresence {
		return nil, strict.FaultAt(s.name, s.at.Of("demand"), "sim-fit.only-standing")
	}
	return func(mean float64) *Demand { return demandOf(snapshot, at, t, mean) }, nil
}

// standing returns riders an hour by hour of the week, then cell, where each vehicle that stood in
// a cell, on average, is ridden turns times a day.
func (s *Scenario) standing(sector *engine.Sector) ([]float64, error) {
	if sector.Presence == nil {
		return nil, strict.FaultAt(s.name, s.at.Of("demand.model"), "sim-fit.no-standing")
	}
	hours, sum := s.Demand.Hours, 0.0
	if len(hours) == 0 {
		hours = slices.Repeat([]float64{1}, 24)
	}
	for _, w := range hours {
		sum += w
	}
	rates := make([]float64, week*len(sector.Presence))
	for c, n := range sector.Presence {
		for h := range week {
			if n > 0 { // not NaN: unknown
				rates[h*len(sector.Presence)+c] = n * s.Demand.Turns * hours[h%24] / sum
			}
		}
	}
	return rates, nil
}

// fit estimates demand from the rides of a span.
func (s *Scenario) fit(p *past, of span, t *Town) (*demand.Table, error) {
	table, err := demand.Fit(p.counts(of, t), demand.Options{
		Model: s.History.Model, Ring: t.grid.Neighbors, Walk: s.History.Walk,
		Borrowed: s.History.Borrowed,
	})
	if err != nil {
		return nil, fmt.Errorf("fit %s: %w", s.History.Trips, err)
	}
	return table, nil
}

// fitted is demand by rates and by where rides went.
func fitted(t *Town, rate []float64, seen [][]toward) func(mean float64) *Demand {
	pull := make([]float64, len(t.Cells))
	for h := range week {
		for c := range pull {
			pull[c] += rate[h*len(pull)+c]
		}
	}
	return func(mean float64) *Demand {
		return &Demand{Rate: rate, To: destinations(t, pull, seen, mean)}
	}
}

// flows counts where the rides of a span went, by cell.
func (p *past) flows(of span, t *Town) [][]toward {
	counts := make([]map[int32]float64, len(t.Cells))
	p.within(of, t, func(r *ride, cell int) {
		if to, ok := t.grid.At(r.to); ok {
			if counts[cell] == nil {
				counts[cell] = map[int32]float64{}
			}
			counts[cell][int32(to)]++
		}
	})
	seen := make([][]toward, len(t.Cells))
	for cell, of := range counts {
		for to, n := range of {
			seen[cell] = append(seen[cell], toward{to, n})
		}
		slices.SortFunc(seen[cell], func(a, b toward) int { return int(a.to - b.to) })
	}
	return seen
}

// trace is the rides from a day on as they were. A ride that ends outside the town goes to the cell
// of the town that is nearest to its end.
func (p *past) trace(s *Scenario, t *Town) *Demand {
	from := p.traceFrom(s)
	d := &Demand{Trips: []Trip{}}
	p.within(span{from, from + int64(s.Days)*dayMS}, t, func(r *ride, cell int) {
		trip := Trip{At: r.at - from, From: int32(cell), a: t.plane.at(r.from), b: t.plane.at(r.to)}
		if to, ok := t.grid.At(r.to); ok {
			trip.To = int32(to)
		} else {
			trip.To = t.nearest(trip.b)
		}
		d.Trips = append(d.Trips, trip)
	})
	return d
}

// traceFrom is when the replay begins, by the city's clocks.
func (p *past) traceFrom(s *Scenario) int64 {
	if at, ok := (Days{s.Demand.From, s.Demand.From}).span(); ok {
		return at.from
	}
	return p.all().from
}

// nearest returns the cell whose centre is nearest to a place.
func (t *Town) nearest(at point) int32 {
	best := int32(0)
	for c := range t.center {
		if distance(t.center[c], at) < distance(t.center[best], at) {
			best = int32(c)
		}
	}
	return best
}

// history checks the section and what rests on it.
func (c *scenarioCheck) history(s *Scenario) {
	h := &s.History
	needed := s.Demand.Model == fromFit || s.Demand.Model == fromTrace
	models := []string{fromCity, fromFit, fromTable, fromTrace, fromStanding}
	c.oneOf("demand.model", s.Demand.Model, models)
	c.standing(&s.Demand)
	if s.Demand.Model == fromTable && s.Demand.Rates == "" {
		c.fault("demand", "sim.missing", "key", "rates")
	}
	if s.Demand.From != "" {
		if _, ok := (Days{s.Demand.From, s.Demand.From}).span(); !ok || s.Demand.Model != fromTrace {
			c.fault("demand.from", "sim-fit.from", "got", s.Demand.From)
		}
	}
	if s.Demand.Model == fromTrace {
		c.trace(s)
	}
	if h.Trips == "" {
		if needed {
			c.fault("demand.model", "sim-fit.no-history", "model", s.Demand.Model)
		}
		return
	}
	for key, title := range map[string]string{
		"time": h.Columns.Time, "from_lat": h.Columns.FromLat, "from_lng": h.Columns.FromLng,
		"to_lat": h.Columns.ToLat, "to_lng": h.Columns.ToLng,
	} {
		if title == "" {
			c.fault("history.columns", "sim.missing", "key", key)
		}
	}
	c.oneOf("history.model", string(h.Model), modelNames())
	c.within("history.walk", h.Walk, 0, 1)
	c.within("history.borrowed_hours", h.Borrowed, 0, 1000)
	c.within("history.skill", h.Skill, -1, 1)
	for key, d := range map[string]Days{"fit": h.Fit, "judge": h.Judge} {
		path := strict.KeyPath("history", key)
		if of, ok := d.span(); d != (Days{}) && !ok {
			c.fault(path, "sim-fit.days", "from", d.From, "to", d.To)
		} else if key == "fit" && ok && of.days() < 7 {
			c.fault(path, "sim-fit.week", "days", of.days())
		}
	}
	fit, ok1 := h.Fit.span()
	judge, ok2 := h.Judge.span()
	if ok1 && ok2 && fit.to > judge.from {
		c.fault("history.judge", "sim-fit.overlap", "from", h.Judge.From, "to", h.Fit.To)
	}
}

// standing checks what is assumed where only standing vehicles are known.
func (c *scenarioCheck) standing(d *DemandSetting) {
	if d.Model != fromStanding {
		for _, key := range []string{"demand.rides_per_vehicle_day", "demand.hours"} {
			if c.at.Has(key) {
				c.fault(key, "sim-fit.standing-only", "key", strict.LastKey(key))
			}
		}
		return
	}
	c.within("demand.rides_per_vehicle_day", d.Turns, 1e-6, 100)
	if n := len(d.Hours); n != 0 && n != 24 {
		c.fault("demand.hours", "sim-fit.hours", "got", n)
	}
	sum := 0.0
	for h, w := range d.Hours {
		c.within(strict.ItemPath("demand.hours", h), w, 0, 1e6)
		sum += w
	}
	if len(d.Hours) > 0 && !(sum > 0) {
		c.fault("demand.hours", "sim-fit.hours", "got", 0)
	}
}

// trace refuses what has no effect on rides that are replayed.
func (c *scenarioCheck) trace(s *Scenario) {
	for _, key := range []string{"first_hour", "demand.growth", "demand.ride_m"} {
		if c.at.Has(key) {
			c.fault(key, "sim-fit.no-effect", "key", strict.LastKey(key))
		}
		if _, moved := s.Sensitivity.Factors[key]; moved {
			c.fault("sensitivity.factors", "sim-fit.no-effect", "key", key)
		}
	}
}

func modelNames() []string {
	var names []string
	for _, m := range demand.Models() {
		names = append(names, string(m))
	}
	return names
}
