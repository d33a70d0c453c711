package rubric

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMissing(t *testing.T) {
	tests := map[string]struct {
		missing string // of the first row, 4 of 10 marks
		sheets  string
		want    [3]string // exact, low, high of operator a
		how     string
		most    string // what the other row, 6 marks, is worth
	}{
		"unknown stays unknown": {
			missingUnknown, `{}`,
			[3]string{"unknown", "3", "7"},
			"missing:unknown", "6",
		},
		"worst is nothing": {missingWorst, `{}`, [3]string{"3", "3", "3"}, "missing:worst", "6"},
		"mean is that of the others who have a value": {
			missingMean, `{}`,
			[3]string{"6", "6", "6"},
			"missing:mean", "6",
		}, // (4 + 2) / 2
		"exclude has the other row count for all": {
			missingExclude, `{}`,
			[3]string{"5", "5", "5"},
			"missing:exclude", "10",
		},
		"a null is missing too": {
			missingWorst, `{"x": null}`,
			[3]string{"3", "3", "3"},
			"missing:worst", "6",
		},
		"a value is a value": {missingUnknown, `{"x": 0}`, [3]string{"3", "3", "3"}, "given", "6"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "10", given("x", "4", tt.missing)+`, `+given("y", "6", "worst"), "")
			sheets := sheetsOf(t, `[{"operator": "a", "values": `+tt.sheets+`},
				{"operator": "b", "values": {"x": 4, "y": 0}},
				{"operator": "c", "values": {"x": 2, "y": 0}},
				{"operator": "d", "values": {"y": 0}}]`)
			three := Whole(3)
			sheets[0].Values["y"] = &three
			cards, err := Evaluate(r, sheets)
			if err != nil {
				t.Fatal(err)
			}
			a, items := cards[0], cards[0].Periods[0].Parts[0].Items
			got := [3]string{text(a.Exact), a.Low.String(), a.High.String()}
			if got != tt.want || items[0].How != tt.how || items[1].Max.String() != tt.most {
				t.Errorf("a is %v by %s, the other row of %v; want %v by %s, of %s",
					got, items[0].How, items[1].Max, tt.want, tt.how, tt.most)
			}
		})
	}
}

func TestMissingEverywhere(t *testing.T) {
	for _, rule := range []string{missingMean, missingExclude} {
		r := oneTable(t, "10", given("x", "10", rule), "")
		c := evaluate(t, r, `[{"operator": "a", "values": {}}, {"operator": "b", "values": {}}]`)[0]
		how := c.Periods[0].Parts[0].Items[0].How
		if c.Score != nil || c.Low.Sign() != 0 || c.High.String() != "10" || how != "missing:unknown" {
			t.Errorf("%s of nothing is %s, %v to %v by %s; want unknown, 0 to 10 by missing:unknown",
				rule, text(c.Score), c.Low, c.High, how)
		}
	}
}

func TestCategories(t *testing.T) {
	r := rubricOf(t, `"tables": [{"scale": 10, "categories": [
			{"id": "road", "name": {}, "agency": "traffic"}, {"id": "order", "name": {}}],
		"indicators": [
			{"id": "a", "name": {}, "category": "road", "max": 2, "given": true, "missing": "exclude"},
			{"id": "b", "name": {}, "category": "road", "max": 3, "given": true, "missing": "worst",
				"agency": "police"},
			{"id": "c", "name": {}, "category": "order", "max": 5, "given": true,
				"missing": "unknown"}]}]`)
	p := evaluate(t, r, `[{"operator": "o", "values": {"b": 1.2}}]`)[0].Periods[0].Parts[0]
	var got []string
	for _, c := range p.Categories {
		got = append(got, c.ID+" "+text(c.Points)+" of "+c.Max.String())
	}
	for _, item := range p.Items {
		got = append(got, item.Indicator+" "+text(item.Points)+" of "+item.Max.String()+" "+item.Agency)
	}
	want := []string{ // 8 marks are left and count as 10
		"road 1.5 of 3.75", "order unknown of 6.25",
		"a unknown of 0 traffic", "b 1.5 of 3.75 police", "c unknown of 6.25 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("categories and items (-want +got):\n%s", diff)
	}
}

