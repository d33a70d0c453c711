package lang

import (
	"fmt"
	"strings"
)

// Error is an error with a text in every language: Message says what is wrong and what to do,
// Err is what it wraps, nil for none. Its own text is the English one.
type Error struct {
	Message Message
	Err     error
}

// E returns an *Error that wraps err, which may be nil. The text shows err only where the
// catalogue's template says {cause}; errors.Is and errors.As find it in any case.
func E(err error, id string, args ...any) error {
	return &Error{Message: M(id, args...), Err: err}
}

// Error returns the English text.
func (e *Error) Error() string {
	return e.text(English)
}

// Unwrap returns what e wraps.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// text renders the error in a language, with its cause where the template has a place for it.
func (e *Error) text(t Tag) string {
	if e == nil {
		return t.Word("word.unknown")
	}
	m := e.Message
	if e.Err != nil {
		args := make([]any, 0, len(m.Args)+2)
		m.Args = append(append(args, m.Args...), causeName, e.Err)
	}
	return t.Text(m)
}

// Error renders err in the language t: the outermost Error of the chain, or of each branch of a
// joined chain, is translated, and what others wrapped around it stays as they wrote it. An err
// without an Error in it gives its own text, nil gives "".
func (t Tag) Error(err error) string {
	if err == nil {
		return ""
	}
	if own, ok := err.(*Error); ok { //nolint:errorlint // the outermost layer itself is asked for
		return own.text(t)
	}
	rest := fmt.Sprint(err) // which survives an Error that panics
	var b strings.Builder
	for _, own := range outermost(nil, err) {
		before, after, found := strings.Cut(rest, own.text(English))
		if !found {
			continue // a wrapper that doesn't print what it wraps
		}
		b.WriteString(before)
		b.WriteString(own.text(t))
		rest = after
	}
	return b.String() + rest
}

// outermost appends to dst the first Error of each branch under err, in the order in which
// errors.As would visit them.
func outermost(dst []*Error, err error) []*Error {
	switch x := err.(type) { //nolint:errorlint // this walks the chain itself
	case *Error:
		return append(dst, x)
	case interface{ Unwrap() error }:
		return outermost(dst, x.Unwrap())
	case interface{ Unwrap() []error }:
		for _, branch := range x.Unwrap() {
			dst = outermost(dst, branch)
		}
	}
	return dst
}
