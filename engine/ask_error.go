package engine

import (
	"errors"
	"fmt"
	"math"
	"regexp"

	"github.com/stint-city/stint/geo"
)

// ErrAsk means that a question makes no sense. The error that wraps it is an *AskError.
var ErrAsk = errors.New("the question makes no sense")

// AskError says which field is wrong: the catalogue has its sentence under "ask.<Code>".
type AskError struct {
	Field string // "n", "key", "at", "hold", "placement"
	Code  string
	Args  []any // name, value pairs
}

// Error returns one sentence for logs.
func (e *AskError) Error() string { return fmt.Sprintf("%s: %s %v", e.Field, e.Code, e.Args) }

// Unwrap returns ErrAsk.
func (e *AskError) Unwrap() error { return ErrAsk }

// keyForm is what an idempotency key looks like.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// checkOperator refuses a name that can't be part of an ID or a level.
func checkOperator(operator string) error {
	if !zoneID.MatchString(operator) {
		return &AskError{"operator", "operator", []any{"got", cut(operator)}}
	}
	return nil
}

// checkKey refuses a key that can't be kept.
func checkKey(key string) error {
	if len(key) > 64 || !keyForm.MatchString(key) {
		return &AskError{"key", "key", []any{"got", cut(key)}}
	}
	return nil
}

// cut shortens a text for a sentence.
func cut(s string) string {
	const most = 60
	if len(s) > most {
		return s[:most]
	}
	return s
}

// checkPlace refuses a point that is not on Earth, with a hint where latitude and longitude seem
// to have changed places.
func checkPlace(p geo.LatLng) error {
	args := []any{"lat", p.Lat, "lng", p.Lng}
	switch {
	case math.IsNaN(p.Lat) || math.IsNaN(p.Lng) || math.IsInf(p.Lat, 0) || math.IsInf(p.Lng, 0):
		return &AskError{"at", "not-finite", args}
	case math.Abs(p.Lat) > 90 && math.Abs(p.Lng) <= 90 && math.Abs(p.Lat) <= 180:
		return &AskError{"at", "swapped", args}
	case math.Abs(p.Lat) > 90 || math.Abs(p.Lng) > 180:
		return &AskError{"at", "range", args}
	}
	return nil
}
