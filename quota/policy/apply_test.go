package policy

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

// stateOf reads a state of a test from JSON.
func stateOf(t testing.TB, text string) *State {
	t.Helper()
	var s State
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// decided applies a policy of a test to a state in JSON.
func decided(t testing.TB, p *Policy, state string) *Decision {
	t.Helper()
	d, err := compiled(t, p).Apply(stateOf(t, state), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// refused applies a policy that can't be applied to the state, and returns the code of the error.
func refused(t testing.TB, p *Policy, state string, calendar Calendar) string {
	t.Helper()
	_, err := compiled(t, p).Apply(stateOf(t, state), calendar)
	var wrong *StateError
	if !errors.As(err, &wrong) || !errors.Is(err, ErrState) {
		t.Fatalf("Apply: %v, want a StateError", err)
	}
	return wrong.Code
}

// quotaOf returns an operator's quota, -1 where it is unknown.
func quotaOf(t testing.TB, d *Decision, id string) int {
	t.Helper()
	if o := operatorOf(t, d, id); o.Quota != nil {
		return *o.Quota
	}
	return -1
}

func operatorOf(t testing.TB, d *Decision, id string) *OperatorDecision {
	t.Helper()
	at := slices.IndexFunc(d.Operators, func(o OperatorDecision) bool { return o.ID == id })
	if at < 0 {
		t.Fatalf("no operator %s", id)
	}
	return &d.Operators[at]
}

// said reports whether a step of the operator has a message.
func said(o *OperatorDecision, message string) bool {
	return slices.ContainsFunc(o.Steps, func(s Step) bool { return s.Message == message })
}

func TestRoundingOfAChange(t *testing.T) {
	tests := []struct {
		rounding Rounding
		quota    string
		want     int
	}{
		{HalfUp, "1", 1},
		{HalfUp, "3", 2},
		{HalfUp, "5", 3},
		{HalfEven, "1", 0},
		{HalfEven, "3", 2},
		{HalfEven, "5", 2},
		{Down, "1", 0},
		{Down, "3", 1},
		{Down, "5", 2},
		{Up, "1", 1},
		{Up, "3", 2},
		{Up, "5", 3},
		{"", "5", 3}, // the policy's own
	}
	for _, tt := range tests {
		d := decided(t, &Policy{
			Freed: &Freed{To: "lost"},
			Adjust: []Rule{
				{ID: "half", Change: &Change{Percent: "-50", Of: "current", Round: tt.rounding}},
			},
		}, `{"operators": [{"id": "a", "quota": `+tt.quota+`}]}`)
		if got := quotaOf(t, d, "a"); got != tt.want {
			t.Errorf("half of %s by %q is %d, want %d", tt.quota, tt.rounding, got, tt.want)
		}
	}
}

func TestWhatAPerCentIsOf(t *testing.T) {
	tests := map[string]int{
		"current":  1000 - 100 - 100, // of the 1,000 before the first rule
		"running":  1000 - 100 - 90,
		"original": 1000 - 100 - 200,
		"approved": 1000 - 100 - 150,
	}
	for of, want := range tests {
		d := decided(t, &Policy{
			Freed:   &Freed{To: "lost"},
			Streaks: []Streak{{ID: "fail", If: "score < 60", Reset: "break"}},
			Adjust: []Rule{
				{ID: "first", Change: &Change{Abs: "-100"}},
				{ID: "second", If: "streak.fail >= 2", Change: &Change{Percent: "-10", Of: of}},
			},
		}, `{"operators": [{"id": "a", "score": 50, "quota": 1000, "original": 2000, "approved": 1500,
			"streaks": {"fail": 1}}]}`)
		if got := quotaOf(t, d, "a"); got != want {
			t.Errorf("10 %% of %s leaves %d, want %d", of, got, want)
		}
	}
}

func TestOriginalIsTheQuotaWhenTheStreakBegan(t *testing.T) {
	p := &Policy{
		Freed:   &Freed{To: "lost"},
		Streaks: []Streak{{ID: "fail", If: "score < 60", Reset: "break"}},
		Adjust: []Rule{
			{ID: "cut", If: "streak.fail >= 1", Change: &Change{Percent: "-10", Of: "original"}},
		},
	}
	first := decided(t, p, `{"operators": [{"id": "a", "score": 50, "quota": 1000}]}`)
	o := operatorOf(t, first, "a")
	if *o.Quota != 900 || o.Original == nil || *o.Original != 1000 || o.Streaks["fail"] != 1 {
		t.Fatalf("first period: %+v", o)
	}
	second := decided(t, p, `{"operators": [{"id": "a", "score": 50, "quota": 900, "original": 1000,
		"streaks": {"fail": 1}}]}`)
	if got := quotaOf(t, second, "a"); got != 800 {
		t.Errorf("second period: %d, want 800: a tenth of the 1,000 when the streak began", got)
	}
	third := decided(t, p, `{"operators": [{"id": "a", "score": 70, "quota": 800, "original": 1000,
		"streaks": {"fail": 2}}]}`)
	o = operatorOf(t, third, "a")
	if *o.Quota != 800 || o.Original != nil || o.Streaks["fail"] != 0 {
		t.Errorf("the streak ended: %+v", o)
	}
	if code := refused(t, p, `{"operators": [{"id": "a", "score": 50, "quota": 900,
		"streaks": {"fail": 1}}]}`, nil); code != "figure-unknown" {
		t.Errorf("nobody knows the quota when the streak began: %s", code)
	}
}

func TestDiscretion(t *testing.T) {
	p := func() *Policy {
		return &Policy{
			Freed:  &Freed{To: "lost"},
			Params: []Param{{ID: "cut", Required: true}},
			Adjust: []Rule{{
				ID: "cut", Change: &Change{Percent: "cut", Of: "current", Low: "-10", High: "-5"},
			}},
		}
	}
	state := func(cut string) string {
		return `{"params": {"cut": ` + cut + `}, "operators": [{"id": "a", "quota": 1000}]}`
	}
	for cut, want := range map[string]int{"-10": 900, "-7.5": 925, "-5": 950} {
		if got := quotaOf(t, decided(t, p(), state(cut)), "a"); got != want {
			t.Errorf("cut %s leaves %d, want %d", cut, got, want)
		}
	}
	for _, cut := range []string{"-10.01", "-4.99", "5"} {
		if code := refused(t, p(), state(cut), nil); code != "discretion" {
			t.Errorf("cut %s: %s, want discretion", cut, code)
		}
	}
	if code := refused(t, p(), `{"operators": []}`, nil); code != "required-param" {
		t.Errorf("no cut given: %s, want required-param", code)
	}
}

func TestStreaks(t *testing.T) {
	tests := map[string]struct {
		reset, score string
		before, want int
	}{
		"it holds again":              {"break", "50", 2, 3},
		"it breaks":                   {"break", "60", 2, 0},
		"it never breaks":             {"never", "60", 2, 2},
		"it never breaks, and counts": {"never", "50", 2, 3},
		"nobody knows, break":         {"break", "null", 2, 2},
		"nobody knows, never":         {"never", "null", 2, 2},
		"it begins":                   {"break", "50", 0, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, `{"operators": [{"id": "a", "score": `+tt.score+`}]}`)
			s.Operators[0].Streaks = map[string]int{"fail": tt.before}
			d, err := compiled(t, &Policy{
				Streaks: []Streak{{ID: "fail", If: "score < 60", Reset: tt.reset}},
			}).Apply(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Operators[0].Streaks["fail"]; got != tt.want {
				t.Errorf("the streak is %d, want %d", got, tt.want)
			}
		})
	}
}

func TestGradeLines(t *testing.T) {
	tests := []struct {
		grades []Grade
		score  string
		want   string
	}{
		{[]Grade{{ID: "pass", From: "60"}, {ID: "fail"}}, "60.0", "pass"},
		{[]Grade{{ID: "pass", From: "60"}, {ID: "fail"}}, "59.999999", "fail"},
		{[]Grade{{ID: "pass", Above: "60"}, {ID: "fail"}}, "60.0", "fail"},
		{[]Grade{{ID: "pass", Above: "60"}, {ID: "fail"}}, "60.000001", "pass"},
		{[]Grade{{ID: "pass", From: "60"}}, "30", ""},
		{[]Grade{{ID: "pass", From: "60"}, {ID: "fail"}}, "null", ""},
	}
	for _, tt := range tests {
		d := decided(t, &Policy{Grades: tt.grades},
			`{"operators": [{"id": "a", "score": `+tt.score+`}]}`)
		if got := d.Operators[0].Grade; got != tt.want {
			t.Errorf("%s with %+v has the grade %q, want %q", tt.score, tt.grades, got, tt.want)
		}
	}
}

func TestPassAndItsFollowUp(t *testing.T) {
	d := decided(t, &Policy{
		Score:  Score{Scale: "100", Bonus: "5", Pass: "60"},
		Grades: []Grade{{ID: "good", From: "60"}, {ID: "bad", Do: []string{"interview"}}},
	}, `{"operators": [{"id": "a", "score": 105}, {"id": "b", "score": 59}, {"id": "c"}]}`)
	a, b, c := operatorOf(t, d, "a"), operatorOf(t, d, "b"), operatorOf(t, d, "c")
	if a.Pass == nil || !*a.Pass || b.Pass == nil || *b.Pass || c.Pass != nil {
		t.Errorf("pass is %v, %v, %v, want true, false, unknown", a.Pass, b.Pass, c.Pass)
	}
	if len(a.Actions) != 0 || !slices.Equal(b.Actions, []string{"interview"}) {
		t.Errorf("actions are %v and %v", a.Actions, b.Actions)
	}
}

func TestVetoes(t *testing.T) {
	policy := func(do string) *Policy {
		p := &Policy{
			Facts:  []Fact{{ID: "fraud", Of: OfOperator, Kind: KindTruth}},
			Vetoes: []Veto{{ID: "liar", If: "fraud", Do: do}},
			Grades: []Grade{{ID: "A", From: "80"}, {ID: "B", From: "60"}, {ID: "C"}},
			Rank:   &Rank{By: "score", Last: "id"},
			Freed:  &Freed{To: "reserve"},
		}
		if do == "cap_grade" {
			p.Vetoes[0].Grade = "B"
		}
		return p
	}
	state := `{"operators": [
		{"id": "a", "score": 95, "quota": 1000, "facts": {"fraud": true}},
		{"id": "b", "score": 50, "quota": 1000, "facts": {"fraud": true}},
		{"id": "c", "score": 90, "quota": 1000, "facts": {"fraud": false}},
		{"id": "d", "score": 85, "quota": 1000}]}`

	d := decided(t, policy("cap_grade"), state)
	for id, want := range map[string]string{"a": "B", "b": "C", "c": "A", "d": "A"} {
		if got := operatorOf(t, d, id).Grade; got != want {
			t.Errorf("cap_grade: %s has %s, want %s", id, got, want)
		}
	}
	if o := operatorOf(t, d, "a"); !slices.Equal(o.Vetoes, []string{"liar"}) || *o.Rank != 1 {
		t.Errorf("a cap of the grade leaves the rank: %+v", o)
	}
	if !said(operatorOf(t, d, "d"), "policy.step.unknown") {
		t.Error("an unknown veto is no veto, and a step says so")
	}

	d = decided(t, policy("zero_score"), state)
	if a := operatorOf(t, d, "a"); a.Score.Sign() != 0 || a.Grade != "C" || *a.Rank != 3 {
		t.Errorf("zero_score: %+v", a)
	}
	if c := operatorOf(t, d, "c"); *c.Rank != 1 || *c.Quota != 1000 {
		t.Errorf("zero_score of another: %+v", c)
	}

	d = decided(t, policy("exit"), state)
	if a := operatorOf(t, d, "a"); a.Status != "exit" || a.Qualified || a.Rank != nil || *a.Quota != 0 {
		t.Errorf("exit: %+v", a)
	}
	if d.Reserve != 2000 || d.Allocated != 2000 {
		t.Errorf("exit: reserve %d, allocated %d, want 2000 and 2000", d.Reserve, d.Allocated)
	}
}

func TestQualified(t *testing.T) {
	d := decided(t, &Policy{
		Qualified: "score >= 60 and known(request)",
		Rank:      &Rank{By: "score", Last: "id"},
		Freed:     &Freed{To: "lost"},
		Adjust:    []Rule{{ID: "last", If: "rank = last", Change: &Change{Abs: "-10"}}},
	}, `{"operators": [
		{"id": "a", "score": 90, "quota": 100, "request": 5},
		{"id": "b", "score": 70, "quota": 100, "request": 0},
		{"id": "c", "score": 59, "quota": 100, "request": 5},
		{"id": "d", "score": 80, "quota": 100},
		{"id": "e", "quota": 100, "request": 5}]}`)
	for id, want := range map[string]int{"a": 100, "b": 90, "c": 100, "d": 100, "e": 100} {
		o := operatorOf(t, d, id)
		if *o.Quota != want || o.Qualified != (id == "a" || id == "b") {
			t.Errorf("%s: quota %d, qualified %t", id, *o.Quota, o.Qualified)
		}
		if (o.Rank != nil) != o.Qualified {
			t.Errorf("%s has the rank %v", id, o.Rank)
		}
	}
}

func TestTies(t *testing.T) {
	state := `{"operators": [
		{"id": "d", "score": 70, "quota": 300}, {"id": "c", "score": 80, "quota": 100},
		{"id": "b", "score": 80, "quota": 200}, {"id": "a", "score": 80, "quota": 100},
		{"id": "e"}]}`
	tests := map[string]struct {
		rank Rank
		want map[string]int
	}{
		"by id":           {Rank{By: "score", Last: "id"}, map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}},
		"by quota":        {Rank{By: "score", Ties: []Formula{"before"}, Last: "id"}, map[string]int{"b": 1, "a": 2, "c": 3, "d": 4}},
		"shared":          {Rank{By: "score", Last: "shared"}, map[string]int{"a": 1, "b": 1, "c": 1, "d": 4}},
		"quota, shared":   {Rank{By: "score", Ties: []Formula{"before"}, Last: "shared"}, map[string]int{"b": 1, "a": 2, "c": 2, "d": 4}},
		"the least first": {Rank{By: "-score", Ties: []Formula{"-before"}, Last: "id"}, map[string]int{"d": 1, "a": 2, "c": 3, "b": 4}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := decided(t, &Policy{Rank: &tt.rank}, state)
			for id, want := range tt.want {
				if got := *operatorOf(t, d, id).Rank; got != want {
					t.Errorf("%s has the rank %d, want %d", id, got, want)
				}
			}
			if e := operatorOf(t, d, "e"); e.Rank != nil || !said(e, "policy.step.no-rank") {
				t.Errorf("an unknown score has no rank, and a step says so: %+v", e)
			}
		})
	}
}

