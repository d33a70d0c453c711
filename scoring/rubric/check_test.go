package rubric

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sound is a rubric that uses everything and has no fault.
const sound = `
"assessors": [{"id": "city", "weight": 70}, {"id": "district", "weight": 30}],
"absent": "unknown",
"roll_up": {"take": "mean", "of": 2, "absent": "reweigh"},
"vetoes": [{"id": "death", "of": "deaths", "gte": 1, "do": "cap_grade", "grade": "c"}],
"grades": [{"id": "a", "above": 90}, {"id": "b", "from": 60}, {"id": "c"}],
"pass": 60, "samples": 30, "decimals": 1, "rounding": "half_even",
"publish": ["operator", "score", "grade"],
"tables": [{"scale": 10, "bonus": 5, "deduct": 5,
	"categories": [{"id": "order", "name": {}, "max": 10}],
	"indicators": [
		{"id": "share", "name": {}, "category": "order", "max": 4, "direction": "higher",
			"ratio": {"of": "part", "over": "all"}, "missing": "unknown", "bands": [
				{"gte": 0.9, "points": 4}, {"gte": 0.5, "points": 2}, {"else": true, "points": 0}]},
		{"id": "wait", "name": {}, "category": "order", "max": 3, "direction": "lower",
			"linear": {"zero": 30, "full": 5}, "missing": "worst"},
		{"id": "word", "name": {}, "category": "order", "max": 3, "given": true,
			"assessors": ["city"], "missing": "mean"},
		{"id": "deaths", "name": {}, "max": 5, "kind": "deduction",
			"events": {"points": 1, "per": 2, "free": 1, "begun": true}, "missing": "exclude"},
		{"id": "late", "name": {}, "max": 2, "kind": "deduction", "direction": "lower",
			"linear": {"zero": 0, "full": 10}, "missing": "unknown"},
		{"id": "extra", "name": {}, "max": 5, "kind": "bonus", "given": true, "missing": "worst"}
	]}]`

// found are faults as "path code".
func found(faults []Fault) []string {
	var lines []string
	for _, f := range faults {
		lines = append(lines, f.Path+" "+f.Code)
	}
	return lines
}

func TestCheckSound(t *testing.T) {
	if got := rubricOf(t, sound).Check(); len(got) > 0 {
		t.Errorf("Check() = %v, want nothing", got)
	}
}

