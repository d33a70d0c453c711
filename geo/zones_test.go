package geo

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestZonesAt(t *testing.T) {
	z := NewZones([]Zone{
		{ID: "city", Shape: rect(0, 0, 9, 9)},
		{ID: "nowhere"},
		{ID: "district", Shape: rect(0, 0, 4, 4)},
		{ID: "overlapping parts", Shape: append(rect(1, 1, 3, 3), rect(2, 2, 4, 4)...)},
	})
	tests := map[string]struct {
		p    LatLng
		want []int
	}{
		"in all":                   {LatLng{2.5, 2.5}, []int{0, 2, 3}},
		"on the district's border": {LatLng{4, 1}, []int{0, 2}},
		"in the city alone":        {LatLng{8, 8}, []int{0}},
		"outside":                  {LatLng{-1, 0}, nil},
		"no number":                {LatLng{math.NaN(), math.NaN()}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := z.At(nil, tt.p); !slices.Equal(got, tt.want) {
				t.Errorf("At(%v) = %v, want %v", tt.p, got, tt.want)
			}
			got := z.At([]int{7, 7, 1}, tt.p)
			if want := append([]int{7, 7, 1}, tt.want...); !slices.Equal(got, want) {
				t.Errorf("At appended to 7 7 1 = %v, want %v", got, want)
			}
		})
	}
	if z.Len() != 4 || z.Zone(2).ID != "district" {
		t.Errorf("Len = %d, Zone(2) = %v", z.Len(), z.Zone(2).ID)
	}
}

// zonesNear draws zones around a place, some of them twice, and a point among them.
func zonesNear(t *rapid.T) ([]Zone, LatLng) {
	p := LatLng{
		rapid.Float64Range(-80, 80).Draw(t, "lat"),
		rapid.SampledFrom([]float64{-179.95, -60, 0, 118, 179.95}).Draw(t, "lng"),
	}
	spread := rapid.SampledFrom([]float64{0.001, 0.04}).Draw(t, "spread")
	var zones []Zone
	for i := range rapid.IntRange(0, 12).Draw(t, "zones") {
		zone := Zone{ID: fmt.Sprint(i), Shape: MultiPolygon{
			annulus(t, near(t, p, spread), spread/4, rapid.SampledFrom([]int{6, 90}).Draw(t, "most")),
		}}
		zones = append(zones, zone)
		if rapid.Bool().Draw(t, "twice") {
			zones = append(zones, zone)
		}
	}
	q := near(t, p, 1.5*spread)
	q.Lng = turn(q.Lng)
	return zones, q
}

func TestZonesAgreeWithLookingAtEveryZone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zones, p := zonesNear(t)
		within := rapid.SampledFrom([]float64{0, 10, 200, 5000, 1e9}).Draw(t, "within")
		z := NewZones(zones)
		var inside []int
		polygon, center := nobody(), nobody()
		for i, zone := range zones {
			if zone.Shape.Contains(p) {
				inside = append(inside, i)
			}
			if d := zone.Shape.Distance(p); d <= within {
				polygon.offer(i, d)
			}
			if d := Distance(p, zone.Shape.meanVertex()); d <= within {
				center.offer(i, d)
			}
		}
		if got := z.At(nil, p); !slices.Equal(got, inside) {
			t.Fatalf("At = %v, want %v", got, inside)
		}
		i, metres, ok := z.Nearest(p, within)
		compare(t, "Nearest", i, metres, ok, polygon)
		i, metres, ok = z.NearestCenter(p, within)
		compare(t, "NearestCenter", i, metres, ok, center)
	})
}

// compare holds an answer against the best found by brute force.
func compare(t *rapid.T, name string, i int, metres float64, ok bool, want rank) {
	if ok != (want.zone >= 0) {
		t.Fatalf("%s found something: %v, want %+v", name, ok, want)
	}
	if ok && (i != want.zone || metres != want.metres) {
		t.Fatalf("%s = %d at %v m, want %+v", name, i, metres, want)
	}
}

