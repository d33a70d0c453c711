package strict

import (
	"errors"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// ErrInput is what every fault of the input is: the files must be mended, not stint.
var ErrInput = errors.New("bad input")

// Fault is something wrong in a file. Line and Column count from 1; 0 = not known. Err says in one
// sentence what is wrong and what to do, as a *lang.Error.
type Fault struct {
	File   string // as named in the city file, forward slashes
	Line   int
	Column int
	Err    error
}

// Error returns "file:line:column: sentence" without the parts that aren't known.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	for _, n := range []int{f.Line, f.Column} {
		if n > 0 {
			b.WriteString(":" + strconv.Itoa(n))
		}
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(f.Err.Error())
	return b.String()
}

// Unwrap returns the sentence, so that errors.As finds the *lang.Error.
func (f *Fault) Unwrap() error { return f.Err }

// Is reports true for ErrInput.
func (f *Fault) Is(target error) bool { return target == ErrInput }

// FaultAt returns a fault of file at a Position, with the sentence of a message.
func FaultAt(file string, at Position, id string, args ...any) *Fault {
	return &Fault{File: file, Line: at.Line, Column: at.Column, Err: lang.E(nil, id, args...)}
}

// FaultFrom is FaultAt for a fault that another error caused, which the message shows as {cause}.
func FaultFrom(cause error, file string, at Position, id string, args ...any) *Fault {
	return &Fault{File: file, Line: at.Line, Column: at.Column, Err: lang.E(cause, id, args...)}
}
