package observe

import (
	"cmp"
	"maps"
	"slices"

	"github.com/stint-city/stint/geo"
)

// The kinds of findings.
const (
	FindOver      = "over-deployment"
	FindPile      = "pile-up"
	FindStarved   = "starvation"
	FindBanned    = "banned-zone"
	FindFence     = "outside-fences"
	FindIdle      = "idle"
	FindAbandoned = "abandoned"
)

// Ground is what findings are held against. A nil or empty part is not judged.
type Ground struct {
	Method    Method
	Quota     map[string]int       // by operator: vehicles on the whole street
	Capacity  map[geo.Cell]float64 // vehicles that a cell carries
	Theta     float64              // a pile-up is above Capacity × Theta
	Tau       int64                // ms for which it must have been so, or a cell have starved
	Demand    Demand               // nil = nothing is known of who sets out
	Horizon   int64                // ms, T: who leaves within it doesn't pile up; 0 = not told apart
	Hunger    Hunger               // when a cell starves
	Banned    *geo.Zones
	Fences    *geo.Zones
	Tolerance float64 // m beside a fence that still counts as inside
	Idle      int64   // ms in one place; 0 = not judged
	Abandoned int64   // ms in one place, from which idle is abandoned; 0 = not judged
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
	Pile     *Pile       `json:"pile,omitempty"`   // of a pile-up: how it was judged
	Hunger   *Want       `json:"hunger,omitempty"` // of starvation: what was wanted
}

// Gap is a finding that can't be computed, and why.
type Gap struct {
	Kind     string `json:"kind"`
	Operator string `json:"operator"`
	Sector   string `json:"sector"`
	Why      string `json:"why"` // stale, silent, ids-…, locks-alone, no-demand, feed-unknown
}

// crowd is what stands on the street as findings read it.
type crowd struct {
	cells     map[geo.Cell]int // that count
	usable    map[geo.Cell]int // of these, who can be ridden as far as the feed tells
	operators map[string]int
	unknown   bool // a feed is stale or silent
}

// Findings returns what is not as it should be at the time now, and what can't be told. It keeps
// since when each cell is piled up or starves, so it, or Watch, is asked after every batch.
func (s *Street) Findings(g *Ground, now int64) ([]Finding, []Gap) {
	return s.findings(g, now, true)
}

// Watch returns the findings about cells and fleets alone: what must be asked often.
func (s *Street) Watch(g *Ground, now int64) []Finding {
	list, _ := s.findings(g, now, false)
	return list
}

func (s *Street) findings(g *Ground, now int64, vehicles bool) ([]Finding, []Gap) {
	var list []Finding
	var gaps []Gap
	c := crowd{map[geo.Cell]int{}, map[geo.Cell]int{}, map[string]int{}, false}
	for _, k := range s.feeds() {
		p := s.pictures[k]
		if status := s.status(p, now); status != Known {
			gaps = append(gaps, Gap{"all", k.operator, k.sector, status})
			c.unknown = true
			continue
		}
		dwell := g.dwell()
		if why := p.idsWhy(); vehicles && dwell && why != "" {
			gaps = append(gaps, Gap{FindIdle, k.operator, k.sector, why})
			dwell = false
		}
		for v := range p.all() {
			if !g.Method.counts(v, now) {
				continue
			}
			c.add(k.operator, v)
			if vehicles && v.placedAt != 0 && v.state.OnStreet() && v.state != OnTrip {
				list = g.vehicle(list, k, v, dwell, now)
			}
		}
	}
	list = append(list, g.over(c.operators, now)...)
	list = append(list, s.piles(g, c.cells, now)...)
	starved, gap := s.starving(g, &c, now)
	if list = append(list, starved...); gap != nil {
		gaps = append(gaps, *gap)
	}
	sortFindings(list)
	return list, gaps
}

func (c *crowd) add(operator string, v *vehicle) {
	c.operators[operator]++
	c.cells[v.cell]++
	if v.state == Available || v.state == Unknown {
		c.usable[v.cell]++
	}
}

// dwell reports whether any finding needs the time that a vehicle has stood.
func (g *Ground) dwell() bool { return g.Idle > 0 || g.Abandoned > 0 }

// idsWhy says why dwell can't be told of a feed, "" where it can. Events that only say where a
// vehicle was locked leave open when it left: a vehicle last locked an hour ago may be ridden.
func (p *picture) idsWhy() string {
	if p.snapshot == 0 && p.last != 0 && !p.departs {
		return "locks-alone"
	}
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
func (g *Ground) vehicle(list []Finding, k key, v *vehicle, dwell bool, now int64) []Finding {
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
	if dwell && v.id != 0 {
		list = g.stood(list, f, int64(v.since)*1000, now)
	}
	return list
}

// stood appends that a vehicle has stood too long: abandoned, or else idle.
func (g *Ground) stood(list []Finding, f Finding, since, now int64) []Finding {
	const hour = 3600 * 1000
	limit := g.Idle
	f.Kind = FindIdle
	if g.Abandoned > 0 && now-since >= g.Abandoned {
		f.Kind, limit = FindAbandoned, g.Abandoned
	}
	if limit == 0 || now-since < limit {
		return list
	}
	f.N, f.Limit, f.Since = float64(now-since)/hour, float64(limit)/hour, since
	return append(list, f)
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

func sortFindings(list []Finding) {
	slices.SortFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Operator, b.Operator),
			cmp.Compare(a.Sector, b.Sector), cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Cell, b.Cell),
			cmp.Compare(a.Vehicle, b.Vehicle), cmp.Compare(a.At, b.At))
	})
}
