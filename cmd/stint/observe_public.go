package main

import (
	"math"
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine/observe"
)

// suppress leaves out what could point at a person: single vehicles, small counts, and counts from
// which a small one could be derived. The counts of cells are rounded down to tens: over all
// operators they would give away what one operator's row leaves out.
func (out *observed) suppress() {
	out.suppressCells()
	out.Findings = slices.DeleteFunc(out.Findings, func(f observe.Finding) bool {
		return f.Vehicle != 0 || f.Point != nil || f.Kind != observe.FindStarved &&
			f.N < observe.Smallest
	})
	for i := range out.Findings {
		blur(&out.Findings[i])
	}
	out.Episodes = slices.DeleteFunc(out.Episodes, func(e observedEpisode) bool {
		return e.Kind != observe.FindStarved && e.Worst.N < observe.Smallest
	})
	for i := range out.Episodes {
		e := &out.Episodes[i]
		blur(&e.Worst)
		e.Beside, e.Of = int(tens(float64(e.Beside))), int(tens(float64(e.Of)))
	}
	last := map[[2]string]int{}
	for _, f := range out.Fleets {
		if f.At == out.At {
			last[[2]string{f.Operator, f.Sector}] = f.Vehicles
		}
	}
	out.Fleets = slices.DeleteFunc(out.Fleets, func(f observedFleet) bool {
		return f.Vehicles < observe.Smallest
	})
	out.suppressFences()
	for i := range out.Health {
		h := &out.Health[i]
		for _, n := range []**int{&h.Vehicles, &h.Zero, &h.Swapped, &h.Nowhere, &h.Jumps} {
			if *n != nil && **n < observe.Smallest {
				*n = nil
			}
		}
		if h.Vehicles != nil { // what the count method leaves out is the difference
			apart := *h.Vehicles - last[[2]string{h.Operator, h.Sector}]
			if apart > 0 && apart < observe.Smallest {
				h.Vehicles = nil
			}
		}
	}
}

// suppressCells leaves rows out of occupancy.csv: of a fleet that is printed, so many that none of
// them can be derived from its total.
func (out *observed) suppressCells() {
	var kept [][]string
	for i := 0; i < len(out.cells); {
		end := i
		var counts []int
		for ; end < len(out.cells) && slices.Equal(out.cells[end][:3], out.cells[i][:3]); end++ {
			n, _ := strconv.Atoi(out.cells[end][5]) // count wrote it
			counts = append(counts, n)
		}
		for k, hidden := range observe.Suppress(counts) {
			if !hidden {
				kept = append(kept, out.cells[i+k])
			}
		}
		i = end
	}
	out.cells = kept
}

// suppressFences leaves out shares that would tell of fewer than ten vehicles: beyond a tolerance,
// within it, or between it and the one before.
func (out *observed) suppressFences() {
	var kept []observe.FenceShare
	for _, f := range out.Fences {
		before := 0
		if n := len(kept); n > 0 && kept[n-1].Operator == f.Operator && kept[n-1].Sector == f.Sector {
			before = kept[n-1].Within
		}
		if f.Within-before >= observe.Smallest && f.Of-f.Within >= observe.Smallest {
			kept = append(kept, f)
		}
	}
	out.Fences = kept
}

// blur rounds the counts of a cell down to tens, with what follows from them.
func blur(f *observe.Finding) {
	switch {
	case f.Pile != nil:
		p := *f.Pile
		f.N = tens(f.N)
		p.Rest = f.N
		if p.Leaving != nil {
			p.Rest = math.Max(0, f.N-*p.Leaving)
		}
		f.Pile = &p
	case f.Hunger != nil:
		f.N = tens(f.N)
	}
}

func tens(n float64) float64 { return 10 * math.Floor(n/10) }