// An assessor who marks only some rows marks them on the full scale.
func TestAssessorOfSomeRows(t *testing.T) {
	r := oneTable(t, "100", given("order", "60", "worst")+`, {"id": "word", "name": {}, "max": 40,
		"given": true, "assessors": ["city"], "missing": "worst"}`,
		`"assessors": [{"id": "city", "weight": 1}, {"id": "public", "weight": 1}],
		"absent": "unknown"`)
	c := evaluate(t, r, `[
		{"operator": "o", "assessor": "city", "values": {"order": 30, "word": 40}},
		{"operator": "o", "assessor": "public", "values": {"order": 30}}]`)[0]
	if got := text(c.Exact); got != "60" { // (70 + 30 × 100/60) / 2
		t.Errorf("score %s, want 60", got)
	}
}

func TestRollUp(t *testing.T) {
	sheets := `[{"operator": "o", "period": "2", "values": {"x": 6}},
		{"operator": "o", "period": "1", "values": {"x": 8}},
		{"operator": "o", "period": "3", "values": {}}]`
	tests := map[string]struct {
		take, absent string
		of           string
		want         [3]string
	}{
		"the mean of all": {
			takeMean, absentUnknown, "3",
			[3]string{"unknown", "4.666667", "8"},
		},
		"the mean of those known": {takeMean, absentReweigh, "3", [3]string{"7", "7", "7"}},
		"the worst of all": {
			takeMin, absentUnknown, "3",
			[3]string{"unknown", "0", "6"},
		},
		"the worst of those known": {takeMin, absentReweigh, "3", [3]string{"6", "6", "6"}},
		"the best of all": {
			takeMax, absentUnknown, "3",
			[3]string{"unknown", "8", "10"},
		},
		"the best of those known": {takeMax, absentReweigh, "3", [3]string{"8", "8", "8"}},
		"the sum of all": {
			takeSum, absentUnknown, "3",
			[3]string{"unknown", "14", "24"},
		},
		"the sum as if all were known": {takeSum, absentReweigh, "4", [3]string{"28", "28", "28"}},
		"the last": {
			takeLast, absentUnknown, "3",
			[3]string{"unknown", "0", "10"},
		},
		"the last that is known": {takeLast, absentReweigh, "3", [3]string{"6", "6", "6"}},
		"the last may be yet to come": {
			takeLast, absentUnknown, "4",
			[3]string{"unknown", "0", "10"},
		},
		"the mean with one not there": {
			takeMean, absentUnknown, "4",
			[3]string{"unknown", "3.5", "8.5"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "10", given("x", "10", "unknown"),
				`"roll_up": {"take": "`+tt.take+`", "of": `+tt.of+`, "absent": "`+tt.absent+`"}`)
			c := evaluate(t, r, sheets)[0]
			if got := [3]string{text(c.Exact), c.Low.String(), c.High.String()}; got != tt.want {
				t.Errorf("score %v, want %v", got, tt.want)
			}
		})
	}
}

// Alone, the assessor of a bonus gives all of it: 10 marks and 5, not 10 and half of 5.
func TestMissingPeriodAtItsBest(t *testing.T) {
	r := oneTable(t, "10", given("x", "10", "worst")+`, {"id": "y", "name": {}, "max": 5,
		"kind": "bonus", "given": true, "assessors": ["city"], "missing": "worst"}`,
		`"assessors": [{"id": "city", "weight": 1}, {"id": "public", "weight": 1}],
		"absent": "reweigh", "roll_up": {"take": "max", "of": 2, "absent": "unknown"}`)
	sheets := `[{"operator": "o", "period": "1", "assessor": "public", "values": {"x": 4}}]`
	if c := evaluate(t, r, sheets)[0]; c.Low.String() != "4" || c.High.String() != "15" {
		t.Errorf("%v to %v, want 4 to 15", c.Low, c.High)
	}
	r.Absent = absentUnknown
	if c := evaluate(t, r, sheets)[0]; c.Low.String() != "2" || c.High.String() != "12.5" {
		t.Errorf("absent unknown: %v to %v, want 2 to 12.5", c.Low, c.High)
	}
}

