package merit

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawRules draws rules of which some contradict each other.
func drawRules(t *rapid.T) Rules {
	bases := []Base{BasePrevious, BaseEqual, BaseRequest, BaseUse}
	share := rapid.SampledFrom([]float64{0, 0, 0.05, 0.1, 0.29})
	r := Rules{
		Base:         rapid.SampledFrom(bases).Draw(t, "base"),
		Exponent:     rapid.SampledFrom([]float64{0, 0.5, 1, 2, 3.3}).Draw(t, "exponent"),
		UnknownScore: rapid.SampledFrom([]string{ScoreNeutral, ScoreZero}).Draw(t, "unknown"),
		MinShare:     share.Draw(t, "min share"),
		Step:         rapid.SampledFrom([]float64{0, 0, 0.1, 0.33, 1}).Draw(t, "step"),
		EntrantPool:  share.Draw(t, "pool"),
		PoolUnused:   rapid.SampledFrom([]string{PoolToIncumbents, PoolToUnallocated}).Draw(t, "unused"),
		Unfilled:     rapid.SampledFrom([]string{UnfilledShrink, UnfilledError}).Draw(t, "unfilled"),
	}
	if rapid.Bool().Draw(t, "capped") {
		r.MaxShare = rapid.SampledFrom([]float64{0.29, 0.5, 1}).Draw(t, "max share")
	}
	relax := rapid.Permutation([]string{RuleStep, RuleMinShare, RuleMaxShare}).Draw(t, "relax")
	r.Relax = relax[:rapid.IntRange(0, 3).Draw(t, "rules that give way")]
	return r
}

// drawOperators draws operators with everything known that a base could be.
func drawOperators(t *rapid.T) []Operator {
	ops := make([]Operator, rapid.IntRange(1, 6).Draw(t, "operators"))
	for k := range ops {
		ops[k] = Operator{
			ID:       string(rune('a' + k)),
			Score:    rapid.Float64Range(1, 100).Draw(t, "score"),
			Previous: rapid.IntRange(0, 300).Draw(t, "previous"),
			Request:  rapid.IntRange(0, 500).Draw(t, "request"),
			Use:      rapid.Float64Range(0, 900).Draw(t, "use"),
			Licensed: rapid.IntRange(0, 9).Draw(t, "licence") > 0,
		}
		if rapid.IntRange(0, 3).Draw(t, "scored") == 0 {
			ops[k].Score = math.NaN()
		}
		if rapid.IntRange(0, 3).Draw(t, "incumbent") == 0 {
			ops[k].Previous = -1
		}
	}
	return ops
}

// drawDecision draws a question that has an answer, and answers it.
func drawDecision(t *rapid.T) (Rules, int, []Operator, Decision) {
	r, ops := drawRules(t), drawOperators(t)
	total := rapid.IntRange(0, 1500).Draw(t, "total")
	d, err := Apply(r, total, ops)
	if err != nil {
		t.Skip(err)
	}
	return r, total, ops, d
}

// Sums, bounds and the published formula.
func TestApplyKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, total, ops, d := drawDecision(t)
		pools, sum := map[string]int{}, 0
		for k, got := range d.Totals {
			if got.ID != ops[k].ID {
				t.Fatalf("total %d answers %q, not %q", k, got.ID, ops[k].ID)
			}
			sum += got.Quota
			pools[got.Pool] += got.Quota
			if got.Quota < got.Floor || got.Quota > got.Ceiling {
				t.Errorf("%+v is out of its bounds", got)
			}
			if !ops[k].Licensed && got.Quota > 0 {
				t.Errorf("%+v has no licence", got)
			}
			if ops[k].Request >= 0 && got.Quota > ops[k].Request {
				t.Errorf("%+v asked for %d", got, ops[k].Request)
			}
			checkFormula(t, got, d.Pools)
		}
		if sum != d.Granted || sum+d.Unallocated != total || d.Unallocated < 0 {
			t.Errorf("sum %d, granted %d, unallocated %d of %d", sum, d.Granted, d.Unallocated, total)
		}
		for _, p := range d.Pools {
			if pools[p.Name] != p.Total {
				t.Errorf("pool %+v gave %d", p, pools[p.Name])
			}
		}
	})
}

