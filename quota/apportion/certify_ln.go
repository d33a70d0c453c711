package apportion

import (
	"math"
	"math/big"
	"math/bits"
)

// lnSums returns the sums of ln(i-1/2) for i = 1..k in units of 2^-36 nat, for k = 0..highest.
func lnSums(highest int) []int64 {
	sums := make([]int64, highest+1)
	for k := 1; k <= highest; k++ {
		sums[k] = sums[k-1] + log36(float64(k)-0.5)
	}
	return sums
}

// log36 returns 2^36*ln(x), rounded to the nearest integer, for a finite x > 0: the same number as
// the solver's fixedLn by another way, with integers alone.
//
// The binary logarithm of a number in [1, 2) comes a bit at a time: squaring doubles it, and its
// next bit is whether the square reaches 2. With 127 fractional bits carried and 96 bits taken, the
// result is off by less than 2^-58 of a unit before it is rounded, and about one logarithm in 2^57
// is that close to a half.
//
// Source: Knuth, The Art of Computer Programming, vol. 1, 1.2.2, exercise 25 (in binary).
func log36(x float64) int64 {
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
	log.Add(log, new(big.Int).Lsh(big.NewInt(1), 96+128-36-1))
	return log.Rsh(log, 96+128-36).Int64()
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

// int128 is a signed sum of 128 bits in two's complement. Sums of the certifier stay below 2^110:
// 2^43 entries of at most 2^66.
type int128 struct{ high, low uint64 }

// addProduct adds a*b.
func (i *int128) addProduct(a, b int64) {
	negative := (a < 0) != (b < 0)
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	var carry uint64
	if negative {
		i.low, carry = bits.Sub64(i.low, low, 0)
		i.high, _ = bits.Sub64(i.high, high, carry)
		return
	}
	i.low, carry = bits.Add64(i.low, low, 0)
	i.high, _ = bits.Add64(i.high, high, carry)
}

// magnitude is the size of a signed integer.
func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// big returns the sum as a big integer.
func (i *int128) big() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(int64(i.high)), 64)
	return sum.Add(sum, new(big.Int).SetUint64(i.low))
}
