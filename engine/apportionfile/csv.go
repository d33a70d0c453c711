package apportionfile

import (
	"math"

	"github.com/stint-city/stint/engine/strict"
)

// ReadCSV reads a matrix from three tables: the entries (row, col, weight and, where wanted, lower,
// upper, previous), the rows' totals (row, total and, where wanted, least) and the columns' totals
// (col, total, least). Rows and columns stand in the order of their totals. A pair without a line
// has the weight 0; an empty upper is none, an empty lower or previous 0. A pair may stand once.
//
// The entries are read line by line: memory holds the matrix, not the file.
func ReadCSV(entries, rows, cols Table) (*Question, error) {
	q := &Question{name: entries.Name, at: strict.Positions{}}
	var err error
	var rowAt, colAt map[string]int
	if rowAt, err = q.readTotals(rows, "row", MaxRows); err != nil {
		return nil, err
	}
	if colAt, err = q.readTotals(cols, "col", MaxCols); err != nil {
		return nil, err
	}
	if len(q.Rows)*len(q.Cols) > MaxEntries {
		return nil, strict.FaultAt(entries.Name, strict.Position{}, "apportion.too-many",
			"key", "weight", "most", MaxEntries)
	}
	l, err := newLines(entries, []string{"row", "col", "weight"},
		[]string{"lower", "upper", "previous"})
	if err != nil {
		return nil, err
	}
	q.lay(l)
	return q, q.readEntries(l, rowAt, colAt)
}

// readTotals reads a table of totals and returns where each ID stands.
func (q *Question) readTotals(t Table, column string, most int) (map[string]int, error) {
	l, err := newLines(t, []string{column, "total"}, []string{"least"})
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var ids []string
	var totals, least []int
	for {
		more, err := l.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		id, err := l.id(column)
		if err != nil {
			return nil, err
		}
		if _, twice := at[id]; twice {
			return nil, l.fault(column, "apportion.id-twice", "key", column, "id", id)
		}
		if len(ids) == most {
			return nil, l.fault(column, "apportion.too-many", "key", column, "most", most)
		}
		total, err := l.total("total", -1)
		if err != nil {
			return nil, err
		}
		from, err := l.total("least", total)
		if err != nil {
			return nil, err
		}
		at[id] = len(ids)
		ids, totals, least = append(ids, id), append(totals, total), append(least, from)
	}
	if len(ids) == 0 {
		return nil, strict.FaultAt(t.Name, strict.At(1, 1), "apportion.csv-no-line")
	}
	if !l.has("least") {
		least = nil
	}
	if column == "row" {
		q.Rows, q.RowTotals, q.RowLeast = ids, totals, least
	} else {
		q.Cols, q.ColTotals, q.ColLeast = ids, totals, least
	}
	return at, nil
}

// total is count for a column that may not be empty where blank is negative.
func (l *lines) total(column string, blank int) (int, error) {
	x, err := l.count(column, blank)
	if err == nil && x < 0 {
		return 0, l.fault(column, "strict.wrong-type", "key", column, "got", "", "want", "integer")
	}
	return x, err
}

// lay makes room for the matrices that a table of entries has columns of.
func (q *Question) lay(l *lines) {
	m, n := len(q.Rows), len(q.Cols)
	q.Weights = grid(m, n, 0.0)
	if l.has("lower") {
		q.Lower = grid(m, n, 0)
	}
	if l.has("upper") {
		q.Upper = grid(m, n, math.MaxInt)
	}
	if l.has("previous") {
		q.Previous = grid(m, n, 0)
	}
}

// grid makes a matrix of one value, in one piece.
func grid[T comparable](m, n int, fill T) [][]T {
	cells, zero := make([]T, m*n), *new(T)
	if fill != zero {
		for i := range cells {
			cells[i] = fill
		}
	}
	rows := make([][]T, m)
	for o := range rows {
		rows[o] = cells[o*n : (o+1)*n : (o+1)*n]
	}
	return rows
}

// readEntries reads the lines of the entries into the matrices.
func (q *Question) readEntries(l *lines, rowAt, colAt map[string]int) error {
	seen := make([]bool, len(q.Rows)*len(q.Cols))
	for {
		more, err := l.next()
		if err != nil || !more {
			return err
		}
		o, ok := rowAt[l.text("row")]
		if !ok {
			return l.fault("row", "apportion.csv-unknown", "column", "row", "got", l.text("row"))
		}
		c, ok := colAt[l.text("col")]
		if !ok {
			return l.fault("col", "apportion.csv-unknown", "column", "col", "got", l.text("col"))
		}
		if e := o*len(q.Cols) + c; seen[e] {
			return l.fault("row", "apportion.csv-pair", "row", q.Rows[o], "col", q.Cols[c])
		} else {
			seen[e] = true
		}
		if err := q.readEntry(l, o, c); err != nil {
			return err
		}
	}
}

// readEntry reads one line into the matrices.
func (q *Question) readEntry(l *lines, o, c int) (err error) {
	if q.Weights[o][c], err = l.weight("weight"); err != nil {
		return err
	}
	if q.Lower != nil {
		if q.Lower[o][c], err = l.count("lower", 0); err != nil {
			return err
		}
	}
	if q.Upper != nil {
		if q.Upper[o][c], err = l.count("upper", math.MaxInt); err != nil {
			return err
		}
	}
	if q.Previous != nil {
		q.Previous[o][c], err = l.count("previous", 0)
	}
	return err
}
