package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
)

// tide is one random run of a town by a timetable, with two engines on one store.
type tide struct {
	*walk
	version int // of the timetable
}

// Whatever is observed, published, ordered and set, in whatever order and at either of two engines,
// one of which may be born anew at any time: fleets, cells and districts stay within the plan (Q1,
// Q2, Q7), the fleets within a part of the day are the plan's (Q8), what is granted fits what is in
// force (Q10), the caps follow from the log alone (Q9), and to adjust again adds nothing to it.
func TestAdjustmentPromises(outside *testing.T) {
	rapid.Check(outside, func(t *rapid.T) {
		h := newHall(outside, nil)
		h.inForce(h.atMost(50), nil, engine.Terms{})
		x := &tide{walk: &walk{T: t, hall: h}}
		x.engines = []*engine.Engine{h.Engine, x.born(t)}
		x.set(t)
		t.Repeat(map[string]func(*rapid.T){
			"set": x.set, "demand": x.demand, "publish": x.publish, "place": x.place,
			"measure": x.lowers, "lift": x.lift, "wait": x.wait, "adjust": x.adjust,
			"again": x.again, "day": x.day, "next day": x.day, "a day after": x.day,
			"die": func(t *rapid.T) {
				x.engines[rapid.IntRange(0, 1).Draw(t, "who dies")] = x.born(t)
			},
			"": x.within,
		})
		h.holds()
	})
}

func (x *tide) born(t *rapid.T) *engine.Engine {
	e, err := engine.New(engine.Config{City: "town", Store: x.hall.store, Clock: x.hall.clock})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (x *tide) set(t *rapid.T) {
	x.version++
	table := morning(func(p *engine.Part) {
		p.Until = "22:00"
		p.Rules.Band = rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "band")
		p.Rules.Step = rapid.SampledFrom([]float64{0, 0.2}).Draw(t, "step")
		p.Rules.Notice = rapid.IntRange(1, 2).Draw(t, "notice")
		p.Rules.Hold = rapid.IntRange(0, 2).Draw(t, "hold")
	})
	table.Version = fmt.Sprint(x.version)
	if rapid.IntRange(0, 3).Draw(t, "season") == 0 {
		table.Sectors[0].Seasons = []engine.Season{{
			ID: "may", From: "05-02", Until: "05-04",
			Factor: rapid.SampledFrom([]float64{0, 0.5, 0.75, 1}).Draw(t, "factor"),
		}}
	}
	if err := x.engine(t).SetTimetable(t.Context(), mayor(), table); err != nil {
		t.Fatal(err)
	}
}

