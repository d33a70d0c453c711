package geo

import (
	"cmp"
	"math"
	"slices"
)

// nest makes polygons of simple rings that don't cross: one inside an even number of others is an
// outer ring, made counter-clockwise, one inside an odd number is a hole, made clockwise, of the
// smallest ring around it. Rings of less than a square centimetre are left out.
func nest(rings []Ring) MultiPolygon {
	type loop struct {
		ring  Ring
		area  float64
		bands bands
		depth int
		part  int
	}
	var loops []*loop
	for _, r := range rings {
		area := r.signedArea()
		if math.Abs(area) > sliver {
			loops = append(loops, &loop{ring: r, area: area, bands: newBands(Polygon{r})})
		}
	}
	slices.SortStableFunc(loops, func(a, b *loop) int {
		return cmp.Compare(math.Abs(b.area), math.Abs(a.area))
	})
	var out MultiPolygon
	for i, inner := range loops {
		at := inner.ring.middleOfLongest()
		for _, outer := range loops[:i] {
			if outer.bands.contains(at) {
				inner.depth, inner.part = outer.depth+1, outer.part // the last is the smallest
			}
		}
		hole := inner.depth%2 == 1
		if hole == (inner.area > 0) {
			slices.Reverse(inner.ring)
		}
		if hole {
			out[inner.part] = append(out[inner.part], inner.ring)
			continue
		}
		inner.part = len(out)
		out = append(out, Polygon{inner.ring})
	}
	return out
}

// middleOfLongest returns the middle of the longest edge of r: where rings meet at points only, it
// is on no other ring.
func (r Ring) middleOfLongest() LatLng {
	var at LatLng
	longest := -1.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if d := math.Hypot(b.Lat-a.Lat, b.Lng-a.Lng); d > longest {
			longest = d
			at = LatLng{(a.Lat + b.Lat) / 2, (a.Lng + b.Lng) / 2}
		}
	}
	return at
}
