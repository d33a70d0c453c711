package scoring

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// drawRubric draws a rubric that Check lets through.
func drawRubric(t *rapid.T) Rubric {
	parts := rapid.SliceOfN(rapid.IntRange(0, 9), 1, 6).Draw(t, "parts")
	parts[0]++ // something weighs
	sum := 0
	for _, p := range parts {
		sum += p
	}
	r := Rubric{ID: "drawn", Pass: math.NaN()}
	if rapid.Bool().Draw(t, "line") {
		r.Pass = rapid.Float64Range(0, 100).Draw(t, "pass")
	}
	for j, p := range parts {
		d := Indicator{
			ID: fmt.Sprint("indicator ", j), Weight: float64(p) / float64(sum),
			Higher: rapid.Bool().Draw(t, "higher"),
			Missing: rapid.SampledFrom([]Missing{
				MissingUnknown, MissingWorst, MissingMean, MissingExclude,
			}).Draw(t, "missing"),
		}
		drawScale(t, &d)
		r.Indicators = append(r.Indicators, d)
	}
	if err := r.Check(); err != nil {
		t.Fatalf("the generator draws faulty rubrics: %v", err)
	}
	return r
}

// drawScale gives an indicator a linear scale or bands that agree with its direction.
func drawScale(t *rapid.T, d *Indicator) {
	sign, op := 1., OpAtLeast
	if !d.Higher {
		sign, op = -1, OpAtMost
	}
	if rapid.Bool().Draw(t, "linear") {
		zero := rapid.Float64Range(-10, 10).Draw(t, "zero")
		d.Linear = &Linear{zero, zero + sign*rapid.Float64Range(0.1, 20).Draw(t, "span")}
		return
	}
	limits := rapid.SliceOfNDistinct(rapid.IntRange(-10, 10), 0, 4, rapid.ID).Draw(t, "limits")
	slices.Sort(limits)
	slices.Reverse(limits) // the best band first
	points := rapid.SliceOfN(rapid.Float64Range(0, 100), len(limits)+1, len(limits)+1).
		Draw(t, "points")
	slices.Sort(points)
	slices.Reverse(points)
	for i, limit := range limits {
		d.Bands = append(d.Bands, Band{op, sign * float64(limit), points[i]})
	}
	d.Bands = append(d.Bands, Band{Op: OpElse, Points: points[len(limits)]})
}

// drawSheets draws the sheets of up to five operators, with values missing here and there.
func drawSheets(t *rapid.T, r Rubric) []Sheet {
	sheets := make([]Sheet, rapid.IntRange(1, 5).Draw(t, "operators"))
	for k := range sheets {
		sheets[k].Operator = fmt.Sprint("operator ", k)
		for _, d := range r.Indicators {
			v := Value{Indicator: d.ID, Why: "said"}
			switch rapid.IntRange(0, 3).Draw(t, "given") {
			case 0:
				continue
			case 1:
			default:
				v = Value{Indicator: d.ID, Known: true, Value: drawValue(t)}
			}
			sheets[k].Values = append(sheets[k].Values, v)
		}
	}
	return sheets
}

// drawValue draws a value on, near and far from the limits of drawScale.
func drawValue(t *rapid.T) float64 {
	return rapid.OneOf(
		rapid.Map(rapid.IntRange(-11, 11), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(-40, 40),
	).Draw(t, "value")
}

// evaluate evaluates what must be right.
func evaluate(t *rapid.T, r Rubric, sheets []Sheet) []Scorecard {
	cards, err := Evaluate(r, sheets)
	if err != nil {
		t.Fatal(err)
	}
	return cards
}

// same accepts nothing but equal figures, of which NaN is one.
func same() cmp.Option { return cmpopts.EquateNaNs() }

func TestContributionsSumExactlyToTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		for _, c := range evaluate(t, r, drawSheets(t, r)) {
			sum, weights := 0.0, 0.0
			for _, it := range c.Items {
				sum += it.Contribution
				weights += it.Effective
			}
			if c.Known && sum != c.Score || !c.Known && !math.IsNaN(sum) {
				t.Fatalf("contributions sum to %v, the score is %v", sum, c.Score)
			}
			if math.Abs(weights-1) > 1e-12 {
				t.Fatalf("effective weights sum to %v", weights)
			}
		}
	})
}

func TestScoresAndIntervalsAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		for _, c := range evaluate(t, r, drawSheets(t, r)) {
			if c.Low < 0 || c.Low > c.High || c.High > 100 {
				t.Fatalf("the interval is [%v, %v]", c.Low, c.High)
			}
			if c.Known && (c.Low != c.Score || c.High != c.Score) {
				t.Fatalf("the known score %v has the interval [%v, %v]", c.Score, c.Low, c.High)
			}
			if c.Known == math.IsNaN(c.Score) {
				t.Fatalf("Known is %v of the score %v", c.Known, c.Score)
			}
			if (c.Pass == VerdictNone) != math.IsNaN(r.Pass) {
				t.Fatalf("the verdict %q of the pass line %v", c.Pass, r.Pass)
			}
		}
	})
}

func TestEveryUseOfAMissingRuleIsVisible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		for _, c := range evaluate(t, r, drawSheets(t, r)) {
			for j, it := range c.Items {
				if it.Indicator != r.Indicators[j].ID {
					t.Fatalf("item %d is %q, the rubric has %q", j, it.Indicator, r.Indicators[j].ID)
				}
				rule, missing := strings.CutPrefix(it.How, HowMissing)
				if missing == it.Known || it.How == "" || missing && it.Why == "" {
					t.Fatalf("%+v hides how it came about", it)
				}
				own := string(r.Indicators[j].Missing)
				if missing && rule != own && rule != string(MissingUnknown) {
					t.Fatalf("the rule %q was applied, %q declared", rule, own)
				}
			}
		}
	})
}

// Q6: whatever the order of the operators and of their values, every figure is the same bit by bit.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		sheets := drawSheets(t, r)
		shuffled := rapid.Permutation(sheets).Draw(t, "shuffled")
		for k := range shuffled {
			shuffled[k].Values = rapid.Permutation(shuffled[k].Values).Draw(t, "values")
		}
		want, got := evaluate(t, r, sheets), evaluate(t, r, shuffled)
		byID := func(a, b Scorecard) int { return strings.Compare(a.Operator, b.Operator) }
		for k, s := range shuffled {
			if got[k].Operator != s.Operator {
				t.Fatalf("card %d is of %q, the sheet of %q", k, got[k].Operator, s.Operator)
			}
		}
		slices.SortFunc(want, byID)
		slices.SortFunc(got, byID)
		if diff := cmp.Diff(want, got, same()); diff != "" {
			t.Fatalf("shuffled sheets (-before +after):\n%s", diff)
		}
	})
}

// Q5: a better value never lowers its operator's score, nor either end of its interval.
func TestABetterValueNeverLowersTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		sheets := drawSheets(t, r)
		k := rapid.IntRange(0, len(sheets)-1).Draw(t, "operator")
		before := evaluate(t, r, sheets)[k]
		values := slices.Clone(sheets[k].Values)
		at := slices.IndexFunc(values, func(v Value) bool { return v.Known })
		if at < 0 {
			return
		}
		better := rapid.Float64Range(0, 20).Draw(t, "better")
		if !r.Indicators[r.positions()[values[at].Indicator]].Higher {
			better = -better
		}
		values[at].Value += better
		sheets[k].Values = values
		after := evaluate(t, r, sheets)[k]
		if after.Low < before.Low || after.High < before.High || after.Score < before.Score {
			t.Fatalf("better by %v: [%v, %v] became [%v, %v]",
				better, before.Low, before.High, after.Low, after.High)
		}
		if before.Pass == VerdictPass && after.Pass != VerdictPass {
			t.Fatalf("better by %v: %s became %s", better, before.Pass, after.Pass)
		}
	})
}

// The interval keeps its word: whatever an unknown value turns out to be, the score is inside.
func TestTheIntervalHoldsWhatTurnsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		for j := range r.Indicators {
			r.Indicators[j].Missing = MissingUnknown
		}
		s := drawSheets(t, r)[:1]
		before := evaluate(t, r, s)[0]
		found := Sheet{Operator: s[0].Operator}
		for _, it := range before.Items {
			v := Value{Indicator: it.Indicator, Value: it.Value, Known: true}
			if !it.Known {
				v.Value = drawValue(t)
			}
			found.Values = append(found.Values, v)
		}
		after := evaluate(t, r, []Sheet{found})[0]
		if after.Score < before.Low || after.Score > before.High {
			t.Fatalf("%v turned out, said was [%v, %v]", after.Score, before.Low, before.High)
		}
		if after.Pass != before.Pass && before.Pass != VerdictUnknown {
			t.Fatalf("%s turned out, said was %s", after.Pass, before.Pass)
		}
	})
}

// Evaluate changes nothing it is given: the same input gives the same cards again.
func TestEvaluateIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRubric(t)
		sheets := drawSheets(t, r)
		first := evaluate(t, r, sheets)
		if diff := cmp.Diff(first, evaluate(t, r, sheets), same()); diff != "" {
			t.Fatalf("a second run (-first +second):\n%s", diff)
		}
	})
}
