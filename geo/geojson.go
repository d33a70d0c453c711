package geo

import (
	"math"
	"strconv"
)

// AppendGeometry appends m to dst as a GeoJSON geometry and returns the longer slice: a Polygon for
// one part, a MultiPolygon otherwise. Positions are [longitude,latitude] with at most seven
// decimals, about 1 cm; outer rings run counter-clockwise and holes clockwise.
//
// Source: RFC 7946 sections 3.1.6, 3.1.7 and 11.2.
func AppendGeometry(dst []byte, m MultiPolygon) []byte {
	if len(m) == 1 {
		dst = append(dst, `{"type":"Polygon","coordinates":`...)
		return append(appendPolygon(dst, m[0]), '}')
	}
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygon := range m {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPolygon(dst, polygon)
	}
	return append(dst, "]}"...)
}

// appendPolygon appends the rings of p in the directions RFC 7946 asks for.
func appendPolygon(dst []byte, p Polygon) []byte {
	dst = append(dst, '[')
	for i, ring := range p {
		if i > 0 {
			dst = append(dst, ',')
		}
		backwards := (ring.signedArea() < 0) == (i == 0)
		dst = append(dst, '[')
		for k := range ring {
			if k > 0 {
				dst = append(dst, ',')
			}
			if backwards {
				k = len(ring) - 1 - k
			}
			dst = appendPosition(dst, ring[k])
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// appendPosition appends [longitude,latitude].
func appendPosition(dst []byte, p LatLng) []byte {
	dst = append(dst, '[')
	dst = appendDegrees(dst, p.Lng)
	dst = append(dst, ',')
	dst = appendDegrees(dst, p.Lat)
	return append(dst, ']')
}

// appendDegrees appends x to seven decimals, without trailing zeros and without a negative zero.
func appendDegrees(dst []byte, x float64) []byte {
	const decimals = 1e7
	return strconv.AppendFloat(dst, math.Round(x*decimals)/decimals+0, 'f', -1, 64)
}
