package geo

import (
	"cmp"
	"math"
	"slices"
)

const (
	// pixel is the lattice, in degrees, that crossing points are rounded to, 0.01 mm: where three
	// lines meet at a point, the three ways to compute it come out as the same.
	pixel = 1e-10
	// mostRounds is how often edges are cut where they meet. Rounding a crossing bends its edges
	// by less than a pixel, which may make them meet others; the second round mostly finds nothing.
	mostRounds = 10
)

// tidy returns the ground of p as polygons whose rings are simple: no ring meets itself, and rings
// meet one another at points only. Ground is what an odd number of turns encloses, as for
// Contains. A polygon that is simple already comes back as it is; spikes, edges run along twice
// and slips are what the overlay library can't take. ok is false if the edges can't be cut so that
// they meet at their ends only.
func (p Polygon) tidy() (out MultiPolygon, ok bool) {
	sides := p.sides()
	if len(sides) == p.edgeCount() && !untidy(sides) {
		return MultiPolygon{p}, true
	}
	for range mostRounds {
		cuts := cutsOf(sides)
		var w web
		for i := range sides {
			w.add(sides[i].edge, cuts[&sides[i]])
		}
		if len(cuts) == 0 {
			return nest(w.rings()), true
		}
		sides = w.sides()
	}
	return nil, false
}

// edgeCount returns how many edges p has, those without a length counted too.
func (p Polygon) edgeCount() int {
	n := 0
	for _, r := range p {
		n += max(len(r)-1, 1) // a ring without edges isn't simple either
	}
	return n
}

// untidy reports whether sides meet other than in a row.
func untidy(sides []side) bool {
	found := false
	meetings(sides, func(a, b *side) {
		if found {
			return
		}
		_, how := meet(a.edge, b.edge)
		found = how == crossing || (how == touching && !follows(a, b))
	})
	return found
}

// follows reports whether two sides come one after the other in one ring.
func follows(a, b *side) bool {
	gap := max(a.index, b.index) - min(a.index, b.index)
	return a.ring == b.ring && (gap == 1 || gap == a.count-1)
}

// cutsOf returns where the sides meet one another inside them.
func cutsOf(sides []side) map[*side][]LatLng {
	cuts := make(map[*side][]LatLng)
	meetings(sides, func(a, b *side) {
		at, how := meet(a.edge, b.edge)
		if how == apart {
			return
		}
		for _, v := range shared(a.edge, b.edge, at, how) {
			for _, s := range []*side{a, b} {
				if v != s.a && v != s.b {
					cuts[s] = append(cuts[s], v)
				}
			}
		}
	})
	return cuts
}

// shared returns the points at which two edges that meet are to be cut.
func shared(e, f edge, at LatLng, how meeting) []LatLng {
	if how == touching {
		return []LatLng{at}
	}
	ends := []LatLng{e.a, e.b, f.a, f.b}
	if orient(e.a, e.b, f.a) != 0 || orient(e.a, e.b, f.b) != 0 {
		return []LatLng{rounded(crossingPoint(e, f), ends)}
	}
	return slices.DeleteFunc(ends, func(v LatLng) bool { return !between(e, v) || !between(f, v) })
}

// rounded returns one of the ends if p is within two pixels of it, otherwise the nearest pixel.
func rounded(p LatLng, ends []LatLng) LatLng {
	for _, v := range ends {
		if math.Abs(v.Lat-p.Lat) <= 2*pixel && math.Abs(v.Lng-p.Lng) <= 2*pixel {
			return v
		}
	}
	return LatLng{math.Round(p.Lat/pixel) * pixel, math.Round(p.Lng/pixel) * pixel}
}

// web is the pieces of edges that bound ground: a piece laid twice has the same on both sides, and
// falls away.
type web struct {
	laid  map[edge]bool // by the end further south, then west
	order []edge
	at    map[LatLng][]LatLng // the other ends of the pieces at a point
}

// add lays an edge, cut at points that are on it.
func (w *web) add(e edge, cuts []LatLng) {
	dx, dy := e.b.Lng-e.a.Lng, e.b.Lat-e.a.Lat
	slices.SortFunc(cuts, func(p, q LatLng) int {
		return cmp.Compare(p.Lng*dx+p.Lat*dy, q.Lng*dx+q.Lat*dy)
	})
	from := e.a
	for _, to := range append(cuts, e.b) {
		if to != from {
			w.lay(edge{from, to})
		}
		from = to
	}
}

// lay lays one piece, or takes away the one that is there.
func (w *web) lay(e edge) {
	if w.laid == nil {
		w.laid = make(map[edge]bool)
	}
	if e.b.before(e.a) {
		e.a, e.b = e.b, e.a
	}
	if _, known := w.laid[e]; !known {
		w.order = append(w.order, e)
	}
	w.laid[e] = !w.laid[e]
}

// before orders points from south to north, then from west to east.
func (p LatLng) before(q LatLng) bool {
	return p.Lat < q.Lat || (p.Lat == q.Lat && p.Lng < q.Lng)
}

// sides returns the pieces that are left, to be cut once more.
func (w *web) sides() []side {
	var out []side
	for _, e := range w.order {
		if w.laid[e] {
			out = append(out, side{
				edge: e, vertex: len(out), index: len(out),
				box: emptyBox().extend(e.a).extend(e.b),
			})
		}
	}
	return out
}

// rings follows the pieces around, each used once, and returns simple rings that don't cross.
func (w *web) rings() []Ring {
	w.at = make(map[LatLng][]LatLng)
	for _, e := range w.order {
		if w.laid[e] {
			w.at[e.a] = append(w.at[e.a], e.b)
			w.at[e.b] = append(w.at[e.b], e.a)
		}
	}
	var out []Ring
	for _, e := range w.order {
		for len(w.at[e.a]) > 0 {
			out = append(out, split(w.walk(e.a))...)
		}
	}
	return out
}

// walk follows pieces from a point, turning as far right as it can, until that leads into its first
// piece again. No piece lies unused between the one it comes by and the one it goes by, so that two
// walks never cross. Every point has an even number of pieces, so that no walk gets stuck.
func (w *web) walk(start LatLng) Ring {
	first := w.at[start][0]
	w.remove(first, start) // its other end stays until the walk closes
	ring := Ring{start, first}
	from, here := start, first
	for {
		ends := w.at[here]
		best := 0
		for i := 1; i < len(ends); i++ {
			if (pass{from: ends[best], to: from}).left(here, ends[i]) {
				best = i
			}
		}
		next := ends[best]
		w.remove(here, next)
		if here == start && next == first {
			return ring
		}
		w.remove(next, here)
		ring = append(ring, next)
		from, here = here, next
	}
}

// remove takes away the piece that leads from a point to another.
func (w *web) remove(from, to LatLng) {
	ends := w.at[from]
	if i := slices.Index(ends, to); i >= 0 {
		w.at[from] = slices.Delete(ends, i, i+1)
	}
}

// split cuts a closed walk into rings wherever it comes back to a point.
func split(walk Ring) []Ring {
	var out []Ring
	var path Ring
	place := make(map[LatLng]int, len(walk))
	for _, v := range walk {
		if k, seen := place[v]; seen {
			ring := append(slices.Clone(path[k:]), v)
			for _, gone := range path[k+1:] {
				delete(place, gone)
			}
			path = path[:k+1]
			if len(ring) > 3 {
				out = append(out, ring)
			}
			continue
		}
		place[v] = len(path)
		path = append(path, v)
	}
	return out
}
