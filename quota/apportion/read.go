package apportion

import "math"

// Reading says in a word why an entry is what it is.
type Reading string

// The readings, in the order in which Read tries them.
const (
	AtMinimum    Reading = "at-minimum"            // the lower bound holds it up
	AtRequest    Reading = "at-request"            // the upper bound holds it down
	AtLocalShare Reading = "at-local-share-cap"    // the local share of its column holds it down
	Tie          Reading = "tie"                   // the share is at a signpost: lot or order decides
	Kept         Reading = "kept-within-tolerance" // the previous value, not what the share rounds to
	RoundedShare Reading = "rounded-share"         // the share or its end of the tolerance, rounded
)

// Readout is the arithmetic behind one entry, as anybody can repeat it.
type Readout struct {
	Code     Reading
	Share    float64 // y: weight times the multipliers of row, column and group
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
// and without a previous value clamp(round(Share), Lower, Upper), where round is the method's: half
// up, down, up, or at the geometric mean. Where the share, or the end of the tolerance that
// decides, is at a signpost to within the weight of the lottery (1e-6 nat), the quota may be one
// away from that, and the code is Tie. Without the lottery it is there to within 1e-9.
//
// With Nearest, whose prices are distances and no logarithms, the share is the weight plus half the
// sum of its prices.
//
// The solution must be one of p, as Certify checks; an entry outside the matrix panics.
func Read(p Problem, s *Solution, row, col int) Readout {
	r := Readout{
		Share:    p.share(s, row, col),
		Previous: entry(p.Previous, row, col, -1),
		Quota:    s.Matrix[row][col],
	}
	r.Lower, r.Upper = p.Bounds(row, col)
	r.Upper = min(r.Upper, p.ColTotals[col])
	band := 1.0
	if p.Previous != nil {
		band = exp(p.Tolerance)
	}
	low, high := r.Share/band, float64(r.Share*band)
	if p.Method == Nearest && p.Previous != nil {
		low, high = r.Share-p.Tolerance/2, r.Share+p.Tolerance/2
	}
	if p.Weights[row][col] == 0 {
		r.Code = RoundedShare // of nothing, by every method
		return r
	}
	r.Low, r.High = p.Method.round(low), p.Method.round(high)
	r.Code = r.code(p.Method.round(r.Share))
	switch {
	case r.Code == AtRequest && r.Upper < entry(p.Upper, row, col, math.MaxInt):
		r.Code = AtLocalShare
	case r.Code != AtMinimum && r.Code != AtRequest && r.tied(p.Method, low, high, p.Ties):
		r.Code = Tie
	}
	return r
}

// share is an entry's share at the solution's prices.
func (p *Problem) share(s *Solution, row, col int) float64 {
	if p.Method == Nearest {
		price := s.RowPrice[row] + s.ColPrice[col]
		if s.GroupPrice != nil {
			price += s.GroupPrice[row][p.Group[col]]
		}
		return p.Weights[row][col] + float64(price)/(2*UnitsPerNat)
	}
	share := float64(float64(p.Weights[row][col]*s.RowMultipliers[row]) * s.ColMultipliers[col])
	if s.GroupMultipliers != nil {
		share = float64(share * s.GroupMultipliers[row][p.Group[col]])
	}
	return share
}

// code finds the reading, ties aside, given the rounded share.
func (r Readout) code(rounded int) Reading {
	fair := max(r.Low, min(r.Previous, r.High))
	if r.Previous < 0 {
		fair = r.High
	}
	switch {
	case fair < r.Lower:
		return AtMinimum
	case fair > r.Upper:
		return AtRequest
	case fair == r.Previous && fair != rounded:
		return Kept
	}
	return RoundedShare
}

// tied reports whether one unit more or less would do as well: below the previous value the upper
// end of the tolerance decides, above it the lower end.
func (r Readout) tied(m Method, low, high float64, lottery bool) bool {
	precision := 1e-9
	if lottery {
		precision = 1.0 / (1 << 19) // two lots of 2^16 units at 2^36 a nat
	}
	at := func(share float64, unit int) bool {
		post := m.post(unit)
		return math.Abs(share-post) <= float64(post*precision)
	}
	up, down := low, high // the end that could add a unit, and the one that could take one
	if r.Quota < r.Previous {
		up = high
	}
	if r.Quota > r.Previous {
		down = low
	}
	return r.Quota < r.Upper && at(up, r.Quota+1) || r.Quota > r.Lower && at(down, r.Quota)
}

// round returns how many signposts a share reaches, and anything beyond the range of a count as its
// end.
func (m Method) round(share float64) int {
	share = max(0, min(share, maxTotal))
	switch m {
	case DHondt:
		return int(math.Floor(share))
	case Adams:
		return int(math.Floor(share)) + 1
	case HuntingtonHill:
		return int(math.Floor((1 + math.Sqrt(1+float64(4*float64(share*share)))) / 2))
	}
	return int(math.Floor(share + 0.5))
}
