package simulations

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// Load reads the scenario's city for each policy, decides each policy's plan by the production
// engine, and returns the study that compares them. file is where the scenario stands; data is the
// folder of the city's layers, "" = the city file's own.
func Load(ctx context.Context, s *Scenario, file, data string) (*Study, error) {
	study := &Study{Scenario: s, file: file, data: data}
	for i := range s.Policies {
		w, err := s.world(ctx, study, &s.Policies[i])
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", s.Policies[i].ID, err)
		}
		study.worlds = append(study.worlds, w)
	}
	return study, nil
}

// world makes what the replications of a policy share.
func (s *Scenario) world(ctx context.Context, study *Study, p *Policy) (*world, error) {
	name := s.City
	if p.City != "" {
		name = p.City
	}
	snapshot, err := city.Read(ctx, filepath.Join(filepath.Dir(study.file), name),
		city.Options{Data: study.data})
	if err != nil {
		return nil, err
	}
	if err := study.meet(snapshot.City.TimeZone); err != nil {
		return nil, err
	}
	at, err := s.sector(snapshot)
	if err != nil {
		return nil, err
	}
	p.Set.apply(&snapshot.Sectors[at])
	plan, err := engine.Decide(snapshot, engine.Options{Tool: "stint sim"})
	if err != nil {
		return nil, err
	}
	sector := plan.Sectors[at]
	capacity := make([]int, len(sector.Cells))
	for i, c := range sector.Cells {
		if capacity[i] = -1; c.Capacity != nil {
			capacity[i] = *c.Capacity
		}
	}
	town, err := NewTown(snapshot, capacity)
	if err != nil {
		return nil, err
	}
	w := &world{
		town: town, users: s.Users, piles: s.Piles, hours: s.Days * 24, warmup: s.Warmup * 24,
		firstHour: s.FirstHour, growth: s.Demand.Growth, costs: s.Costs, emissions: s.Emissions,
		bureau: &office{
			snapshot: snapshot, sector: at, plan: plan, start: monday(s.FirstHour),
			notice: time.Duration(s.Bureau.Notice) * 24 * time.Hour, every: s.Bureau.Every * 24,
			response: time.Duration(s.Bureau.Response) * time.Hour, measures: s.Bureau.Measures,
			parts: p.Parts,
		},
	}
	if w.ridden, err = s.demandSource(snapshot, at, town, study.past); err != nil {
		return nil, err
	}
	w.demand = w.ridden(s.Demand.Ride)
	if err := s.addOperators(w, &sector, p, study.worlds); err != nil {
		return nil, err
	}
	if w.shocks, err = s.shocksOf(w); err != nil {
		return nil, err
	}
	w.prepare()
	if err := s.turns(ctx, w, p); err != nil {
		return nil, err
	}
	return w, w.settle(ctx, s.Seed)
}

// turns refuses parts of the day that the engine does.
func (s *Scenario) turns(ctx context.Context, w *world, p *Policy) error {
	if len(p.Parts) == 0 {
		return nil
	}
	err := newSim(w).start(ctx, replicationKey(s.Seed, 0))
	if no := (*engine.RuleBreach)(nil); errors.As(err, &no) {
		at := slices.IndexFunc(s.Policies, func(x Policy) bool { return x.ID == p.ID })
		path := strict.KeyPath(strict.ItemPath("policies", at), "parts")
		return strict.FaultAt(s.name, s.at.Of(path), "sim.parts",
			"cause", lang.M("bureau."+no.Code, no.Args...))
	}
	return err
}

// meet reads the history of the riders, once: every policy meets the same.
func (s *Study) meet(zone string) error {
	if s.past != nil {
		return nil
	}
	at, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	if s.past, err = s.Scenario.readPast(s.file, s.data, at); err != nil {
		return err
	}
	if s.Scenario.Demand.Model == fromTrace {
		s.Scenario.FirstHour = hourOfWeek(s.past.traceFrom(s.Scenario))
	}
	return nil
}

// monday is the start of a simulation: an hour of a week whose Monday is a made date.
func monday(hour int) time.Time {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hour) * time.Hour)
}

// sector returns the sector that is simulated.
func (s *Scenario) sector(snapshot *engine.Snapshot) (int, error) {
	if s.Sector == "" && len(snapshot.Sectors) == 1 {
		return 0, nil
	}
	var known []string
	for i := range snapshot.Sectors {
		if snapshot.Sectors[i].ID == s.Sector {
			return i, nil
		}
		known = append(known, snapshot.Sectors[i].ID)
	}
	return 0, strict.FaultAt(s.name, s.at.Of("sector"), "sim.one-of",
		"key", "sector", "got", s.Sector, "want", known)
}

// apply changes a sector's rules.
func (p *Patch) apply(s *engine.Sector) {
	if p.TotalMax != nil {
		s.Max = *p.TotalMax
	}
	for to, x := range map[*float64]*float64{
		&s.Rules.Exponent: p.MeritExponent, &s.Rules.Step: p.Step, &s.Rules.MinShare: p.MinShare,
		&s.Rules.MaxShare: p.MaxShare, &s.Matrix.LocalMaxShare: p.LocalMaxShare,
		&s.Matrix.Tolerance: p.Churn, &s.Rules.EntrantPool: p.EntrantPool,
	} {
		if x != nil {
			*to = *x
		}
	}
}

