package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestNewLatLng(t *testing.T) {
	tests := map[string]struct {
		lat, lng float64
		want     error
	}{
		"a point in Xiamen":                    {24.48, 118.09, nil},
		"the poles and the antimeridian count": {-90, 180, nil},
		"latitude and longitude swapped":       {118.09, 24.48, ErrRange},
		"longitude beyond 180":                 {0, 180.0000001, ErrRange},
		"no number":                            {math.NaN(), 0, ErrRange},
		"no finite number":                     {0, math.Inf(-1), ErrRange},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := NewLatLng(tt.lat, tt.lng)
			if !errors.Is(err, tt.want) {
				t.Fatalf("NewLatLng(%v, %v) error = %v, want %v", tt.lat, tt.lng, err, tt.want)
			}
			if want := (LatLng{tt.lat, tt.lng}); err == nil && p != want {
				t.Errorf("NewLatLng(%v, %v) = %v", tt.lat, tt.lng, p)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	quarter := math.Pi / 2 * Radius // a quarter of a great circle
	tests := map[string]struct {
		a, b LatLng
		want float64
	}{
		"a point to itself":                  {LatLng{24, 118}, LatLng{24, 118}, 0},
		"the equator to the pole":            {LatLng{0, 12}, LatLng{90, -77}, quarter},
		"a quarter along the equator":        {LatLng{0, -170}, LatLng{0, 100}, quarter},
		"antipodes":                          {LatLng{30, 10}, LatLng{-30, -170}, 2 * quarter},
		"one degree across the antimeridian": {LatLng{0, 179.5}, LatLng{0, -179.5}, quarter / 90},
		"one degree of longitude at 60 north": { // asin of half the sine of half a degree, twice
			LatLng{60, 0}, LatLng{60, 1}, 2 * Radius * math.Asin(math.Sin(math.Pi/360)/2),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Distance(tt.a, tt.b); math.Abs(got-tt.want) > 1e-6 {
				t.Errorf("Distance(%v, %v) = %v m, want %v", tt.a, tt.b, got, tt.want)
			}
		})
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anywhere(t), anywhere(t), anywhere(t)
		ab, ba := Distance(a, b), Distance(b, a)
		if ab < 0 || math.Abs(ab-ba) > 1e-6 {
			t.Fatalf("Distance there %v, back %v", ab, ba)
		}
		if ac, cb := Distance(a, c), Distance(c, b); ab > ac+cb+0.2 {
			t.Fatalf("Distance %v is longer than the way round %v", ab, ac+cb)
		}
	})
}

// anywhere draws a point on Earth.
func anywhere(t *rapid.T) LatLng {
	return LatLng{
		Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"),
		Lng: rapid.Float64Range(-180, 180).Draw(t, "lng"),
	}
}

func TestAroundHoldsEverythingWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := anywhere(t), anywhere(t)
		if rapid.Bool().Draw(t, "close by") {
			q = LatLng{
				min(max(p.Lat+rapid.Float64Range(-1, 1).Draw(t, "dy"), -90), 90),
				turn(p.Lng + rapid.Float64Range(-1, 1).Draw(t, "dx")),
			}
		}
		for _, box := range around(p, Distance(p, q)) {
			if box.Contains(q) {
				return
			}
		}
		t.Fatalf("no box around %v, %v m wide, holds %v", p, Distance(p, q), q)
	})
}
