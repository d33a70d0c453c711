package apportion

import "math"

// fill sets column c to the cheapest whole numbers that sum to its total at the row prices. Where
// several are as cheap, rows first by ID get the unit.
func (n *network) fill(c int) {
	sum := n.round(c)
	for ; sum < n.colTotals[c]; sum++ {
		add, _ := n.cheapest(c)
		n.x[add]++
	}
	for ; sum > n.colTotals[c]; sum-- {
		drop, _ := n.dearest(c)
		n.x[drop]--
	}
	for {
		add, low := n.cheapest(c)
		drop, high := n.dearest(c)
		if low >= high {
			return
		}
		n.x[add]++
		n.x[drop]--
	}
}

// cheapest returns the entry of column c with the least reduced addition cost, the first by ID
// among equals, and that cost; -1 and the largest cost if all entries are at their upper bound.
func (n *network) cheapest(c int) (int, int64) {
	best, least := -1, int64(math.MaxInt64)
	for o := range n.m {
		e := c*n.m + o
		if n.x[e] == n.upper[e] {
			continue
		}
		if cost := n.addition(e) - n.price[o]; cost < least {
			best, least = e, cost
		}
	}
	return best, least
}

// dearest returns the entry of column c with the greatest reduced removal cost, the last by ID
// among equals, and that cost; -1 and the least cost if all entries are at their lower bound.
func (n *network) dearest(c int) (int, int64) {
	best, most := -1, int64(math.MinInt64)
	for o := range n.m {
		e := c*n.m + o
		if n.x[e] == n.lower[e] {
			continue
		}
		if cost := n.removal(e) - n.price[o]; cost >= most {
			best, most = e, cost
		}
	}
	return best, most
}

// round sets column c to rounded shares that nearly sum to its total, and returns their sum. The
// column's multiplier is found by a few steps of iterative proportional fitting over the entries
// that no bound holds; the last one is where the next search starts. Only speed depends on it.
func (n *network) round(c int) int {
	const steps, maxDelta = 6, 1e250 // beyond it a product with a zero weight could be no number
	delta, sum := n.delta[c], 0
	for range steps {
		var free float64
		sum, free = n.roundAt(c, delta)
		miss := n.colTotals[c] - sum
		if abs(miss) <= 1+n.m/4 || free == 0 {
			break
		}
		delta = min(float64(delta*max(free+float64(miss), free/8))/free, maxDelta)
	}
	n.delta[c] = delta
	return sum
}

// roundAt sets column c to its rounded shares at a multiplier and returns their sum, and the sum of
// the shares that are within their bounds.
func (n *network) roundAt(c int, delta float64) (sum int, free float64) {
	for o := range n.m {
		e := c*n.m + o
		share := float64(float64(n.weight[e]*n.boost[o]) * delta)
		low, high := share/n.band, float64(share*n.band)
		kept := max(math.Floor(low+0.5), min(float64(n.previous[e]), math.Floor(high+0.5)))
		switch {
		case kept < float64(n.lower[e]):
			n.x[e] = n.lower[e]
		case kept > float64(min(int(n.upper[e]), n.colTotals[c])):
			n.x[e] = int32(min(int(n.upper[e]), n.colTotals[c]))
		default:
			n.x[e] = int32(kept)
			free += share
		}
		sum += int(n.x[e])
	}
	return sum, free
}

// abs returns the size of a difference.
func abs(n int) int { return max(n, -n) }
