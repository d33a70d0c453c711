package report

import (
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// row is one cell of one sector.
type row struct {
	sector *engine.SectorPlan
	cell   *engine.CellPlan
	center geo.LatLng
	at     []int // place in the sector of each operator of the plan; -1 = not in this sector
}

// column is one figure of a row, the same in cells.csv and cells.geojson.
type column struct {
	name  string
	text  bool // a text in JSON; otherwise a number
	value func(r row) string
}

// columns returns every figure of a cell: place, ground, demand, capacity with its bounds, total,
// and then those of each operator. A value of "" is unknown, or not there.
func columns(p *engine.Plan) []column {
	list := slices.Concat(placeColumns(), demandColumns())
	for _, limit := range limitsOf(p) {
		list = append(list, boundColumns(limit)...)
	}
	list = append(list, totalColumns()...)
	for k, id := range operatorsOf(p) {
		list = append(list, operatorColumns(k, id)...)
	}
	return list
}

func placeColumns() []column {
	return []column{
		{"sector", true, func(r row) string { return r.sector.ID }},
		{"cell", true, func(r row) string { return r.cell.Cell.String() }},
		{"district", true, func(r row) string { return r.cell.District }},
		{"node", true, func(r row) string { return r.sector.Nodes[r.cell.Node].ID }},
		{"latitude", false, func(r row) string { return fixed(r.center.Lat, 6) }},
		{"longitude", false, func(r row) string { return fixed(r.center.Lng, 6) }},
		{"area_m2", false, func(r row) string { return exact(r.cell.Space.Area) }},
		{"parking_m2", false, func(r row) string { return known(r.cell.Space.Parking) }},
		{"sidewalk_m2", false, func(r row) string { return known(r.cell.Space.Sidewalk) }},
		{"banned_share", false, func(r row) string { return exact(r.cell.Space.Banned) }},
		{"cap", false, func(r row) string { return count(r.cell.Space.Cap) }},
		{"zone_limit", false, func(r row) string { return count(r.cell.Space.Zone) }},
	}
}

func demandColumns() []column {
	return []column{
		{"unit", true, func(r row) string { return r.sector.Unit }},
		{"demand", false, func(r row) string { return known(r.cell.Demand.Mean) }},
		{"demand_low", false, func(r row) string { return known(r.cell.Demand.Low) }},
		{"demand_high", false, func(r row) string { return known(r.cell.Demand.High) }},
		{"capacity", false, func(r row) string { return count(r.cell.Capacity) }},
		{"capacity_low", false, func(r row) string { return count(r.cell.Low) }},
		{"capacity_high", false, func(r row) string { return count(r.cell.High) }},
		{"binding", true, func(r row) string { return string(r.cell.Binding) }},
	}
}

func boundColumns(limit quota.Limit) []column {
	value := func(of func(b quota.Bound) int) func(r row) string {
		return func(r row) string {
			for _, b := range r.cell.Bounds {
				if b.Limit == limit {
					return strconv.Itoa(of(b))
				}
			}
			return ""
		}
	}
	name := "limit_" + string(limit)
	return []column{
		{name, false, value(func(b quota.Bound) int { return b.Mid })},
		{name + "_low", false, value(func(b quota.Bound) int { return b.Low })},
		{name + "_high", false, value(func(b quota.Bound) int { return b.High })},
	}
}

func totalColumns() []column {
	return []column{
		{"enough", false, func(r row) string { return limited(r.cell.Enough) }},
		{"floor", false, func(r row) string { return strconv.Itoa(r.cell.Floor) }},
		{"total", false, func(r row) string { return strconv.Itoa(r.cell.Total) }},
		{"reason", true, func(r row) string { return r.cell.Reason }},
		{"reason_node", true, func(r row) string { return r.cell.ReasonNode }},
		{"multiplier", false, func(r row) string { return exact(r.cell.Multiplier) }},
		{"price", false, func(r row) string { return strconv.FormatInt(r.cell.Price, 10) }},
	}
}

// operatorColumns are the figures of the k-th operator of the plan.
func operatorColumns(k int, id string) []column {
	of := func(value func(c *engine.CellPlan, k int) string) func(r row) string {
		return func(r row) string {
			if r.at[k] < 0 {
				return ""
			}
			return value(r.cell, r.at[k])
		}
	}
	return []column{
		{"quota_" + id, false, of(func(c *engine.CellPlan, k int) string {
			return strconv.Itoa(c.Quotas[k])
		})},
		{"previous_" + id, false, of(func(c *engine.CellPlan, k int) string {
			if len(c.Previous) == 0 {
				return ""
			}
			return limited(c.Previous[k])
		})},
		{"upper_" + id, false, of(func(c *engine.CellPlan, k int) string {
			return strconv.Itoa(c.Upper[k])
		})},
		{"claim_" + id, false, of(func(c *engine.CellPlan, k int) string {
			return exact(c.Claims[k])
		})},
		{"code_" + id, true, of(func(c *engine.CellPlan, k int) string { return c.Codes[k] })},
	}
}

// rows calls each for every cell of every sector, in the plan's order, until it returns false.
func rows(p *engine.Plan, each func(r row) bool) {
	ids := operatorsOf(p)
	for i := range p.Sectors {
		s := &p.Sectors[i]
		at := make([]int, len(ids))
		for k, id := range ids {
			at[k] = slices.IndexFunc(s.Operators, func(o engine.OperatorPlan) bool { return o.ID == id })
		}
		for c := range s.Cells {
			if !each(row{s, &s.Cells[c], s.Cells[c].Cell.Center(), at}) {
				return
			}
		}
	}
}

// operatorsOf returns the operators of all sectors, by ID.
func operatorsOf(p *engine.Plan) []string {
	var ids []string
	for i := range p.Sectors {
		for k := range p.Sectors[i].Operators {
			ids = append(ids, p.Sectors[i].Operators[k].ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// limitsOf returns the limits that bound a cell somewhere, in byte order.
func limitsOf(p *engine.Plan) []quota.Limit {
	var limits []quota.Limit
	for i := range p.Sectors {
		for c := range p.Sectors[i].Cells {
			for _, b := range p.Sectors[i].Cells[c].Bounds {
				if !slices.Contains(limits, b.Limit) {
					limits = append(limits, b.Limit)
				}
			}
		}
	}
	slices.Sort(limits)
	return limits
}
