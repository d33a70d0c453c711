package geo

import (
	"cmp"
	"slices"
)

// side is an edge of a polygon, with its place there and its box.
type side struct {
	edge
	ring, vertex int // where the edge starts
	index, count int // among the sides of its ring that have a length
	box          Box
}

// sides returns the edges of p that have a length, in order.
func (p Polygon) sides() []side {
	var out []side
	for j, ring := range p {
		start := len(out)
		for k := 1; k < len(ring); k++ {
			if e := (edge{ring[k-1], ring[k]}); e.a != e.b {
				out = append(out, side{
					edge: e, ring: j, vertex: k - 1, index: len(out) - start,
					box: emptyBox().extend(e.a).extend(e.b),
				})
			}
		}
		for i := start; i < len(out); i++ {
			out[i].count = len(out) - start
		}
	}
	return out
}

// meetings calls f for every two sides whose boxes share a point, once, in a fixed order. It sweeps
// from west to east: time grows with the pairs that share longitudes.
func meetings(sides []side, f func(a, b *side)) {
	order := make([]*side, len(sides))
	for i := range sides {
		order[i] = &sides[i]
	}
	slices.SortFunc(order, func(a, b *side) int {
		return cmp.Or(cmp.Compare(a.box.Min.Lng, b.box.Min.Lng),
			cmp.Compare(a.ring, b.ring), cmp.Compare(a.vertex, b.vertex))
	})
	var active []*side
	for _, s := range order {
		kept := active[:0]
		for _, t := range active {
			if t.box.Max.Lng < s.box.Min.Lng {
				continue
			}
			kept = append(kept, t)
			if t.box.overlaps(s.box) {
				f(t, s)
			}
		}
		active = append(kept, s)
	}
}
