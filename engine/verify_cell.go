package engine

import (
	"math"
	"slices"

	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
)

// verifyCell re-checks one cell: its slices, each space bound from the published ground, and the
// capacity as the least of its bounds.
func (s *SectorPlan) verifyCell(i int) error {
	c := &s.Cells[i]
	for _, n := range []int{len(c.Quotas), len(c.Claims), len(c.Upper), len(c.Codes)} {
		if n != len(s.Operators) {
			return breach("cell-shape", "sector", s.ID, "cell", c.Cell.String(),
				"got", n, "want", len(s.Operators))
		}
	}
	if n := len(c.Previous); n != len(s.Cells[0].Previous) || (n != 0 && n != len(s.Operators)) {
		return breach("cell-shape", "sector", s.ID, "cell", c.Cell.String(),
			"got", n, "want", len(s.Operators))
	}
	if missing, ok := s.unlisted(c); ok {
		want, _ := s.bound(c, missing)
		return breach("bound", "sector", s.ID, "cell", c.Cell.String(),
			"limit", string(missing), "got", nil, "want", want)
	}
	least := math.MaxInt
	for _, b := range c.Bounds {
		if want, known := s.bound(c, b.Limit); known && want != b.Mid {
			return breach("bound", "sector", s.ID, "cell", c.Cell.String(),
				"limit", string(b.Limit), "got", b.Mid, "want", want)
		}
		least = min(least, b.Mid)
	}
	switch {
	case c.Capacity == nil && len(c.Bounds) > 0:
		return breach("capacity", "sector", s.ID, "cell", c.Cell.String(), "got", nil, "want", least)
	case c.Capacity != nil && *c.Capacity != least:
		return breach("capacity", "sector", s.ID, "cell", c.Cell.String(),
			"got", *c.Capacity, "want", least)
	case c.Capacity != nil && c.Total > *c.Capacity:
		return breach("cell-over", "sector", s.ID, "cell", c.Cell.String(),
			"got", c.Total, "want", *c.Capacity)
	}
	return s.verifyUpper(c)
}

// verifyUpper re-computes the most of a cell that one operator may hold: the local share of its
// total, rounded up. A hair above a whole number is that number.
func (s *SectorPlan) verifyUpper(c *CellPlan) error {
	share := float64(s.Settings.Matrix.LocalMaxShare * float64(c.Total))
	for k, most := range c.Upper {
		if want := int(math.Ceil(share - 1e-9)); most != want {
			return breach("upper", "sector", s.ID, "cell", c.Cell.String(),
				"operator", s.Operators[k].ID, "got", most, "want", want)
		}
	}
	return nil
}

// unlisted returns the first limit that the cell's ground or settings call for and its bounds leave
// out; ok is false where none is. A cell that is banned whole has that limit alone.
func (s *SectorPlan) unlisted(c *CellPlan) (limit quota.Limit, ok bool) {
	listed := func(l quota.Limit) bool {
		return slices.ContainsFunc(c.Bounds, func(b quota.Bound) bool { return b.Limit == l })
	}
	for _, row := range []struct {
		limit  quota.Limit
		called bool
	}{
		{quota.LimitParking, c.Space.Parking != nil},
		{quota.LimitSpace, c.Space.Sidewalk != nil},
		{quota.LimitDensity, s.Settings.Limits.Density > 0},
		{quota.LimitCap, c.Space.Cap != nil},
		{quota.LimitZone, c.Space.Zone != nil},
	} {
		if row.called && !listed(row.limit) && !listed(quota.LimitBan) {
			return row.limit, true
		}
	}
	return "", false
}

// bound recomputes a limit from the cell's published ground; known is false for limits that rest on
// something else.
func (s *SectorPlan) bound(c *CellPlan, limit quota.Limit) (n int, known bool) {
	l, open := s.Settings.Limits, 1-c.Space.Banned
	places := func(area float64) int {
		return int(math.Floor(area*open*l.SpaceShare/l.Footprint + 1e-9))
	}
	switch {
	case limit == quota.LimitParking && c.Space.Parking != nil:
		return places(*c.Space.Parking * l.Usable.Mid), true
	case limit == quota.LimitSpace && c.Space.Sidewalk != nil:
		return places(*c.Space.Sidewalk * l.SpaceUsable.Mid), true
	case limit == quota.LimitDensity:
		return int(math.Floor(l.Density*c.Space.Area*open/1e6 + 1e-9)), true
	case limit == quota.LimitCap && c.Space.Cap != nil:
		return *c.Space.Cap, true
	case limit == quota.LimitZone && c.Space.Zone != nil:
		return *c.Space.Zone, true
	case limit == quota.LimitBan:
		return 0, true
	}
	return 0, false
}