func TestNoPeriodIsKnown(t *testing.T) {
	r := oneTable(t, "10", given("x", "10", "unknown"),
		`"roll_up": {"take": "mean", "of": 2, "absent": "reweigh"}`)
	c := evaluate(t, r, `[{"operator": "o", "period": "1", "values": {}}]`)[0]
	if c.Score != nil || c.Low.Sign() != 0 || c.High.String() != "10" || c.Rank != nil {
		t.Errorf("score %s, %v to %v, want unknown, 0 to 10, no rank", text(c.Score), c.Low, c.High)
	}
}

func TestVetoes(t *testing.T) {
	const rows = `{"id": "x", "name": {}, "max": 10, "given": true, "missing": "unknown"},
		{"id": "share", "name": {}, "max": 1, "kind": "bonus", "direction": "higher",
			"ratio": {"of": "part", "over": "all"}, "linear": {"zero": 0, "full": 1},
			"missing": "worst"}`
	tests := map[string]struct {
		veto, values string
		want         [4]string // score, grade, vetoes, exit
	}{
		"a cap holds the grade": {
			`"of": "x", "gte": 9, "do": "cap_grade", "grade": "b"`,
			`{"x": 9}`,
			[4]string{"9", "b", "v", ""},
		},
		"a cap lifts nobody": {
			`"of": "x", "lt": 9, "do": "cap_grade", "grade": "b"`,
			`{"x": 1}`,
			[4]string{"1", "c", "v", ""},
		},
		"a cap may leave nothing to be unknown": {
			`"of": "part", "gt": 0, "do": "cap_grade", "grade": "c"`,
			`{"part": 1}`,
			[4]string{"unknown", "c", "v", ""},
		},
		"a ratio's value is looked at": {
			`"of": "share", "lt": 0.5, "do": "zero_score"`,
			`{"x": 9, "part": 4, "all": 10}`,
			[4]string{"0", "c", "v", ""},
		},
		"the limit itself is outside lt": {
			`"of": "share", "lt": 0.4, "do": "zero_score"`,
			`{"x": 9, "part": 4, "all": 10}`,
			[4]string{"9.4", "a", "", ""},
		},
		"the limit itself is inside lte": {
			`"of": "share", "lte": 0.4, "do": "exit"`,
			`{"x": 9, "part": 4, "all": 10}`,
			[4]string{"9.4", "a", "v", "exit"},
		},
		"no points are no points, known or not": {
			`"of": "part", "gt": 0, "do": "zero_score"`,
			`{"part": 1}`,
			[4]string{"0", "c", "v", ""},
		},
		"what is unknown vetoes nothing": {
			`"of": "all", "lt": 5, "do": "zero_score"`,
			`{"x": 9}`,
			[4]string{"9", "a", "", ""},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := oneTable(t, "10", rows, `"vetoes": [{"id": "v", `+tt.veto+`}],
				"grades": [{"id": "a", "from": 8}, {"id": "b", "from": 6}, {"id": "c"}]`)
			c := evaluate(t, r, `[{"operator": "o", "values": `+tt.values+`}]`)[0]
			got := [4]string{text(c.Score), c.Grade}
			for _, v := range c.Vetoes {
				got[2] += v
			}
			if c.Exit {
				got[3] = "exit"
			}
			if got != tt.want {
				t.Errorf("card %q, want %q", got, tt.want)
			}
		})
	}
}

