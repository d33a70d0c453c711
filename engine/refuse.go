package engine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
)

// refuse returns the refusal of what a ledger denied, with the nearest cells that have room.
func (e *Engine) refuse(
	ctx context.Context, f *force, sector string, ask *Ask, no *Denial,
) *Refusal {
	r := &Refusal{Rule: no.Rule, Tier: no.Level.Tier(), Of: no.Level.Of(), Cell: ask.Cell}
	switch no.Rule {
	case RuleTooMany:
		r.Room = &no.Room
	case RuleNoQuota:
		r.Tier = ""
	}
	if r.Tier == "" {
		return r
	}
	r.Room = &no.Room
	if elsewhere(r.Tier) {
		n := max(ask.N, 1)
		r.Try, _ = e.search(ctx, f, search{ // without it the no is still a no
			operator: ask.ID.Operator(), sector: sector, at: ask.At, cell: ask.Cell, n: n,
			rings: mostRings, most: mostTries,
		})
	}
	return r
}

// elsewhere reports whether another cell may have room where a tier is full.
func elsewhere(t Tier) bool {
	switch t {
	case TierOperatorCity, TierCity, TierPool:
		return false
	}
	return true
}

// How far and how long a refusal looks for other cells.
const (
	mostRings = 10
	mostTries = 5
)

// search is a question for cells with room around a point.
type search struct {
	operator, sector string
	at               geo.LatLng
	cell             geo.Cell
	n                int // least room
	rings, most      int
	home             bool // the cell itself too
}

// Around returns the cells within so many rings of a point where an operator has room, nearest
// first. It returns a *Refusal where the operator can't ask there at all.
func (e *Engine) Around(
	ctx context.Context, operator, sector string, at geo.LatLng, rings int,
) ([]Near, error) {
	if err := checkPlace(at); err != nil {
		return nil, err
	}
	f := e.force.Load()
	switch {
	case f.plan == nil:
		return nil, &Refusal{Rule: RuleNoPlan}
	case f.caps[sector] == nil:
		return nil, &Refusal{Rule: RuleUnknownSector, Of: sector, Known: f.sectors()}
	case !f.licensed[operatorIn{operator, sector}]:
		return nil, &Refusal{Rule: RuleUnlicensed, Of: operator}
	}
	cell, err := f.locator.At(at)
	if err != nil {
		return nil, err
	}
	return e.search(ctx, f, search{
		operator: operator, sector: sector, at: at, cell: cell, n: 1,
		rings: max(0, min(rings, mostRings)), most: math.MaxInt, home: true,
	})
}

// search looks ring by ring for cells with room, and stops after the ring with which it has enough.
func (e *Engine) search(ctx context.Context, f *force, q search) ([]Near, error) {
	var found []Near
	now := e.now()
	err := e.config.Store.Read(ctx, Scope{e.config.City, q.sector}, func(l *Ledger) {
		first := 1
		if q.home {
			first = 0
		}
		for k := first; k <= q.rings && len(found) < q.most; k++ {
			for _, c := range q.cell.Ring(k) {
				if near, ok := f.near(l, &q, c, now); ok {
					found = append(found, near)
				}
			}
		}
	})
	slices.SortFunc(found, func(a, b Near) int {
		return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Cell, b.Cell))
	})
	return found[:min(len(found), q.most)], err
}

// near returns a cell that has room and whose centre is in no zone that refuses.
func (f *force) near(l *Ledger, q *search, c geo.Cell, now time.Time) (Near, bool) {
	caps := f.caps[q.sector]
	if _, ok := caps.Levels(c, q.operator, nil, nil); !ok {
		return Near{}, false
	}
	center := c.Center()
	g := f.zones.at(center, q.sector, now)
	if g.ban != "" || g.strict != "" {
		return Near{}, false
	}
	levels, _ := caps.Levels(c, q.operator, g.limits, f.pools[q.operator])
	room := math.MaxInt
	for _, level := range levels {
		count, known := l.Count(level)
		if !known || (count.Room() < q.n && level.Tier() != TierPool) {
			return Near{}, false
		}
		if level.Tier() != TierPool { // a pool's cap is what was drawn so far, not what there is
			room = min(room, count.Room())
		}
	}
	return Near{Cell: c, Center: center, Metres: geo.Distance(q.at, center), Room: room}, true
}

// Message returns the refusal's sentence: an ID of the catalogue with its arguments.
func (r *Refusal) Message() (id string, args []any) {
	switch r.Rule {
	case RuleUnknownSector:
		return "refusal." + string(r.Rule), []any{"of", r.Of, "known", r.Known}
	case RuleTooMany:
		return "refusal." + string(r.Rule), []any{"room", *r.Room}
	}
	switch {
	case r.Tier != "" && r.Room != nil && len(r.Try) > 0:
		return "refusal." + string(r.Rule), []any{
			"of", r.Of, "room", max(0, *r.Room), "near", r.Try[0].Cell.String(),
			"metres", int(math.Round(r.Try[0].Metres)), "there", r.Try[0].Room,
		}
	case r.Tier != "" && r.Room != nil:
		return "refusal." + string(r.Rule) + "-nowhere", []any{"of", r.Of, "room", max(0, *r.Room)}
	case r.Of != "":
		return "refusal." + string(r.Rule), []any{"of", r.Of}
	}
	return "refusal." + string(r.Rule), nil
}
