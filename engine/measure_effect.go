package engine

import (
	"math"
	"time"

	"github.com/stint-city/stint/geo"
)

// effect is what the measures in force make of one cell of a sector, or of a whole sector.
type effect struct {
	frozen   string    // measure under which nothing more may be placed; "" = none
	cleared  string    // measure under which nothing may stand; "" = none
	factor   float64   // of the caps
	by       string    // measure that set factor; "" = none did
	deadline time.Time // of removals that factor calls for
}

// plain is the effect of no measure.
func plain() effect { return effect{factor: 1} }

// combine returns the effect of measures that all cover a place, by ID. Emergencies come first:
// where there is one, events have no effect. Of several of one kind all hold: nothing is placed if
// one freezes or clears, and the least factor counts.
func combine(measures []*Measure) effect {
	kind := MeasureEvent
	for _, m := range measures {
		if m.Kind == MeasureEmergency {
			kind = MeasureEmergency
		}
	}
	sum := plain()
	for _, m := range measures {
		if m.Kind != kind {
			continue
		}
		factor := m.Factor
		switch m.Act {
		case ActFreeze:
			if sum.frozen == "" {
				sum.frozen = m.ID
			}
			continue
		case ActClear:
			factor = 0
			if sum.cleared == "" {
				sum.cleared = m.ID
			}
		}
		if sum.by == "" || factor < sum.factor {
			sum.factor, sum.by, sum.deadline = factor, m.ID, m.Deadline
		}
	}
	return sum
}

// shut returns the rule by which the effect refuses every placement, and its measure; "" for none.
func (x *effect) shut() (rule Rule, measure string) {
	switch {
	case x.cleared != "":
		return RuleCleared, x.cleared
	case x.frozen != "":
		return RuleFrozen, x.frozen
	}
	return "", ""
}

// effects are what the measures in force make of one sector.
type effects struct {
	whole effect // of those about the whole city
	cells map[geo.Cell]effect
}

// at returns the effect on a cell.
func (x *effects) at(c geo.Cell) effect {
	if x == nil {
		return plain()
	}
	if one, ok := x.cells[c]; ok {
		return one
	}
	return x.whole
}

// measure puts measures, by ID, over the plan and its zones: emergency over event over zone over
// plan. The caps of a cell follow the measures that cover it, a limit zone's those at its centre,
// and an operator's total in the city, and the city's, those about the whole city: a measure about
// a part of it moves vehicles within the totals. A cell never gets more than it carries, or than it
// had. Whole vehicles are rounded down.
func (f *force) measure(measures []Measure) {
	f.effects = map[string]*effects{}
	for _, sector := range f.sectors() {
		var about, whole []*Measure
		for i := range measures {
			m := &measures[i]
			if !m.about(sector) {
				continue
			}
			if about = append(about, m); len(m.Cells) == 0 {
				whole = append(whole, m)
			}
		}
		if len(about) == 0 {
			continue
		}
		x := &effects{whole: combine(whole), cells: map[geo.Cell]effect{}}
		f.effects[sector] = x
		plan, _ := f.held.Sector(sector)
		caps := f.caps[sector]
		for i := range plan.Cells {
			cell := &plan.Cells[i]
			one := combine(covering(about, cell.Cell))
			if one != x.whole {
				x.cells[cell.Cell] = one
			}
			caps.scaleCell(cell, one.factor)
		}
		caps.scaleTotals(plan, x.whole.factor)
		f.scaleZones(caps, x)
	}
}

// covering returns the measures that cover a cell.
func covering(measures []*Measure, c geo.Cell) []*Measure {
	var found []*Measure
	for _, m := range measures {
		if m.covers(c) {
			found = append(found, m)
		}
	}
	return found
}

// scaleCell multiplies the caps of a cell, and puts the difference into those of its districts.
func (c *Caps) scaleCell(cell *CellPlan, factor float64) {
	if factor == 1 || cell.Total == 0 {
		return
	}
	total := scaled(cell.Total, factor)
	if cell.Capacity != nil && factor > 1 {
		total = min(total, max(cell.Total, *cell.Capacity))
	}
	nodes := c.districts[cell.Cell]
	c.Cap[CellLevel(cell.Cell)] = total
	for _, node := range nodes {
		c.Cap[DistrictLevel(node)] += total - cell.Total
	}
	for k, n := range cell.Quotas {
		operator := c.Operators[k]
		own := n * total / cell.Total // at most total in sum
		c.Cap[CellOperatorLevel(cell.Cell, operator)] = own
		for _, node := range nodes {
			c.Cap[OperatorDistrictLevel(node, operator)] += own - n
		}
	}
}

// scaleTotals multiplies the operators' totals in the city, and the city's.
func (c *Caps) scaleTotals(plan *SectorPlan, factor float64) {
	if factor == 1 {
		return
	}
	c.Cap[CityLevel] = scaled(plan.Total, factor)
	for k := range plan.Operators {
		o := &plan.Operators[k]
		c.Cap[OperatorLevel(o.ID)] = scaled(o.Quota, factor)
	}
}

// scaleZones multiplies the limits of zones by the factor at their centres.
func (f *force) scaleZones(caps *Caps, x *effects) {
	for i := range f.zones.zones {
		z := &f.zones.zones[i]
		level := ZoneLevel(z.ID)
		if _, limits := caps.Cap[level]; !limits {
			continue
		}
		one := x.whole
		if cell, err := f.locator.At(z.Shape.Centroid()); err == nil {
			one = x.at(cell)
		}
		caps.Cap[level] = scaled(z.Limit, one.factor)
	}
}

// scaled returns a cap times a factor, rounded down: what is a whole number but for the rounding of
// binary fractions counts as one.
func scaled(n int, factor float64) int {
	const grain = 1e-9
	return int(math.Floor(float64(n)*factor + grain))
}

// demanding returns the measure that an excess of a level is due to, or "part:" or "season:" and
// which, with the deadline of its removal; "" where it is the plan's.
func (f *force) demanding(sector string, l Level) (measure string, deadline time.Time) {
	x := f.effects[sector]
	if x == nil {
		return f.shifting(sector, l)
	}
	one := x.whole
	if l.Tier() == TierCellOperator {
		cell, err := geo.ParseCell(l.Of())
		if err != nil {
			return "", time.Time{}
		}
		one = x.at(cell)
	}
	if one.by == "" || one.factor >= 1 {
		return f.shifting(sector, l)
	}
	return one.by, one.deadline
}