func TestASharedLastRankIsTheLast(t *testing.T) {
	d := decided(t, &Policy{
		Rank: &Rank{By: "score", Last: "shared"}, Freed: &Freed{To: "lost"},
		Adjust: []Rule{{ID: "last", If: "rank = last", Change: &Change{Abs: "-10"}}},
	}, `{"operators": [{"id": "a", "score": 80, "quota": 100}, {"id": "b", "score": 70, "quota": 100},
		{"id": "c", "score": 70, "quota": 100}]}`)
	for id, want := range map[string]int{"a": 100, "b": 90, "c": 90} {
		if got := quotaOf(t, d, id); got != want {
			t.Errorf("%s has %d, want %d: both of the last rank are last", id, got, want)
		}
	}
}

func TestSeasons(t *testing.T) {
	winter := []Season{{ID: "winter", From: "12-01", Until: "02-29", Factor: "0.8"}}
	event := []Season{{ID: "games", From: "2023-09-23", Until: "2023-10-08", Factor: "1.25"}}
	tests := []struct {
		seasons []Season
		date    string
		want    int
	}{
		{winter, "2023-11-30", 1001},
		{winter, "2023-12-01", 801},
		{winter, "2023-12-31", 801},
		{winter, "2024-01-01", 801},
		{winter, "2024-02-29", 801},
		{winter, "2023-02-28", 801},
		{winter, "2024-03-01", 1001},
		{winter, "2023-07-01", 1001},
		{event, "2023-09-22", 1001},
		{event, "2023-09-23", 1251},
		{event, "2023-10-08", 1251},
		{event, "2023-10-09", 1001},
		{event, "2024-10-01", 1001},
	}
	for _, tt := range tests {
		d := decided(t, &Policy{Seasons: tt.seasons},
			`{"total": 1001, "date": "`+tt.date+`", "operators": []}`)
		if *d.Total != tt.want {
			t.Errorf("on %s the total is %d, want %d", tt.date, *d.Total, tt.want)
		}
	}
	if code := refused(t, &Policy{Seasons: winter}, `{"total": 9, "operators": []}`, nil); code != "day" {
		t.Errorf("no date: %s, want day", code)
	}
}

