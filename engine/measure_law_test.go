package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// walk is one random run of a town with two engines on one store.
type walk struct {
	*rapid.T
	hall    *hall
	engines []*engine.Engine
	taken   int // measures
	asked   int // placements
}

// Whatever measures, publications and placements come in whatever order, at either of two engines:
// nothing is granted beyond any cap in force, nor where a measure forbids it; and when all measures
// are over, the caps are the plan's and the books hold.
func TestMeasuresPromise(outside *testing.T) {
	rapid.Check(outside, func(t *rapid.T) {
		h := newHall(outside, []engine.Zone{})
		other, err := engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock})
		if err != nil {
			t.Fatal(err)
		}
		w := &walk{T: t, hall: h, engines: []*engine.Engine{h.Engine, other}}
		plain := h.caps()
		t.Repeat(map[string]func(*rapid.T){
			"measure": w.measure, "lift": w.lift, "publish": w.publish, "place": w.place,
			"wait": func(t *rapid.T) {
				h.clock.advance(time.Duration(rapid.IntRange(1, 180).Draw(t, "minutes")) * time.Minute)
			},
			"enact": func(t *rapid.T) {
				if err := w.engine(t).Enact(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
		})
		w.end(plain)
	})
}

func (w *walk) engine(t *rapid.T) *engine.Engine {
	return w.engines[rapid.IntRange(0, 1).Draw(t, "engine")]
}

func (w *walk) cells(t *rapid.T) []geo.Cell {
	all := append([]geo.Cell{w.hall.middle}, w.hall.outer...)
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 4, rapid.ID[geo.Cell]).Draw(t, "cells")
}

func (w *walk) measure(t *rapid.T) {
	w.taken++
	now := w.hall.clock.Now()
	m := engine.Measure{
		ID:     fmt.Sprintf("m%d", w.taken),
		Kind:   rapid.SampledFrom([]engine.MeasureKind{"event", "emergency"}).Draw(t, "kind"),
		Act:    rapid.SampledFrom([]engine.Act{"freeze", "clear", "scale"}).Draw(t, "act"),
		Reason: "r", From: now.Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "from")) * time.Hour),
		Until: now.Add(time.Duration(rapid.IntRange(4, 9).Draw(t, "until")) * time.Hour),
	}
	if m.Act == engine.ActScale {
		m.Factor = rapid.Float64Range(0, 3).Draw(t, "factor")
	}
	if _, err := w.engine(t).TakeMeasure(t.Context(), mayor(), m, in(w.cells(t)...)); err != nil {
		t.Fatal(err)
	}
}

func (w *walk) lift(t *rapid.T) {
	if w.taken == 0 {
		return
	}
	id := fmt.Sprintf("m%d", rapid.IntRange(1, w.taken).Draw(t, "measure"))
	_, err := w.engine(t).LiftMeasure(t.Context(), mayor(), id, "r")
	if err != nil && !errors.Is(err, engine.ErrStage) {
		t.Fatal(err)
	}
}

// publish puts the city's plan in force again: another epoch.
func (w *walk) publish(t *rapid.T) {
	e := w.engine(t)
	p, err := e.Draft(t.Context(), mayor(), w.hall.plan, nil, engine.Terms{})
	if err == nil {
		_, err = e.Enforce(t.Context(), mayor(), p.ID, "r")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// place asks for vehicles; a yes must fit what the log says is in force, told by the first engine
// after it has read the log.
func (w *walk) place(t *rapid.T) {
	w.asked++
	all := append([]geo.Cell{w.hall.middle}, w.hall.outer...)
	cell := rapid.SampledFrom(all).Draw(t, "cell")
	p := ask(fmt.Sprintf("p%d", w.asked), cell, rapid.IntRange(1, 9).Draw(t, "n"))
	p.Operator = rapid.SampledFrom([]string{"green", "red"}).Draw(t, "operator")
	before := w.levels(t)
	_, err := w.engine(t).Place(t.Context(), p)
	var no *engine.Refusal
	if errors.As(err, &no) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	w.fits(t, &p, cell, before)
}

// levels returns what every level holds.
func (w *walk) levels(t *rapid.T) map[engine.Level]int {
	quotas, _, err := w.engines[0].Quotas(t.Context(), "bike", "")
	if err != nil {
		t.Fatal(err)
	}
	taken := map[engine.Level]int{}
	for _, q := range quotas {
		taken[q.Level] = q.Standing + q.Held
	}
	return taken
}

// fits wants a granted placement to be within what measures and plan allow, worked out from the
// list of measures alone.
func (w *walk) fits(
	t *rapid.T, p *engine.Placement, cell geo.Cell, before map[engine.Level]int,
) {
	if err := w.engines[0].Enact(t.Context()); err != nil {
		t.Fatal(err)
	}
	factor, kind := 10.0, engine.MeasureEvent
	holding := w.holding(cell)
	for _, m := range holding {
		if m.Kind == engine.MeasureEmergency {
			kind = m.Kind
		}
	}
	for _, m := range holding {
		if m.Kind != kind {
			continue
		}
		if m.Act != engine.ActScale {
			t.Fatalf("%d granted in a cell where measure %s says %s", p.N, m.ID, m.Act)
		}
		factor = min(factor, m.Factor)
	}
	if len(holding) == 0 {
		factor = 1
	}
	own := engine.CellOperatorLevel(cell, p.Operator)
	quota := 5
	if cell == w.hall.middle {
		quota = 15
	}
	if got := before[own] + p.N; float64(got) > float64(quota)*factor+1e-9 || got > 3*quota {
		t.Fatalf("%s holds %d, more than %d times %g", own, got, quota, factor)
	}
}

// holding returns the measures that are to hold in a cell now.
func (w *walk) holding(cell geo.Cell) []engine.Measure {
	now := w.hall.clock.Now()
	var found []engine.Measure
	for _, m := range w.engines[0].Measures() {
		in := len(m.Cells) == 0 || slices.Contains(m.Cells, cell)
		if in && m.Lifted == "" && !now.Before(m.From) && now.Before(m.Until) {
			found = append(found, m)
		}
	}
	return found
}

// end waits until every measure is over and compares the caps with the plan's.
func (w *walk) end(plain map[engine.Level]int) {
	w.hall.clock.advance(24 * time.Hour)
	for _, e := range w.engines {
		if err := e.Enact(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
	for _, m := range w.hall.Measures() {
		if m.Active() {
			w.Fatalf("measure %s is in force a day later", m.ID)
		}
	}
	if diff := cmp.Diff(plain, w.hall.caps()); diff != "" {
		w.Fatalf("caps after all measures (-plan +got):\n%s", diff)
	}
	w.hall.holds()
}
