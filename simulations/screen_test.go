package simulations

import (
	"math"
	"testing"

	"github.com/stint-city/stint/simulations/kernel"
)

// Morris's effects of 3a - 2b + 0c are 3, -2 and 0 wherever they are taken; that of a·b depends on
// where.
func TestMorris(t *testing.T) {
	key := kernel.NewKey(1)
	design := morris(3, 6, key)
	if len(design) != 6*4 {
		t.Fatalf("%d settings, want four by trajectory", len(design))
	}
	answers := make([]float64, len(design))
	for i, x := range design {
		for f := range x {
			if thirds := x[f] * 3; x[f] < 0 || x[f] > 1+1e-12 || !near(thirds, math.Round(thirds)) {
				t.Errorf("setting %v is not on the grid", x)
			}
		}
		answers[i] = 3*x[0] - 2*x[1]
	}
	factors := make([]Factor, 3)
	morrisEffects(factors, design, answers)
	for f, want := range []float64{3, -2, 0} {
		if !near(*factors[f].Mu, want) || !near(*factors[f].MuStar, math.Abs(want)) ||
			*factors[f].Sigma > 1e-12 {
			t.Errorf("factor %d: %v, %v, %v", f, *factors[f].Mu, *factors[f].MuStar, *factors[f].Sigma)
		}
	}
	for i, x := range design {
		answers[i] = x[0] * x[1]
	}
	if morrisEffects(factors, design, answers); *factors[0].Sigma == 0 {
		t.Error("an interaction shows no spread of effects")
	}
}

// Ishigami's function with a = 7 and b = 0.1 has, by its own integrals, the first-order indices
// 0.3139, 0.4424 and 0, and the total ones 0.5576, 0.4424 and 0.2437.
func TestSobol(t *testing.T) {
	const n = 4096
	key := kernel.NewKey(1)
	design := saltelli(3, n, key)
	if len(design) != 5*n {
		t.Fatalf("%d settings, want five matrices", len(design))
	}
	answers := make([]float64, len(design))
	for i, x := range design {
		angle := func(u float64) float64 { return math.Pi * (2*u - 1) }
		a, b, c := angle(x[0]), angle(x[1]), angle(x[2])
		answers[i] = math.Sin(a) + 7*math.Sin(b)*math.Sin(b) + 0.1*c*c*c*c*math.Sin(a)
	}
	factors := make([]Factor, 3)
	sobolIndices(factors, answers, n, key)
	first, all := []float64{0.3139, 0.4424, 0}, []float64{0.5576, 0.4424, 0.2437}
	for f := range factors {
		s1, st := factors[f].S1, factors[f].ST
		if math.Abs(*s1.Mean-first[f]) > 0.03 || math.Abs(*st.Mean-all[f]) > 0.03 {
			t.Errorf("factor %d: %v and %v, want %v and %v", f, *s1.Mean, *st.Mean, first[f], all[f])
		}
		if *s1.Low > *s1.Mean || *s1.High < *s1.Mean || *st.Low > *st.Mean || *st.High < *st.Mean {
			t.Errorf("factor %d lies outside its intervals", f)
		}
	}
}

// An answer that never moves has no indices.
func TestSobolOfNothing(t *testing.T) {
	factors := make([]Factor, 1)
	sobolIndices(factors, make([]float64, 3*8), 8, kernel.NewKey(1))
	if factors[0].S1.Mean != nil || factors[0].ST.Mean != nil {
		t.Error("indices of an answer that never moves")
	}
}
