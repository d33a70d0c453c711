package scoring

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// made is a rubric of three indicators whose weights and points are easy to work by hand:
// parking in per cent (weight 1/2), turnover by bands (1/4), hours to answer a complaint (1/4),
// of which turnover may be missing.
func made(missing Missing) Rubric {
	return Rubric{ID: "made", Pass: 60, Indicators: []Indicator{
		{
			ID: "parking", Higher: true, Weight: 0.5, Linear: &Linear{0, 100},
			Missing: MissingUnknown,
		},
		{ID: "turnover", Higher: true, Weight: 0.25, Missing: missing, Bands: []Band{
			{OpAtLeast, 5, 100}, {OpAtLeast, 3, 80}, {OpElse, 0, 50},
		}},
		{ID: "hours", Weight: 0.25, Linear: &Linear{10, 0}, Missing: MissingUnknown},
	}}
}

// sheet returns the sheet of an operator; NaN is no value, said to be for want of trips.
func sheet(operator string, parking, turnover, hours float64) Sheet {
	s := Sheet{Operator: operator}
	for i, v := range []float64{parking, turnover, hours} {
		value := Value{Indicator: []string{"parking", "turnover", "hours"}[i], Value: v, Known: true}
		if math.IsNaN(v) {
			value.Known, value.Why = false, "no-trips"
		}
		s.Values = append(s.Values, value)
	}
	return s
}

// near accepts what binary fractions lose.
func near() cmp.Option {
	return cmp.Options{cmpopts.EquateApprox(0, 1e-9), cmpopts.EquateNaNs()}
}

