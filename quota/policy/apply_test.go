package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// feature is a rule, a state, and what comes of it.
type feature struct {
	policy string // JSON without the head, which compiled writes
	state  string // JSON; a list is that of the operators
	// want is a part of the decision, where "a" to "e" are the operators of these IDs; or the code
	// of the error.
	want string
}

func checkFeatures(t *testing.T, features map[string]feature) {
	t.Helper()
	for name, f := range features {
		t.Run(name, func(t *testing.T) {
			var p Policy
			var s State
			parse(t, f.policy, &p)
			if strings.HasPrefix(f.state, "[") {
				f.state = `{"operators": ` + f.state + `}`
			}
			parse(t, f.state, &s)
			d, err := compiled(t, &p).Apply(&s, madeUp{})
			var wrong *StateError
			switch {
			case errors.As(err, &wrong) && errors.Is(err, ErrState) && wrong.Code == f.want:
			case err != nil || !strings.HasPrefix(f.want, "{"):
				t.Errorf("error %v, want %s", err, f.want)
			default:
				compareDecision(t, d, f.want)
			}
		})
	}
}

func parse(t *testing.T, text string, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// compareDecision finds what a text says in the decision's own JSON.
func compareDecision(t *testing.T, d *Decision, text string) {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	parse(t, string(data), &got)
	parse(t, text, &want)
	operators, _ := got["operators"].([]any)
	for _, o := range operators {
		o := o.(map[string]any)
		got[o["id"].(string)] = o
	}
	within(t, "decision", got, want)
}

// within fails where got lacks something of want.
func within(t *testing.T, path string, got, want any) {
	t.Helper()
	part, ok := want.(map[string]any)
	if !ok {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
		return
	}
	object, _ := got.(map[string]any)
	for key, x := range part {
		within(t, path+"."+key, object[key], x)
	}
}

// only is the state of one operator, is what comes of it.
func only(fields string) string { return `[{"id": "a", ` + fields + `}]` }
func is(fields string) string   { return `{"a": {` + fields + `}}` }

// madeUp is a calendar of 2023 alone, with a make-up Saturday.
type madeUp struct{}

func (madeUp) Working(day string) (working, ok bool) {
	if !strings.HasPrefix(day, "2023-") {
		return false, false
	}
	off := []string{"2023-10-05", "2023-10-06", "2023-10-08", "2023-12-30", "2023-12-31"}
	return !slices.Contains(off, day), true
}

func TestRoundingOfAChange(t *testing.T) {
	half := func(rounding Rounding) string {
		return fmt.Sprintf(`{"freed": {"to": "lost"}, "adjust": [{"id": "half",
			"change": {"percent": -50, "of": "current", "round": %q}}]}`, rounding)
	}
	quotas := `[{"id": "a", "quota": 1}, {"id": "b", "quota": 3}, {"id": "c", "quota": 5}]`
	are := func(a, b, c int) string {
		return fmt.Sprintf(`{"a": {"quota": %d}, "b": {"quota": %d}, "c": {"quota": %d}}`, a, b, c)
	}
	checkFeatures(t, map[string]feature{
		"half_up":   {half(HalfUp), quotas, are(1, 2, 3)},
		"half_even": {half(HalfEven), quotas, are(0, 2, 2)},
		"down":      {half(Down), quotas, are(0, 1, 2)},
		"up":        {half(Up), quotas, are(1, 2, 3)},
	})
}

func TestWhatAPerCentIsOf(t *testing.T) {
	rules := `{"freed": {"to": "lost"}, "streaks": [
			{"id": "fail", "if": "score < 60", "reset": "break"}],
		"adjust": [{"id": "first", "change": {"abs": -100}},
			{"id": "second", "if": "streak.fail >= 1", "change": {"percent": -10, "of": "OF"}}]}`
	state := only(`"score": 50, "quota": 1000, "original": 2000, "approved": 1500,
		"streaks": {"fail": 1}`)
	of := func(base string) string { return strings.ReplaceAll(rules, "OF", base) }
	checkFeatures(t, map[string]feature{
		"current":  {of("current"), state, is(`"quota": 800`)}, // the 1,000 before the first rule
		"running":  {of("running"), state, is(`"quota": 810`)},
		"original": {of("original"), state, is(`"quota": 700`)},
		"approved": {of("approved"), state, is(`"quota": 750`)},
		"the streak begins: original is the quota now": {
			of("original"), only(`"score": 50, "quota": 900`),
			is(`"quota": 710, "original": 900, "streaks": {"fail": 1}`),
		},
		"the streak runs, and nobody kept the quota": {
			of("original"), only(`"score": 50, "quota": 900, "streaks": {"fail": 1}`),
			"figure-unknown",
		},
		"the streak ends": {
			of("original"),
			only(`"score": 60, "quota": 900, "original": 1000, "streaks": {"fail": 2}`),
			is(`"quota": 800, "original": null, "streaks": {"fail": 0}`),
		},
		"nothing was approved": {
			of("approved"), only(`"score": 50, "quota": 900`), "figure-unknown",
		},
		"nobody knows the quota": {of("running"), only(`"score": 50`), "figure-unknown"},
	})
}

func TestDiscretion(t *testing.T) {
	rule := `{"freed": {"to": "lost"}, "params": [{"id": "cut", "required": true}], "adjust": [
		{"id": "c", "change": {"percent": "cut", "of": "current", "low": -10, "high": -5}}]}`
	state := func(cut string) string {
		return `{"params": {"cut": ` + cut + `}, "operators": [{"id": "a", "quota": 1000}]}`
	}
	checkFeatures(t, map[string]feature{
		"the lowest":  {rule, state("-10"), is(`"quota": 900`)},
		"the highest": {rule, state("-5"), is(`"quota": 950`)},
		"between":     {rule, state("-7.5"), is(`"quota": 925`)},
		"too low":     {rule, state("-10.01"), "discretion"},
		"too high":    {rule, state("-4.99"), "discretion"},
		"not given":   {rule, `[]`, "required-param"},
		"a text":      {rule, state(`"ten"`), "kind"},
	})
}

func TestStreaks(t *testing.T) {
	rule := func(reset string) string {
		return `{"streaks": [{"id": "s", "if": "score < 60", "reset": "` + reset + `"}]}`
	}
	state := func(score string) string {
		return `[{"id": "a", "score": ` + score + `, "streaks": {"s": 2}}]`
	}
	checkFeatures(t, map[string]feature{
		"it goes on":                  {rule("break"), state("59.9"), is(`"streaks": {"s": 3}`)},
		"it breaks":                   {rule("break"), state("60"), is(`"streaks": {"s": 0}`)},
		"it never breaks":             {rule("never"), state("60"), is(`"streaks": {"s": 2}`)},
		"nobody knows, and it breaks": {rule("break"), state("null"), is(`"streaks": {"s": 2}`)},
		"nobody knows, never":         {rule("never"), state("null"), is(`"streaks": {"s": 2}`)},
		"it begins":                   {rule("break"), only(`"score": 1`), is(`"streaks": {"s": 1}`)},
	})
}

func TestGrades(t *testing.T) {
	from := `{"grades": [{"id": "pass", "from": 60}, {"id": "fail", "do": ["call"]}]}`
	above := `{"grades": [{"id": "pass", "above": 60}, {"id": "fail"}]}`
	open := `{"grades": [{"id": "pass", "from": 60}], "score": {"scale": 100, "bonus": 5, "pass": 60}}`
	checkFeatures(t, map[string]feature{
		"60.0 from 60":       {from, only(`"score": 60.0`), is(`"grade": "pass", "actions": null`)},
		"under 60":           {from, only(`"score": 59.9`), is(`"grade": "fail", "actions": ["call"]`)},
		"60.0 above 60":      {above, only(`"score": 60.0`), is(`"grade": "fail"`)},
		"a little above":     {above, only(`"score": 60.000001`), is(`"grade": "pass"`)},
		"below every grade":  {open, only(`"score": 59`), is(`"grade": null, "pass": false`)},
		"with a bonus":       {open, only(`"score": 105`), is(`"grade": "pass", "pass": true`)},
		"nobody knows":       {open, `[{"id": "a"}]`, is(`"grade": null, "pass": null, "score": null`)},
		"beyond the bonus":   {open, only(`"score": 105.01`), "scale"},
		"less than nothing":  {from, only(`"score": -0.01`), "scale"},
		"one operator twice": {from, `[{"id": "a"}, {"id": "a"}]`, "operator-twice"},
	})
}

func TestVetoes(t *testing.T) {
	rule := func(do string) string {
		return `{"facts": [{"id": "fraud", "of": "operator", "kind": "truth"}],
			"vetoes": [{"id": "v", "if": "fraud", ` + do + `}],
			"grades": [{"id": "A", "from": 80}, {"id": "B", "from": 60}, {"id": "C"}],
			"rank": {"by": "score", "last": "id"}, "freed": {"to": "reserve"}}`
	}
	state := `[{"id": "a", "score": 95, "quota": 1000, "facts": {"fraud": true}},
		{"id": "b", "score": 50, "quota": 1000, "facts": {"fraud": true}},
		{"id": "c", "score": 90, "quota": 1000, "facts": {"fraud": false}},
		{"id": "d", "score": 85, "quota": 1000}]`
	checkFeatures(t, map[string]feature{
		"cap": {rule(`"do": "cap_grade", "grade": "B"`), state, `{
			"a": {"grade": "B", "rank": 1, "vetoes": ["v"]}, "b": {"grade": "C", "vetoes": ["v"]},
			"c": {"grade": "A", "vetoes": null}, "d": {"grade": "A", "vetoes": null}}`},
		"zero": {rule(`"do": "zero_score"`), state, `{
			"a": {"grade": "C", "score": 0, "rank": 3}, "c": {"rank": 1, "score": 90}}`},
		"exit": {rule(`"do": "exit"`), state, `{"reserve": 2000, "allocated": 2000,
			"a": {"status": "exit", "qualified": false, "rank": null, "quota": 0, "delta": -1000},
			"d": {"status": "active", "rank": 2, "quota": 1000}}`},
	})
}

func TestRanks(t *testing.T) {
	state := `[{"id": "d", "score": 70, "quota": 300}, {"id": "c", "score": 80, "quota": 100},
		{"id": "b", "score": 80, "quota": 200}, {"id": "a", "score": 80, "quota": 100}, {"id": "e"}]`
	ranks := func(a, b, c, d int) string {
		return fmt.Sprintf(`{"a": {"rank": %d}, "b": {"rank": %d}, "c": {"rank": %d}, "d": {"rank": %d},
			"e": {"rank": null}}`, a, b, c, d)
	}
	ties := func(last string) string {
		return `{"rank": {"by": "score", "ties": ["before"], "last": "` + last + `"}}`
	}
	checkFeatures(t, map[string]feature{
		"by id":           {`{"rank": {"by": "score", "last": "id"}}`, state, ranks(1, 2, 3, 4)},
		"shared":          {`{"rank": {"by": "score", "last": "shared"}}`, state, ranks(1, 1, 1, 4)},
		"ties":            {ties("id"), state, ranks(2, 1, 3, 4)},
		"ties and shared": {ties("shared"), state, ranks(2, 1, 2, 4)},
		"the least first": {`{"rank": {"by": "-score", "last": "id"}}`, state, ranks(2, 3, 4, 1)},
		"only the qualified": {
			`{"qualified": "score >= 60 and known(request)", "rank": {"by": "score", "last": "id"},
			"freed": {"to": "lost"}, "adjust": [{"id": "l", "if": "rank = last", "change": {"abs": -5}}]}`,
			`[{"id": "a", "score": 90, "quota": 9, "request": 5}, {"id": "b", "score": 80, "quota": 9},
			{"id": "c", "score": 70, "quota": 9, "request": 0}, {"id": "d", "quota": 9, "request": 5}]`,
			`{"a": {"qualified": true, "rank": 1, "quota": 9}, "b": {"qualified": false, "rank": null},
			"c": {"rank": 2, "quota": 4}, "d": {"qualified": false, "rank": null, "quota": 9}}`,
		},
		"all of a shared last rank are last": {
			`{"rank": {"by": "score", "last": "shared"}, "freed": {"to": "lost"},
			"adjust": [{"id": "l", "if": "rank = last", "change": {"abs": -5}}]}`,
			`[{"id": "a", "score": 8, "quota": 9}, {"id": "b", "score": 7, "quota": 9},
			{"id": "c", "score": 7, "quota": 9}]`,
			`{"a": {"quota": 9}, "b": {"quota": 4}, "c": {"quota": 4}}`,
		},
	})
}

func TestSeasons(t *testing.T) {
	winter := `{"seasons": [{"id": "w", "from": "12-01", "until": "02-29", "factor": 0.8}]}`
	games := `{"seasons": [
		{"id": "g", "from": "2023-09-23", "until": "2023-10-08", "factor": 1.25}]}`
	on := func(date string) string { return `{"total": 1001, "date": "` + date + `"}` }
	checkFeatures(t, map[string]feature{
		"the eve":             {winter, on("2023-11-30"), `{"total": 1001}`},
		"the first day":       {winter, on("2023-12-01"), `{"total": 801}`},
		"the end of the year": {winter, on("2023-12-31"), `{"total": 801}`},
		"the new year":        {winter, on("2024-01-01"), `{"total": 801}`},
		"the last day":        {winter, on("2024-02-29"), `{"total": 801}`},
		"the day after":       {winter, on("2024-03-01"), `{"total": 1001}`},
		"before the games":    {games, on("2023-09-22"), `{"total": 1001}`},
		"the games":           {games, on("2023-10-08"), `{"total": 1251}`},
		"a year later":        {games, on("2024-10-01"), `{"total": 1001}`},
		"no date":             {winter, `{"total": 1001}`, "day"},
	})
}

func TestSwap(t *testing.T) {
	rule := `{"swap": {"to": "ebike", "give": 3, "take": 2}}`
	checkFeatures(t, map[string]feature{
		"whole lots": {rule, only(`"quota": 100, "swap": 10`), is(`"quota": 91, "swapped": 6`)},
		"less than a lot": {
			rule, only(`"quota": 100, "swap": 2`), is(`"quota": 100, "swapped": null`),
		},
		"no more than there are": {
			rule, only(`"quota": 4, "swap": 10`), is(`"quota": 1, "swapped": 2`),
		},
		"half a vehicle": {`{"swap": {"to": "ebike", "give": 0.5, "take": 2}}`, `[]`, "ratio"},
	})
}

func TestOverrides(t *testing.T) {
	rule := `{"freed": {"to": "reserve"}, "adjust": [{"id": "cut", "change": {"abs": -10}}]}`
	by := func(override string) string {
		return `{"operators": [{"id": "a", "quota": 100}, {"id": "b"}], "overrides": [` + override + `]}`
	}
	signed := func(quota string) string {
		return by(`{"operator": "a", "reason": "r", "signer": "W", "quota": ` + quota + `}`)
	}
	checkFeatures(t, map[string]feature{
		"signed": {
			rule, signed("70"),
			`{"a": {"quota": 70, "delta": -30, "before": 100}, "b": {"quota": null, "delta": -10}}`,
		},
		"of an unknown quota": {
			rule, by(`{"operator": "b", "quota": 7, "reason": "flood", "signer": "Wang"}`),
			`{"b": {"quota": 7}, "allocated": 97}`,
		},
		"no reason":   {rule, by(`{"operator": "a", "quota": 7, "signer": "W"}`), "override-unsigned"},
		"no signer":   {rule, by(`{"operator": "a", "quota": 7, "reason": "r"}`), "override-unsigned"},
		"of nobody":   {rule, by(`{"operator": "z", "reason": "r", "signer": "W"}`), "operator-unknown"},
		"of too few":  {rule, signed("-1"), "vehicles"},
		"of too many": {rule, signed("2000000000"), "vehicles"},
	})
}

func TestSomeOfSeveralWithUnknownOnes(t *testing.T) {
	rule := `{"facts": [{"id": "x", "of": "operator", "kind": "truth"},
			{"id": "y", "of": "operator", "kind": "truth"}, {"id": "z", "of": "operator", "kind": "truth"}],
		"freed": {"to": "lost"},
		"adjust": [{"id": "two", "if": "at_least(2, x, y, z)", "change": {"abs": -10}}]}`
	features := map[string]feature{"misspelt": {
		rule, only(`"quota": 100, "facts": {"xx": true}`), "unknown-fact",
	}}
	for facts, quota := range map[string]int{
		`{"x": true, "y": true}`:               90, // z can't change it
		`{"x": null, "y": true, "z": true}`:    90,
		`{"x": true, "y": false}`:              100, // z would decide
		`{"x": true}`:                          100,
		`{}`:                                   100,
		`{"x": false, "y": false, "z": false}`: 100,
	} {
		features[facts] = feature{
			rule, `[{"id": "a", "quota": 100, "facts": ` + facts + `}]`,
			fmt.Sprintf(is(`"quota": %d`), quota),
		}
	}
	checkFeatures(t, features)
}

func TestUnknownFigures(t *testing.T) {
	rule := func(change string) string {
		return `{"facts": [{"id": "gap", "of": "operator"}], "freed": {"to": "lost"},
			"adjust": [{"id": "cut", "change": ` + change + `}]}`
	}
	state := only(`"quota": 100`)
	checkFeatures(t, map[string]feature{
		"an amount":  {rule(`{"abs": "-gap"}`), state, "figure-unknown"},
		"a per cent": {rule(`{"percent": "-gap", "of": "current"}`), state, "figure-unknown"},
		"a target":   {rule(`{"to": "gap"}`), state, "figure-unknown"},
		"a weight":   {rule(`{"divide": -6, "by": "gap"}`), state, "figure-unknown"},
		"a limit":    {rule(`{"abs": -5, "least": "gap"}`), state, "figure-unknown"},
		"known":      {rule(`{"abs": "if(known(gap), -gap, -1)"}`), state, is(`"quota": 99`)},
		"an unknown quota changes, and stays unknown": {
			rule(`{"abs": -5}`), `[{"id": "a"}]`,
			`{"a": {"quota": null, "before": null, "delta": -5}, "allocated": 0, "lost": 5}`,
		},
	})
}

func TestDays(t *testing.T) {
	rule := func(count string) string {
		return `{"calendar": "cn", "deadlines": [{"id": "reply", "after": "published", ` + count + `}]}`
	}
	on := func(day string) string {
		return `{"days": {"published": "` + day + `"}, "operators": []}`
	}
	by := func(day string) string { return `{"deadlines": {"reply": "` + day + `"}}` }
	one, three := rule(`"working_days": 1`), rule(`"working_days": 3`)
	term := `{"term": {"from": "2022-07-01", "years": 3}}`
	checkFeatures(t, map[string]feature{
		"days":                     {rule(`"days": 30`), on("2023-12-15"), by("2024-01-14")},
		"over the make-up day":     {three, on("2023-10-04"), by("2023-10-10")},
		"on the make-up day":       {one, on("2023-10-04"), by("2023-10-07")},
		"from a day off":           {one, on("2023-10-05"), by("2023-10-07")},
		"the first day counts not": {one, on("2023-10-09"), by("2023-10-10")},
		"into an unknown year":     {one, on("2023-12-29"), "calendar-year"},
		"the term's last day":      {term, `{"date": "2025-06-30"}`, `{"term": {"over": false}}`},
		"the term is over":         {term, `{"date": "2025-07-01"}`, `{"term": {"over": true}}`},
		"in an unknown year":       {one, on("2022-05-05"), "calendar-year"},
		"no day":                   {one, on("May 2023"), "day"},
		"not given":                {one, `[]`, "day"},
	})
}

func TestZones(t *testing.T) {
	split := `{"zones": {"split": [{"zone": "island", "part": 0.75}, {"zone": "north", "part": 0.125},
		{"zone": "south", "part": 0.125}]}}`
	zone := `{"freed": {"to": "reserve"}, "adjust": [
		{"id": "z", "zone": "core", "change": {"percent": -20, "of": "zone"}}]}`
	features := map[string]feature{
		"a rule of a zone": {
			zone, only(`"quota": 1000, "zones": {"core": 400, "rest": 600}`),
			`{"a": {"quota": 920, "zones": {"core": 320, "rest": 600}}, "reserve": 80}`,
		},
		"no such zone": {zone, only(`"quota": 1000`), "zone-unknown"},
	}
	for quota, zones := range map[string]string{
		"0": `{"island": 0, "north": 0, "south": 0}`, "2": `{"island": 2, "north": 0, "south": 0}`,
		"75001": `{"island": 56251, "north": 9375, "south": 9375}`,
		"75004": `{"island": 56253, "north": 9376, "south": 9375}`, // a tie goes to the first by ID
	} {
		features["split of "+quota] = feature{
			split, `[{"id": "a", "quota": ` + quota + `}]`, `{"a": {"zones": ` + zones + `}}`,
		}
	}
	checkFeatures(t, features)
}

func TestScoresOfSeveral(t *testing.T) {
	periods := func(take string) string {
		return `{"score": {"scale": 100, "roll_up": "` + take + `"}}`
	}
	assessors := func(absent string) string {
		return `{"score": {"scale": 100, "absent": "` + absent + `", "assessors": [
			{"id": "city", "weight": 60}, {"id": "public", "weight": 40}]}}`
	}
	three, city := only(`"scores": [60, 70, 50.5]`), only(`"assessors": {"city": 80}`)
	both := only(`"assessors": {"city": 80, "public": 60}`)
	checkFeatures(t, map[string]feature{
		"mean":             {periods("mean"), only(`"scores": [60, 90.5]`), is(`"score": 75.25`)},
		"min":              {periods("min"), three, is(`"score": 50.5`)},
		"max":              {periods("max"), three, is(`"score": 70`)},
		"last":             {periods("last"), three, is(`"score": 50.5`)},
		"sum beyond":       {periods("sum"), three, "scale"},
		"a gap":            {periods("mean"), only(`"scores": [60, null]`), is(`"score": null`)},
		"no period":        {periods("mean"), only(`"scores": []`), is(`"score": null`)},
		"assessors":        {assessors("unknown"), both, is(`"score": 72`)},
		"a silent one":     {assessors("unknown"), city, is(`"score": null`)},
		"the others weigh": {assessors("reweigh"), city, is(`"score": 80`)},
		"a misspelt one":   {assessors("reweigh"), only(`"assessors": {"x": 8}`), "unknown-assessor"},
	})
}