// demandOf returns the riders that the city's data show, corrected for hours without a vehicle:
// what the bureau's own decision rests on. Nobody knows where they want to go: destinations fall
// off with distance by an exponential law, in proportion to how many set out from there.
func demandOf(s *engine.Snapshot, at int, t *Town, ride float64) *Demand {
	sector := &s.Sectors[at]
	cells := quota.EstimateDemand(s.Grid.Neighbors, sector.Observed, sector.Shrink, sector.DailyFactor)
	d := &Demand{Rate: make([]float64, week*len(cells))}
	pull := make([]float64, len(cells))
	for c := range cells {
		for h := range week {
			if rate := float64(cells[c].Rate[h]); !math.IsNaN(rate) {
				d.Rate[h*len(cells)+c] = rate * sector.DailyFactor
				pull[c] += rate
			}
		}
	}
	d.To = destinations(t, pull, nil, ride)
	return d
}

// known holds the rows of operators in a list to those of a plan.
func (s *Scenario) known(list string, rows []OperatorRow, p *engine.SectorPlan) error {
	known := make([]string, len(p.Operators))
	for k := range p.Operators {
		known[k] = p.Operators[k].ID
	}
	for i := range rows {
		if !slices.Contains(known, rows[i].ID) {
			path := strict.KeyPath(strict.ItemPath(list, i), "id")
			return strict.FaultAt(s.name, s.at.Of(path), "sim.one-of",
				"key", "id", "got", rows[i].ID, "want", known)
		}
	}
	return nil
}

// row returns how an operator behaves under a policy: the last word on it.
func (s *Scenario) row(p *Policy, id string) OperatorRow {
	row := OperatorRow{ID: id}
	row.fill(func(string) bool { return false })
	for _, list := range [][]OperatorRow{s.Operators, p.Operators} {
		for _, r := range list {
			if r.ID == id {
				row = r
			}
		}
	}
	return row
}

// addOperators adds the operators of a plan's sector, with the scenario's words on them.
func (s *Scenario) addOperators(
	w *world, p *engine.SectorPlan, policy *Policy, before []*world,
) error {
	if err := s.known("operators", s.Operators, p); err != nil {
		return err
	}
	i := slices.IndexFunc(s.Policies, func(x Policy) bool { return x.ID == policy.ID })
	list := strict.KeyPath(strict.ItemPath("policies", i), "operators")
	if err := s.known(list, policy.Operators, p); err != nil {
		return err
	}
	for k, o := range p.Operators {
		row := s.row(policy, o.ID)
		fleet := row.Fleet
		if fleet < 0 {
			if fleet = 2 * o.Quota; len(before) > 0 {
				fleet = before[0].operators[k].fleet // what it owns doesn't change with the policy
			}
		}
		targets := make([]float64, len(p.Cells))
		for c := range p.Cells {
			targets[c] = float64(p.Cells[c].Quotas[k])
		}
		w.cream(targets, row.Cream)
		w.operators = append(w.operators, operator{
			id: o.ID, fleet: fleet, price: row.Price, comply: s.Users.Parking.Comply,
			broken: row.Breakage, repair: int64(row.Repair * hourMS), targets: targets,
			stuff: row.Stuff, under: row.Under, respond: row.Respond,
			most: row.Most,
			crew: crew{
				trucks: row.Crew.Trucks, capacity: row.Crew.Capacity, from: row.Crew.From,
				to: row.Crew.To, every: max(1, row.Crew.Every), strategy: row.Crew.Strategy,
				speed: row.Crew.Speed / 10,
			},
		})
	}
	return nil
}

// shocksOf turns what happens into cells and times.
func (s *Scenario) shocksOf(w *world) ([]shock, error) {
	var list []shock
	for i, x := range s.Shocks {
		path := strict.ItemPath("shocks", i)
		made := shock{
			kind: x.Kind, from: int64(x.At) * hourMS, to: int64(x.At+x.Hours) * hourMS,
			factors: x.Factors, extra: x.Extra, clear: x.Clear, operator: -1,
		}
		for _, id := range x.Cells {
			cell, err := geo.ParseCell(id)
			at := slices.Index(w.town.Cells, cell)
			if err != nil || at < 0 {
				return nil, strict.FaultAt(s.name, s.at.Of(strict.KeyPath(path, "cells")), "sim.cell",
					"cell", id)
			}
			made.cell = int32(at)
			made.cells = append(made.cells, int32(at))
		}
		if x.Kind == shockOutage {
			made.operator = slices.IndexFunc(w.operators, func(o operator) bool {
				return o.id == x.Operator
			})
			if made.operator < 0 {
				at := s.at.Of(strict.KeyPath(path, "operator"))
				return nil, strict.FaultAt(s.name, at, "sim.one-of",
					"key", "operator", "got", x.Operator, "want", w.operatorIDs())
			}
		}
		list = append(list, made)
	}
	return list, nil
}

// operatorIDs returns the operators' IDs.
func (w *world) operatorIDs() []string {
	ids := make([]string, len(w.operators))
	for k := range w.operators {
		ids[k] = w.operators[k].id
	}
	return ids
}
