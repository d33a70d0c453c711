package simulations

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/scoring"
)

// The measures an indicator can be fed from.
const (
	measureCompliance = "compliance" // share of drops within the tolerance of a spot
	measureFaults     = "faults"     // share of rides after which the vehicle was broken
	measureTurnover   = "turnover"   // trips per deployed vehicle and day
)

// Measures returns the names of what a simulation can measure for a score.
func Measures() []string { return []string{measureCompliance, measureFaults, measureTurnover} }

// onTheHour does what the bureau has to do at the beginning of an hour: a plan under notice becomes
// final, parts of the day turn, the next plan is decided, and operators hear of removal orders.
func (d *desk) onTheHour(ctx context.Context, hour int) error {
	d.tick()
	if d.pending != "" && hour >= d.dueHour {
		if err := d.comeDue(ctx); err != nil {
			return err
		}
	}
	if err := d.shift(ctx); err != nil {
		return err
	}
	if d.every > 0 && hour > 0 && hour%d.every == 0 && d.pending == "" {
		return d.decide(ctx, hour)
	}
	return nil
}

// comeDue makes the plan under notice final.
func (d *desk) comeDue(ctx context.Context) error {
	id := d.pending
	d.pending = ""
	if err := d.finalize(ctx, id); err != nil {
		return err
	}
	d.hearOrders()
	return nil
}

// decide makes the plan of the next period from what the bureau has seen of this one.
func (d *desk) decide(ctx context.Context, hour int) error {
	next, err := d.observe()
	if err != nil {
		return err
	}
	plan, err := engine.Decide(next, engine.Options{Tool: "stint sim"})
	if err != nil {
		return fmt.Errorf("decide at hour %d: %w", hour, err)
	}
	if d.pending, err = d.announce(ctx, plan, nil); err != nil {
		return err
	}
	d.dueHour = hour + int(d.notice/time.Hour)
	d.seen.init(len(d.s.operators), len(d.s.town.Cells))
	copy(d.seen.from, d.s.tally.ByOperator)
	if d.dueHour == hour {
		return d.comeDue(ctx)
	}
	return nil
}

// observe returns the snapshot of the next decision: the city as it was read, with the rides,
// quotas and measurements of this period in place of history's.
func (d *desk) observe() (*engine.Snapshot, error) {
	s := *d.snapshot
	s.Sectors = slices.Clone(s.Sectors)
	sector := &s.Sectors[d.sector]
	sector.Observed.Events = slices.Clone(d.seen.events)
	sector.Observed.Hours = d.seen.hours
	sector.Observed.Usable = slices.Clone(d.seen.usable)
	s.Operators = slices.Clone(s.Operators)
	sector.Use = make([][]float64, len(s.Operators))
	sector.Previous = make([][]int, len(s.Operators))
	for i := range s.Operators {
		sector.Use[i] = make([]float64, len(d.s.town.Cells))
		sector.Previous[i] = make([]int, len(d.s.town.Cells))
		for k := range d.s.operators {
			if d.s.operators[k].id != s.Operators[i].ID {
				continue
			}
			copy(sector.Use[i], d.seen.use[k])
			copy(sector.Previous[i], d.quota[k])
			s.Operators[i].Previous = slices.Clone(s.Operators[i].Previous)
			s.Operators[i].Previous[d.sector] = sum(d.quota[k])
		}
	}
	seen, err := d.measure(s.Sheets)
	s.Sheets = seen
	return &s, err
}

// measure returns the operators' sheets with what was measured in this period, as the bureau saw
// it, and notes how far scores lie above the true ones.
func (d *desk) measure(before []scoring.Sheet) ([]scoring.Sheet, error) {
	if len(d.measures) == 0 {
		return before, nil
	}
	seen, honest := sheets(before), sheets(before)
	d.s.tally.Gain = d.s.tally.Gain[:0]
	for k := range d.s.operators {
		if d.s.outage(k) {
			continue // what the bureau knew before stands
		}
		for i := range seen {
			if seen[i].Operator == d.s.operators[k].id {
				d.fill(&seen[i], k, true)
				d.fill(&honest[i], k, false)
			}
		}
	}
	a, err := scoring.Evaluate(d.snapshot.Rubric, seen)
	if err != nil {
		return nil, fmt.Errorf("score what was seen: %w", err)
	}
	b, err := scoring.Evaluate(d.snapshot.Rubric, honest)
	if err != nil {
		return nil, fmt.Errorf("score what was true: %w", err)
	}
	for i := range a {
		if a[i].Known && b[i].Known {
			d.s.tally.Gain = append(d.s.tally.Gain, GamingGain{a[i].Operator, a[i].Score, b[i].Score})
		}
	}
	return seen, nil
}

