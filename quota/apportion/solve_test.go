package apportion

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSolveKnownParliaments(t *testing.T) {
	for _, name := range []string{
		"biprop_uri_2020.json", "biprop_wikipedia_en.json", "biprop_zug_2018.json",
	} {
		t.Run(name, func(t *testing.T) {
			var file struct {
				Parties, Districts []string
				Votes              [][]float64
				PartySeats         []int `json:"party_seats"`
				DistrictSeats      []int `json:"district_seats"`
				Expected           [][]int
			}
			readCase(t, name, &file)
			p := Problem{
				Rows: file.Parties, Cols: file.Districts, Weights: file.Votes,
				RowTotals: file.PartySeats, ColTotals: file.DistrictSeats,
			}
			if diff := cmp.Diff(file.Expected, solved(t, p).Matrix); diff != "" {
				t.Errorf("seats (-official +got):\n%s", diff)
			}
		})
	}
}

// Controlled rounding: of all roundings of a table the one with the least sum of changes.
func TestSolveControlledRounding(t *testing.T) {
	var file struct {
		Cases []struct {
			Table     [][]float64
			RowTotals []int   `json:"row_totals"`
			ColTotals []int   `json:"col_totals"`
			Least     float64 `json:"min_l1"`
			Want      [][]int `json:"min_l1_matrix"`
		}
	}
	readCase(t, "controlled_rounding.json", &file)
	for _, c := range file.Cases {
		m, n := len(c.RowTotals), len(c.ColTotals)
		p := Problem{
			Rows: ids("row", m), Cols: ids("column", n), Weights: c.Table,
			RowTotals: c.RowTotals, ColTotals: c.ColTotals, Method: Nearest,
		}
		got := solved(t, p).Matrix
		if diff := cmp.Diff(c.Want, got); diff != "" {
			t.Errorf("rounded table (-want +got):\n%s", diff)
		}
		sum := 0.0
		for o, row := range c.Table {
			for k, y := range row {
				sum += math.Abs(float64(got[o][k]) - y)
			}
		}
		if math.Abs(sum-c.Least) > 1e-9 {
			t.Errorf("sum of changes %g, want %g", sum, c.Least)
		}
	}
}

