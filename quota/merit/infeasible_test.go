package merit

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplyRelax(t *testing.T) {
	shrinking := []Operator{op("a", 90, 600), op("b", 90, 400)}
	tests := map[string]struct {
		rules   Rules
		total   int
		ops     []Operator
		want    []int
		relaxed []string
	}{
		// A total of 500 is less than 90 % of 1,000.
		"the step gives way to a falling total": {
			Rules{Base: BasePrevious, Step: 0.1, Relax: []string{"step", "min_share"}},
			500, shrinking,
			[]int{300, 200},
			[]string{"step"},
		},
		"what isn't in the way stays": {
			Rules{Base: BasePrevious, Step: 0.1, MinShare: 0.45, Relax: []string{"min_share", "step"}},
			500, shrinking,
			[]int{275, 225},
			[]string{"step"},
		},
		// Three times 40 % is more than all; without it a step of 1 allows anything up to twice.
		"smallest shares give way where they exceed the whole": {
			Rules{
				Base: BaseEqual, Step: 1, MinShare: 0.4,
				Relax: []string{"step", "min_share", "max_share"},
			},
			90,
			[]Operator{op("a", 90, 30), op("b", 90, 30), op("c", 90, 30)},
			[]int{30, 30, 30},
			[]string{"min_share"},
		},
		"the largest share gives way where the total must be taken": {
			Rules{
				Base: BaseEqual, MaxShare: 0.4, Unfilled: UnfilledError,
				Relax: []string{"step", "min_share", "max_share"},
			},
			100,
			[]Operator{op("a", 90, -1), op("b", 90, -1)},
			[]int{50, 50},
			[]string{"max_share"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := Apply(tt.rules, tt.total, tt.ops)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, total := range d.Totals {
				got = append(got, total.Quota)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("quotas (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.relaxed, d.Relaxed); diff != "" {
				t.Errorf("relaxed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestApplyInfeasible(t *testing.T) {
	tests := map[string]struct {
		rules Rules
		total int
		ops   []Operator
		want  InfeasibleError
		text  string
	}{
		"floors above the total": {
			Rules{Base: BasePrevious, Step: 0.1},
			800,
			[]Operator{op("a", 90, 600), op("b", 90, 400)},
			InfeasibleError{
				Pool: "incumbent", Total: 800, Low: 900, High: 1100,
				Operators: []Held{{"a", 540, "step", 660, "step"}, {"b", 360, "step", 440, "step"}},
			},
			"the incumbent pool has 800 vehicles, 100 less than its floors: a 540 by step, b 360 by step",
		},
		"more than operators can take, where that is an error": {
			Rules{Base: BaseEqual, Unfilled: UnfilledError},
			100,
			[]Operator{asking(op("a", 90, -1), 30), asking(op("b", 90, -1), 50)},
			InfeasibleError{
				Pool: "incumbent", Total: 100, Low: 0, High: 80,
				Operators: []Held{{"a", 0, "", 30, "request"}, {"b", 0, "", 50, "request"}},
			},
			"the incumbent pool has 100 vehicles, 20 more than its operators can take: " +
				"a 30 by request, b 50 by request",
		},
		"a floor above a ceiling": {
			Rules{Base: BasePrevious, Step: 0.1, MaxShare: 0.5, Relax: []string{"min_share"}},
			1000,
			[]Operator{op("a", 90, 600), op("b", 90, 500)},
			InfeasibleError{
				Pool: "incumbent", Total: 1000, Low: 990, High: 1000,
				Operators: []Held{{"a", 540, "step", 500, "max_share"}},
				Relaxed:   []string{"min_share"},
			},
			"floors are above ceilings: a at least 540 by step, at most 500 by max_share",
		},
		"entrants whose smallest share exceeds their pool": {
			Rules{
				Base: BaseEqual, MinShare: 0.2, EntrantPool: 0.1, PoolUnused: PoolToIncumbents,
			},
			100,
			[]Operator{op("a", 90, 90), op("b", 90, -1)},
			InfeasibleError{
				Pool: "entrant", Total: 10, Low: 20, High: 100,
				Operators: []Held{{"b", 20, "min_share", 100, "total"}},
			},
			"the entrant pool has 10 vehicles, 10 less than its floors: b 20 by min_share",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Apply(tt.rules, tt.total, tt.ops)
			var got *InfeasibleError
			if !errors.As(err, &got) || !errors.Is(err, ErrInfeasible) {
				t.Fatalf("Apply = %v", err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got.Error() != tt.text {
				t.Errorf("text %q\nwant %q", got.Error(), tt.text)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	equal := Rules{Base: BaseEqual, Exponent: 1}
	used := op("a", 90, 1)
	used.Use = -1
	tests := map[string]struct {
		rules Rules
		total int
		ops   []Operator
		want  error
		text  string
	}{
		"rules without a base":      {Rules{}, 9, nil, ErrRules, "base is"},
		"a negative total":          {equal, -1, nil, ErrOperator, "total of -1"},
		"a score above 100":         {equal, 9, []Operator{op("a", 101, 1)}, ErrOperator, "101"},
		"a negative score":          {equal, 9, []Operator{op("a", -1, 1)}, ErrOperator, "-1"},
		"a negative previous quota": {equal, 9, []Operator{op("a", 1, -2)}, ErrOperator, "-2"},
		"a negative request": {
			equal, 9, []Operator{asking(op("a", 1, 1), -2)}, ErrOperator, "-2",
		},
		"a negative use": {equal, 9, []Operator{used}, ErrOperator, "use -1"},
		"an operator that is double": {
			equal, 9, []Operator{op("a", 1, 1), op("a", 1, 1)}, ErrOperator, "twice",
		},
		"an entrant without a pool where the base is the previous quota": {
			Rules{Base: BasePrevious}, 9, []Operator{op("a", 1, -1)}, ErrBase, "entrant pool",
		},
		"an unbounded request as the base": {
			Rules{Base: BaseRequest}, 9, []Operator{op("a", 1, 1)}, ErrBase, `request of operator "a"`,
		},
		"an unknown use as the base": {
			Rules{Base: BaseUse}, 9, []Operator{op("a", 1, 1)}, ErrBase, `use of operator "a"`,
		},
		"scores that are all zero": {
			equal, 9, []Operator{op("a", 0, 1), op("b", 0, 1)}, ErrWeightless, "weighs nothing",
		},
		"bases that are all zero": {
			Rules{Base: BasePrevious}, 9, []Operator{op("a", 1, 0)}, ErrWeightless, "weighs nothing",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Apply(tt.rules, tt.total, tt.ops)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("Apply = %v, want %v with %q", err, tt.want, tt.text)
			}
		})
	}
}
