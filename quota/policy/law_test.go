package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/quota/merit"
)

// compiled compiles a policy of a test.
func compiled(t interface{ Fatalf(string, ...any) }, p *Policy) *Program {
	p.Schema, p.ID, p.Period, p.Rounding = Schema, "law", Quarter, HalfUp
	p.Source.Confidence = "own"
	if p.Score.Scale == "" {
		p.Score.Scale = "100"
	}
	program, faults := Compile(p)
	for i := range faults {
		t.Fatalf("%v", &faults[i])
	}
	return program
}

// drawState draws operators with quotas and scores, some of them unknown.
func drawState(t *rapid.T, unknowns bool) *State {
	n := rapid.IntRange(0, 6).Draw(t, "operators")
	s := &State{Reserve: rapid.IntRange(0, 1000).Draw(t, "reserve")}
	for i := range n {
		o := OperatorState{ID: fmt.Sprintf("o%d", i)}
		if !unknowns || rapid.Float64Range(0, 1).Draw(t, "known") > 0.15 {
			score := rapid.IntRange(0, 10000).Draw(t, "score")
			x, _ := Whole(score).Div(Whole(100))
			o.Score = &x
		}
		quota := rapid.IntRange(0, 100_000).Draw(t, "quota")
		o.Quota = &quota
		s.Operators = append(s.Operators, o)
	}
	return s
}

// shapes are the rules that cities have, with whether a better score may never get less, and
// whether quotas, reserve and what is lost sum to what was there.
func shapes() map[string]struct {
	policy          *Policy
	monotone, holds bool
} {
	rank := &Rank{By: "score", Ties: []Formula{"before"}, Last: "id"}
	cut := func(freed Freed) *Policy {
		return &Policy{
			Rank:  rank,
			Freed: &freed,
			Adjust: []Rule{
				{ID: "fail", If: "score < 60", Change: &Change{Percent: "-20", Of: "current"}},
			},
		}
	}
	return map[string]struct {
		policy          *Policy
		monotone, holds bool
	}{
		"to the reserve": {cut(Freed{To: "reserve"}), true, true},
		"lost":           {cut(Freed{To: "lost"}), true, true},
		"to the first":   {cut(Freed{To: "first", Else: "reserve"}), false, true},
		"shared": {cut(Freed{
			To: "share", Among: "score >= 80", By: "before", Else: "reserve",
		}), true, true},
		"the total holds": {cut(Freed{To: "hold_total", Else: "reserve"}), false, true},
		"rank steps": {&Policy{
			Rank: rank, Freed: &Freed{To: "hold_total", Else: "reserve"},
			Adjust: []Rule{
				{ID: "last", If: "rank = last", Change: &Change{Abs: "-3000"}},
				{ID: "first", If: "rank = 1 and last > 1", Change: &Change{Abs: "3000"}, Fund: "freed"},
			},
		}, false, true},
	}
}

func sumOf(s *State) int {
	sum := s.Reserve
	for _, o := range s.Operators {
		sum += *o.Quota
	}
	return sum
}

