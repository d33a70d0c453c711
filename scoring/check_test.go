package scoring

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// one returns a rubric of a single indicator, right but for what change does to it.
func one(change func(*Indicator)) Rubric {
	d := Indicator{
		ID: "turnover", Higher: true, Weight: 1, Missing: MissingUnknown,
		Bands: []Band{{OpAtLeast, 5, 100}, {OpAtLeast, 3, 80}, {OpElse, 0, 50}},
	}
	change(&d)
	return Rubric{ID: "made", Pass: 60, Indicators: []Indicator{d}}
}

// banded returns a rubric of a single indicator with these bands.
func banded(higher bool, bands ...Band) Rubric {
	return one(func(d *Indicator) { d.Higher, d.Bands = higher, bands })
}

// linear returns a rubric of a single indicator with a linear scale.
func linear(higher bool, zero, most float64) Rubric {
	return one(func(d *Indicator) { d.Higher, d.Bands, d.Linear = higher, nil, &Linear{zero, most} })
}

func TestCheckNamesTheFault(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	below := func(x float64) float64 { return math.Nextafter(x, math.Inf(-1)) }
	tests := map[string]struct {
		r    Rubric
		want RubricError // without the indicator
	}{
		"a rubric measures something": {Rubric{Pass: 60}, RubricError{Code: FaultEmpty, Got: nan}},
		"a pass line is a score": {
			Rubric{Pass: 101, Indicators: one(func(*Indicator) {}).Indicators},
			RubricError{Code: FaultPass, Got: 101},
		},
		"an indicator has an ID": {
			one(func(d *Indicator) { d.ID = "" }), RubricError{Code: FaultID, Got: nan},
		},
		"weights sum to one": {
			one(func(d *Indicator) { d.Weight = 0.9 }), RubricError{Code: FaultSum, Got: 0.9},
		},
		"a weight is not negative": {
			one(func(d *Indicator) { d.Weight = -0.1 }), RubricError{Code: FaultWeight, Got: -0.1},
		},
		"a weight is a number": {
			one(func(d *Indicator) { d.Weight = nan }), RubricError{Code: FaultWeight, Got: nan},
		},
		"what a missing value does is stated": {
			one(func(d *Indicator) { d.Missing = "" }), RubricError{Code: FaultMissing, Got: nan},
		},
		"an indicator has a scale": {
			one(func(d *Indicator) { d.Bands = nil }), RubricError{Code: FaultScale, Got: nan},
		},
		"an indicator has one scale only": {
			one(func(d *Indicator) { d.Linear = &Linear{0, 1} }), RubricError{Code: FaultScale, Got: nan},
		},
		"more is better, and the scale falls": {
			linear(true, 5, 0), RubricError{Code: FaultDirection, Got: -5},
		},
		"less is better, and the scale rises": {
			linear(false, 0, 5), RubricError{Code: FaultDirection, Got: 5},
		},
		"a scale without length": {
			linear(true, 5, 5), RubricError{Code: FaultDirection, Got: 0},
		},
		"a scale without end": {
			linear(true, 0, inf), RubricError{Code: FaultLinear, Got: inf},
		},
		"a scale too long for a float": {
			linear(true, -1e308, 1e308), RubricError{Code: FaultLinear, Got: inf},
		},
		"a comparison nobody knows": {
			banded(true, Band{">=", 5, 1}), RubricError{Code: FaultOp, Band: 1, Got: nan},
		},
		"a band's limit is a number": {
			banded(true, Band{OpBelow, nan, 1}), RubricError{Code: FaultBandValue, Band: 1, Got: nan},
		},
		"points go to a hundred": {
			banded(true, Band{OpElse, 0, 101}), RubricError{Code: FaultBandPoints, Band: 1, Got: 101},
		},
		"else comes last": {
			banded(true, Band{OpElse, 0, 1}, Band{OpElse, 0, 1}),
			RubricError{Code: FaultElse, Band: 1, Got: nan},
		},
		"below the last limit nobody has band": {
			banded(true, Band{OpAtLeast, 5, 1}), RubricError{Code: FaultGap, Got: below(5)},
		},
		"the limit itself is left out": {
			banded(true, Band{OpAbove, 5, 9}, Band{OpBelow, 5, 1}), RubricError{Code: FaultGap, Got: 5},
		},
		"between two limits is a gap": {
			banded(true, Band{OpAtLeast, 5, 9}, Band{OpAtMost, 3, 1}),
			RubricError{Code: FaultGap, Got: math.Nextafter(3, 5)},
		},
		"a wider band before hides the next": {
			banded(true, Band{OpAtLeast, 3, 80}, Band{OpAtLeast, 5, 80}, Band{OpElse, 0, 50}),
			RubricError{Code: FaultUnreachable, Band: 2, Got: nan},
		},
		"else after a complete list is never reached": {
			banded(true, Band{OpAtLeast, 3, 80}, Band{OpBelow, 3, 50}, Band{OpElse, 0, 50}),
			RubricError{Code: FaultUnreachable, Band: 3, Got: nan},
		},
		"more trips, fewer points": {
			banded(true, Band{OpAtLeast, 5, 50}, Band{OpElse, 0, 80}),
			RubricError{Code: FaultOrder, Band: 1, Got: 5},
		},
		"more complaints, more points": {
			banded(false, Band{OpAbove, 2, 90}, Band{OpElse, 0, 80}),
			RubricError{Code: FaultOrder, Band: 1, Got: math.Nextafter(2, 3)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.r.Check()
			var got *RubricError
			if !errors.As(err, &got) || !errors.Is(err, ErrRubric) {
				t.Fatalf("Check() = %v, want a RubricError", err)
			}
			if len(tt.r.Indicators) > 0 && tt.want.Code != FaultPass && tt.want.Code != FaultSum {
				tt.want.Indicator = tt.r.Indicators[0].ID
			}
			if diff := cmp.Diff(tt.want, *got, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("Check() (-want +got):\n%s", diff)
			}
			if got.fault() == got.Code {
				t.Errorf("%q has no sentence", got.Code)
			}
		})
	}
}

