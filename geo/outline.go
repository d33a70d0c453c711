package geo

import (
	"math"
	"slices"
)

// Outline returns the shape of the cells together, without the sides between them: outer rings
// counter-clockwise, holes clockwise, the largest part first. The cells may have
// any resolutions but must not overlap. What is no cell is left out, and so is a cell that holds a
// pole; a cell across the antimeridian is given as parts of its own, cut there.
func Outline(cells []Cell) MultiPolygon {
	sorted := slices.Clone(cells)
	slices.Sort(sorted)
	var apart MultiPolygon
	w := weaver{places: map[[2]int64]int{}, after: map[[2]int]bool{}}
	for _, c := range slices.Compact(sorted) {
		ring := c.unrolled()
		switch {
		case ring == nil:
		case ring.outOfRange():
			for _, piece := range newTile(c).pieces {
				apart = append(apart, Polygon{piece})
			}
		default:
			w.add(ring)
		}
	}
	return append(nest(w.rings()), apart...)
}

// outOfRange reports whether a longitude of r has run past ±180.
func (r Ring) outOfRange() bool {
	return slices.ContainsFunc(r, func(p LatLng) bool { return math.Abs(p.Lng) > 180 })
}

// weaver joins the sides of rings that share sides: a side that two rings have, once in each
// direction, is inside and falls away.
type weaver struct {
	points []LatLng
	places map[[2]int64]int // points by the square of about 1 cm they are in
	order  [][2]int         // sides from point to point, in the order they came
	after  map[[2]int]bool  // sides that stand
}

// add takes in the sides of one ring.
func (w *weaver) add(ring Ring) {
	for i := 1; i < len(ring); i++ {
		s := [2]int{w.point(ring[i-1]), w.point(ring[i])}
		if s[0] == s[1] {
			continue
		}
		if back := [2]int{s[1], s[0]}; w.after[back] {
			delete(w.after, back)
			continue
		}
		w.after[s] = true
		w.order = append(w.order, s)
	}
}

// point returns the number of p. H3 computes the corner of three cells three times, and they differ
// in the last digits; the square beside is looked at too, as a corner may lie on its edge.
func (w *weaver) point(p LatLng) int {
	const square = 1e-7 // degrees; the sides of a resolution-15 cell have 5e-6
	y, x := int64(math.Floor(p.Lat/square)), int64(math.Floor(p.Lng/square))
	for dy := int64(-1); dy <= 1; dy++ {
		for dx := int64(-1); dx <= 1; dx++ {
			if n, ok := w.places[[2]int64{y + dy, x + dx}]; ok {
				return n
			}
		}
	}
	n := len(w.points)
	w.places[[2]int64{y, x}] = n
	w.points = append(w.points, p)
	return n
}

// rings returns the closed lines of the sides that stand, by first side. No two lines meet at a
// corner: three cells come together there, and one side in and one out are left at most.
func (w *weaver) rings() []Ring {
	next := make(map[int]int, len(w.after))
	for _, side := range w.order {
		if w.after[side] {
			next[side[0]] = side[1]
		}
	}
	var out []Ring
	for _, side := range w.order {
		from := side[0]
		if _, ok := next[from]; !ok || !w.after[side] {
			continue
		}
		ring := Ring{w.points[from]}
		for to, ok := next[from]; ok; to, ok = next[from] {
			delete(next, from)
			ring = append(ring, w.points[to])
			from = to
		}
		if len(ring) > 3 && ring[0] == ring[len(ring)-1] {
			out = append(out, ring)
		}
	}
	return out
}