func encoded(t *rapid.T, d *Decision) []byte {
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAdjustmentsLoseNothing(t *testing.T) {
	for name, shape := range shapes() {
		t.Run(name, func(t *testing.T) {
			program := compiled(t, shape.policy)
			rapid.Check(t, func(t *rapid.T) {
				s := drawState(t, true)
				d, err := program.Apply(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := d.Allocated+d.Reserve+d.Lost, sumOf(s); got != want {
					t.Fatalf("%d allocated + %d reserve + %d lost is not %d", d.Allocated, d.Reserve,
						d.Lost, want)
				}
				again, err := program.Apply(s, nil)
				if err != nil || !bytes.Equal(encoded(t, d), encoded(t, again)) {
					t.Fatal("applied twice, it gives other bytes")
				}
				turned := *s
				turned.Operators = slices.Clone(s.Operators)
				slices.Reverse(turned.Operators)
				other, err := program.Apply(&turned, nil)
				if err != nil || !bytes.Equal(encoded(t, d), encoded(t, other)) {
					t.Fatal("the order of operators matters")
				}
			})
		})
	}
}

func TestABetterScoreNeverGetsLess(t *testing.T) {
	for name, shape := range shapes() {
		if !shape.monotone {
			continue
		}
		t.Run(name, func(t *testing.T) {
			program := compiled(t, shape.policy)
			rapid.Check(t, func(t *rapid.T) {
				s := drawState(t, false)
				if len(s.Operators) == 0 {
					return
				}
				k := rapid.IntRange(0, len(s.Operators)-1).Draw(t, "who")
				d, err := program.Apply(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				better := Whole(rapid.IntRange(0, 100).Draw(t, "better"))
				if better.Cmp(*s.Operators[k].Score) < 0 {
					return
				}
				s.Operators[k].Score = &better
				after, err := program.Apply(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				if *after.Operators[k].Quota < *d.Operators[k].Quota {
					t.Fatalf("%s had %d, and has %d with a better score", s.Operators[k].ID,
						*d.Operators[k].Quota, *after.Operators[k].Quota)
				}
			})
		})
	}
}

func TestAllocationsSumToTheTotal(t *testing.T) {
	pools := map[string]Pool{
		"equal":  {ID: "p", Size: "total", Method: "equal", Unfilled: "reserve"},
		"weight": {ID: "p", Size: "total", Method: "weight", Weight: "before + 1", Unfilled: "reserve"},
		"remainders": {
			ID: "p", Size: "total", Method: "weight", Weight: "before + 1", Split: "largest_remainder",
			Unfilled: "reserve",
		},
		"shares": {
			ID: "p", Size: "total", Method: "shares", Shares: []Formula{"0.5", "0.3", "0.2"},
			Unfilled: "reserve",
		},
		"merit": {
			ID: "p", Size: "total", Method: "merit", Unfilled: "reserve",
			Merit: &merit.Rules{ID: "m", Base: merit.BaseEqual, Exponent: 1},
		},
	}
	for name, pool := range pools {
		t.Run(name, func(t *testing.T) {
			program := compiled(t, &Policy{
				Rank:     &Rank{By: "score", Last: "id"},
				Allocate: &Scratch{Pools: []Pool{pool}},
				Layers:   &Layers{Effective: "0.75"},
			})
			rapid.Check(t, func(t *rapid.T) {
				s := drawState(t, false)
				for i := range s.Operators { // nobody scored 0, so that somebody can take what there is
					x := s.Operators[i].Score.Add(Whole(1)).Mul(Whole(99))
					*s.Operators[i].Score, _ = x.Div(Whole(101))
				}
				s.Reserve = 0
				total := Whole(rapid.IntRange(0, 500_000).Draw(t, "total"))
				s.Total = &total
				d, err := program.Apply(s, nil)
				if len(s.Operators) == 0 && errors.Is(err, ErrState) {
					return // nobody to allocate to
				}
				if err != nil {
					t.Fatal(err)
				}
				if d.Allocated+d.Reserve+*d.Left != *d.Total || *d.Left < 0 {
					t.Fatalf("%d allocated + %d reserve + %d left is not %d", d.Allocated, d.Reserve,
						*d.Left, *d.Total)
				}
				if name != "equal" {
					return
				}
				least, most := *d.Total, 0
				for _, o := range d.Operators {
					least, most = min(least, *o.Approved), max(most, *o.Approved)
				}
				if len(d.Operators) > 0 && most-least > 1 {
					t.Fatalf("equal parts are %d to %d", least, most)
				}
			})
		})
	}
}

func TestQuotasStayWithinTheirBounds(t *testing.T) {
	program := compiled(t, &Policy{
		Freed:  &Freed{To: "reserve"},
		Bounds: []Bound{{ID: "b", Least: "500", Most: "40000"}},
		Adjust: []Rule{{ID: "a", If: "score < 50", Change: &Change{Percent: "-90", Of: "current"}}},
	})
	rapid.Check(t, func(t *rapid.T) {
		d, err := program.Apply(drawState(t, true), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range d.Operators {
			if *o.Quota < 500 || *o.Quota > 40_000 {
				t.Fatalf("%s has %d, beyond 500 to 40,000", o.ID, *o.Quota)
			}
		}
	})
}

func TestMoreThanTheTotalIsAnError(t *testing.T) {
	program := compiled(t, &Policy{
		Freed:  &Freed{To: "reserve"},
		Adjust: []Rule{{ID: "rise", Change: &Change{Abs: "100"}}},
	})
	total, quota := Whole(1000), 950
	_, err := program.Apply(&State{
		Total: &total, Operators: []OperatorState{{ID: "a", Quota: &quota}},
	}, nil)
	wrong := (*StateError)(nil)
	if !errors.As(err, &wrong) || wrong.Code != "over-total" {
		t.Fatalf("Apply: %v, want over-total", err)
	}
}

func TestWhatCompileRefuses(t *testing.T) {
	tests := map[string]struct {
		change func(*Policy)
		code   string
	}{
		"a cut without a destination": {func(p *Policy) { p.Freed = nil }, "destination"},
		"a per cent of nothing":       {func(p *Policy) { p.Adjust[0].Change.Of = "" }, "word"},
		"an unknown fact":             {func(p *Policy) { p.Adjust[0].If = "skore < 60" }, "expression"},
		"a rule that does nothing":    {func(p *Policy) { p.Adjust[0].Change = nil }, "does-nothing"},
		"two rules of one name": {func(p *Policy) {
			p.Adjust = append(p.Adjust, p.Adjust[0])
		}, "twice"},
		"a name no formula reads": {func(p *Policy) {
			p.Params = []Param{{ID: "a-b", Value: "1"}}
		}, "name"},
		"shares without a rank": {func(p *Policy) {
			p.Allocate = &Scratch{Pools: []Pool{
				{ID: "p", Size: "1", Method: "shares", Shares: []Formula{"1"}, Unfilled: "lost"},
			}}
		}, "needs-rank"},
		"an unknown rounding": {func(p *Policy) { p.Rounding = "up-ish" }, "word"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := &Policy{
				Schema: Schema, ID: "x", Period: Month, Rounding: HalfUp,
				Source: Source{Confidence: "own"}, Score: Score{Scale: "100"},
				Freed: &Freed{To: "reserve"},
				Adjust: []Rule{
					{ID: "a", If: "score < 60", Change: &Change{Percent: "-20", Of: "current"}},
				},
			}
			tt.change(p)
			_, faults := Compile(p)
			found := slices.ContainsFunc(faults, func(f Fault) bool { return f.Code == tt.code })
			if !found {
				t.Errorf("faults %v, want %s", faults, tt.code)
			}
		})
	}
}

// 1,000 operators by 24 rules: the evaluation is to take less than 10 ms.
func BenchmarkApply(b *testing.B) {
	p := &Policy{
		Rank: &Rank{By: "score", Ties: []Formula{"before"}, Last: "id"}, Freed: &Freed{To: "reserve"},
		Streaks: []Streak{{ID: "fail", If: "score < 60", Reset: "break"}},
	}
	for i := range 24 {
		p.Adjust = append(p.Adjust, Rule{
			ID:     fmt.Sprintf("r%d", i),
			If:     Formula(fmt.Sprintf("score >= %d and score < %d and streak.fail <= 3", i*4, i*4+4)),
			Change: &Change{Percent: "-5", Of: "current"},
		})
	}
	program := compiled(b, p)
	s := &State{}
	for i := range 1000 {
		score, quota := Whole(i%100), 1000+i
		s.Operators = append(s.Operators, OperatorState{
			ID: strings.Repeat("x", i%7) + fmt.Sprint(i), Score: &score, Quota: &quota,
		})
	}
	for b.Loop() {
		if _, err := program.Apply(s, nil); err != nil {
			b.Fatal(err)
		}
	}
}
