package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
)

// decisive is a hall where a part of the day was and its demand is there: a decision is due, which
// comes into force at 14:00 on the next day.
func decisive(tb testing.TB) *hall {
	tb.Helper()
	h := newHall(tb, nil)
	h.inForce(h.atMost(35), nil, engine.Terms{})
	h.sets(morning(nil))
	h.adjusts(3)
	h.adjusts(5)
	h.reports(h.asked("rush", "2026-05-01", 50, 1))
	h.place(ask("a", h.outer[0], 2))
	return h
}

// What an engine leaves that dies at any call of its store, whether that call happened or not, when
// it decides and when what it decided comes into force, another one brings to where it would be.
func TestAdjustmentSurvivesAnyCrash(t *testing.T) {
	whole := decisive(t)
	whole.adjusts(5)
	whole.adjusts(27)
	whole.enact()
	want := truthOf(t, whole.Engine, whole.clock.Now())
	log := whole.kinds()
	for _, happens := range []bool{false, true} {
		for _, when := range []int{5, 27} {
			n := 1
			for ; adjustsTo(t, when, n, happens, want, log); n++ {
			}
			if n < 4 {
				t.Errorf("only %d calls at %d o'clock", n, when)
			}
		}
	}
}

// adjustsTo lets an engine die at its n-th call so many hours after noon, lets others carry on, and
// wants the city where it would be. It reports whether there was an n-th call.
func adjustsTo(
	t *testing.T, when, n int, happens bool, want truth, log map[string]int,
) bool {
	t.Helper()
	h := decisive(t)
	if when > 5 {
		h.adjusts(5)
	}
	h.clock.advance(hour(when).Sub(h.clock.Now()))
	calls := 0
	dead := func(string) error {
		if calls++; calls >= n {
			return errCrash
		}
		return nil
	}
	s := &hooked{Store: h.store, before: dead}
	if happens {
		s.before, s.after = nil, dead
	}
	e, err := engine.New(engine.Config{City: "town", Store: s, Clock: h.clock})
	if err == nil {
		err = e.Adjust(t.Context())
	}
	if err == nil {
		return false
	}
	next := must[*engine.Engine](t)(
		engine.New(engine.Config{City: "town", Store: h.store, Clock: h.clock}))
	for _, at := range []int{5, 27} {
		if d := hour(at).Sub(h.clock.Now()); d > 0 {
			h.clock.advance(d)
		}
		for range 2 {
			if err := next.Adjust(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := truthOf(t, next, h.clock.Now())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("dead at call %d, %d hours after noon (-want +got):\n%s", n, when, diff)
	}
	if diff := cmp.Diff(log, h.kinds()); diff != "" {
		t.Fatalf("dead at call %d: the log (-want +got):\n%s", n, diff)
	}
	return true
}

// Under a demand that scatters by 3 % around the same, at most one change is decided with a band of
// 10 %, and the cells of 90 vehicles change by no more than they are due once.
func TestNoisyDemandMovesAtMostOnce(t *testing.T) {
	outside := t
	rapid.Check(t, func(t *rapid.T) {
		h := newHall(outside, nil)
		h.inForce(h.atMost(50), nil, engine.Terms{})
		h.sets(morning(func(p *engine.Part) { p.Rules.Band, p.Rules.Memory = 0.1, 0.5 }))
		middle := rapid.Float64Range(10, 100).Draw(t, "middle")
		outer := rapid.Float64Range(10, 100).Draw(t, "outer")
		noise := func(x float64) float64 { return x * rapid.Float64Range(0.97, 1.03).Draw(t, "noise") }
		changes, before := 0, [2]int{}
		for day := range 10 {
			h.adjusts(24*day + 3)
			if now := h.cellCaps(); now != before && day > 0 {
				changes++
			}
			before = h.cellCaps()
			h.adjusts(24*day + 5)
			date := noon().AddDate(0, 0, day).Format(time.DateOnly)
			h.reports(h.asked("rush", date, noise(middle), noise(outer)))
			h.adjusts(24*day + 6)
		}
		if changes > 1 {
			t.Fatalf("%d changes under noise", changes)
		}
	})
}
