package apportion

import (
	"fmt"
	"testing"
)

// cities are the sizes that matter: a large city at resolution 9, and a very large one.
func cities() map[string]city {
	return map[string]city{
		"3000x8/untied":          {rows: 8, cols: 3000, seed: 1},
		"3000x8/tied":            {rows: 8, cols: 3000, seed: 2, tied: true},
		"3000x8/bounds+churn":    {rows: 8, cols: 3000, seed: 3, bounded: true, tolerance: 0.15},
		"20000x8/untied":         {rows: 8, cols: 20_000, seed: 4},
		"20000x8/tied":           {rows: 8, cols: 20_000, seed: 5, tied: true},
		"20000x8/bounds+churn":   {rows: 8, cols: 20_000, seed: 6, bounded: true, tolerance: 0.15},
		"20000x8/tied+all":       {8, 20_000, 7, true, true, 0.15},
		"100000x20/bounds+churn": {20, 100_000, 8, false, true, 0.15},
	}
}

func BenchmarkSolve(b *testing.B) {
	for _, name := range keys(cities()) {
		b.Run(name, func(b *testing.B) {
			p := cities()[name].problem()
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				s, err := Solve(p)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(s.Augmentations), "augmentations")
			}
		})
	}
}

func BenchmarkCertify(b *testing.B) {
	p := cities()["20000x8/bounds+churn"].problem()
	s, err := Solve(p)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c, err := Certify(p, s)
		if err != nil || c.Gap != 0 {
			b.Fatal(c.Gap, err)
		}
	}
}

func BenchmarkDivide(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprintf("1e6 among %d", n), func(b *testing.B) {
			claims := make([]Claim, n)
			for k, id := range ids("claim", n) {
				claims[k] = Claim{ID: id, Weight: 1 + float64(k%17), Ceiling: -1}
			}
			for b.Loop() {
				if _, _, err := Divide(1_000_000, claims); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
