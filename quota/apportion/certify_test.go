package apportion

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Two rows and two columns of equal claims: every entry 1 is optimal, and 2 ln(1.5/0.5) nat better
// than the pair swapped.
func plain() (Problem, *Solution) {
	p := Problem{
		Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
		Weights:   [][]float64{{1, 1}, {1, 1}},
		RowTotals: []int{2, 2}, ColTotals: []int{2, 2},
		Upper: [][]int{{2, 2}, {2, 2}},
	}
	return p, &Solution{
		Matrix:   [][]int{{1, 1}, {1, 1}},
		RowPrice: []int64{0, 0}, ColPrice: []int64{0, 0},
		RowMultipliers: []float64{1, 1}, ColMultipliers: []float64{1, 1},
	}
}

func TestCertify(t *testing.T) {
	ln3 := int64(math.Round(math.Log(3) * UnitsPerNat))
	ln2 := int64(math.Round(math.Log(2) * UnitsPerNat))
	nat := int64(UnitsPerNat)
	tests := map[string]struct {
		change func(*Problem, *Solution)
		want   int64 // gap, to within the rounding of a few logarithms
	}{
		"the optimum has no gap": {func(*Problem, *Solution) {}, 0},
		"a swapped pair costs what it costs": {func(_ *Problem, s *Solution) {
			s.Matrix = [][]int{{2, 0}, {0, 2}}
		}, 2 * ln3},
		"a price that any unit can bear is as good": {func(_ *Problem, s *Solution) {
			s.RowPrice, s.RowMultipliers = []int64{nat / 4, 0}, nil
		}, 0},
		// At a price of a nat, above ln 1.5, both entries of the row want a second unit.
		"a wrong price leaves a gap": {func(_ *Problem, s *Solution) {
			s.RowPrice, s.RowMultipliers = []int64{nat, 0}, nil
		}, 2 * (nat - ln3 + ln2)},
		// Leaving everything at 2 would have cost 2*0.5 nat less churn than it saves.
		"an ignored tolerance leaves a gap": {func(p *Problem, _ *Solution) {
			p.Previous, p.Tolerance = [][]int{{2, 0}, {0, 2}}, 1
		}, 4*nat - 2*ln3},
		// Nothing can change; entries count in the dual at any price.
		"frozen entries leave no gap at any price": {func(p *Problem, s *Solution) {
			p.Lower, p.Upper = [][]int{{1, 1}, {1, 1}}, [][]int{{1, 1}, {1, 1}}
			s.RowPrice, s.ColPrice = []int64{5 * nat, -3 * nat}, []int64{nat, 7 * nat}
			s.RowMultipliers, s.ColMultipliers = nil, nil
		}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, s := plain()
			tt.change(&p, s)
			got, err := Certify(p, s)
			if err != nil {
				t.Fatal(err)
			}
			if abs(int(got.Gap-tt.want)) > 16 || tt.want == 0 && got.Gap != 0 {
				t.Errorf("gap %d, want %d", got.Gap, tt.want)
			}
			if gap := new(big.Int).Sub(got.Primal, got.Dual); gap.Int64() != got.Gap {
				t.Errorf("primal %v less dual %v is %v, not %d", got.Primal, got.Dual, gap, got.Gap)
			}
		})
	}
}

func TestCertifyRefuses(t *testing.T) {
	tests := map[string]struct {
		change func(*Problem, *Solution)
		want   error
	}{
		"a moved unit": {func(_ *Problem, s *Solution) {
			s.Matrix = [][]int{{2, 0}, {1, 1}}
		}, ErrUncertified},
		"a unit too many in a row and a column": {func(_ *Problem, s *Solution) {
			s.Matrix[0][0]++
		}, ErrUncertified},
		"a broken upper bound": {func(p *Problem, _ *Solution) {
			p.Upper[0][0] = 0
		}, ErrUncertified},
		"a broken lower bound": {func(p *Problem, _ *Solution) {
			p.Lower = [][]int{{0, 2}, {0, 0}}
		}, ErrUncertified},
		"a unit without a weight": {func(p *Problem, _ *Solution) {
			p.Weights[1][1] = 0
		}, ErrUncertified},
		"a negative entry": {func(_ *Problem, s *Solution) {
			s.Matrix = [][]int{{3, -1}, {-1, 3}}
		}, ErrUncertified},
		"a row too few": {func(_ *Problem, s *Solution) {
			s.Matrix = s.Matrix[:1]
		}, ErrUncertified},
		"a price too few": {func(_ *Problem, s *Solution) {
			s.ColPrice = s.ColPrice[:1]
		}, ErrUncertified},
		"a price beyond range": {func(_ *Problem, s *Solution) {
			s.ColPrice[0] = math.MinInt64
		}, ErrUncertified},
		"a multiplier that isn't its price's": {func(_ *Problem, s *Solution) {
			s.RowMultipliers[1] = 1.000001
		}, ErrUncertified},
		"a multiplier that is no number": {func(_ *Problem, s *Solution) {
			s.RowMultipliers[1] = math.NaN()
		}, ErrUncertified},
		"a multiplier too many": {func(_ *Problem, s *Solution) {
			s.RowMultipliers = []float64{1, 1, 1}
		}, ErrUncertified},
		"a problem of differing lengths": {func(p *Problem, _ *Solution) {
			p.RowTotals = p.RowTotals[:1]
		}, ErrMalformed},
		"bounds of differing lengths": {func(p *Problem, _ *Solution) {
			p.Upper[1] = p.Upper[1][:1]
		}, ErrMalformed},
		"a weight that is no number": {func(p *Problem, _ *Solution) {
			p.Weights[0][0] = math.NaN()
		}, ErrMalformed},
		"a tolerance that is no number": {func(p *Problem, _ *Solution) {
			p.Tolerance = math.NaN()
		}, ErrMalformed},
		"a column total beyond range": {func(p *Problem, _ *Solution) {
			p.ColTotals[0] = math.MaxInt
		}, ErrMalformed},
		"a negative previous value": {func(p *Problem, _ *Solution) {
			p.Previous = [][]int{{0, 0}, {0, -1}}
		}, ErrMalformed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, s := plain()
			tt.change(&p, s)
			if c, err := Certify(p, s); !errors.Is(err, tt.want) {
				t.Errorf("Certify = %+v, %v; want %v", c, err, tt.want)
			}
		})
	}
}

