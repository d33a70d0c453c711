package apportion

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/big"
	"runtime"
	"strconv"
	"sync"
)

// costs returns what the matrix costs and the least that any matrix can cost at the prices. The
// entries of each range of columns are summed on their own.
func (j *judge) costs() (primal, dual *big.Int) {
	p, s := j.problem, j.solution
	ledger := j.newLedger()
	var cost, bound int128
	for o, price := range s.RowPrice {
		bound.addProduct(price, int64(held(price, p.RowTotals, p.RowLeast, o)))
		for g := range s.groupPrices(o) {
			bound.addProduct(s.GroupPrice[o][g], int64(p.GroupMost[o][g]))
		}
	}
	for c, price := range s.ColPrice {
		bound.addProduct(price, int64(held(price, p.ColTotals, p.ColLeast, c)))
	}
	var lock sync.Mutex
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		group.Go(func() {
			var mine, least int128
			first, last := len(p.Cols)*k/workers, len(p.Cols)*(k+1)/workers
			for o := range p.Rows {
				for c := first; c < last; c++ {
					j.weigh(ledger, o, c, &mine, &least)
				}
			}
			lock.Lock()
			defer lock.Unlock()
			cost.add(mine)
			bound.add(least)
		})
	}
	group.Wait()
	return cost.big(), bound.big()
}

// held is what a margin holds where it costs a price to hold more: with room, its least if the
// price is above 0 and its total if not.
func held(price int64, totals, least []int, i int) int {
	if least != nil && price > 0 {
		return least[i]
	}
	return totals[i]
}

// weigh adds what an entry costs, and the least it can cost when its units earn its prices.
func (j *judge) weigh(ledger *ledger, o, c int, cost, bound *int128) {
	f := ledger.entry(j, o, c)
	lower, upper := j.bounds(o, c)
	price := j.price(o, c)
	x := j.solution.Matrix[o][c]
	f.charge(cost, x)
	best := x
	if x < upper && f.unit(x+1) <= price || x > lower && f.unit(x) > price {
		best = f.argmin(lower, upper, price)
	}
	f.charge(bound, best)
	bound.addProduct(-price, int64(best))
}

// price is what every unit of an entry earns.
func (j *judge) price(o, c int) int64 {
	s := j.solution
	price := s.RowPrice[o] + s.ColPrice[c]
	if s.GroupPrice != nil {
		price += s.GroupPrice[o][j.problem.Group[c]]
	}
	return price
}

// groupPrices returns a row's prices in the groups; nothing without groups.
func (s *Solution) groupPrices(o int) []int64 {
	if s.GroupPrice == nil {
		return nil
	}
	return s.GroupPrice[o]
}

// ledger prices entries.
type ledger struct {
	sums   []int64 // sums[k] = sum of the logarithms of the first k signposts
	lambda int64
}

// newLedger sums the logarithms of the method's signposts, as far as a column reaches.
func (j *judge) newLedger() *ledger {
	p := j.problem
	highest := 0
	for _, total := range p.ColTotals {
		highest = max(highest, total)
	}
	l := &ledger{sums: make([]int64, highest+1)}
	for k := 1; k <= highest; k++ {
		x := float64(k)
		at := x - 0.5
		switch p.Method {
		case DHondt:
			at = x
		case Adams:
			at = x - 1
		case HuntingtonHill:
			at = math.Sqrt(float64(x * (x - 1)))
		}
		l.sums[k] = l.sums[k-1]
		if at > 0 {
			l.sums[k] += log36(at)
		}
	}
	if p.Previous != nil {
		l.lambda = int64(math.Round(p.Tolerance * UnitsPerNat))
	}
	return l
}

// outlay is the cost of one entry as a function of its value.
type outlay struct {
	*ledger
	each     int64 // what every unit costs beside the sums: the draw less the logarithm of the weight
	previous int
	// Controlled rounding: what the unit that is not given to everybody costs, and which it is.
	step int
	last int64
}

// entry returns the cost function of an entry. Where the weight is 0 the value is 0, which costs
// the same at any price.
func (l *ledger) entry(j *judge, o, c int) outlay {
	p := j.problem
	f := outlay{ledger: l, previous: j.previous(o, c)}
	t := p.Weights[o][c]
	switch {
	case p.Method == Nearest:
		below := math.Floor(t)
		f.step = int(below) + 1
		f.last = int64(math.Round(((below + 1 - t) - (t - below)) * UnitsPerNat))
	case t != 0:
		f.each = -log36(t)
	}
	if p.Ties {
		text := strconv.AppendUint(make([]byte, 0, 64), p.TieSeed, 10)
		for _, id := range []string{p.Rows[o], p.Cols[c]} {
			text = append(append(text, '\n'), id...)
		}
		hash := sha256.Sum256(append(text, '\n'))
		f.each += int64(binary.BigEndian.Uint16(hash[:2]))
	}
	return f
}

// unit is the cost of the k-th unit, which grows with k.
func (f outlay) unit(k int) int64 {
	cost := f.each
	switch {
	case f.step == 0:
		cost += f.sums[k] - f.sums[k-1]
	case k == f.step:
		cost += f.last
	}
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
	switch {
	case f.step == 0:
		sum.addProduct(f.sums[x], 1)
	case x >= f.step:
		sum.addProduct(f.last, 1)
	}
	sum.addProduct(f.each, int64(x))
	sum.addProduct(f.lambda, int64(max(x-f.previous, f.previous-x)))
}
