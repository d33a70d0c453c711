package city

import (
	"math"

	"github.com/stint-city/stint/quota"
)

// evidence is what the layers tell of one sector's demand.
type evidence struct {
	events []quota.HourCounts // by cell
	seen   coverage
	usable *slots      // nil without an availability layer
	ridden [][]float64 // [operator][cell] rides
	stood  [][]float64 // [operator][cell] mean vehicles; nil without an occupancy layer

	riddenApart bool // the rides tell operators apart
}

// ride counts a ride; operator -1 = not told.
func (e *evidence) ride(cell, hour, operator int) {
	e.events[cell][hour]++
	if operator >= 0 {
		e.ridden[operator][cell]++
	}
}

// evidence returns what was seen as quota reads it.
func (r *reading) evidence(e *evidence) quota.Observed {
	o := quota.Observed{Events: e.events, Hours: e.seen.hours(r.zone)}
	if e.usable != nil {
		o.Usable = e.usable.hours(e.seen, r.zone)
	}
	return o
}

// presence returns the mean vehicles standing in each cell, all operators together; NaN in every
// cell where no pull shows the sector.
func (e *evidence) presence(cells int) []float64 {
	out := make([]float64, cells)
	for i := range out {
		if e.stood == nil {
			out[i] = math.NaN()
		}
		for k := range e.stood {
			out[i] += e.stood[k][i]
		}
	}
	return out
}

// use returns what each operator's claims rest on: rides where they tell operators apart, else the
// vehicles standing; nil where nobody was told apart.
func (e *evidence) use() [][]float64 {
	if e.riddenApart {
		return e.ridden
	}
	return e.stood
}
