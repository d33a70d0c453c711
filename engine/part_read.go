package engine

import (
	"context"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
)

// PartStatus is where one part of the day is.
type PartStatus struct {
	Part    Part
	Turn    int       // the last that has begun; 0 = none yet
	From    time.Time // of that turn
	Until   time.Time
	Own     bool // it has quotas of its own; else the plan's
	Since   int  // turn at which they came into force
	Due     int  // turn at which those announced come into force; 0 = none are
	Reports int  // demands that the next decision rests on
	Last    *PartDecision
}

// SectorStatus is where one sector's timetable is.
type SectorStatus struct {
	Now   Shift
	Parts []PartStatus
}

// Shifts returns where the timetable is, in its order.
func (e *Engine) Shifts() []SectorStatus {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	f := &e.bureau.file
	var all []SectorStatus
	for _, r := range f.rotas {
		x := SectorStatus{Now: r.now}
		for _, part := range f.table.sector(r.now.Sector).Parts {
			x.Parts = append(x.Parts, r.status(part))
		}
		all = append(all, x)
	}
	return all
}

// status returns where a part is.
func (r *rota) status(part Part) PartStatus {
	x := PartStatus{Part: part}
	for _, p := range r.parts {
		if p.id == part.ID {
			x.Turn, x.From, x.Until, x.Own = p.turn, p.from, p.until, p.quotas != ""
			x.Since, x.Reports, x.Last = p.since, len(p.reports), p.last
			if p.coming != "" {
				x.Due = p.due
			}
		}
	}
	return x
}

// TryPart returns who would have to move how many if a part of the day began now: with the quotas
// that it has, or that are announced; or with a demand, with those that would be decided if that
// came next. Nothing is recorded.
func (e *Engine) TryPart(
	ctx context.Context, by Actor, sector, part string, demand *PartDemand,
) (Foresight, *PartDecision, error) {
	if err := officer(by); err != nil {
		return Foresight{}, nil, err
	}
	task, err := e.trialTask(sector, part)
	if err != nil {
		return Foresight{}, nil, err
	}
	now := e.force.Load()
	held, d := *now.plan, task.state.last
	held.Sectors = slices.Clone(now.plan.Sectors)
	at := slices.IndexFunc(held.Sectors, func(s SectorPlan) bool { return s.ID == sector })
	q, err := e.trialQuotas(ctx, task)
	if err == nil && demand != nil {
		var seen [][]float64
		if seen, err = e.seen(ctx, task.plan, task.state.reports); err == nil {
			task.state.coming = "" // as if it were in force by then
			var next *PartQuotas
			if d, next, err = e.weighPart(ctx, task, append(seen, demand.row(task.plan))); next != nil {
				q = next
			}
		}
	}
	if err == nil && q != nil {
		err = held.Sectors[at].take(now.plan.ID, q)
	}
	if err != nil {
		return Foresight{}, nil, err
	}
	with, err := forceOf(now.plan, &held, now.zones.zones, now.totals, now.epoch)
	if err != nil {
		return Foresight{}, nil, err
	}
	e.bureau.mu.RLock()
	active := e.bureau.file.active()
	e.bureau.mu.RUnlock()
	with.measure(active)
	seen, err := e.foresight(ctx, now, with)
	return seen, d, err
}

// trialTask returns a part as it is.
func (e *Engine) trialTask(sector, part string) (*partTask, error) {
	f := e.force.Load()
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	table := e.bureau.file.table
	p, r := table.sector(sector).part(part), e.bureau.file.rota(sector)
	if p == nil || r == nil || f.caps[sector] == nil {
		return nil, notFound("no-part", "sector", cut(sector), "part", cut(part))
	}
	plan, _ := f.plan.Sector(sector)
	t := &partTask{p, partState{id: part}, plan, f.plan.ID, f.plan.City.TieSeed}
	if at := slices.IndexFunc(r.parts, func(x *partState) bool { return x.id == part }); at >= 0 {
		t.state = *r.parts[at]
		t.state.reports = slices.Clone(t.state.reports)
	}
	return t, nil
}

// trialQuotas returns the quotas that a part has next: those announced, else those it has, nil for
// the plan's.
func (e *Engine) trialQuotas(ctx context.Context, t *partTask) (*PartQuotas, error) {
	name := or(t.state.coming, t.state.quotas)
	if name == "" {
		return nil, nil
	}
	return e.readQuotas(ctx, name)
}

// PartAccount is how an operator's quota in a cell came about in a part of the day.
type PartAccount struct {
	Sector, Part, Operator string
	Cell                   geo.Cell
	Planned                int // the operator's quota there by the plan
	PlannedCell, Fleet     int // all quotas in the cell; the operator's in the city
	Capacity               *int
	Quota, CellTotal       int // in the part
	Own                    bool
	Turn, Since, Due       int      // see PartStatus
	Demand                 *float64 // of the cell, as the quotas follow it; nil = unknown, or none do
	DemandSum              float64  // of all cells
	Coming                 *int     // announced; nil = nothing is
	Rules                  PartRules
	Decision               *PartDecision // the last; nil = none yet
	Season                 string
	Factor                 float64 // of the season; 1 = none
	Running                bool    // the part holds now
	Cap                    int     // in force there now, with everything
}

// ExplainPart returns how an operator's quota in a cell came about in a part of the day.
func (e *Engine) ExplainPart(
	ctx context.Context, sector, part string, cell geo.Cell, operator string,
) (*PartAccount, error) {
	task, err := e.trialTask(sector, part)
	if err != nil {
		return nil, err
	}
	f, s, t := e.force.Load(), task.plan, &task.state
	i := slices.IndexFunc(s.Cells, func(c CellPlan) bool { return c.Cell == cell })
	k := slices.IndexFunc(s.Operators, func(o OperatorPlan) bool { return o.ID == operator })
	if i < 0 {
		return nil, unfit("measure-cell", "cell", cell.String())
	}
	if k < 0 {
		return nil, unfit("order-operator", "got", cut(operator))
	}
	c := &s.Cells[i]
	x := &PartAccount{
		Sector: sector, Part: part, Operator: operator, Cell: cell, Planned: c.Quotas[k],
		PlannedCell: c.Total, Fleet: s.Operators[k].Quota, Capacity: c.Capacity,
		Quota: c.Quotas[k], CellTotal: c.Total, Own: t.quotas != "", Turn: t.turn, Since: t.since,
		Rules: task.part.Rules, Decision: t.last, Factor: 1,
		Cap: f.caps[sector].Cap[CellOperatorLevel(cell, operator)],
	}
	for _, shift := range e.Shifts() {
		if now := &shift.Now; now.Sector == sector {
			x.Running = now.Part == part
			if now.Season != "" {
				x.Season, x.Factor = now.Season, now.Factor
			}
		}
	}
	if t.quotas != "" {
		q, err := e.readQuotas(ctx, t.quotas)
		if err != nil {
			return nil, err
		}
		x.Quota, x.CellTotal = q.Quotas[k][i], q.Totals[i]
		x.follows(q, i)
	}
	if t.coming != "" {
		q, err := e.readQuotas(ctx, t.coming)
		if err != nil {
			return nil, err
		}
		x.Coming, x.Due = &q.Quotas[k][i], t.due
		x.follows(q, i)
	}
	return x, nil
}

// follows sets the demand that quotas follow.
func (x *PartAccount) follows(q *PartQuotas, i int) {
	x.Demand, x.DemandSum = q.Demand[i], 0
	for _, d := range q.Demand {
		if d != nil {
			x.DemandSum += *d
		}
	}
}
