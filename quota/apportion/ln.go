package apportion

import (
	"math"
	"math/big"
)

// Logarithms and exponentials are computed here and not by package math, which uses assembly on
// some processors; and every product is converted to float64 before it is added to, so that no
// compiler fuses the two. The same bits come out everywhere.

// fixedLn returns 2^36*ln(x), correctly rounded, for a finite x > 0.
//
// The float64 series is exact to a few units in its last place. Where that doesn't decide how to
// round, about once in a thousand times, a series of 160 bits does.
func fixedLn(x float64) int64 {
	v := float64(ln(x) * UnitsPerNat)
	near := math.Floor(v + 0.5)
	doubt := float64(math.Abs(v)/(1<<48)) + 1.0/(1<<20)
	if math.Abs(v-near) < 0.5-doubt {
		return int64(near)
	}
	return preciseLn(x)
}

// ln returns the natural logarithm of x > 0 to within 4 units in the last place.
//
// With x = m*2^e and m in [sqrt(1/2), sqrt(2)), ln x = e*ln 2 + 2 artanh((m-1)/(m+1)), whose Taylor
// series in odd powers falls by a factor of at least 33 a term: 11 terms are enough.
func ln(x float64) float64 {
	// ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact.
	const ln2High, ln2Low = 0x1.62e42feep-1, 0x1.a39ef35793c76p-33
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	s := (m - 1) / (m + 1)
	square := float64(s * s)
	tail := 0.0
	for odd := 21.0; odd >= 3; odd -= 2 {
		tail = float64(square * (tail + 1/odd))
	}
	k := float64(e)
	return float64(k*ln2High) + (float64(2*s) + (float64(float64(2*s)*tail) + float64(k*ln2Low)))
}

// preciseLn is fixedLn by the same series in 160 bits.
func preciseLn(x float64) int64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	sum := artanh(wide(0).Sub(wide(m), wide(1)), wide(0).Add(wide(m), wide(1)))
	ln2 := artanh(wide(1), wide(3)) // ln 2 = 2 artanh(1/3)
	sum.Add(sum, ln2.Mul(ln2, wide(float64(e))))
	sum.Mul(sum, wide(2*UnitsPerNat))
	half := wide(0.5)
	if sum.Sign() < 0 {
		half.Neg(half)
	}
	rounded, _ := sum.Add(sum, half).Int64() // towards 0
	return rounded
}

// artanh returns artanh(a/b) for |a/b| <= 1/3 by its Taylor series, in 160 bits.
func artanh(a, b *big.Float) *big.Float {
	const terms = 54 // (1/3)^(2*54) < 2^-160
	s := new(big.Float).Quo(a, b)
	square := wide(0).Mul(s, s)
	sum := wide(0)
	for odd := 2*terms - 1; odd >= 1; odd -= 2 {
		sum.Mul(sum, square)
		sum.Add(sum, wide(0).Quo(wide(1), wide(float64(odd))))
	}
	return sum.Mul(sum, s)
}

// wide returns x with 160 bits.
func wide(x float64) *big.Float { return new(big.Float).SetPrec(160).SetFloat64(x) }

// exp returns e^x to within a few units in the last place; 0 and +Inf beyond the range of float64.
//
// With x = k*ln 2 + r and |r| <= ln(2)/2, e^x = 2^k * e^r, and e^r is its Taylor series.
func exp(x float64) float64 {
	const ln2High, ln2Low = 0x1.62e42feep-1, 0x1.a39ef35793c76p-33
	const edge = 800 // e^800 is beyond float64
	x = max(-edge, min(x, edge))
	k := math.Floor(x/math.Ln2 + 0.5)
	r := (x - float64(k*ln2High)) - float64(k*ln2Low)
	sum := 1.0
	for n := 16.0; n >= 1; n-- { // (ln(2)/2)^17/17! < 2^-70
		sum = 1 + float64(float64(r/n)*sum)
	}
	return math.Ldexp(sum, int(k))
}

// multiplier returns the exponential of a price.
func multiplier(price int64) float64 { return exp(float64(price) / UnitsPerNat) }
