package apportion

import "math"

// Reading says in a word why an entry is what it is.
type Reading string

// The readings, in the order in which Read tries them.
const (
	AtMinimum    Reading = "at-minimum"            // the lower bound holds it up
	AtMaximum    Reading = "at-maximum"            // the upper bound holds it down
	Tie          Reading = "tie"                   // the share is a half: lot or order decides
	Kept         Reading = "kept-within-tolerance" // the previous value, not what the share rounds to
	RoundedShare Reading = "rounded-share"         // the share or its end of the tolerance, rounded
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
// and without a previous value clamp(round(Share), Lower, Upper). Where the share, or the end of
// the tolerance that decides, is a half to within the weight of the lottery (1e-6 nat), the quota
// may be one away from that, and the code is Tie. Without the lottery it is a half to within 1e-9.
//
// The solution must be one of p, as Certify checks; an entry outside the matrix panics.
func Read(p Problem, s *Solution, row, col int) Readout {
	r := Readout{
		Share:    float64(float64(p.Weights[row][col]*s.RowMultipliers[row]) * s.ColMultipliers[col]),
		Previous: entry(p.Previous, row, col, -1),
		Quota:    s.Matrix[row][col],
	}
	r.Lower, r.Upper = p.bounds(row, col)
	r.Upper = min(r.Upper, p.ColTotals[col])
	band := 1.0
	if p.Previous != nil {
		band = exp(p.Tolerance)
	}
	low, high := r.Share/band, float64(r.Share*band)
	r.Low, r.High = round(low), round(high)
	r.Code = r.code()
	if r.Code != AtMinimum && r.Code != AtMaximum && r.tied(low, high, p.Ties) {
		r.Code = Tie
	}
	return r
}

// code finds the reading, ties aside.
func (r Readout) code() Reading {
	fair := max(r.Low, min(r.Previous, r.High))
	if r.Previous < 0 {
		fair = r.High
	}
	switch {
	case fair < r.Lower:
		return AtMinimum
	case fair > r.Upper:
		return AtMaximum
	case fair == r.Previous && fair != round(r.Share):
		return Kept
	}
	return RoundedShare
}

// tied reports whether one unit more or less would do as well: below the previous value the upper
// end of the tolerance decides, above it the lower end.
func (r Readout) tied(low, high float64, lottery bool) bool {
	precision := 1e-9
	if lottery {
		precision = 1.0 / (1 << 19) // two lots of 2^16 units at 2^36 a nat
	}
	half := func(share, edge float64) bool {
		return math.Abs(share-edge) <= float64(edge*precision)
	}
	up, down := low, high // the end that could add a unit, and the one that could take one
	if r.Quota < r.Previous {
		up = high
	}
	if r.Quota > r.Previous {
		down = low
	}
	return r.Quota < r.Upper && half(up, float64(r.Quota)+0.5) ||
		r.Quota > r.Lower && half(down, float64(r.Quota)-0.5)
}

// round rounds half up, and anything beyond the range of a count to its end.
func round(share float64) int {
	return int(math.Floor(min(share, maxTotal) + 0.5))
}
