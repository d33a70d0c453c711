package scoring

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Sheet is what was measured of one operator. The order of Values doesn't matter; an indicator
// without a value is missing.
type Sheet struct {
	Operator string // its ID; no two sheets share one
	Values   []Value
}

// Value is one measurement, or the statement that there is none.
type Value struct {
	Indicator string
	Value     float64 // in the indicator's unit; not read unless Known
	Known     bool
	Why       string // why it is unknown, a code
	Samples   int    // how many observations stand behind it, for the reader; 0 = not said
}

// WhyAbsent is the code of an indicator that the sheet doesn't mention.
const WhyAbsent = "absent"

// What can be wrong with a sheet. Every SheetError wraps one of these.
var (
	// ErrOperator: a sheet without an operator.
	ErrOperator = errors.New("no operator")
	// ErrOperatorTwice: two sheets of one operator.
	ErrOperatorTwice = errors.New("operator has two sheets")
	// ErrIndicator: a value for an indicator that the rubric doesn't have.
	ErrIndicator = errors.New("indicator is not in the rubric")
	// ErrValueTwice: two values for one indicator.
	ErrValueTwice = errors.New("indicator has two values")
	// ErrNotFinite: a known value that is NaN or infinite.
	ErrNotFinite = errors.New("known value is not a finite number")
)

// SheetError is the first fault of the sheets.
type SheetError struct {
	Operator  string
	Indicator string // "" where the sheet as a whole is at fault
	Err       error  // one of the sentinels above
}

// Error returns one sentence.
func (e *SheetError) Error() string {
	if e.Indicator == "" {
		return fmt.Sprintf("sheet of %q: %v", e.Operator, e.Err)
	}
	return fmt.Sprintf("sheet of %q, indicator %q: %v", e.Operator, e.Indicator, e.Err)
}

// Unwrap returns the sentinel.
func (e *SheetError) Unwrap() error { return e.Err }

// positions returns the place of each indicator in the rubric, by ID.
func (r Rubric) positions() map[string]int {
	at := make(map[string]int, len(r.Indicators))
	for j, d := range r.Indicators {
		at[d.ID] = j
	}
	return at
}

// readAll returns the items of every sheet: items[k] answers sheets[k]. at is r.positions().
func (r Rubric) readAll(at map[string]int, sheets []Sheet) ([][]Item, error) {
	items := make([][]Item, len(sheets))
	seen := make(map[string]bool, len(sheets))
	for k, s := range sheets {
		switch {
		case s.Operator == "":
			return nil, &SheetError{Err: ErrOperator}
		case seen[s.Operator]:
			return nil, &SheetError{Operator: s.Operator, Err: ErrOperatorTwice}
		}
		seen[s.Operator] = true
		var err error
		if items[k], err = r.read(at, s); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// read returns the items of one sheet in the order of the rubric, with points where the value is
// known and NaN where it isn't.
func (r Rubric) read(at map[string]int, s Sheet) ([]Item, error) {
	items := make([]Item, len(r.Indicators))
	for j, d := range r.Indicators {
		items[j] = d.item(Value{Indicator: d.ID, Why: WhyAbsent})
	}
	given := make([]bool, len(items))
	for _, v := range s.Values {
		j, ok := at[v.Indicator]
		switch {
		case !ok:
			return nil, &SheetError{s.Operator, v.Indicator, ErrIndicator}
		case given[j]:
			return nil, &SheetError{s.Operator, v.Indicator, ErrValueTwice}
		case v.Known && !finite(v.Value):
			return nil, &SheetError{s.Operator, v.Indicator, ErrNotFinite}
		}
		given[j] = true
		items[j] = r.Indicators[j].item(v)
	}
	return items, nil
}

// item returns the item of a value as far as the indicator alone decides it.
func (d Indicator) item(v Value) Item {
	it := Item{Indicator: d.ID, Weight: d.Weight, Samples: v.Samples}
	if !v.Known {
		it.Value, it.Points, it.Why = math.NaN(), math.NaN(), v.Why
		return it
	}
	it.Value, it.Known = v.Value, true
	it.Points, it.How = d.points(v.Value)
	return it
}

// points returns the points of a value and the part of the scale that gave them.
func (d Indicator) points(v float64) (float64, string) {
	if d.Linear != nil {
		return d.Linear.points(v), HowLinear
	}
	i := bandOf(d.Bands, v)
	return d.Bands[i].Points, HowBand + strconv.Itoa(i+1)
}