// demand reports what was asked for on the day before, or today after the part.
func (x *tide) demand(t *rapid.T) {
	now := x.hall.clock.Now()
	day := now.Format(time.DateOnly)
	if now.Hour() < 22 {
		day = now.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	middle := rapid.Float64Range(0, 50).Draw(t, "middle")
	outer := rapid.Float64Range(0, 50).Draw(t, "outer")
	err := x.engine(t).ReportDemand(t.Context(), clerk(), x.hall.asked("rush", day, middle, outer))
	if err != nil && !errors.Is(err, engine.ErrStage) {
		t.Fatal(err)
	}
}

// publish puts one of three plans in force.
func (x *tide) publish(t *rapid.T) {
	city := x.hall.atMost(rapid.SampledFrom([]int{20, 50, 90}).Draw(t, "vehicles"))
	plan, err := engine.Decide(city, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := x.engine(t)
	p, err := e.Draft(t.Context(), mayor(), plan, nil, engine.Terms{})
	if err == nil {
		_, err = e.Enforce(t.Context(), mayor(), p.ID, "r")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// place asks for vehicles; a yes must fit every cap that was in force.
func (x *tide) place(t *rapid.T) {
	x.asked++
	cell := x.hall.middle
	if i := rapid.IntRange(-1, 5).Draw(t, "cell"); i >= 0 {
		cell = x.hall.outer[i]
	}
	p := ask(fmt.Sprint("p", x.asked), cell, rapid.IntRange(1, 9).Draw(t, "n"))
	p.Operator = rapid.SampledFrom([]string{"green", "red"}).Draw(t, "operator")
	_, err := x.engine(t).Place(t.Context(), p)
	var no *engine.Refusal
	if errors.As(err, &no) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	quotas, _, err := x.engines[0].Quotas(t.Context(), "bike", p.Operator)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range quotas {
		mine := q.Level == engine.CityLevel || q.Tier == engine.TierOperatorCity ||
			strings.Contains(string(q.Level), cell.String())
		if mine && q.Room < 0 {
			t.Fatalf("%s holds %d of %d after a grant of %d", q.Level, q.Standing, q.Cap, p.N)
		}
	}
}

// lowers takes a measure that raises nothing.
func (x *tide) lowers(t *rapid.T) {
	x.taken++
	m := emergency(fmt.Sprint("m", x.taken), engine.ActScale, 0.5)
	m.Until = x.hall.clock.Now().Add(5 * time.Hour)
	if _, err := x.engine(t).TakeMeasure(t.Context(), mayor(), m, in(x.cells(t)...)); err != nil {
		t.Fatal(err)
	}
}

// day goes through a part of the next day and reports what was asked for in it.
func (x *tide) day(t *rapid.T) {
	x.until(15)
	x.adjust(t)
	x.until(23)
	x.demand(t)
	x.adjust(t)
}

// until waits until an hour of the day comes next.
func (x *tide) until(hour int) {
	now := x.hall.clock.Now()
	x.hall.clock.advance(time.Duration((hour-now.Hour()+23)%24+1) * time.Hour)
}

func (x *tide) wait(t *rapid.T) {
	x.hall.clock.advance(time.Duration(rapid.IntRange(1, 12).Draw(t, "hours")) * time.Hour)
}

func (x *tide) adjust(t *rapid.T) {
	if err := x.engine(t).Adjust(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// again adjusts at both engines and once more: the second time adds nothing to the log, and an
// engine that reads the log for the first time has the same caps.
func (x *tide) again(t *rapid.T) {
	round := func() int {
		for _, e := range x.engines {
			if err := e.Adjust(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		entries, err := x.engines[0].Log(t.Context(), 0, 100_000)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	first := round()
	if second := round(); first != second {
		t.Fatalf("to adjust again adds %d entries", second-first)
	}
	before := x.hall.caps()
	if diff := cmp.Diff(before, (&hall{Engine: x.born(t), tb: x.hall.tb}).caps()); diff != "" {
		t.Fatalf("an engine born now (-before +after):\n%s", diff)
	}
}

// within holds the caps in force to the plan.
func (x *tide) within(t *rapid.T) {
	e := x.engine(t)
	if err := e.Adjust(t.Context()); err != nil {
		t.Fatal(err)
	}
	quotas, _, err := e.Quotas(t.Context(), "bike", "")
	if err != nil {
		t.Fatal(err)
	}
	caps := map[engine.Level]int{}
	for _, q := range quotas {
		caps[q.Level] = q.Cap
	}
	s, _ := e.InForce().Plan.Sector("bike")
	whole := e.Shifted("bike") == 1 && !measured(e)
	fleets := 0
	for k := range s.Operators {
		id := s.Operators[k].ID
		sum := 0
		for i := range s.Cells {
			sum += caps[engine.CellOperatorLevel(s.Cells[i].Cell, id)]
		}
		fleet := caps[engine.OperatorLevel(id)]
		fleets += fleet
		if sum > fleet || fleet > s.Operators[k].Quota {
			t.Fatalf("%s: cells %d, fleet %d, planned %d", id, sum, fleet, s.Operators[k].Quota)
		}
		if whole && sum != s.Operators[k].Quota {
			t.Fatalf("%s: cells hold %d, want all of %d", id, sum, s.Operators[k].Quota)
		}
	}
	if fleets > s.Total || caps[engine.CityLevel] > s.Total {
		t.Fatalf("fleets %d, city %d, planned %d", fleets, caps[engine.CityLevel], s.Total)
	}
	for i := range s.Cells {
		c, sum := &s.Cells[i], 0
		for k := range s.Operators {
			sum += caps[engine.CellOperatorLevel(c.Cell, s.Operators[k].ID)]
		}
		if all := caps[engine.CellLevel(c.Cell)]; sum > all || all > *c.Capacity {
			t.Fatalf("cell %s: operators %d, all %d, carries %d", c.Cell, sum, all, *c.Capacity)
		}
	}
}

// measured reports whether a measure is in force, as an engine knows.
func measured(e *engine.Engine) bool {
	return slices.ContainsFunc(e.Measures(), func(m engine.Measure) bool { return m.Active() })
}