// allocation returns the sector as quota.Verify reads it.
func (s *SectorPlan) allocation() quota.Allocation {
	a := quota.Allocation{Sector: s.ID, Total: s.Total, Max: s.Max, Exact: true}
	for _, n := range s.Nodes {
		a.Nodes = append(a.Nodes, quota.Node{ID: n.ID, Parent: n.Parent, Floor: n.Floor, Cap: n.Cap})
	}
	for _, o := range s.Operators {
		a.Operators = append(a.Operators, quota.OperatorQuota{
			ID: o.ID, Floor: o.Floor, Ceiling: o.Ceiling, Request: o.Request,
			Previous: o.Previous, Quota: o.Quota, Step: s.step(o),
		})
	}
	rows := func(pick func(c *CellPlan, k int) int) [][]int {
		m := make([][]int, len(s.Operators))
		for k := range m {
			m[k] = make([]int, len(s.Cells))
			for i := range s.Cells {
				m[k][i] = pick(&s.Cells[i], k)
			}
		}
		return m
	}
	for i := range s.Cells {
		c := &s.Cells[i]
		capacity := -1
		if c.Capacity != nil {
			capacity = *c.Capacity
		}
		a.Cells = append(a.Cells, quota.CellQuota{
			Cell: c.Cell, Capacity: capacity, Floor: c.Floor, Total: c.Total, Node: c.Node,
		})
	}
	a.Quotas = rows(func(c *CellPlan, k int) int { return c.Quotas[k] })
	a.Upper = rows(func(c *CellPlan, k int) int { return c.Upper[k] })
	return a
}

// step returns the step that binds an operator: none for entrants and where the policy let it give
// way.
func (s *SectorPlan) step(o OperatorPlan) float64 {
	if o.Previous < 0 {
		return 0
	}
	for _, relaxed := range s.Relaxed {
		if relaxed == "step" {
			return 0
		}
	}
	return s.Settings.Rules.Step
}

// problem returns the matrix problem as the plan publishes it.
func (s *SectorPlan) problem(p *Plan) apportion.Problem {
	m := apportion.Problem{
		LocalShare: s.Settings.Matrix.LocalMaxShare, Tolerance: s.Settings.Matrix.Tolerance,
		TieSeed: p.City.TieSeed, Ties: true,
	}
	for k, o := range s.Operators {
		m.Rows, m.RowTotals = append(m.Rows, o.ID), append(m.RowTotals, o.Quota)
		m.Weights = append(m.Weights, make([]float64, len(s.Cells)))
		for i := range s.Cells {
			m.Weights[k][i] = s.Cells[i].Claims[k]
		}
		if len(s.Cells) == 0 || s.Cells[0].Previous == nil {
			continue
		}
		m.Previous = append(m.Previous, make([]int, len(s.Cells)))
		for i := range s.Cells {
			m.Previous[k][i] = s.Cells[i].Previous[k]
		}
	}
	for i := range s.Cells {
		m.Cols = append(m.Cols, s.Cells[i].Cell.String())
		m.ColTotals = append(m.ColTotals, s.Cells[i].Total)
	}
	return m
}

// solution returns the matrix and prices as the plan publishes them.
func (s *SectorPlan) solution() *apportion.Solution {
	m := &apportion.Solution{}
	for k, o := range s.Operators {
		m.RowPrice = append(m.RowPrice, o.Price)
		m.RowMultipliers = append(m.RowMultipliers, o.Multiplier)
		m.Matrix = append(m.Matrix, make([]int, len(s.Cells)))
		for i := range s.Cells {
			m.Matrix[k][i] = s.Cells[i].Quotas[k]
		}
	}
	for i := range s.Cells {
		m.ColPrice = append(m.ColPrice, s.Cells[i].Price)
		m.ColMultipliers = append(m.ColMultipliers, s.Cells[i].Multiplier)
	}
	return m
}
