package forecast

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// Cumulative Poisson probabilities from printed tables: at mean 3, 0.0498, 0.1991, 0.4232, 0.6472,
// 0.8153, 0.9161; at mean 0.1, 0.9048.
func TestQuantile(t *testing.T) {
	tests := map[string]struct {
		mean, q float64
		want    int
	}{
		"a tenth of mean 3":       {3, 0.1, 1},
		"half of mean 3":          {3, 0.5, 3},
		"nine tenths of mean 3":   {3, 0.9, 5},
		"nine tenths of mean 0.1": {0.1, 0.9, 0},
		"nothing at all":          {0, 0.99, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := Prediction{Mean: tt.mean, Size: math.Inf(1), Known: true}
			if got := p.Quantile(tt.q); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

// A negative binomial of size 1 is geometric: at mean 1 at most k has the probability 1 - 2^-(k+1).
func TestGeometricQuantiles(t *testing.T) {
	p := Prediction{Mean: 1, Size: 1, Known: true}
	for k, q := range []float64{0.5, 0.75, 0.875, 0.9375} {
		if got := p.Quantile(q - 1e-6); got != k {
			t.Errorf("quantile just below %g is %d, want %d", q, got, k)
		}
	}
}

// The CRPS of a certain forecast is its absolute error; of a distribution, the sum over k of the
// squared distance of its cumulative probabilities from the step at the count, here by gonum's.
func TestCRPS(t *testing.T) {
	for _, y := range []float64{0, 1, 4} {
		if got := (Prediction{Mean: 0, Size: math.Inf(1)}).CRPS(y); got != y {
			t.Errorf("none forecast, %g came: %g", y, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(0.01, 60).Draw(t, "mean")
		y := float64(rapid.IntRange(0, 120).Draw(t, "y"))
		want := 0.0
		poisson := distuv.Poisson{Lambda: mean}
		for k := range 400 {
			d := poisson.CDF(float64(k))
			if float64(k) >= y {
				d--
			}
			want += d * d
		}
		got := Prediction{Mean: mean, Size: math.Inf(1)}.CRPS(y)
		if math.Abs(got-want) > 1e-6*(1+want) {
			t.Fatalf("mean %g, count %g: %g, want %g", mean, y, got, want)
		}
	})
}

// The floor is the expected absolute error, summed over the counts by gonum's probabilities.
func TestFloor(t *testing.T) {
	if got := Floor(0); got != 0 {
		t.Errorf("of nothing: %g", got)
	}
	for _, mean := range []float64{0.01, 0.5, 1, 2.5, 17, 120} {
		want, poisson := 0.0, distuv.Poisson{Lambda: mean}
		for k := range 1000 {
			want += poisson.Prob(float64(k)) * math.Abs(float64(k)-mean)
		}
		if got := Floor(mean); math.Abs(got-want) > 1e-9*(1+want) {
			t.Errorf("mean %g: %g, want %g", mean, got, want)
		}
	}
}

// Whatever mean and size: the distribution has that mean, its quantiles rise, and the interval
// holds what it says at least.
func TestPredictionPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Prediction{
			Mean: rapid.Float64Range(0.01, 2000).Draw(t, "mean"),
			Size: rapid.SampledFrom([]float64{0.3, 1, 7, 400, math.Inf(1)}).Draw(t, "size"),
		}
		mean, last := 0.0, 0.0
		p.walk(func(k int, below float64) bool {
			mean += 1 - below
			if below < last {
				t.Fatalf("falls at %d", k)
			}
			last = below
			return true
		})
		if math.Abs(mean-p.Mean) > 1e-3*p.Mean+1e-6 {
			t.Fatalf("mean %g, want %g", mean, p.Mean)
		}
		low, high := p.Interval(Part)
		inside := 0.0
		before := 0.0
		p.walk(func(k int, below float64) bool {
			if low <= k && k <= high {
				inside += below - before
			}
			before = below
			return true
		})
		if inside < Part-1e-6 {
			t.Fatalf("%d to %d holds %g", low, high, inside)
		}
	})
}