// A veto counts in whichever period it was met, and by whichever table the operator is scored.
func TestVetoOfAnotherTable(t *testing.T) {
	r := rubricOf(t, `"roll_up": {"take": "last", "of": 2, "absent": "reweigh"},
		"vetoes": [{"id": "v", "of": "share", "lt": 0.5, "do": "exit"}],
		"tables": [
			{"scale": 1, "indicators": [{"id": "share", "name": {}, "max": 1, "direction": "higher",
				"ratio": {"of": "part", "over": "all"}, "linear": {"zero": 0, "full": 1},
				"missing": "worst"}]},
			{"class": "entrant", "scale": 1, "indicators": [`+given("x", "1", "worst")+`]}]`)
	c := evaluate(t, r, `[
		{"operator": "o", "class": "entrant", "period": "1", "values": {"x": 1, "part": 1, "all": 4}},
		{"operator": "o", "class": "entrant", "period": "2", "values": {"x": 1}}]`)[0]
	if !c.Exit || text(c.Score) != "1" {
		t.Errorf("exit %v, score %s; want exit, 1", c.Exit, text(c.Score))
	}
}

func TestVerdict(t *testing.T) {
	r := oneTable(t, "100", given("x", "60", "unknown")+`, `+given("y", "40", "unknown"),
		`"pass": 60, "grades": [{"id": "a", "from": 80}, {"id": "b", "from": 60}, {"id": "c"}]`)
	tests := map[string]struct{ values, pass, grade string }{
		"60.0 passes":                      {`{"x": 60, "y": 0}`, passes, "b"},
		"59.995 is rounded to it":          {`{"x": 59.995, "y": 0}`, passes, "b"},
		"59.994 isn't":                     {`{"x": 59.994, "y": 0}`, fails, "c"},
		"passes at its worst":              {`{"x": 60}`, passes, ""},
		"fails at its best":                {`{"x": 19}`, fails, "c"},
		"unknown where it could be either": {`{"x": 20}`, unknown, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := evaluate(t, r, `[{"operator": "o", "values": `+tt.values+`}]`)[0]
			if c.Pass != tt.pass || c.Grade != tt.grade {
				t.Errorf("%s %q, want %s %q", c.Pass, c.Grade, tt.pass, tt.grade)
			}
		})
	}
	r.Pass = nil
	if c := evaluate(t, r, `[{"operator": "o", "values": {}}]`)[0]; c.Pass != noLine {
		t.Errorf("without a line: %s, want none", c.Pass)
	}
}

func TestRank(t *testing.T) {
	r := oneTable(t, "100", given("x", "90", "unknown")+`, `+given("y", "10", "unknown"), "")
	cards := evaluate(t, r, `[
		{"operator": "a", "values": {"x": 50, "y": 0}},
		{"operator": "b", "values": {"x": 60, "y": 0}},
		{"operator": "c", "values": {"x": 50, "y": 0.001}},
		{"operator": "d", "values": {"x": 40, "y": 0}},
		{"operator": "e", "values": {"x": 50}},
		{"operator": "f", "class": "other", "values": {"x": 50, "y": 0}}]`)
	ranks, tied := make(map[string]int), make(map[string][]string)
	for _, c := range cards {
		if c.Rank != nil {
			ranks[c.Operator] = *c.Rank
		}
		tied[c.Operator] = c.Tied
	}
	want := map[string]int{"b": 1, "a": 2, "c": 2, "d": 4, "f": 1} // 50.001 is rounded to 50
	if diff := cmp.Diff(want, ranks); diff != "" {
		t.Errorf("ranks (-want +got):\n%s", diff)
	}
	// e is 50 to 60: it could be beside a, b or c. f is of another class.
	wantTied := map[string][]string{
		"a": {"e"}, "b": {"e"}, "c": {"e"}, "d": nil, "e": {"a", "b", "c"}, "f": nil,
	}
	if diff := cmp.Diff(wantTied, tied); diff != "" {
		t.Errorf("tied (-want +got):\n%s", diff)
	}
}
