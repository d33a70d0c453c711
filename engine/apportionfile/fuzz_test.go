package apportionfile

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/apportion"
)

// judged fails the test unless an error is one of the input, or infeasible with its proof, and an
// answer keeps its totals and can be written. Questions too large for a fuzzer are left alone.
func judged(t *testing.T, q *Question, err error) {
	t.Helper()
	if err != nil {
		if !errors.Is(err, strict.ErrInput) {
			t.Fatalf("error %v, which is no fault of the input", err)
		}
		return
	}
	units := q.Total
	for _, total := range q.ColTotals {
		units += total
	}
	if units > 10_000 || len(q.Rows)*len(q.Cols) > 400 {
		return
	}
	a, err := Solve(q)
	if errors.Is(err, apportion.ErrInfeasible) {
		if s, ok := q.Shortage(err); !ok || s.Shortfall <= 0 || s.Shortfall != s.Need-s.Placeable {
			t.Fatalf("shortage %+v of %v", s, err)
		}
		return
	}
	if err != nil {
		if !errors.Is(err, strict.ErrInput) {
			t.Fatalf("error %v, which is no fault of the input", err)
		}
		return
	}
	if a.Certificate.Gap != nil && *a.Certificate.Gap != 0 {
		t.Fatalf("gap %d", *a.Certificate.Gap)
	}
	for o, row := range a.Matrix {
		want := q.Total
		if !q.Vector {
			want = q.RowTotals[o]
		}
		if got := sum(row); got != want && q.RowLeast == nil && q.ColLeast == nil {
			t.Fatalf("row %d sums to %d, not %d", o, got, want)
		}
	}
	if err := a.WriteJSON(io.Discard, lang.Chinese, true); err != nil {
		t.Fatal(err)
	}
}

func FuzzReadJSON(f *testing.F) {
	for _, text := range []string{
		"{" + sound + "}",
		`{"weights": [[6, 6, 2]], "total": 10, "method": "largest_remainder"}`,
		`{"weights": [6, 6, 2], "total": 10, "method": "adams", "lower": [0, 1, 0],
		  "upper": [null, 3, 9]}`,
		`{"rows": ["a", "b"], "cols": ["x"], "weights": [[1.5], [2.5]], "row_totals": [2, 2],
		  "col_totals": [4], "method": "nearest"}`,
		`{"weights": [[1, 2], [3, 4]], "row_totals": [2, 3], "col_totals": [3, 4], "row_least": [1, 1],
		  "col_least": [0, 0], "group": [0, 1], "group_most": [[1, 1], [null, 2]], "tie_seed": 5,
		  "previous": [[1, 0], [0, 1]], "tolerance": 0.1, "local_share": 0.9}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := ReadJSON("q.json", data)
		judged(t, q, err)
	})
}

func FuzzReadCSV(f *testing.F) {
	f.Add("row,col,weight,lower,upper,previous\na,x,1,0,,\nb,x,2.5,1,3,2\n",
		"row,total\na,2\nb,3\n", "col,total,least\nx,5,5\n")
	f.Add("row,col,weight\n\"a\",x,1\n", "total,row\n2,a\n", "col,total\nx,2\n")
	f.Fuzz(func(t *testing.T, entries, rows, cols string) {
		q, err := ReadCSV(Table{"e", strings.NewReader(entries)}, Table{"r", strings.NewReader(rows)},
			Table{"c", strings.NewReader(cols)})
		judged(t, q, err)
		q, err = ReadCSVVector(Table{"e", strings.NewReader(entries)}, 7)
		judged(t, q, err)
	})
}
