package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota/daypart"
)

// PartDecision is what was decided after a turn of a part of the day: nothing, and why, or other
// quotas from a later turn on, which is their announcement.
type PartDecision struct {
	Sector  string   `json:"sector"`
	Part    string   `json:"part"`
	Turn    int      `json:"turn"`
	Why     string   `json:"why"`               // a code, see daypart.Change, WhyInfeasible
	Moving  int      `json:"moving,omitempty"`  // vehicles that would change cells without a step
	Moved   int      `json:"moved,omitempty"`   // vehicles that change cells
	Changed int      `json:"changed,omitempty"` // sum of the changes of operators' quotas
	Stepped int      `json:"stepped,omitempty"` // cells that the step held back
	Due     int      `json:"due,omitempty"`     // turn at which they come into force
	Quotas  string   `json:"quotas,omitempty"`  // document
	Reports []string `json:"reports,omitempty"` // documents of the demand
}

// WhyInfeasible is why nothing was decided where no quotas fit the bounds: a code.
const WhyInfeasible = "infeasible"

// partTask is a part of the day after a turn, with everything its decision reads.
type partTask struct {
	part   *Part
	state  partState
	plan   *SectorPlan
	planID string
	seed   uint64
}

// partsDue decides, for each part of the day whose turn is over, what the next turns are to be:
// when its demand is there, or when nobody has reported any for too long.
func (e *Engine) partsDue(ctx context.Context) error {
	e.bureau.mu.RLock()
	table := e.bureau.file.table
	e.bureau.mu.RUnlock()
	if table == nil || table.ID == "" {
		return nil
	}
	a, err := e.almanac(table)
	if err != nil {
		return err
	}
	var all error
	for i := range table.Sectors {
		for k := range table.Sectors[i].Parts {
			all = errors.Join(all, e.partDue(ctx, a, &table.Sectors[i], &table.Sectors[i].Parts[k]))
		}
	}
	return all
}

// partDue decides about one part, if it is time.
func (e *Engine) partDue(ctx context.Context, a *almanac, s *SectorTable, p *Part) error {
	task, ok := e.partTask(a, s.Sector, p)
	if !ok {
		return nil
	}
	d, err := e.decidePart(ctx, task)
	if err != nil {
		return err
	}
	_, err = e.record(ctx, itself(), kindDecided, func(f *file) (entry, error) {
		r := f.rota(s.Sector)
		if r == nil || f.force.plan != task.planID {
			return entry{}, errDone // it is of another plan by now
		}
		if now := r.part(p.ID); now.decided >= d.Turn || now.turn != d.Turn {
			return entry{}, errDone // another engine came first
		}
		return entry{Decision: d}, nil
	})
	return unlessDone(err)
}

// partTask returns a part whose turn is over and not decided upon; ok is false where there is
// nothing to decide yet.
func (e *Engine) partTask(a *almanac, sector string, p *Part) (task partTask, ok bool) {
	f := e.force.Load()
	if f.plan == nil {
		return task, false
	}
	plan, found := f.plan.Sector(sector)
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	r := e.bureau.file.rota(sector)
	if !found || r == nil || e.bureau.file.force.plan != f.plan.ID {
		return task, false
	}
	at := slices.IndexFunc(r.parts, func(x *partState) bool { return x.id == p.ID })
	if at < 0 {
		return task, false
	}
	state := *r.parts[at]
	state.reports = slices.Clone(state.reports)
	day := state.from.In(a.zone).Format(time.DateOnly)
	reported := slices.ContainsFunc(state.reports, func(d DemandReport) bool { return d.Day == day })
	wait := time.Duration(or(p.Rules.Wait, 6*60)) * time.Minute
	if state.decided >= state.turn || e.now().Before(state.until) ||
		(!reported && e.now().Before(state.until.Add(wait))) {
		return task, false
	}
	if !reported {
		state.reports = nil
	}
	return partTask{p, state, plan, f.plan.ID, f.plan.City.TieSeed}, true
}

// decidePart decides what the next turns of a part are to be, and keeps quotas that are other than
// before. It depends on nothing but the log and its documents.
func (e *Engine) decidePart(ctx context.Context, t partTask) (*PartDecision, error) {
	seen, err := e.seen(ctx, t.plan, t.state.reports)
	if err != nil {
		return nil, err
	}
	d, q, err := e.weighPart(ctx, &t, seen)
	if err != nil || q == nil {
		return d, err
	}
	d.Quotas, err = e.keepQuotas(ctx, q)
	return d, err
}

