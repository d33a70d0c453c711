package engine

import (
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/stint-city/stint/geo"
)

// Area names a part of the city; the zero value is the whole. A measure holds in whole cells: those
// named, those of the districts, and those that a zone or the shape touches.
type Area struct {
	Cells     []geo.Cell
	Districts []string // districts or areas of the plan in force
	Zones     []string // zones in force, whether or not their time has come
	Shape     geo.MultiPolygon
}

// whole reports whether the area is the whole city.
func (a *Area) whole() bool {
	return len(a.Cells)+len(a.Districts)+len(a.Zones)+len(a.Shape) == 0
}

// mayTake refuses who may not take a measure, and a measure that makes no sense at any time.
func (e *Engine) mayTake(by Actor, m *Measure) error {
	if err := officer(by); err != nil {
		return err
	}
	switch {
	case m.Act == ActScale && m.Factor > 1 && by.Role != RoleAdmin:
		return forbidden("measure-raises", "role", string(by.Role))
	case !zoneID.MatchString(m.ID):
		return unfit("measure-id", "got", cut(m.ID))
	case m.Kind != MeasureEvent && m.Kind != MeasureEmergency:
		return unfit("measure-kind", "got", cut(string(m.Kind)))
	case !slices.Contains([]Act{ActFreeze, ActClear, ActScale}, m.Act):
		return unfit("measure-act", "got", cut(string(m.Act)))
	case m.Act != ActScale && m.Factor != 0:
		return unfit("measure-factor-unread", "act", string(m.Act))
	case m.Factor < 0 || m.Factor > MaxFactor || math.IsNaN(m.Factor):
		return unfit("measure-factor", "got", m.Factor, "most", MaxFactor)
	case strings.TrimSpace(m.Reason) == "":
		return unfit("measure-reason")
	case m.Kind == MeasureEvent && m.Until.IsZero():
		return unfit("event-end")
	case m.Act == ActFreeze && !m.Deadline.IsZero():
		return unfit("measure-deadline-unread")
	}
	return nil
}

// checkMeasure refuses a measure whose times can't be kept any more.
func (e *Engine) checkMeasure(m *Measure) error {
	from := latest(m.From, e.now())
	switch {
	case !m.Until.IsZero() && !from.Before(m.Until):
		return unfit("measure-times", "from", day(from), "until", day(m.Until))
	case !m.Deadline.IsZero() && m.Deadline.Before(from):
		return unfit("measure-deadline", "from", day(from), "deadline", day(m.Deadline))
	case m.Kind == MeasureEvent && m.From.Before(e.now().Add(e.config.EventNotice)) &&
		e.config.EventNotice > 0:
		return stage("event-notice", "least", e.config.EventNotice.String(),
			"earliest", day(e.now().Add(e.config.EventNotice)))
	}
	return nil
}

// locateMeasure sets a measure's cells to those of an area, and refuses sectors, districts, zones
// and cells that are not in force.
func (e *Engine) locateMeasure(m *Measure, where Area) error {
	f := e.force.Load()
	if f.plan == nil {
		return &Refusal{Rule: RuleNoPlan}
	}
	for _, sector := range m.Sectors {
		if f.caps[sector] == nil {
			return &Refusal{Rule: RuleUnknownSector, Of: cut(sector), Known: f.sectors()}
		}
	}
	m.Cells = nil
	if where.whole() {
		return nil
	}
	cells, err := f.cellsOf(where)
	if err != nil {
		return err
	}
	slices.Sort(cells)
	m.Cells = slices.Compact(cells)
	switch {
	case len(m.Cells) == 0:
		return unfit("measure-nowhere")
	case len(m.Cells) > mostCells:
		return unfit("measure-cells", "n", len(m.Cells), "most", mostCells)
	}
	return nil
}

// cellsOf returns the plan's cells in an area, in any order and maybe twice.
func (f *force) cellsOf(where Area) ([]geo.Cell, error) {
	var cells []geo.Cell
	for _, c := range where.Cells {
		if _, known := f.centers[c]; !known {
			return nil, unfit("measure-cell", "cell", c.String())
		}
		cells = append(cells, c)
	}
	for _, district := range where.Districts {
		found := f.cellsIn(district)
		if len(found) == 0 {
			return nil, unfit("measure-district", "got", cut(district))
		}
		cells = append(cells, found...)
	}
	shapes, err := f.shapesOf(where)
	if err != nil {
		return nil, err
	}
	for _, shape := range shapes {
		touched, err := f.touched(shape)
		if err != nil {
			return nil, err
		}
		cells = append(cells, touched...)
	}
	return cells, nil
}

// cellsIn returns the cells that lie in a district or area in any sector.
func (f *force) cellsIn(district string) []geo.Cell {
	var cells []geo.Cell
	for _, sector := range f.sectors() {
		caps := f.caps[sector]
		for _, c := range caps.Cells {
			if slices.Contains(caps.districts[c], district) {
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// shapesOf returns the shapes of an area: its zones' and its own.
func (f *force) shapesOf(where Area) ([]geo.MultiPolygon, error) {
	var shapes []geo.MultiPolygon
	for _, id := range where.Zones {
		at := slices.IndexFunc(f.zones.zones, func(z Zone) bool { return z.ID == id })
		if at < 0 {
			return nil, unfit("measure-zone", "got", cut(id))
		}
		shapes = append(shapes, f.zones.zones[at].Shape)
	}
	if len(where.Shape) > 0 {
		shapes = append(shapes, where.Shape)
	}
	return shapes, nil
}

// touched returns the plan's cells that a shape overlaps.
func (f *force) touched(shape geo.MultiPolygon) ([]geo.Cell, error) {
	grid, err := geo.Cover(shape, f.plan.City.Resolution)
	if errors.Is(err, geo.ErrTooFew) {
		return nil, nil
	}
	if err != nil {
		return nil, &RuleBreach{"measure-shape", []any{"cause", err.Error()}, ErrAsk}
	}
	var cells []geo.Cell
	for _, c := range grid.Cells() {
		if _, known := f.centers[c]; known {
			cells = append(cells, c)
		}
	}
	return cells, nil
}
