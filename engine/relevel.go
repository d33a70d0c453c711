package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
)

// close adds caps of nothing for the sectors that once were in force and are not in the plan: what
// stands there is over quota until it has been removed.
func (f *force) close(city string, once []string) {
	for _, sector := range once {
		if f.caps[sector] == nil {
			f.closed = append(f.closed, &Caps{
				Scope: Scope{city, sector}, Epoch: f.epoch, Plan: f.plan.ID,
				Cap: map[Level]int{CityLevel: 0},
			})
		}
	}
}

// ledgers returns the caps of every sector in force, in the plan's order, then of those closed.
func (f *force) ledgers() []*Caps {
	var all []*Caps
	for _, sector := range f.sectors() {
		all = append(all, f.caps[sector])
	}
	return append(all, f.closed...)
}

// has reports whether there is a ledger of a sector, in force or closed.
func (f *force) has(sector string) bool {
	return f.caps[sector] != nil || slices.ContainsFunc(f.closed, func(c *Caps) bool {
		return c.Scope.Sector == sector
	})
}

// chargesAs reports whether every placement in a sector is charged to the same levels as before, so
// that what stands needs no other. It says no where it would take longer to tell.
func (f *force) chargesAs(before *force, sector string) bool {
	was, is := before.caps[sector], f.caps[sector]
	if was != nil && is != nil && f.sameGround(before) {
		return true
	}
	if was == nil || is == nil || before.zones.limits(sector) || f.zones.limits(sector) ||
		len(was.Operators) != len(is.Operators) || len(was.Cells) != len(is.Cells) ||
		!slices.EqualFunc(before.totals, f.totals, Pool.chargesAs) {
		return false
	}
	for _, operator := range was.Operators {
		if !slices.Contains(is.Operators, operator) {
			return false
		}
	}
	for _, cell := range was.Cells {
		districts, ok := is.Districts(cell)
		if !ok || !slices.Equal(districts, was.districts[cell]) {
			return false
		}
	}
	return true
}

// sameGround reports whether only measures can tell two forces apart.
func (f *force) sameGround(before *force) bool {
	return before.plan != nil && before.plan.ID == f.plan.ID && before.zoned == f.zoned &&
		slices.EqualFunc(before.totals, f.totals, Pool.chargesAs)
}

// limits reports whether a zone limits a sector.
func (x *zoneIndex) limits(sector string) bool {
	return slices.ContainsFunc(x.zones, func(z Zone) bool {
		return z.Kind == ZoneLimit && z.about(sector)
	})
}

// live is what decides to which levels a record is charged.
type live struct {
	id     ID
	cell   geo.Cell
	at     geo.LatLng
	levels []Level // now
}

// lives returns the records of a ledger that charge anything.
func lives(l *Ledger) []live {
	var all []live
	for id, r := range l.Records() {
		if r.N > 0 {
			all = append(all, live{id, r.Cell, r.At, r.Levels})
		}
	}
	return all
}

// levels returns what a record is to be charged to at a time: where the caps have no quota for its
// operator in its cell, all the same what it takes part of.
func (f *force) levels(caps *Caps, r *live, now time.Time) []Level {
	operator := r.id.Operator()
	limits, pools := f.zones.at(r.at, caps.Scope.Sector, now).limits, f.poolsOf(operator)
	if levels, ok := caps.Levels(r.cell, operator, limits, pools); ok {
		return levels
	}
	var levels []Level
	for _, zone := range limits {
		levels = append(levels, ZoneLevel(zone))
	}
	levels = append(levels, CellOperatorLevel(r.cell, operator), CellLevel(r.cell))
	for _, district := range caps.districts[r.cell] {
		levels = append(levels, OperatorDistrictLevel(district, operator), DistrictLevel(district))
	}
	levels = append(levels, OperatorLevel(operator), CityLevel)
	for _, pool := range pools {
		levels = append(levels, PoolLevel(pool))
	}
	return levels
}

