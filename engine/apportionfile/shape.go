package apportionfile

import (
	"slices"

	"github.com/stint-city/stint/engine/strict"
)

// shape completes a question that was read from JSON with numbers for missing IDs and makes sure
// that all its lengths agree.
func (q *Question) shape() error {
	if q.Vector {
		return q.shapeVector()
	}
	for _, key := range []string{"weights", "row_totals", "col_totals"} {
		if !q.at.Has(key) {
			return q.fault("", "apportion.missing", "key", key)
		}
	}
	if len(q.flat) > 0 {
		return q.fault(q.flat[0], "apportion.flat", "key", q.flat[0])
	}
	if q.Rows == nil {
		q.Rows = number(len(q.RowTotals))
	}
	if q.Cols == nil {
		q.Cols = number(len(q.ColTotals))
	}
	if len(q.Rows) == 0 || len(q.Cols) == 0 {
		return q.fault("weights", "apportion.empty")
	}
	for _, side := range []struct {
		key  string
		list []int
		want int
	}{
		{"row_totals", q.RowTotals, len(q.Rows)},
		{"row_least", q.RowLeast, len(q.Rows)},
		{"col_totals", q.ColTotals, len(q.Cols)},
		{"col_least", q.ColLeast, len(q.Cols)},
		{"group", q.Group, len(q.Cols)},
	} {
		if side.list != nil && len(side.list) != side.want {
			return q.fault(side.key, "apportion.length", "key", side.key, "got", len(side.list),
				"want", side.want)
		}
	}
	if err := q.shapeMatrices(); err != nil {
		return err
	}
	return q.shapeGroups()
}

// shapeVector is shape for one row with a total.
func (q *Question) shapeVector() error {
	for _, key := range []string{
		"row_totals", "col_totals", "row_least", "col_least", "previous", "local_share", "group",
		"group_most",
	} {
		if q.at.Has(key) {
			return q.fault(key, "apportion.vector-key", "key", key)
		}
	}
	if !q.at.Has("weights") {
		return q.fault("", "apportion.missing", "key", "weights")
	}
	if len(q.Weights) != 1 || len(q.Weights[0]) == 0 {
		return q.fault("weights", "apportion.vector-rows", "got", len(q.Weights))
	}
	if q.Rows == nil {
		q.Rows = number(1)
	}
	if q.Cols == nil {
		q.Cols = number(len(q.Weights[0]))
	}
	if len(q.Rows) != 1 {
		return q.fault("rows", "apportion.length", "key", "rows", "got", len(q.Rows), "want", 1)
	}
	return q.shapeMatrices()
}

// shapeMatrices makes sure that every matrix has the question's rows and columns.
func (q *Question) shapeMatrices() error {
	if err := fits(q, "weights", q.Weights); err != nil {
		return err
	}
	if err := fits(q, "lower", q.Lower); err != nil {
		return err
	}
	if err := fits(q, "upper", q.Upper); err != nil {
		return err
	}
	return fits(q, "previous", q.Previous)
}

// fits makes sure that a matrix, where it is given, has the question's rows and columns.
func fits[T any](q *Question, key string, matrix [][]T) error {
	if matrix == nil {
		return nil
	}
	if len(matrix) != len(q.Rows) {
		return q.fault(key, "apportion.rows", "key", key, "got", len(matrix), "want", len(q.Rows))
	}
	for i, row := range matrix {
		if len(row) != len(q.Cols) {
			return q.fault(strict.ItemPath(key, i), "apportion.ragged", "key", key, "row", q.Rows[i],
				"got", len(row), "want", len(q.Cols))
		}
	}
	return nil
}

// shapeGroups makes sure that every group of the columns has a most in every row.
func (q *Question) shapeGroups() error {
	if (q.Group == nil) != (q.GroupMost == nil) {
		return q.fault("group", "apportion.group-pair")
	}
	if q.Group == nil {
		return nil
	}
	if len(q.GroupMost) != len(q.Rows) {
		return q.fault("group_most", "apportion.rows", "key", "group_most", "got", len(q.GroupMost),
			"want", len(q.Rows))
	}
	groups := max(slices.Max(q.Group)+1, len(q.GroupMost[0]))
	for i, row := range q.GroupMost {
		if len(row) != groups {
			return q.fault(strict.ItemPath("group_most", i), "apportion.groups", "row", q.Rows[i],
				"got", len(row), "want", groups)
		}
	}
	return nil
}
