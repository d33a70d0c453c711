package geo

import "math"

// tile is a cell as a figure on the map of longitudes and latitudes.
type tile struct {
	cell   Cell
	box    Box
	center LatLng
	area   float64 // m²
	pieces []Ring  // convex, counter-clockwise, together the cell; none if it holds a pole
}

// newTile returns the figure of c: one convex piece for nearly every cell, triangles for one that
// H3 bends inwards, and the pieces on either side for one across the antimeridian.
func newTile(c Cell) *tile {
	t := &tile{cell: c, box: emptyBox(), center: c.Center(), area: c.Area()}
	ring := c.unrolled()
	if ring == nil {
		return t
	}
	pieces := []Ring{ring}
	if !ring.convex() {
		pieces = ring.fan(t.center)
	}
	for _, piece := range pieces {
		t.pieces = append(t.pieces, piece.splitAtAntimeridian()...)
	}
	for _, piece := range t.pieces {
		for _, v := range piece {
			t.box = t.box.extend(v)
		}
	}
	return t
}

// unrolled returns the outline of c with longitudes that run on past ±180, near those of its
// centre; nil for a cell that holds a pole, around which there is no such outline.
func (c Cell) unrolled() Ring {
	ring := c.Boundary()
	if len(ring) == 0 {
		return nil
	}
	at := c.Center().Lng
	ring[0].Lng = at + turn(ring[0].Lng-at)
	for i := 1; i < len(ring); i++ {
		ring[i].Lng = ring[i-1].Lng + turn(ring[i].Lng-ring[i-1].Lng)
	}
	if math.Abs(ring[len(ring)-1].Lng-ring[0].Lng) > 180 {
		return nil
	}
	ring[len(ring)-1] = ring[0]
	return ring
}

// convex reports whether a counter-clockwise ring never turns right.
func (r Ring) convex() bool {
	for i := 1; i < len(r); i++ {
		next := r[1]
		if i+1 < len(r) {
			next = r[i+1]
		}
		if turnOf(r[i-1], r[i], next) < 0 {
			return false
		}
	}
	return true
}

// fan returns the triangles between a point and the sides of a ring around it.
func (r Ring) fan(from LatLng) []Ring {
	var out []Ring
	from.Lng = r[0].Lng + turn(from.Lng-r[0].Lng)
	for i := 1; i < len(r); i++ {
		out = append(out, Ring{from, r[i-1], r[i], from})
	}
	return out
}

// splitAtAntimeridian returns the pieces of a convex ring within longitudes -180 to 180.
func (r Ring) splitAtAntimeridian() []Ring {
	if !r.outOfRange() {
		return []Ring{r}
	}
	var out []Ring
	for _, shift := range []float64{0, 360, -360} {
		moved := make(Ring, len(r))
		for i, v := range r {
			moved[i] = LatLng{v.Lat, v.Lng + shift}
		}
		low, high := LatLng{0, -180}, LatLng{0, 180}
		moved = moved.cut(low, LatLng{-1, -180}, nil).cut(high, LatLng{1, 180}, nil)
		if len(moved) > 0 && moved.signedArea() > 0 {
			out = append(out, moved)
		}
	}
	return out
}

// turnOf returns the cross product of the edges a-b and b-c: positive for a turn to the left.
func turnOf(a, b, c LatLng) float64 {
	left := float64((b.Lng - a.Lng) * (c.Lat - b.Lat))
	return left - float64((b.Lat-a.Lat)*(c.Lng-b.Lng))
}

// cut appends to dst the part of r left of the line from a to b, closed. What is left of a ring
// that isn't convex may run along the line and back, which encloses nothing.
//
// Source: Sutherland and Hodgman, Reentrant Polygon Clipping, CACM 17 (1974).
func (r Ring) cut(a, b LatLng, dst Ring) Ring {
	if len(r) == 0 {
		return dst
	}
	side := func(p LatLng) float64 {
		return float64((b.Lng-a.Lng)*(p.Lat-a.Lat)) - float64((b.Lat-a.Lat)*(p.Lng-a.Lng))
	}
	start := len(dst)
	from, was := r[0], side(r[0])
	for _, to := range r[1:] {
		is := side(to)
		if was >= 0 {
			dst = append(dst, from)
		}
		if (was > 0 && is < 0) || (was < 0 && is > 0) {
			t := was / (was - is)
			dst = append(dst, LatLng{
				from.Lat + t*(to.Lat-from.Lat), from.Lng + t*(to.Lng-from.Lng),
			})
		}
		from, was = to, is
	}
	if len(dst) > start {
		dst = append(dst, dst[start])
	}
	return dst
}

// clipper measures polygons inside convex pieces; it holds the two lists it works with.
type clipper struct{ one, other Ring }

// area returns the m² of p inside the tile.
func (c *clipper) area(p Polygon, t *tile) float64 {
	area := 0.0
	for _, piece := range t.pieces {
		inside := 0.0
		for i, ring := range p {
			if a := math.Abs(c.ringArea(ring, piece)); i == 0 {
				inside = a
			} else {
				inside -= a
			}
		}
		area += max(inside, 0)
	}
	return area
}

// ringArea returns the signed m² of what is inside both ring and the convex piece.
func (c *clipper) ringArea(ring, piece Ring) float64 {
	from := ring
	for i := 1; i < len(piece) && len(from) > 0; i++ {
		c.one = from.cut(piece[i-1], piece[i], c.one[:0])
		from = c.one
		c.one, c.other = c.other, c.one
	}
	return from.signedArea()
}
