package engine

import (
	"math"

	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
)

// plan returns the sector's part of the plan, with every number that led to it.
func (d *draft) plan() SectorPlan {
	s := d.sector
	p := SectorPlan{
		ID: s.ID, Name: s.Name, Unit: "trips",
		Settings: Settings{
			Limits: s.Limits, Service: s.Service, Shrink: s.Shrink.Hours, Factor: s.DailyFactor,
			MinBenefit: s.MinBenefit, Rules: s.Rules, Matrix: s.Matrix,
		},
		Total: d.totals.Total, Reason: d.reason(), Max: s.Max,
		Shadow: known(d.totals.ShadowPrice), Pools: d.shares.Pools, Relaxed: d.shares.Relaxed,
		Gap: d.matrix.certificate.Gap, Rule: d.rule,
	}
	if s.Service.Model == presence {
		p.Unit, p.Shadow = "vehicles", nil
		d.note("warning", "warning.presence-only")
	}
	for _, c := range d.totals.Curve {
		p.Curve = append(p.Curve, CurvePoint{c.Vehicles, c.Benefit, c.Marginal})
	}
	for i, n := range s.Nodes {
		p.Nodes = append(p.Nodes, NodePlan{n.ID, n.Parent, n.Floor, n.Cap, d.totals.NodeTotals[i]})
	}
	for k := range d.shares.Totals {
		p.Operators = append(p.Operators, d.operatorPlan(k))
	}
	for i := range d.leaves {
		p.Cells = append(p.Cells, d.cellPlan(i))
	}
	p.Capacity, p.Demand = d.sums()
	return p
}

// operatorPlan returns operator k's way from score to quota.
func (d *draft) operatorPlan(k int) OperatorPlan {
	o, t := d.snapshot.Operators[k], d.shares.Totals[k]
	return OperatorPlan{
		ID: o.ID, Name: o.Name, Score: known(d.scores[k]), Licensed: o.Licensed[d.at],
		Previous: o.Previous[d.at], Request: o.Request[d.at], Pool: t.Pool,
		Base: t.Base, Merit: t.Merit, Weight: t.Weight,
		Floor: t.Floor, FloorBy: t.FloorBy, Ceiling: t.Ceiling, CeilingBy: t.CeilingBy,
		Bound: t.Bound, Quota: t.Quota,
		Multiplier: d.matrix.solution.RowMultipliers[k], Price: d.matrix.solution.RowPrice[k],
	}
}

// cellPlan returns cell i with its ground, demand, limits and quotas.
func (d *draft) cellPlan(i int) CellPlan {
	leaf, capacity := d.leaves[i], d.capacity[i]
	code, node := d.cellReason(i)
	c := CellPlan{
		Cell: leaf.Cell, Node: leaf.Node, Space: spacePlan(d.sector.Space[i]),
		Demand: interval(d.demand[i].Daily), Binding: capacity.Binding, Bounds: capacity.Bounds,
		Enough: d.enough[i], Floor: leaf.Floor, Total: d.totals.PerCell[i],
		Reason: code, ReasonNode: node,
		Multiplier: d.matrix.solution.ColMultipliers[i], Price: d.matrix.solution.ColPrice[i],
	}
	if at := d.snapshot.DistrictOf[i]; at >= 0 {
		c.District = d.snapshot.Districts[at].ID
	}
	if capacity.Known {
		c.Capacity, c.Low, c.High = &capacity.Mid, &capacity.Low, &capacity.High
	}
	for k := range d.shares.Totals {
		c.Quotas = append(c.Quotas, d.matrix.solution.Matrix[k][i])
		c.Claims = append(c.Claims, d.matrix.problem.Weights[k][i])
		c.Upper = append(c.Upper, apportion.LocalMost(d.sector.Matrix.LocalMaxShare, c.Total))
		if d.sector.Previous != nil {
			c.Previous = append(c.Previous, d.sector.Previous[k][i])
		}
		c.Codes = append(c.Codes, d.code(k, i))
	}
	return c
}

// code says how the quota of operator k in cell i reads.
func (d *draft) code(k, i int) string {
	if d.matrix.solution.Matrix[k][i] == 0 && d.totals.PerCell[i] == 0 {
		return "empty-cell"
	}
	return string(apportion.Read(d.matrix.problem, d.matrix.solution, k, i).Code)
}

// cellReason says why cell i did not get one more vehicle, and which node stands in the way. That
// one more adds too little has a reason of its own where the service level is reached.
func (d *draft) cellReason(i int) (code, node string) {
	reason := d.totals.Binding[i]
	reached := d.enough[i] >= 0 && d.totals.PerCell[i] >= d.enough[i]
	if reason.Code == quota.ReasonBenefit && reached {
		return string(quota.LimitService), ""
	}
	return string(reason.Code), reason.Node
}

// reason says why the city's total is not one more.
func (d *draft) reason() string {
	switch {
	case d.unfilled:
		return "requests"
	case d.sector.Max >= 0 && d.totals.Total == d.sector.Max:
		return string(quota.ReasonTotal)
	case d.sector.Nodes[0].Cap >= 0 && d.totals.Total == d.sector.Nodes[0].Cap:
		return string(quota.ReasonNode)
	}
	for _, code := range []string{string(quota.ReasonBenefit), string(quota.LimitService)} {
		for i := range d.totals.Binding {
			if got, _ := d.cellReason(i); got == code {
				return code
			}
		}
	}
	return string(quota.ReasonCapacity)
}

// sums returns the sector's capacity and demand over all cells. The demand's interval takes the
// cells as independent: half-widths add in quadrature.
func (d *draft) sums() (CapacityRange, Interval) {
	var r CapacityRange
	demand := quota.Estimate{}
	below, above := 0.0, 0.0
	for i, c := range d.capacity {
		if e := d.demand[i].Daily; e.Known {
			demand.Known = true
			demand.Mean += e.Mean
			below += (e.Mean - e.Low) * (e.Mean - e.Low)
			above += (e.High - e.Mean) * (e.High - e.Mean)
		}
		if !c.Known {
			r.Unknown++
			continue
		}
		r.Low += c.Low
		r.Mid += c.Mid
		r.High += c.High
	}
	if !demand.Known {
		return r, Interval{}
	}
	demand.Low, demand.High = demand.Mean-math.Sqrt(below), demand.Mean+math.Sqrt(above)
	return r, interval(demand)
}

// spacePlan returns a cell's ground with unknowns as nil.
func spacePlan(s quota.Space) SpacePlan {
	p := SpacePlan{
		Area: s.Area, Parking: known(s.Parking), Sidewalk: known(s.Sidewalk), Banned: s.Banned,
	}
	if s.Cap >= 0 {
		p.Cap = &s.Cap
	}
	if s.Zone >= 0 {
		p.Zone = &s.Zone
	}
	return p
}

// interval returns an estimate with unknowns as nil.
func interval(e quota.Estimate) Interval {
	if !e.Known {
		return Interval{Low: known(e.Low), High: known(e.High)}
	}
	return Interval{known(e.Mean), known(e.Low), known(e.High)}
}

// known returns x, or nil where it is NaN.
func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}
