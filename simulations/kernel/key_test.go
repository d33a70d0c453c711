package kernel

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// exponential returns the n-th exponential number of k with a mean, whole.
func (k Key) exponential(n uint64, mean float64) int64 {
	return int64(-mean * math.Log(k.Uniform(n)))
}

// chiSquare fails unless counts fit equal chances: the statistic must lie between the 0.01 % and
// 99.99 % quantiles of its law.
func chiSquare(t *testing.T, what string, counts []int) {
	t.Helper()
	total := 0
	for _, n := range counts {
		total += n
	}
	want, x := float64(total)/float64(len(counts)), 0.0
	for _, n := range counts {
		x += (float64(n) - want) * (float64(n) - want) / want
	}
	law := distuv.ChiSquared{K: float64(len(counts) - 1)}
	if p := law.CDF(x); p < 1e-4 || p > 1-1e-4 {
		t.Errorf("%s: chi-square %.1f at %d degrees, p %.6f", what, x, len(counts)-1, p)
	}
}

// TestUniform holds that numbers are even, whichever part of the name counts up, and that
// neighbours in any part of the name are independent: pairs fill a square evenly.
func TestUniform(t *testing.T) {
	const n, cells = 400_000, 64
	root := NewKey(7)
	for name, draw := range map[string]func(i uint64) float64{
		"number":   root.Uniform,
		"entity":   func(i uint64) float64 { return root.Of(i).Uniform(0) },
		"seed":     func(i uint64) float64 { return NewKey(i).Uniform(0) },
		"stream":   func(i uint64) float64 { return root.Of(i).Of(3).Uniform(5) },
		"far bits": func(i uint64) float64 { return root.Of(i << 40).Uniform(i << 20) },
	} {
		ones, pairs := make([]int, cells*cells), make([]int, cells*cells)
		before := draw(0)
		for i := uint64(1); i <= n; i++ {
			u := draw(i)
			ones[int(u*cells*cells)]++
			pairs[int(before*cells)*cells+int(u*cells)]++
			before = u
		}
		chiSquare(t, name+", one by one", ones)
		chiSquare(t, name+", in pairs", pairs)
	}
}

// TestUniformAcross holds that the same numbers of two entities have no correlation: of n
// independent pairs it lies within four standard errors, 4/√n.
func TestUniformAcross(t *testing.T) {
	const n = 200_000
	root := NewKey(11)
	for lag := range uint64(8) {
		a, b, sum := root.Of(lag), root.Of(lag+1), 0.0
		for i := range uint64(n) {
			sum += (a.Uniform(i) - 0.5) * (b.Uniform(i) - 0.5)
		}
		if r := sum / n * 12; math.Abs(r) > 4/math.Sqrt(n) {
			t.Errorf("entities %d and %d: correlation %.5f", lag, lag+1, r)
		}
	}
}

// TestPoisson holds Poisson against the law of another library: F(n-1) < u ≤ F(n).
func TestPoisson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := math.Exp(rapid.Float64Range(-6, 9).Draw(t, "log mean"))
		u := rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "u")
		n := Poisson(u, mean)
		law := distuv.Poisson{Lambda: mean}
		const slack = 1e-9
		if below := law.CDF(float64(n - 1)); n > 0 && below >= u+slack {
			t.Fatalf("Poisson(%v, %v) = %d, but already P(N ≤ %d) = %v", u, mean, n, n-1, below)
		}
		if upTo := law.CDF(float64(n)); upTo < u-slack {
			t.Fatalf("Poisson(%v, %v) = %d, but P(N ≤ n) = %v", u, mean, n, upTo)
		}
	})
}

// TestPoissonGrows holds that more demand never loses a rider.
func TestPoissonGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(0, 200).Draw(t, "mean")
		more := mean * rapid.Float64Range(1, 2).Draw(t, "growth")
		u := rapid.Float64Range(1e-9, 1-1e-9).Draw(t, "u")
		if a, b := Poisson(u, mean), Poisson(u, more); b < a {
			t.Fatalf("mean %v gives %d, mean %v gives %d", mean, a, more, b)
		}
	})
}
