package rubric

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tables here have the shapes of published ones; the rows are ours, and the wants are worked
// by hand.

// marks are the scores of cards, in the order of the operators.
func scores(cards []Card) []string {
	var out []string
	for _, c := range cards {
		out = append(out, c.Operator+" "+text(c.Score)+" "+c.Grade)
	}
	return out
}

func TestShenzhenTurnover(t *testing.T) {
	r := oneTable(t, "10", given("order", "5", "worst")+`, {"id": "turnover", "name": {}, "max": 5,
		"unit": "trips/vehicle/day", "direction": "higher", "missing": "worst",
		"ratio": {"of": "trips", "over": "fleet"}, "bands": [{"gte": 2, "points": 5},
			{"gte": 1, "points": 3}, {"else": true, "points": 1}]}`, "")
	cards := evaluate(t, r, `[
		{"operator": "a", "values": {"order": 4, "trips": 2000, "fleet": 1000}},
		{"operator": "b", "values": {"order": 4, "trips": 1999, "fleet": 1000}},
		{"operator": "c", "values": {"order": 4, "trips": 1, "fleet": 1000}},
		{"operator": "d", "values": {"order": 4, "trips": 0, "fleet": 0}}]`)
	want := []string{"a 9 ", "b 7 ", "c 5 ", "d 4 "} // d's ratio is over nothing: missing
	if diff := cmp.Diff(want, scores(cards)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	if how := cards[3].Periods[0].Parts[0].Items[1].How; how != "missing:worst" {
		t.Errorf("a ratio over 0 came to its points by %q, want missing:worst", how)
	}
}

// Gao county takes points off 100 for what went wrong.
func TestGaoDeductions(t *testing.T) {
	r := rubricOf(t, `"pass": 60, "tables": [{"scale": 100, "deduct": 70, "indicators": [`+
		given("base", "100", "worst")+`,
		{"id": "blocked", "name": {}, "max": 40, "kind": "deduction", "missing": "unknown",
			"events": {"points": 2}},
		{"id": "complaints", "name": {}, "max": 20, "kind": "deduction", "missing": "worst",
			"events": {"points": 0.5, "per": 10, "free": 20, "begun": true}},
		{"id": "orders", "name": {}, "max": 30, "kind": "deduction", "missing": "exclude",
			"events": {"points": 5}}]}]`)
	cards := evaluate(t, r, `[
		{"operator": "a", "values": {"base": 100, "blocked": 19, "complaints": 41, "orders": 0}},
		{"operator": "b", "values": {"base": 100, "blocked": 20, "complaints": 20, "orders": 0}},
		{"operator": "c", "values": {"base": 100, "blocked": 99, "complaints": 999, "orders": 9}},
		{"operator": "d", "values": {"base": 60, "blocked": 99, "complaints": 999, "orders": 9}},
		{"operator": "e", "values": {"base": 100, "complaints": 0}},
		{"operator": "f", "values": {"base": 100, "blocked": 0}}]`)
	// a: 38 and three begun tens; c: 40 + 20 + 30, held to 70; d: not below 0; e: blocked may
	// have cost 0 to 40; f: complaints at worst, orders as nothing.
	want := []string{"a 60.5 ", "b 60 ", "c 30 ", "d 0 ", "e unknown ", "f 80 "}
	if diff := cmp.Diff(want, scores(cards)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	if e := cards[4]; e.Low.String() != "60" || e.High.String() != "100" || e.Pass != passes {
		t.Errorf("e is %v to %v, %s; want 60 to 100, pass: it passes at its worst", e.Low, e.High, e.Pass)
	}
	if c := cards[2].Periods[0].Parts[0]; c.Deducted.String() != "70" {
		t.Errorf("c had %v taken off, want the cap, 70", c.Deducted)
	}
	if b := cards[1]; b.Pass != passes {
		t.Errorf("60.0 is %s, want pass", b.Pass)
	}
}

// Zhengzhou has the city's marks count 70 and the districts' 30 of a hundred.
func TestZhengzhouAssessors(t *testing.T) {
	r := oneTable(t, "100", given("order", "60", "worst")+`, `+given("fleet", "40", "worst"),
		`"assessors": [{"id": "city", "weight": 70}, {"id": "district", "weight": 30}],
		"absent": "reweigh", "grades": [{"id": "good", "above": 60}, {"id": "bad"}]`)
	sheets := `[
		{"operator": "a", "assessor": "city", "values": {"order": 30, "fleet": 32}},
		{"operator": "a", "assessor": "district", "values": {"order": 41, "fleet": 20}},
		{"operator": "b", "assessor": "district", "values": {"order": 40, "fleet": 20}}]`
	// a: 0.7 × 62 + 0.3 × 61; b: the district alone, and 60.0 isn't above 60.
	cards := evaluate(t, r, sheets)
	if diff := cmp.Diff([]string{"a 61.7 good", "b 60 bad"}, scores(cards)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	var weights []string
	for _, p := range cards[1].Periods[0].Parts {
		weights = append(weights, p.Assessor+" "+p.Weight.String()+" "+text(p.Score))
	}
	if diff := cmp.Diff([]string{"city 0 unknown", "district 1 60"}, weights); diff != "" {
		t.Errorf("weights (-want +got):\n%s", diff)
	}
	r.Absent = absentUnknown
	b := evaluate(t, r, sheets)[1]
	if b.Score != nil || b.Low.String() != "18" || b.High.String() != "88" || b.Grade != "" {
		t.Errorf("b is %v, %v to %v, %q; want unknown, 18 to 88, no grade",
			b.Score, b.Low, b.High, b.Grade)
	}
}

// Hefei's year is the mean of four quarters of 1,000 marks.
func TestHefeiQuarters(t *testing.T) {
	r := oneTable(t, "1000", given("all", "1000", "worst"),
		`"roll_up": {"take": "mean", "of": 4, "absent": "unknown"}`)
	sheets := `[
		{"operator": "a", "period": "2022-Q1", "values": {"all": 830.2}},
		{"operator": "a", "period": "2022-Q2", "values": {"all": 825.1}},
		{"operator": "a", "period": "2022-Q3", "values": {"all": 828.3}},
		{"operator": "a", "period": "2022-Q4", "values": {"all": 825}},
		{"operator": "b", "period": "2022-Q1", "values": {"all": 820.2}},
		{"operator": "b", "period": "2022-Q2", "values": {"all": 829.8}},
		{"operator": "b", "period": "2022-Q3", "values": {"all": 824.4}},
		{"operator": "b", "period": "2022-Q4", "values": {"all": 824}},
		{"operator": "c", "period": "2022-Q1", "values": {"all": 811}},
		{"operator": "c", "period": "2022-Q2", "values": {"all": 811}},
		{"operator": "c", "period": "2022-Q3", "values": {"all": 811.2}},
		{"operator": "c", "period": "2022-Q4", "values": {"all": 811.3}},
		{"operator": "d", "period": "2022-Q3", "values": {"all": 800}},
		{"operator": "d", "period": "2022-Q4", "values": {"all": 810}}]`
	// c's mean is 811.125; d came in the third quarter.
	want := []string{"a 827.15 ", "b 824.6 ", "c 811.13 ", "d unknown "}
	if diff := cmp.Diff(want, scores(evaluate(t, r, sheets))); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	r.Rounding, r.RollUp.Absent = halfEven, absentReweigh
	want = []string{"a 827.15 ", "b 824.6 ", "c 811.12 ", "d 805 "}
	if diff := cmp.Diff(want, scores(evaluate(t, r, sheets))); diff != "" {
		t.Errorf("half to even, absent quarters reweighed (-want +got):\n%s", diff)
	}
}

// Beijing's table has 450 marks, up to 100 to add and up to 350 to take off.
func TestBeijingCaps(t *testing.T) {
	r := rubricOf(t, `"tables": [{"scale": 450, "bonus": 100, "deduct": 350, "indicators": [`+
		given("order", "300", "worst")+`, `+given("safety", "150", "worst")+`,
		{"id": "awards", "name": {}, "max": 80, "kind": "bonus", "given": true, "missing": "worst"},
		{"id": "help", "name": {}, "max": 60, "kind": "bonus", "missing": "unknown",
			"events": {"points": 10}},
		{"id": "fines", "name": {}, "max": 400, "kind": "deduction", "missing": "worst",
			"events": {"points": 20}}]}]`)
	cards := evaluate(t, r, `[
		{"operator": "a", "values": {"order": 280, "safety": 120, "awards": 70, "help": 6,
			"fines": 20}},
		{"operator": "b", "values": {"order": 300, "safety": 150, "awards": 80, "help": 2,
			"fines": 0}},
		{"operator": "c", "values": {"order": 100, "safety": 100, "awards": 0, "fines": 5}}]`)
	// a: 400 + 130 held to 100 − 400 held to 350; b: full marks and 100; c: help may add 0 to 60.
	if diff := cmp.Diff([]string{"a 150 ", "b 550 ", "c unknown "}, scores(cards)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	if c := cards[2]; c.Low.String() != "100" || c.High.String() != "160" {
		t.Errorf("c is %v to %v, want 100 to 160", c.Low, c.High)
	}
}

// An entrant has no record yet: its table has 56 of the 100 marks.
func TestEntrantsTable(t *testing.T) {
	rows := given("plan", "36", "worst") + `, ` + given("care", "20", "worst")
	r := rubricOf(t, `"tables": [
		{"scale": 100, "indicators": [`+rows+`, `+given("record", "44", "worst")+`]},
		{"class": "entrant", "scale": 56, "indicators": [`+rows+`]}]`)
	cards := evaluate(t, r, `[
		{"operator": "new", "class": "entrant", "values": {"plan": 30, "care": 20, "record": 44}},
		{"operator": "newer", "class": "entrant", "values": {"plan": 30, "care": 19}},
		{"operator": "old", "class": "large", "values": {"plan": 30, "care": 20, "record": 40}}]`)
	if diff := cmp.Diff([]string{"new 50 ", "newer 49 ", "old 90 "}, scores(cards)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	var ranks []int
	for _, c := range cards {
		ranks = append(ranks, *c.Rank)
	}
	if diff := cmp.Diff([]int{1, 2, 1}, ranks); diff != "" {
		t.Errorf("entrants are ranked among entrants (-want +got):\n%s", diff)
	}
	if got := cards[0].Scale.String(); got != "56" {
		t.Errorf("an entrant's card is of %s, want 56", got)
	}
}
