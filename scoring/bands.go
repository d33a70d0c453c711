package scoring

import (
	"math"
	"slices"
)

// bandOf returns the index of the first band that holds for v, -1 if none does.
func bandOf(bands []Band, v float64) int {
	return slices.IndexFunc(bands, func(b Band) bool { return b.holds(v) })
}

// checkBands returns the first fault of an indicator's bands: first of a band by itself, then of
// all of them together.
func checkBands(bands []Band, higher bool) *RubricError {
	for i, b := range bands {
		if fault := b.check(i == len(bands)-1); fault != nil {
			fault.Band = i + 1
			return fault
		}
	}
	return checkSteps(bands, higher)
}

// check returns the fault of a band by itself; last tells that no other follows.
func (b Band) check(last bool) *RubricError {
	switch b.Op {
	case OpAtLeast, OpAbove, OpAtMost, OpBelow:
		if !finite(b.Value) {
			return &RubricError{Code: FaultBandValue, Got: b.Value}
		}
	case OpElse:
		if !last {
			return &RubricError{Code: FaultElse, Got: math.NaN()}
		}
	default:
		return &RubricError{Code: FaultOp, Got: math.NaN()}
	}
	if !within(b.Points, full) {
		return &RubricError{Code: FaultBandPoints, Got: b.Points}
	}
	return nil
}

// checkSteps walks over one value of every step the bands can make, in ascending order, and
// returns where no band holds, which band never does, or where the points run against the
// direction.
func checkSteps(bands []Band, higher bool) *RubricError {
	reached := make([]bool, len(bands))
	last := -1 // band of the step before
	for _, v := range steps(bands) {
		i := bandOf(bands, v)
		if i < 0 {
			return &RubricError{Code: FaultGap, Got: v}
		}
		reached[i] = true
		if last >= 0 && against(bands[last].Points, bands[i].Points, higher) {
			return &RubricError{Code: FaultOrder, Band: i + 1, Got: v}
		}
		last = i
	}
	if i := slices.Index(reached, false); i >= 0 {
		return &RubricError{Code: FaultUnreachable, Band: i + 1, Got: math.NaN()}
	}
	return nil
}

// against reports whether points that go from a to b as the value grows contradict the direction.
func against(a, b float64, higher bool) bool {
	if higher {
		return b < a
	}
	return b > a
}

// steps returns one value of every stretch of the number line on which the same bands hold, in
// ascending order: below the first limit, each limit itself, between each two, above the last.
// Bands compare with nothing but their limits, so what holds at these values holds everywhere.
func steps(bands []Band) []float64 {
	var limits []float64
	for _, b := range bands {
		if b.Op != OpElse {
			limits = append(limits, b.Value)
		}
	}
	if len(limits) == 0 {
		return []float64{0}
	}
	slices.Sort(limits)
	limits = slices.Compact(limits)
	values := make([]float64, 0, 2*len(limits)+1)
	if below := math.Nextafter(limits[0], math.Inf(-1)); finite(below) {
		values = append(values, below)
	}
	for i, v := range limits {
		values = append(values, v)
		next := math.Inf(1)
		if i+1 < len(limits) {
			next = limits[i+1]
		}
		if above := math.Nextafter(v, next); above != next {
			values = append(values, above)
		}
	}
	return values
}
