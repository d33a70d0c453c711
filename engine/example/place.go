package example

import "strconv"

// Where the city lies: in the open Pacific, some 2,000 km from any coast. Latitude and longitude
// differ so much that swapped axes are no valid place.
const (
	centreLat = 12_000_000   // 10^-6 degrees
	centreLng = -140_000_000 // 10^-6 degrees
)

// 10^-6 degrees in 10^6 cm, on a sphere of the authalic radius 6,371,007.18 m: north, and east at
// latitude 12.
const (
	latPerCm = 89_932
	lngPerCm = 91_941
)

// point is a place in whole centimetres east (x) and north (y) of the city's centre.
type point struct{ x, y int64 }

func (p point) plus(q point) point { return point{p.x + q.x, p.y + q.y} }

// times returns the point factor times as far from the centre.
func (p point) times(factor int64) point { return point{p.x * factor, p.y * factor} }

// toward returns the point part/whole of the way to q.
func (p point) toward(q point, part, whole int64) point {
	return point{p.x + (q.x-p.x)*part/whole, p.y + (q.y-p.y)*part/whole}
}

// distance2 returns the squared distance to q in cm².
func (p point) distance2(q point) int64 {
	dx, dy := p.x-q.x, p.y-q.y
	return dx*dx + dy*dy
}

// The streets run at an angle of 16.26° to the axes: cosine 24/25, sine 7/25.
const (
	turnCos = 24
	turnSin = 7
	turnOf  = 25
)

// turned returns the place with coordinates u along and v across the streets.
func turned(u, v int64) point {
	return point{(turnCos*u - turnSin*v) / turnOf, (turnSin*u + turnCos*v) / turnOf}
}

// appendLat and appendLng write a coordinate in degrees with six decimals.
func appendLat(dst []byte, p point) []byte {
	return appendDegrees(dst, centreLat+quotient(p.y*latPerCm, 1_000_000))
}

func appendLng(dst []byte, p point) []byte {
	return appendDegrees(dst, centreLng+quotient(p.x*lngPerCm, 1_000_000))
}

// quotient divides and rounds halves up.
func quotient(a, b int64) int64 {
	doubled := 2*a + b
	q := doubled / (2 * b)
	if doubled%(2*b) < 0 {
		q--
	}
	return q
}

func appendDegrees(dst []byte, micro int64) []byte {
	if micro < 0 {
		dst = append(dst, '-')
		micro = -micro
	}
	dst = strconv.AppendInt(dst, micro/1_000_000, 10)
	dst = append(dst, '.')
	fraction := strconv.AppendInt(nil, 1_000_000+micro%1_000_000, 10)
	return append(dst, fraction[1:]...)
}
