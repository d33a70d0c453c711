package policy

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// The short way of small fractions gives what big.Rat gives.
func TestArithmeticIsThatOfRat(t *testing.T) {
	draw := func(t *rapid.T, name string) (Number, *big.Rat) {
		most := rapid.SampledFrom([]int64{10, 1 << 29, 1 << 31, 1 << 62}).Draw(t, name+" size")
		n := rapid.Int64Range(-most, most).Draw(t, name)
		d := rapid.Int64Range(1, most).Draw(t, name+" over")
		r := big.NewRat(n, d)
		return fromRat(new(big.Rat).Set(r)), r
	}
	rapid.Check(t, func(t *rapid.T) {
		x, a := draw(t, "x")
		y, b := draw(t, "y")
		same := func(what string, got Number, want *big.Rat) {
			if got.rat().Cmp(want) != 0 {
				t.Fatalf("%v %s %v is %v, want %v", a, what, b, got.rat(), want)
			}
		}
		same("+", x.Add(y), new(big.Rat).Add(a, b))
		same("-", x.Sub(y), new(big.Rat).Sub(a, b))
		same("*", x.Mul(y), new(big.Rat).Mul(a, b))
		q, ok := x.Div(y)
		if ok != (b.Sign() != 0) {
			t.Fatalf("%v / %v: ok is %v", a, b, ok)
		}
		if ok {
			same("/", q, new(big.Rat).Quo(a, b))
		}
		if x.Cmp(y) != a.Cmp(b) {
			t.Fatalf("%v and %v compare as %d", a, b, x.Cmp(y))
		}
	})
}

// Rounding small fractions is rounding them as any other.
func TestRoundingIsThatOfRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := fraction(rapid.Int64Range(-1000, 1000).Draw(t, "n"), rapid.Int64Range(1, 12).Draw(t, "d"))
		for _, r := range []Rounding{HalfUp, HalfEven, Down, Up} {
			slow := r.Round(Number{big: x.rat()}, 0)
			if got := r.Round(x, 0); got.Cmp(slow) != 0 {
				t.Fatalf("%s of %v is %v, want %v", r, x.rat(), got, slow)
			}
		}
	})
}
