package lenient

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// found is what one value gave: whether it was understood, as what, and the kind of its problem.
type found struct {
	OK   bool
	Was  any
	Kind Kind
}

// read lets a function read one value.
func read[T any](body string, value func(*Reader) (T, bool)) found {
	var report Report
	r := NewReader("f", []byte(body), &report)
	x, ok := value(r)
	f := found{OK: ok}
	if ok {
		f.Was = x
	}
	if len(report.Problems) > 0 {
		f.Kind = report.Problems[0].Kind
	}
	return f
}

func TestValues(t *testing.T) {
	text := func(body string) found { return read(body, (*Reader).Text) }
	number := func(body string) found { return read(body, (*Reader).Number) }
	truth := func(body string) found { return read(body, (*Reader).Truth) }
	count := func(body string) found {
		return read(body, func(r *Reader) (int, bool) { return r.Count(100) })
	}
	tests := map[string]struct{ got, want found }{
		"a text is a text":                     {text(`"a"`), found{true, "a", ""}},
		"a number is understood as a text":     {text(`12`), found{true, "12", Type}},
		"true is no text":                      {text(`true`), found{false, nil, Value}},
		"null is nothing":                      {text(`null`), found{false, nil, Value}},
		"an object is no text":                 {text(`{}`), found{false, nil, Value}},
		"a number is a number":                 {number(`3.5`), found{true, 3.5, ""}},
		"a quoted number is understood":        {number(`" 3.5"`), found{true, 3.5, Type}},
		"a word is no number":                  {number(`"x"`), found{false, nil, Value}},
		"NaN is no number":                     {number(`"NaN"`), found{false, nil, Value}},
		"a number too large for one is absent": {number(`1e999`), found{false, nil, Value}},
		"a list is no number":                  {number(`[1]`), found{false, nil, Value}},
		"a count may be written as 7.0":        {count(`7.0`), found{true, 7, ""}},
		"a count isn't negative":               {count(`-1`), found{false, nil, Range}},
		"a count isn't a fraction":             {count(`1.5`), found{false, nil, Range}},
		"a count has a bound":                  {count(`101`), found{false, nil, Range}},
		"a truth is a truth":                   {truth(`false`), found{true, false, ""}},
		"1 is understood as true":              {truth(`1`), found{true, true, Type}},
		"\"FALSE\" is understood":              {truth(`"FALSE"`), found{true, false, Type}},
		"2 is neither":                         {truth(`2`), found{false, nil, Value}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// 2027-01-04T08:00:00Z is 20,822 days and 8 hours after 1970: 57 years with 14 leap days
// (1972 … 2024) and 3 days of 2027 make 57 × 365 + 14 + 3 = 20,822; × 86,400 + 28,800.
const monday = 1_799_049_600_000 // ms

func TestTime(t *testing.T) {
	at := func(form Form, body string) found {
		return read(body, func(r *Reader) (int64, bool) { return r.Time(form) })
	}
	is := func(kind Kind) found { return found{true, int64(monday), kind} }
	absent := found{false, nil, Value}
	tests := map[string]struct{ got, want found }{
		"seconds where seconds are due":           {at(Seconds, `1799049600`), is("")},
		"milliseconds where seconds are due":      {at(Seconds, `1799049600000`), is(Unit)},
		"milliseconds where they are due":         {at(Millis, `1799049600000`), is("")},
		"seconds where milliseconds are due":      {at(Millis, `1799049600`), is(Unit)},
		"a quoted number":                         {at(Millis, `"1799049600000"`), is(Type)},
		"RFC 3339 where it is due":                {at(RFC3339, `"2027-01-04T16:00:00+08:00"`), is("")},
		"RFC 3339 where seconds are due":          {at(Seconds, `"2027-01-04T08:00:00Z"`), is(Type)},
		"seconds where RFC 3339 is due":           {at(RFC3339, `1799049600`), is(Type)},
		"zero is no time":                         {at(Seconds, `0`), absent},
		"microseconds are no time":                {at(Seconds, `1799049600000000`), absent},
		"a day alone is no time":                  {at(RFC3339, `"2027-01-04"`), absent},
		"a time before 1970 is no time of a feed": {at(RFC3339, `"1969-01-01T00:00:00Z"`), absent},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