func TestSwap(t *testing.T) {
	p := func() *Policy { return &Policy{Swap: &Swap{To: "ebike", Give: "3", Take: "2"}} }
	tests := []struct {
		quota, offered       string
		wantQuota, wantOther int
	}{
		{"100", "10", 91, 6}, // three lots, and one vehicle stays
		{"100", "9", 91, 6},
		{"100", "2", 100, 0},
		{"100", "0", 100, 0},
		{"4", "10", 1, 2}, // no more than there are
	}
	for _, tt := range tests {
		d := decided(t, p(), `{"operators": [
			{"id": "a", "quota": `+tt.quota+`, "swap": `+tt.offered+`}]}`)
		o := operatorOf(t, d, "a")
		other := 0
		if o.Swapped != nil {
			other = *o.Swapped
		}
		if *o.Quota != tt.wantQuota || other != tt.wantOther {
			t.Errorf("%s of %s offered: %d left and %d of the other, want %d and %d",
				tt.offered, tt.quota, *o.Quota, other, tt.wantQuota, tt.wantOther)
		}
	}
	bad := p()
	bad.Swap.Give = "0.5"
	if code := refused(t, bad, `{"operators": []}`, nil); code != "ratio" {
		t.Errorf("half a vehicle: %s, want ratio", code)
	}
}

