package scoring

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drinks are Saaty's judgements of how much of each drink is consumed in the United States.
//
// Source: Saaty, Int. J. Services Sciences 1(1), 2008, table 3.
func drinks() [][]float64 {
	return [][]float64{
		{1, 9, 5, 2, 1, 1, 1. / 2},
		{1. / 9, 1, 1. / 3, 1. / 9, 1. / 9, 1. / 9, 1. / 9},
		{1. / 5, 3, 1, 1. / 3, 1. / 4, 1. / 3, 1. / 9},
		{1. / 2, 9, 3, 1, 1. / 2, 1, 1. / 3},
		{1, 9, 4, 2, 1, 2, 1. / 2},
		{1, 9, 3, 1, 1. / 2, 1, 1. / 3},
		{2, 9, 9, 3, 2, 3, 1},
	}
}

func TestAHP(t *testing.T) {
	tests := map[string]struct {
		table RandomIndex
		ratio float64
	}{
		"by the table of 1980":          {Saaty1980(), 0.0223},
		"by that of Donegan and Dodd":   {DoneganDodd(), 0.0235},
		"by 2005's, 0.029438 over 1.35": {Saaty2005(), 0.0218},
	}
	want := []float64{0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327} // published
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := AHP(drinks(), tt.table)
			if err != nil {
				t.Fatal(err)
			}
			for i, w := range got.Weights {
				if math.Abs(w-want[i]) > 0.0005 {
					t.Errorf("weight %d is %.4f, want %.3f", i, w, want[i])
				}
			}
			if math.Abs(got.Ratio-tt.ratio) > 0.00005 || got.Index != tt.table.Name {
				t.Errorf("consistency ratio %.4f by %q, want %.4f by %q",
					got.Ratio, got.Index, tt.ratio, tt.table.Name)
			}
		})
	}
}

func TestAHPRefuses(t *testing.T) {
	circle := [][]float64{{1, 5, 1. / 5}, {1. / 5, 1, 5}, {5, 1. / 5, 1}}
	tests := map[string]struct {
		judgements [][]float64
		want       error
	}{
		"who prefers in a circle":     {circle, ErrInconsistent},
		"no judgement":                {nil, ErrJudgements},
		"a row too short":             {[][]float64{{1, 2}, {0.5}}, ErrJudgements},
		"a zero":                      {[][]float64{{1, 0}, {2, 1}}, ErrJudgements},
		"a diagonal that is not 1":    {[][]float64{{2, 1}, {1, 1}}, ErrJudgements},
		"not 1/a across the diagonal": {[][]float64{{1, 3}, {0.5, 1}}, ErrJudgements},
		"NaN":                         {[][]float64{{1, math.NaN()}, {1, 1}}, ErrJudgements},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := AHP(tt.judgements, Saaty1980()); !errors.Is(err, tt.want) {
				t.Errorf("AHP = %v, want %v", err, tt.want)
			}
		})
	}
	got, _ := AHP(circle, Saaty1980())
	if got.WorstI == got.WorstJ {
		t.Error("no pair is named as the worst")
	}
}

// A matrix made of weights gives those weights back, and all its judgements agree.
func TestAHPOfConsistentJudgements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Float64Range(1, 9), 1, 9).Draw(t, "weights")
		judgements, sum := make([][]float64, len(want)), 0.0
		for i, a := range want {
			sum += a
			for _, b := range want {
				judgements[i] = append(judgements[i], a/b)
			}
		}
		got, err := AHP(judgements, Saaty1980())
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range got.Weights {
			if math.Abs(w-want[i]/sum) > 1e-9 {
				t.Errorf("weight %d is %v, want %v", i, w, want[i]/sum)
			}
		}
		if got.Ratio > 1e-9 {
			t.Errorf("consistency ratio %v, want 0", got.Ratio)
		}
	})
}

