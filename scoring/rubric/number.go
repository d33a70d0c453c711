package rubric

import (
	"fmt"
	"math/big"
	"strings"
)

// Number is an exact fraction; the zero value is 0. A table in decimals stays what it says.
type Number struct{ rat *big.Rat } // nil = 0; never changed

// Whole returns n.
func Whole(n int) Number { return Number{big.NewRat(int64(n), 1)} }

// ParseNumber returns the number that a decimal text spells: "60", "-0.075", "1e-3".
func ParseNumber(text string) (Number, error) {
	const longest = 40 // digits; a table with more is a mistake
	r, ok := new(big.Rat), len(text) <= longest && !strings.ContainsAny(text, "/_xXpPbBoO")
	if ok {
		_, ok = r.SetString(text)
	}
	// An exponent spells more digits than it has: 1e999999.
	ok = ok && max(r.Num().BitLen(), r.Denom().BitLen()) <= 4*longest
	if !ok {
		return Number{}, fmt.Errorf("%q is not a decimal number", text)
	}
	return Number{r}, nil
}

func (x Number) get() *big.Rat {
	if x.rat == nil {
		return new(big.Rat)
	}
	return x.rat
}

func (x Number) plus(y Number) Number  { return Number{new(big.Rat).Add(x.get(), y.get())} }
func (x Number) minus(y Number) Number { return Number{new(big.Rat).Sub(x.get(), y.get())} }
func (x Number) times(y Number) Number { return Number{new(big.Rat).Mul(x.get(), y.get())} }

// over returns x / y, which must not be 0.
func (x Number) over(y Number) Number { return Number{new(big.Rat).Quo(x.get(), y.get())} }

// Cmp returns -1 where x < y, 0 where they are equal, 1 where x > y.
func (x Number) Cmp(y Number) int { return x.get().Cmp(y.get()) }

// Sign returns -1, 0 or 1.
func (x Number) Sign() int { return x.get().Sign() }

// Float returns the nearest float64, for charts.
func (x Number) Float() float64 {
	f, _ := x.get().Float64()
	return f
}

// String returns x in decimals, exactly where at most six are needed, else rounded to six.
func (x Number) String() string {
	return strings.TrimSuffix(strings.TrimRight(x.get().FloatString(6), "0"), ".")
}

// MarshalJSON writes x as a JSON number, as String does.
func (x Number) MarshalJSON() ([]byte, error) { return []byte(x.String()), nil }

// UnmarshalJSON reads a JSON number exactly as it is written.
func (x *Number) UnmarshalJSON(data []byte) error {
	parsed, err := ParseNumber(string(data))
	*x = parsed
	return err
}

// round returns x with so many decimals, halves away from 0, or to the even neighbour.
func (x Number) round(decimals int, even bool) Number {
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	scaled := new(big.Rat).Mul(x.get(), unit)
	whole, rest := new(big.Int).QuoRem(scaled.Num(), scaled.Denom(), new(big.Int))
	half := new(big.Int).Abs(rest)
	half.Lsh(half, 1)
	against := half.Cmp(scaled.Denom())
	if against > 0 || (against == 0 && (!even || whole.Bit(0) == 1)) {
		whole.Add(whole, big.NewInt(int64(scaled.Sign())))
	}
	return Number{new(big.Rat).Quo(new(big.Rat).SetInt(whole), unit)}
}
