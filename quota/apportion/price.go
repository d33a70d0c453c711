package apportion

import (
	"math"
	"slices"
	"sync"
)

// center moves the prices to the middle of those that prove the matrix optimal, whatever way the
// solver came. So a share lies on a half only where claims really tie. Prices with fixed margins
// average 0 over the rows with a total; where a margin has room, what room leaves free has price 0.
//
// Prices v prove it if v[b]-v[a] <= cost(a, b) for the cheapest arc of every pair. The distances
// from any one node do, so their average over all rows does; and it keeps a distance from every
// such bound that isn't an equation for all proofs. Rounding down keeps the inequalities, the
// costs being whole.
func (n *network) center() { n.centerBy(n.distances(n.cheapestArcs())) }

// centerBy is center given the distances between nodes.
func (n *network) centerBy(dist [][]int64) {
	ground, sum := grounded(dist), make([]int64, len(n.price))
	first := len(n.price) - n.m // the rows' own nodes
	live, level := int64(0), int64(0)
	for o := range n.m {
		if n.live(o) {
			addProof(sum, dist[first+o], ground)
			live++
		}
	}
	if live == 0 {
		return
	}
	for a := range n.price {
		if n.live(a % n.m) {
			n.price[a] = floorDiv(sum[a], live)
		}
	}
	for o := range n.m {
		if n.live(o) {
			level += n.price[first+o]
		}
	}
	level = floorDiv(level, live)
	if at, ok := n.datum(); ok {
		level = at
	}
	for a := range n.price {
		n.price[a] -= level
	}
}

// live reports whether a row's price matters: it has a total, or it is the reserve.
func (n *network) live(o int) bool { return n.rowTotals[o] > 0 || n.rows[o] < 0 }

// grounded returns prices that prove the matrix optimal however rows hang together: the distance of
// each row from whichever row is nearest, itself included.
func grounded(dist [][]int64) []int64 {
	ground := make([]int64, len(dist))
	for _, from := range dist {
		for o, d := range from {
			ground[o] = min(ground[o], d)
		}
	}
	return ground
}

// addProof adds to sum the prices that the distances from one row are. Rows out of its reach stand
// as on the ground, raised by one amount to a nat above whatever they must exceed.
func addProof(sum, dist, ground []int64) {
	lift := int64(math.MinInt64)
	for o, d := range dist {
		if d < far {
			lift = max(lift, d-ground[o])
		}
	}
	for o, d := range dist {
		if d == far {
			d = ground[o] + lift + UnitsPerNat
		}
		sum[o] += d
	}
}

// distances returns the cost of the cheapest path between any two nodes, given the cheapest arc of
// every pair; far where there is none.
func (n *network) distances(cheapest []int64) [][]int64 {
	dist := make([][]int64, len(n.price))
	for a := range dist {
		dist[a] = make([]int64, len(dist))
		for b := range dist[a] {
			dist[a][b] = far
		}
		dist[a][a] = 0
	}
	for pair, cost := range cheapest {
		a, b := pair/n.m, pair/n.m/n.m*n.m+pair%n.m
		dist[a][b] = min(dist[a][b], cost)
	}
	for a := range n.accountsWithRows() {
		row := len(n.sums) + a%n.m
		if n.sums[a] < n.caps[a] {
			dist[a][row] = 0
		}
		if n.sums[a] > 0 {
			dist[row][a] = 0
		}
	}
	for via := range dist {
		for a := range dist {
			if dist[a][via] == far {
				continue
			}
			for b, onward := range dist[via] {
				if onward < far {
					dist[a][b] = min(dist[a][b], dist[a][via]+onward)
				}
			}
		}
	}
	return dist
}

// accountsWithRows is how many accounts are nodes apart from their rows.
func (n *network) accountsWithRows() int {
	if n.groups == 1 {
		return 0
	}
	return len(n.sums)
}