func TestEvaluate(t *testing.T) {
	nan := math.NaN()
	tests := map[string]struct {
		missing  Missing
		turnover float64 // of the operator in question; the others have 5.0 and 1.0
		score    float64
		low      float64
		high     float64
		pass     string
		item     Item // the turnover's
	}{
		// 80 × 1/2 + 80 × 1/4 + 80 × 1/4 = 80
		"every value known": {
			MissingWorst, 4, 80, 80, 80, VerdictPass,
			Item{Value: 4, Known: true, Points: 80, Effective: 0.25, Contribution: 20, How: "band:2"},
		},
		// 40 + 20 with nothing for the turnover, 40 + 20 + 25 with everything
		"an unknown value leaves the score unknown": {
			MissingUnknown, nan, nan, 60, 85, VerdictPass,
			Item{Value: nan, Points: nan, Effective: 0.25, Contribution: nan, How: "missing:unknown"},
		},
		"a missing value counts as the worst": {
			MissingWorst, nan, 60, 60, 60, VerdictPass,
			Item{Value: nan, Points: 0, Effective: 0.25, Contribution: 0, How: "missing:worst"},
		},
		// the others have 100 and 50 points: 40 + 75/4 + 20
		"a missing value counts as the others' mean": {
			MissingMean, nan, 78.75, 78.75, 78.75, VerdictPass,
			Item{Value: nan, Points: 75, Effective: 0.25, Contribution: 18.75, How: "missing:mean"},
		},
		// (40 + 20) / (1/2 + 1/4)
		"a missing value drops the item": {
			MissingExclude, nan, 80, 80, 80, VerdictPass,
			Item{Value: nan, Points: nan, Effective: 0, Contribution: 0, How: "missing:exclude"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cards, err := Evaluate(made(tt.missing), []Sheet{
				sheet("b", 50, 5, 5), sheet("a", 80, tt.turnover, 2), sheet("c", 50, 1, 5),
			})
			if err != nil {
				t.Fatal(err)
			}
			got := cards[1]
			tt.item.Indicator, tt.item.Weight = "turnover", 0.25
			if !tt.item.Known {
				tt.item.Why = "no-trips"
			}
			want := Scorecard{
				"a", tt.score, !math.IsNaN(tt.score), tt.low, tt.high, tt.pass,
				[]Item{got.Items[0], tt.item, got.Items[2]},
			}
			if diff := cmp.Diff(want, got, near()); diff != "" {
				t.Errorf("Evaluate() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEvaluateWhereNobodyHasAValue(t *testing.T) {
	for _, missing := range []Missing{MissingMean, MissingUnknown} {
		sheets := []Sheet{sheet("a", 80, math.NaN(), 2), sheet("b", 50, math.NaN(), 5)}
		r := made(missing)
		cards, err := Evaluate(r, sheets)
		if err != nil {
			t.Fatal(err)
		}
		if c := cards[0]; c.Known || c.Low != 60 || c.High != 85 ||
			c.Items[1].How != HowMissing+string(MissingUnknown) {
			t.Errorf("%s: %+v, want unknown between 60 and 85", missing, c)
		}
		if diff := cmp.Diff([]string{"turnover"}, Unmeasured(r, sheets)); diff != "" {
			t.Errorf("Unmeasured() (-want +got):\n%s", diff)
		}
	}
}

// Dropping everything would leave a score of nothing: the score is unknown instead.
func TestEvaluateDropsNoLastItem(t *testing.T) {
	r := made(MissingExclude)
	for j := range r.Indicators {
		r.Indicators[j].Missing = MissingExclude
	}
	cards, err := Evaluate(r, []Sheet{{Operator: "a"}})
	if err != nil {
		t.Fatal(err)
	}
	c := cards[0]
	if c.Known || !math.IsNaN(c.Score) || c.Low != 0 || c.High != 100 || c.Pass != VerdictUnknown {
		t.Errorf("%+v, want unknown between 0 and 100", c)
	}
	for _, it := range c.Items {
		if it.Why != WhyAbsent || it.How != "missing:unknown" || it.Effective != it.Weight {
			t.Errorf("%+v, want absent and unknown at its own weight", it)
		}
	}
}

func TestEvaluateVerdict(t *testing.T) {
	tests := map[string]struct {
		pass, parking, turnover, hours float64
		want                           string
	}{
		"60.0 passes":                      {60, 60, 3, 6, VerdictPass}, // 30 + 20 + 10
		"less than 60 fails":               {60, 59.9, 3, 6, VerdictFail},
		"no pass line, no verdict":         {math.NaN(), 60, 3, 6, VerdictNone},
		"unknown, and it matters":          {70, 80, math.NaN(), 2, VerdictUnknown}, // 60–85
		"unknown, but passes at its worst": {60, 80, math.NaN(), 2, VerdictPass},
		"unknown, but fails at its best":   {90, 80, math.NaN(), 2, VerdictFail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := made(MissingUnknown)
			r.Pass = tt.pass
			cards, err := Evaluate(r, []Sheet{sheet("a", tt.parking, tt.turnover, tt.hours)})
			if err != nil {
				t.Fatal(err)
			}
			if cards[0].Pass != tt.want {
				t.Errorf("%v with pass line %v: %q, want %q",
					cards[0].Score, tt.pass, cards[0].Pass, tt.want)
			}
		})
	}
}

// proportional returns a rubric of linear indicators 0–100 with these weights, and the sheet of an
// operator with these values, which are its points.
func proportional(weights, points []float64) (Rubric, Sheet) {
	r, s := Rubric{ID: "made", Pass: 60}, Sheet{Operator: "a"}
	for j, w := range weights {
		d := Indicator{
			ID: fmt.Sprint("indicator ", j), Higher: true, Weight: w, Linear: &Linear{0, 100},
			Missing: MissingWorst,
		}
		r.Indicators = append(r.Indicators, d)
		s.Values = append(s.Values, Value{Indicator: d.ID, Value: points[j], Known: true})
	}
	return r, s
}

// A tenth is no binary fraction, and the bureau may have rounded its weights: neither costs an
// operator the pass line, or carries a score beyond 100.
func TestEvaluateOnTheLine(t *testing.T) {
	tests := map[string]struct {
		weights, points []float64
		want            float64
	}{
		// 0 + 20 + 30 + 10 = 60, in binary fractions 59.999999999999986
		"60 by tenths": {[]float64{0.2, 0.4, 0.3, 0.1}, []float64{0, 50, 100, 100}, 60},
		"60 throughout, by nine decimals of a third": {
			[]float64{0.333333333, 0.333333333, 0.333333333}, []float64{60, 60, 60}, 60,
		},
		// in binary fractions 100.00000000000001
		"100 by tenths": {[]float64{0.3, 0.6, 0.1}, []float64{100, 100, 100}, 100},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, s := proportional(tt.weights, tt.points)
			cards, err := Evaluate(r, []Sheet{s})
			if err != nil {
				t.Fatal(err)
			}
			c := cards[0]
			if c.Pass != VerdictPass || c.Score > 100 || math.Abs(c.Score-tt.want) > 1e-12 {
				t.Errorf("the score is %v: %s, want %v", c.Score, c.Pass, tt.want)
			}
		})
	}
}

func TestEvaluateRefuses(t *testing.T) {
	parking := Value{Indicator: "parking", Value: 80, Known: true}
	with := func(v Value) Value { v.Indicator = "parking"; return v }
	tests := map[string]struct {
		sheets []Sheet
		want   error
	}{
		"a sheet of nobody":           {[]Sheet{{}}, ErrOperator},
		"two sheets of one operator":  {[]Sheet{{Operator: "a"}, {Operator: "a"}}, ErrOperatorTwice},
		"two values of one indicator": {[]Sheet{{"a", []Value{parking, parking}}}, ErrValueTwice},
		"a value that isn't asked for": {
			[]Sheet{{"a", []Value{{Indicator: "colour", Value: 1, Known: true}}}}, ErrIndicator,
		},
		"a known value that is NaN": {
			[]Sheet{{"a", []Value{with(Value{Value: math.NaN(), Known: true})}}}, ErrNotFinite,
		},
		"a known value without end": {
			[]Sheet{{"a", []Value{with(Value{Value: math.Inf(-1), Known: true})}}}, ErrNotFinite,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cards, err := Evaluate(made(MissingWorst), tt.sheets)
			var fault *SheetError
			if !errors.Is(err, tt.want) || !errors.As(err, &fault) || cards != nil {
				t.Errorf("Evaluate() = %v, %v, want a SheetError of %v", cards, err, tt.want)
			}
		})
	}
}

func TestEvaluateRefusesAFaultyRubric(t *testing.T) {
	if _, err := Evaluate(Rubric{}, nil); !errors.Is(err, ErrRubric) {
		t.Errorf("Evaluate(Rubric{}) = %v, want ErrRubric", err)
	}
}

// An unknown value carries no number, whatever the sheet has in its place.
func TestEvaluateReadsNoUnknownValue(t *testing.T) {
	cards, err := Evaluate(made(MissingWorst), []Sheet{{"a", []Value{
		{Indicator: "turnover", Value: 9, Why: "too-few", Samples: 3},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	want := Item{
		Indicator: "turnover", Value: math.NaN(), Why: "too-few", Samples: 3,
		Weight: 0.25, Effective: 0.25, How: "missing:worst",
	}
	if diff := cmp.Diff(want, cards[0].Items[1], near()); diff != "" {
		t.Errorf("the item (-want +got):\n%s", diff)
	}
}

// What is left weighs nothing, so dropping the rest would leave a score of nothing.
func TestEvaluateKeepsTheOneItemThatWeighs(t *testing.T) {
	r := Rubric{Pass: 60, Indicators: informed()}
	r.Indicators[0].Missing = MissingExclude
	cards, err := Evaluate(r, []Sheet{
		{"a", []Value{{Indicator: "extra", Value: 1, Known: true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c := cards[0]; c.Known || c.Low != 0 || c.High != 100 {
		t.Errorf("%+v, want unknown between 0 and 100", c)
	}
}

func TestAnIndicatorForInformationDecidesNothing(t *testing.T) {
	cards, err := Evaluate(Rubric{Pass: 60, Indicators: informed()}, []Sheet{
		{"a", []Value{{Indicator: "turnover", Value: 4, Known: true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c := cards[0]; !c.Known || c.Score != 80 || c.Items[1].Contribution != 0 {
		t.Errorf("%+v, want 80: the unknown indicator weighs nothing", c)
	}
}

func TestUnmeasured(t *testing.T) {
	r := made(MissingWorst)
	tests := map[string]struct {
		sheets []Sheet
		want   []string
	}{
		"one operator's value is enough": {
			[]Sheet{sheet("a", 1, math.NaN(), 1), sheet("b", math.NaN(), 1, math.NaN())}, nil,
		},
		"a value that is said to be unknown is none": {
			[]Sheet{sheet("a", 1, math.NaN(), 1)}, []string{"turnover"},
		},
		"without sheets nothing is measured": {nil, []string{"parking", "turnover", "hours"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Unmeasured(r, tt.sheets)); diff != "" {
				t.Errorf("Unmeasured() (-want +got):\n%s", diff)
			}
		})
	}
}
