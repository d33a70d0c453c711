package apportion

import (
	"cmp"
	"slices"
)

// network is a problem in the order of its IDs, with the matrix and the prices as they stand.
// Entry o of column c is at c*m+o: a column is a run of m entries.
//
// An account is what one row holds in the columns of one group, and is at g*m+o; without groups
// there is one account a row. With groups, row o itself is the node groups*m+o, to which its
// accounts belong. Every node has a price; an entry earns the price of its account.
type network struct {
	problem    *Problem
	rows, cols []int // the problem's index of the o-th row and the c-th column; -1 = made by slack
	m          int
	groups     int
	group      []int32 // of each column; nil = all of one group
	rowTotals  []int
	colTotals  []int
	caps       []int // most of each account; nil without groups
	floors     []int // least of each account, as long as there are caps

	costs
	lower, upper, x []int32

	price []int64 // of the nodes
	sums  []int   // of the accounts in x
	band  float64 // e^lambda, for the guess of fill only
	slack []int64 // of each column: prices may move apart by less than this and change nothing in it
}

// newNetwork lays a checked problem out in the byte order of its IDs. A reserve row and a column
// for what rows leave over come after all others.
func newNetwork(p *Problem) *network {
	n := arrange(p)
	parallel(len(n.cols), n.m, func(first, last int) {
		for c := first; c < last; c++ {
			n.lay(c)
		}
	})
	return n
}

// arrange makes a network with its rows, columns and totals and room for its entries.
func arrange(p *Problem) *network {
	n := &network{problem: p, rows: sorted(p.Rows), cols: sorted(p.Cols), groups: 1, band: 1}
	for _, row := range n.rows {
		n.rowTotals = append(n.rowTotals, p.RowTotals[row])
	}
	for _, col := range n.cols {
		n.colTotals = append(n.colTotals, p.ColTotals[col])
	}
	n.addSlack()
	n.m = len(n.rows)
	n.addGroups()
	size, nodes := n.m*len(n.cols), n.groups*n.m
	n.lower, n.upper, n.x = make([]int32, size), make([]int32, size), make([]int32, size)
	n.sums, n.slack = make([]int, nodes), make([]int64, len(n.cols))
	if n.groups > 1 {
		nodes += n.m
	}
	n.price = make([]int64, nodes)
	n.costs = newCosts(p, size)
	if p.Previous != nil {
		n.band = multiplier(n.lambda)
	}
	return n
}

// lay fills the entries of a column from the problem.
func (n *network) lay(c int) {
	p, col := n.problem, n.cols[c]
	for o, row := range n.rows {
		e := c*n.m + o
		if row < 0 || col < 0 {
			n.laySlack(e, o, c)
			continue
		}
		lower, upper := p.Bounds(row, col)
		if n.rowTotals[o] == 0 {
			upper = 0 // a row without a total holds nothing, unless its lower bounds contradict it
		}
		n.lower[e] = int32(min(lower, MaxColTotal+1))
		n.upper[e] = int32(max(int(n.lower[e]), min(upper, MaxColTotal+1)))
		n.costs.lay(p, e, row, col)
	}
}

// sorted returns the indices of the IDs in byte order.
func sorted(ids []string) []int {
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	if slices.IsSorted(ids) {
		return order
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	return order
}

// groupOf returns the group of a column.
func (n *network) groupOf(c int) int {
	if n.group == nil {
		return 0
	}
	return int(n.group[c])
}

// prices returns the prices that the entries of a column earn.
func (n *network) prices(c int) []int64 {
	first := n.groupOf(c) * n.m
	return n.price[first : first+n.m]
}

// addition is the cost of one unit more of the entry at e, less its price; far if it is full.
func (n *network) addition(e int, price int64) int64 {
	x := n.x[e]
	if x >= n.upper[e] {
		return far
	}
	return n.unit(e, x+1) - price
}

// removal is the cost of the last unit of the entry at e, less its price; -far if it has none to
// give.
func (n *network) removal(e int, price int64) int64 {
	x := n.x[e]
	if x <= n.lower[e] {
		return -far
	}
	return n.unit(e, x) - price
}

// solution turns the matrix and the prices back into the problem's order.
func (n *network) solution(moved int) *Solution {
	p := n.problem
	s := &Solution{
		Matrix: make([][]int, len(p.Rows)), Augmentations: moved,
		RowPrice: make([]int64, len(p.Rows)), ColPrice: make([]int64, len(p.Cols)),
	}
	for row := range s.Matrix {
		s.Matrix[row] = make([]int, len(p.Cols))
	}
	parallel(len(n.cols), n.m, func(first, last int) {
		for c := first; c < last; c++ {
			col := n.cols[c]
			if col < 0 {
				continue
			}
			for o, row := range n.rows {
				if row >= 0 {
					s.Matrix[row][col] = int(n.x[c*n.m+o])
				}
			}
			s.ColPrice[col] = n.colPrice(c)
		}
	})
	n.tellPrices(s)
	n.priceEmptyRows(s)
	s.multiply()
	return s
}
