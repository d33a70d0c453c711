package engine

import (
	"context"
	"slices"
	"time"
)

// rota is where one sector's timetable is.
type rota struct {
	now   Shift
	since time.Time // when the season of now began
	next  time.Time // when it is looked at again
	parts []*partState
}

// partState is where one part of the day is: the quotas it has, and those that are announced.
type partState struct {
	id      string
	turn    int       // the last that has begun, from 1
	from    time.Time // of that turn
	until   time.Time
	decided int    // the last turn after which something was decided, or was not for a reason
	quotas  string // name of the document; "" = the plan's own
	since   int    // turn at which they came into force
	coming  string // announced; "" = nothing
	due     int    // turn at which what is coming comes into force
	last    *PartDecision
	reports []DemandReport // the newest last
}

// shifted is what a part of the day and a season make of a sector.
type shifted struct {
	sector, part, quotas, season string
	factor                       float64 // of the season; 1 = none
	turn                         int
	grace, graceSeason           time.Time // by when what is beyond a cap is gone
}

// rota returns the rota of a sector, nil for none.
func (f *file) rota(sector string) *rota {
	for _, r := range f.rotas {
		if r.now.Sector == sector {
			return r
		}
	}
	return nil
}

// part returns where a part is, new where it never was.
func (r *rota) part(id string) *partState {
	for _, p := range r.parts {
		if p.id == id {
			return p
		}
	}
	p := &partState{id: id}
	r.parts = append(r.parts, p)
	return p
}

// mostReports is how many reports of a part's demand are looked back at.
const mostReports = 28

// applyRota folds an entry about the timetable.
func (f *file) applyRota(e *Entry, x *entry) {
	switch e.Kind {
	case kindTimetable:
		f.setTable(x.Timetable, e.Time.Time())
	case kindTurned:
		f.turn(x.Shift, e.Time.Time())
	case kindDecided:
		if r := f.rota(x.Decision.Sector); r != nil {
			r.part(x.Decision.Part).decide(x.Decision)
		}
		return
	case kindDemand:
		if r := f.rota(x.Demand.Sector); r != nil {
			p := r.part(x.Demand.Part)
			p.reports = append(p.reports, *x.Demand)
			p.reports = p.reports[max(0, len(p.reports)-mostReports):]
		}
		return
	}
	f.reshift(e.Seq)
}

// setTable puts another timetable in the place of the one before. What its parts have stays.
func (f *file) setTable(t *Timetable, now time.Time) {
	f.table = t
	var rotas []*rota
	for i := range t.Sectors {
		s := &t.Sectors[i]
		r := f.rota(s.Sector)
		if r == nil {
			r = &rota{now: Shift{Sector: s.Sector}}
		}
		r.next = now
		r.parts = slices.DeleteFunc(r.parts, func(p *partState) bool { return s.part(p.id) == nil })
		if s.part(r.now.Part) == nil {
			r.now = Shift{Sector: s.Sector}
		}
		rotas = append(rotas, r)
	}
	f.rotas = rotas
}

// turn notes that something else of the timetable holds.
func (f *file) turn(x *Shift, now time.Time) {
	r := f.rota(x.Sector)
	if r == nil {
		return
	}
	if x.Season != r.now.Season {
		r.since = now
	}
	if was := r.now; was.Part != "" && (was.Part != x.Part || !was.From.Equal(x.From)) {
		if p := r.part(was.Part); now.Before(p.until) {
			p.until = now // another timetable, or a part that stands before it
		}
	}
	r.now, r.next = *x, x.Next
	if x.Part == "" {
		return
	}
	p := r.part(x.Part)
	if x.Turn == p.turn {
		p.until = x.Until
		return // the same turn, in another season
	}
	p.turn, p.from, p.until = x.Turn, x.From, x.Until
	if p.coming != "" && p.turn >= p.due {
		p.quotas, p.since, p.coming = p.coming, p.turn, ""
	}
}

// decide notes what was decided after a turn.
func (p *partState) decide(d *PartDecision) {
	p.decided, p.last = d.Turn, d
	if d.Quotas != "" {
		p.coming, p.due = d.Quotas, d.Due
	}
}

// forgetShifts drops the quotas of every part: another plan has other fleets.
func (f *file) forgetShifts() {
	for _, r := range f.rotas {
		for _, p := range r.parts {
			p.quotas, p.coming, p.since, p.decided = "", "", p.turn, p.turn
		}
	}
	f.force.shifts = f.shifts()
}

// reshift sets what parts and seasons make of the sectors, with another epoch if it changed.
func (f *file) reshift(seq int64) {
	next := f.shifts()
	alike := func(a, b shifted) bool {
		return a.sector == b.sector && a.quotas == b.quotas && a.factor == b.factor
	}
	changed := !slices.EqualFunc(f.force.shifts, next, alike)
	f.force.shifts = next
	if changed && f.force.plan != "" {
		f.force.epoch = seq
	}
}

// shifts returns what parts and seasons make of the sectors now, those left out that stay as the
// plan has them.
func (f *file) shifts() []shifted {
	var all []shifted
	for _, r := range f.rotas {
		x := shifted{sector: r.now.Sector, season: r.now.Season, factor: 1}
		if x.season != "" {
			x.factor = r.now.Factor
			x.graceSeason = r.since.AddDate(0, 0, f.table.sector(x.sector).grace(x.season))
		}
		if id := r.now.Part; id != "" {
			p := r.part(id)
			x.part, x.quotas, x.turn = id, p.quotas, p.turn
			if part := f.table.sector(r.now.Sector).part(id); part != nil {
				x.grace = p.from.Add(time.Duration(part.Grace) * time.Minute)
			}
		}
		if x.quotas != "" || x.factor != 1 {
			all = append(all, x)
		}
	}
	return all
}

// shiftsDue appends, for each sector, what of the timetable holds by now, where that may have
// changed.
//
// A timetable whose calendar this engine doesn't have is not this engine's to turn: others do, and
// Adjust tells the error.
func (e *Engine) shiftsDue(ctx context.Context) error {
	for {
		e.bureau.mu.RLock()
		none := e.bureau.file.dueRota(e.now()) == nil
		table := e.bureau.file.table
		e.bureau.mu.RUnlock()
		if none {
			return nil
		}
		if _, err := e.almanac(table); err != nil {
			return nil
		}
		_, err := e.record(ctx, itself(), kindTurned, func(f *file) (entry, error) {
			r := f.dueRota(e.now())
			if r == nil {
				return entry{}, errDone // another engine came first
			}
			a, err := e.almanac(f.table)
			if err != nil {
				return entry{}, err
			}
			x := a.at(f.table.sector(r.now.Sector), e.now())
			if x.Part != "" {
				p := r.part(x.Part)
				if x.Turn = p.turn; !p.from.Equal(x.From) {
					x.Turn++
				}
			}
			return entry{Shift: &x}, nil
		})
		if unlessDone(err) != nil {
			return err
		}
	}
}

// dueRota returns the first sector that is to be looked at, nil for none.
func (f *file) dueRota(now time.Time) *rota {
	for _, r := range f.rotas {
		if !now.Before(r.next) {
			return r
		}
	}
	return nil
}
