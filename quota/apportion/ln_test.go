package apportion

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The nearest integers to 2^36 ln x, by Python's decimal module with 50 digits.
func knownLogarithms() map[float64]int64 {
	return map[float64]int64{
		1:        0,
		0.5:      -47632711549,
		1.5:      27863350064,
		2:        47632711549,
		10:       158232442731,
		0.3:      -82736381118,
		123456.5: 805642691172,
		1e100:    15823244273066,
		1e-100:   -15823244273066,
	}
}

func TestLogarithmsAreTheNearestIntegers(t *testing.T) {
	known := knownLogarithms()
	for _, x := range keys(known) {
		for name, f := range map[string]func(float64) int64{
			"fixedLn": fixedLn, "log36": log36,
			"preciseLn": func(x float64) int64 { return preciseLn(x, 36) },
			"logBits":   func(x float64) int64 { return logBits(x, 36) },
		} {
			if got := f(x); got != known[x] {
				t.Errorf("%s(%g) = %d, want %d", name, x, got, known[x])
			}
		}
	}
}

// Four ways to the same integer: a table and a series in float64, a series of 160 bits, a table and
// a series in integers, and bits by squaring.
func TestLogarithmsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(
			rapid.Float64Range(minWeight, maxWeight),
			rapid.Float64Range(0.5, 2),
			rapid.Map(rapid.IntRange(1, MaxColTotal), func(k int) float64 { return float64(k) - 0.5 }),
			rapid.Map(rapid.Float64Range(-230, 230), math.Exp),
		).Draw(t, "x")
		fast, precise, certified := fixedLn(x), preciseLn(x, 36), log36(x)
		squared := logBits(x, 36)
		if fast != precise || fast != certified || fast != squared {
			t.Errorf("2^36 ln %v = %d by float64, %d by 160 bits, %d by integers, %d by squaring",
				x, fast, precise, certified, squared)
		}
	})
}

// The library's function is an oracle; it isn't the code because it differs between processors.
func TestExpAgreesWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-600, 600).Draw(t, "x")
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 4e-16*want {
			t.Errorf("exp(%v) = %v, library %v", x, got, want)
		}
	})
}

func TestExpEndsAtTheRangeOfFloat64(t *testing.T) {
	if got := exp(1e6); !math.IsInf(got, 1) {
		t.Errorf("exp(1e6) = %v, want +Inf", got)
	}
	if got := exp(-1e6); got != 0 {
		t.Errorf("exp(-1e6) = %v, want 0", got)
	}
	if got := exp(0); got != 1 {
		t.Errorf("exp(0) = %v, want 1", got)
	}
}

// The first four hexadecimal digits that the command in draw's comment prints for these lots.
func TestDrawIsThePublishedLottery(t *testing.T) {
	if got := draw(7, "a", "b"); got != 0x7440 {
		t.Errorf("draw = %x, want 7440", got)
	}
	if got := draw(math.MaxUint64, "operator-1", "8a2a1072b59ffff"); got != 0xe8db {
		t.Errorf("draw = %x, want e8db", got)
	}
}

func FuzzLogarithms(f *testing.F) {
	for _, x := range []float64{0.5, 1, 1 + 1e-15, math.Pi, 4194303.5, 1e-100} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x float64) {
		if !(x >= minWeight && x <= maxWeight) {
			t.Skip()
		}
		if fast, certified := fixedLn(x), log36(x); fast != certified {
			t.Errorf("2^36 ln %v = %d by float64, %d by integers", x, fast, certified)
		}
	})
}
