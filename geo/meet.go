package geo

import "math/big"

// meeting is how two edges meet.
type meeting int

const (
	apart    meeting = iota
	touching         // at one point, an end of at least one of them
	crossing         // inside both, or along a length
)

// meet returns how two edges meet, exactly, and the point if they touch.
func meet(e, f edge) (at LatLng, how meeting) {
	ea, eb := orient(f.a, f.b, e.a), orient(f.a, f.b, e.b)
	fa, fb := orient(e.a, e.b, f.a), orient(e.a, e.b, f.b)
	if ea == 0 && eb == 0 {
		return meetInLine(e, f)
	}
	if ea*eb > 0 || fa*fb > 0 {
		return LatLng{}, apart
	}
	if ea*eb < 0 && fa*fb < 0 {
		return LatLng{}, crossing
	}
	switch {
	case ea == 0 && between(f, e.a):
		return e.a, touching
	case eb == 0 && between(f, e.b):
		return e.b, touching
	case fa == 0 && between(e, f.a):
		return f.a, touching
	case fb == 0 && between(e, f.b):
		return f.b, touching
	}
	return LatLng{}, apart
}

// meetInLine is meet for edges on one line.
func meetInLine(e, f edge) (at LatLng, how meeting) {
	seen := 0
	for _, p := range []LatLng{e.a, e.b} {
		if between(f, p) {
			at = p
			seen++
		}
	}
	for _, p := range []LatLng{f.a, f.b} {
		if between(e, p) && (seen == 0 || p != at) {
			at = p
			seen++
		}
	}
	switch seen {
	case 0:
		return LatLng{}, apart
	case 1:
		return at, touching
	}
	return LatLng{}, crossing
}

// crossingPoint returns, rounded, where two edges cross; an end of e if they are on one line.
func crossingPoint(e, f edge) LatLng {
	ex, ey := e.b.Lng-e.a.Lng, e.b.Lat-e.a.Lat
	fx, fy := f.b.Lng-f.a.Lng, f.b.Lat-f.a.Lat
	den := ex*fy - ey*fx
	if den == 0 {
		return e.a
	}
	t := ((f.a.Lng-e.a.Lng)*fy - (f.a.Lat-e.a.Lat)*fx) / den
	t = min(max(t, 0), 1)
	return LatLng{Lat: e.a.Lat + t*ey, Lng: e.a.Lng + t*ex}
}

// between reports whether p, known to be on the line of e, is on e itself.
func between(e edge, p LatLng) bool {
	return emptyBox().extend(e.a).extend(e.b).Contains(p)
}

// orient returns +1 if c is left of the line from a to b, -1 if right, 0 if exactly on it.
//
// Source: the error bound of Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997),
// section 4.4; where it can't decide, the sign is found in exact arithmetic.
func orient(a, b, c LatLng) int {
	const bound = 4e-16 // above (3 + 16ε)ε, ε = 2^-53
	if c == a || c == b {
		return 0
	}
	left := float64((a.Lng - c.Lng) * (b.Lat - c.Lat))
	right := float64((a.Lat - c.Lat) * (b.Lng - c.Lng))
	det := left - right
	if limit := bound * (abs(left) + abs(right)); det > limit {
		return 1
	} else if det < -limit {
		return -1
	}
	return orientExactly(a, b, c)
}

// abs returns |x|.
func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

// orientExactly is orient in numbers of as many bits as it takes.
func orientExactly(a, b, c LatLng) int {
	const bits = 2400 // two differences of float64 below 512, each of at most 1,084 bits, multiplied
	number := func() *big.Float { return new(big.Float).SetPrec(bits) }
	minus := func(x, y float64) *big.Float {
		return number().Sub(big.NewFloat(x), big.NewFloat(y))
	}
	left := number().Mul(minus(a.Lng, c.Lng), minus(b.Lat, c.Lat))
	right := number().Mul(minus(a.Lat, c.Lat), minus(b.Lng, c.Lng))
	return left.Cmp(right)
}
