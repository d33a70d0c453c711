package policy

import (
	"slices"
	"testing"
)

// Each finding has rules that show it, by the path where it is found, and the nearest rules that
// don't.
func TestLint(t *testing.T) {
	const pool = `{"id": "p", "size": "total", "unfilled": "lost", "method": `
	tests := []struct {
		code, path   string
		doubt, clean string // JSON without the head
	}{
		{
			"line-ambiguous", "grades[0].above",
			`{"grades": [{"id": "A", "above": 60}, {"id": "B"}]}`,
			`{"grades": [{"id": "A", "from": 60}, {"id": "B"}]}`,
		},
		{
			"grade-unreachable", "grades[1]",
			`{"grades": [{"id": "B", "from": 60}, {"id": "A", "from": 80}, {"id": "C"}]}`,
			`{"grades": [{"id": "A", "from": 80}, {"id": "B", "from": 60}, {"id": "C"}]}`,
		},
		{
			"grade-unreachable", "grades[1]",
			`{"grades": [{"id": "A"}, {"id": "B", "from": 60}]}`,
			`{"grades": [{"id": "B", "from": 60}, {"id": "A"}]}`,
		},
		{
			"grade-above-scale", "grades[0]",
			`{"score": {"scale": 100, "bonus": 5}, "grades": [{"id": "A", "from": 105.5}, {"id": "B"}]}`,
			`{"score": {"scale": 100, "bonus": 5}, "grades": [{"id": "A", "from": 105}, {"id": "B"}]}`,
		},
		{
			"grade-gap", "grades[0]",
			`{"grades": [{"id": "A", "from": 60}]}`, `{"grades": [{"id": "A", "from": 0}]}`,
		},
		{
			"shares-sum", "allocate.pools[0].shares",
			`{"rank": {"by": "score", "last": "shared"}, "allocate": {"pools": [
				` + pool + `"shares", "shares": [0.5, 0.3]}]}}`,
			`{"rank": {"by": "score", "last": "shared"}, "allocate": {"pools": [
				` + pool + `"shares", "shares": [0.5, "30%", "0.1 * 2"]}]}}`,
		},
		{
			"shares-sum", "allocate.pools[0].shares", // by a parameter's own value
			`{"params": [{"id": "top", "value": 0.6}], "rank": {"by": "score", "last": "shared"},
				"allocate": {"pools": [` + pool + `"shares", "shares": ["top", 0.5]}]}}`,
			`{"params": [{"id": "top", "required": true}], "rank": {"by": "score", "last": "shared"},
				"allocate": {"pools": [` + pool + `"shares", "shares": ["top", 0.5]}]}}`,
		},
		{
			"weights-sum", "score.assessors",
			`{"score": {"scale": 100, "absent": "unknown", "assessors": [
				{"id": "a", "weight": 60}, {"id": "b", "weight": 30}]}}`,
			`{"score": {"scale": 100, "absent": "unknown", "assessors": [
				{"id": "a", "weight": 60}, {"id": "b", "weight": 40}]}}`,
		},
		{
			"zone-split-sum", "zones.split",
			`{"zones": {"split": [{"zone": "a", "part": 0.7}, {"zone": "b", "part": 0.2}]}}`,
			`{"zones": {"split": [{"zone": "a", "part": 0.7}, {"zone": "b", "part": 0.3}]}}`,
		},
		{
			"zone-caps-sum", "zones.caps",
			`{"total": {"is": 100}, "zones": {"sum": "equal", "caps": [
				{"zone": "a", "cap": 70}, {"zone": "b", "cap": 20}]}}`,
			`{"total": {"is": 100}, "zones": {"sum": "at_most", "caps": [
				{"zone": "a", "cap": 70}, {"zone": "b", "cap": 20}]}}`,
		},
		{
			"no-entrant-pool", "allocate.pools",
			`{"allocate": {"pools": [` + pool + `"equal", "if": "class = 'incumbent'"}]}}`,
			`{"allocate": {"pools": [` + pool + `"equal", "if": "class in ['incumbent', 'entrant']"}]}}`,
		},
		{
			"no-term", "period",
			`{"freed": {"to": "reserve"}, "adjust": [{"id": "a", "change": {"abs": -1}}]}`,
			`{"freed": {"to": "reserve"}, "adjust": [{"id": "a", "change": {"abs": -1}}],
				"term": {"from": "2022-07-01", "years": 3}}`,
		},
		{
			"size-bias", "rank.by",
			`{"facts": [{"id": "trips", "of": "operator"}], "rank": {"by": "trips", "last": "shared"}}`,
			`{"facts": [{"id": "trips", "of": "operator"}],
				"rank": {"by": "trips / before", "last": "shared"}}`,
		},
		{
			"size-bias", "rank.ties[0]",
			`{"facts": [{"id": "revenue", "of": "operator"}],
				"rank": {"by": "score", "ties": ["revenue"], "last": "id"}}`,
			`{"facts": [{"id": "trips_per_bike", "of": "operator"}],
				"rank": {"by": "score", "ties": ["trips_per_bike"], "last": "id"}}`,
		},
		{
			"size-bias", "allocate.pools[0].weight",
			`{"facts": [{"id": "orders", "of": "operator"}],
				"allocate": {"pools": [` + pool + `"weight", "weight": "orders"}]}}`,
			`{"facts": [{"id": "orders_per_day_share", "of": "operator"}],
				"allocate": {"pools": [` + pool + `"weight", "weight": "orders_per_day_share"}]}}`,
		},
		{
			"tie-by-name", "rank",
			`{"rank": {"by": "score", "last": "id"}}`, `{"rank": {"by": "score", "last": "shared"}}`,
		},
		{
			"local-registration", "facts[0]",
			`{"facts": [{"id": "local_branch", "of": "operator", "kind": "truth"}],
				"qualified": "local_branch"}`,
			`{"facts": [{"id": "local_complaints", "of": "operator"}],
				"qualified": "local_complaints < 5"}`,
		},
		{
			"local-registration", "vetoes[0]",
			`{"facts": [{"id": "x", "of": "operator", "kind": "truth"}],
				"vetoes": [{"id": "未设分公司", "if": "x", "do": "zero_score"}]}`,
			`{"facts": [{"id": "x", "of": "operator", "kind": "truth"}],
				"vetoes": [{"id": "数据造假", "if": "x", "do": "zero_score"}]}`,
		},
		{
			"base-running", "adjust[1].change.of",
			`{"freed": {"to": "lost"}, "adjust": [{"id": "a", "change": {"abs": -1}},
				{"id": "b", "change": {"percent": -5, "of": "running"}}]}`,
			`{"freed": {"to": "lost"}, "adjust": [{"id": "a", "change": {"abs": -1}},
				{"id": "b", "change": {"percent": -5, "of": "current"}}]}`,
		},
		{
			"unused", "params[0]",
			`{"params": [{"id": "line", "value": 60}], "qualified": "score >= 60"}`,
			`{"params": [{"id": "line", "value": 60}], "qualified": "score >= line"}`,
		},
		{
			"unused", "facts[0]",
			`{"facts": [{"id": "x", "of": "operator"}]}`,
			`{"facts": [{"id": "x", "of": "operator"}], "alarms": [
				{"id": "a", "of": "operator", "hold": "x > 1"}]}`,
		},
		{
			"unused", "streaks[0]",
			`{"streaks": [{"id": "s", "if": "score < 60", "reset": "break"}]}`,
			`{"streaks": [{"id": "s", "if": "score < 60", "reset": "break"}],
				"adjust": [{"id": "a", "if": "streak.s >= 2", "do": ["interview"]}]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.code+" "+tt.path, func(t *testing.T) {
			var doubt, clean Policy
			parse(t, tt.doubt, &doubt)
			parse(t, tt.clean, &clean)
			has := func(list []Finding) bool {
				return slices.ContainsFunc(list, func(f Finding) bool {
					return f.Code == tt.code && f.Path == tt.path
				})
			}
			if found := compiled(t, &doubt).Lint(); !has(found) {
				t.Errorf("%s is not found at %s, but %v", tt.code, tt.path, found)
			}
			found := compiled(t, &clean).Lint()
			if slices.ContainsFunc(found, func(f Finding) bool { return f.Code == tt.code }) {
				t.Errorf("%s is found where it is not: %v", tt.code, found)
			}
		})
	}
}

func TestLintOfNothingDoubtful(t *testing.T) {
	var p Policy
	parse(t, `{
		"facts": [{"id": "trips", "of": "operator"}],
		"grades": [{"id": "A", "from": 80}, {"id": "B", "from": 60}, {"id": "C"}],
		"rank": {"by": "score", "ties": ["trips / before"], "last": "shared"},
		"streaks": [{"id": "fail", "if": "score < 60", "reset": "break"}],
		"freed": {"to": "reserve"},
		"adjust": [{"id": "cut", "if": "streak.fail >= 2", "change": {"percent": -10, "of": "current"}}],
		"term": {"from": "2022-07-01", "years": 3}}`, &p)
	if found := compiled(t, &p).Lint(); len(found) > 0 {
		t.Errorf("findings %v, want none", found)
	}
}
