package observe

import (
	"math"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Freshness is how old the word about the vehicles of one state is: half of them at most P50, nine
// in ten at most P90.
type Freshness struct {
	State State `json:"state"`
	N     int   `json:"n"`
	P50   int64 `json:"p50_ms"`
	P90   int64 `json:"p90_ms"`
}

// freshness returns quantiles of ages, ms, by state. It sorts them.
func freshness(ages *[states][]int64) []Freshness {
	var list []Freshness
	for s, all := range ages {
		if n := len(all); n > 0 {
			slices.Sort(all)
			list = append(list, Freshness{State(s), n, all[(n-1)/2], all[(9*n+9)/10-1]})
		}
	}
	return list
}

// words returns how old the words of a feed are at the time now. Of a snapshot that tells when each
// vehicle reported, these times count; of one that doesn't nothing is known; an event is a word.
func (p *picture) words(now int64) []Freshness {
	if p.snapshot != 0 {
		list := slices.Clone(p.health.fresh)
		for i := range list {
			list[i].P50 += now - p.snapshot
			list[i].P90 += now - p.snapshot
		}
		return list
	}
	var ages [states][]int64
	for v := range p.all() {
		if v.state.OnStreet() {
			ages[v.state] = append(ages[v.state], now-max(v.at, v.placedAt))
		}
	}
	return freshness(&ages)
}

// mostDecimals is the finest that positions are told apart: 1e-7 degrees, a centimetre.
const mostDecimals = 7

// coarseDecimals is the most decimals of a position that lies on a grid of some 10 m: too coarse to
// say on which side of a fence a bike stands.
const coarseDecimals = 4

// decimalsOf is how many decimals of a degree a position needs.
func decimalsOf(p geo.LatLng) int {
	for d, scale := 0, 1.0; d < mostDecimals; d, scale = d+1, scale*10 {
		if onGrid(p.Lat*scale) && onGrid(p.Lng*scale) {
			return d
		}
	}
	return mostDecimals
}

// onGrid allows for the last bits that a product loses.
func onGrid(x float64) bool { return math.Abs(x-math.Round(x)) < 1e-6 }

// accuracy returns the median of the decimals that a feed's positions need, and the share of the
// coarse ones; nil where none was told.
func (t *tally) accuracy() (median *int, coarse *float64) {
	sum, few := 0, 0
	for d, n := range t.decimals {
		sum += n
		if d <= coarseDecimals {
			few += n
		}
	}
	below := 0
	for d, n := range t.decimals {
		if below += n; n > 0 && median == nil && 2*below >= sum {
			median = &d
		}
	}
	return median, ratio(few, sum)
}
