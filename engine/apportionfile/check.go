package apportionfile

import (
	"math"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/apportion"
)

// maxTolerance is the largest churn tolerance that apportion takes, nats.
const maxTolerance = 100

// check says what is wrong with a question's numbers in words of the catalogue, before apportion
// has to. It notes what has no effect as a warning.
func (q *Question) check() error {
	if q.Method == "" {
		q.Method = apportion.Webster
	}
	known := methods(q.Vector)
	switch {
	case slices.Contains(known, q.Method):
	case slices.Contains(apportion.Methods(), q.Method) && q.Vector:
		return q.fault("method", "apportion.method-vector", "got", q.Method, "known", known)
	case slices.Contains(apportion.Methods(), q.Method):
		return q.fault("method", "apportion.method-matrix", "got", q.Method, "known", known)
	default:
		return q.fault("method", "apportion.method", "got", q.Method, "known", known)
	}
	if !(q.Tolerance >= 0 && q.Tolerance <= maxTolerance) {
		return q.fault("tolerance", "apportion.tolerance", "got", q.Tolerance, "most", maxTolerance)
	}
	if !(q.LocalShare >= 0 && q.LocalShare <= 1) {
		return q.fault("local_share", "apportion.local-share", "got", q.LocalShare)
	}
	if m, n := len(q.Rows), len(q.Cols); m*m*n > MaxPairs {
		return q.fault("weights", "apportion.too-wide", "rows", m, "cols", n, "most", MaxPairs)
	}
	if q.Tolerance > 0 && q.Previous == nil {
		q.warn("apportion.tolerance-idle")
	}
	if err := q.checkBounds(); err != nil {
		return err
	}
	if q.Vector {
		return q.checkVector()
	}
	return q.checkTotals()
}

// methods are those of vectors or of matrices.
func methods(vector bool) []apportion.Method {
	if vector {
		return slices.DeleteFunc(apportion.Methods(), func(m apportion.Method) bool {
			return m == apportion.Nearest
		})
	}
	return slices.DeleteFunc(apportion.Methods(), func(m apportion.Method) bool {
		return m == apportion.LargestRemainder
	})
}

func (q *Question) warn(id string, args ...any) {
	q.Warnings = append(q.Warnings, lang.M(id, args...))
}

// checkVector checks what only one total can have wrong.
func (q *Question) checkVector() error {
	switch {
	case q.Total < 0:
		return q.fault("total", "apportion.negative", "key", "total", "got", q.Total)
	case q.Total > maxTotal:
		return q.fault("total", "apportion.total", "key", "total", "got", q.Total, "most", maxTotal)
	case q.Method == apportion.LargestRemainder && q.Lower != nil:
		return q.fault("lower", "apportion.remainder-bounds", "key", "lower")
	case q.Method == apportion.LargestRemainder && q.Upper != nil:
		return q.fault("upper", "apportion.remainder-bounds", "key", "upper")
	case q.LocalShare != 0:
		return q.fault("local_share", "apportion.vector-key", "key", "local_share")
	}
	for c, lower := range row(q.Lower) {
		if lower > maxTotal {
			return q.fault("lower", "apportion.entry-total", "key", "lower", "col", q.Cols[c],
				"got", lower, "most", maxTotal)
		}
	}
	if q.Ties {
		q.warn("apportion.seed-idle")
	}
	return nil
}

// row is the one row of a vector's matrix; nil for none.
func row(matrix [][]int) []int {
	if len(matrix) == 0 {
		return nil
	}
	return matrix[0]
}

// checkBounds checks entry by entry what the bounds say.
func (q *Question) checkBounds() error {
	for o := range q.Rows {
		for c := range q.Cols {
			lower, t := 0, q.Weights[o][c]
			if q.Lower != nil {
				lower = q.Lower[o][c]
			}
			path := strict.ItemPath("lower", o)
			switch {
			case q.Upper != nil && lower > q.Upper[o][c]:
				return q.fault(path, "apportion.crossed", "row", q.Rows[o], "col", q.Cols[c],
					"lower", lower, "upper", q.Upper[o][c])
			case lower > 0 && t == 0 && !q.Vector:
				return q.fault(path, "apportion.weightless", "row", q.Rows[o], "col", q.Cols[c],
					"lower", lower)
			case q.Method == apportion.Nearest && t > apportion.MaxColTotal:
				return q.fault(strict.ItemPath("weights", o), "apportion.nearest-weight",
					"row", q.Rows[o], "col", q.Cols[c], "got", t, "most", apportion.MaxColTotal)
			}
		}
	}
	return nil
}

// checkTotals checks the totals of a matrix one by one, then that their sums can meet.
func (q *Question) checkTotals() error {
	rows := side{"row_totals", "row_least", q.Rows, q.RowTotals, q.RowLeast, maxTotal}
	cols := side{"col_totals", "col_least", q.Cols, q.ColTotals, q.ColLeast, apportion.MaxColTotal}
	for _, s := range []side{rows, cols} {
		if err := q.checkSide(s); err != nil {
			return err
		}
	}
	ranges := q.RowLeast != nil || q.ColLeast != nil
	switch a, b, from, to := sum(q.RowTotals), sum(q.ColTotals), rows.low(), cols.low(); {
	case !ranges && a != b:
		return q.fault("row_totals", "apportion.sums", "rows", a, "cols", b, "more", max(a-b, b-a))
	case from > b:
		return q.fault("row_totals", "apportion.sums-rows", "rows", from, "cols", b)
	case to > a:
		return q.fault("col_totals", "apportion.sums-cols", "cols", to, "rows", a)
	case ranges && max(a, b) > math.MaxInt32:
		return q.fault("row_totals", "apportion.sums-size", "got", max(a, b), "most", math.MaxInt32)
	}
	return nil
}

// side is the totals of the rows or of the columns.
type side struct {
	key, leastKey string
	ids           []string
	totals, least []int
	most          int
}

// low is the least that the totals admit.
func (s side) low() int {
	if s.least != nil {
		return sum(s.least)
	}
	return sum(s.totals)
}

// checkSide checks totals, and leasts against them.
func (q *Question) checkSide(s side) error {
	for i, total := range s.totals {
		if total > s.most {
			return q.fault(s.key, "apportion.entry-total", "key", s.key, "col", s.ids[i],
				"got", total, "most", s.most)
		}
		if s.least != nil && s.least[i] > total {
			return q.fault(s.leastKey, "apportion.least", "key", s.leastKey, "id", s.ids[i],
				"got", s.least[i], "total", total)
		}
	}
	return nil
}

func sum(list []int) int {
	total := 0
	for _, x := range list {
		total += x
	}
	return total
}
