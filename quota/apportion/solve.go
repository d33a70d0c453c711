package apportion

import (
	"cmp"
	"slices"
)

// Solve returns the optimum of a problem with the prices that prove it. The result doesn't depend
// on the order of rows and columns: rows and columns are put in the byte order of their IDs first.
//
// A good guess at the row prices comes first, in floating point (warm). It decides nothing but
// speed, and which optimum is taken where several are as good: given any row prices, each column is
// filled exactly (fill); what is then still out of balance moves along cheapest paths between rows,
// each of which keeps the matrix optimal for the prices (balance). Last, the prices move to the
// middle of all that prove the optimum (center).
//
// Solve returns ErrMalformed if the problem is no question, and a *CutError, which wraps
// ErrInfeasible and proves it, if no matrix has these totals and bounds. It panics if the lengths
// of the problem's slices differ.
//
// Source: allocation.md 5.3; Ahuja, Magnanti and Orlin, Network Flows (1993), 9.7 and 14.4.
func Solve(p Problem) (*Solution, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	n := newNetwork(&p)
	if cut := n.cutColumns(); cut != nil {
		return nil, cut
	}
	n.warm()
	moved, cut := n.balance()
	if cut != nil {
		return nil, cut
	}
	n.center()
	return n.solution(moved), nil
}

// network is a problem in the order of its IDs, with the matrix and the row prices as they stand.
// Entry o of column c is at c*m+o: a column is a run of m entries.
type network struct {
	problem    *Problem
	rows, cols []int // the problem's index of the o-th row and the c-th column by ID
	m          int
	rowTotals  []int
	colTotals  []int

	ln     []int64 // ln[k] = ln(k-1/2), fixed point; [0] unused
	lt     []int64 // ln of the weight, less the draw of the lottery, fixed point
	lambda int64   // the tolerance, fixed point; 0 where there is nothing to keep
	weight []float64

	lower, upper, previous, x []int32

	price []int64 // of the rows
	sums  []int   // of the rows in x

	// For the guess of fill only: the multipliers of rows and columns, and e^lambda.
	boost, delta []float64
	band         float64
}

// newNetwork lays a checked problem out in the byte order of its IDs.
func newNetwork(p *Problem) *network {
	m := len(p.Rows)
	size := m * len(p.Cols)
	n := &network{
		problem: p, m: m, rows: sorted(p.Rows), cols: sorted(p.Cols),
		rowTotals: make([]int, m), colTotals: make([]int, len(p.Cols)),
		lt: make([]int64, size), weight: make([]float64, size),
		lower: make([]int32, size), upper: make([]int32, size),
		previous: make([]int32, size), x: make([]int32, size),
		price: make([]int64, m), sums: make([]int, m),
		boost: make([]float64, m), delta: make([]float64, len(p.Cols)), band: 1,
	}
	for o, row := range n.rows {
		n.rowTotals[o] = p.RowTotals[row]
	}
	highest := 0
	for c, col := range n.cols {
		n.colTotals[c] = p.ColTotals[col]
		highest = max(highest, n.colTotals[c])
		for o, row := range n.rows {
			n.lay(c*m+o, row, col)
		}
	}
	n.ln = make([]int64, highest+2)
	for k := 1; k < len(n.ln); k++ {
		n.ln[k] = fixedLn(float64(k) - 0.5)
	}
	if p.Previous != nil {
		n.lambda = fixed(p.Tolerance)
	}
	return n
}

// lay fills the entry at e from the problem's row and column. A row without a total holds nothing,
// which its bounds say unless its lower bounds contradict it.
func (n *network) lay(e, row, col int) {
	p := n.problem
	lower, upper := entry(p.Lower, row, col, 0), p.upper(row, col)
	if p.RowTotals[row] == 0 {
		upper = 0
	}
	n.lower[e] = int32(min(lower, MaxColTotal+1))
	n.upper[e] = int32(max(int(n.lower[e]), min(upper, MaxColTotal+1)))
	n.previous[e] = int32(min(entry(p.Previous, row, col, 0), MaxColTotal+1))
	t := p.Weights[row][col]
	n.weight[e] = t
	if t == 0 {
		return
	}
	n.lt[e] = fixedLn(t)
	if p.Ties {
		n.lt[e] -= draw(p.TieSeed, p.Rows[row], p.Cols[col])
	}
}

// sorted returns the indices of the IDs in byte order.
func sorted(ids []string) []int {
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	return order
}

// addition is the cost of one unit more of the entry at e.
func (n *network) addition(e int) int64 {
	k := n.x[e] + 1
	if k <= n.previous[e] {
		return n.ln[k] - n.lt[e] - n.lambda
	}
	return n.ln[k] - n.lt[e] + n.lambda
}

// removal is the cost of the last unit of the entry at e, which must hold one.
func (n *network) removal(e int) int64 {
	k := n.x[e]
	if k <= n.previous[e] {
		return n.ln[k] - n.lt[e] - n.lambda
	}
	return n.ln[k] - n.lt[e] + n.lambda
}

// solution turns the matrix and the prices back into the problem's order.
func (n *network) solution(moved int) *Solution {
	m, size := n.m, len(n.cols)
	s := &Solution{
		Matrix: make([][]int, m), Augmentations: moved,
		RowPrice: make([]int64, m), ColPrice: make([]int64, size),
		RowMultipliers: make([]float64, m), ColMultipliers: make([]float64, size),
	}
	for o, row := range n.rows {
		s.Matrix[row] = make([]int, size)
		for c, col := range n.cols {
			s.Matrix[row][col] = int(n.x[c*m+o])
		}
		s.RowPrice[row] = n.price[o]
	}
	for c, col := range n.cols {
		s.ColPrice[col] = n.colPrice(c)
	}
	n.priceEmptyRows(s)
	for row, price := range s.RowPrice {
		s.RowMultipliers[row] = multiplier(price)
	}
	for col, price := range s.ColPrice {
		s.ColMultipliers[col] = multiplier(price)
	}
	return s
}