// checkFormula holds a total against clamp(round(weight*multiplier), floor, ceiling).
func checkFormula(t *rapid.T, got Total, pools []Pool) {
	at := slices.IndexFunc(pools, func(p Pool) bool { return p.Name == got.Pool })
	share := min(got.Weight*pools[at].Multiplier, 1e9) // far above any ceiling here
	slack := 1e-9 * (1 + share)
	least := min(max(int(math.Floor(share+0.5-slack)), got.Floor), got.Ceiling)
	most := min(max(int(math.Floor(share+0.5+slack)), got.Floor), got.Ceiling)
	if got.Quota < least || got.Quota > most {
		t.Errorf("%+v is not %g rounded", got, share)
	}
	held := got.Bound != "" && math.Abs(share-float64(got.Quota)) < 0.5-slack
	free := got.Bound == "" && math.Abs(share-float64(got.Quota)) > 0.5+slack
	if got.CeilingBy != RuleLicence && (held || free) {
		t.Errorf("%+v with a share of %g", got, share)
	}
}

// Invariant Q3: nothing is idle while a claim can take it, unless the policy keeps the pool's rest.
func TestApplyLeavesNothingIdle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, total, _, d := drawDecision(t)
		kept := 0
		if r.PoolUnused == PoolToUnallocated {
			kept = down(decimal(r.EntrantPool), total)
		}
		if d.Unallocated <= kept {
			return
		}
		for _, got := range d.Totals {
			if got.Weight > 0 && got.Quota < got.Ceiling {
				t.Errorf("%d are unallocated, and %+v could take more", d.Unallocated, got)
			}
		}
	})
}

// Invariant Q4. Bounds that are shares of the total don't stay as they are when it grows.
func TestApplyLargerTotalShrinksNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, ops := drawRules(t), drawOperators(t)
		r.MinShare, r.MaxShare, r.Relax = 0, 0, nil
		total := rapid.IntRange(0, 1500).Draw(t, "total")
		first, err := Apply(r, total, ops)
		if err != nil {
			t.Skip(err)
		}
		second, err := Apply(r, total+rapid.IntRange(0, 50).Draw(t, "more"), ops)
		if err != nil {
			t.Skip(err)
		}
		for k, before := range first.Totals {
			if after := second.Totals[k]; after.Quota < before.Quota {
				t.Errorf("a larger total takes %+v to %+v", before, after)
			}
		}
	})
}

// Invariant Q5.
func TestApplyBetterScoreNeverGetsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, total, ops, first := drawDecision(t)
		k := rapid.IntRange(0, len(ops)-1).Draw(t, "operator")
		if math.IsNaN(ops[k].Score) {
			return
		}
		better := slices.Clone(ops)
		better[k].Score = rapid.Float64Range(ops[k].Score, 100).Draw(t, "better")
		second, err := Apply(r, total, better)
		if err != nil {
			t.Fatal(err)
		}
		if second.Totals[k].Quota < first.Totals[k].Quota {
			t.Errorf("a better score takes %+v to %+v", first.Totals[k], second.Totals[k])
		}
	})
}

// Invariant Q6.
func TestApplyIsBlindToOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, total, ops, first := drawDecision(t)
		second, err := Apply(r, total, rapid.Permutation(ops).Draw(t, "shuffled"))
		if err != nil {
			t.Fatal(err)
		}
		byID := func(a, b Total) int { return strings.Compare(a.ID, b.ID) }
		slices.SortFunc(first.Totals, byID)
		slices.SortFunc(second.Totals, byID)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("order matters (-given +shuffled):\n%s", diff)
		}
	})
}

// Invariant Q8: nobody with a previous quota changes by more than the step, unless it gave way or
// its own request or licence says less.
func TestApplyKeepsTheStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _, ops, d := drawDecision(t)
		if r.Step == 0 || slices.Contains(d.Relaxed, RuleStep) {
			return
		}
		for k, got := range d.Totals {
			before := ops[k].Previous
			if before < 0 || !ops[k].Licensed {
				continue
			}
			change := r.Step*float64(before) + 1e-6
			least := min(float64(before)-change, float64(ops[k].Request))
			if x := float64(got.Quota); x > float64(before)+change || x < least {
				t.Errorf("%+v had %d, and the step is %g", got, before, r.Step)
			}
		}
	})
}

// Rules give way only where all of them together can't be met.
func TestApplyRelaxesOnlyWhatItMust(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, total, ops, d := drawDecision(t)
		for i := range d.Relaxed {
			fewer := r.without(slices.Delete(slices.Clone(d.Relaxed), i, i+1))
			fewer.Relax = nil
			if _, err := Apply(fewer, total, ops); err == nil {
				t.Errorf("%v gave way, but %q need not have", d.Relaxed, d.Relaxed[i])
			}
		}
	})
}
