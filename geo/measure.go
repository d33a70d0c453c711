package geo

import "math"

// Area returns the area of m in m² on the sphere of [Radius]: outer rings less their holes, exact
// for straight edges in longitude and latitude. Parts that overlap count twice.
func (m MultiPolygon) Area() float64 {
	area := 0.0
	for _, polygon := range m {
		area += polygon.area()
	}
	return area
}

// area returns the area of one polygon in m², never negative.
func (p Polygon) area() float64 {
	area := 0.0
	for i, ring := range p {
		if a := math.Abs(ring.signedArea()); i == 0 {
			area = a
		} else {
			area -= a
		}
	}
	return max(area, 0)
}

// signedArea returns the area inside r in m², positive for a counter-clockwise ring.
//
// By Green's theorem it is R² times the integral of sin(lat) against lng. Along a straight edge
// that is the difference of longitudes times the mean of the sine, which is closed: with m the
// middle and h half the difference of the latitudes, sin(m)·sin(h)/h. The sine of the first vertex
// is taken off everywhere: that changes nothing around a closed ring but keeps small rings exact.
func (r Ring) signedArea() float64 {
	if len(r) == 0 {
		return 0
	}
	base := r[0].Lat * radians
	sum := 0.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if a.Lng == b.Lng {
			continue
		}
		middle := (a.Lat + b.Lat) / 2 * radians
		half := (b.Lat - a.Lat) / 2 * radians
		rise := 2 * math.Cos((middle+base)/2) * math.Sin((middle-base)/2) // sin middle - sin base
		mean := rise - math.Sin(middle)*(1-sinc(half))
		sum -= (b.Lng - a.Lng) * radians * mean
	}
	return sum * Radius * Radius
}

// sinc returns sin(x)/x.
func sinc(x float64) float64 {
	if math.Abs(x) < 1e-4 {
		return 1 - x*x/6 // the next term is below the precision of a float64
	}
	return math.Sin(x) / x
}

// Centroid returns the centre of gravity of m drawn as a map of longitudes and latitudes: within
// a city that is the centre of its ground. A shape without area has the mean of its vertices, the
// empty shape NaN.
func (m MultiPolygon) Centroid() LatLng {
	box := m.Bounds()
	if box.Empty() {
		return LatLng{math.NaN(), math.NaN()}
	}
	var weight, lat, lng float64
	for _, polygon := range m {
		for i, ring := range polygon {
			w, y, x := ring.moments(box.Min)
			if (w < 0) != (i > 0) { // outer rings count positive, holes negative
				w, y, x = -w, -y, -x
			}
			weight, lat, lng = weight+w, lat+y, lng+x
		}
	}
	if weight <= 0 {
		return m.meanVertex()
	}
	return LatLng{box.Min.Lat + lat/weight, box.Min.Lng + lng/weight}
}

// moments returns the signed area of r and its first moments, in degrees from the origin.
func (r Ring) moments(origin LatLng) (area, lat, lng float64) {
	for i := 1; i < len(r); i++ {
		ax, ay := r[i-1].Lng-origin.Lng, r[i-1].Lat-origin.Lat
		bx, by := r[i].Lng-origin.Lng, r[i].Lat-origin.Lat
		cross := ax*by - bx*ay
		area += cross / 2
		lat += (ay + by) * cross / 6
		lng += (ax + bx) * cross / 6
	}
	return area, lat, lng
}

// meanVertex returns the mean of the vertices of m, each ring's closing point left out.
func (m MultiPolygon) meanVertex() LatLng {
	var sum LatLng
	n := 0.0
	for _, polygon := range m {
		for _, ring := range polygon {
			for _, v := range ring[:max(len(ring)-1, min(len(ring), 1))] {
				sum.Lat += v.Lat
				sum.Lng += v.Lng
				n++
			}
		}
	}
	return LatLng{sum.Lat / n, sum.Lng / n}
}

// Distance returns the metres from p to the nearest point of m: 0 inside and on the boundary,
// +Inf for the empty shape. It is right to a centimetre per kilometre up to 50 km below latitude
// 70; much further away, where p may look around the Earth, it is an upper bound.
func (m MultiPolygon) Distance(p LatLng) float64 {
	if m.Contains(p) {
		return 0
	}
	eye := newEye(p)
	for _, polygon := range m {
		polygon.edges(eye.see)
	}
	return eye.metres()
}

// eye looks from a point for the nearest place on the edges it is shown. It works in a plane whose
// scale of longitudes is that of the latitude halfway to the edge.
type eye struct {
	at       LatLng
	cos, sin float64 // of the latitude
	best     float64 // squared distance to the nearest place so far, degrees of latitude
	place    LatLng
}

// newEye returns an eye at p that has seen nothing.
func newEye(p LatLng) eye {
	sin, cos := math.Sincos(p.Lat * radians)
	return eye{at: p, cos: cos, sin: sin, best: math.Inf(1)}
}

// see takes one edge into account.
func (v *eye) see(e edge) {
	x, y := turn(e.a.Lng-v.at.Lng), e.a.Lat-v.at.Lat
	dx, dy := e.b.Lng-e.a.Lng, e.b.Lat-e.a.Lat
	// Once with the scale at the point, then with that halfway to the place found.
	scale := v.cos
	t := foot(x*scale, y, dx*scale, dy)
	scale = max(v.cos-v.sin*(y+t*dy)/2*radians, 0)
	t = foot(x*scale, y, dx*scale, dy)
	east, north := (x+t*dx)*scale, y+t*dy
	if d := east*east + north*north; d < v.best {
		v.best = d
		v.place = LatLng{e.a.Lat + t*dy, e.a.Lng + t*dx}
	}
}

// foot returns where on the edge from (x, y) by (dx, dy) the origin is nearest: 0 at its start, 1
// at its end.
func foot(x, y, dx, dy float64) float64 {
	length := dx*dx + dy*dy
	if length == 0 {
		return 0
	}
	return min(max(-(x*dx+y*dy)/length, 0), 1)
}

// metres returns the distance to the nearest place seen, +Inf where nothing was.
func (v *eye) metres() float64 {
	if math.IsInf(v.best, 1) {
		return v.best
	}
	return Distance(v.at, v.place)
}