// cheapestArcs returns the cost of the cheapest arc of every pair (g*m+a)*m+b, far where there is
// none.
func (n *network) cheapestArcs() []int64 {
	none := slices.Repeat([]int64{far}, n.groups*n.m*n.m)
	least := slices.Clone(none)
	var lock sync.Mutex
	parallel(len(n.cols), n.m*4, func(first, last int) {
		mine := slices.Clone(none)
		low, high := make([]int64, n.m), make([]int64, n.m)
		for c := first; c < last; c++ {
			n.cheapen(mine, c, low, high)
		}
		lock.Lock()
		defer lock.Unlock()
		for pair, cost := range mine {
			least[pair] = min(least[pair], cost)
		}
	})
	return least
}

// cheapen lowers the least costs of pairs to those of column c; low and high are room to work in.
func (n *network) cheapen(least []int64, c int, low, high []int64) {
	lowest := int64(far)
	for o := range low {
		low[o], high[o] = n.addition(c*n.m+o, 0), n.removal(c*n.m+o, 0)
		lowest = min(lowest, low[o])
	}
	pair := n.groupOf(c) * n.m * n.m
	for from, removal := range high {
		if removal == -far || lowest == far {
			continue
		}
		row := least[pair+from*n.m : pair+from*n.m+n.m]
		for to, addition := range low {
			if cost := addition - removal; cost < row[to] && addition < far && to != from {
				row[to] = cost
			}
		}
	}
}

// floorDiv divides and rounds down.
func floorDiv(a, b int64) int64 {
	quotient := a / b
	if a%b < 0 {
		quotient--
	}
	return quotient
}

// datum returns the price that stands for nothing: that of the reserve, or the one that makes the
// price of the column of leftovers 0; false where all margins are fixed.
func (n *network) datum() (int64, bool) {
	switch {
	case n.rows[n.m-1] < 0:
		return n.price[len(n.price)-1], true
	case n.cols[len(n.cols)-1] < 0:
		return -n.colPrice(len(n.cols) - 1), true
	}
	return 0, false
}

// colPrice returns the middle of the prices that prove column c optimal. Where it is bounded on one
// side only it stands a nat off, and a column of which nothing could change has price 0.
func (n *network) colPrice(c int) int64 {
	r := n.reach(c, n.prices(c))
	switch {
	case r.drop >= 0 && r.add >= 0:
		return r.high + (r.low-r.high)/2
	case r.drop >= 0:
		return r.high + UnitsPerNat
	case r.add >= 0:
		return r.low - UnitsPerNat
	}
	return 0
}

// tellPrices fills the prices of a solution's rows and groups.
func (n *network) tellPrices(s *Solution) {
	first := len(n.price) - n.m
	for o, row := range n.rows {
		if row >= 0 {
			s.RowPrice[row] = n.price[first+o]
		}
	}
	if n.problem.GroupMost == nil {
		return
	}
	s.GroupPrice = make([][]int64, len(s.RowPrice))
	for o, row := range n.rows {
		if row < 0 {
			continue
		}
		s.GroupPrice[row] = make([]int64, n.problem.groups())
		for g := range s.GroupPrice[row] {
			if account := g*n.m + o; n.sums[account] == n.caps[account] {
				s.GroupPrice[row][g] = min(0, n.price[account]-n.price[first+o])
			}
		}
	}
}

// priceEmptyRows sets the prices of the rows without a total, which took no part, a nat below the
// one at which some entry would want its first unit.
func (n *network) priceEmptyRows(s *Solution) {
	for o, row := range n.rows {
		if n.rowTotals[o] > 0 || row < 0 {
			continue
		}
		least := int64(far)
		for c, col := range n.cols {
			if _, upper := n.problem.Bounds(row, max(col, 0)); col >= 0 && upper > 0 {
				least = min(least, n.unit(c*n.m+o, n.x[c*n.m+o]+1)-s.ColPrice[col])
			}
		}
		s.RowPrice[row] = 0
		if least < far {
			s.RowPrice[row] = least - UnitsPerNat
		}
	}
}
