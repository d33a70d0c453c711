package apportion

import (
	"math"
	"math/big"
	"math/bits"
	"sync"
)

// log36 returns 2^36*ln(x), rounded to the nearest integer, for a normal x > 0: the same number as
// the solver's fixedLn by another way, with integers alone.
//
// A significand s of 53 bits times the tabled reciprocal of its first nine is 2^63*(1+r) with r
// below 2^-8, exactly; the Taylor series of ln(1+r) is summed in units of 2^-63. What is near a
// rounding boundary is done again a bit at a time.
func log36(x float64) int64 {
	const near = 1 << 8 // of 2^-52: more than k*ln(2), the table and the series can be off
	t := logsOf()
	significand := math.Float64bits(x)&(1<<52-1) | 1<<52
	k := int64(math.Float64bits(x)>>52) - 1023
	i := significand >> 44 & 255
	r := int64(significand*t.reciprocal[i] - 1<<63)
	sum, power := r, r
	for n := int64(2); n <= 7; n++ {
		if power = mulShift(power, r); n%2 == 0 {
			sum -= power / n
		} else {
			sum += power / n
		}
	}
	total := k*t.two + t.log[i] + sum>>11
	if rest := uint64(total+1<<15+near) & (1<<16 - 1); rest < 2*near {
		return logBits(x, 36)
	}
	return (total + 1<<15) >> 16
}

// mulShift returns a*b / 2^63, rounded down in size.
func mulShift(a, b int64) int64 {
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	product := int64(high<<1 | low>>63)
	if (a < 0) != (b < 0) {
		return -product
	}
	return product
}

// logs holds reciprocals in units of 2^-11 of 1+(i+1/2)/256, and the logarithms of what they are
// the reciprocals of in units of 2^-52.
type logs struct {
	reciprocal [256]uint64
	log        [256]int64
	two        int64
}

//nolint:gochecknoglobals // a table that nothing writes
var logsOf = sync.OnceValue(func() *logs {
	t := &logs{two: logBits(2, 52)}
	for i := range t.reciprocal {
		middle := 2*256 + 2*uint64(i) + 1 // of the numbers that begin so, times 512
		t.reciprocal[i] = (2048*512 + middle/2) / middle
		t.log[i] = -logBits(float64(t.reciprocal[i])/2048, 52)
	}
	return t
})

// logBits returns 2^units*ln(x), rounded to the nearest integer, for a finite x > 0.
//
// The binary logarithm of a number in [1, 2) comes a bit at a time: squaring doubles it, and its
// next bit is whether the square reaches 2. With 127 fractional bits carried and 96 bits taken, the
// result is off by less than 2^-58 of 2^-36 before it is rounded, and about one logarithm in 2^57
// is that close to a half.
//
// Source: Knuth, The Art of Computer Programming, vol. 1, 1.2.2, exercise 25 (in binary).
func logBits(x float64, units uint) int64 {
	fraction, exponent := math.Frexp(x)
	high, low := uint64(math.Ldexp(fraction, 64)), uint64(0) // fraction in [1/2, 1): top bit set
	log := big.NewInt(int64(exponent - 1))
	var taken uint64
	for n := 1; n <= 96; n++ {
		var carry uint64
		high, low, carry = square(high, low)
		taken = taken<<1 | carry
		if n%32 == 0 {
			log.Lsh(log, 32)
			log.Add(log, new(big.Int).SetUint64(taken&math.MaxUint32))
		}
	}
	log.Mul(log, ln2Bits())
	log.Add(log, new(big.Int).Lsh(big.NewInt(1), 96+128-units-1))
	return log.Rsh(log, 96+128-units).Int64()
}

// ln2Bits returns ln(2)*2^128.
func ln2Bits() *big.Int {
	// Sequence A068426 of the OEIS: 0.B17217F7D1CF79ABC9E3B39803F2F6AF... in base 16.
	ln2 := new(big.Int).SetUint64(0xb17217f7d1cf79ab)
	ln2.Lsh(ln2, 64)
	return ln2.Or(ln2, new(big.Int).SetUint64(0xc9e3b39803f2f6af))
}

// square squares a number in [1, 2) given as 128 bits with the top one set. carry is 1 if the
// square reaches 2, and then the result is half of it. The last bits are cut off.
func square(high, low uint64) (uint64, uint64, uint64) {
	hh, hl := bits.Mul64(high, high)
	ch, cl := bits.Mul64(high, low)
	lh, _ := bits.Mul64(low, low)
	// high^2 * 2^128 + 2*high*low * 2^64 + low^2
	top, carry := ch>>63, uint64(0)
	ch, cl = ch<<1|cl>>63, cl<<1
	cl, carry = bits.Add64(cl, lh, 0)
	hl, carry = bits.Add64(hl, ch, carry)
	hh, _ = bits.Add64(hh, top, carry)
	if hh>>63 == 1 {
		return hh, hl, 1
	}
	return hh<<1 | hl>>63, hl<<1 | cl>>63, 0
}