func TestSolve(t *testing.T) {
	tests := map[string]struct {
		problem Problem
		want    [][]int
	}{
		"shares that are whole stay as they are": {
			Problem{
				Weights:   [][]float64{{1, 2}, {3, 6}},
				RowTotals: []int{3, 9}, ColTotals: []int{4, 8},
			},
			[][]int{{1, 2}, {3, 6}},
		},
		"multipliers don't matter, only ratios within rows and columns": {
			Problem{
				Weights:   [][]float64{{10, 2000}, {0.3, 60}},
				RowTotals: []int{3, 9}, ColTotals: []int{4, 8},
			},
			[][]int{{1, 2}, {3, 6}},
		},
		"a zero weight gets nothing": {
			Problem{
				Weights:   [][]float64{{0, 1}, {1, 1}},
				RowTotals: []int{2, 3}, ColTotals: []int{2, 3},
			},
			[][]int{{0, 2}, {2, 1}},
		},
		"an upper bound sends the rest elsewhere": {
			Problem{
				Weights:   [][]float64{{9, 1}, {1, 9}},
				RowTotals: []int{5, 5}, ColTotals: []int{5, 5},
				Upper: [][]int{{3, 5}, {5, 5}},
			},
			[][]int{{3, 2}, {2, 3}},
		},
		"a lower bound holds": {
			Problem{
				Weights:   [][]float64{{9, 1}, {1, 9}},
				RowTotals: []int{5, 5}, ColTotals: []int{5, 5},
				Lower: [][]int{{0, 3}, {0, 0}},
			},
			[][]int{{2, 3}, {3, 2}},
		},
		// Threes everywhere would save 2 ln(3.5/2.5) = 0.67 nat; that four entries leave their values
		// by one costs 4 * 0.5 = 2.
		"within the tolerance everything stays": {
			Problem{
				Weights:   [][]float64{{1, 1}, {1, 1}},
				RowTotals: []int{6, 6}, ColTotals: []int{6, 6},
				Previous: [][]int{{4, 2}, {2, 4}}, Tolerance: 0.5,
			},
			[][]int{{4, 2}, {2, 4}},
		},
		// Fours and twos save 2 ln(4.5/1.5) = 2.20 nat and cost 4 * 0.3 = 1.2; from there to threes
		// would save 0.67 and cost 1.2 more.
		"beyond the tolerance it moves to its edge": {
			Problem{
				Weights:   [][]float64{{1, 1}, {1, 1}},
				RowTotals: []int{6, 6}, ColTotals: []int{6, 6},
				Previous: [][]int{{5, 1}, {1, 5}}, Tolerance: 0.3,
			},
			[][]int{{4, 2}, {2, 4}},
		},
		"rows and columns without a total are empty": {
			Problem{
				Weights:   [][]float64{{5, 5, 5}, {1, 1, 1}, {1, 1, 1}},
				RowTotals: []int{0, 2, 2}, ColTotals: []int{2, 0, 2},
			},
			[][]int{{0, 0, 0}, {1, 0, 1}, {1, 0, 1}},
		},
		"an empty problem has an empty answer": {Problem{}, [][]int{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := tt.problem
			p.Rows, p.Cols = ids("row", len(p.RowTotals)), ids("column", len(p.ColTotals))
			if diff := cmp.Diff(tt.want, solved(t, p).Matrix); diff != "" {
				t.Errorf("matrix (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSolvePricesAreCentred(t *testing.T) {
	p := city{rows: 5, cols: 200, seed: 11, bounded: true, tolerance: 0.1}.problem()
	s := solved(t, p)
	sum, product := int64(0), 1.0
	for o, price := range s.RowPrice {
		sum += price
		product *= s.RowMultipliers[o]
	}
	if sum < 0 || sum >= int64(len(s.RowPrice)) {
		t.Errorf("row prices sum to %d, want 0 but for rounding", sum)
	}
	if math.Abs(product-1) > 1e-9 {
		t.Errorf("row multipliers have the product %v, want 1", product)
	}
}

func TestSolveRefuses(t *testing.T) {
	tests := map[string]func(*Problem){
		"a weight that is no number":     func(p *Problem) { p.Weights[0][0] = math.NaN() },
		"an infinite weight":             func(p *Problem) { p.Weights[0][0] = math.Inf(1) },
		"a negative weight":              func(p *Problem) { p.Weights[0][0] = -1 },
		"a weight beyond range":          func(p *Problem) { p.Weights[0][0] = 1e-101 },
		"a negative row total":           func(p *Problem) { p.RowTotals = []int{-1, 5} },
		"a negative column total":        func(p *Problem) { p.ColTotals = []int{-1, 5} },
		"a column total beyond range":    func(p *Problem) { p.ColTotals[0] = MaxColTotal + 1 },
		"rows that outsum columns":       func(p *Problem) { p.RowTotals[0]++ },
		"an ID that stands twice":        func(p *Problem) { p.Rows[1] = p.Rows[0] },
		"a negative lower bound":         func(p *Problem) { p.Lower[0][0] = -1 },
		"a lower bound above its upper":  func(p *Problem) { p.Lower[0][0] = 4 },
		"a lower bound on a zero weight": func(p *Problem) { p.Weights[0][0], p.Lower[0][0] = 0, 1 },
		"a negative previous value":      func(p *Problem) { p.Previous[1][1] = -1 },
		"a negative tolerance":           func(p *Problem) { p.Tolerance = -0.1 },
		"a tolerance that is no number":  func(p *Problem) { p.Tolerance = math.NaN() },
		"a tolerance beyond range":       func(p *Problem) { p.Tolerance = 101 },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			p := square2()
			spoil(&p)
			if _, err := Solve(p); !errors.Is(err, ErrMalformed) {
				t.Errorf("Solve = %v, want %v", err, ErrMalformed)
			}
		})
	}
}

func TestSolvePanicsIfLengthsDiffer(t *testing.T) {
	tests := map[string]func(*Problem){
		"row totals":    func(p *Problem) { p.RowTotals = p.RowTotals[:1] },
		"column totals": func(p *Problem) { p.ColTotals = p.ColTotals[:1] },
		"weights":       func(p *Problem) { p.Weights[1] = p.Weights[1][:1] },
		"lower bounds":  func(p *Problem) { p.Lower = p.Lower[:1] },
		"upper bounds":  func(p *Problem) { p.Upper[0] = nil },
		"previous":      func(p *Problem) { p.Previous = [][]int{} },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			p := square2()
			spoil(&p)
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_, _ = Solve(p)
		})
	}
}

// square2 is a sound problem of two rows and two columns with every part given.
func square2() Problem {
	return Problem{
		Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
		Weights:   [][]float64{{3, 1}, {2, 5}},
		RowTotals: []int{4, 6}, ColTotals: []int{5, 5},
		Lower: matrixOf[int](2, 2), Upper: [][]int{{3, 4}, {5, 5}},
		Previous: [][]int{{3, 1}, {2, 4}}, Tolerance: 0.1,
	}
}

// solved is the solution of a problem with a certificate of no gap.
func solved(t interface {
	Helper()
	Fatal(args ...any)
}, p Problem,
) *Solution {
	t.Helper()
	s, err := Solve(p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Certify(p, s)
	if err != nil {
		t.Fatal(err)
	}
	if c.Gap != 0 {
		t.Fatal("gap of", c.Gap, "units")
	}
	return s
}
