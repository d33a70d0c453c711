package apportionfile

import (
	"math"

	"github.com/stint-city/stint/engine/strict"
)

// ReadCSVVector reads a vector from a table of claims (col, weight and, where wanted, lower and
// upper) that divide the total.
func ReadCSVVector(claims Table, total int) (*Question, error) {
	l, err := newLines(claims, []string{"col", "weight"}, []string{"lower", "upper"})
	if err != nil {
		return nil, err
	}
	q := &Question{name: claims.Name, at: strict.Positions{}, Vector: true, Total: total}
	q.Rows, q.Weights = number(1), make([][]float64, 1)
	if l.has("lower") {
		q.Lower = make([][]int, 1)
	}
	if l.has("upper") {
		q.Upper = make([][]int, 1)
	}
	seen := map[string]bool{}
	for {
		more, err := l.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		id, err := l.id("col")
		if err != nil {
			return nil, err
		}
		if seen[id] {
			return nil, l.fault("col", "apportion.id-twice", "key", "col", "id", id)
		}
		if len(seen) == MaxCols {
			return nil, l.fault("col", "apportion.too-many", "key", "col", "most", MaxCols)
		}
		seen[id] = true
		q.Cols = append(q.Cols, id)
		if err := q.readClaim(l); err != nil {
			return nil, err
		}
	}
	if len(q.Cols) == 0 {
		return nil, strict.FaultAt(claims.Name, strict.At(1, 1), "apportion.csv-no-line")
	}
	return q, nil
}

// readClaim appends what a line says of one claim.
func (q *Question) readClaim(l *lines) error {
	weight, err := l.weight("weight")
	if err != nil {
		return err
	}
	q.Weights[0] = append(q.Weights[0], weight)
	if q.Lower != nil {
		lower, err := l.count("lower", 0)
		if err != nil {
			return err
		}
		q.Lower[0] = append(q.Lower[0], lower)
	}
	if q.Upper != nil {
		upper, err := l.count("upper", math.MaxInt)
		if err != nil {
			return err
		}
		q.Upper[0] = append(q.Upper[0], upper)
	}
	return nil
}
