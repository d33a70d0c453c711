package engine

import (
	"slices"

	"github.com/stint-city/stint/geo"
)

// Caps are what one plan allows in one scope: the most vehicles each level may hold. They don't
// change once made; a new publication has new Caps with a greater Epoch.
type Caps struct {
	Scope Scope
	Epoch int64  // number of the publication, counted up from 1
	Plan  string // ID of the plan
	Cap   map[Level]int

	Operators []string // of the plan, by ID
	Cells     []geo.Cell
	districts map[geo.Cell][]string // innermost first, without the city
	levels    map[holder][]Level    // what each is charged to, zones and pools aside
}

// holder is an operator in a cell.
type holder struct {
	cell     geo.Cell
	operator string
}

// CapsOf derives the caps of one sector of a plan: what the plan allots to each tier. A district's
// cap is the sum of its cells, an operator's in a district the sum of its quotas there, so that a
// tier above the cells binds only where vehicles stand that the plan doesn't place there. ok is
// false where the plan has no such sector. Zones and pools are added by the caller.
func CapsOf(p *Plan, sector string, epoch int64) (caps *Caps, ok bool) {
	s, ok := p.Sector(sector)
	if !ok {
		return nil, false
	}
	caps = &Caps{
		Scope: Scope{p.City.ID, sector}, Epoch: epoch, Plan: p.ID,
		Cap:       map[Level]int{CityLevel: s.Total},
		districts: make(map[geo.Cell][]string, len(s.Cells)),
		levels:    make(map[holder][]Level, len(s.Cells)*len(s.Operators)),
	}
	for k := range s.Operators {
		caps.Operators = append(caps.Operators, s.Operators[k].ID)
		caps.Cap[OperatorLevel(s.Operators[k].ID)] = s.Operators[k].Quota
	}
	for i := range s.Cells {
		cell := &s.Cells[i]
		caps.Cells = append(caps.Cells, cell.Cell)
		caps.districts[cell.Cell] = districts(s.Nodes, cell.Node)
		caps.addCell(cell)
	}
	slices.Sort(caps.Cells)
	return caps, true
}

// addCell adds the cell's own levels, and its part to its districts.
func (c *Caps) addCell(cell *CellPlan) {
	all, nodes := CellLevel(cell.Cell), c.districts[cell.Cell]
	shared := make([]Level, len(nodes))
	c.Cap[all] = cell.Total
	for i, node := range nodes {
		shared[i] = DistrictLevel(node)
		c.Cap[shared[i]] += cell.Total
	}
	for k, n := range cell.Quotas {
		operator := c.Operators[k]
		own := CellOperatorLevel(cell.Cell, operator)
		c.Cap[own] = n
		levels := make([]Level, 0, 4+2*len(nodes))
		levels = append(levels, own, all)
		for i, node := range nodes {
			part := OperatorDistrictLevel(node, operator)
			c.Cap[part] += n
			levels = append(levels, part, shared[i])
		}
		c.levels[holder{cell.Cell, operator}] = append(levels, OperatorLevel(operator), CityLevel)
	}
}

// districts returns the IDs of a node and of those above it, the city's own aside.
func districts(nodes []NodePlan, node int) []string {
	var ids []string
	for node >= 0 && node < len(nodes) && nodes[node].Parent >= 0 {
		ids = append(ids, nodes[node].ID)
		node = nodes[node].Parent
	}
	return ids
}

// Districts returns the districts and areas that a cell lies in, innermost first; the slice must
// not be changed. ok is false for a cell that the plan doesn't know.
func (c *Caps) Districts(cell geo.Cell) (ids []string, ok bool) {
	ids, ok = c.districts[cell]
	return ids, ok
}

// Levels returns what a placement of an operator in a cell is charged to, in the order in which the
// tiers are checked: zones, operator in cell, cell, operator in district and district from the
// innermost outwards, operator in city, city, pools. ok is false where the plan gives the operator
// no quota in the cell, not even 0. The slice must not be changed: a thousand records share it.
func (c *Caps) Levels(cell geo.Cell, operator string, zones, pools []string) (l []Level, ok bool) {
	usual, ok := c.levels[holder{cell, operator}]
	if !ok || len(zones)+len(pools) == 0 {
		return usual, ok
	}
	l = make([]Level, 0, len(zones)+len(usual)+len(pools))
	for _, id := range zones {
		l = append(l, ZoneLevel(id))
	}
	l = append(l, usual...)
	for _, id := range pools {
		l = append(l, PoolLevel(id))
	}
	return l, true
}

// made reports whether an ask's levels are the very slice that Levels returned for it.
func (c *Caps) made(a *Ask) bool {
	usual := c.levels[holder{a.Cell, a.ID.Operator()}]
	return len(usual) == len(a.Levels) && &usual[0] == &a.Levels[0]
}
