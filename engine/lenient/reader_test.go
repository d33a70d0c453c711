package lenient

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// bikes reads {"data": {"bikes": [{"id", "lat"}]}} and returns what it understood.
func bikes(r *Reader) (ids []string, lats []float64) {
	r.Object(func(key string) {
		if key != "data" {
			r.Skip()
			return
		}
		r.Object(func(key string) {
			if key != "bikes" {
				r.Skip()
				return
			}
			r.List(func() {
				seen := false
				ok := r.Object(func(key string) {
					switch key {
					case "id":
						seen = true
						id, _ := r.Text()
						ids = append(ids, id)
					case "lat":
						if n, ok := r.Number(); ok {
							lats = append(lats, n)
						}
					default:
						r.Skip()
					}
				})
				if ok && !seen {
					r.Missing("id")
				}
			})
		})
	})
	return ids, lats
}

func TestReader(t *testing.T) {
	tests := map[string]struct {
		body string
		ids  []string
		lats []float64
		want []Problem
		err  error
	}{
		"a clean text has no problem, and what isn't asked for is skipped": {
			body: `{"x": [{"deep": [1, {}]}], "data": {"y": null, "bikes": [{"id": "a", "lat": 1.5}]}}`,
			ids:  []string{"a"}, lats: []float64{1.5},
		},
		"the first of two equal problems is the example": {
			body: "{\"data\": {\"bikes\": [\n" +
				"{\"id\": \"a\", \"lat\": \"1\"},\n{\"id\": \"b\", \"lat\": \"2\"}]}}",
			ids: []string{"a", "b"}, lats: []float64{1, 2},
			want: []Problem{{
				Feed: "f", Field: "data.bikes[].lat", Kind: Type, Count: 2,
				First: "data.bikes[0].lat", Line: 2, Column: 20, Got: "string",
			}},
		},
		"a field that lacks is told of the object that lacks it": {
			body: `{"data": {"bikes": [{"lat": 1}]}}`, lats: []float64{1},
			want: []Problem{{
				Feed: "f", Field: "data.bikes[].id", Kind: Missing, Count: 1,
				First: "data.bikes[0].id", Line: 1, Column: 21,
			}},
		},
		"of a key that comes twice the first holds": {
			body: `{"data": {"bikes": [{"id": "a", "id": "b"}]}}`, ids: []string{"a"},
			want: []Problem{{
				Feed: "f", Field: "data.bikes[].id", Kind: Repeated, Count: 1,
				First: "data.bikes[0].id", Line: 1, Column: 39,
			}},
		},
		"an item of another shape is left out": {
			body: `{"data": {"bikes": [7, {"id": "a"}]}}`, ids: []string{"a"},
			want: []Problem{{
				Feed: "f", Field: "data.bikes[]", Kind: Value, Count: 1,
				First: "data.bikes[0]", Line: 1, Column: 21, Got: "number",
			}},
		},
		"a byte order mark is passed over": {
			body: "\xef\xbb\xbf" + `{"data": {"bikes": [{"id": "a"}]}}`, ids: []string{"a"},
			want: []Problem{{Feed: "f", Kind: Mark, Count: 1, Line: 1, Column: 1}},
		},
		"what stands behind the text is counted": {
			body: `{"data": {"bikes": []}} <p>`,
			want: []Problem{{Feed: "f", Kind: Trailing, Count: 1, Line: 1, Column: 25}},
		},
		"a text that ends in the middle is broken there": {
			body: `{"data": {"bikes": [{"id": "a"}, {"id`, ids: []string{"a"}, err: ErrBroken,
			want: []Problem{{
				Feed: "f", Kind: Truncated, Count: 1, First: "data.bikes[1]", Line: 1, Column: 38,
			}},
		},
		"a page of HTML is no JSON": {
			body: `<html>`, err: ErrBroken,
			want: []Problem{{Feed: "f", Kind: Syntax, Count: 1, Line: 1, Column: 1}},
		},
		"an empty body is truncated": {
			body: ``, err: ErrBroken,
			want: []Problem{{Feed: "f", Kind: Truncated, Count: 1, Line: 1, Column: 1}},
		},
		"a key's control characters don't reach a terminal": {
			body: `{"data": {"bikes": [{"id": 1}]}, "\u001b[2J": 1, "\u001b[2J": 2}`,
			ids:  []string{"1"},
			want: []Problem{
				{
					Feed: "f", Field: "data.bikes[].id", Kind: Type, Count: 1,
					First: "data.bikes[0].id", Line: 1, Column: 28, Got: "number",
				},
				{
					Feed: "f", Field: "\ufffd[2J", Kind: Repeated, Count: 1,
					First: "\ufffd[2J", Line: 1, Column: 63,
				},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var report Report
			r := NewReader("f", []byte(tt.body), &report)
			ids, lats := bikes(r)
			if err := r.End(); !errors.Is(err, tt.err) {
				t.Errorf("End() = %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Errorf("IDs (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.lats, lats); diff != "" {
				t.Errorf("latitudes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, report.Problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Problems that are found after the walk have the place of their item.
func TestItem(t *testing.T) {
	var report Report
	r := NewReader("f", []byte("[\n  {\"id\": 1},\n  {\"id\": 2}\n]"), &report)
	var offsets []int
	r.List(func() {
		r.Object(func(string) { r.Skip() })
		offsets = append(offsets, r.Offset())
	})
	r.ProblemAt(r.Item("", 1, "id", offsets[1]), Unknown, "x")
	want := []Problem{{
		Feed: "f", Field: "[].id", Kind: Unknown, Count: 1, First: "[1].id", Line: 3, Column: 3,
		Got: "x",
	}}
	if diff := cmp.Diff(want, report.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// A text deeper than any standard's is skipped, not followed.
func TestDepth(t *testing.T) {
	const deep = mostDepth + 10
	var report Report
	body := strings.Repeat("[", deep) + strings.Repeat("]", deep)
	r := NewReader("f", []byte(body), &report)
	reached := 0
	var walk func()
	walk = func() {
		reached++
		r.List(walk)
	}
	walk()
	if err := r.End(); err != nil {
		t.Fatalf("End() = %v", err)
	}
	if want := mostDepth + 2; reached != want { // the outer list, mostDepth in it, the one refused
		t.Errorf("walked %d lists, want %d", reached, want)
	}
	if len(report.Problems) != 1 || report.Problems[0].Kind != Range {
		t.Errorf("problems = %v, want one of kind %s", report.Problems, Range)
	}
}

// However many fields are wrong, a report tells a bounded number of problems apart and counts all.
func TestReportIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3*mostProblems).Draw(t, "fields")
		var r Report
		for i := range n {
			r.Add(Problem{Feed: "f", Field: strings.Repeat("x", i), Kind: Missing})
		}
		total := 0
		for _, p := range r.Problems {
			total += p.Count
		}
		if total != n || len(r.Problems) > mostProblems+1 {
			t.Errorf("%d problems in %d entries, want %d in at most %d",
				total, len(r.Problems), n, mostProblems+1)
		}
	})
}

func TestCut(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"a short text stays": {"moped", "moped"},
		"a long text is cut between characters": {
			strings.Repeat("停", 30), strings.Repeat("停", 20) + "…", // 60 bytes are 20 characters
		},
		"a line feed is replaced": {"a\nb", "a\ufffdb"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := cut(tt.text); got != tt.want {
				t.Errorf("cut(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}
