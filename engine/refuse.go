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
	r := &Refusal{Rule: no.Rule, Cell: ask.Cell}
	if no.Rule == RuleTooMany {
		r.Room = &no.Room
	}
	if no.Level == "" {
		return r
	}
	r.Of = no.Level.Of()
	if r.Rule == RuleNoQuota {
		return r
	}
	r.Tier, r.Room = no.Level.Tier(), &no.Room
	switch r.Tier {
	case TierOperatorCity, TierCity, TierPool: // no other cell helps
	default:
		e.redirect(ctx, f, sector, ask, r)
	}
	return r
}

// How far a refusal looks for other cells, and how many it names.
const (
	mostRings = 10
	mostTries = 5
)

// redirect adds to a refusal the nearest cells with room, where the place is what was refused.
// Without them a no is still a no: an error of the store leaves them out.
func (e *Engine) redirect(ctx context.Context, f *force, sector string, ask *Ask, r *Refusal) {
	home := false
	switch r.Rule {
	case RuleNoParking, RuleSpotRequired:
		home = true // another corner of the same cell may do
	case RuleOutsideCity, RuleFrozen, RuleCleared:
	default:
		if r.Tier == "" {
			return
		}
	}
	r.Try, _ = e.search(ctx, f, search{
		operator: ask.ID.Operator(), sector: sector, at: ask.At, cell: ask.Cell,
		n: max(ask.N, 1), rings: mostRings, most: mostTries, home: home,
	})
}

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

// nearRings is how far a search looks first: most end there.
const nearRings = 3

// search returns the nearest cells with room, nearest first: those near by, and where they don't
// settle it those further off.
func (e *Engine) search(ctx context.Context, f *force, q search) ([]Near, error) {
	now := e.now()
	first := 1
	if q.home {
		first = 0
	}
	var found []Near
	for _, last := range []int{min(nearRings, q.rings), q.rings} {
		if first > last {
			continue
		}
		options := f.options(&q, first, last)
		err := e.config.Store.Read(ctx, Scope{e.config.City, q.sector}, func(l *Ledger) {
			for i := range options {
				if near, ok := f.fits(l, &q, &options[i], now); ok {
					found = append(found, near)
				}
			}
		})
		if err != nil {
			return nil, err
		}
		slices.SortFunc(found, nearer)
		if len(found) >= q.most && found[q.most-1].Metres <= q.rim(last) {
			break
		}
		first = last + 1
	}
	return found[:min(len(found), q.most)], nil
}

// rim returns a distance, m, that no cell beyond ring k is nearer than: that ring's nearest centre.
func (q *search) rim(k int) float64 {
	rim := math.Inf(1)
	for _, c := range q.cell.Ring(k) {
		rim = min(rim, geo.Distance(q.at, c.Center()))
	}
	return rim
}

// option is a cell that may have room.
type option struct {
	cell   geo.Cell
	levels []Level // zones and pools aside
}

// options returns the cells of some rings where the operator's quota is at least n.
func (f *force) options(q *search, first, last int) []option {
	var options []option
	caps := f.caps[q.sector]
	for k := first; k <= last; k++ {
		for _, c := range q.cell.Ring(k) {
			levels, ok := caps.Levels(c, q.operator, nil, nil)
			if ok && caps.Cap[levels[0]] >= q.n {
				options = append(options, option{c, levels})
			}
		}
	}
	return options
}

// fits returns a cell if every level has room for n, pools aside, and its centre is in no zone that
// refuses. What a pool's level has is only what was drawn so far, not what there is.
func (f *force) fits(l *Ledger, q *search, o *option, now time.Time) (Near, bool) {
	room := leastRoom(l, o.levels, math.MaxInt)
	if room < q.n {
		return Near{}, false
	}
	center := f.centers[o.cell]
	under := f.effects[q.sector].at(o.cell)
	if rule, _ := under.shut(); rule != "" {
		return Near{}, false
	}
	g := f.zones.at(center, q.sector, now)
	if g.ban != "" || g.strict != "" {
		return Near{}, false
	}
	for _, id := range g.limits {
		room = leastRoom(l, []Level{ZoneLevel(id)}, room)
	}
	near := Near{
		Cell: o.cell, Center: center, Metres: geo.Distance(q.at, center), Room: room,
	}
	return near, room >= q.n
}

// leastRoom returns the least room of some levels, room where none has less; 0 or less for one that
// the caps don't know.
func leastRoom(l *Ledger, levels []Level, room int) int {
	for _, level := range levels {
		c, known := l.Count(level)
		if !known {
			return min(room, 0)
		}
		if room = min(room, c.Room()); room <= 0 {
			return room
		}
	}
	return room
}

// nearer orders cells by distance, equal ones by their number.
func nearer(a, b Near) int {
	return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Cell, b.Cell))
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
