package apportion

import "slices"

// warm finds row prices under which the columns, each filled to its total, nearly give the rows
// their totals, and leaves the matrix at the best it found. This is the seam for a better search:
// whatever prices it leaves, fill makes the matrix optimal for them, and balance does the rest.
//
// A pass moves each row's price by the logarithm of what it should have over what it has, the step
// of iterative proportional fitting. When some passes in a row don't help, the search goes back to
// the best prices with shorter steps. It ends when little is left, which balance moves faster.
func (n *network) warm() {
	const passes, patience, shortest = 32, 3, 1.0 / 64
	n.startDelta()
	least, best := n.pass(), slices.Clone(n.price)
	step, stale := 1.0, 0
	for range passes {
		if least <= 4*n.m+len(n.cols)/500 || step < shortest {
			break
		}
		n.nudge(step)
		if off := n.pass(); off < least {
			least, stale = off, 0
			copy(best, n.price)
			continue
		}
		if stale++; stale == patience {
			step, stale = step/4, 0
			copy(n.price, best)
			n.pass()
		}
	}
	copy(n.price, best)
	n.pass()
}

// startDelta sets the columns' multipliers for row prices of 0 and no bounds.
func (n *network) startDelta() {
	n.band = multiplier(n.lambda)
	for c, total := range n.colTotals {
		sum := 0.0
		for _, w := range n.weight[c*n.m : (c+1)*n.m] {
			sum += w
		}
		if sum > 0 {
			n.delta[c] = float64(total) / sum
		}
	}
}

// pass fills every column at the row prices and returns the imbalance: the sum of what rows lack.
func (n *network) pass() int {
	for o, price := range n.price {
		n.boost[o], n.sums[o] = multiplier(price), 0
	}
	for c := range n.cols {
		n.fill(c)
		for o := range n.m {
			n.sums[o] += int(n.x[c*n.m+o])
		}
	}
	lack := 0
	for o, total := range n.rowTotals {
		lack += max(0, total-n.sums[o])
	}
	return lack
}

// nudge moves each row's price towards its total. Prices stay within a range in which the products
// of multipliers are finite.
func (n *network) nudge(step float64) {
	const farthest = 200 // nats
	for o, total := range n.rowTotals {
		ratio := (float64(total) + 0.5) / (float64(n.sums[o]) + 0.5)
		price := n.price[o] + fixed(float64(step*ln(ratio)))
		n.price[o] = max(-farthest*UnitsPerNat, min(price, farthest*UnitsPerNat))
	}
}
