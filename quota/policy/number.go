package policy

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Number is an exact fraction: what a rule says in decimals stays what it says, so that 60.0 is 60
// and 10 % of 97,525 is 9,752.5. The zero value is 0. Numbers are compared by Cmp.
type Number struct {
	n, d int64    // n / (d + 1), where both fit
	big  *big.Rat // otherwise; not nil and not changed
}

// Whole returns n.
func Whole(n int) Number { return Number{n: int64(n)} }

// ParseNumber returns the number that a decimal text spells: "60", "-0.075", "1e-3". It returns an
// error for any other text, NaN and infinities among them.
func ParseNumber(text string) (Number, error) {
	const longest = 40 // digits; a rule with more is a mistake
	r, ok := new(big.Rat), len(text) <= longest && !strings.ContainsAny(text, "/_xXpPbBoO")
	if ok {
		_, ok = r.SetString(text)
	}
	if !ok {
		return Number{}, fmt.Errorf("%q is not a decimal number", text)
	}
	return fromRat(r), nil
}

// FromFloat returns the number that prints as f does: 0.1 is a tenth. ok is false for NaN and
// infinities.
func FromFloat(f float64) (x Number, ok bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Number{}, false
	}
	x, err := ParseNumber(fmt.Sprint(f))
	return x, err == nil
}

// fromRat returns r, small where it fits. It keeps r.
func fromRat(r *big.Rat) Number {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return Number{n: r.Num().Int64(), d: r.Denom().Int64() - 1}
	}
	return Number{big: r}
}

// rat returns x as a big.Rat that must not be changed.
func (x Number) rat() *big.Rat {
	if x.big != nil {
		return x.big
	}
	return big.NewRat(x.n, x.d+1)
}

// tiny is what numerators and denominators are below whose sums of products fit an int64.
const tiny = 1 << 30

// tinies reports whether both numbers are fractions of tiny numbers, as nearly all are.
func tinies(x, y Number) bool {
	fits := func(z Number) bool {
		return z.big == nil && z.n < tiny && z.n > -tiny && z.d < tiny-1
	}
	return fits(x) && fits(y)
}

// fraction returns n / d in lowest terms; d is not 0.
func fraction(n, d int64) Number {
	if d < 0 {
		n, d = -n, -d
	}
	if d == 1 {
		return Number{n: n}
	}
	a, b := int64(magnitude(n)), d
	for b != 0 {
		a, b = b, a%b
	}
	return Number{n: n / a, d: d/a - 1}
}

// Add returns x + y.
func (x Number) Add(y Number) Number {
	if tinies(x, y) {
		return fraction(x.n*(y.d+1)+y.n*(x.d+1), (x.d+1)*(y.d+1))
	}
	return fromRat(new(big.Rat).Add(x.rat(), y.rat()))
}

// Sub returns x - y.
func (x Number) Sub(y Number) Number {
	if tinies(x, y) {
		return fraction(x.n*(y.d+1)-y.n*(x.d+1), (x.d+1)*(y.d+1))
	}
	return fromRat(new(big.Rat).Sub(x.rat(), y.rat()))
}

// Mul returns x × y.
func (x Number) Mul(y Number) Number {
	if tinies(x, y) {
		return fraction(x.n*y.n, (x.d+1)*(y.d+1))
	}
	return fromRat(new(big.Rat).Mul(x.rat(), y.rat()))
}

// Div returns x / y; ok is false where y is 0.
func (x Number) Div(y Number) (q Number, ok bool) {
	switch {
	case y.Sign() == 0:
		return Number{}, false
	case tinies(x, y):
		return fraction(x.n*(y.d+1), (x.d+1)*y.n), true
	}
	return fromRat(new(big.Rat).Quo(x.rat(), y.rat())), true
}

// Sign returns -1, 0 or 1.
func (x Number) Sign() int {
	switch {
	case x.big != nil:
		return x.big.Sign()
	case x.n < 0:
		return -1
	case x.n > 0:
		return 1
	}
	return 0
}

