package observe

import (
	"cmp"
	"maps"
	"slices"

	"github.com/stint-city/stint/geo"
)

// The kinds of findings.
const (
	FindOver   = "over-deployment"
	FindPile   = "pile-up"
	FindBanned = "banned-zone"
	FindFence  = "outside-fences"
	FindIdle   = "idle"
)

// Ground is what findings are held against. A nil or empty part is not judged.
type Ground struct {
	Method    Method
	Quota     map[string]int       // by operator: vehicles on the whole street
	Capacity  map[geo.Cell]float64 // vehicles that a cell carries
	Theta     float64              // a pile-up is above Capacity × Theta
	Tau       int64                // ms for which it must have been so
	Banned    *geo.Zones
	Fences    *geo.Zones
	Tolerance float64 // m beside a fence that still counts as inside
	Idle      int64   // ms in one place; 0 = not judged
}

// Finding is something to act on, with its evidence: what was counted, against what, when and since
// when.
type Finding struct {
	Kind     string      `json:"kind"`
	Operator string      `json:"operator,omitempty"` // empty where all operators share it
	Sector   string      `json:"sector,omitempty"`
	Cell     geo.Cell    `json:"cell,omitempty"`
	Zone     string      `json:"zone,omitempty"`
	Vehicle  ID          `json:"vehicle,omitempty"`
	Point    *geo.LatLng `json:"point,omitempty"`
	N        float64     `json:"n"`     // vehicles, metres to a fence, or hours
	Limit    float64     `json:"limit"` // in the unit of N
	At       int64       `json:"at_ms"`
	Since    int64       `json:"since_ms,omitempty"`
}

// Gap is a finding that can't be computed, and why.
type Gap struct {
	Kind     string `json:"kind"`
	Operator string `json:"operator"`
	Sector   string `json:"sector"`
	Why      string `json:"why"` // stale, silent, ids-do-not-last or ids-unknown
}

// Findings returns what is not as it should be at the time now, and what can't be told. It keeps
// since when each cell is piled up, so it is asked after every batch.
func (s *Street) Findings(g *Ground, now int64) ([]Finding, []Gap) {
	var list []Finding
	var gaps []Gap
	cells, operators := map[geo.Cell]int{}, map[string]int{}
	for _, k := range s.feeds() {
		p := s.pictures[k]
		if status := s.status(p, now); status != Known {
			gaps = append(gaps, Gap{"all", k.operator, k.sector, status})
			continue
		}
		idle := g.Idle
		if why := idsWhy(p); idle > 0 && why != "" {
			gaps = append(gaps, Gap{FindIdle, k.operator, k.sector, why})
			idle = 0
		}
		for v := range p.all() {
			if !g.Method.counts(v, now) {
				continue
			}
			operators[k.operator]++
			cells[v.cell]++
			if v.placedAt != 0 && v.state.OnStreet() && v.state != OnTrip {
				list = g.vehicle(list, k, v, idle, now)
			}
		}
	}
	list = append(list, g.over(operators, now)...)
	list = append(list, s.piles(g, cells, now)...)
	sortFindings(list)
	return list, gaps
}

// idsWhy says why dwell can't be told of a feed, "" where it can.
func idsWhy(p *picture) string {
	share := ratio(p.health.lastKept, p.health.lastBefore)
	switch {
	case share == nil:
		return "ids-unknown"
	case *share < lasting:
		return "ids-do-not-last"
	}
	return ""
}

// vehicle appends what is wrong with one vehicle's place.
func (g *Ground) vehicle(list []Finding, k key, v *vehicle, idle, now int64) []Finding {
	f := Finding{Operator: k.operator, Sector: k.sector, Cell: v.cell, Vehicle: v.id, At: v.placedAt}
	if v.lat|v.lng != 0 {
		at := v.point()
		f.Point = &at
	}
	if g.Banned != nil && f.Point != nil {
		for _, i := range g.Banned.At(nil, *f.Point) {
			b := f
			b.Kind, b.Zone, b.N = FindBanned, g.Banned.Zone(i).ID, 1
			list = append(list, b)
		}
	}
	if g.Fences != nil && f.Point != nil {
		const far = 1000 // m: farther is as far
		if i, metres, ok := g.Fences.Nearest(*f.Point, far); !ok || metres > g.Tolerance {
			b := f
			b.Kind, b.N, b.Limit = FindFence, far, g.Tolerance
			if ok {
				b.Zone, b.N = g.Fences.Zone(i).ID, metres
			}
			list = append(list, b)
		}
	}
	since := int64(v.since) * 1000
	if idle > 0 && v.id != 0 && now-since >= idle {
		const hour = 3600 * 1000
		f.Kind, f.N, f.Limit = FindIdle, float64(now-since)/hour, float64(idle)/hour
		f.Since = since
		list = append(list, f)
	}
	return list
}

// over compares the fleets with the quotas. Feeds that aren't known can only add to a fleet.
func (g *Ground) over(fleets map[string]int, now int64) []Finding {
	var list []Finding
	for _, operator := range slices.Sorted(maps.Keys(g.Quota)) {
		if n, quota := fleets[operator], g.Quota[operator]; n > quota {
			list = append(list, Finding{
				Kind: FindOver, Operator: operator, N: float64(n),
				Limit: float64(quota), At: now,
			})
		}
	}
	return list
}

// piles finds cells that have been above their capacity × θ for τ.
func (s *Street) piles(g *Ground, cells map[geo.Cell]int, now int64) []Finding {
	var list []Finding
	for cell, capacity := range g.Capacity {
		n, most := float64(cells[cell]), capacity*g.Theta
		if n <= most {
			delete(s.piled, cell)
			continue
		}
		since, found := s.piled[cell]
		if !found {
			since = now
			s.piled[cell] = now
		}
		if now-since >= g.Tau {
			list = append(list, Finding{
				Kind: FindPile, Cell: cell, N: n, Limit: most, At: now,
				Since: since,
			})
		}
	}
	return list
}

func sortFindings(list []Finding) {
	slices.SortFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Operator, b.Operator),
			cmp.Compare(a.Sector, b.Sector), cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Cell, b.Cell),
			cmp.Compare(a.Vehicle, b.Vehicle), cmp.Compare(a.At, b.At))
	})
}
