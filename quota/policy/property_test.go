package policy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/quota/merit"
)

// drawRules draws a policy that adjusts quotas by up to five rules of every shape. Nothing in it
// gives what isn't there: rises are funded by the reserve, or by what was freed.
func drawRules(t *rapid.T) *Policy {
	freed := func(name string, to ...string) *Freed {
		return &Freed{
			To: rapid.SampledFrom(to).Draw(t, name), Among: "score >= 60", By: "before + 1", Else: "lost",
		}
	}
	p := &Policy{
		Grades:    []Grade{{ID: "A", From: "80"}, {ID: "B", Above: "60"}, {ID: "C"}},
		Facts:     []Fact{{ID: "fraud", Of: OfOperator, Kind: KindTruth}},
		Vetoes:    []Veto{{ID: "fraud", If: "fraud", Do: "exit"}},
		Qualified: Formula(rapid.SampledFrom([]string{"", "known(score)", "score >= 20"}).Draw(t, "who")),
		Rank:      &Rank{By: "score", Last: rapid.SampledFrom([]string{"id", "shared"}).Draw(t, "last")},
		Streaks:   []Streak{{ID: "fail", If: "score < 60", Reset: "break"}},
		Freed:     freed("freed", "reserve", "lost", "first", "share", "hold_total"),
		Bounds:    []Bound{{ID: "most", If: "grade != 'A'", Most: "60000"}},
		Zones:     &Zones{Split: []ZoneShare{{"x", "0.5"}, {"y", "0.3"}, {"z", "0.2"}}},
		Checks:    []Check{{ID: "cap", Of: OfCity, Hold: "total >= quotas"}},
	}
	fund := "reserve"
	if p.Freed.To == "hold_total" {
		fund = "freed"
	}
	cuts := []Change{
		{Percent: "-12.5", Of: "current"},
		{Percent: "-5", Of: "running", Round: Up},
		{Abs: "-3000"},
		{Abs: "pick(rank, 0, -10, -20)", Least: "500"},
		{To: "min(quota, before / 2)", Round: Down},
		{Divide: "-7001", By: "before"},
	}
	rises := []Change{{Abs: "3000", Most: "80000"}, {Percent: "10", Of: "current"}}
	who := []Formula{
		"rank = last", "rank = 1", "score < 60", "streak.fail >= 2", "grade = 'C' or fraud", "",
		"at_least(2, score < 80, rank > 1, fraud)",
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "rules") {
		r := Rule{ID: fmt.Sprintf("r%d", i), If: rapid.SampledFrom(who).Draw(t, "if")}
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			change := rapid.SampledFrom(rises).Draw(t, "rise")
			r.Change, r.Fund = &change, fund
		case 1:
			r.Do = []string{rapid.SampledFrom([]string{"suspend", "exit", "interview"}).Draw(t, "do")}
		default:
			change := rapid.SampledFrom(cuts).Draw(t, "cut")
			r.Change, r.Stop = &change, rapid.Bool().Draw(t, "stop")
			if rapid.IntRange(0, 3).Draw(t, "own") == 0 {
				r.Freed = freed("own freed", "reserve", "lost", "first", "share")
			}
		}
		p.Adjust = append(p.Adjust, r)
	}
	return p
}

// drawOperators draws up to eight operators of which little need be known.
func drawOperators(t *rapid.T) *State {
	s := drawState(t, true)
	for i := range s.Operators {
		o := &s.Operators[i]
		if rapid.Bool().Draw(t, "streak") {
			o.Streaks = map[string]int{"fail": rapid.IntRange(0, 3).Draw(t, "fail")}
		}
		switch rapid.IntRange(0, 4).Draw(t, "fraud") {
		case 0:
			o.Facts = map[string]Datum{"fraud": {Value: truth(true)}}
		case 1:
			o.Facts = map[string]Datum{"fraud": {Value: truth(false)}}
		}
		o.Reserve = rapid.SampledFrom([]int{0, 0, 17}).Draw(t, "own")
	}
	return s
}

// Whatever rules stand together, nothing is lost that isn't written down as lost, nobody has less
// than nothing or more than the ceiling, and neither the hour nor the order of operators matters.
func TestAnyRulesTogetherKeepTheLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		program, s := compiled(t, drawRules(t)), drawOperators(t)
		d, err := program.Apply(s, nil)
		if err != nil {
			if !errors.Is(err, ErrState) {
				t.Fatal(err)
			}
			return // a figure that a rule needs is unknown
		}
		before := sumOf(s)
		for _, o := range s.Operators {
			before += o.Reserve
		}
		if got := d.Allocated + d.Reserve + d.Lost; got != before {
			t.Fatalf("%d allocated + %d reserve + %d lost is not %d", d.Allocated, d.Reserve, d.Lost,
				before)
		}
		for _, o := range d.Operators {
			sum := 0
			for _, n := range o.Zones {
				sum += n
			}
			if *o.Quota < 0 || o.Delta != *o.Quota-*o.Before || sum != *o.Quota {
				t.Fatalf("%s: %d of %d, delta %d, %d in its zones", o.ID, *o.Quota, *o.Before, o.Delta, sum)
			}
			if o.Status == "active" && o.Grade != "A" && o.Grade != "" && *o.Quota > 60_000 {
				t.Fatalf("%s has %d, above its ceiling", o.ID, *o.Quota)
			}
			if o.Status != "active" && *o.Quota+o.Reserve != 0 {
				t.Fatalf("%s is %s, and has %d", o.ID, o.Status, *o.Quota)
			}
		}
		turned := *s
		turned.Operators = rapid.Permutation(s.Operators).Draw(t, "order")
		other, err := program.Apply(&turned, nil)
		if err != nil || !bytes.Equal(encoded(t, d), encoded(t, other)) {
			t.Fatalf("the order of operators matters, error %v", err)
		}
	})
}

