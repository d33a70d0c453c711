package apportion

import (
	"math"
	"sync"
)

// Fill makes columns optimal for the prices: no unit of a column can move to another of its entries
// at a gain.

// reach is how far the cheapest and the dearest entry of a column are apart.
type reach struct {
	add, drop int   // the entries; -1 if none has room, or none has a unit to give
	low, high int64 // reduced cost of one unit more of add, and of the last of drop
}

// reach finds the entry of column c with the least reduced addition cost, the first by ID among
// equals, and the one with the greatest reduced removal cost, the last among equals.
func (n *network) reach(c int, price []int64) reach {
	r := reach{-1, -1, far, -far}
	first, last := c*n.m, (c+1)*n.m
	xs, lower, upper := n.x[first:last], n.lower[first:last], n.upper[first:last]
	if !n.plain {
		for o, x := range xs {
			if x < upper[o] {
				r.offer(first+o, n.charged(first+o, x+1)-price[o])
			}
			if x > lower[o] {
				r.demand(first+o, n.charged(first+o, x)-price[o])
			}
		}
		return r
	}
	lt := n.lt[first:last]
	for o, x := range xs {
		base := lt[o] + price[o]
		if x < upper[o] {
			r.offer(first+o, n.ln[x+1]-base)
		}
		if x > lower[o] {
			r.demand(first+o, n.ln[x]-base)
		}
	}
	return r
}

// offer notes what one unit more of an entry costs.
func (r *reach) offer(e int, cost int64) {
	if cost < r.low {
		r.low, r.add = cost, e
	}
}

// demand notes what the last unit of an entry costs.
func (r *reach) demand(e int, cost int64) {
	if cost >= r.high {
		r.high, r.drop = cost, e
	}
}

// settle makes column c, which sums to its total but for missing units, optimal.
func (n *network) settle(c, missing int) {
	price := n.prices(c)
	r := n.reach(c, price)
	for ; missing > 0; missing-- {
		n.x[r.add]++
		r = n.reach(c, price)
	}
	for ; missing < 0; missing++ {
		n.x[r.drop]--
		r = n.reach(c, price)
	}
	for r.low < r.high {
		n.x[r.add]++
		n.x[r.drop]--
		r = n.reach(c, price)
	}
	n.slack[c] = r.low - r.high
}

// fillAll fills every column anew at the prices.
func (n *network) fillAll() {
	clear(n.sums)
	boost := make([]float64, len(n.price))
	for a, price := range n.price {
		boost[a] = multiplier(price)
	}
	n.everyColumn(func(c int, sums []int) {
		first := n.groupOf(c) * n.m
		n.settle(c, n.colTotals[c]-n.round(c, boost[first:first+n.m]))
		for o := range n.m {
			sums[first+o] += int(n.x[c*n.m+o])
		}
	})
}

// refill settles the columns that a change of prices by at most span between any two rows can have
// unsettled.
func (n *network) refill(span int64) {
	n.everyColumn(func(c int, sums []int) {
		if n.slack[c] -= span; n.slack[c] >= 0 {
			return
		}
		first, e := n.groupOf(c)*n.m, c*n.m
		for o := range n.m {
			sums[first+o] -= int(n.x[e+o])
		}
		n.settle(c, 0)
		for o := range n.m {
			sums[first+o] += int(n.x[e+o])
		}
	})
}

// everyColumn calls do for every column, at once in ranges, with sums to which it adds what the
// accounts gain.
func (n *network) everyColumn(do func(c int, sums []int)) {
	var lock sync.Mutex
	parallel(len(n.cols), n.m, func(first, last int) {
		sums := make([]int, len(n.sums))
		for c := first; c < last; c++ {
			do(c, sums)
		}
		lock.Lock()
		defer lock.Unlock()
		for a, gain := range sums {
			n.sums[a] += gain
		}
	})
}

// round sets column c to rounded shares that nearly sum to its total, and returns their sum. The
// column's multiplier is found by a few steps of iterative proportional fitting over the entries
// that no bound holds. Only speed depends on it.
func (n *network) round(c int, boost []float64) int {
	const steps, maxDelta = 6, 1e250 // beyond it a product with a zero weight could be no number
	total := n.colTotals[c]
	col, sum := n.cols[c], 0
	if col < 0 {
		return n.empty(c)
	}
	weight := 0.0
	for o, row := range n.rows {
		if row >= 0 {
			weight += float64(n.problem.Weights[row][col] * boost[o])
		}
	}
	if weight == 0 {
		return n.empty(c)
	}
	delta := float64(total) / weight
	for range steps {
		var free float64
		sum, free = n.roundAt(c, delta, boost)
		miss := total - sum
		if abs(miss) <= 1+n.m/4 || free == 0 {
			break
		}
		delta = min(float64(delta*max(free+float64(miss), free/8))/free, maxDelta)
	}
	return sum
}

// empty sets column c to its lower bounds and returns their sum.
func (n *network) empty(c int) int {
	sum := 0
	for e := c * n.m; e < (c+1)*n.m; e++ {
		n.x[e] = n.lower[e]
		sum += int(n.x[e])
	}
	return sum
}

// roundAt sets column c to its rounded shares at a multiplier and returns their sum, and the sum of
// the shares that are within their bounds.
func (n *network) roundAt(c int, delta float64, boost []float64) (sum int, free float64) {
	col := n.cols[c]
	for o, row := range n.rows {
		e := c*n.m + o
		if row < 0 {
			n.x[e] = n.lower[e]
			sum += int(n.x[e])
			continue
		}
		share := float64(float64(n.problem.Weights[row][col]*boost[o]) * delta)
		kept := math.Floor(share + 0.5)
		if n.previous != nil {
			kept = max(math.Floor(share/n.band+0.5),
				min(float64(n.previous[e]), math.Floor(float64(share*n.band)+0.5)))
		}
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