func TestOverrides(t *testing.T) {
	apply := func(override string) (*Decision, error) {
		return compiled(t, &Policy{
			Freed:  &Freed{To: "reserve"},
			Adjust: []Rule{{ID: "cut", Change: &Change{Abs: "-10"}}},
		}).Apply(stateOf(t, `{"operators": [{"id": "a", "quota": 100}, {"id": "b"}],
			"overrides": [`+override+`]}`), nil)
	}
	d, err := apply(`{"operator": "a", "quota": 70, "reason": "flood", "signer": "Wang"},
		{"operator": "b", "quota": 5, "reason": "flood", "signer": "Wang"}`)
	if err != nil {
		t.Fatal(err)
	}
	a, b := operatorOf(t, d, "a"), operatorOf(t, d, "b")
	if *a.Quota != 70 || a.Delta != -30 || b.Quota == nil || *b.Quota != 5 {
		t.Errorf("by hand: %+v, %+v", a, b)
	}
	last := a.Steps[len(a.Steps)-1]
	if last.Rule != "override" || last.Before != 90 || last.After != 70 ||
		last.Inputs["signer"].Text != "Wang" || last.Inputs["reason"].Text != "flood" {
		t.Errorf("the step of the override is %+v", last)
	}
	for override, want := range map[string]string{
		`{"operator": "a", "quota": 70, "signer": "Wang"}`:                     "override-unsigned",
		`{"operator": "a", "quota": 70, "reason": "r"}`:                        "override-unsigned",
		`{"operator": "z", "quota": 70, "reason": "r", "signer": "Wang"}`:      "operator-unknown",
		`{"operator": "a", "quota": -1, "reason": "r", "signer": "Wang"}`:      "vehicles",
		`{"operator": "a", "quota": 2e9, "reason": "r", "signer": "Wang"}`:     "",
		`{"operator": "a", "quota": 2000000000, "reason": "r", "signer": "W"}`: "vehicles",
	} {
		if want == "" {
			continue // no whole number in JSON's eyes
		}
		_, err := apply(override)
		var wrong *StateError
		if !errors.As(err, &wrong) || wrong.Code != want {
			t.Errorf("%s: %v, want %s", override, err, want)
		}
	}
}

