package web

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/stint-city/stint/engine/lang"
)

// inputProblem returns the problem of what huma found wrong with a request.
func inputProblem(e *huma.ErrorModel, tag lang.Tag) *Problem {
	err := errInput
	switch e.Status {
	case http.StatusRequestEntityTooLarge:
		err = errTooLarge
	case http.StatusUnsupportedMediaType:
		err = errMediaType
	case http.StatusRequestTimeout:
		err = errUnreadable
	case http.StatusInternalServerError:
		if strings.Contains(e.Detail, "read") {
			err = errUnreadable
		} else {
			err = errPanic
		}
	}
	p := newProblem(rowOf(err), tag)
	for _, d := range e.Errors {
		p.Errors = append(p.Errors, Fault{Where: d.Location, What: d.Message})
	}
	if len(p.Errors) == 0 && err == errInput { //nolint:errorlint // it is that very value
		p.Errors = []Fault{{"request", e.Detail}}
	}
	return p
}

// badInput returns the problem of one thing wrong with a request.
func badInput(tag lang.Tag, where, id string, args ...any) *Problem {
	p := newProblem(rowOf(errInput), tag)
	p.Errors = []Fault{{where, tag.Text(lang.M(id, args...))}}
	return p
}
