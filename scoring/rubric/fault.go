package rubric

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrRubric is a rubric that can't be carried out; Check says why.
	ErrRubric = errors.New("rubric can't be carried out")
	// ErrSheet is a sheet that the rubric can't be applied to.
	ErrSheet = errors.New("sheet can't be scored")
)

// Fault is one thing in a rubric that makes no sense.
type Fault struct {
	Path string // where it stands in the file: "tables[0].indicators[2].bands[1].points"
	Code string // what is wrong, a slug: the message's ID is "rubric.<Code>"
	Args []any  // what the message names: a name, its value, a name, its value …
}

// Error returns the fault in one line: where, what, and the figures.
func (f Fault) Error() string { return f.Path + ": " + f.Code + named(f.Args) }

// CheckError is all that Check found. It is an ErrRubric.
type CheckError struct {
	ID     string // of the rubric
	Faults []Fault
}

// Error returns the first fault and how many more there are.
func (e *CheckError) Error() string {
	text := fmt.Sprintf("rubric %q: %s", e.ID, e.Faults[0].Error())
	if more := len(e.Faults) - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// Unwrap returns ErrRubric.
func (e *CheckError) Unwrap() error { return ErrRubric }

// SheetError says which sheet can't be scored and why. It is an ErrSheet.
type SheetError struct {
	Operator, Period, Assessor string // of the sheet
	Indicator                  string // the indicator or figure in question; "" = the whole sheet
	Code                       string // what is wrong, a slug: the message's ID is "rubric.<Code>"
	Args                       []any  // as in Fault
}

// Error returns the sheet's place, what is wrong, and the figures.
func (e *SheetError) Error() string {
	var place strings.Builder
	fmt.Fprintf(&place, "sheet of operator %q", e.Operator)
	for _, part := range [][2]string{
		{"period", e.Period}, {"assessor", e.Assessor}, {"indicator", e.Indicator},
	} {
		if part[1] != "" {
			fmt.Fprintf(&place, ", %s %q", part[0], part[1])
		}
	}
	return place.String() + ": " + e.Code + named(e.Args)
}

// Unwrap returns ErrSheet.
func (e *SheetError) Unwrap() error { return ErrSheet }

// named spells the arguments of a message: " (want 100, got 90)", or nothing.
func named(args []any) string {
	pairs := make([]string, 0, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("%v %v", args[i], args[i+1]))
	}
	if len(pairs) == 0 {
		return ""
	}
	return " (" + strings.Join(pairs, ", ") + ")"
}
