package rubric

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLint(t *testing.T) {
	const ours = `"agency": "traffic", "missing": "worst", "name": {}, "max": 10`
	line := func(more string) string {
		return `{"id": "x", "direction": "higher", "linear": {"zero": 0, "full": 9}, ` + ours + more + `}`
	}
	tests := map[string]struct {
		row  string
		want []string
	}{
		"a line of one's own is fine": {line(``), nil},
		"nobody answers for it": {
			`{"id": "x", "max": 10, "given": true, "missing": "worst"}`,
			[]string{"agency no-agency"},
		},
		"trips favour the large":        {line(`, "unit": "trips"`), []string{"unit size-bias"}},
		"so do orders in Chinese":       {line(`, "unit": "万订单"`), []string{"unit size-bias"}},
		"trips a vehicle don't":         {line(`, "unit": "trips/vehicle"`), nil},
		"nor a share of the vehicles":   {line(`, "unit": "% of vehicles"`), nil},
		"nor where the bureau means it": {line(`, "unit": "trips", "size": "a duty to serve"`), nil},
		"nor fewer vehicles": {`{"id": "x", "direction": "lower", "unit": "vehicles",
			"linear": {"zero": 9, "full": 0}, ` + ours + `}`, nil},
		"the last band has a point": {
			`{"id": "x", "direction": "higher", "bands": [
			{"gte": 2, "points": 10}, {"else": true, "points": 1}], ` + ours + `}`,
			[]string{"bands band-floor"},
		},
		"the mean of much": {
			`{"id": "x", "max": 10, "given": true, "missing": "mean", "agency": "a"}`,
			[]string{"missing missing-generous"},
		},
		"60 passes but isn't above 60": {
			`{"id": "x", "direction": "higher", "bands": [
			{"gt": 6, "points": 10}, {"else": true, "points": 0}], ` + ours + `}`,
			[]string{"bands[0].gt line-ambiguous"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "10", tt.row, `"pass": 6, "objections": {"en": "within ten days"}`)
			if faults := r.Check(); len(faults) > 0 && faults[0].Code != "" {
				t.Fatalf("Check() = %v, want nothing", faults)
			}
			if diff := cmp.Diff(tt.want, doubts(r, "tables[0].indicators[0].")); diff != "" {
				t.Errorf("Lint() (-want +got):\n%s", diff)
			}
		})
	}
}

// doubts are findings as "path code", the path without what all have in common.
func doubts(r *Rubric, common string) []string {
	var lines []string
	for _, f := range r.Lint() {
		path := f.Path
		if len(path) > len(common) && path[:len(common)] == common {
			path = path[len(common):]
		}
		lines = append(lines, path+" "+f.Code)
	}
	return lines
}

func TestLintLines(t *testing.T) {
	r := oneTable(t, "56", `{"id": "x", "name": {}, "max": 56, "given": true, "agency": "a",
		"missing": "worst"}`, `"pass": 60,
		"vetoes": [{"id": "v", "of": "x", "gt": 50, "do": "exit"}],
		"grades": [{"id": "a", "above": 60}, {"id": "b", "from": 50}]`)
	want := []string{
		"vetoes[0].gt line-ambiguous", // 50 is a grade's line
		"grades[0] line-beyond", "grades[0].above line-ambiguous",
		"pass line-beyond", "objections no-objections",
	}
	if diff := cmp.Diff(want, doubts(r, "")); diff != "" {
		t.Errorf("Lint() (-want +got):\n%s", diff)
	}
	var nothing Rubric
	if diff := cmp.Diff([]string{"objections no-objections"}, doubts(&nothing, "")); diff != "" {
		t.Errorf("Lint() of nothing (-want +got):\n%s", diff)
	}
}
