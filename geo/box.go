package geo

import "math"

// Box is the smallest rectangle of latitudes and longitudes around something. The box of nothing
// has its Min above its Max.
type Box struct{ Min, Max LatLng }

// emptyBox returns the box of nothing, which any point extends.
func emptyBox() Box {
	inf := math.Inf(1)
	return Box{Min: LatLng{inf, inf}, Max: LatLng{-inf, -inf}}
}

// Empty reports whether b is the box of nothing.
func (b Box) Empty() bool { return !(b.Min.Lat <= b.Max.Lat && b.Min.Lng <= b.Max.Lng) }

// Contains reports whether p is in b or on its edge.
func (b Box) Contains(p LatLng) bool {
	return p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat && p.Lng >= b.Min.Lng && p.Lng <= b.Max.Lng
}

// overlaps reports whether b and c share a point.
func (b Box) overlaps(c Box) bool {
	return b.Min.Lat <= c.Max.Lat && c.Min.Lat <= b.Max.Lat &&
		b.Min.Lng <= c.Max.Lng && c.Min.Lng <= b.Max.Lng
}

// extend returns the box of b and p.
func (b Box) extend(p LatLng) Box {
	return Box{
		Min: LatLng{min(b.Min.Lat, p.Lat), min(b.Min.Lng, p.Lng)},
		Max: LatLng{max(b.Max.Lat, p.Lat), max(b.Max.Lng, p.Lng)},
	}
}

// grown returns b with degrees more on every side.
func (b Box) grown(degrees float64) Box {
	return Box{
		Min: LatLng{b.Min.Lat - degrees, b.Min.Lng - degrees},
		Max: LatLng{b.Max.Lat + degrees, b.Max.Lng + degrees},
	}
}

// corners returns b as the R-tree wants it, longitude first.
func (b Box) corners() (low, high [2]float64) {
	return [2]float64{b.Min.Lng, b.Min.Lat}, [2]float64{b.Max.Lng, b.Max.Lat}
}

// around returns one or two boxes that hold every point within so many metres of p; two where
// the antimeridian is near. They are a little larger than needed, never smaller.
func around(p LatLng, within float64) []Box {
	const slack = 1e-7 // degrees, about 1 cm: more than any rounding below
	angle := min(within/Radius, math.Pi)
	dLat := angle/radians + slack
	dLng := 360.0 // a pole is within reach: all longitudes are
	if math.Abs(p.Lat)+dLat < 90 {
		// The meridian that touches a circle of this angle around p.
		dLng = math.Asin(min(math.Sin(angle)/math.Cos(p.Lat*radians), 1))/radians + slack
	}
	b := Box{Min: LatLng{p.Lat - dLat, p.Lng - dLng}, Max: LatLng{p.Lat + dLat, p.Lng + dLng}}
	boxes := []Box{b}
	if b.Min.Lng < -180 {
		boxes = append(boxes, b.shifted(360))
	}
	if b.Max.Lng > 180 {
		boxes = append(boxes, b.shifted(-360))
	}
	return boxes
}

// shifted returns b moved east by degrees.
func (b Box) shifted(degrees float64) Box {
	b.Min.Lng += degrees
	b.Max.Lng += degrees
	return b
}
