package forecast

import (
	"errors"
	"fmt"
	"math"
)

// Week is the number of hours of a week, the season of every method.
const Week = 168

// History is what was counted.
type History struct {
	Phase  int         // hour of the week of the first hour; 0 = Monday, 00:00 to 01:00
	Counts [][]float64 // cell by hour, all as long; >= 0, NaN = unknown
	Region []int       // of each cell, from 0; nil = all are in one
}

// ErrUnfit means that a method can't be computed from a history. The error that wraps it is an
// *Unfit.
var ErrUnfit = errors.New("not computable from this history")

// Unfit says why a method can't be computed: the catalogue has its sentence under
// "forecast.unfit-<Code>".
type Unfit struct {
	Code string // "empty", "short" or "holes"
	Need int    // hours, or, of holes, percent of the hours of the week counted twice
	Have int
}

// Error returns one sentence for logs.
func (e *Unfit) Error() string {
	return fmt.Sprintf("%v: %s, %d of %d", ErrUnfit, e.Code, e.Have, e.Need)
}

// Unwrap returns ErrUnfit.
func (e *Unfit) Unwrap() error { return ErrUnfit }

// Hours returns how many hours the history has.
func (h *History) Hours() int {
	if len(h.Counts) == 0 {
		return 0
	}
	return len(h.Counts[0])
}

// check panics for a caller's bug.
func (h *History) check() {
	for _, row := range h.Counts {
		if len(row) != h.Hours() {
			panic("forecast: rows of Counts differ in length")
		}
	}
	if h.Region != nil && len(h.Region) != len(h.Counts) {
		panic("forecast: Region and Counts differ in length")
	}
}

// until returns the history of the first n hours.
func (h *History) until(n int) History {
	cut := History{Phase: h.Phase, Region: h.Region, Counts: make([][]float64, len(h.Counts))}
	for c, row := range h.Counts {
		cut.Counts[c] = row[:n]
	}
	return cut
}

// ofWeek returns the hour of the week of an hour of the history, or after it.
func (h *History) ofWeek(t int) int { return (h.Phase + t) % Week }

// regions returns the number of regions.
func (h *History) regions() int {
	n := 1
	for _, r := range h.Region {
		n = max(n, r+1)
	}
	return n
}

func (h *History) region(c int) int {
	if h.Region == nil {
		return 0
	}
	return h.Region[c]
}

// known returns whether any cell was counted, hour by hour.
func (h *History) known() []bool {
	known := make([]bool, h.Hours())
	for _, row := range h.Counts {
		for t, y := range row {
			known[t] = known[t] || !math.IsNaN(y)
		}
	}
	return known
}

// some returns an *Unfit unless any hour was counted.
func (h *History) some() error {
	for _, known := range h.known() {
		if known {
			return nil
		}
	}
	return &Unfit{"empty", 1, 0}
}

// twice is the part of the hours of the week, percent, that must have been counted in two weeks at
// least for a method that tells them apart: most, so that few forecasts rest on nothing.
const twice = 90

// weekly returns an *Unfit unless the history tells the hours of the week apart: two weeks of it,
// with few holes.
func (h *History) weekly() error {
	if err := h.some(); err != nil {
		return err
	}
	if h.Hours() < 2*Week {
		return &Unfit{"short", 2 * Week, h.Hours()}
	}
	var times [Week]int
	for t, known := range h.known() {
		if known {
			times[h.ofWeek(t)]++
		}
	}
	n := 0
	for _, k := range times {
		if k >= 2 {
			n++
		}
	}
	if have := 100 * n / Week; have < twice {
		return &Unfit{"holes", twice, have}
	}
	return nil
}
