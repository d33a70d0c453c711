package simulations

import (
	"context"
	"fmt"
	"time"

	"github.com/stint-city/stint/engine"
)

// partWatch counts what is asked for in a part of the day, as the bureau sees it.
type partWatch struct {
	shift  engine.Shift // whose part is counted; none while its Part is ""
	rides  []float64    // that began, by cell
	usable []bool       // by cell: a rentable vehicle stood there, or a ride began
}

// setParts gives the bureau its parts of the day. The simulated town's clocks show UTC.
func (d *desk) setParts(ctx context.Context) error {
	if len(d.parts) == 0 {
		return nil
	}
	d.watch.rides = make([]float64, len(d.s.town.Cells))
	d.watch.usable = make([]bool, len(d.s.town.Cells))
	sector := d.snapshot.Sectors[d.sector].ID
	err := d.engine.SetTimetable(ctx, bureauActor(), engine.Timetable{
		Schema: 1, ID: "simulation", Version: "1", TimeZone: "UTC",
		Sectors: []engine.SectorTable{{Sector: sector, Parts: d.parts}},
	})
	if err != nil {
		return fmt.Errorf("set the parts of the day: %w", err)
	}
	return d.shift(ctx)
}

// shift reports the demand of a part that is over, lets the engine decide what is due, and takes up
// the quotas that hold now.
func (d *desk) shift(ctx context.Context) error {
	if len(d.parts) == 0 {
		return nil
	}
	if d.watch.shift.Part != "" && !d.clock.now.Before(d.watch.shift.Until) {
		if err := d.reportDemand(ctx); err != nil {
			return err
		}
	}
	if err := d.engine.Adjust(ctx); err != nil {
		return fmt.Errorf("adjust: %w", err)
	}
	s, ok := d.engine.Held().Sector(d.snapshot.Sectors[d.sector].ID)
	if !ok {
		return fmt.Errorf("%w: the plan has no such sector", ErrUnsound)
	}
	d.held = d.read(s)
	now := d.engine.Shifts()[0].Now
	if now.Part == d.watch.shift.Part && now.From.Equal(d.watch.shift.From) {
		return nil
	}
	d.watch.shift = now
	clear(d.watch.rides)
	clear(d.watch.usable)
	d.hearOrders()
	return d.tell("part of the day", now)
}

// reportDemand tells the engine what was asked for in the part that is over. Of a cell where no
// vehicle stood nothing is known.
func (d *desk) reportDemand(ctx context.Context) error {
	w := &d.watch
	report := engine.PartDemand{
		Sector: w.shift.Sector, Part: w.shift.Part, Source: "simulation",
		Day: w.shift.From.Format(time.DateOnly),
	}
	for c, cell := range d.s.town.Cells {
		of := engine.CellDemand{Cell: cell}
		if w.usable[c] {
			rides := w.rides[c]
			of.Trips = &rides
		}
		report.Cells = append(report.Cells, of)
	}
	if err := d.engine.ReportDemand(ctx, bureauActor(), report); err != nil {
		return fmt.Errorf("report the demand of %s: %w", report.Part, err)
	}
	return nil
}

// ride counts a ride that began.
func (w *partWatch) ride(cell int) {
	if w.shift.Part != "" {
		w.rides[cell]++
		w.usable[cell] = true
	}
}

// hour notes where a rentable vehicle stood at the end of an hour.
func (w *partWatch) hour(standing [][]int32) {
	if w.shift.Part == "" {
		return
	}
	for c := range w.usable {
		for k := range standing {
			w.usable[c] = w.usable[c] || standing[k][c] > 0
		}
	}
}
