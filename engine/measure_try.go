package engine

import (
	"cmp"
	"context"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Foresight is what a measure would do if it were in force now.
type Foresight struct {
	Moves  []MoveOut   // by sector, operator and cell
	Owners []OwnerMove // by sector and operator: who has to move anything, or loses room
}

// MoveOut is what one operator would have to take out of one cell.
type MoveOut struct {
	Sector, Operator string
	Cell             geo.Cell
	Taken            int // vehicles that stand or are held there
	Before, After    int // the operator's cap there, without the measure and with it
	Excess           int // vehicles to be taken away, > 0
}

// OwnerMove is what a measure would mean for one operator in one sector.
type OwnerMove struct {
	Sector, Operator string
	Before, After    int // sums of its caps in the cells
	Excess           int // vehicles to be taken out of cells
	Elsewhere        int // vehicles that its caps in the other cells have room for, with the measure
}

// TryMeasure returns what a measure would do if it were in force now, together with those that are;
// nothing is ordered. Measures that have not begun are left out.
func (e *Engine) TryMeasure(
	ctx context.Context, by Actor, m Measure, where Area,
) (Foresight, error) {
	if err := e.mayTake(by, &m); err != nil {
		return Foresight{}, err
	}
	if err := e.locateMeasure(&m, where); err != nil {
		return Foresight{}, err
	}
	e.bureau.mu.RLock()
	active := e.bureau.file.active()
	e.bureau.mu.RUnlock()
	active = slices.DeleteFunc(active, func(a Measure) bool { return a.ID == m.ID })
	now := e.force.Load()
	without, err := now.under(active)
	if err != nil {
		return Foresight{}, err
	}
	active = append(active, m)
	slices.SortFunc(active, func(a, b Measure) int { return cmp.Compare(a.ID, b.ID) })
	with, err := now.under(active)
	if err != nil {
		return Foresight{}, err
	}
	return e.foresight(ctx, without, with)
}

// foresight returns who would have to move how many from one force to another.
func (e *Engine) foresight(ctx context.Context, without, with *force) (Foresight, error) {
	var out Foresight
	for _, sector := range with.sectors() {
		err := e.config.Store.Read(ctx, Scope{e.config.City, sector}, func(l *Ledger) {
			out.foresee(l, without.caps[sector], with.caps[sector])
		})
		if err != nil {
			return Foresight{}, err
		}
	}
	return out, nil
}

// under returns what is in force with other measures.
func (f *force) under(measures []Measure) (*force, error) {
	other, err := forceOf(f.plan, f.held, f.zones.zones, f.totals, f.epoch)
	if err != nil {
		return nil, err
	}
	other.measure(measures)
	return other, nil
}

// foresee adds what one sector's ledger holds beyond caps.
func (x *Foresight) foresee(l *Ledger, before, after *Caps) {
	for _, operator := range after.Operators {
		own := OwnerMove{Sector: after.Scope.Sector, Operator: operator}
		for _, c := range after.Cells {
			level := CellOperatorLevel(c, operator)
			count, _ := l.Count(level)
			move := MoveOut{
				Sector: own.Sector, Operator: operator, Cell: c, Taken: count.Standing + count.Held,
				Before: before.Cap[level], After: after.Cap[level],
			}
			own.Before += move.Before
			own.After += move.After
			room := move.After - move.Taken
			if room >= 0 {
				own.Elsewhere += room
				continue
			}
			move.Excess = -room
			own.Excess += move.Excess
			x.Moves = append(x.Moves, move)
		}
		if own.Excess > 0 || own.Before != own.After {
			x.Owners = append(x.Owners, own)
		}
	}
}
