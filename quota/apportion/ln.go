package apportion

import (
	"math"
	"math/big"
	"sync"
)

// Logarithms and exponentials are computed here and not by package math, which uses assembly on
// some processors; and every product is converted to float64 before it is added to, so that no
// compiler fuses the two. The same bits come out everywhere.

// fixedLn returns 2^36*ln(x), correctly rounded, for a normal x > 0.
//
// With x = m*2^k and m in [1, 2), a table gives the reciprocal c of nearly m in 10 bits, so that
// m*c-1 is a float64 of less than 2^-7, and ln x = k*ln 2 - ln c + ln(1+(m*c-1)) in units of 2^-52.
// Where its error could change how the sum rounds, about once in ten thousand times, a series of
// 160 bits decides.
//
// Source: Tang, ACM Transactions on Mathematical Software 16 (1990), for the way.
func fixedLn(x float64) int64 {
	const spare = 52 - 36 // bits that are rounded away
	const half = 1 << (spare - 1)
	t := lnTable()
	word := math.Float64bits(x)
	k := int64(word>>52) - 1023
	at := word >> (52 - 7) & 127
	// m in two parts of 26 and 27 bits: their products with c are exact.
	high := math.Float64frombits(word&^(1<<63|2047<<52|(1<<27-1)) | 1023<<52)
	low := math.Float64frombits(word&^(1<<63|2047<<52)|1023<<52) - high
	r := (float64(high*t.inverse[at]) - 1) + float64(low*t.inverse[at])
	sum := k*t.ln2 + t.ln[at] + int64(math.Floor(float64(ln1p(r)*(1<<52))+0.5))
	doubt := max(k, -k)/2 + 3
	if rest := sum&(1<<spare-1) - half; rest < doubt && rest > -doubt {
		return preciseLn(x, 36)
	}
	return (sum + half) >> spare
}

// logTable holds what fixedLn looks up, in units of 2^-52.
type logTable struct {
	inverse [128]float64 // of about 1+(i+1/2)/128, a multiple of 2^-10
	ln      [128]int64   // of 1/inverse
	ln2     int64
}

//nolint:gochecknoglobals // a table that nothing writes
var lnTable = sync.OnceValue(func() *logTable {
	t := &logTable{ln2: preciseLn(2, 52)}
	for i := range t.inverse {
		t.inverse[i] = math.Round(1024/(1+(float64(i)+0.5)/128)) / 1024
		t.ln[i] = -preciseLn(t.inverse[i], 52)
	}
	return t
})

// ln1p returns ln(1+r) for |r| < 2^-7 by its Taylor series, to within 2^-60.
func ln1p(r float64) float64 {
	sum := 0.0
	for n := 8.0; n >= 2; n-- {
		sum = float64(r * (1/n - sum))
	}
	return r - float64(r*sum)
}

// preciseLn returns 2^units*ln(x), rounded, by a series in 160 bits.
func preciseLn(x float64, units int) int64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	sum := artanh(wide(0).Sub(wide(m), wide(1)), wide(0).Add(wide(m), wide(1)))
	ln2 := artanh(wide(1), wide(3)) // ln 2 = 2 artanh(1/3)
	sum.Add(sum, ln2.Mul(ln2, wide(float64(e))))
	sum.Mul(sum, wide(math.Ldexp(2, units)))
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
