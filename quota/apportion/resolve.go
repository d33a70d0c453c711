package apportion

import "slices"

// repair makes the network optimal for the changed problem.
func (s *Solver) repair(change Change) error {
	n := s.search.network
	prices := slices.Clone(n.price)
	s.search.before = map[int][]int32{}
	s.margins()
	for _, c := range s.columns(change) {
		if cut := s.refill(c); cut != nil {
			copy(n.price, prices)
			return cut
		}
	}
	s.search.weigh()
	if _, cut := s.search.balance(); cut != nil {
		copy(n.price, prices)
		return cut
	}
	s.settle()
	return nil
}

// margins takes the totals of the network from the problem.
func (s *Solver) margins() {
	n, p := s.search.network, &s.problem
	n.rowTotals, n.colTotals = n.rowTotals[:len(p.Rows)], n.colTotals[:len(p.Cols)]
	highest := 0
	for row, total := range p.RowTotals {
		n.rowTotals[s.rank[0][row]] = total
	}
	for col, total := range p.ColTotals {
		n.colTotals[s.rank[1][col]] = total
		highest = max(highest, total)
	}
	n.addSlackTotals()
	for k := len(n.ln); k < highest+2; k++ {
		n.ln = append(n.ln, signpost(p.Method, k))
	}
}

// refill lays a column anew and fills it at the prices, or returns a cut if its bounds can't hold
// its total.
func (s *Solver) refill(c int) *CutError {
	n := s.search.network
	s.search.remember(c)
	n.lay(c)
	first, missing := c*n.m, n.colTotals[c]
	low, high := 0, 0
	for e := first; e < first+n.m; e++ {
		was := n.x[e]
		n.x[e] = max(n.lower[e], min(was, n.upper[e]))
		n.sums[n.groupOf(c)*n.m+e-first] += int(n.x[e] - was)
		missing -= int(n.x[e])
		low += int(n.lower[e])
		high += int(n.upper[e])
	}
	if low > n.colTotals[c] || high < n.colTotals[c] {
		return n.cutColumns()
	}
	filled := slices.Clone(n.x[first : first+n.m])
	n.settle(c, missing)
	for o, was := range filled {
		n.sums[n.groupOf(c)*n.m+o] += int(n.x[first+o] - was)
	}
	s.search.relist(c)
	return nil
}

// settle moves the prices to the middle and the matrix to the one optimum that doesn't depend on
// the way, looking at no column that can't have changed.
func (s *Solver) settle() {
	n := s.search.network
	n.centerBy(n.distances(s.search.cheapest()))
	span := spread(n.price, s.search.listed)
	var cols []int
	looked := 0
	for c, slack := range n.slack {
		if slack > span {
			continue
		}
		if looked++; n.even(c) {
			cols = append(cols, c)
			s.search.remember(c)
		}
	}
	n.canonizeIn(cols)
	for _, c := range cols {
		s.search.relist(c)
	}
	if looked > len(n.cols)/tired {
		s.search.refresh()
	}
}

// tired is which part of the columns may have to be looked at before all are looked at once again.
const tired = 32

// refresh lists all arcs at the present prices.
func (s *search) refresh() {
	clear(s.network.slack) // not known
	copy(s.listed, s.network.price)
	s.arcs = newArcs(s.network, firstWindow)
}

// restore takes the network back to what the problem is again, and to what columns held before.
func (s *Solver) restore(change Change) {
	n := s.search.network
	if s.search.before == nil {
		return // the change was refused before anything moved
	}
	s.margins()
	for _, c := range s.columns(change) {
		n.lay(c)
	}
	for c, was := range s.search.before {
		for o := range n.m {
			n.sums[n.groupOf(c)*n.m+o] += int(was[o] - n.x[c*n.m+o])
			n.x[c*n.m+o] = was[o]
		}
	}
	for c := range s.search.before {
		s.search.relist(c)
	}
}

// remember keeps what a column held before it was touched, if anybody asks.
func (s *search) remember(c int) {
	if s.before == nil || s.before[c] != nil {
		return
	}
	m := s.network.m
	s.before[c] = slices.Clone(s.network.x[c*m : (c+1)*m])
}

// relist lists all arcs of a column anew.
func (s *search) relist(c int) {
	n, a := s.network, s.arcs
	n.slack[c] = 0 // not known, but at least this
	n.columnCosts(c, a.low, a.high)
	for from := range n.m {
		for to := range n.m {
			a.relist(c, n.groupOf(c)*n.m*n.m, from, to)
		}
	}
}

// cheapest returns the cost of the cheapest arc of every pair, from the lists where they tell.
func (s *search) cheapest() []int64 {
	least := make([]int64, len(s.arcs.heaps))
	m := s.network.m
	for pair := range least {
		if least[pair] = far; pair/m%m == pair%m {
			continue
		}
		best := s.arcs.cheapest(pair)
		if best.col == unlisted && best.cost < far {
			return s.network.cheapestArcs()
		}
		least[pair] = best.cost
	}
	return least
}
