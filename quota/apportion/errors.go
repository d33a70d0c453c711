package apportion

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrInfeasible means that totals and bounds can't be met together. The error that wraps it is a
	// *RangeError or a *CutError and says by how much.
	ErrInfeasible = errors.New("the totals and bounds can't be met together")

	// ErrMalformed means that a claim or a problem is no question at all: a weight that isn't a
	// number, a repeated ID, a negative total, a lower bound above its upper one.
	ErrMalformed = errors.New("malformed input")

	// ErrUncertified means that a solution doesn't keep the totals or the bounds of its problem.
	ErrUncertified = errors.New("the solution does not answer the problem")
)

// RangeError says that Divide's total lies outside what the claims can hold together.
// It wraps ErrInfeasible.
type RangeError struct {
	Total     int
	Low, High int // the sums of what each claim must and can hold
}

// Error says which sum the total is beyond.
func (e *RangeError) Error() string {
	if e.Total < e.Low {
		return fmt.Sprintf("a total of %d is below the floors, which sum to %d", e.Total, e.Low)
	}
	return fmt.Sprintf("a total of %d is above the ceilings, which sum to %d", e.Total, e.High)
}

// Unwrap returns ErrInfeasible.
func (e *RangeError) Unwrap() error { return ErrInfeasible }

// CutError proves that no matrix has the totals and bounds asked for: its Rows need Need units, and
// only Placeable fit, the sum of their Groups' mosts and, column by column, the lesser of what the
// other rows' lower bounds leave of the column's total and what the Rows' upper bounds admit. With
// ranges Need is the least that the Rows must hold. It wraps ErrInfeasible.
//
// Without Rows the lower bounds alone exceed the totals of Cols: Need is 0 and Placeable negative.
//
// Forced turns it round: the leasts of Cols, less what all others may hold there, and the Rows'
// lower bounds elsewhere force Need units on the Rows, which may hold no more than Placeable.
//
// Source: Gale's theorem, Pacific Journal of Mathematics 7 (1957), as allocation.md 5.6 states it.
type CutError struct {
	Rows      []string // in byte order
	Forced    bool
	Need      int
	Placeable int
	Shortfall int          // Need - Placeable: the least units to relax over this cut; > 0
	Cols      []string     // columns limited by their total or their least, in byte order
	Entries   []Limit      // entries limited by their upper bound, in the columns where that counts
	Groups    []GroupLimit // groups limited by a row's most there
}

// Limit is the upper bound of one entry of a cut.
type Limit struct {
	Row, Col string
	Upper    int // 0 where the weight is 0
}

// GroupLimit is the most of one row in a group.
type GroupLimit struct {
	Row         string
	Group, Most int
}

// Error names the rows, both numbers and the difference.
func (e *CutError) Error() string {
	if e.Forced {
		return fmt.Sprintf("the leasts of %s force %d on %s, which may hold %d, %d too many",
			list(e.Cols), e.Need, list(e.Rows), e.Placeable, e.Shortfall)
	}
	if len(e.Rows) == 0 {
		return fmt.Sprintf("lower bounds exceed the totals of %s by %d", list(e.Cols), e.Shortfall)
	}
	return fmt.Sprintf("%s need %d but only %d can be placed, %d short: %d columns are full and "+
		"%d entries at their upper bound",
		list(e.Rows), e.Need, e.Placeable, e.Shortfall, len(e.Cols), len(e.Entries))
}

// Unwrap returns ErrInfeasible.
func (e *CutError) Unwrap() error { return ErrInfeasible }

// list writes the first IDs, and how many more there are.
func list(ids []string) string {
	const most = 5 // what a reader takes in; the error's fields hold them all
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}