// weighPart returns what is to be decided after a turn by the demands that were seen, with the
// quotas that it comes to; nil where they stay.
func (e *Engine) weighPart(
	ctx context.Context, t *partTask, seen [][]float64,
) (*PartDecision, *PartQuotas, error) {
	d := &PartDecision{Sector: t.plan.ID, Part: t.part.ID, Turn: t.state.turn}
	for _, r := range t.state.reports {
		d.Reports = append(d.Reports, r.Document)
	}
	demand := daypart.Blend(seen, t.part.Rules.Memory)
	switch {
	case demand == nil:
		d.Why = daypart.WhyNoDemand
		return d, nil, nil
	case t.state.coming != "":
		d.Why = daypart.WhyNotice
		return d, nil, nil
	}
	now, err := e.quotasOf(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	was := daypart.Standing{Now: now, Since: t.state.since}
	sector := t.plan.daypart(t.seed)
	next, change, err := daypart.Turn(sector, t.part.Rules.rules(), was, t.state.turn, demand)
	if err != nil {
		d.Why = WhyInfeasible
		return d, nil, nil
	}
	d.Why, d.Moving, d.Moved = change.Why, change.Due, change.Moved
	d.Changed, d.Stepped = change.Changed, change.Stepped
	if next.Next == nil {
		return d, nil, nil
	}
	d.Due = next.From
	q := t.quotas(next.Next, demand, d.Reports)
	trial := *t.plan
	if err := trial.take(t.planID, q); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnsound, err)
	}
	return d, q, nil
}

// quotasOf returns the quotas that a part has: the plan's own where it was given none.
func (e *Engine) quotasOf(ctx context.Context, t *partTask) (daypart.Quotas, error) {
	if t.state.quotas == "" {
		return t.plan.quotas(), nil
	}
	q, err := e.readQuotas(ctx, t.state.quotas)
	if err != nil {
		return daypart.Quotas{}, err
	}
	return daypart.Quotas{Cells: q.Totals, Matrix: q.Quotas}, nil
}

// quotas returns the plan's quotas of a sector.
func (s *SectorPlan) quotas() daypart.Quotas {
	q := daypart.Quotas{Cells: make([]int, len(s.Cells)), Matrix: s.solution().Matrix}
	for i := range s.Cells {
		q.Cells[i] = s.Cells[i].Total
	}
	return q
}

// daypart returns what of a sector stays within a period. A cell whose ground is unknown gets no
// more than the plan gave it.
func (s *SectorPlan) daypart(seed uint64) *daypart.Sector {
	d := &daypart.Sector{LocalShare: s.Settings.Matrix.LocalMaxShare, TieSeed: seed}
	for _, n := range s.Nodes {
		d.Nodes = append(d.Nodes, daypart.Node{ID: n.ID, Parent: n.Parent, Floor: n.Floor, Cap: n.Cap})
	}
	for k := range s.Operators {
		d.Operators = append(d.Operators, s.Operators[k].ID)
		d.Totals = append(d.Totals, s.Operators[k].Quota)
		d.Claims = append(d.Claims, make([]float64, len(s.Cells)))
	}
	for i := range s.Cells {
		c := &s.Cells[i]
		most := c.Total
		if c.Capacity != nil {
			most = *c.Capacity
		}
		d.Cells = append(d.Cells, c.Cell.String())
		d.Capacity, d.Floor = append(d.Capacity, most), append(d.Floor, c.Floor)
		d.NodeOf = append(d.NodeOf, c.Node)
		for k := range s.Operators {
			d.Claims[k][i] = c.Claims[k]
		}
	}
	return d
}

// quotas returns other quotas of the part with what they rest on.
func (t *partTask) quotas(
	next *daypart.Quotas, demand []float64, reports []string,
) *PartQuotas {
	q := &PartQuotas{
		Plan: t.planID, Sector: t.plan.ID, Part: t.part.ID, Turn: t.state.turn,
		Cells: make([]geo.Cell, len(t.plan.Cells)), Totals: next.Cells, Quotas: next.Matrix,
		Demand: make([]*float64, len(demand)), Reports: reports,
	}
	for k := range t.plan.Operators {
		q.Operators = append(q.Operators, t.plan.Operators[k].ID)
	}
	for i := range t.plan.Cells {
		q.Cells[i], q.Demand[i] = t.plan.Cells[i].Cell, known(demand[i])
	}
	return q
}

// keepQuotas keeps quotas as a document and returns its name.
func (e *Engine) keepQuotas(ctx context.Context, q *PartQuotas) (string, error) {
	data, err := json.Marshal(q)
	if err != nil {
		return "", fmt.Errorf("encode the quotas of %s: %w", q.Part, err)
	}
	name := "quotas:" + hashOf(data)
	if err := e.config.Store.PutDocument(ctx, e.config.City, name, data); err != nil {
		return "", fmt.Errorf("keep the quotas of %s: %w", q.Part, err)
	}
	return name, nil
}
