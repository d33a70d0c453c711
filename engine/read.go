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

// known returns the caps of a sector in force, or the refusal that says why there are none.
func (e *Engine) known(sector string) (*Caps, error) {
	f := e.force.Load()
	switch {
	case f.plan == nil:
		return nil, &Refusal{Rule: RuleNoPlan}
	case f.caps[sector] == nil:
		return nil, &Refusal{Rule: RuleUnknownSector, Of: sector, Known: f.sectors()}
	}
	return f.caps[sector], nil
}

// Quotas returns the levels of a sector in ascending order, with the event up to which they count:
// those of one operator and those that count all, or for "" every level. It returns a *Refusal for
// an unknown sector.
func (e *Engine) Quotas(
	ctx context.Context, sector, operator string,
) ([]Quota, EventID, error) {
	if _, err := e.known(sector); err != nil {
		return nil, EventID{}, err
	}
	var quotas []Quota
	var event EventID
	err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		event = l.Event()
		for _, level := range l.Charged() {
			of := level.Operator()
			if operator != "" && of != "" && of != operator {
				continue
			}
			c, _ := l.Count(level)
			quotas = append(quotas, Quota{
				level, level.Tier(), of, c.Cap, c.Standing, c.Held, c.Room(),
			})
		}
	})
	return quotas, event, err
}

// Grants returns up to limit placements that stand or are held, by ascending ID, after one: an
// operator's, or for "" everybody's.
func (e *Engine) Grants(
	ctx context.Context, sector, operator string, after ID, limit int,
) ([]Grant, error) {
	if _, err := e.known(sector); err != nil {
		return nil, err
	}
	var grants []Grant
	err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		for id, r := range l.Records() {
			if r.N == 0 || id <= after || (operator != "" && id.Operator() != operator) {
				continue
			}
			g := grantOf(sector, &Answer{ID: id, Record: *r})
			g.N = r.N
			grants = append(grants, g)
		}
	})
	slices.SortFunc(grants, func(a, b Grant) int { return cmp.Compare(a.ID, b.ID) })
	return grants[:min(len(grants), limit)], err
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

// City returns a whole sector at one moment. The ledger rests only while the counters are copied.
func (e *Engine) City(ctx context.Context, sector string) (Picture, error) {
	if _, err := e.known(sector); err != nil {
		return Picture{}, err
	}
	var p Picture
	err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
		caps := l.Caps()
		if caps == nil {
			return
		}
		p = Picture{
			Plan: caps.Plan, Epoch: caps.Epoch, Event: l.Event(), Operators: caps.Operators,
			Own: make([]Count, len(caps.Operators)), Cells: make([]CellPicture, len(caps.Cells)),
		}
		p.City, _ = l.Count(CityLevel)
		for k, operator := range caps.Operators {
			p.Own[k], _ = l.Count(OperatorLevel(operator))
		}
		counts := make([]Count, len(caps.Cells)*len(caps.Operators))
		for i, cell := range caps.Cells {
			own := counts[:len(caps.Operators):len(caps.Operators)]
			counts = counts[len(caps.Operators):]
			p.Cells[i].Cell, p.Cells[i].Own = cell, own
			for k, operator := range caps.Operators {
				if levels, ok := caps.Levels(cell, operator, nil, nil); ok {
					own[k], _ = l.Count(levels[0])
					p.Cells[i].Count, _ = l.Count(levels[1])
				}
			}
		}
	})
	return p, err
}