func TestCheckRefusesAnIndicatorTwice(t *testing.T) {
	r := one(func(d *Indicator) { d.Weight = 0.5 })
	r.Indicators = append(r.Indicators, r.Indicators[0])
	var got *RubricError
	if err := r.Check(); !errors.As(err, &got) || got.Code != FaultTwice {
		t.Errorf("Check() = %v, want %s", err, FaultTwice)
	}
}

func TestCheckAccepts(t *testing.T) {
	nine, _ := proportional([]float64{0.333333333, 0.333333333, 0.333333333}, make([]float64, 3))
	tests := map[string]Rubric{
		"bands with a floor": one(func(*Indicator) {}),
		"no pass line":       {Pass: math.NaN(), Indicators: informed()},
		"less is better, by bands": banded(false,
			Band{OpAtMost, 1, 100}, Band{OpAtMost, 4, 40}, Band{OpElse, 0, 0}),
		"two bands that share a limit": banded(true,
			Band{OpAtLeast, 60, 100}, Band{OpBelow, 60, 0}),
		"the same points everywhere":         banded(true, Band{OpElse, 0, 50}),
		"a limit at the end of the numbers":  banded(true, Band{OpAtLeast, -math.MaxFloat64, 50}),
		"a limit at the other end":           banded(true, Band{OpAtMost, math.MaxFloat64, 50}),
		"more is better, in proportion":      linear(true, 0, 5),
		"less is better, in proportion":      linear(false, 48, 4),
		"weights of nine decimals":           nine,
		"an indicator for information alone": {Pass: 60, Indicators: informed()},
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			if err := r.Check(); err != nil {
				t.Errorf("Check() = %v, want nil", err)
			}
		})
	}
}

// informed returns one indicator that decides and one that weighs nothing.
func informed() []Indicator {
	deciding := one(func(*Indicator) {}).Indicators[0]
	extra := Indicator{
		ID: "extra", Higher: true, Linear: &Linear{0, 1}, Missing: MissingUnknown,
	}
	return []Indicator{deciding, extra}
}

// Whatever bands Check lets through give every value points, each band at some value, and never
// fewer points for a better value.
func TestCheckedBandsCoverEveryValue(t *testing.T) {
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		op := rapid.SampledFrom([]string{OpAtLeast, OpAbove, OpAtMost, OpBelow, OpElse})
		bands := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Band {
			return Band{
				Op: op.Draw(t, "op"), Value: float64(rapid.IntRange(-2, 2).Draw(t, "value")),
				Points: float64(rapid.IntRange(0, 3).Draw(t, "points")),
			}
		}), 1, 3).Draw(t, "bands")
		higher := rapid.Bool().Draw(t, "higher")
		if banded(higher, bands...).Check() != nil {
			return
		}
		passed++
		a := rapid.OneOf(rapid.Float64Range(-3, 3), rapid.SampledFrom([]float64{-2, -1, 0, 1, 2}))
		x, y := a.Draw(t, "x"), a.Draw(t, "y")
		worse, better := min(x, y), max(x, y)
		if !higher {
			worse, better = better, worse
		}
		i, j := bandOf(bands, worse), bandOf(bands, better)
		if i < 0 || j < 0 {
			t.Fatalf("no band of %v holds for %v or %v", bands, worse, better)
		}
		if bands[j].Points < bands[i].Points {
			t.Fatalf("%v has %v points, the worse %v has %v",
				better, bands[j].Points, worse, bands[i].Points)
		}
	})
	if passed == 0 {
		t.Error("Check let no rubric through: the property was never tried")
	}
}
