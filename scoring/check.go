package scoring

import "math"

// weightTolerance is how far from 1 the weights may sum: a rubric written with nine decimals.
const weightTolerance = 1e-9

// Check returns a *RubricError that names the first fault in the order of the rubric, nil when
// there is none. Of a checked rubric it is known that the weights sum to 1 within 1e-9; that
// every value of every indicator has points, by one band or the linear scale; that each band is
// the first to hold for some value; and that no better value has fewer points than a worse one,
// in the direction the indicator declares.
func (r Rubric) Check() error {
	if len(r.Indicators) == 0 {
		return &RubricError{Code: FaultEmpty, Got: math.NaN()}
	}
	if !math.IsNaN(r.Pass) && !within(r.Pass, full) {
		return &RubricError{Code: FaultPass, Got: r.Pass}
	}
	seen := make(map[string]bool, len(r.Indicators))
	sum := 0.0
	for _, d := range r.Indicators {
		if fault := d.check(seen); fault != nil {
			fault.Indicator = d.ID
			return fault
		}
		seen[d.ID] = true
		sum += d.Weight
	}
	if math.Abs(sum-1) > weightTolerance {
		return &RubricError{Code: FaultSum, Got: sum}
	}
	return nil
}

// check returns the first fault of one indicator; seen are the IDs before it.
func (d Indicator) check(seen map[string]bool) *RubricError {
	switch {
	case d.ID == "":
		return &RubricError{Code: FaultID, Got: math.NaN()}
	case seen[d.ID]:
		return &RubricError{Code: FaultTwice, Got: math.NaN()}
	case !within(d.Weight, 1):
		return &RubricError{Code: FaultWeight, Got: d.Weight}
	case !d.Missing.known():
		return &RubricError{Code: FaultMissing, Got: math.NaN()}
	case (d.Linear == nil) == (len(d.Bands) == 0):
		return &RubricError{Code: FaultScale, Got: math.NaN()}
	case d.Linear != nil:
		return d.Linear.check(d.Higher)
	default:
		return checkBands(d.Bands, d.Higher)
	}
}

// known reports whether m is one of the four rules. The zero value is none: a city states it.
func (m Missing) known() bool {
	switch m {
	case MissingUnknown, MissingWorst, MissingMean, MissingExclude:
		return true
	default:
		return false
	}
}

// check returns the fault of a linear scale.
func (l Linear) check(higher bool) *RubricError {
	span := l.Full - l.Zero
	switch {
	case !finite(span): // also when Zero or Full isn't
		return &RubricError{Code: FaultLinear, Got: span}
	case span == 0 || (span > 0) != higher:
		return &RubricError{Code: FaultDirection, Got: span}
	default:
		return nil
	}
}

// within reports whether x is in [0, most]; NaN isn't.
func within(x, most float64) bool { return x >= 0 && x <= most }

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