// monotonePools are the ways of dividing a total in which a better score may never get less.
func monotonePools() map[string][]Pool {
	shares := []Formula{"0.4", "0.3", "0.15", "0.1", "0.05"}
	return map[string][]Pool{
		"shares": {{ID: "all", Size: "total", Method: "shares", Shares: shares, Unfilled: "reserve"}},
		"shares for others": {
			{ID: "all", Size: "total", Method: "shares", Shares: shares[:2], Unfilled: "others"},
		},
		"entrants and shares": {
			{ID: "new", If: "class = 'entrant'", Size: "total / 4", Method: "equal", Unfilled: "lost"},
			{ID: "all", Size: "rest", Method: "shares", Shares: shares, Unfilled: "reserve"},
		},
		"the best two": {
			{ID: "all", Size: "total", Method: "equal", Most: "2", Unfilled: "reserve"},
		},
		"weights": {{ID: "all", Size: "total", Method: "weight", Weight: "score", Unfilled: "lost"}},
		"remainders": {{
			ID: "all", Size: "total", Method: "weight", Weight: "max(0, score - 60)", Unfilled: "lost",
			Split: "largest_remainder",
		}},
		"merit": {{ID: "all", Size: "total", Method: "merit", Unfilled: "reserve", Merit: &merit.Rules{
			ID: "m", Base: merit.BaseEqual, Exponent: 2, MaxShare: 0.6, MinShare: 0.05,
			Relax: []string{merit.RuleMinShare, merit.RuleMaxShare},
		}}},
	}
}

func TestABetterScoreNeverGetsLessOfAPool(t *testing.T) {
	for name, pools := range monotonePools() {
		t.Run(name, func(t *testing.T) {
			program := compiled(t, &Policy{
				Rank: &Rank{By: "score", Last: "id"}, Allocate: &Scratch{Pools: pools},
			})
			rapid.Check(t, func(t *rapid.T) {
				s := drawState(t, false)
				if len(s.Operators) == 0 {
					return
				}
				for i := range s.Operators {
					class := rapid.SampledFrom([]string{"entrant", "incumbent"}).Draw(t, "class")
					s.Operators[i].Class = class
				}
				total := Whole(rapid.IntRange(0, 300_000).Draw(t, "total"))
				s.Total, s.Reserve = &total, 0
				before, err := program.Apply(s, nil)
				if err != nil {
					return // bounds that can't be met
				}
				k := rapid.IntRange(0, len(s.Operators)-1).Draw(t, "who")
				old := *s.Operators[k].Score
				part := Whole(rapid.IntRange(0, 100).Draw(t, "part of the way up"))
				way, _ := Whole(100).Sub(old).Mul(part).Div(Whole(100))
				better := old.Add(way)
				s.Operators[k].Score = &better
				after, err := program.Apply(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				if *after.Operators[k].Quota < *before.Operators[k].Quota {
					t.Fatalf("%s had %d with %s, and has %d with %s", s.Operators[k].ID,
						*before.Operators[k].Quota, old, *after.Operators[k].Quota, better)
				}
				checkPools(t, after)
			})
		})
	}
}

// checkPools fails where an allocation doesn't sum to its total, or where a rank above has less.
func checkPools(t *rapid.T, d *Decision) {
	if *d.Left < 0 || d.Allocated+d.Reserve+*d.Left != *d.Total {
		t.Fatalf("%d allocated + %d reserve + %d left is not %d", d.Allocated, d.Reserve, *d.Left,
			*d.Total)
	}
	one := slices.Clone(d.Operators)
	one = slices.DeleteFunc(one, func(o OperatorDecision) bool { return o.Class == "entrant" })
	slices.SortFunc(one, func(a, b OperatorDecision) int { return *a.Rank - *b.Rank })
	for i := 1; i < len(one); i++ {
		if *one[i].Quota > *one[i-1].Quota+1 { // a part of a vehicle, where weights are equal
			t.Fatalf("rank %d has %d, and rank %d has %d", *one[i].Rank, *one[i].Quota,
				*one[i-1].Rank, *one[i-1].Quota)
		}
	}
}
