package apportion

import (
	"fmt"
	"math"
)

// Problem asks for a matrix of whole numbers. Matrices are [row][column].
type Problem struct {
	Rows, Cols []string    // IDs, unique among the rows and among the columns: operators, cells
	Weights    [][]float64 // what an entry is proportional to: 0, or in [1e-100, 1e100]; 0 forces 0
	RowTotals  []int
	ColTotals  []int // sum to the sum of RowTotals; each at most MaxColTotal

	Lower    [][]int // least of each entry; nil = 0
	Upper    [][]int // most of each entry; nil = unbounded
	Previous [][]int // what each entry was before; nil = nothing to keep

	// Tolerance is the churn tolerance lambda in nats, in [0, 100]: an entry keeps its previous value
	// while its fair share is within a factor e^lambda of it. Without Previous it does nothing.
	Tolerance float64

	// Ties turns the lottery between equal claims on; TieSeed is its published seed. The draw belongs
	// to the IDs of row and column, and so does not depend on their order. It is worth less than 1e-6
	// nat, so it also decides between shares that are as close as that. Without the lottery, what is
	// equal in all else falls to one of the optima, always the same one for the same question in
	// whatever order its rows and columns stand.
	TieSeed uint64
	Ties    bool
}

// MaxColTotal is the largest total of a column: sums of that many logarithms fit 63 bits with room
// for the prices.
const MaxColTotal = 1 << 22

// maxTolerance is far beyond use: within a factor e^100 nothing ever moves.
const maxTolerance = 100

// UnitsPerNat is the fixed point of costs and prices.
const UnitsPerNat = 1 << 36

// Solution is the optimal matrix with the prices that prove it.
type Solution struct {
	Matrix [][]int // [row][column]

	// RowPrice and ColPrice are fixed point, UnitsPerNat units a nat. In the optimum an entry's
	// removal cost is at most the sum of its two prices, its addition cost at least that sum.
	// Where the optimum leaves prices room, they stand in the middle of it, and the prices of rows
	// with a total average 0.
	RowPrice, ColPrice []int64

	// RowMultipliers and ColMultipliers are the exponentials of the prices: an entry is its weight
	// times both, rounded (see Read). The geometric mean over rows with a total is 1: an operator
	// above 1 needed a boost because its cells are contested.
	RowMultipliers, ColMultipliers []float64

	Augmentations int // units the last, exact stage had to move; speed only
}

// check returns ErrMalformed for a problem that is no question. It panics if lengths differ, which
// is a bug of the caller.
func (p *Problem) check() error {
	if !p.shaped() {
		panic("apportion: the lengths of the problem's slices differ")
	}
	if err := p.checkIDs(); err != nil {
		return err
	}
	if !(p.Tolerance >= 0 && p.Tolerance <= maxTolerance) {
		return fmt.Errorf("%w: the tolerance %g is not between 0 and %d nats",
			ErrMalformed, p.Tolerance, maxTolerance)
	}
	if err := p.checkTotals(); err != nil {
		return err
	}
	for o := range p.Rows {
		for c := range p.Cols {
			if err := p.checkEntry(o, c); err != nil {
				return fmt.Errorf("%w: row %q, column %q: %w", ErrMalformed, p.Rows[o], p.Cols[c], err)
			}
		}
	}
	return nil
}

// shaped reports whether all slices answer Rows and Cols.
func (p *Problem) shaped() bool {
	m, n := len(p.Rows), len(p.Cols)
	return len(p.RowTotals) == m && len(p.ColTotals) == n && len(p.Weights) == m &&
		rectangular(p.Weights, n) &&
		(p.Lower == nil || len(p.Lower) == m && rectangular(p.Lower, n)) &&
		(p.Upper == nil || len(p.Upper) == m && rectangular(p.Upper, n)) &&
		(p.Previous == nil || len(p.Previous) == m && rectangular(p.Previous, n))
}

// rectangular reports whether every row of a matrix has n columns.
func rectangular[T any](matrix [][]T, n int) bool {
	for _, row := range matrix {
		if len(row) != n {
			return false
		}
	}
	return true
}

// checkIDs returns ErrMalformed for an ID that stands twice.
func (p *Problem) checkIDs() error {
	for _, ids := range [][]string{p.Rows, p.Cols} {
		seen := make(map[string]bool, len(ids))
		for _, id := range ids {
			if seen[id] {
				return fmt.Errorf("%w: the ID %q stands twice", ErrMalformed, id)
			}
			seen[id] = true
		}
	}
	return nil
}

// checkTotals returns ErrMalformed for totals below 0, too large, or of different sums.
func (p *Problem) checkTotals() error {
	rows, cols := 0, 0
	for o, total := range p.RowTotals {
		if total < 0 || total > maxTotal {
			return fmt.Errorf("%w: the total %d of row %q is not between 0 and %d",
				ErrMalformed, total, p.Rows[o], maxTotal)
		}
		rows += total
	}
	for c, total := range p.ColTotals {
		if total < 0 || total > MaxColTotal {
			return fmt.Errorf("%w: the total %d of column %q is not between 0 and %d",
				ErrMalformed, total, p.Cols[c], MaxColTotal)
		}
		cols += total
	}
	if rows != cols {
		return fmt.Errorf("%w: the rows sum to %d, the columns to %d", ErrMalformed, rows, cols)
	}
	return nil
}

// checkEntry says what is wrong with one entry.
func (p *Problem) checkEntry(o, c int) error {
	t := p.Weights[o][c]
	lower, upper := entry(p.Lower, o, c, 0), entry(p.Upper, o, c, math.MaxInt)
	switch previous := entry(p.Previous, o, c, 0); {
	case t != 0 && !(t >= minWeight && t <= maxWeight):
		return fmt.Errorf("the weight %g is neither 0 nor between %g and %g", t, minWeight, maxWeight)
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

// upper returns the effective upper bound of an entry: 0 without a weight.
func (p *Problem) upper(o, c int) int {
	if p.Weights[o][c] == 0 {
		return 0
	}
	return entry(p.Upper, o, c, math.MaxInt)
}