// Cmp returns -1 where x < y, 0 where they are equal, 1 where x > y.
func (x Number) Cmp(y Number) int {
	if x.big != nil || y.big != nil {
		return x.rat().Cmp(y.rat())
	}
	if x.d == 0 && y.d == 0 {
		return cmpInt64(x.n, y.n)
	}
	if x.Sign() != y.Sign() {
		return cmpInt64(int64(x.Sign()), int64(y.Sign()))
	}
	h1, l1 := bits.Mul64(magnitude(x.n), uint64(y.d+1))
	h2, l2 := bits.Mul64(magnitude(y.n), uint64(x.d+1))
	switch {
	case h1 == h2 && l1 == l2:
		return 0
	case h1 > h2 || (h1 == h2 && l1 > l2):
		return x.Sign()
	}
	return -x.Sign()
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Float returns the nearest float64, for print.
func (x Number) Float() float64 {
	f, _ := x.rat().Float64()
	return f
}

// String returns x in decimals, exactly where at most six are needed, else rounded to six.
func (x Number) String() string {
	text := x.rat().FloatString(6)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// MarshalJSON writes x as a JSON number, as String does.
func (x Number) MarshalJSON() ([]byte, error) { return []byte(x.String()), nil }

// UnmarshalJSON reads a JSON number exactly as it is written.
func (x *Number) UnmarshalJSON(data []byte) error {
	parsed, err := ParseNumber(string(data))
	*x = parsed
	return err
}

// Rounding turns an exact number into whole vehicles.
type Rounding string

// The roundings of single numbers. What is split among several goes by a method of
// quota/apportion instead, so that the parts sum to the whole.
const (
	HalfUp   Rounding = "half_up"   // 0.5 away from 0: 9,652.5 is 9,653
	HalfEven Rounding = "half_even" // 0.5 to the even neighbour: 9,652.5 is 9,652
	Down     Rounding = "down"      // towards 0
	Up       Rounding = "up"        // away from 0
)

// Round returns x rounded to a number of decimals. It panics for a rounding it doesn't know, which
// Compile refuses.
func (r Rounding) Round(x Number, decimals int) Number {
	switch {
	case x.big == nil && x.d == 0:
		return x // whole already
	case decimals == 0 && tinies(x, x):
		return r.whole(x)
	}
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	scaled := new(big.Rat).Mul(x.rat(), unit)
	whole, rest := new(big.Int).QuoRem(scaled.Num(), scaled.Denom(), new(big.Int))
	half := new(big.Int).Abs(rest)
	half.Lsh(half, 1)
	away := false
	switch against := half.Cmp(scaled.Denom()); r {
	case HalfUp:
		away = against >= 0
	case HalfEven:
		away = against > 0 || (against == 0 && whole.Bit(0) == 1)
	case Up:
		away = rest.Sign() != 0
	case Down:
	default:
		panic("policy: rounding " + string(r))
	}
	if away {
		whole.Add(whole, big.NewInt(int64(scaled.Sign())))
	}
	return fromRat(new(big.Rat).Quo(new(big.Rat).SetInt(whole), unit))
}

// whole returns a fraction of tiny numbers rounded to a whole number.
func (r Rounding) whole(x Number) Number {
	n, rest := x.n/(x.d+1), x.n%(x.d+1)
	against := cmpInt64(2*int64(magnitude(rest)), x.d+1)
	away := r == Up && rest != 0
	switch r {
	case HalfUp:
		away = against >= 0
	case HalfEven:
		away = against > 0 || (against == 0 && n%2 != 0)
	}
	if away {
		n += int64(x.Sign())
	}
	return Number{n: n}
}

func cmpInt64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Vehicles returns x rounded to whole vehicles; ok is false beyond a billion.
func (r Rounding) Vehicles(x Number) (n int, ok bool) {
	const most = 1_000_000_000
	whole := r.Round(x, 0)
	if whole.big != nil || whole.n > most || whole.n < -most {
		return 0, false
	}
	return int(whole.n), true
}
