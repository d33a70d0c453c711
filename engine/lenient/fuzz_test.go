package lenient

import (
	"encoding/json"
	"testing"
	"unicode"
)

// FuzzReader reads any text: it ends, it takes every whole JSON text, and no problem holds what a
// terminal would obey.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		`{"data": {"bikes": [{"id": "a", "lat": 1}]}}`, `{"data": {"bikes": [{"id": 1, "id": 2`,
		"\xef\xbb\xbf[]", `{"data": {"bikes": [[[{}]]]}} x`, `"\u001b"`, `{"": {"": []}}`, ``, `nul`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var report Report
		r := NewReader("f", body, &report)
		bikes(r)
		if err := r.End(); err != nil && json.Valid(body) {
			t.Errorf("End() = %v of a whole text", err)
		}
		for _, p := range report.Problems {
			for _, c := range p.Field + p.First + p.Got {
				if !unicode.IsPrint(c) {
					t.Errorf("problem %+v holds %q", p, c)
				}
			}
			if p.Line < 1 || p.Column < 1 || p.Count < 1 {
				t.Errorf("problem %+v has no place", p)
			}
		}
		for _, value := range []func(*Reader){
			func(r *Reader) { _, _ = r.Text() },
			func(r *Reader) { _, _ = r.Number() },
			func(r *Reader) { _, _ = r.Count(10) },
			func(r *Reader) { _, _ = r.Truth() },
			func(r *Reader) { _, _ = r.Time(RFC3339) },
		} {
			own := NewReader("f", body, &Report{})
			value(own)
			if err := own.End(); err != nil && json.Valid(body) {
				t.Errorf("End() = %v of a whole text", err)
			}
		}
	})
}