func TestSomeOfSeveralWithUnknownOnes(t *testing.T) {
	p := &Policy{
		Facts: []Fact{
			{ID: "x", Of: OfOperator, Kind: KindTruth},
			{ID: "y", Of: OfOperator, Kind: KindTruth},
			{ID: "z", Of: OfOperator, Kind: KindTruth},
		},
		Freed: &Freed{To: "lost"},
		Adjust: []Rule{
			{ID: "two", If: "at_least(2, x, y, z)", Change: &Change{Abs: "-10"}},
		},
		Checks: []Check{{ID: "two", Of: OfOperator, Hold: "at_least(2, x, y, z)"}},
	}
	yes, no := true, false
	tests := map[string]struct {
		quota int
		holds *bool
	}{
		`{"x": true, "y": true}`:              {90, &yes}, // z cannot change it
		`{"x": true, "y": false}`:             {100, nil}, // z decides
		`{"x": false, "y": false}`:            {100, &no},
		`{"x": true}`:                         {100, nil},
		`{}`:                                  {100, nil},
		`{"x": true, "y": true, "z": true}`:   {90, &yes},
		`{"x": null, "y": true, "z": true}`:   {90, &yes},
		`{"x": false, "y": true, "z": false}`: {100, &no},
	}
	for facts, want := range tests {
		d := decided(t, p, `{"operators": [{"id": "a", "quota": 100, "facts": `+facts+`}]}`)
		o := operatorOf(t, d, "a")
		if *o.Quota != want.quota || said(o, "policy.step.unknown") != (want.holds == nil) {
			t.Errorf("%s leaves %d, and %+v", facts, *o.Quota, o.Steps)
		}
		got := d.Checks[0].Holds
		if (got == nil) != (want.holds == nil) || (got != nil && *got != *want.holds) {
			t.Errorf("%s: the check answers %v, want %v", facts, got, want.holds)
		}
	}
}

