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

// reach is a side and what it takes up of the axis of a sweep.
type reach struct {
	*side
	from, to float64
}

// meetings calls f for every two sides whose boxes share a point, once, in a fixed order. It sweeps
// along the axis on which the sides are shorter, from the south or west: time grows with the pairs
// that share a coordinate on it.
func meetings(sides []side, f func(a, b *side)) {
	var active []reach
	for _, s := range sweep(sides) {
		kept := active[:0]
		for _, t := range active {
			if t.to < s.from {
				continue
			}
			kept = append(kept, t)
			if t.box.overlaps(s.box) {
				f(t.side, s.side)
			}
		}
		active = append(kept, s)
	}
}

// sweep returns the sides in the order in which a sweep meets them.
func sweep(sides []side) []reach {
	var tall, wide float64
	for _, s := range sides {
		tall += s.box.Max.Lat - s.box.Min.Lat
		wide += s.box.Max.Lng - s.box.Min.Lng
	}
	order := make([]reach, len(sides))
	for i := range sides {
		box := &sides[i].box
		order[i] = reach{side: &sides[i], from: box.Min.Lng, to: box.Max.Lng}
		if tall < wide {
			order[i].from, order[i].to = box.Min.Lat, box.Max.Lat
		}
	}
	slices.SortFunc(order, func(a, b reach) int {
		return cmp.Or(cmp.Compare(a.from, b.from),
			cmp.Compare(a.ring, b.ring), cmp.Compare(a.vertex, b.vertex))
	})
	return order
}
