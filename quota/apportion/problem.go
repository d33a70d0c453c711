package apportion

import "fmt"

// Problem asks for a matrix of whole numbers. Matrices are [row][column].
type Problem struct {
	Rows, Cols []string    // IDs, unique among the rows and among the columns: operators, cells
	Weights    [][]float64 // what an entry is proportional to: 0, or in [1e-100, 1e100]; 0 forces 0
	RowTotals  []int
	ColTotals  []int  // sum to the sum of RowTotals; each at most MaxColTotal
	Method     Method // how shares are rounded; "" = Webster

	Lower    [][]int // least of each entry; nil = 0
	Upper    [][]int // most of each entry, such as a request; nil = unbounded
	Previous [][]int // what each entry was before; nil = nothing to keep

	// LocalShare is the most of a column's total that one entry may take, rounded up: 0.5 of 7 is 4.
	// 0 is no limit.
	LocalShare float64

	// RowLeast and ColLeast turn a total into a range: from the least to the total. nil = exactly the
	// total. Where there is room the sums may differ, and a total within its range has price 0.
	RowLeast, ColLeast []int

	// Group is the group of each column, from 0, such as its district, and GroupMost[row][group] the
	// most a row may hold in the group's columns. nil = no groups.
	Group     []int
	GroupMost [][]int

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

	// GroupPrice is what an entry of a row earns less in a group because the row's most there binds:
	// at most 0, and 0 where it doesn't bind. nil without groups.
	GroupPrice [][]int64

	// RowMultipliers and ColMultipliers are the exponentials of the prices: an entry is its weight
	// times both, rounded (see Read). The geometric mean over rows with a total is 1: an operator
	// above 1 needed a boost because its cells are contested.
	RowMultipliers, ColMultipliers []float64
	GroupMultipliers               [][]float64

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
	if !(p.LocalShare >= 0 && p.LocalShare <= 1) {
		return fmt.Errorf("%w: the local share %g is not between 0 and 1", ErrMalformed, p.LocalShare)
	}
	if !p.Method.known() {
		return fmt.Errorf("%w: no method %q rounds a matrix", ErrMalformed, p.Method)
	}
	if err := p.checkTotals(); err != nil {
		return err
	}
	if err := p.checkGroups(); err != nil {
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
	fits := func(list []int, size int) bool { return list == nil || len(list) == size }
	matrix := func(x [][]int) bool { return x == nil || len(x) == m && rectangular(x, n) }
	return len(p.RowTotals) == m && len(p.ColTotals) == n && len(p.Weights) == m &&
		rectangular(p.Weights, n) && matrix(p.Lower) && matrix(p.Upper) && matrix(p.Previous) &&
		fits(p.RowLeast, m) && fits(p.ColLeast, n) && fits(p.Group, n) &&
		(p.Group == nil) == (p.GroupMost == nil) &&
		(p.GroupMost == nil || len(p.GroupMost) == m && rectangular(p.GroupMost, p.groups()))
}

// groups returns how many groups there are.
func (p *Problem) groups() int {
	if len(p.GroupMost) == 0 {
		return 0
	}
	return len(p.GroupMost[0])
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

// multiply fills the multipliers from the prices.
func (s *Solution) multiply() {
	s.RowMultipliers, s.ColMultipliers = multipliers(s.RowPrice), multipliers(s.ColPrice)
	s.GroupMultipliers = nil
	for _, prices := range s.GroupPrice {
		s.GroupMultipliers = append(s.GroupMultipliers, multipliers(prices))
	}
}

// multipliers are the exponentials of prices.
func multipliers(prices []int64) []float64 {
	list := make([]float64, len(prices))
	for i, price := range prices {
		list[i] = multiplier(price)
	}
	return list
}
