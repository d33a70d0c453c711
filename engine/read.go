package engine

import (
	"cmp"
	"context"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Quota is one level of a sector, as it stands.
type Quota struct {
	Level    Level
	Tier     Tier
	Operator string // "" where it counts all of them
	Cap      int
	Standing int
	Held     int
	Room     int // negative: over quota
}

// sighting is a ledger at one moment.
type sighting struct {
	caps    *Caps
	event   EventID
	tallies []tally
}

// see returns a sector's ledger as it stands; a *Refusal for an unknown sector.
func (e *Engine) see(ctx context.Context, sector string) (sighting, error) {
	if err := e.CheckSector(sector); err != nil {
		return sighting{}, err
	}
	var s sighting
	err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		s = sighting{l.Caps(), l.Event(), l.tallies()}
	})
	if err == nil && s.caps == nil {
		return s, &Refusal{Rule: RuleNoPlan}
	}
	return s, err
}

// CheckSector returns a *Refusal unless the plan in force has the sector, or an earlier one had it.
func (e *Engine) CheckSector(sector string) error {
	f := e.force.Load()
	switch {
	case f.plan == nil:
		return &Refusal{Rule: RuleNoPlan}
	case !f.has(sector):
		return &Refusal{Rule: RuleUnknownSector, Of: cut(sector), Known: f.sectors()}
	}
	return nil
}

// Quotas returns the levels of a sector as they stand, and the last event they include: those of
// one operator and those that count all, or for "" every level. Those of the plan come first, by
// level; pools and levels that only an earlier plan knew follow. It returns a *Refusal for an
// unknown sector.
func (e *Engine) Quotas(
	ctx context.Context, sector, operator string,
) ([]Quota, EventID, error) {
	s, err := e.see(ctx, sector)
	if err != nil {
		return nil, EventID{}, err
	}
	x := e.layouts.of(s.caps)
	counts, others := x.fill(s.tallies)
	quotas := make([]Quota, 0, len(counts)+len(others))
	add := func(q Quota) {
		if operator == "" || q.Operator == "" || q.Operator == operator {
			quotas = append(quotas, q)
		}
	}
	for i, c := range counts {
		q := x.levels[i]
		q.Standing, q.Held, q.Room = c.Standing, c.Held, c.Room()
		add(q)
	}
	for _, t := range others {
		add(quotaOf(t.level, t.Count))
	}
	return quotas, s.event, nil
}

// Total returns what stands and is held in the whole sector, and the last event that includes. It
// costs far less than Quotas.
func (e *Engine) Total(ctx context.Context, sector string) (c Count, event EventID, err error) {
	if err := e.CheckSector(sector); err != nil {
		return c, event, err
	}
	err = e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		c, _ = l.Count(CityLevel)
		event = l.Event()
	})
	return c, event, err
}

// Grants returns up to limit placements that stand or are held, by ascending ID, after one: an
// operator's, or for "" everybody's. A limit below 1 gives none.
func (e *Engine) Grants(
	ctx context.Context, sector, operator string, after ID, limit int,
) ([]Grant, error) {
	if err := e.CheckSector(sector); err != nil {
		return nil, err
	}
	limit = max(limit, 0)
	type kept struct {
		id     ID
		record *Record
	}
	var grants []Grant
	err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		var found []kept
		trim := func() {
			slices.SortFunc(found, func(a, b kept) int { return cmp.Compare(a.id, b.id) })
			found = found[:min(len(found), limit)]
		}
		for id, r := range l.Records() {
			if r.N == 0 || id <= after || (operator != "" && id.Operator() != operator) {
				continue
			}
			if found = append(found, kept{id, r}); len(found) > 2*limit+64 {
				trim()
			}
		}
		trim()
		for _, k := range found {
			grants = append(grants, standing(sector, k.id, k.record))
		}
	})
	return grants, err
}

// Grant returns one placement as it is now, also one that has ended, or ErrNotFound.
func (e *Engine) Grant(ctx context.Context, sector string, id ID) (Grant, error) {
	if err := e.CheckSector(sector); err != nil {
		return Grant{}, err
	}
	var g Grant
	found := false
	err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		r, ok := l.Record(id)
		if found = ok && r.State != Done; found {
			g = standing(sector, id, &r)
		}
	})
	if err == nil && !found {
		err = notFound("no-placement", "id", cut(string(id)))
	}
	return g, err
}

// standing returns a placement as it is now.
func standing(sector string, id ID, r *Record) Grant {
	g := grantOf(sector, &Answer{ID: id, Record: *r})
	g.N = r.N
	return g
}

// Picture is a whole sector at one moment.
type Picture struct {
	Plan      string
	Epoch     int64
	Event     EventID  // the last one it includes
	Operators []string // by ID
	City      Count
	Own       []Count // by operator, in the city
	Cells     []CellPicture
}

// CellPicture is one cell at one moment.
type CellPicture struct {
	Cell  geo.Cell
	Count         // all operators
	Own   []Count // answers Picture.Operators
}

// City returns a whole sector at one moment. Decisions wait only while the counters are copied.
func (e *Engine) City(ctx context.Context, sector string) (Picture, error) {
	s, err := e.see(ctx, sector)
	if err != nil {
		return Picture{}, err
	}
	x := e.layouts.of(s.caps)
	all, _ := x.fill(s.tallies)
	counts := func(dst []Count, at []int32) []Count {
		for _, i := range at {
			dst = append(dst, all[i])
		}
		return dst
	}
	p := Picture{
		Plan: s.caps.Plan, Epoch: s.caps.Epoch, Event: s.event, Operators: s.caps.Operators,
		City: all[x.city], Own: counts(nil, x.own), Cells: make([]CellPicture, len(s.caps.Cells)),
	}
	k := len(s.caps.Operators)
	shares := counts(make([]Count, 0, len(x.shares)), x.shares)
	for i, cell := range s.caps.Cells {
		p.Cells[i] = CellPicture{cell, all[x.cells[i]], shares[i*k : (i+1)*k : (i+1)*k]}
	}
	return p, nil
}
