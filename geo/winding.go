package geo

import (
	"cmp"
	"slices"
)

const (
	// slip is the share of a ring's ground that may lie in loops and slivers the ring makes by
	// crossing itself. Boundaries drawn on a coarse grid have such slips: of the 58 districts of
	// Chengdu, Hangzhou, Nanjing, Shenzhen and Xiamen as a map service gives them, to 1/1024 degree,
	// 54 run back along themselves somewhere. The ground is then right to a thousandth.
	slip = 1e-3
	// mostCrossings is the number of crossings beyond which a ring is a tangle whatever its ground.
	mostCrossings = 10000
	// mostWork is the number of edges, over all strips, that one ring may take to measure.
	mostWork = 50000000
)

// strips measures how often a ring goes around the ground inside it. It cuts the map into strips at
// the latitude of every vertex and every crossing: inside a strip no two edges cross, so that going
// east each edge changes the number of turns by one.
type strips struct {
	sides  []side    // those that aren't level, by lower latitude
	cuts   []float64 // ascending
	work   int
	active []upright
}

// upright is an edge within one strip.
type upright struct {
	side   *side
	middle float64 // longitude halfway up the strip
}

// newStrips prepares the edges of a ring and the latitudes where they cross.
func newStrips(ring []side, crossings []float64) *strips {
	s := &strips{cuts: crossings}
	for _, e := range ring {
		s.cuts = append(s.cuts, e.a.Lat)
		if e.a.Lat != e.b.Lat {
			s.sides = append(s.sides, e)
		}
	}
	slices.SortStableFunc(s.sides, func(a, b side) int {
		return cmp.Compare(a.box.Min.Lat, b.box.Min.Lat)
	})
	slices.Sort(s.cuts)
	s.cuts = slices.Compact(s.cuts)
	return s
}

// share returns the part of the ground, 0 to 1, that the ring goes around more than once or the
// other way round than most; 1 if that is too much work to find out.
func (s *strips) share() float64 {
	var left, right, several float64 // ground by turns: once either way, anything else
	next := 0
	for k := 1; k < len(s.cuts); k++ {
		low, high := s.cuts[k-1], s.cuts[k]
		for ; next < len(s.sides) && s.sides[next].box.Min.Lat <= low; next++ {
			s.active = append(s.active, upright{side: &s.sides[next]})
		}
		s.enter(low, high)
		if s.work += len(s.active); s.work > mostWork {
			return 1
		}
		turns := 0
		for i, e := range s.active {
			if i > 0 {
				ground := (high - low) * (e.middle - s.active[i-1].middle)
				switch turns {
				case 0:
				case 1:
					right += ground
				case -1:
					left += ground
				default:
					several += ground
				}
			}
			turns++
			if e.side.b.Lat < e.side.a.Lat {
				turns -= 2
			}
		}
	}
	all := left + right + several
	if all == 0 {
		return 1
	}
	return (several + min(left, right)) / all
}

// enter drops the edges that end below a strip and puts the others in order from west to east.
func (s *strips) enter(low, high float64) {
	s.active = slices.DeleteFunc(s.active, func(e upright) bool {
		return e.side.box.Max.Lat <= low
	})
	middle := (low + high) / 2
	for i := range s.active {
		e := s.active[i].side.edge
		t := (middle - e.a.Lat) / (e.b.Lat - e.a.Lat)
		s.active[i].middle = e.a.Lng + t*(e.b.Lng-e.a.Lng)
	}
	slices.SortStableFunc(s.active, func(a, b upright) int {
		return cmp.Compare(a.middle, b.middle)
	})
}
