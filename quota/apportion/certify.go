package apportion

import (
	"fmt"
	"math"
	"math/big"
	"slices"
)

// Certificate is what Certify found.
type Certificate struct {
	// Gap is Primal less Dual, in units of 2^-36 nat: 0 proves that no matrix with these totals and
	// bounds costs less, and no matrix can be more than Gap units better than one with a Gap. A gap
	// beyond 63 bits is given as the largest int64.
	Gap    int64
	Primal *big.Int // cost of the matrix
	Dual   *big.Int // the least any matrix can cost, at the solution's prices
}

// Certify checks that a solution answers a problem and measures how far it can be from the optimum.
// It shares no code with Solve: its costs come from the problem alone, its logarithms from another
// method (certify_ln.go), its sums have 128 bits, and every entry counts, also one that can't
// change.
//
// With v and w the row and column prices, F the cost of an entry and l, u its bounds, weak duality
// says
//
//	sum F(x) >= sum v*RowTotals + sum w*ColTotals + sum min_{l<=k<=u} [F(k) - (v+w)*k]
//
// for every matrix x that keeps totals and bounds; the left side is Primal, the right side Dual.
//
// Certify returns ErrUncertified, and says where, if the solution misses a total or a bound or if
// its multipliers, where given, aren't the exponentials of its prices; and ErrMalformed if the
// problem's lengths differ or a weight is out of range. It takes any input without panic, so that a
// plan of unknown origin can be judged.
//
// Source: Ahuja, Magnanti and Orlin, Network Flows (1993), 9.4; allocation.md 5.5.
func Certify(p Problem, s *Solution) (Certificate, error) {
	j := judge{problem: &p, solution: s}
	for _, step := range []func() error{
		j.checkShape, j.checkWeights, j.checkEntries, j.checkGroups, j.checkPrices,
	} {
		if err := step(); err != nil {
			return Certificate{}, err
		}
	}
	primal, dual := j.costs()
	gap := new(big.Int).Sub(primal, dual)
	c := Certificate{Gap: math.MaxInt64, Primal: primal, Dual: dual}
	if gap.IsInt64() {
		c.Gap = gap.Int64()
	}
	return c, nil
}

// judge holds a solution against its problem.
type judge struct {
	problem  *Problem
	solution *Solution
}

// checkShape returns an error if any slice has the wrong length.
func (j *judge) checkShape() error {
	p, s := j.problem, j.solution
	m, n := len(p.Rows), len(p.Cols)
	groups := 0
	if len(p.GroupMost) > 0 {
		groups = len(p.GroupMost[0])
	}
	if len(p.RowTotals) != m || len(p.ColTotals) != n || !isMatrix(p.Weights, m, n) ||
		p.RowLeast != nil && len(p.RowLeast) != m || p.ColLeast != nil && len(p.ColLeast) != n ||
		p.GroupMost != nil && (len(p.Group) != n || !isMatrix(p.GroupMost, m, groups)) {
		return fmt.Errorf("%w: the lengths of the problem's slices differ", ErrMalformed)
	}
	for _, matrix := range [][][]int{p.Lower, p.Upper, p.Previous} {
		if matrix != nil && !isMatrix(matrix, m, n) {
			return fmt.Errorf("%w: the lengths of the problem's slices differ", ErrMalformed)
		}
	}
	if !isMatrix(s.Matrix, m, n) || len(s.RowPrice) != m || len(s.ColPrice) != n ||
		(p.GroupMost == nil) != (s.GroupPrice == nil) ||
		s.GroupPrice != nil && !isMatrix(s.GroupPrice, m, groups) {
		return fmt.Errorf("%w: the solution is not one of %d rows and %d columns",
			ErrUncertified, m, n)
	}
	return nil
}

// isMatrix reports whether a matrix has m rows and n columns.
func isMatrix[T any](matrix [][]T, m, n int) bool {
	if len(matrix) != m {
		return false
	}
	for _, row := range matrix {
		if len(row) != n {
			return false
		}
	}
	return true
}

// checkWeights returns an error for what no cost can be computed of.
func (j *judge) checkWeights() error {
	p := j.problem
	if !(p.Tolerance >= 0 && p.Tolerance <= maxTolerance) {
		return fmt.Errorf("%w: the tolerance %g is out of range", ErrMalformed, p.Tolerance)
	}
	for o, weights := range p.Weights {
		for c, t := range weights {
			if t != 0 && !(t >= minWeight && t <= maxWeight) {
				return fmt.Errorf("%w: the weight %g of row %q in column %q is out of range",
					ErrMalformed, t, p.Rows[o], p.Cols[c])
			}
		}
	}
	for c, total := range p.ColTotals {
		if total < 0 || total > MaxColTotal {
			return fmt.Errorf("%w: the total %d of column %q is out of range",
				ErrMalformed, total, p.Cols[c])
		}
	}
	return nil
}

