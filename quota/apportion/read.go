package apportion

import "math"

// Reading says in a word why an entry is what it is.
type Reading string

// The readings, in the order in which Read tries them.
const (
	AtMinimum    Reading = "at-minimum"            // the lower bound holds it up
	AtMaximum    Reading = "at-maximum"            // the upper bound holds it down
	Tie          Reading = "tie"                   // the share is a half: equal claims, decided by lot or order
	Kept         Reading = "kept-within-tolerance" // the previous value, which the share's drift doesn't reach
	RoundedShare Reading = "rounded-share"         // the share, rounded, at the edge of the tolerance if any
)

// Readout is the arithmetic behind one entry, as anybody can repeat it.
type Readout struct {
	Code     Reading
	Share    float64 // y: weight times row multiplier times column multiplier
	Low      int     // round(y*e^-lambda)
	High     int     // round(y*e^+lambda)
	Previous int     // x0; -1 = none
	Lower    int     // least the entry may be
	Upper    int     // most the entry may be
	Quota    int     // what the entry is
}

// Read explains an entry of a solution of p: the quota is
//
//	clamp(median(Low, Previous, High), Lower, Upper)
//
// and without a previous value clamp(round(Share), Lower, Upper). Where the share, at the edge of the
// tolerance, is a half to within the weight of the lottery (1e-6 nat), the entry may be one away from
// that, and the reading is Tie. The solution must be of p, as Certify checks; an entry outside the
// matrix panics.
func Read(p Problem, s *Solution, row, col int) Readout {
	r := Readout{
		Share: float64(float64(p.Weights[row][col]*s.RowMultipliers[row]) * s.ColMultipliers[col]),
		Lower: entry(p.Lower, row, col, 0),
		Upper: min(p.upper(row, col), p.ColTotals[col]),
		Quota: s.Matrix[row][col],
	}
	r.Previous = entry(p.Previous, row, col, -1)
	band := 1.0
	if p.Previous != nil {
		band = exp(p.Tolerance)
	}
	low, high := r.Share/band, float64(r.Share*band)
	r.Low, r.High = round(low), round(high)
	r.Code = r.read(low, high)
	return r
}

// read finds the code from the ends of the tolerance band before rounding.
func (r Readout) read(low, high float64) Reading {
	fair := r.High
	if r.Previous >= 0 {
		fair = max(r.Low, min(r.Previous, r.High))
	}
	switch {
	case fair < r.Lower:
		return AtMinimum
	case fair > r.Upper:
		return AtMaximum
	case fair != r.Quota, r.half(low) && r.Quota >= r.Previous, r.half(high) && r.Quota <= r.Previous:
		return Tie
	case r.Low < r.Quota && r.Quota < r.High, r.Quota == r.Previous && r.Low < r.High:
		return Kept
	}
	return RoundedShare
}

// half reports whether a share is half-way between the quota and a neighbour, to within the lottery's
// weight.
func (r Readout) half(share float64) bool {
	const lottery = 1.0 / (1 << 19) // twice 2^16 units of 2^-36 nat, relative to the share
	for _, edge := range []float64{float64(r.Quota) - 0.5, float64(r.Quota) + 0.5} {
		if math.Abs(share-edge) <= float64(edge*lottery) {
			return true
		}
	}
	return false
}

// round rounds half up, and anything beyond the range of a count to its end.
func round(share float64) int {
	return int(math.Floor(min(share, most) + 0.5))
}