func TestNearest(t *testing.T) {
	square := rect(0, 0, 1, 1)
	z := NewZones([]Zone{{ID: "none"}, {ID: "a", Shape: square}, {ID: "b", Shape: square}})
	degree := Radius * radians
	tests := map[string]struct {
		p      LatLng
		within float64
		zone   int
		metres float64
		ok     bool
	}{
		"inside":                           {LatLng{0.5, 0.5}, 0, 1, 0, true},
		"a tie goes to the lowest index":   {LatLng{2, 0.5}, 1e6, 1, degree, true},
		"a metre too far":                  {LatLng{2, 0.5}, degree - 1, 0, 0, false},
		"a metre to spare":                 {LatLng{2, 0.5}, degree + 1, 1, degree, true},
		"from the other side of the globe": {LatLng{0, -179}, math.Inf(1), 1, 179 * degree, true},
		"from the pole":                    {LatLng{90, 0}, 1e8, 1, 89 * degree, true},
		"a negative distance":              {LatLng{0.5, 0.5}, -1, 0, 0, false},
		"a distance that is no number":     {LatLng{0.5, 0.5}, math.NaN(), 0, 0, false},
		"a point that is none":             {LatLng{math.NaN(), 0}, 1e9, 0, 0, false},
		"swapped axes":                     {LatLng{118, 24}, 1e9, 0, 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			i, metres, ok := z.Nearest(tt.p, tt.within)
			if ok != tt.ok || (ok && (i != tt.zone || math.Abs(metres-tt.metres) > 1)) {
				t.Errorf("Nearest = %d, %v, %v; want %d, %v, %v", i, metres, ok, tt.zone, tt.metres, tt.ok)
			}
			if !ok && !math.IsNaN(metres) {
				t.Errorf("nothing is %v m away, want NaN", metres)
			}
		})
	}
}

func TestZonesNeverPanic(t *testing.T) {
	edge := []float64{-180, -90, -89.9999999, 0, 89.9999999, 90, 179.9999999, 180}
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string, limit float64) float64 {
			return max(min(rapid.SampledFrom(edge).Draw(t, name), limit), -limit)
		}
		var r Ring
		for range 4 {
			r = append(r, LatLng{at("lat", 90), at("lng", 180)})
		}
		z := NewZones([]Zone{{Shape: MultiPolygon{{append(r, r[0])}}}})
		p := LatLng{at("lat", 90), at("lng", 180)}
		z.At(nil, p)
		for _, within := range []float64{0, 1, 1e5, 1e7, math.Inf(1)} {
			z.Nearest(p, within)
			z.NearestCenter(p, within)
		}
	})
}

func TestFitDatum(t *testing.T) {
	// Fences every few hundred metres in Xiamen, and bikes 3 m north of each, written in a datum.
	var zones []Zone
	var bikes []LatLng
	for i := range 40 {
		p := LatLng{24.45 + 0.00371*float64(i%7), 118.05 + 0.0043*float64(i)}
		zones = append(zones, Zone{Shape: rect(p.Lat, p.Lng, p.Lat+2e-5, p.Lng+2e-5)})
		bikes = append(bikes, LatLng{p.Lat + 2e-5 + 3/metres, p.Lng + 1e-5})
	}
	reference := NewZones(zones)
	for _, d := range []Datum{WGS84, GCJ02, BD09} {
		for _, swapped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v, swapped %v", d, swapped), func(t *testing.T) {
				raw := make([]LatLng, len(bikes))
				for i, p := range bikes {
					if raw[i] = d.FromWGS84(p); swapped {
						raw[i].Lat, raw[i].Lng = raw[i].Lng, raw[i].Lat
					}
				}
				fits := FitDatum(raw, reference, 30)
				best := fits[0]
				if len(fits) != 6 || best.Datum != d || best.Swapped != swapped || best.Inside != 1 {
					t.Errorf("FitDatum = %+v", fits)
				}
				if math.Abs(best.MedianMetres-3) > 0.01 {
					t.Errorf("MedianMetres = %v, want 3", best.MedianMetres)
				}
			})
		}
	}
}

func TestFitDatumOfWhatFitsNowhere(t *testing.T) {
	reference := NewZones([]Zone{{Shape: rect(24, 118, 25, 119)}})
	for name, raw := range map[string][]LatLng{
		"no points":      nil,
		"no coordinates": {{999, 999}, {math.NaN(), 0}},
		"far away":       {{-30, -60}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, fit := range FitDatum(raw, reference, 30) {
				if fit.Inside != 0 || !math.IsNaN(fit.MedianMetres) {
					t.Errorf("%+v", fit)
				}
			}
		})
	}
}

func TestFitDatumMedianNeedsHalfThePoints(t *testing.T) {
	reference := NewZones([]Zone{{Shape: rect(0, 0, 1, 1)}})
	in, out := LatLng{0.5, 0.5}, LatLng{-9, -9}
	for name, tt := range map[string]struct {
		raw    []LatLng
		median float64
	}{
		"two of three inside":  {[]LatLng{in, out, in}, 0},
		"one of two inside":    {[]LatLng{in, out}, 0},
		"one of three inside":  {[]LatLng{out, in, out}, math.NaN()},
		"one that is no point": {[]LatLng{{math.NaN(), 0}}, math.NaN()},
	} {
		t.Run(name, func(t *testing.T) {
			got := FitDatum(tt.raw, reference, 0)[0].MedianMetres
			if got != tt.median && !(math.IsNaN(got) && math.IsNaN(tt.median)) {
				t.Errorf("MedianMetres = %v, want %v", got, tt.median)
			}
		})
	}
}
