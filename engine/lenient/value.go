package lenient

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// mostText is the longest text that is kept, bytes.
const mostText = 512

// scalar reads a value that is neither an object nor a list; others are a problem.
func (r *Reader) scalar() (json.Token, bool) {
	r.begin()
	if r.at < len(r.body) && (r.body[r.at] == '{' || r.body[r.at] == '[') {
		r.Problem(Value, shape(r.body[r.at]))
		r.Skip()
		return nil, false
	}
	t := r.token()
	if r.err == nil && t == nil {
		r.Problem(Value, "null")
		return nil, false
	}
	return t, r.err == nil
}

// Text reads a text. A number is understood and counted. A text too long to be one is absent.
func (r *Reader) Text() (string, bool) {
	t, ok := r.scalar()
	if !ok {
		return "", false
	}
	switch x := t.(type) {
	case string:
		if len(x) > mostText {
			r.Problem(Range, strconv.Itoa(len(x)))
			return "", false
		}
		return x, true
	case json.Number:
		r.Problem(Type, "number")
		return cut(x.String()), true
	}
	r.Problem(Value, "boolean")
	return "", false
}

// Number reads a finite number. One written as a text is understood and counted.
func (r *Reader) Number() (float64, bool) {
	t, ok := r.scalar()
	if !ok {
		return 0, false
	}
	text, quoted := "", false
	switch x := t.(type) {
	case json.Number:
		text = x.String()
	case string:
		text, quoted = strings.TrimSpace(x), true
	default:
		r.Problem(Value, "boolean")
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		r.Problem(Value, text)
		return 0, false
	}
	if quoted {
		r.Problem(Type, "string")
	}
	return n, true
}

// Count reads a whole number from 0 to most. One with a fraction of zero is understood.
func (r *Reader) Count(most int) (int, bool) {
	n, ok := r.Number()
	if !ok {
		return 0, false
	}
	if n < 0 || n > float64(most) || n != math.Trunc(n) {
		r.Problem(Range, strconv.FormatFloat(n, 'g', -1, 64))
		return 0, false
	}
	return int(n), true
}

// Truth reads true or false. 0, 1 and the words as texts are understood and counted.
func (r *Reader) Truth() (value, ok bool) {
	t, ok := r.scalar()
	if !ok {
		return false, false
	}
	word := ""
	switch x := t.(type) {
	case bool:
		return x, true
	case json.Number:
		word = x.String()
	case string:
		word = strings.ToLower(x)
	}
	switch word {
	case "1", "true":
		r.Problem(Type, word)
		return true, true
	case "0", "false":
		r.Problem(Type, word)
		return false, true
	}
	r.Problem(Value, word)
	return false, false
}

// Form is how a standard writes a time.
type Form uint8

// The forms of times.
const (
	Seconds Form = iota // since 1970, GBFS 2
	Millis              // since 1970, MDS
	RFC3339             // GBFS 3
)

// Time reads a time, ms since 1970. Each of the three forms is understood, as a text too; one that
// isn't the standard's is counted.
func (r *Reader) Time(want Form) (int64, bool) {
	t, ok := r.scalar()
	if !ok {
		return 0, false
	}
	text, quoted := "", false
	switch x := t.(type) {
	case json.Number:
		text = x.String()
	case string:
		text, quoted = strings.TrimSpace(x), true
	default:
		r.Problem(Value, "boolean")
		return 0, false
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return r.unix(n, text, quoted, want)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.UnixMilli() <= 0 || at.Year() > 9999 {
		r.Problem(Value, text)
		return 0, false
	}
	if want != RFC3339 {
		r.Problem(Type, text)
	}
	return at.UnixMilli(), true
}

// unix understands a number as a time.
func (r *Reader) unix(n float64, text string, quoted bool, want Form) (int64, bool) {
	const first, most = 1e11, 1e14 // larger than seconds of the year 5138; than its milliseconds
	if math.IsNaN(n) || n <= 0 || n > most {
		r.Problem(Value, text)
		return 0, false
	}
	form := Seconds
	if n >= first {
		form = Millis
	}
	switch {
	case quoted || want == RFC3339:
		r.Problem(Type, text)
	case form != want:
		r.Problem(Unit, text)
	}
	if form == Seconds {
		n *= 1000
	}
	return int64(n), true
}
