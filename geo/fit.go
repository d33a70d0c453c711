package geo

import (
	"math"
	"slices"
	"sort"
)

// Fit is how well points agree with a reference if they are taken to be in a datum.
type Fit struct {
	Datum        Datum
	Swapped      bool    // latitude and longitude are the other way round
	Inside       float64 // share of the points in a zone or within the distance of one
	MedianMetres float64 // median distance to the nearest zone; NaN if beyond the distance
}

// FitDatum tries raw, coordinates as a file has them, in every datum and with both orders of the
// axes against reference zones in WGS-84, and returns the fits, the best first: by Inside, then
// by MedianMetres, then WGS-84 before GCJ-02 before BD-09 and as given before swapped. CGCS2000
// can't be told from WGS-84 and isn't tried. within is in metres: 0 asks whether points lie in
// districts, 30 whether they lie by parking fences.
//
// A point that is none in a hypothesis, such as latitude 118, counts as far away. FitDatum judges
// nothing: how large a lead means that a layer is mislabelled is the caller's policy.
func FitDatum(raw []LatLng, reference *Zones, within float64) []Fit {
	var fits []Fit
	for _, swapped := range []bool{false, true} {
		for _, d := range []Datum{WGS84, GCJ02, BD09} {
			fits = append(fits, fitOne(raw, reference, within, Fit{Datum: d, Swapped: swapped}))
		}
	}
	sort.SliceStable(fits, func(i, j int) bool {
		if fits[i].Inside != fits[j].Inside {
			return fits[i].Inside > fits[j].Inside
		}
		return fits[i].MedianMetres < fits[j].MedianMetres // false for NaN: the order stays
	})
	return fits
}

// fitOne fills in the figures of one hypothesis.
func fitOne(raw []LatLng, reference *Zones, within float64, fit Fit) Fit {
	fit.MedianMetres = math.NaN()
	if len(raw) == 0 {
		return fit
	}
	var near []float64
	for _, p := range raw {
		if fit.Swapped {
			p.Lat, p.Lng = p.Lng, p.Lat
		}
		if !p.valid() {
			continue
		}
		if _, d, ok := reference.Nearest(fit.Datum.ToWGS84(p), within); ok {
			near = append(near, d)
		}
	}
	fit.Inside = float64(len(near)) / float64(len(raw))
	if middle := (len(raw) - 1) / 2; middle < len(near) { // the others are farther than all of these
		slices.Sort(near)
		fit.MedianMetres = near[middle]
	}
	return fit
}
