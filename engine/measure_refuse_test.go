package engine_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

func TestMeasuresThatAreRefused(t *testing.T) {
	h := newHall(t, nil, func(c *engine.Config) { c.EventNotice = 2 * time.Hour })
	elsewhere, err := geo.ParseCell("8928308280fffff")
	if err != nil {
		t.Fatal(err)
	}
	type refusal struct {
		by    engine.Actor
		m     engine.Measure
		where engine.Area
		code  string
	}
	with := func(code string, change func(*engine.Measure)) refusal {
		m := emergency("m", engine.ActScale, 0.5)
		change(&m)
		return refusal{mayor(), m, engine.Area{}, code}
	}
	freeze, away := emergency("m", engine.ActFreeze, 0), around(elsewhere.Center(), 50)
	broken := geo.MultiPolygon{{{{Lat: 1}, {Lat: 95}, {Lng: 1}, {Lat: 1}}}}
	tests := map[string]refusal{
		"an operator":   {company("green"), freeze, engine.Area{}, "bureau-only"},
		"nobody":        {citizen(), freeze, engine.Area{}, "bureau-only"},
		"a raise":       {clerk(), emergency("m", engine.ActScale, 1.5), engine.Area{}, "measure-raises"},
		"a name":        {mayor(), emergency("a b", engine.ActFreeze, 0), engine.Area{}, "measure-id"},
		"short notice":  {mayor(), event("m", engine.ActFreeze, 0, 1, 5), engine.Area{}, "event-notice"},
		"backwards":     {mayor(), event("m", engine.ActFreeze, 0, 5, 4), engine.Area{}, "measure-times"},
		"another city":  {mayor(), freeze, in(elsewhere), "measure-cell"},
		"no district":   {mayor(), freeze, engine.Area{Districts: []string{"x"}}, "measure-district"},
		"no zone":       {mayor(), freeze, engine.Area{Zones: []string{"x"}}, "measure-zone"},
		"out of town":   {mayor(), freeze, engine.Area{Shape: away}, "measure-nowhere"},
		"no shape":      {mayor(), freeze, engine.Area{Shape: broken}, "measure-shape"},
		"a kind":        with("measure-kind", func(m *engine.Measure) { m.Kind = "party" }),
		"an act":        with("measure-act", func(m *engine.Measure) { m.Act = "burn" }),
		"no number":     with("measure-factor", func(m *engine.Measure) { m.Factor = math.NaN() }),
		"below zero":    with("measure-factor", func(m *engine.Measure) { m.Factor = -1 }),
		"a lost factor": with("measure-factor-unread", func(m *engine.Measure) { m.Act = "freeze" }),
		"no reason":     with("measure-reason", func(m *engine.Measure) { m.Reason = " " }),
		"endless event": with("event-end", func(m *engine.Measure) { m.Kind = engine.MeasureEvent }),
		"past":          with("measure-times", func(m *engine.Measure) { m.Until = hour(-1) }),
		"too soon":      with("measure-deadline", func(m *engine.Measure) { m.Deadline = hour(-1) }),
		"a lost day": with("measure-deadline-unread", func(m *engine.Measure) {
			m.Act, m.Factor, m.Deadline = engine.ActFreeze, 0, hour(1)
		}),
	}
	before := h.InForce().Epoch
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := h.TakeMeasure(t.Context(), tt.by, tt.m, tt.where)
			breach(t, err, tt.code)
		})
	}
	if n := len(h.Measures()); n != 0 || h.InForce().Epoch != before {
		t.Errorf("%d measures, epoch %d after %d", n, h.InForce().Epoch, before)
	}
	no := emergency("m", engine.ActFreeze, 0)
	no.Sectors = []string{"boat"}
	_, err = h.TakeMeasure(t.Context(), mayor(), no, engine.Area{})
	if r := refused(t, err); r.Rule != engine.RuleUnknownSector {
		t.Errorf("an unknown sector is refused by %s", r.Rule)
	}
}

