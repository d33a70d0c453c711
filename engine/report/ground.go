package report

import (
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/quota"
)

// ground accounts for what the cell carries: each known limit, and the one that binds.
func (e *explainer) ground() {
	if e.cell.District != "" {
		e.say(PartGround, "district", "district", e.cell.District)
	}
	for _, b := range e.cell.Bounds {
		e.bound(b)
	}
	if e.cell.Capacity == nil {
		e.say(PartGround, "capacity-unknown")
		return
	}
	e.say(PartGround, "capacity", "n", *e.cell.Capacity, "limit", string(e.cell.Binding),
		"low", e.cell.Low, "high", e.cell.High)
}

// bound accounts for one limit of the cell.
func (e *explainer) bound(b quota.Bound) {
	l, s := e.sector.Settings.Limits, e.cell.Space
	switch {
	case b.Limit == quota.LimitParking && s.Parking != nil:
		e.area("parking", *s.Parking, l.Usable.Mid, b)
	case b.Limit == quota.LimitSpace && s.Sidewalk != nil:
		e.area("space", *s.Sidewalk, l.SpaceUsable.Mid, b)
	case b.Limit == quota.LimitTurnover && e.cell.Demand.Mean != nil:
		trips := *e.cell.Demand.Mean
		e.say(PartGround, "turnover", "trips", significant(trips, shareDigits),
			"turnover", l.Turnover, "available", l.Available,
			"exact", significant(quota.TurnoverFleet(trips, l.Turnover, l.Available), shareDigits),
			"n", b.Mid, "low", b.Low, "high", b.High)
	case b.Limit == quota.LimitDensity:
		exact := l.Density * s.Area * (1 - s.Banned) / 1e6
		e.say(PartGround, "density", "density", l.Density,
			"area", significant(s.Area, shareDigits), "open", significant(1-s.Banned, shareDigits),
			"exact", significant(exact, shareDigits), "n", b.Mid)
	default: // an explicit number, or one that rests on something else
		e.say(PartGround, "bound", "limit", string(b.Limit), "n", b.Mid)
	}
}

// area accounts for a limit of parking ground or sidewalk.
func (e *explainer) area(id string, m2, usable float64, b quota.Bound) {
	l := e.sector.Settings.Limits
	open := significant(1-e.cell.Space.Banned, shareDigits)
	exact := quota.ParkingPlaces(m2*open*l.SpaceShare, usable, l.Footprint, 1)
	e.say(PartGround, id, "area", significant(m2, shareDigits), "open", open,
		"share", l.SpaceShare, "usable", usable, "footprint", l.Footprint,
		"exact", significant(exact, shareDigits), "n", b.Mid, "low", b.Low, "high", b.High)
}

// demand accounts for what the cell is asked for.
func (e *explainer) demand() {
	d, s := e.cell.Demand, e.sector.Settings
	switch {
	case d.Mean == nil:
		e.say(PartDemand, "demand-unknown", "low", d.Low, "high", d.High)
	case d.Low == nil || d.High == nil:
		e.say(PartDemand, "demand-plain", "mean", significant(*d.Mean, shareDigits), "unit", e.unit())
	default:
		e.say(PartDemand, "demand", "mean", significant(*d.Mean, shareDigits), "unit", e.unit(),
			"low", significant(*d.Low, shareDigits), "high", significant(*d.High, shareDigits))
	}
	if s.Service.Model == quota.ModelPresence {
		e.say(PartDemand, "presence")
		return
	}
	e.say(PartDemand, "rate", "hours", s.Shrink, "factor", s.Factor)
	if s.Service.Model == quota.ModelErlang {
		e.say(PartDemand, "service-erlang", "hours", s.Service.CycleHours)
		return
	}
	e.say(PartDemand, "service-newsvendor", "parts", parts(s.Service.DayParts))
}

// unit is the code of the demand's unit.
func (e *explainer) unit() string { return e.sector.Unit }

// parts writes the hours at which vehicles are set out.
func parts(hours []int) []string {
	if len(hours) == 0 {
		return []string{"0"}
	}
	list := make([]string, len(hours))
	for i, h := range hours {
		list[i] = strconv.Itoa(h)
	}
	return list
}

// total accounts for the cell's total and why it is not one more.
func (e *explainer) total() {
	c := e.cell
	if c.Enough >= 0 {
		e.say(PartTotal, "enough", "n", c.Enough, "level", e.sector.Settings.Service.Level)
	}
	if c.Floor > 0 {
		e.say(PartTotal, "floor", "n", c.Floor)
	}
	e.say(PartTotal, "total", "n", c.Total)
	e.notMore()
	for at := c.Node; at >= 0; at = e.sector.Nodes[at].Parent {
		e.node(&e.sector.Nodes[at])
	}
}

// notMore accounts for what holds the cell's total back.
func (e *explainer) notMore() {
	switch code := held(e.cell); {
	case code == "benefit":
		e.say(PartTotal, "benefit", "least", e.sector.Settings.MinBenefit, "unit", e.unit())
	case e.cell.Reason == "capacity" && code != "service":
		e.say(PartTotal, "not-more-limit", "limit", code)
	default:
		e.say(PartTotal, "not-more", "reason", code)
	}
}

// node accounts for the bounds of the city, a district or an area around the cell.
func (e *explainer) node(n *engine.NodePlan) {
	if n.Cap < 0 {
		e.say(PartTotal, "node", "node", n.ID, "n", n.Total, "floor", n.Floor)
		return
	}
	e.say(PartTotal, "node-cap", "node", n.ID, "n", n.Total, "floor", n.Floor, "cap", n.Cap)
}