// TestCheck breaks one thing of a sound rubric at a time: old is replaced by new.
func TestCheck(t *testing.T) {
	tests := map[string]struct {
		old, new string
		want     []string
	}{
		"an assessor weighs something": {
			`"weight": 30`, `"weight": 0`,
			[]string{"assessors[1].weight not-positive"},
		},
		"an assessor stands once": {
			`"district", "w`, `"city", "w`,
			[]string{"assessors[1].id id-twice"},
		},
		"who is absent needs a rule": {`"absent": "unknown",`, ``, []string{"absent word"}},
		"a row names known assessors": {
			`"assessors": ["city"]`, `"assessors": ["mayor"]`,
			[]string{"tables[0].indicators[2].assessors[0] assessor-unknown"},
		},
		"a roll-up takes what it can": {
			`"take": "mean"`, `"take": "median"`,
			[]string{"roll_up.take word"},
		},
		"a roll-up is of some period": {`"of": 2`, `"of": 0`, []string{"roll_up.of of-range"}},
		"a roll-up has a rule for gaps": {
			`"of": 2, "absent": "reweigh"`, `"of": 2, "absent": ""`,
			[]string{"roll_up.absent word"},
		},
		"a veto looks at something": {
			`"of": "deaths"`, `"of": "death"`,
			[]string{"vetoes[0].of veto-of"},
		},
		"a veto may look at a figure": {`"of": "deaths"`, `"of": "all"`, nil},
		"a veto has a condition":      {`"gte": 1, "do"`, `"do"`, []string{"vetoes[0] conditions"}},
		"a veto has one condition": {
			`"gte": 1, "do"`, `"gte": 1, "lt": 9, "do"`,
			[]string{"vetoes[0] conditions"},
		},
		"a veto does something known": {
			`"do": "cap_grade", "grade": "c"`, `"do": "fine"`,
			[]string{"vetoes[0].do word"},
		},
		"a cap names a grade": {
			`"grade": "c"`, `"grade": "e"`,
			[]string{"vetoes[0].grade grade-unknown"},
		},
		"an exit names none": {
			`"cap_grade"`, `"exit"`,
			[]string{"vetoes[0].grade grade-needless"},
		},
		"grades descend":           {`"from": 60`, `"from": 95`, []string{"grades[1] grade-order"}},
		"above 60 comes before 60": {`"above": 90`, `"above": 60`, nil},
		"60 doesn't come before above 60": {
			`{"id": "a", "above": 90}, {"id": "b", "from": 60}`,
			`{"id": "a", "from": 60}, {"id": "b", "above": 60}`,
			[]string{"grades[1] grade-order"},
		},
		"a grade has one line": {
			`"above": 90`, `"above": 90, "from": 90`,
			[]string{"grades[0] grade-lines"},
		},
		"the rest comes last": {`"from": 60`, `"name": {}`, []string{"grades[1] grade-rest-last"}},
		"samples are counted": {`"samples": 30`, `"samples": -1`, []string{"samples negative"}},
		"seven decimals are too many": {
			`"decimals": 1`, `"decimals": 7`,
			[]string{"decimals decimals"},
		},
		"rounding is named": {`"half_even"`, `"down"`, []string{"rounding word"}},
		"the public sees card fields": {
			`"score", "grade"]`, `"marks", "grade"]`,
			[]string{"publish[1] word"},
		},
		"a cap isn't negative": {
			`"bonus": 5`, `"bonus": -5`,
			[]string{"tables[0].bonus negative"},
		},
		"what is taken off neither": {
			`"deduct": 5`, `"deduct": -5`,
			[]string{"tables[0].deduct negative"},
		},
		"a category is what its rows sum to": {
			`{}, "max": 10`, `{}, "max": 11`,
			[]string{"tables[0].categories[0].max category-sum"},
		},
		"a row is of a known category": {
			`"wait", "name": {}, "category": "order"`,
			`"wait", "name": {}, "category": "other"`,
			[]string{
				"tables[0].categories[0].max category-sum",
				"tables[0].indicators[1].category category-unknown",
			},
		},
		"full marks are the scale": {
			`"scale": 10`, `"scale": 100`,
			[]string{"tables[0].scale scale-sum"},
		},
		"a row stands once": {
			`"id": "extra"`, `"id": "wait"`,
			[]string{"tables[0].indicators[5].id id-twice"},
		},
		"a row is worth something": {
			`"max": 5, "kind": "bonus"`, `"max": 0, "kind": "bonus"`,
			[]string{"tables[0].indicators[5].max not-positive"},
		},
		"a row does something known": {
			`"kind": "bonus"`, `"kind": "gift"`,
			[]string{"tables[0].indicators[5].kind word"},
		},
		"missing has a rule": {
			`"missing": "mean"`, `"missing": "zero"`,
			[]string{"tables[0].indicators[2].missing word"},
		},
		"a row has a scale": {
			`"kind": "bonus", "given": true`, `"kind": "bonus"`,
			[]string{"tables[0].indicators[5] scale-kinds"},
		},
		"a row has one scale": {
			`"kind": "bonus"`, `"kind": "bonus", "events": {"points": 1}`,
			[]string{"tables[0].indicators[5] scale-kinds"},
		},
		"bands and lines say what is better": {
			`"direction": "higher",`, ``,
			[]string{"tables[0].indicators[0].direction word"},
		},
		"a ratio needs bands or a line": {
			`"kind": "bonus",`,
			`"kind": "bonus", "ratio": {"of": "part", "over": "all"},`,
			[]string{"tables[0].indicators[5].ratio ratio-scale"},
		},
		"a ratio is over something": {
			`"over": "all"`, `"over": ""`,
			[]string{"tables[0].indicators[0].ratio.over id-empty"},
		},
		"a ratio isn't of a ratio": {
			`"of": "part"`, `"of": "share"`,
			[]string{"tables[0].indicators[0].ratio.of figure-ratio"},
		},
		"a line isn't flat": {
			`"zero": 30`, `"zero": 5`,
			[]string{"tables[0].indicators[1].linear linear-flat"},
		},
		"a line goes the better way": {
			`"zero": 30`, `"zero": 1`,
			[]string{"tables[0].indicators[1].linear linear-direction"},
		},
		"a deduction grows as values worsen": {
			`"zero": 0, "full": 10`, `"zero": 10, "full": 0`,
			[]string{"tables[0].indicators[4].linear linear-direction"},
		},
		"events take points": {
			`{"points": 1, "per"`, `{"points": 0, "per"`,
			[]string{"tables[0].indicators[3].events.points not-positive"},
		},
		"events come in some number": {
			`"per": 2`, `"per": -2`,
			[]string{"tables[0].indicators[3].events.per not-positive"},
		},
		"free events aren't negative": {
			`"free": 1`, `"free": -1`,
			[]string{"tables[0].indicators[3].events.free negative"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if strings.Count(sound, tt.old) != 1 {
				t.Fatalf("%s stands %d times", tt.old, strings.Count(sound, tt.old))
			}
			got := rubricOf(t, strings.Replace(sound, tt.old, tt.new, 1)).Check()
			if diff := cmp.Diff(tt.want, found(got)); diff != "" {
				t.Errorf("Check() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckHead(t *testing.T) {
	var r Rubric
	want := []string{
		"schema schema", "id id-empty", "source.confidence word", "period word",
		"tables tables-none",
	}
	if diff := cmp.Diff(want, found(r.Check())); diff != "" {
		t.Errorf("Check() of nothing (-want +got):\n%s", diff)
	}
	twice := rubricOf(t, `"tables": [
		{"scale": 5, "indicators": [`+given("a", "5", "worst")+`]},
		{"scale": 0, "indicators": []}]`)
	want = []string{"tables[1].class class-twice", "tables[1].scale not-positive"}
	if diff := cmp.Diff(want, found(twice.Check())); diff != "" {
		t.Errorf("Check() of two tables (-want +got):\n%s", diff)
	}
	idle := rubricOf(t, `"absent": "reweigh",
		"assessors": [{"id": "a", "weight": 1}, {"id": "b", "weight": 1}],
		"tables": [{"scale": 1, "indicators": [{"id": "x", "name": {}, "max": 1, "given": true,
			"assessors": ["a", "a"], "missing": "worst"}]}]`)
	want = []string{"tables[0].indicators[0].assessors[1] id-twice", "assessors[1] assessor-idle"}
	if diff := cmp.Diff(want, found(idle.Check())); diff != "" {
		t.Errorf("Check() of an idle assessor (-want +got):\n%s", diff)
	}
}

func TestCheckBands(t *testing.T) {
	tests := map[string]struct {
		direction, kind, bands string
		want                   []string
	}{
		"the upper end first": {
			higher, "", `{"gte": 60, "points": 5}, {"lt": 60, "points": 0}`,
			nil,
		},
		"the lower end first": {lower, "", `{"lte": 5, "points": 5}, {"gt": 5, "points": 0}`, nil},
		"from both ends inwards": {higher, "", `{"gt": 9, "points": 5}, {"lt": 1, "points": 0},
			{"else": true, "points": 3}`, nil},
		"60 itself has no band": {
			higher, "", `{"gt": 60, "points": 5}, {"lt": 60, "points": 0}`,
			[]string{"bands band-gap"},
		},
		"below the last no band": {
			higher, "", `{"gte": 60, "points": 5}, {"gte": 9, "points": 0}`,
			[]string{"bands band-gap"},
		},
		"a band behind a wider one": {higher, "", `{"gte": 60, "points": 5}, {"gte": 70, "points": 6},
			{"else": true, "points": 0}`, []string{"bands[1] band-unreachable"}},
		"a band behind all": {higher, "", `{"gte": 6, "points": 5}, {"lt": 6, "points": 0},
			{"else": true, "points": 0}`, []string{"bands[2] band-unreachable"}},
		"two conditions": {
			higher, "", `{"gte": 6, "lt": 9, "points": 5}, {"else": true, "points": 0}`,
			[]string{"bands[0] conditions"},
		},
		"no condition": {
			higher, "", `{"points": 5}, {"else": true, "points": 0}`,
			[]string{"bands[0] conditions"},
		},
		"else with a condition": {
			higher, "", `{"else": true, "gte": 1, "points": 5}`,
			[]string{"bands[0] conditions"},
		},
		"else isn't last": {
			higher, "", `{"else": true, "points": 5}, {"gte": 1, "points": 5}`,
			[]string{"bands[0] else-last"},
		},
		"more than full marks": {
			higher, "", `{"gte": 1, "points": 11}, {"else": true, "points": -1}`,
			[]string{"bands[0].points points-range", "bands[1].points points-range"},
		},
		"more has fewer points": {higher, "", `{"gte": 2, "points": 3}, {"gte": 1, "points": 5},
			{"else": true, "points": 0}`, []string{"bands[1].points band-direction"}},
		"equal points are fine": {
			higher, "", `{"gte": 1, "points": 5}, {"else": true, "points": 5}`,
			nil,
		},
		"a deduction falls as values get better": {
			higher, kindDeduction,
			`{"gte": 60, "points": 0}, {"else": true, "points": 5}`, nil,
		},
		"a deduction doesn't rise": {
			higher, kindDeduction,
			`{"gte": 60, "points": 5}, {"else": true, "points": 0}`,
			[]string{"bands[1].points band-direction"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "1", given("mark", "1", "worst")+`, {"id": "x", "name": {}, "max": 10,
				"direction": "`+tt.direction+`", "kind": "`+
				map[string]string{"": kindBonus, kindDeduction: kindDeduction}[tt.kind]+`",
				"missing": "worst", "bands": [`+tt.bands+`]}`, "")
			var got []string
			for _, f := range found(r.Check()) {
				got = append(got, strings.TrimPrefix(f, "tables[0].indicators[1]."))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Check() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultSaysWhatIsUncovered(t *testing.T) {
	r := oneTable(t, "10", `{"id": "x", "name": {}, "max": 10, "direction": "higher",
		"missing": "worst", "bands": [{"gt": 60, "points": 10}, {"lt": 40, "points": 0}]}`, "")
	got := r.Check()
	if len(got) != 1 {
		t.Fatalf("Check() = %v, want one fault", got)
	}
	const want = "tables[0].indicators[0].bands: band-gap (values >= 40, <= 60)"
	if got[0].Error() != want {
		t.Errorf("Error() = %q, want %q", got[0].Error(), want)
	}
}
