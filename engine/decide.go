package engine

import (
	"errors"
	"fmt"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// Options of a decision. The zero value decides silently.
type Options struct {
	Tool     string                              // version of the tool, kept in the plan
	Progress func(stage string, done, total int) // called between steps; nil = silent
}

// step reports progress where somebody listens.
func (o Options) step(stage string, done, total int) {
	if o.Progress != nil {
		o.Progress(stage, done, total)
	}
}

// Decide turns a snapshot into a sealed plan. It is the whole policy on one screen: operators are
// scored; each sector's ground is weighed against its demand, cell by cell; the marginal vehicle
// decides the total; scores divide it among the operators; the matrix spreads each operator's part
// over the cells; and nothing leaves unless Verify holds.
//
// The result depends on the snapshot and o.Tool alone: no clock, no order of operators or cells.
// Errors wrap quota.ErrInfeasible, merit.ErrInfeasible or apportion.ErrInfeasible where the
// bureau's rules can't be met together; ErrUnsound means that stint itself broke an invariant.
//
// Article 7: demand and carrying capacity set the total scale; the evaluation is linked to the
// fleet.
func Decide(s *Snapshot, o Options) (*Plan, error) {
	cards, err := scoring.Evaluate(s.Rubric, s.Sheets)
	if err != nil {
		return nil, fmt.Errorf("score operators: %w", err)
	}
	plan := newPlan(s, o.Tool, cards)
	if plan.Zones, err = ZonesHash(s.Zones); err != nil {
		return nil, err
	}
	for i := range s.Sectors {
		o.step("sector:"+s.Sectors[i].ID, i, len(s.Sectors))
		sector, notes, err := decideSector(s, i, cards)
		if err != nil {
			return nil, &SectorError{s.Sectors[i].ID, err}
		}
		plan.Sectors = append(plan.Sectors, sector)
		plan.Notes = append(plan.Notes, notes...)
		plan.Certificate.Gap += sector.Gap
	}
	o.step("verify", len(s.Sectors), len(s.Sectors))
	if _, err := plan.Seal(); err != nil {
		return nil, err
	}
	if err := Verify(plan); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsound, err)
	}
	return plan, nil
}

// ErrUnsound means that a plan of stint's own making broke an invariant: a defect of stint, never
// of the input.
var ErrUnsound = errors.New("the plan does not hold its own invariants; please report this")

// SectorError is what stopped the decision of one sector.
type SectorError struct {
	Sector string
	Err    error
}

// Error names the sector and the cause.
func (e *SectorError) Error() string { return fmt.Sprintf("sector %s: %v", e.Sector, e.Err) }

// Unwrap returns the cause.
func (e *SectorError) Unwrap() error { return e.Err }

// decideSector runs the steps of allocation.md for one sector, one line a step.
func decideSector(s *Snapshot, at int, cards []scoring.Scorecard) (SectorPlan, []Note, error) {
	d := draft{snapshot: s, sector: &s.Sectors[at], at: at}
	d.estimateDemand()
	d.weighCapacity()
	if err := d.allocateCells(d.sector.Max); err != nil {
		return SectorPlan{}, nil, err
	}
	if err := d.divide(cards); err != nil {
		return SectorPlan{}, nil, err
	}
	if d.shares.Granted < d.totals.Total {
		// What the operators can't take is not given: the best vehicles up to what they can.
		if err := d.allocateCells(d.shares.Granted); err != nil {
			return SectorPlan{}, nil, err
		}
		d.unfilled = true
	}
	if err := d.spread(); err != nil {
		return SectorPlan{}, nil, err
	}
	return d.plan(), d.notes, nil
}

// draft is a sector's plan in the making: each step reads what the ones before it wrote.
type draft struct {
	snapshot *Snapshot
	sector   *Sector
	at       int // of the sector

	demand   []quota.CellDemand
	capacity []quota.Capacity
	leaves   []quota.Leaf
	enough   []int // vehicles that reach the service level, by cell; -1 = no such limit
	totals   quota.Totals
	scores   []float64 // by operator; NaN = unknown
	shares   merit.Decision
	rule     *RulePlan // nil where Rules made the shares
	unfilled bool      // the total shrank to what operators can take
	matrix   matrix
	notes    []Note
}

func (d *draft) note(kind, id string, args ...any) {
	d.notes = append(d.notes, Note{Kind: kind, ID: id, Args: args, Sector: d.sector.ID})
}

// cell returns the i-th cell of the grid.
func (d *draft) cell(i int) geo.Cell { return d.snapshot.Grid.Cell(i) }
