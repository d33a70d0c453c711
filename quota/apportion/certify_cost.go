package apportion

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
)

// costs returns what the matrix costs and the least that any matrix can cost at the prices.
func (j *judge) costs() (primal, dual *big.Int) {
	p, s := j.problem, j.solution
	highest := 0
	for _, total := range p.ColTotals {
		highest = max(highest, total)
	}
	ledger := ledger{sums: lnSums(highest)}
	if p.Previous != nil {
		ledger.lambda = int64(math.Round(p.Tolerance * UnitsPerNat))
	}
	var cost, bound int128
	for o, price := range s.RowPrice {
		bound.addProduct(price, int64(p.RowTotals[o]))
		for c := range p.Cols {
			f := ledger.entry(j, o, c)
			lower, upper := j.bounds(o, c)
			reduced := price + s.ColPrice[c]
			best := f.argmin(lower, upper, reduced)
			f.charge(&cost, s.Matrix[o][c])
			f.charge(&bound, best)
			bound.addProduct(-reduced, int64(best))
		}
	}
	for c, price := range s.ColPrice {
		bound.addProduct(price, int64(p.ColTotals[c]))
	}
	return cost.big(), bound.big()
}

// ledger prices entries.
type ledger struct {
	sums   []int64 // sums[k] = sum of ln(i-1/2) for i = 1..k
	lambda int64
}

// outlay is the cost of one entry as a function of its value.
type outlay struct {
	*ledger
	each     int64 // what every unit costs beside the sums: the draw less the logarithm of the weight
	previous int
}

// entry returns the cost function of an entry. Where the weight is 0 the value is 0, which costs
// the same at any price.
func (l *ledger) entry(j *judge, o, c int) outlay {
	p := j.problem
	f := outlay{ledger: l, previous: j.previous(o, c)}
	if t := p.Weights[o][c]; t != 0 {
		f.each = -log36(t)
	}
	if p.Ties {
		text := strconv.FormatUint(p.TieSeed, 10) + "\n" + p.Rows[o] + "\n" + p.Cols[c] + "\n"
		hash := sha256.Sum256([]byte(text))
		f.each += int64(binary.BigEndian.Uint16(hash[:2]))
	}
	return f
}

// unit is the cost of the k-th unit, which grows with k.
func (f outlay) unit(k int) int64 {
	cost := f.sums[k] - f.sums[k-1] + f.each
	if k <= f.previous {
		return cost - f.lambda
	}
	return cost + f.lambda
}

// argmin returns the value within the bounds that costs least when every unit earns a price: the
// last unit in order that costs no more than it earns.
func (f outlay) argmin(lower, upper int, price int64) int {
	low, high := lower, upper
	for low < high {
		mid := low + (high-low+1)/2
		if f.unit(mid) <= price {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// charge adds the cost of a value to a sum.
func (f outlay) charge(sum *int128, x int) {
	sum.addProduct(f.sums[x], 1)
	sum.addProduct(f.each, int64(x))
	sum.addProduct(f.lambda, int64(max(x-f.previous, f.previous-x)))
}
