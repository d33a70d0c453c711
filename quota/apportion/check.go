package apportion

import (
	"fmt"
	"math"
)

// checkTotals returns ErrMalformed for totals below 0, too large, or of sums that can't meet.
func (p *Problem) checkTotals() error {
	low, high, err := checkSide("row", p.Rows, p.RowTotals, p.RowLeast, maxTotal)
	if err != nil {
		return err
	}
	least, most, err := checkSide("column", p.Cols, p.ColTotals, p.ColLeast, MaxColTotal)
	switch {
	case err != nil:
		return err
	case p.RowLeast == nil && p.ColLeast == nil && high != most:
		return fmt.Errorf("%w: the rows sum to %d, the columns to %d", ErrMalformed, high, most)
	case low > most || least > high:
		return fmt.Errorf("%w: the rows sum to %d to %d, the columns to %d to %d",
			ErrMalformed, low, high, least, most)
	case (p.RowLeast != nil || p.ColLeast != nil) && max(high, most) > math.MaxInt32:
		return fmt.Errorf("%w: totals with a least sum to %d, more than %d",
			ErrMalformed, max(high, most), math.MaxInt32)
	}
	return nil
}

// checkSide returns the sums of a side's leasts and totals.
func checkSide(
	kind string, ids []string, totals, least []int, most int,
) (low, high int, err error) {
	for i, total := range totals {
		if total < 0 || total > most {
			return 0, 0, fmt.Errorf("%w: the total %d of %s %q is not between 0 and %d",
				ErrMalformed, total, kind, ids[i], most)
		}
		from := total
		if least != nil {
			from = least[i]
		}
		if from < 0 || from > total {
			return 0, 0, fmt.Errorf("%w: the least %d of %s %q is not between 0 and its total %d",
				ErrMalformed, from, kind, ids[i], total)
		}
		low += from
		high += total
	}
	return low, high, nil
}

// checkGroups returns ErrMalformed for a column of no group and for a most below 0.
func (p *Problem) checkGroups() error {
	for c, g := range p.Group {
		if g < 0 || g >= p.groups() {
			return fmt.Errorf("%w: column %q is of group %d, and there are %d",
				ErrMalformed, p.Cols[c], g, p.groups())
		}
	}
	for o, most := range p.GroupMost {
		for g, x := range most {
			if x < 0 {
				return fmt.Errorf("%w: row %q may hold %d in group %d", ErrMalformed, p.Rows[o], x, g)
			}
		}
	}
	return nil
}

// checkEntry says what is wrong with one entry.
func (p *Problem) checkEntry(o, c int) error {
	t := p.Weights[o][c]
	if t != 0 && !(t >= minWeight && t <= maxWeight) {
		return fmt.Errorf("the weight %g is neither 0 nor between %g and %g", t, minWeight, maxWeight)
	}
	if p.Method == Nearest && t > MaxColTotal {
		return fmt.Errorf("%g is more than %d", t, MaxColTotal)
	}
	if p.Lower == nil && p.Upper == nil && p.Previous == nil {
		return nil
	}
	lower, upper := entry(p.Lower, o, c, 0), entry(p.Upper, o, c, math.MaxInt)
	switch previous := entry(p.Previous, o, c, 0); {
	case lower < 0:
		return fmt.Errorf("the lower bound %d is negative", lower)
	case lower > upper:
		return fmt.Errorf("the lower bound %d is above the upper bound %d", lower, upper)
	case lower > 0 && t == 0:
		return fmt.Errorf("the lower bound %d needs a weight above 0", lower)
	case previous < 0:
		return fmt.Errorf("the previous value %d is negative", previous)
	}
	return nil
}

// entry returns an element of a matrix, or what a nil matrix stands for.
func entry(matrix [][]int, o, c, missing int) int {
	if matrix == nil {
		return missing
	}
	return matrix[o][c]
}

// Bounds returns the effective bounds of an entry, with upper unbounded where nothing limits it: 0
// without a weight, at most its share of the column, at least what the method gives every weight.
func (p *Problem) Bounds(o, c int) (lower, upper int) {
	t := p.Weights[o][c]
	if t == 0 {
		return 0, 0
	}
	lower, upper = entry(p.Lower, o, c, 0), entry(p.Upper, o, c, math.MaxInt)
	if p.LocalShare > 0 {
		upper = max(lower, min(upper, LocalMost(p.LocalShare, p.ColTotals[c])))
	}
	switch {
	case p.Method == Nearest:
		lower, upper = max(lower, int(math.Floor(t))), min(upper, int(math.Ceil(t)))
	case p.Method.gives() && upper > 0:
		lower = max(lower, 1)
	}
	return lower, max(lower, upper)
}

// LocalMost is a share of a column's total, rounded up. A product that is a whole number but for
// the last bits of the share counts as one.
func LocalMost(share float64, total int) int {
	const crumb = 1e-9
	return int(math.Ceil(float64(share*float64(total)) - crumb))
}
