package observe

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/geo"
)

// FenceShare is the part of an operator's parked vehicles that were seen within a tolerance of a
// parking fence. Share is nil where none was seen.
type FenceShare struct {
	Operator  string   `json:"operator"`
	Sector    string   `json:"sector"`
	Tolerance float64  `json:"tolerance_m"`
	Within    int      `json:"within"`
	Of        int      `json:"of"`
	Share     *float64 `json:"share"`
}

// FenceTally counts parked vehicles by their distance to the nearest fence's polygon.
type FenceTally struct {
	fences     *geo.Zones
	tolerances []float64 // m, ascending
	area       geo.Box
	by         map[key]*fenceCount
}

type fenceCount struct {
	within []int
	of     int
}

// NewFenceTally returns a tally at some tolerances, m, in ascending order. area is the city's
// surroundings, as in Settings.
func NewFenceTally(fences *geo.Zones, tolerances []float64, area geo.Box) *FenceTally {
	return &FenceTally{fences, tolerances, area, map[key]*fenceCount{}}
}

// Take counts every sighting of a batch that places a parked vehicle: of an event feed each lock,
// of snapshots each vehicle in each of them. Positions that can't be meant are left out.
func (t *FenceTally) Take(b *Batch) {
	k := key{b.Operator, b.Sector}
	c := t.by[k]
	if c == nil {
		c = &fenceCount{within: make([]int, len(t.tolerances))}
		t.by[k] = c
	}
	for i := range b.Sightings {
		x := &b.Sightings[i]
		if !x.Placed || !x.State.Standing() && x.State != Unknown {
			continue
		}
		if f := judge(x.Point, t.area); f != faultNone && f != faultOutside {
			continue
		}
		c.of++
		_, metres, ok := t.fences.Nearest(x.Point, t.tolerances[len(t.tolerances)-1])
		for n, most := range t.tolerances {
			if ok && metres <= most {
				c.within[n]++
			}
		}
	}
}

// Shares returns the shares by operator, sector and tolerance.
func (t *FenceTally) Shares() []FenceShare {
	var list []FenceShare
	for k, c := range t.by {
		for n, most := range t.tolerances {
			list = append(list, FenceShare{
				k.operator, k.sector, most, c.within[n], c.of, ratio(c.within[n], c.of),
			})
		}
	}
	slices.SortFunc(list, func(a, b FenceShare) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Sector, b.Sector),
			cmp.Compare(a.Tolerance, b.Tolerance))
	})
	return list
}

// Beside returns, for each of some cells, how many of the vehicles that count stand nearest to
// which zone; -1 = none within so many metres.
func (s *Street) Beside(
	m Method, cells map[geo.Cell]bool, zones *geo.Zones, within float64, now int64,
) map[geo.Cell]map[int]int {
	out := map[geo.Cell]map[int]int{}
	for _, k := range s.feeds() {
		p := s.pictures[k]
		if s.status(p, now) != Known {
			continue
		}
		for v := range p.all() {
			if !cells[v.cell] || !m.counts(v, now) {
				continue
			}
			zone := -1
			if v.lat|v.lng != 0 {
				if i, _, ok := zones.Nearest(v.point(), within); ok {
					zone = i
				}
			}
			if out[v.cell] == nil {
				out[v.cell] = map[int]int{}
			}
			out[v.cell][zone]++
		}
	}
	return out
}
