package geo

import (
	"math"
	"slices"

	"pgregory.net/rapid"
)

// rect returns the rectangle from the south-west to the north-east corner.
func rect(south, west, north, east float64) MultiPolygon {
	return MultiPolygon{Polygon{rectRing(south, west, north, east)}}
}

func rectRing(south, west, north, east float64) Ring {
	return Ring{{south, west}, {south, east}, {north, east}, {north, west}, {south, west}}
}

// ring returns a ring of the pairs, latitude first.
func ring(pairs ...float64) Ring {
	var r Ring
	for i := 0; i < len(pairs); i += 2 {
		r = append(r, LatLng{pairs[i], pairs[i+1]})
	}
	return r
}

// city is a box of about 20 by 20 km where generated shapes lie.
func city(t *rapid.T) LatLng {
	return LatLng{
		Lat: rapid.Float64Range(-66, 66).Draw(t, "city lat"),
		Lng: rapid.Float64Range(-179, 179).Draw(t, "city lng"),
	}
}

// near draws a point within so many degrees of p.
func near(t *rapid.T, p LatLng, degrees float64) LatLng {
	return LatLng{
		Lat: p.Lat + rapid.Float64Range(-degrees, degrees).Draw(t, "dlat"),
		Lng: p.Lng + rapid.Float64Range(-degrees, degrees).Draw(t, "dlng"),
	}
}

// star draws a simple ring around p: corners by ascending angle, at any radius.
func star(t *rapid.T, p LatLng, degrees float64, most int) Ring {
	return starOf(t, p, degrees, rapid.IntRange(3, most).Draw(t, "corners"))
}

// starOf draws a star of n corners.
func starOf(t *rapid.T, p LatLng, degrees float64, n int) Ring {
	var r Ring
	for k := range n {
		angle := 2 * math.Pi * (float64(k) + rapid.Float64Range(0, 0.4).Draw(t, "angle")) / float64(n)
		radius := degrees * rapid.Float64Range(0.2, 1).Draw(t, "radius")
		r = append(r, LatLng{p.Lat + radius*math.Sin(angle), p.Lng + radius*math.Cos(angle)})
	}
	return append(r, r[0])
}

// annulus is a star, with a hole in it half of the time. Its edges stay a tenth of its size off the
// centre, as its corners are at most 101 degrees apart.
func annulus(t *rapid.T, p LatLng, degrees float64, most int) Polygon {
	if rapid.Bool().Draw(t, "hole") {
		outer := starOf(t, p, degrees, rapid.IntRange(5, most).Draw(t, "corners"))
		return Polygon{outer, star(t, p, degrees/25, 8)}
	}
	return Polygon{star(t, p, degrees, most)}
}

// scribble draws a closed ring through corners of a small integer lattice: it may cross itself, run
// back, touch and repeat.
func scribble(t *rapid.T) Ring {
	n := rapid.IntRange(3, 14).Draw(t, "points")
	var r Ring
	for range n {
		r = append(r, LatLng{
			float64(rapid.IntRange(0, 5).Draw(t, "y")), float64(rapid.IntRange(0, 5).Draw(t, "x")),
		})
	}
	return append(r, r[0])
}

// offEdges reports whether q is clearly off every edge of the shapes.
func offEdges(q LatLng, shapes ...MultiPolygon) bool {
	for _, m := range shapes {
		for _, p := range m {
			var c caster
			clear := true
			p.edges(func(e edge) {
				eye := newEye(q)
				eye.see(e)
				clear = clear && eye.best > 1e-14
				c.cast(e, q)
			})
			if !clear {
				return false
			}
		}
	}
	return true
}

// close reports whether two figures agree to a relative tolerance.
func alike(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b), 1e-300)
}

// turned returns r starting at another corner, in the other direction.
func turned(r Ring, k int) Ring {
	open := slices.Clone(r[:len(r)-1])
	k %= len(open)
	out := append(slices.Clone(open[k:]), open[:k]...)
	slices.Reverse(out)
	return append(out, out[0])
}