// sheets copies sheets.
func sheets(list []scoring.Sheet) []scoring.Sheet {
	list = slices.Clone(list)
	for i := range list {
		list[i].Values = slices.Clone(list[i].Values)
	}
	return list
}

// fill puts an operator's measured values on its sheet; asSeen, with what it hides.
func (d *desk) fill(sheet *scoring.Sheet, k int, asSeen bool) {
	for i := range sheet.Values {
		v := &sheet.Values[i]
		x, samples, ok := d.measured(d.measures[v.Indicator], k, asSeen)
		if ok {
			*v = scoring.Value{Indicator: v.Indicator, Value: x, Known: true, Samples: samples}
		}
	}
}

// measured returns one measure of an operator since the last decision.
func (d *desk) measured(name string, k int, asSeen bool) (x float64, samples int, ok bool) {
	now, from, o := &d.s.tally.ByOperator[k], &d.seen.from[k], &d.s.operators[k]
	drops, served := now.Drops-from.Drops, now.Served-from.Served
	switch {
	case name == measureCompliance && drops > 0:
		x, samples = float64(now.Compliant-from.Compliant)/float64(drops), int(drops)
		if asSeen {
			x += (1 - x) * o.stuff
		}
	case name == measureFaults && drops > 0:
		x, samples = float64(now.Broken-from.Broken)/float64(drops), int(drops)
		if asSeen {
			x *= 1 - o.under
		}
	case name == measureTurnover && now.Deployed > from.Deployed:
		x, samples = float64(served)*24/float64(now.Deployed-from.Deployed), int(served)
	default:
		return 0, 0, false
	}
	return x, samples, true
}

// hearOrders lets operators take up removal orders they didn't know of.
func (d *desk) hearOrders() {
	fresh := 0
	for _, o := range d.engine.Orders("") {
		if !d.orders[o.ID] {
			d.orders[o.ID] = true
			fresh++
		}
	}
	if fresh > 0 {
		d.s.tally.Removals += int64(fresh)
		d.s.queue.Push(d.s.now+d.response.Milliseconds(), evRemoval, 0, 0)
	}
}

// carryOut removes what open orders name, as far as it stands there fit to be taken.
func (s *sim) carryOut(ctx context.Context) error {
	d := s.desk
	for _, o := range d.engine.Orders("") {
		if !o.Done.IsZero() {
			continue
		}
		k := slices.IndexFunc(s.operators, func(p operator) bool { return p.id == o.Operator })
		if k < 0 {
			continue
		}
		cell, atCell := d.levelCell[o.Level]
		if !atCell {
			cell = none
		}
		if err := s.withdraw(ctx, k, cell, o.Excess); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes up to n rentable vehicles that were placed in a cell, or anywhere for -1, into the
// depot.
func (s *sim) withdraw(ctx context.Context, k int, cell int32, n int) error {
	var taken []int32
	for i := s.first[k]; i < s.first[k+1] && len(taken) < n; i++ {
		v := &s.vehicles[i]
		if v.state != rentable || v.placement == none {
			continue
		}
		if cell == none || s.desk.cellOfPlacement[v.placement] == cell {
			taken = append(taken, int32(i))
		}
	}
	for _, v := range taken {
		s.leave(v, away)
	}
	s.tally.ByOperator[k].Moved += int64(len(taken))
	if err := s.signOff(ctx, taken); err != nil {
		return err
	}
	for _, v := range taken {
		s.takeIn(v)
	}
	return nil
}

// emergency bans placements in an emergency's cells, through the bureau's emergency procedure, and
// lifts the ban at its end.
func (d *desk) emergency(ctx context.Context, x *shock, begins bool) error {
	d.tick()
	zones := slices.Clone(d.snapshot.Zones)
	if begins {
		cells := make([]geo.Cell, len(x.cells))
		for i, c := range x.cells {
			cells[i] = d.s.town.Cells[c]
		}
		zones = append(zones, engine.Zone{
			ID: "emergency", Name: engine.Name{En: "Emergency", Zh: "应急管控"}, Kind: engine.ZoneBan,
			Shape: geo.Outline(cells),
		})
	}
	if zones == nil {
		zones = []engine.Zone{} // no zones, which is not the zones in force
	}
	plan := d.engine.InForce().Plan
	pub, err := d.engine.Draft(ctx, bureauActor(), plan, zones, engine.Terms{})
	if err != nil {
		return fmt.Errorf("draft the emergency's zones: %w", err)
	}
	if _, err = d.engine.Enforce(ctx, bureauActor(), pub.ID, "simulated emergency"); err != nil {
		return fmt.Errorf("enforce the emergency's zones: %w", err)
	}
	return d.tell("zones in force", pub.ID)
}