// checkEntries returns an error naming the first bound or total that the matrix misses.
func (j *judge) checkEntries() error {
	p, s := j.problem, j.solution
	cols := make([]int, len(p.Cols))
	for o, row := range s.Matrix {
		sum := 0
		for c, x := range row {
			if lower, upper := j.bounds(o, c); x < lower || x > upper {
				return fmt.Errorf("%w: row %q has %d in column %q, outside %d to %d",
					ErrUncertified, p.Rows[o], x, p.Cols[c], lower, upper)
			}
			if j.previous(o, c) < 0 {
				return fmt.Errorf("%w: row %q had %d in column %q",
					ErrMalformed, p.Rows[o], j.previous(o, c), p.Cols[c])
			}
			sum += x
			cols[c] += x
		}
		least := p.RowTotals[o]
		if p.RowLeast != nil {
			least = p.RowLeast[o]
		}
		if sum < least || sum > p.RowTotals[o] {
			return fmt.Errorf("%w: row %q sums to %d, not %d to %d",
				ErrUncertified, p.Rows[o], sum, least, p.RowTotals[o])
		}
	}
	for c, sum := range cols {
		least := p.ColTotals[c]
		if p.ColLeast != nil {
			least = p.ColLeast[c]
		}
		if sum < least || sum > p.ColTotals[c] {
			return fmt.Errorf("%w: column %q sums to %d, not %d to %d",
				ErrUncertified, p.Cols[c], sum, least, p.ColTotals[c])
		}
	}
	return nil
}

// checkGroups returns an error naming the first row that holds too much in a group.
func (j *judge) checkGroups() error {
	p := j.problem
	for o, most := range p.GroupMost {
		sums := make([]int, len(most))
		for c, g := range p.Group {
			if g < 0 || g >= len(most) {
				return fmt.Errorf("%w: column %q is of group %d", ErrMalformed, p.Cols[c], g)
			}
			sums[g] += j.solution.Matrix[o][c]
		}
		for g, sum := range sums {
			if sum > most[g] {
				return fmt.Errorf("%w: row %q holds %d in group %d, more than %d",
					ErrUncertified, p.Rows[o], sum, g, most[g])
			}
		}
	}
	return nil
}

// bounds returns what an entry may be: nothing without a weight, and never more than its column's
// total, which changes no answer.
func (j *judge) bounds(o, c int) (lower, upper int) {
	p := j.problem
	upper = p.ColTotals[c]
	if p.Lower != nil {
		lower = max(0, p.Lower[o][c])
	}
	if p.Upper != nil {
		upper = min(upper, p.Upper[o][c])
	}
	if p.LocalShare > 0 { // a share a billionth above a whole number is that number
		upper = min(upper, max(lower, int(math.Ceil(float64(p.LocalShare*float64(p.ColTotals[c]))-1e-9))))
	}
	t := p.Weights[o][c]
	switch {
	case t == 0:
		return lower, 0
	case p.Method == Nearest:
		return max(lower, int(math.Floor(t))), min(upper, int(math.Ceil(t)))
	case upper > 0 && (p.Method == Adams || p.Method == HuntingtonHill):
		return max(lower, 1), upper
	}
	return lower, upper
}

// previous returns what an entry was before, 0 where nothing is known.
func (j *judge) previous(o, c int) int {
	if j.problem.Previous == nil {
		return 0
	}
	return j.problem.Previous[o][c]
}

// checkPrices returns an error for a price beyond any cost, and for a multiplier that isn't the
// exponential of its price.
func (j *judge) checkPrices() error {
	s := j.solution
	if err := j.checkSide(j.problem.Rows, s.RowPrice, s.RowMultipliers); err != nil {
		return err
	}
	if s.GroupMultipliers != nil && len(s.GroupMultipliers) != len(s.GroupPrice) {
		return fmt.Errorf("%w: group multipliers of %d rows, not %d",
			ErrUncertified, len(s.GroupMultipliers), len(s.GroupPrice))
	}
	for o, prices := range s.GroupPrice {
		if s.GroupMultipliers != nil {
			label := slices.Repeat([]string{j.problem.Rows[o]}, len(prices))
			if err := j.checkSide(label, prices, s.GroupMultipliers[o]); err != nil {
				return err
			}
		}
		for g, price := range prices {
			if price > 0 || j.problem.GroupMost[o][g] < 0 {
				return fmt.Errorf("%w: row %q has the price %d in group %d, above 0",
					ErrUncertified, j.problem.Rows[o], price, g)
			}
		}
	}
	return j.checkSide(j.problem.Cols, s.ColPrice, s.ColMultipliers)
}

// checkSide is checkPrices for the rows or the columns.
func (j *judge) checkSide(ids []string, prices []int64, multipliers []float64) error {
	const beyond = 1 << 60
	const close = 1e-9 // relative; float64 exponentials of prices differ by far less
	if multipliers != nil && len(multipliers) != len(prices) {
		return fmt.Errorf("%w: %d multipliers for %d prices",
			ErrUncertified, len(multipliers), len(prices))
	}
	for i, price := range prices {
		if price > beyond || price < -beyond {
			return fmt.Errorf("%w: the price %d of %q is out of range", ErrUncertified, price, ids[i])
		}
		if multipliers == nil {
			continue
		}
		want := math.Exp(float64(price) / UnitsPerNat)
		if got := multipliers[i]; got != want && !(math.Abs(got-want) <= close*want) {
			return fmt.Errorf("%w: the multiplier %g of %q is not the exponential %g of its price",
				ErrUncertified, got, ids[i], want)
		}
	}
	return nil
}
