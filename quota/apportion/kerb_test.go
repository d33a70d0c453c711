package apportion

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Against every way to share small kerbs: the answer keeps the ground, its bound is below the least
// and its cost above, and it is never worse than the policy's shares.
func TestShareKerbAgainstEnumeration(t *testing.T) {
	better, closed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		k := drawKerb(t)
		shared, err := ShareKerb(k, 30)
		if errors.Is(err, ErrInfeasible) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for c, used := range k.use(shared.Solutions) {
			if used > k.Area[c]+1e-9 {
				t.Errorf("column %d uses %g of %g", c, used, k.Area[c])
			}
		}
		cost := 0.0
		for s, solution := range shared.Solutions {
			if !keepsMargins(&k.Sectors[s], solution.Matrix) {
				t.Errorf("sector %d: %v", s, solution.Matrix)
			}
			cost += wideCost(&k.Sectors[s], solution.Matrix)
		}
		if math.Abs(cost-shared.Cost) > 1e-6 || shared.Cost > shared.ByShares {
			t.Errorf("cost %g, told %g, by shares %g", cost, shared.Cost, shared.ByShares)
		}
		least := cheapestKerb(&k)
		if shared.Bound > least+1e-6 || shared.Cost < least-1e-6 {
			t.Errorf("least %g, bound %g, cost %g", least, shared.Bound, shared.Cost)
		}
		if math.Abs(shared.Gap-max(0, shared.Cost-shared.Bound)) > 1e-12 {
			t.Errorf("gap %g of %g and %g", shared.Gap, shared.Cost, shared.Bound)
		}
		if shared.Cost < shared.ByShares-1e-6 {
			better++
		}
		if shared.Gap < 1e-3 {
			closed++
		}
	})
	if better == 0 || closed == 0 {
		t.Errorf("prices were never better than shares (%d) or never closed the gap (%d)", better, closed)
	}
}

// drawKerb draws two sectors of two operators on two columns.
func drawKerb(t *rapid.T) Kerb {
	k := Kerb{Footprint: []float64{1, rapid.SampledFrom([]float64{1, 1.5, 2}).Draw(t, "footprint")}}
	half := rapid.SampledFrom([]float64{0.3, 0.5, 0.7}).Draw(t, "share")
	k.Shares = []float64{half, 1 - half}
	for range 2 {
		k.Area = append(k.Area, float64(rapid.IntRange(3, 9).Draw(t, "area")))
	}
	for range 2 {
		p := Problem{
			Rows: ids("row", 2), Cols: ids("column", 2), Weights: matrixOf[float64](2, 2),
			RowTotals: make([]int, 2), ColTotals: []int{9, 9}, ColLeast: []int{0, 0},
			Lower: matrixOf[int](2, 2), Upper: [][]int{{9, 9}, {9, 9}}, Previous: matrixOf[int](2, 2),
		}
		for o := range 2 {
			p.RowTotals[o] = rapid.IntRange(0, 2).Draw(t, "total")
			for c := range 2 {
				p.Weights[o][c] = rapid.Float64Range(0.1, 9).Draw(t, "weight")
			}
		}
		k.Sectors = append(k.Sectors, p)
	}
	return k
}

// cheapestKerb tries every way: what of each of the four operators stands in the first column.
func cheapestKerb(k *Kerb) float64 {
	least := math.Inf(1)
	totals := []int{
		k.Sectors[0].RowTotals[0], k.Sectors[0].RowTotals[1],
		k.Sectors[1].RowTotals[0], k.Sectors[1].RowTotals[1],
	}
	var in [4]int
	for in[0] = range totals[0] + 1 {
		for in[1] = range totals[1] + 1 {
			for in[2] = range totals[2] + 1 {
				for in[3] = range totals[3] + 1 {
					cost, first, second := 0.0, 0.0, 0.0
					for s := range 2 {
						x := matrixOf[int](2, 2)
						for o := range 2 {
							x[o][0] = in[2*s+o]
							x[o][1] = totals[2*s+o] - in[2*s+o]
							first += float64(x[o][0]) * k.Footprint[s]
							second += float64(x[o][1]) * k.Footprint[s]
						}
						cost += wideCost(&k.Sectors[s], x)
					}
					if first <= k.Area[0] && second <= k.Area[1] {
						least = min(least, cost)
					}
				}
			}
		}
	}
	return least
}

func TestShareKerbRefuses(t *testing.T) {
	sound := func() Kerb {
		p := square2()
		p.ColLeast = []int{0, 0}
		return Kerb{
			Sectors: []Problem{p}, Footprint: []float64{1}, Shares: []float64{1}, Area: []float64{9, 9},
		}
	}
	for name, spoil := range map[string]func(*Kerb){
		"a footprint of nothing":    func(k *Kerb) { k.Footprint[0] = 0 },
		"more than all the ground":  func(k *Kerb) { k.Shares[0] = 1.1 },
		"an area that is no number": func(k *Kerb) { k.Area[1] = math.NaN() },
		"columns that differ":       func(k *Kerb) { k.Area = k.Area[:1] },
		"cells that must be full":   func(k *Kerb) { k.Sectors[0].ColLeast = nil },
	} {
		k := sound()
		spoil(&k)
		if _, err := ShareKerb(k, 5); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, want %v", name, err, ErrMalformed)
		}
	}
	k := sound()
	k.Area = []float64{2, 2}
	if _, err := ShareKerb(k, 5); !errors.Is(err, ErrInfeasible) {
		t.Errorf("too little ground: %v, want %v", err, ErrInfeasible)
	}
}