func TestUnknownFigures(t *testing.T) {
	policy := func(change Change) *Policy {
		return &Policy{
			Facts:  []Fact{{ID: "gap", Of: OfOperator}},
			Freed:  &Freed{To: "lost"},
			Adjust: []Rule{{ID: "cut", Change: &change}},
		}
	}
	unknownQuota := `{"operators": [{"id": "a"}]}`
	tests := map[string]struct {
		change Change
		state  string
	}{
		"an amount":              {Change{Abs: "-gap"}, `{"operators": [{"id": "a", "quota": 100}]}`},
		"a per cent":             {Change{Percent: "-gap", Of: "current"}, `{"operators": [{"id": "a", "quota": 100}]}`},
		"a target":               {Change{To: "gap"}, `{"operators": [{"id": "a", "quota": 100}]}`},
		"a per cent of no quota": {Change{Percent: "-5", Of: "current"}, unknownQuota},
		"of nothing approved":    {Change{Percent: "-5", Of: "approved"}, `{"operators": [{"id": "a", "quota": 9}]}`},
		"an unknown weight":      {Change{Divide: "-6", By: "gap"}, `{"operators": [{"id": "a", "quota": 9}]}`},
		"a limit":                {Change{Abs: "-5", Least: "gap"}, `{"operators": [{"id": "a", "quota": 9}]}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if code := refused(t, policy(tt.change), tt.state, nil); code != "figure-unknown" {
				t.Errorf("%s, want figure-unknown", code)
			}
		})
	}
	d := decided(t, policy(Change{Abs: "-5"}), unknownQuota)
	if o := operatorOf(t, d, "a"); o.Quota != nil || o.Delta != -5 || d.Allocated != 0 {
		t.Errorf("an unknown quota stays unknown, and its change is known: %+v", o)
	}
	if code := refused(t, policy(Change{Abs: "-5"}),
		`{"operators": [{"id": "a", "facts": {"gaps": 5}}]}`, nil); code != "unknown-fact" {
		t.Errorf("a misspelt fact: %s, want unknown-fact", code)
	}
}

// madeUp is a calendar of one year with a make-up Saturday.
type madeUp struct{}

func (madeUp) Working(day string) (working, ok bool) {
	switch {
	case !strings.HasPrefix(day, "2023-"):
		return false, false
	case day == "2023-10-07":
		return true, true
	}
	off := []string{"2023-10-05", "2023-10-06", "2023-10-08", "2023-12-30", "2023-12-31"}
	return !slices.Contains(off, day), true
}

func TestDeadlines(t *testing.T) {
	policy := func(x Deadline) *Policy {
		x.ID = "reply"
		return &Policy{Calendar: "cn", Deadlines: []Deadline{x}}
	}
	tests := map[string]struct {
		deadline   Deadline
		days, want string
	}{
		"days":                  {Deadline{After: "published", Days: 30}, "2023-12-15", "2024-01-14"},
		"working days":          {Deadline{After: "published", WorkingDays: 3}, "2023-10-04", "2023-10-10"},
		"the make-up day":       {Deadline{After: "published", WorkingDays: 1}, "2023-10-04", "2023-10-07"},
		"begun on a day off":    {Deadline{After: "published", WorkingDays: 1}, "2023-10-05", "2023-10-07"},
		"the day doesn't count": {Deadline{After: "published", WorkingDays: 1}, "2023-10-09", "2023-10-10"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, `{"days": {"published": "`+tt.days+`"}, "operators": []}`)
			d, err := compiled(t, policy(tt.deadline)).Apply(s, madeUp{})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Deadlines["reply"]; got != tt.want {
				t.Errorf("the deadline is %s, want %s", got, tt.want)
			}
		})
	}
	three := policy(Deadline{After: "published", WorkingDays: 3})
	for state, want := range map[string]string{
		`{"days": {"published": "2023-12-29"}, "operators": []}`: "calendar-year",
		`{"days": {"published": "2024-05-05"}, "operators": []}`: "calendar-year",
		`{"days": {"published": "May 2023"}, "operators": []}`:   "day",
		`{"operators": []}`: "day",
	} {
		if code := refused(t, three, state, madeUp{}); code != want {
			t.Errorf("%s: %s, want %s", state, code, want)
		}
	}
	if code := refused(t, three, `{"days": {"published": "2023-05-05"}, "operators": []}`,
		nil); code != "calendar-year" {
		t.Errorf("no calendar: %s, want calendar-year", code)
	}
	d := decided(t, policy(Deadline{After: "date", Days: 1}), `{"date": "2023-02-28", "operators": []}`)
	if got := d.Deadlines["reply"]; got != "2023-03-01" {
		t.Errorf("after the day of the decision: %s", got)
	}
}

func TestTerm(t *testing.T) {
	p := &Policy{Term: &Term{From: "2022-07-01", Years: 3}}
	for date, over := range map[string]bool{
		"2022-07-01": false, "2025-06-30": false, "2025-07-01": true, "2030-01-01": true,
	} {
		d := decided(t, p, `{"date": "`+date+`", "operators": []}`)
		if d.Term.Ends != "2025-06-30" || d.Term.Over != over {
			t.Errorf("on %s: %+v, want over = %t", date, d.Term, over)
		}
	}
}

func TestZoneSplitsSumToTheQuota(t *testing.T) {
	p := &Policy{Zones: &Zones{
		Split: []ZoneShare{{"island", "0.75"}, {"north", "0.125"}, {"south", "0.125"}},
	}}
	for _, quota := range []int{0, 1, 2, 3, 5, 100, 74_999, 75_000, 75_001, 999_999_999} {
		s := &State{Operators: []OperatorState{{ID: "a", Quota: &quota}}}
		d, err := compiled(t, p).Apply(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, n := range d.Operators[0].Zones {
			sum += n
		}
		if sum != quota || len(d.Operators[0].Zones) != 3 {
			t.Errorf("%d parts as %v", quota, d.Operators[0].Zones)
		}
	}
}

func TestARuleOfAZone(t *testing.T) {
	p := &Policy{
		Freed: &Freed{To: "reserve"},
		Adjust: []Rule{
			{ID: "old-town", Zone: "core", Change: &Change{Percent: "-20", Of: "zone"}},
		},
	}
	d := decided(t, p, `{"operators": [{"id": "a", "quota": 1000, "zones": {"core": 400, "rest": 600}}]}`)
	o := operatorOf(t, d, "a")
	if *o.Quota != 920 || o.Zones["core"] != 320 || o.Zones["rest"] != 600 || d.Reserve != 80 {
		t.Errorf("a fifth of 400 is cut: %+v, reserve %d", o, d.Reserve)
	}
	if code := refused(t, p, `{"operators": [{"id": "a", "quota": 1000}]}`, nil); code != "zone-unknown" {
		t.Errorf("no zones: %s, want zone-unknown", code)
	}
}

func TestScoresFromSeveral(t *testing.T) {
	tests := map[string]struct {
		score Score
		state string
		want  string
	}{
		"mean":                   {Score{RollUp: "mean"}, `"scores": [60, 70, 90.5]`, "73.5"},
		"min":                    {Score{RollUp: "min"}, `"scores": [60, 70, 50]`, "50"},
		"max":                    {Score{RollUp: "max"}, `"scores": [60, 70, 50]`, "70"},
		"last":                   {Score{RollUp: "last"}, `"scores": [60, 70, 50]`, "50"},
		"sum":                    {Score{RollUp: "sum"}, `"scores": [10, 20, 30]`, "60"},
		"a gap":                  {Score{RollUp: "mean"}, `"scores": [60, null]`, "unknown"},
		"nothing":                {Score{RollUp: "mean"}, `"scores": []`, "unknown"},
		"one score all the same": {Score{RollUp: "mean"}, `"score": 61`, "61"},
		"assessors": {
			Score{Absent: "unknown", Assessors: []Assessor{{"city", "60"}, {"public", "40"}}},
			`"assessors": {"city": 80, "public": 60}`, "72",
		},
		"one assessor is silent": {
			Score{Absent: "unknown", Assessors: []Assessor{{"city", "60"}, {"public", "40"}}},
			`"assessors": {"city": 80, "public": null}`, "unknown",
		},
		"the others count for it": {
			Score{Absent: "reweigh", Assessors: []Assessor{{"city", "60"}, {"public", "40"}}},
			`"assessors": {"city": 80}`, "80",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := decided(t, &Policy{Score: scaled(tt.score)}, `{"operators": [{"id": "a", `+tt.state+`}]}`)
			got := "unknown"
			if x := d.Operators[0].Score; x != nil {
				got = x.String()
			}
			if got != tt.want {
				t.Errorf("the score is %s, want %s", got, tt.want)
			}
		})
	}
	two := &Policy{Score: scaled(Score{Absent: "reweigh", Assessors: []Assessor{{"city", "1"}}})}
	if code := refused(t, two, `{"operators": [{"id": "a", "assessors": {"citty": 80}}]}`,
		nil); code != "unknown-assessor" {
		t.Errorf("a misspelt assessor: %s, want unknown-assessor", code)
	}
	for _, score := range []string{"100.01", "-0.01"} {
		if code := refused(t, &Policy{}, `{"operators": [{"id": "a", "score": `+score+`}]}`,
			nil); code != "scale" {
			t.Errorf("a score of %s: %s, want scale", score, code)
		}
	}
}

func scaled(s Score) Score { s.Scale = "100"; return s }
