package apportion

import (
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"
)

// warm finds row prices under which the columns, each filled to its total, nearly give the rows
// their totals, and leaves the matrix at the best it found. It decides nothing but speed: whatever
// prices it leaves, the matrix is optimal for them, and balance does the rest.
//
// The dual is concave in the row prices and its slope is what rows lack. A step solves a Newton
// equation whose second derivatives are counted: how many columns would move a unit from one row to
// another if their prices moved apart by h. As the steps shorten so does h, and ever fewer columns
// can change at all (refill).
//
// Source: Qi and Sun, Mathematical Programming 58 (1993), for Newton's method on such functions;
// allocation.md 5.3.
func (n *network) warm() {
	const steps, shortest, patience = 200, 1 << 6, 3
	goal := 4*n.m + len(n.cols)/500
	n.fillAll()
	least, best := n.lack(), slices.Clone(n.price)
	h, vain := float64(UnitsPerNat)/16, 0
	for range steps {
		if least <= goal || h < shortest || vain == patience {
			break
		}
		step := n.newton(h)
		longest := 0.0
		for _, d := range step {
			longest = max(longest, math.Abs(d))
		}
		if longest < 1 {
			break
		}
		scale := min(1, 4*h/longest)
		n.nudge(step, scale)
		off := n.lack()
		if vain++; off < least-least/16 {
			vain = 0
		}
		if off < least {
			least = off
			copy(best, n.price)
			h = max(h/8, min(h, longest))
			continue
		}
		n.reprice(best)
		h /= 4
	}
}

// lack is how many units the rows are short of their totals.
func (n *network) lack() int {
	lack := 0
	for o, total := range n.rowTotals {
		held := 0
		for g := range n.groups {
			held += n.sums[g*n.m+o]
		}
		lack += max(0, total-held)
	}
	return lack
}

// nudge moves the rows' prices by a step and settles the columns.
func (n *network) nudge(step []float64, scale float64) {
	price := slices.Clone(n.price)
	for a := range price {
		price[a] += int64(math.Round(float64(step[a%n.m] * scale)))
	}
	n.reprice(price)
}

// reprice sets prices and settles the columns.
func (n *network) reprice(price []int64) {
	span := spread(price, n.price)
	copy(n.price, price)
	n.refill(span)
}

// newton returns the step of the rows' prices that would give them their totals if as many units
// changed rows per unit of price as within h of here.
func (n *network) newton(h float64) []float64 {
	moves := n.countMoves(int64(h))
	last := n.m - 1 // its price stays: only differences matter
	step := make([]float64, n.m)
	if last == 0 {
		return step
	}
	curve, slope := mat.NewSymDense(last, nil), mat.NewVecDense(last, nil)
	held := make([]int, n.m)
	for a, sum := range n.sums {
		held[a%n.m] += sum
	}
	for a := range last {
		diagonal := 0.0
		for b := range n.m {
			if a == b {
				continue
			}
			link := (float64(moves[a*n.m+b]+moves[b*n.m+a]) + 0.5) / (2 * h)
			diagonal += link
			if b < last {
				curve.SetSym(a, b, -link)
			}
		}
		curve.SetSym(a, a, diagonal)
		slope.SetVec(a, float64(n.rowTotals[a]-held[a]))
	}
	var root mat.Cholesky
	if !root.Factorize(curve) {
		return step
	}
	var answer mat.VecDense
	if root.SolveVecTo(&answer, slope) != nil {
		return step
	}
	copy(step, answer.RawVector().Data)
	return step
}

// countMoves counts, for each pair of rows a*m+b, the columns whose best move of a unit goes from
// row a to row b and costs at most h.
func (n *network) countMoves(h int64) []int {
	moves := make([]int, n.m*n.m)
	var lock sync.Mutex
	parallel(len(n.cols), n.m, func(first, last int) {
		mine := make([]int, len(moves))
		for c := first; c < last; c++ {
			if n.slack[c] > h {
				continue
			}
			if r := n.reach(c, n.prices(c)); r.add >= 0 && r.drop >= 0 && r.low-r.high <= h {
				mine[(r.drop%n.m)*n.m+r.add%n.m]++
			}
		}
		lock.Lock()
		defer lock.Unlock()
		for pair, count := range mine {
			moves[pair] += count
		}
	})
	return moves
}
