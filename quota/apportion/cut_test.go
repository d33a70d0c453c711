package apportion

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSolveCut(t *testing.T) {
	tests := map[string]struct {
		problem Problem
		want    CutError
		text    string
	}{
		// Rows a and b need 9; x can take 4 and y, by the upper bounds of a and b, 2+1.
		"rows whose upper bounds are too low": {
			Problem{
				Rows: []string{"a", "b", "c"}, Cols: []string{"x", "y"},
				Weights:   [][]float64{{1, 1}, {1, 1}, {1, 1}},
				RowTotals: []int{5, 4, 3}, ColTotals: []int{4, 8},
				Upper: [][]int{{9, 2}, {9, 1}, {9, 9}},
			},
			CutError{
				Rows: []string{"a", "b"}, Need: 9, Placeable: 7, Shortfall: 2,
				Cols: []string{"x"}, Entries: []Limit{{"a", "y", 2}, {"b", "y", 1}},
			},
			"a, b need 9 but only 7 can be placed, 2 short: 1 columns are full and " +
				"2 entries at their upper bound",
		},
		// Row b holds 2 of x whatever happens, so that 2 are left for row a, which may go nowhere else.
		"a row kept out by another's lower bound": {
			Problem{
				Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
				Weights:   [][]float64{{1, 0}, {1, 1}},
				RowTotals: []int{3, 4}, ColTotals: []int{4, 3},
				Lower: [][]int{{0, 0}, {2, 0}},
			},
			CutError{
				Rows: []string{"a"}, Need: 3, Placeable: 2, Shortfall: 1,
				Cols: []string{"x"}, Entries: []Limit{{"a", "y", 0}},
			},
			"a need 3 but only 2 can be placed, 1 short: 1 columns are full and " +
				"1 entries at their upper bound",
		},
		"a column that nobody may fill": {
			Problem{
				Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
				Weights:   [][]float64{{1, 1}, {1, 1}},
				RowTotals: []int{3, 3}, ColTotals: []int{1, 5},
				Upper: [][]int{{3, 2}, {3, 1}},
			},
			CutError{
				Rows: []string{"a", "b"}, Need: 6, Placeable: 4, Shortfall: 2,
				Cols: []string{"x"}, Entries: []Limit{{"a", "y", 2}, {"b", "y", 1}},
			},
			"a, b need 6 but only 4 can be placed, 2 short: 1 columns are full and " +
				"2 entries at their upper bound",
		},
		"a column whose lower bounds exceed it": {
			Problem{
				Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
				Weights:   [][]float64{{1, 1}, {1, 1}},
				RowTotals: []int{3, 3}, ColTotals: []int{2, 4},
				Lower: [][]int{{2, 0}, {3, 0}},
			},
			CutError{Need: 0, Placeable: -3, Shortfall: 3, Cols: []string{"x"}},
			"lower bounds exceed the totals of x by 3",
		},
		"a row whose lower bounds exceed it": {
			Problem{
				Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
				Weights:   [][]float64{{1, 1}, {1, 1}},
				RowTotals: []int{3, 3}, ColTotals: []int{3, 3},
				Lower: [][]int{{2, 2}, {0, 0}},
			},
			CutError{
				Rows: []string{"b"}, Need: 3, Placeable: 2, Shortfall: 1, Cols: []string{"x", "y"},
			},
			"b need 3 but only 2 can be placed, 1 short: 2 columns are full and " +
				"0 entries at their upper bound",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Solve(tt.problem)
			var got *CutError
			if !errors.As(err, &got) || !errors.Is(err, ErrInfeasible) {
				t.Fatalf("Solve = %v, want a cut", err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("cut (-want +got):\n%s", diff)
			}
			if got.Error() != tt.text {
				t.Errorf("text %q\nwant %q", got.Error(), tt.text)
			}
		})
	}
}

func TestCutErrorNamesTheFirstFewRows(t *testing.T) {
	err := &CutError{Rows: ids("row", 7), Need: 3, Placeable: 2, Shortfall: 1}
	want := "row-000000, row-000001, row-000002, row-000003, row-000004 and 2 more need 3 but " +
		"only 2 can be placed, 1 short: 0 columns are full and 0 entries at their upper bound"
	if err.Error() != want {
		t.Errorf("text %q\nwant %q", err.Error(), want)
	}
}
