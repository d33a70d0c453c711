package apportion

import "math"

// center moves the row prices to the middle of those that prove the matrix optimal, with an average
// of 0 over the rows with a total, whatever way the solver came. So a share lies on a half only
// where claims really tie.
//
// Prices v prove it if v[b]-v[a] <= cost(a, b) for the cheapest arc of every pair. The distances
// from any one row do, so their average over all rows does; and it keeps a distance from every such
// bound that isn't an equation for all proofs. Rounding down keeps the inequalities, the costs
// being whole.
func (n *network) center() {
	dist := n.distances()
	ground, sum := grounded(dist), make([]int64, n.m)
	live, level := int64(0), int64(0)
	for root, total := range n.rowTotals {
		if total > 0 {
			addProof(sum, dist[root], ground)
			live++
		}
	}
	for o, total := range n.rowTotals {
		if total > 0 {
			n.price[o] = floorDiv(sum[o], live)
			level += n.price[o]
		}
	}
	for o := range n.price {
		if live > 0 {
			n.price[o] -= floorDiv(level, live)
		}
	}
}

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

// distances returns the cost of the cheapest path between any two rows, far where there is none.
func (n *network) distances() [][]int64 {
	dist := make([][]int64, n.m)
	for a := range dist {
		dist[a] = make([]int64, n.m)
		for b := range dist[a] {
			dist[a][b] = far
		}
		dist[a][a] = 0
	}
	for c := range n.cols {
		for a := range dist {
			for b := range dist {
				if cost, ok := n.arcCost(a, b, c); ok {
					dist[a][b] = min(dist[a][b], cost)
				}
			}
		}
	}
	for via := range dist {
		for a := range dist {
			for b := range dist {
				if dist[a][via] < far && dist[via][b] < far {
					dist[a][b] = min(dist[a][b], dist[a][via]+dist[via][b])
				}
			}
		}
	}
	return dist
}

// floorDiv divides and rounds down.
func floorDiv(a, b int64) int64 {
	quotient := a / b
	if a%b < 0 {
		quotient--
	}
	return quotient
}

// colPrice returns the middle of the prices that prove column c optimal. Where it is bounded on one
// side only it stands a nat off, and a column of which nothing could change has price 0.
func (n *network) colPrice(c int) int64 {
	drop, low := n.dearest(c)
	add, high := n.cheapest(c)
	switch {
	case drop >= 0 && add >= 0:
		return low + (high-low)/2
	case drop >= 0:
		return low + UnitsPerNat
	case add >= 0:
		return high - UnitsPerNat
	}
	return 0
}

// priceEmptyRows sets the prices of the rows without a total, which took no part, a nat below the
// one at which some entry would want its first unit.
func (n *network) priceEmptyRows(s *Solution) {
	for o, row := range n.rows {
		if n.rowTotals[o] > 0 {
			continue
		}
		least := int64(far)
		for c, col := range n.cols {
			if n.problem.upper(row, col) > 0 {
				least = min(least, n.addition(c*n.m+o)-s.ColPrice[col])
			}
		}
		s.RowPrice[row] = 0
		if least < far {
			s.RowPrice[row] = least - UnitsPerNat
		}
	}
}
