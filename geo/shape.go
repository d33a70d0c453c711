package geo

import "math"

// Ring is a closed line: its last point repeats its first. Its direction doesn't matter.
type Ring []LatLng

// Polygon is an outer ring, then its holes. A point is inside if a line from it to the outside
// meets an odd number of edges.
type Polygon []Ring

// MultiPolygon is any number of polygons; nil is the empty shape. Parts that overlap count twice
// in Area; [Union] makes them one.
type MultiPolygon []Polygon

// touch is the distance in degrees, about 0.1 mm, below which a point is on an edge.
const touch = 1e-9

// edge is one side of a ring.
type edge struct{ a, b LatLng }

// edges calls f for every side of every ring of p that has a length.
func (p Polygon) edges(f func(edge)) {
	for _, ring := range p {
		for i := 1; i < len(ring); i++ {
			if ring[i-1] != ring[i] {
				f(edge{ring[i-1], ring[i]})
			}
		}
	}
}

// Bounds returns the box around m, an empty box for the empty shape.
func (m MultiPolygon) Bounds() Box {
	box := emptyBox()
	for _, polygon := range m {
		b := polygon.bounds()
		if !b.Empty() {
			box = box.extend(b.Min).extend(b.Max)
		}
	}
	return box
}

// bounds returns the box around the rings of p.
func (p Polygon) bounds() Box {
	box := emptyBox()
	for _, ring := range p {
		for _, v := range ring {
			box = box.extend(v)
		}
	}
	return box
}

// Map returns the shape with f applied to every vertex, for one a change of datum.
func (m MultiPolygon) Map(f func(LatLng) LatLng) MultiPolygon {
	out := make(MultiPolygon, len(m))
	for i, polygon := range m {
		out[i] = make(Polygon, len(polygon))
		for j, ring := range polygon {
			out[i][j] = make(Ring, len(ring))
			for k, v := range ring {
				out[i][j][k] = f(v)
			}
		}
	}
	return out
}

// Contains reports whether p is inside m. The boundary, also a hole's, counts as inside; a point
// within 0.1 mm of it is on it.
func (m MultiPolygon) Contains(p LatLng) bool {
	for _, polygon := range m {
		if polygon.contains(p) {
			return true
		}
	}
	return false
}

// contains is Contains for one polygon, by ray casting.
func (p Polygon) contains(q LatLng) bool {
	var c caster
	p.edges(func(e edge) { c.cast(e, q) })
	return c.inside()
}

// caster counts the edges that a ray from a point to the east meets.
type caster struct{ on, odd bool }

// inside reports the verdict once every edge near the point's latitude has been cast.
func (c *caster) inside() bool { return c.on || c.odd }

// cast takes one edge into account. The products are rounded one by one, so that a compiler that
// fuses multiplication and addition reaches the same verdict.
func (c *caster) cast(e edge, q LatLng) {
	ay, by := e.a.Lat-q.Lat, e.b.Lat-q.Lat
	if (ay > touch && by > touch) || (ay < -touch && by < -touch) {
		return
	}
	ax, bx := e.a.Lng-q.Lng, e.b.Lng-q.Lng
	dx, dy := bx-ax, by-ay
	cross := float64(ax*by) - float64(bx*ay)
	length := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	along := -float64(ax*dx) - float64(ay*dy)
	if math.Abs(cross) <= touch*length && along >= -touch*length &&
		along <= length*(length+touch) {
		c.on = true
		return
	}
	// The upper end of an edge belongs to it, the lower doesn't: a vertex is met once.
	if (ay > 0) != (by > 0) && (cross > 0) == (by > ay) {
		c.odd = !c.odd
	}
}
