package engine

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/geo"
)

// MeasureKind is why the street has other rules for a time. Article 11: events and emergencies.
type MeasureKind string

// The kinds, in the order in which they give way: where an emergency holds no event does.
const (
	MeasureEvent     MeasureKind = "event"     // planned: has an end, and notice
	MeasureEmergency MeasureKind = "emergency" // at once, until its end or until it is lifted
)

// Act is what a measure does.
type Act string

// The acts.
const (
	ActFreeze Act = "freeze" // nothing more may be placed; what stands may stay
	ActClear  Act = "clear"  // nothing may stand: what does is ordered away
	ActScale  Act = "scale"  // caps are multiplied by Factor
)

// Measure puts caps and placements of a part of the city under other rules for a time. When it is
// over, the caps are those of the plan again.
type Measure struct {
	ID       string      `json:"id"` // the bureau's own name for it
	Kind     MeasureKind `json:"kind"`
	Act      Act         `json:"act"`
	Factor   float64     `json:"factor,omitempty"` // ActScale: 0 to MaxFactor
	Reason   string      `json:"reason"`
	Sectors  []string    `json:"sectors,omitempty"` // nil = every sector
	Cells    []geo.Cell  `json:"cells,omitempty"`   // ascending; nil = the whole city
	From     time.Time   `json:"from,omitzero"`     // zero = at once
	Until    time.Time   `json:"until,omitzero"`    // first moment after it; zero = until lifted
	Deadline time.Time   `json:"deadline,omitzero"` // of removals; zero = when they are ordered
	By       string      `json:"-"`                 // who took it
	Taken    time.Time   `json:"-"`
	Begun    time.Time   `json:"-"` // zero = not yet, or never
	Ended    time.Time   `json:"-"` // by its time, or lifted
	Lifted   string      `json:"-"` // why it was lifted; "" = it was not
}

// MaxFactor is the most that a measure multiplies caps by.
const MaxFactor = 10

// The bounds of what a city's log can hold of measures.
const (
	mostMeasures = 1_000  // not ended
	mostCells    = 50_000 // of one measure; more is the whole city
)

// Active reports whether the measure is in force.
func (m *Measure) Active() bool { return !m.Begun.IsZero() && m.Ended.IsZero() }

// about reports whether the measure is about a sector.
func (m *Measure) about(sector string) bool {
	return len(m.Sectors) == 0 || slices.Contains(m.Sectors, sector)
}

// covers reports whether the measure is about a cell.
func (m *Measure) covers(c geo.Cell) bool {
	if len(m.Cells) == 0 {
		return true
	}
	_, found := slices.BinarySearch(m.Cells, c)
	return found
}

// TakeMeasure orders a measure; an area other than the whole city fills its Cells. It is in force
// when TakeMeasure returns, or at its From, for the next decision of every engine of the city. The
// same measure again changes nothing and is no error.
//
// A measure that raises caps takes an admin. An error of the store that comes after it was taken
// leaves it so: it comes into force when the store is back.
func (e *Engine) TakeMeasure(
	ctx context.Context, by Actor, m Measure, where Area,
) (Measure, error) {
	if err := e.mayTake(by, &m); err != nil {
		return Measure{}, err
	}
	if err := e.locateMeasure(&m, where); err != nil {
		return Measure{}, err
	}
	m.From = m.From.UTC().Truncate(time.Millisecond)
	m.Until, m.Deadline = m.Until.UTC(), m.Deadline.UTC()
	_, err := e.record(ctx, by, kindTaken, func(f *file) (entry, error) {
		if old := f.measure(m.ID); old != nil {
			if old.asked(&m) {
				return entry{}, errDone
			}
			return entry{}, stage("measure-differs", "id", m.ID)
		}
		if f.openMeasures() >= mostMeasures {
			return entry{}, stage("measures-many", "most", mostMeasures)
		}
		return entry{Measure: &m}, e.checkMeasure(&m)
	})
	if unlessDone(err) != nil {
		return Measure{}, err
	}
	if err := e.enact(ctx); err != nil {
		return m, err
	}
	return e.Measure(m.ID)
}

// asked reports whether a measure is the same order as another.
func (m *Measure) asked(other *Measure) bool {
	a, b := *m, *other
	for _, x := range []*Measure{&a, &b} {
		x.By, x.Taken, x.Begun, x.Ended, x.Lifted = "", time.Time{}, time.Time{}, time.Time{}, ""
	}
	return reflect.DeepEqual(a, b)
}

// LiftMeasure ends a measure before its time. Lifting it again changes nothing and is no error.
func (e *Engine) LiftMeasure(
	ctx context.Context, by Actor, id, reason string,
) (Measure, error) {
	if err := officer(by); err != nil {
		return Measure{}, err
	}
	_, err := e.record(ctx, by, kindLifted, func(f *file) (entry, error) {
		m := f.measure(id)
		switch {
		case m == nil:
			return entry{}, notFound("no-measure", "id", cut(id))
		case m.Lifted != "":
			return entry{}, errDone
		case !m.Ended.IsZero():
			return entry{}, stage("measure-over", "id", id, "ended", day(m.Ended))
		case strings.TrimSpace(reason) == "":
			return entry{}, unfit("measure-reason")
		}
		return entry{IDs: []string{id}, Reason: reason}, nil
	})
	if unlessDone(err) != nil {
		return Measure{}, err
	}
	if err := e.enact(ctx); err != nil {
		return Measure{}, err
	}
	return e.Measure(id)
}

// Measures returns every measure, the first taken first. Their slices must not be changed.
func (e *Engine) Measures() []Measure {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	all := make([]Measure, 0, len(e.bureau.file.measures))
	for _, m := range e.bureau.file.measures {
		all = append(all, *m)
	}
	return all
}

// Measure returns one measure, or an error that wraps ErrNotFound.
func (e *Engine) Measure(id string) (Measure, error) {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	if m := e.bureau.file.measure(id); m != nil {
		return *m, nil
	}
	return Measure{}, notFound("no-measure", "id", cut(id))
}

// measure returns a measure by its ID, nil for none.
func (f *file) measure(id string) *Measure {
	for _, m := range f.measures {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// openMeasures returns how many measures have not ended.
func (f *file) openMeasures() int {
	n := 0
	for _, m := range f.measures {
		if m.Ended.IsZero() {
			n++
		}
	}
	return n
}

// active returns the measures in force, by ID.
func (f *file) active() []Measure {
	var all []Measure
	for _, m := range f.measures {
		if m.Active() {
			all = append(all, *m)
		}
	}
	slices.SortFunc(all, func(a, b Measure) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// applyMeasure folds an entry about measures. What changes the measures in force is a new epoch;
// so is one that is only planned, so that every engine knows of it by its next ask, and asks what
// the time is.
func (f *file) applyMeasure(e *Entry, x *entry) {
	if e.Kind == kindTaken {
		m := x.Measure
		m.By, m.Taken = e.By, e.Time.Time()
		if !m.From.After(m.Taken) {
			m.Begun = m.Taken
		}
		f.force.epoch = e.Seq
		f.measures = append(f.measures, m)
		return
	}
	for _, id := range x.IDs {
		m := f.measure(id)
		if m == nil || !m.Ended.IsZero() {
			continue
		}
		if e.Kind == kindBegun {
			m.Begun, f.force.epoch = e.Time.Time(), e.Seq
			continue
		}
		if m.Active() {
			f.force.epoch = e.Seq
		}
		m.Ended, m.Lifted = e.Time.Time(), x.Reason
	}
}
