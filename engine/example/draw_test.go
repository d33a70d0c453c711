package example

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestPoisson holds mean and variance, which are equal, to five standard errors of 40,000 draws.
func TestPoisson(t *testing.T) {
	const draws = 40_000
	for name, mean := range map[string]float64{
		"no mean, no riders":         0,
		"a fraction is thinned":      0.3,
		"one":                        1,
		"a mean hour of a big city":  7.6,
		"a large mean is many draws": 130,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDice(1, streamRide, 0)
			sum, squares := 0.0, 0.0
			for range draws {
				n := float64(d.poisson(mean))
				sum += n
				squares += n * n
			}
			got := sum / draws
			if allowed := 5 * math.Sqrt(mean/draws); math.Abs(got-mean) > allowed {
				t.Errorf("mean of %d draws = %v, want %v ± %v", draws, got, mean, allowed)
			}
			// The variance of a sample variance is (μ4 - σ⁴)/n = (mean + 2 mean²)/n.
			variance := squares/draws - got*got
			allowed := 5 * math.Sqrt((mean+2*mean*mean)/draws)
			if math.Abs(variance-mean) > allowed {
				t.Errorf("variance of %d draws = %v, want %v ± %v", draws, variance, mean, allowed)
			}
		})
	}
}

func TestLotDrawsInProportionAndNeverNothing(t *testing.T) {
	l := newLot([]int64{0, 3, 0, 1, 0})
	d := newDice(7, streamRide, 0)
	seen := make([]int, 5)
	for range 40_000 {
		seen[l.draw(d)]++
	}
	if seen[0]+seen[2]+seen[4] > 0 {
		t.Errorf("drew an index without weight: %v", seen)
	}
	// 30,000 ± five standard deviations of a binomial, √(40,000 · 3/4 · 1/4) = 86.6.
	if seen[1] < 29_567 || seen[1] > 30_433 {
		t.Errorf("drew the index with 3/4 of the weight %d times of 40,000, want about 30,000", seen[1])
	}
}

func TestSpreadStaysWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDice(rapid.Uint64().Draw(t, "seed"), streamFence, 0)
		most := rapid.Int64Range(0, 1<<40).Draw(t, "most")
		if got := d.spread(most); got < -most || got > most {
			t.Fatalf("spread(%d) = %d", most, got)
		}
	})
}

func TestStreamsDiffer(t *testing.T) {
	first := newDice(1, streamBorder, 0).Uint64()
	for name, other := range map[string]dice{
		"another seed":   newDice(2, streamBorder, 0),
		"another stream": newDice(1, streamFence, 0),
		"another part":   newDice(1, streamBorder, 1),
	} {
		if other.Uint64() == first {
			t.Errorf("%s gives the same draws", name)
		}
	}
}
