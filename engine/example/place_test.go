package example

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestCoordinatesAreDegreesWithSixDecimals(t *testing.T) {
	tests := map[string]struct {
		place    point
		lat, lng string
	}{
		"the centre": {point{0, 0}, "12.000000", "-140.000000"},
		// One degree of the sphere is 6371007.18 m · π/180 = 111,195.08 m, so that a kilometre is
		// 0.008993 degrees; at latitude 12 it is 0.008993 / cos 12° = 0.009194 degrees of longitude.
		"a kilometre north":     {point{0, 100_000}, "12.008993", "-140.000000"},
		"a kilometre east":      {point{100_000, 0}, "12.000000", "-139.990806"},
		"a kilometre southwest": {point{-100_000, -100_000}, "11.991007", "-140.009194"},
		"half a metre north":    {point{0, 50}, "12.000004", "-140.000000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			lat, lng := string(appendLat(nil, tt.place)), string(appendLng(nil, tt.place))
			if lat != tt.lat || lng != tt.lng {
				t.Errorf("%v is %s, %s; want %s, %s", tt.place, lat, lng, tt.lat, tt.lng)
			}
		})
	}
}

func TestDegreesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		micro := rapid.Int64Range(-180_000_000, 180_000_000).Draw(t, "micro")
		text := string(appendDegrees(nil, micro))
		got, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Round(got*1e6) != float64(micro) {
			t.Fatalf("appendDegrees(%d) = %s: %v %v", micro, text, got, err)
		}
	})
}

func TestQuotientRoundsHalvesUp(t *testing.T) {
	tests := map[string]struct{ a, b, want int64 }{
		"exact":                {6, 3, 2},
		"below a half":         {7, 5, 1},
		"a half":               {5, 2, 3},
		"minus a half goes up": {-5, 2, -2},
		"below minus a half":   {-8, 5, -2},
		"nearly minus one":     {-9, 10, -1},
		"nothing":              {0, 7, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := quotient(tt.a, tt.b); got != tt.want {
				t.Errorf("quotient(%d, %d) = %d, want %d", tt.a, tt.b, got, tt.want)
			}
		})
	}
}

// TestTurnedKeepsLengths: 7, 24 and 25 are a right triangle.
func TestTurnedKeepsLengths(t *testing.T) {
	if got, want := turned(25, 0), (point{24, 7}); got != want {
		t.Errorf("turned(25, 0) = %v, want %v", got, want)
	}
	if got, want := turned(0, 25), (point{-7, 24}); got != want {
		t.Errorf("turned(0, 25) = %v, want %v", got, want)
	}
}
