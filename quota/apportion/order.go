package apportion

import "math/bits"

// Len, Less, Swap, Push and Pop make the open seats a heap for container/heap.
func (d *division) Len() int { return len(d.open) }

// Less orders seats by their next unit.
func (d *division) Less(i, j int) bool { return d.open[i].before(d.open[j]) }

// Swap exchanges two seats.
func (d *division) Swap(i, j int) { d.open[i], d.open[j] = d.open[j], d.open[i] }

// Push adds a *seat.
func (d *division) Push(x any) { d.open = append(d.open, x.(*seat)) }

// Pop removes the last seat.
func (d *division) Pop() any {
	last := len(d.open) - 1
	s := d.open[last]
	d.open = d.open[:last]
	return s
}

// before reports whether the next unit of s comes before that of t: the unit that makes a quota k
// has the price (k-1/2)/weight, cheaper comes first, and a tie goes to the ID first in byte order.
//
// With k-1/2 = odd/2 the prices compare as s.odd*t.weight and t.odd*s.weight, products of at most
// 41 and 53 bits and a power of two: exact in 128 bits.
func (s *seat) before(t *seat) bool {
	sHigh, sLow := bits.Mul64(uint64(2*s.quota+1), t.mantissa)
	tHigh, tLow := bits.Mul64(uint64(2*t.quota+1), s.mantissa)
	sTop, tTop := length(sHigh, sLow)+t.exponent, length(tHigh, tLow)+s.exponent
	if sTop != tTop {
		return sTop < tTop
	}
	// Equal magnitudes: shifting the one with the larger power of two can't overflow.
	sHigh, sLow = shift(sHigh, sLow, t.exponent-s.exponent)
	tHigh, tLow = shift(tHigh, tLow, s.exponent-t.exponent)
	if sHigh != tHigh {
		return sHigh < tHigh
	}
	if sLow != tLow {
		return sLow < tLow
	}
	return s.id < t.id
}

// length is the number of bits of a 128-bit integer.
func length(high, low uint64) int {
	if high != 0 {
		return 64 + bits.Len64(high)
	}
	return bits.Len64(low)
}

// shift moves a 128-bit integer n places to the left; it stays where it is for n <= 0.
func shift(high, low uint64, n int) (uint64, uint64) {
	switch {
	case n <= 0:
		return high, low
	case n >= 64:
		return low << (n - 64), 0
	}
	return high<<n | low>>(64-n), low << n
}
