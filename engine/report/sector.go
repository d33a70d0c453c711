package report

import (
	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/merit"
)

// sectorView is one sector's part of the page.
type sectorView struct {
	*engine.SectorPlan
	Title  string
	Trips  bool // the demand is in trips
	Carry  bool // some cell has a known capacity
	Curve  *curve
	Maps   []mapView
	Flow   []flowRow
	Matrix matrixView
	Pairs  []pair
	Parts  []poolRow
}

// poolRow is a part of the total that is divided by itself.
type poolRow struct {
	merit.Pool
	Code string
}

// newPools names the pools of a sector.
func newPools(s *engine.SectorPlan) []poolRow {
	rows := make([]poolRow, len(s.Pools))
	for i, pool := range s.Pools {
		rows[i] = poolRow{pool, poolCode(s, pool.Name)}
	}
	return rows
}

func newSector(
	p *engine.Plan, tag lang.Tag, pl plane, on *borders, s *engine.SectorPlan,
) sectorView {
	v := sectorView{
		SectorPlan: s, Title: named(s.Name, tag, s.ID), Trips: s.Unit == unitTrips,
		Carry: !unlimited(s),
		Curve: newCurve(tag, s), Maps: newMaps(tag, pl, s), Flow: newFlow(tag, s),
		Matrix: newMatrix(p, tag, s), Pairs: newPairs(p, tag, s), Parts: newPools(s),
	}
	for i := range v.Maps {
		v.Maps[i].On = on
	}
	return v
}

// flowRow is one operator's way from score to quota.
type flowRow struct {
	*engine.OperatorPlan
	Title                 string
	Times                 *float64 // weight × its pool's multiplier, before rounding
	BarPrevious, BarQuota string   // per cent of the longest bar
}

func newFlow(tag lang.Tag, s *engine.SectorPlan) []flowRow {
	most := 1
	for k := range s.Operators {
		most = max(most, s.Operators[k].Previous, s.Operators[k].Quota)
	}
	bar := func(n int) string {
		x := 100 * float64(max(n, 0)) / float64(most)
		return width(&x)
	}
	rows := make([]flowRow, len(s.Operators))
	for k := range s.Operators {
		o := &s.Operators[k]
		rows[k] = flowRow{
			OperatorPlan: o, Title: named(o.Name, tag, o.ID),
			BarPrevious: bar(o.Previous), BarQuota: bar(o.Quota),
		}
		for _, pool := range s.Pools {
			if pool.Name == o.Pool {
				times := o.Weight * pool.Multiplier
				rows[k].Times = &times
			}
		}
	}
	return rows
}

// unknowns says in sentences what the plan does not know.
func unknowns(p *engine.Plan, tag lang.Tag) []string {
	var list []string
	say := func(id string, args ...any) {
		list = append(list, tag.Text(lang.M("report."+id, args...)))
	}
	for i := range p.Sectors {
		s := &p.Sectors[i]
		title, n := named(s.Name, tag, s.ID), 0
		for c := range s.Cells {
			if s.Cells[c].Demand.Mean == nil {
				n++
			}
		}
		if n > 0 {
			say("notes-demand", "sector", title, "n", n)
		}
		if s.Capacity.Unknown > 0 {
			say("notes-capacity", "sector", title, "n", s.Capacity.Unknown)
		}
	}
	for _, c := range p.Scorecards {
		if c.Score == nil {
			say("notes-score", "operator", named(c.Name, tag, c.Operator))
		}
	}
	return list
}