// astray returns, of some records, those that charge other levels than they are to at a time, with
// the right ones.
func (f *force) astray(caps *Caps, all []live, now time.Time) map[ID][]Level {
	wrong := map[ID][]Level{}
	for i := range all {
		if levels := f.levels(caps, &all[i], now); !slices.Equal(levels, all[i].levels) {
			wrong[all[i].id] = levels
		}
	}
	return wrong
}

// relevel makes what stands in a sector charge the levels that it is to, and returns how many
// records did not. Where a later plan is in force there it does nothing, or where that came between
// has it put right at the next turn.
func (e *Engine) relevel(ctx context.Context, f *force, caps *Caps) (int, error) {
	var all []live
	late := false
	err := e.config.Store.Read(ctx, caps.Scope, func(l *Ledger) {
		if late = stateOf(l).epoch > caps.Epoch; !late {
			all = lives(l)
		}
	})
	if err != nil {
		return 0, err
	}
	if late {
		e.seated = 0
		return 0, nil
	}
	wrong := f.astray(caps, all, e.now())
	if len(wrong) == 0 {
		return 0, nil
	}
	if err := e.config.Store.Relevel(ctx, caps.Scope, wrong, e.now()); err != nil {
		return 0, fmt.Errorf("relevel %s: %w", caps.Scope, err)
	}
	delete(e.looked, caps.Scope.Sector)
	at, err := e.state(ctx, caps.Scope)
	if err != nil || at.epoch > caps.Epoch {
		e.seated = 0
	}
	return len(wrong), err
}

// seatings is after how many turns every record's levels are looked at: ten minutes of Run.
const seatings = 600

// reseat makes every record charge the levels that it is to, now and then: another engine that was
// late with an earlier plan may have charged others, and have died.
func (e *Engine) reseat(ctx context.Context, f *force) error {
	if e.seated--; e.seated > 0 {
		return nil
	}
	e.seated = seatings
	for _, caps := range f.ledgers() {
		if _, err := e.relevel(ctx, f, caps); err != nil {
			e.seated = 0
			return err
		}
	}
	return nil
}

// windows are the times between which what stands was counted in the limit zones that have a
// window of time.
type windows struct {
	epoch       int64
	from, until time.Time // until is zero where nothing opens or closes any more
}

// count reports whether what stands is counted in the zones of a force as they are at a time.
func (w *windows) count(f *force, now time.Time) bool {
	if len(f.zones.timed) == 0 {
		return true
	}
	return w != nil && w.epoch == f.epoch && !now.Before(w.from) &&
		(w.until.IsZero() || now.Before(w.until))
}

// countWindows makes sure, before an ask is made at a time, that what stands is counted in the
// limit zones that hold by then.
func (e *Engine) countWindows(ctx context.Context, f *force, now time.Time) error {
	if e.windows.Load().count(f, now) {
		return nil
	}
	e.turn.Lock()
	defer e.turn.Unlock()
	return e.turnWindows(ctx, e.force.Load())
}

// afterTurn is how long after a zone has opened or closed what stands is counted again: for what
// was asked before and granted after.
const afterTurn = 5 * time.Second

// turnWindows makes what stands count in the limit zones whose time has begun, and no longer in
// those whose time is over. It is called under e.turn.
func (e *Engine) turnWindows(ctx context.Context, f *force) error {
	now := e.now()
	if e.windows.Load().count(f, now) {
		return nil
	}
	changed := 0
	for _, caps := range f.ledgers() {
		n, err := e.relevel(ctx, f, caps)
		if err != nil {
			return err
		}
		changed += n
	}
	until := f.zones.turns(now)
	if again := now.Add(afterTurn); changed > 0 && (until.IsZero() || again.Before(until)) {
		until = again
	}
	e.windows.Store(&windows{f.epoch, now, until})
	return nil
}

// turns returns when the next limit zone opens or closes after a time, zero for never.
func (x *zoneIndex) turns(now time.Time) time.Time {
	var next time.Time
	for _, i := range x.timed {
		for _, t := range []time.Time{x.zones[i].From, x.zones[i].Until} {
			if t.After(now) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
	}
	return next
}