func TestAMeasureAgainChangesNothing(t *testing.T) {
	h := newHall(t, nil)
	m := event("fair", engine.ActScale, 0.5, 1, 2)
	first := h.takes(m, in(h.middle))
	h.clock.advance(90 * time.Minute)
	h.enact()
	epoch := h.InForce().Epoch
	again := h.takes(m, in(h.middle))
	if again.Begun.IsZero() || !again.Taken.Equal(first.Taken) || h.InForce().Epoch != epoch {
		t.Errorf("again: %+v, epoch %d after %d", again, h.InForce().Epoch, epoch)
	}
	_, err := h.TakeMeasure(t.Context(), mayor(), m, in(h.outer[0]))
	breach(t, err, "measure-differs")
	for range 2 {
		lifted := must[engine.Measure](t)(h.LiftMeasure(t.Context(), clerk(), "fair", "rain"))
		if lifted.Lifted != "rain" || lifted.Active() {
			t.Errorf("lifted %+v", lifted)
		}
	}
	_, err = h.LiftMeasure(t.Context(), clerk(), "nothing", "rain")
	breach(t, err, "no-measure")
	if _, err := h.Measure("nothing"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("no such measure: %v", err)
	}
	h.holds()
}

// A measure that is lifted before it begins never begins; one whose whole time nobody ran through
// is over.
func TestMeasuresThatNeverBegin(t *testing.T) {
	h := newHall(t, nil)
	h.takes(event("a", engine.ActFreeze, 0, 1, 2), engine.Area{})
	h.takes(event("b", engine.ActFreeze, 0, 3, 4), engine.Area{})
	must[engine.Measure](t)(h.LiftMeasure(t.Context(), clerk(), "a", "rain"))
	before := h.InForce().Epoch
	h.clock.advance(5 * time.Hour)
	h.place(ask("x", h.middle, 1))
	for _, m := range h.Measures() {
		if !m.Begun.IsZero() || m.Ended.IsZero() {
			t.Errorf("%s begun %v, ended %v", m.ID, m.Begun, m.Ended)
		}
	}
	if h.InForce().Epoch != before {
		t.Error("what never began is another epoch")
	}
	_, err := h.LiftMeasure(t.Context(), clerk(), "b", "rain")
	breach(t, err, "measure-over")
}

// A new engine on the same store decides as the one before did.
func TestMeasuresSurviveARestart(t *testing.T) {
	h := newHall(t, nil)
	h.takes(emergency("flood", engine.ActClear, 0), in(h.outer[0]))
	h.takes(event("fair", engine.ActFreeze, 0, 1, 2), in(h.outer[1]))
	again := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	if diff := cmp.Diff(h.Measures(), again.Measures()); diff != "" {
		t.Errorf("measures (-before +after):\n%s", diff)
	}
	h.Engine = again
	h.denied(ask("a", h.outer[0], 1), engine.RuleCleared, "flood")
	h.place(ask("b", h.outer[1], 1))
	h.clock.advance(time.Hour)
	h.denied(ask("c", h.outer[1], 1), engine.RuleFrozen, "fair")
	h.holds()
}

func TestTryMeasure(t *testing.T) {
	h := newHall(t, nil)
	h.place(ask("a", h.outer[0], 4))
	h.place(ask("b", h.outer[1], 5))
	entries := h.holds().Entries
	got := must[engine.Foresight](t)(h.TryMeasure(t.Context(), clerk(),
		emergency("m", engine.ActScale, 0.5), in(h.outer[0], h.middle)))
	// Green: 45 in the cells, 5 → 2 in the outer and 15 → 7 in the middle cell leave 34. Without the
	// two cells there is room for 25 − 5; the middle has 7.
	want := engine.Foresight{
		Moves: []engine.MoveOut{{
			Sector: "bike", Operator: "green", Cell: h.outer[0], Taken: 4, Before: 5, After: 2, Excess: 2,
		}},
		Owners: []engine.OwnerMove{
			{Sector: "bike", Operator: "green", Before: 45, After: 34, Excess: 2, Elsewhere: 27},
			{Sector: "bike", Operator: "red", Before: 45, After: 34, Elsewhere: 34},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("foreseen (-want +got):\n%s", diff)
	}
	if h.holds().Entries != entries || len(h.Measures()) != 0 {
		t.Error("a trial is in the log")
	}
	_, err := h.TryMeasure(t.Context(), company("green"), emergency("m", engine.ActFreeze, 0),
		engine.Area{})
	breach(t, err, "bureau-only")
}