// A gap beyond 63 bits is the largest int64, not what is left of it.
func TestCertifyGapDoesNotWrap(t *testing.T) {
	p, s := plain()
	p.ColTotals, p.RowTotals = []int{1 << 20, 1 << 20}, []int{1 << 20, 1 << 20}
	p.Upper = nil
	half := 1 << 19
	s.Matrix = [][]int{{half, half}, {half, half}}
	s.RowPrice, s.ColPrice = []int64{1 << 59, -1 << 59}, []int64{0, 0}
	s.RowMultipliers, s.ColMultipliers = nil, nil
	c, err := Certify(p, s)
	if err != nil || c.Gap != math.MaxInt64 {
		t.Errorf("gap %d, %v; want %d", c.Gap, err, int64(math.MaxInt64))
	}
}

// Swapping two units of an optimum, which keeps all totals, leaves a gap of exactly what it costs.
func TestCertifyCatchesEverySwap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCity(t)
		c.bounded = false
		p := c.problem()
		p.Ties = false
		s := solved(t, p)
		o, q := rapid.IntRange(0, c.rows-1).Draw(t, "o"), rapid.IntRange(0, c.rows-1).Draw(t, "q")
		x, y := rapid.IntRange(0, c.cols-1).Draw(t, "x"), rapid.IntRange(0, c.cols-1).Draw(t, "y")
		if o == q || x == y || s.Matrix[o][x] == 0 || s.Matrix[q][y] == 0 {
			return
		}
		before := cost(p, s.Matrix)
		s.Matrix[o][x]--
		s.Matrix[q][y]--
		s.Matrix[o][y]++
		s.Matrix[q][x]++
		got, err := Certify(p, s)
		if err != nil {
			t.Fatal(err)
		}
		want := (cost(p, s.Matrix) - before) * UnitsPerNat
		if got.Gap < 0 || math.Abs(float64(got.Gap)-want) > 1e-7*UnitsPerNat {
			t.Errorf("gap %d after a swap that costs %g", got.Gap, want)
		}
	})
}

// A price moved further than any two claims on a cell are apart leaves a gap.
func TestCertifyCatchesEveryWrongPrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := city{rows: 4, cols: 20, seed: rapid.Uint64().Draw(t, "seed")}.problem()
		s := solved(t, p)
		s.RowMultipliers, s.ColMultipliers = nil, nil
		far := rapid.SampledFrom([]int64{-12 * UnitsPerNat, 12 * UnitsPerNat}).Draw(t, "far")
		if rapid.Bool().Draw(t, "of a row") {
			s.RowPrice[rapid.IntRange(0, 3).Draw(t, "row")] += far
		} else {
			c := rapid.IntRange(0, 19).Draw(t, "column")
			if s.ColPrice[c] += far; p.ColTotals[c] == 0 {
				return // nothing is there at any price
			}
		}
		if c, err := Certify(p, s); err != nil || c.Gap <= 0 {
			t.Errorf("gap %d, %v with a price twelve nats off", c.Gap, err)
		}
	})
}

// Plans of unknown origin: no input may panic or pass with a wrong total.
func FuzzCertify(f *testing.F) {
	f.Add(1.5, 0.1, 3, 2, int64(0), int64(1<<36))
	f.Add(0.0, 1.0, -1, 1<<40, int64(math.MinInt64), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, weight, tolerance float64, total, x int, row, col int64) {
		p := Problem{
			Rows: []string{"a"}, Cols: []string{"x"}, Weights: [][]float64{{weight}},
			RowTotals: []int{total}, ColTotals: []int{total},
			Previous: [][]int{{x / 2}}, Tolerance: tolerance,
		}
		s := &Solution{Matrix: [][]int{{x}}, RowPrice: []int64{row}, ColPrice: []int64{col}}
		if c, err := Certify(p, s); err == nil && (c.Gap < 0 || x != total) {
			t.Errorf("gap %d, %d of %d", c.Gap, x, total)
		}
	})
}

// The 128-bit sum against math/big.
func TestInt128(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factors := rapid.SliceOfN(rapid.Int64(), 0, 12).Draw(t, "factors")
		var got int128
		want := new(big.Int)
		for pair := range slices.Chunk(factors, 2) {
			a, b := pair[0], pair[len(pair)-1]
			got.addProduct(a, b)
			product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
			want.Add(want, product)
		}
		if want.BitLen() < 127 && got.big().Cmp(want) != 0 {
			t.Errorf("sum %v, want %v", got.big(), want)
		}
	})
}
