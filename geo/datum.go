package geo

import (
	"fmt"
	"math"
	"strings"
)

// Datum says which system a pair of coordinates is in. The zero value is unknown.
type Datum uint8

// The datums of Chinese and foreign feeds.
const (
	WGS84    Datum = iota + 1 // GNSS receivers, GBFS, MDS, GeoJSON
	CGCS2000                  // Chinese surveys; within centimetres of WGS-84, taken as the same
	GCJ02                     // Chinese map services and most phone apps; 300 to 700 m off
	BD09                      // Baidu: GCJ-02 moved once more, by about 1 km
)

// Datums returns every datum in a fixed order.
func Datums() []Datum { return []Datum{WGS84, CGCS2000, GCJ02, BD09} }

// String returns the datum's usual name, "unknown" for the zero value.
func (d Datum) String() string {
	switch d {
	case WGS84:
		return "WGS-84"
	case CGCS2000:
		return "CGCS2000"
	case GCJ02:
		return "GCJ-02"
	case BD09:
		return "BD-09"
	}
	return "unknown"
}

// ParseDatum returns the datum of a name such as "WGS-84", "wgs84", "EPSG:4326", "CGCS2000",
// "EPSG:4490", "GCJ-02" or "BD-09"; case, spaces, hyphens and underscores don't matter. Any other
// name, also an empty one, is ErrDatum: a datum is never guessed.
func ParseDatum(s string) (Datum, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
	switch plain {
	case "wgs84", "epsg:4326", "ogc:crs84", "urn:ogc:def:crs:ogc:1.3:crs84":
		return WGS84, nil
	case "cgcs2000", "epsg:4490":
		return CGCS2000, nil
	case "gcj02":
		return GCJ02, nil
	case "bd09", "bd09ll":
		return BD09, nil
	}
	return 0, fmt.Errorf("%w %q: want WGS-84 (EPSG:4326), CGCS2000 (EPSG:4490), GCJ-02 or BD-09",
		ErrDatum, s)
}

// MarshalText returns the name of the datum, or ErrDatum for the zero value.
func (d Datum) MarshalText() ([]byte, error) {
	if d < WGS84 || d > BD09 {
		return nil, fmt.Errorf("%w %d", ErrDatum, uint8(d))
	}
	return []byte(d.String()), nil
}

// UnmarshalText sets d to the datum [ParseDatum] finds in text.
func (d *Datum) UnmarshalText(text []byte) error {
	parsed, err := ParseDatum(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// FromWGS84 returns the coordinates in d of the WGS-84 point p. For WGS-84, CGCS2000 and the zero
// value that is p itself, and so it is for GCJ-02 and BD-09 outside the box of latitudes 0.8293 to
// 55.8271 and longitudes 72.004 to 137.8347, beyond which map services don't shift. The box is
// larger than China: points of its neighbours are shifted too, as the published code does.
//
// Source: the formula published as "eviltransform" and "coordtransform", on the Krasovsky 1940
// ellipsoid; no official text of GCJ-02 is public.
func (d Datum) FromWGS84(p LatLng) LatLng {
	switch d {
	case GCJ02:
		return toMars(p)
	case BD09:
		if shifted(p) {
			return toBaidu(toMars(p))
		}
	case WGS84, CGCS2000:
	}
	return p
}

// ToWGS84 returns the WGS-84 point whose coordinates in d are p: the inverse of FromWGS84, found by
// iteration, back within a centimetre. Whether p is outside the shifted box is judged by p itself,
// so that within 1.5 km of the box's rim, which is nowhere in China, the two may disagree.
func (d Datum) ToWGS84(p LatLng) LatLng {
	if (d != GCJ02 && d != BD09) || !shifted(p) {
		return p
	}
	// Both shifts change slowly, by less than a part in 50 per unit of length, so that each round
	// gains two digits or so; eight are beyond the precision of a float64.
	const rounds, enough = 12, 1e-12
	q := p
	for range rounds {
		image := marsShift(q)
		if d == BD09 {
			image = toBaidu(image)
		}
		dLat, dLng := p.Lat-image.Lat, p.Lng-image.Lng
		q.Lat, q.Lng = q.Lat+dLat, q.Lng+dLng
		if math.Abs(dLat)+math.Abs(dLng) < enough {
			break
		}
	}
	return q
}

// shifted reports whether p is in the box where GCJ-02 and BD-09 differ from WGS-84.
func shifted(p LatLng) bool {
	return p.Lat >= 0.8293 && p.Lat <= 55.8271 && p.Lng >= 72.004 && p.Lng <= 137.8347
}

// toMars returns GCJ-02 for WGS-84, the point itself outside the box.
func toMars(p LatLng) LatLng {
	if !shifted(p) {
		return p
	}
	return marsShift(p)
}

// marsShift returns GCJ-02 for WGS-84 by the formula, wherever p is.
func marsShift(p LatLng) LatLng {
	const (
		a  = 6378245.0            // m, semi-major axis, Krasovsky 1940
		ee = 0.006693421622965943 // its squared eccentricity
	)
	north, east := marsWaves(p.Lng-105, p.Lat-35)
	sin, cos := math.Sincos(p.Lat * radians)
	magic := 1 - ee*sin*sin
	root := math.Sqrt(magic)
	meridian := a * (1 - ee) / (magic * root) // radius of curvature north-south
	prime := a / root * cos                   // radius of the parallel
	return LatLng{
		Lat: p.Lat + north/(meridian*radians),
		Lng: p.Lng + east/(prime*radians),
	}
}

// marsWaves returns the shift of GCJ-02 in metres north and east, x and y being degrees east of
// 105 and north of 35.
func marsWaves(x, y float64) (north, east float64) {
	const pi = math.Pi
	root := math.Sqrt(math.Abs(x))
	both := (20*math.Sin(6*x*pi) + 20*math.Sin(2*x*pi)) * 2 / 3
	north = -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + both +
		(20*math.Sin(y*pi)+40*math.Sin(y/3*pi))*2/3 +
		(160*math.Sin(y/12*pi)+320*math.Sin(y*pi/30))*2/3
	east = 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + both +
		(20*math.Sin(x*pi)+40*math.Sin(x/3*pi))*2/3 +
		(150*math.Sin(x/12*pi)+300*math.Sin(x/30*pi))*2/3
	return north, east
}

// toBaidu returns BD-09 for GCJ-02.
func toBaidu(p LatLng) LatLng {
	const wave = math.Pi * 3000 / 180
	z := math.Hypot(p.Lng, p.Lat) + 0.00002*math.Sin(p.Lat*wave)
	theta := math.Atan2(p.Lat, p.Lng) + 0.000003*math.Cos(p.Lng*wave)
	sin, cos := math.Sincos(theta)
	return LatLng{Lat: z*sin + 0.006, Lng: z*cos + 0.0065}
}
