package geo

import (
	"fmt"
	"math"
)

// Radius is the radius in metres of the sphere whose area is that of the WGS-84 ellipsoid.
//
// Source: the authalic radius H3 uses, h3 v4 constants.h, EARTH_RADIUS_KM.
const Radius = 6371007.180918475

const (
	radians = math.Pi / 180    // of one degree
	metres  = Radius * radians // of one degree of latitude
)

// LatLng is a point in degrees: latitude north and longitude east, WGS-84 unless a [Datum] says
// otherwise. The zero value is the point in the Gulf of Guinea.
type LatLng struct{ Lat, Lng float64 }

// NewLatLng returns the point, or ErrRange for NaN, an infinity, a latitude beyond ±90 or a
// longitude beyond ±180.
func NewLatLng(lat, lng float64) (LatLng, error) {
	p := LatLng{Lat: lat, Lng: lng}
	if !p.valid() {
		return LatLng{}, fmt.Errorf("latitude %v, longitude %v: %w", lat, lng, ErrRange)
	}
	return p, nil
}

// valid reports whether p is a point on Earth; false for NaN.
func (p LatLng) valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180
}

// Distance returns the length in metres of the great circle between a and b.
//
// Source: the haversine formula, exact also for points near one another.
func Distance(a, b LatLng) float64 {
	dLat := math.Sin((b.Lat - a.Lat) * radians / 2)
	dLng := math.Sin((b.Lng - a.Lng) * radians / 2)
	h := dLat*dLat + math.Cos(a.Lat*radians)*math.Cos(b.Lat*radians)*dLng*dLng
	return 2 * Radius * math.Asin(math.Sqrt(min(h, 1)))
}

// turn brings a difference of longitudes into -180 to 180.
func turn(degrees float64) float64 {
	switch {
	case degrees > 180:
		return degrees - 360
	case degrees < -180:
		return degrees + 360
	}
	return degrees
}
