package apportion

// soft are bounds that may be broken at a price. An entry is of one of four kinds.
type soft struct {
	lower, upper []int32
	kind         []uint8
	below, above [4]int64 // by kind, what a unit costs beyond the bound; 0 = the bound is hard
}

// The kinds of entries of a problem with soft bounds, and what it means that one is below its
// bounds, or above. In the reserve and among the leftovers, more there is less elsewhere.
const (
	ofProblem = iota
	ofRow     // what a row goes without
	ofColumn  // what a column leaves empty
	ofNeither
)

// remediesOf returns what it means that an entry of a kind is below its soft bounds, and above.
func remediesOf(kind uint8) (below, above Remedy) {
	switch kind {
	case ofProblem:
		return LowerMinimum, RaiseLimit
	case ofRow:
		return RaiseRow, LowerRow
	case ofColumn:
		return RaiseCol, LowerCol
	}
	return "", ""
}

// softUnit is what a price of 1 weighs, and softShift how much less all else. A way round all rows
// moves at most 2(rows+1) units, each of less than 2^44: shifted, no way costs as much as a price
// of 1 below 1,000 rows. So the least of what is relaxed comes first.
const softUnit, softShift = 1 << 44, 12

// newSoft makes room for the bounds of a problem's entries.
func newSoft(size int, prices map[Remedy]int) *soft {
	s := &soft{
		lower: make([]int32, size), upper: make([]int32, size), kind: make([]uint8, size),
	}
	for kind := range uint8(ofNeither) {
		below, above := remediesOf(kind)
		s.below[kind] = softUnit * int64(prices[below])
		s.above[kind] = softUnit * int64(prices[above])
	}
	return s
}

// charge is what the k-th unit of an entry costs for breaking its bounds. Below the lower bound a
// unit earns what lacking it would cost.
func (s *soft) charge(e int, k int32) int64 {
	switch kind := s.kind[e]; {
	case k <= s.lower[e]:
		return -s.below[kind]
	case k > s.upper[e]:
		return s.above[kind]
	}
	return 0
}

// newElastic lays a problem out with soft bounds. Rows and columns have twice their totals; the
// other half goes to the column of leftovers and to the reserve, and how much of it doesn't says
// what was relaxed.
func newElastic(p *Problem, prices map[Remedy]int) *network {
	double := *p
	double.RowTotals = doubled(p.RowTotals, maxTotal)
	double.ColTotals = doubled(p.ColTotals, MaxColTotal)
	double.RowLeast, double.ColLeast = make([]int, len(p.Rows)), make([]int, len(p.Cols))
	n := arrange(&double)
	n.soft = newSoft(len(n.x), prices)
	parallel(len(n.cols), n.m, func(first, last int) {
		for c := first; c < last; c++ {
			for o := range n.m {
				n.layElastic(p, o, c)
			}
		}
	})
	return n
}

// layElastic fills an entry: what its bounds say is soft where their remedy has a price.
func (n *network) layElastic(p *Problem, o, c int) {
	row, col, e := n.rows[o], n.cols[c], c*n.m+o
	kind, lower, upper, most := uint8(ofNeither), 0, n.colTotals[c], n.colTotals[c]
	switch {
	case row >= 0 && col >= 0:
		kind = ofProblem
		lower, upper = p.Bounds(row, col)
		lower = min(lower, MaxColTotal+1)
		n.costs.lay(n.problem, e, row, col)
		if p.Weights[row][col] == 0 {
			most = 0
		}
	case row >= 0:
		kind, most = ofRow, n.rowTotals[o]
		lower = n.rowTotals[o] - p.RowTotals[row]
		upper = n.rowTotals[o] - least(p.RowTotals, p.RowLeast, row)
	case col >= 0:
		kind = ofColumn
		lower = n.colTotals[c] - p.ColTotals[col]
		upper = n.colTotals[c] - least(p.ColTotals, p.ColLeast, col)
	}
	n.free[e] = kind != ofProblem
	n.soften(e, kind, lower, min(upper, most), most)
}

// soften sets the bounds of an entry, hard on the sides where no remedy has a price.
func (n *network) soften(e int, kind uint8, lower, upper, most int) {
	s := n.soft
	s.kind[e], s.lower[e], s.upper[e] = kind, int32(lower), int32(max(lower, upper))
	n.upper[e] = int32(most)
	if s.below[kind] == 0 {
		n.lower[e] = s.lower[e]
	}
	if s.above[kind] == 0 {
		n.upper[e] = s.upper[e]
	}
	n.upper[e] = max(n.upper[e], n.lower[e])
}

// doubled are twice the totals, or the most.
func doubled(totals []int, most int) []int {
	list := make([]int, len(totals))
	for i, total := range totals {
		list[i] = min(2*total, most)
	}
	return list
}

// least returns the least of a margin.
func least(totals, leasts []int, i int) int {
	if leasts == nil {
		return totals[i]
	}
	return leasts[i]
}

// sum adds numbers up.
func sum(list []int) int {
	total := 0
	for _, x := range list {
		total += x
	}
	return total
}