func TestSpreadWeights(t *testing.T) {
	same := [][]float64{{1, 5}, {3, 5}}
	tests := map[string]struct {
		weigh  func(Table) ([]float64, error)
		points [][]float64
		want   []float64
	}{
		// Source: scikit-criteria, tests of its weighters.
		"entropy, as published": {
			EntropyWeights, [][]float64{{1, 2}, {4, 16}}, []float64{0.358889, 0.641111},
		},
		"entropy of equal points is nothing": {EntropyWeights, same, []float64{1, 0}},
		"deviation of equal points too":      {DeviationWeights, same, []float64{1, 0}},
		// Deviations are √2 and 7·√2 over 2 each: 1 to 7.
		"deviation in proportion": {
			DeviationWeights, [][]float64{{1, 2}, {2, 9}}, []float64{1. / 8, 7. / 8},
		},
		// Stretched, columns 1 and 2 run alike (correlation 1), 3 against both (-1): the spread is the
		// same, the conflict 0+2, 0+2 and 2+2.
		"CRITIC favours what goes its own way": {
			CRITICWeights, [][]float64{{0, 10, 4}, {1, 30, 2}}, []float64{0.25, 0.25, 0.5},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tt.weigh(Table{tt.points})
			if err != nil {
				t.Fatal(err)
			}
			for j := range got {
				if math.Abs(got[j]-tt.want[j]) > 5e-7 {
					t.Errorf("weights %v, want %v", got, tt.want)
				}
			}
		})
	}
	for name, points := range map[string][][]float64{
		"one operator": {{1, 2}}, "nothing": nil, "ragged": {{1}, {1, 2}}, "negative": {{-1}, {2}},
		"all alike": {{3, 3}, {3, 3}},
	} {
		if _, err := EntropyWeights(Table{points}); !errors.Is(err, ErrTable) {
			t.Errorf("%s: EntropyWeights = %v, want ErrTable", name, err)
		}
	}
}

func TestTOPSIS(t *testing.T) {
	// Source: Tzeng and Huang, Multiple Attribute Decision Making (2011), by way of scikit-criteria.
	points := [][]float64{{5, 8, 4}, {7, 6, 8}, {8, 8, 6}, {7, 4, 6}}
	want := []float64{0.5037, 0.6581, 0.7482, 0.3340}
	got, err := TOPSIS(Table{points}, []float64{0.3, 0.4, 0.3})
	if err != nil {
		t.Fatal(err)
	}
	for k := range want {
		if math.Abs(got[k]-want[k]) > 0.0001 {
			t.Errorf("closeness %v, want %v", got, want)
		}
	}
	alike, err := TOPSIS(Table{[][]float64{{2, 2}, {2, 2}}}, []float64{0.5, 0.5})
	if err != nil || alike[0] != 0.5 || alike[1] != 0.5 {
		t.Errorf("who are alike have %v, %v, want 0.5 each", alike, err)
	}
	if _, err := TOPSIS(Table{points}, []float64{1}); !errors.Is(err, ErrTable) {
		t.Errorf("one weight for three indicators: %v, want ErrTable", err)
	}
}

func TestRankAcceptability(t *testing.T) {
	// The first is better in the first indicator by as much as the second is in the other: each wins
	// for half of all weights. The third is worst in both.
	a, err := RankAcceptability(Table{[][]float64{{80, 60}, {60, 80}, {50, 50}}}, 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	const error4 = 4 * 0.5 / 100 // four standard errors of a half over 10,000 draws
	if math.Abs(a.Rank[0][0]-0.5) > error4 || a.Rank[2][2] != 1 {
		t.Errorf("ranks %v, want a half, a half, and the third always last", a.Rank)
	}
	again, _ := RankAcceptability(Table{[][]float64{{80, 60}, {60, 80}, {50, 50}}}, 1, 10_000)
	if again.Rank[0][0] != a.Rank[0][0] {
		t.Error("the same seed gave other ranks")
	}
	tied, _ := RankAcceptability(Table{[][]float64{{70, 70}, {70, 70}}}, 1, 10)
	if tied.Rank[0][0] != 0.5 || tied.Rank[1][0] != 0.5 {
		t.Errorf("equal operators share the ranks as %v, want halves", tied.Rank)
	}
}

// Rows and columns of ranks sum to 1, whatever the points.
func TestRankAcceptabilitySums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "indicators")
		points := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(0, 100), n, n), 2, 5).Draw(t, "points")
		a, err := RankAcceptability(Table{points}, rapid.Uint64().Draw(t, "seed"), 50)
		if err != nil {
			t.Fatal(err)
		}
		for k := range a.Rank {
			row, column := 0.0, 0.0
			for r := range a.Rank {
				row += a.Rank[k][r]
				column += a.Rank[r][k]
			}
			if math.Abs(row-1) > 1e-9 || math.Abs(column-1) > 1e-9 {
				t.Errorf("rank %d: row sums to %v, column to %v, want 1", k, row, column)
			}
		}
	})
}
