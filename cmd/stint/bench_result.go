package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine/lang"
)

// benchRow is one thing that was measured, once a round.
type benchRow struct {
	ID     string   `json:"id"`
	Rounds []sample `json:"rounds"`
}

// benchGoal is one promise about the rows, and what became of it.
type benchGoal struct {
	ID     string    `json:"id"`
	Value  float64   `json:"value"`  // the median of the rounds
	Rounds []float64 `json:"rounds"` // each from rows of one round, so that the machine's mood cancels
	Least  *float64  `json:"at_least,omitempty"`
	Most   *float64  `json:"at_most,omitempty"`
	Holds  bool      `json:"holds"`
}

// benchResult is the answer of `stint bench --json`.
type benchResult struct {
	Cores   int         `json:"cores"`
	Cells   int         `json:"cells"`
	Zones   int         `json:"zones"`
	Rows    []benchRow  `json:"rows"`
	Goals   []benchGoal `json:"goals"`
	Skipped []string    `json:"skipped"` // rows that this machine lacks the programs for
}

// add keeps what was measured of a row.
func (r *benchResult) add(id string, s sample) {
	for i := range r.Rows {
		if r.Rows[i].ID == id {
			r.Rows[i].Rounds = append(r.Rows[i].Rounds, s)
			return
		}
	}
	r.Rows = append(r.Rows, benchRow{id, []sample{s}})
}

// skip notes rows that can't be measured here.
func (r *benchResult) skip(ids ...string) {
	for _, id := range ids {
		if !slices.Contains(r.Skipped, id) {
			r.Skipped = append(r.Skipped, id)
		}
	}
}

// of returns one figure of a row, round by round; none where the row wasn't measured.
func (r *benchResult) of(id string, figure func(sample) float64) []float64 {
	for _, row := range r.Rows {
		if row.ID == id {
			var all []float64
			for _, s := range row.Rounds {
				all = append(all, figure(s))
			}
			return all
		}
	}
	return nil
}

// The figures of a sample.
func perSecond(s sample) float64 { return s.PerSecond }
func p50(s sample) float64       { return s.P50 }
func p99(s sample) float64       { return s.P99 }

// ratio judges one row over another: at least so many times as many a second.
func (r *benchResult) ratio(id, row, over string, least float64) {
	a, b := r.of(row, perSecond), r.of(over, perSecond)
	var rounds []float64
	for i := range min(len(a), len(b)) {
		rounds = append(rounds, a[i]/b[i])
	}
	r.judge(benchGoal{ID: id, Rounds: rounds, Least: &least})
}

// atMost judges one figure of a row.
func (r *benchResult) atMost(id, row string, figure func(sample) float64, most float64) {
	r.judge(benchGoal{ID: id, Rounds: r.of(row, figure), Most: &most})
}

// judge adds a goal, unless a row it is about wasn't measured.
func (r *benchResult) judge(g benchGoal) {
	if len(g.Rounds) == 0 {
		return
	}
	g.Value = median(g.Rounds)
	g.Holds = (g.Least == nil || g.Value >= *g.Least) && (g.Most == nil || g.Value <= *g.Most)
	r.Goals = append(r.Goals, g)
}

// write prints the rows and then the goals, figures before words, so that columns stay straight in
// either language.
func (r *benchResult) write(w io.Writer, tag lang.Tag) error {
	text := func(id string, args ...any) string { return tag.Text(lang.M(id, args...)) }
	out := &lineWriter{to: w}
	out.printf("%s\n\n%10s %9s %9s\n", text("bench.machine",
		"cores", r.Cores, "cells", r.Cells, "zones", r.Zones), "1/s", "p50 ms", "p99 ms")
	for _, row := range r.Rows {
		out.printf("%10s %9s %9s  %s\n",
			thousands(median(r.of(row.ID, perSecond))), short(median(r.of(row.ID, p50))),
			short(median(r.of(row.ID, p99))), text("bench.row."+row.ID))
	}
	for _, id := range r.Skipped {
		out.printf("%10s %9s %9s  %s\n", "-", "-", "-", text("bench.row."+id))
	}
	out.printf("\n")
	for _, g := range r.Goals {
		sign, limit := "≥", g.Least
		if limit == nil {
			sign, limit = "≤", g.Most
		}
		verdict := "bench.missed"
		if g.Holds {
			verdict = "bench.met"
		}
		out.printf("%10s %s %-5s (%s … %s)  %s: %s\n", short(g.Value), sign, short(*limit),
			short(slices.Min(g.Rounds)), short(slices.Max(g.Rounds)),
			text(verdict), text("bench.goal."+g.ID))
	}
	return out.err
}

// lineWriter keeps the first error of many writes.
type lineWriter struct {
	to  io.Writer
	err error
}

func (l *lineWriter) printf(format string, args ...any) {
	_, err := fmt.Fprintf(l.to, format, args...)
	l.err = cmp.Or(l.err, err)
}

// thousands writes a whole number with a thin mark between thousands.
func thousands(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	digits := strconv.FormatFloat(x, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// short writes a number with about three digits.
func short(x float64) string {
	switch {
	case math.IsNaN(x):
		return "-"
	case x == 0:
		return "0"
	case math.Abs(x) >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case math.Abs(x) >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case math.Abs(x) >= 0.1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'f', 4, 64)
}
