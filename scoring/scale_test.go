package scoring

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The bands of Shenzhen's assessment of 2018, as published, with points in parts of the item's
// maximum: daily trips of at most 5 points, turnover of at most 6.
var (
	dailyTrips = []Band{
		{OpAtLeast, 500000, 100 * 5. / 5},
		{OpAtLeast, 100000, 100 * 4. / 5},
		{OpAtLeast, 10000, 100 * 3. / 5},
		{OpElse, 0, 100 * 2. / 5},
	}
	turnover = []Band{
		{OpAtLeast, 5, 100 * 6. / 6},
		{OpAtLeast, 3, 100 * 5. / 6},
		{OpAtLeast, 1, 100 * 4. / 6},
		{OpElse, 0, 100 * 3. / 6},
	}
)

func TestBands(t *testing.T) {
	tests := map[string]struct {
		bands  []Band
		value  float64
		points float64
		how    string
	}{
		"half a million trips reach the first band": {dailyTrips, 500000, 100, "band:1"},
		"one trip less doesn't":                     {dailyTrips, 499999, 80, "band:2"},
		"no trips still have the floor points":      {dailyTrips, 0, 40, "band:4"},
		"a turnover of 1.0 is 4 of 6 points":        {turnover, 1, 100 * 4. / 6, "band:3"},
		"60.0 is at least 60": {
			[]Band{{OpAtLeast, 60, 9}, {OpElse, 0, 1}}, 60, 9, "band:1",
		},
		"60.0 isn't above 60": {
			[]Band{{OpAbove, 60, 9}, {OpElse, 0, 1}}, 60, 1, "band:2",
		},
		"60.0 is at most 60": {
			[]Band{{OpAtMost, 60, 9}, {OpElse, 0, 1}}, 60, 9, "band:1",
		},
		"60.0 isn't below 60": {
			[]Band{{OpBelow, 60, 9}, {OpElse, 0, 1}}, 60, 1, "band:2",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			points, how := Indicator{Bands: tt.bands}.points(tt.value)
			if points != tt.points || how != tt.how {
				t.Errorf("points(%v) = %v by %q, want %v by %q",
					tt.value, points, how, tt.points, tt.how)
			}
		})
	}
}

func TestLinear(t *testing.T) {
	tests := map[string]struct {
		scale  Linear
		value  float64
		points float64
	}{
		"three of five trips are 60 points":        {Linear{0, 5}, 3, 60},
		"nothing is no points":                     {Linear{0, 5}, 0, 0},
		"full is a hundred":                        {Linear{0, 5}, 5, 100},
		"beyond full is no more":                   {Linear{0, 5}, 50, 100},
		"below zero is no less":                    {Linear{0, 5}, -1, 0},
		"less is better: 26 of 48 to 4 hours":      {Linear{48, 4}, 26, 50},
		"less is better: beyond the worst":         {Linear{48, 4}, 72, 0},
		"less is better: beyond the best":          {Linear{48, 4}, 1, 100},
		"a scale that doesn't begin at nothing":    {Linear{0.7, 0.9}, 0.75, 25},
		"the largest float is no more than full":   {Linear{0, 5}, math.MaxFloat64, 100},
		"the smallest float is no less than zero":  {Linear{0, 5}, -math.MaxFloat64, 0},
		"less is better: the largest float has 0":  {Linear{5, 0}, math.MaxFloat64, 0},
		"full is a hundred where a third is lossy": {Linear{0, 1. / 3}, 1. / 3, 100},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.scale.points(tt.value); math.Abs(got-tt.points) > 1e-12 {
				t.Errorf("%v.points(%v) = %v, want %v", tt.scale, tt.value, got, tt.points)
			}
		})
	}
}

// A linear scale stays within 0–100, reaches both ends exactly, and never falls for a better
// value.
func TestLinearIsMonotone(t *testing.T) {
	number := rapid.Float64Range(-1e6, 1e6)
	rapid.Check(t, func(t *rapid.T) {
		l := Linear{number.Draw(t, "zero"), number.Draw(t, "full")}
		if l.Zero == l.Full {
			return
		}
		worse, better := number.Draw(t, "x"), number.Draw(t, "y")
		if (better < worse) == (l.Full > l.Zero) {
			worse, better = better, worse
		}
		low, high := l.points(worse), l.points(better)
		if low > high || low < 0 || high > 100 {
			t.Fatalf("%v: %v has %v points, the better %v has %v", l, worse, low, better, high)
		}
		if l.points(l.Zero) != 0 || l.points(l.Full) != 100 {
			t.Fatalf("%v ends at %v and %v", l, l.points(l.Zero), l.points(l.Full))
		}
	})
}
