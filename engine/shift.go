package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/daypart"
)

// PartQuotas are the quotas of a part of the day, with what they rest on. They are kept as a
// document under the hash of its bytes, and never change.
type PartQuotas struct {
	Plan      string     `json:"plan"` // whose fleets they are
	Sector    string     `json:"sector"`
	Part      string     `json:"part"`
	Turn      int        `json:"turn"` // after which they were decided
	Operators []string   `json:"operators"`
	Cells     []geo.Cell `json:"cells"`
	Totals    []int      `json:"totals"`  // of each cell
	Quotas    [][]int    `json:"quotas"`  // [operator][cell]
	Demand    []*float64 `json:"demand"`  // of each cell, as it was blended; nil = unknown
	Reports   []string   `json:"reports"` // documents of the demand
}

// errQuotas means that a document of quotas doesn't fit its plan.
var errQuotas = errors.New("the quotas of a part of the day don't fit the plan")

// readQuotas reads the quotas of a part from a document.
func (e *Engine) readQuotas(ctx context.Context, name string) (*PartQuotas, error) {
	data, err := e.config.Store.Document(ctx, e.config.City, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var q PartQuotas
	if err := json.Unmarshal(data, &q); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return &q, nil
}

// heldBy returns a plan with what parts of the day and seasons make of its quotas: the plan itself
// where they leave it.
func (e *Engine) heldBy(ctx context.Context, p *Plan, shifts []shifted) (*Plan, error) {
	held := *p
	held.Sectors = slices.Clone(p.Sectors)
	changed := false
	for _, x := range shifts {
		at := slices.IndexFunc(held.Sectors, func(s SectorPlan) bool { return s.ID == x.sector })
		if at < 0 {
			continue // a plan without the sector
		}
		s := &held.Sectors[at]
		if x.quotas != "" {
			q, err := e.readQuotas(ctx, x.quotas)
			if err == nil {
				err = s.take(p.ID, q)
			}
			if err != nil {
				return nil, err
			}
			changed = true
		}
		if x.factor != 1 {
			if err := s.shrink(x.factor); err != nil {
				return nil, err
			}
			changed = true
		}
	}
	if !changed {
		return p, nil
	}
	return &held, nil
}

// take sets the sector's quotas to those of a part of the day, if they are what the plan may give:
// the same fleets within the same bounds.
func (s *SectorPlan) take(plan string, q *PartQuotas) error {
	if q.Plan != plan || len(q.Cells) != len(s.Cells) || len(q.Operators) != len(s.Operators) ||
		len(q.Quotas) != len(s.Operators) || len(q.Totals) != len(s.Cells) {
		return errQuotas
	}
	cells := slices.Clone(s.Cells)
	for i := range cells {
		c := &cells[i]
		if c.Cell != q.Cells[i] {
			return errQuotas
		}
		c.Total, c.Quotas = q.Totals[i], make([]int, len(s.Operators))
		c.Upper = make([]int, len(s.Operators))
		for k := range s.Operators {
			if q.Operators[k] != s.Operators[k].ID || len(q.Quotas[k]) != len(cells) {
				return errQuotas
			}
			c.Quotas[k] = q.Quotas[k][i]
			c.Upper[k] = apportion.LocalMost(s.Settings.Matrix.LocalMaxShare, c.Total)
		}
	}
	s.Cells = cells
	if err := quota.Verify(s.allocation()); err != nil {
		return fmt.Errorf("%w: %w", errQuotas, err)
	}
	return nil
}

// shrink multiplies the fleets by a season's factor, see daypart.Season, and takes from each cell
// in proportion: nobody has more anywhere than before.
func (s *SectorPlan) shrink(factor float64) error {
	ids, totals := make([]string, len(s.Operators)), make([]int, len(s.Operators))
	for k := range s.Operators {
		ids[k], totals[k] = s.Operators[k].ID, s.Operators[k].Quota
	}
	fleets, err := daypart.Season(ids, totals, factor)
	if err != nil {
		return err
	}
	s.Operators, s.Cells, s.Total = slices.Clone(s.Operators), slices.Clone(s.Cells), 0
	for i := range s.Cells {
		s.Cells[i].Quotas, s.Cells[i].Total = slices.Clone(s.Cells[i].Quotas), 0
	}
	for k, fleet := range fleets {
		claims := make([]apportion.Claim, len(s.Cells))
		for i := range s.Cells {
			n := s.Cells[i].Quotas[k]
			claims[i] = apportion.Claim{ID: s.Cells[i].Cell.String(), Weight: float64(n), Ceiling: n}
		}
		shares, _, err := apportion.Divide(fleet, claims)
		if err != nil {
			return fmt.Errorf("season: %w", err)
		}
		for i := range s.Cells {
			s.Cells[i].Quotas[k] = shares[i].Quota
			s.Cells[i].Total += shares[i].Quota
		}
		s.Operators[k].Quota = fleet
		s.Total += fleet
	}
	return nil
}

// The heads of what an order may be due to, beside measures, whose names have no colon.
const duePart, dueSeason = "part:", "season:"

// shifting returns the part of the day or season that an excess of a level is due to, with the
// deadline of its removal; "" where the plan allows no more either.
func (f *force) shifting(sector string, l Level) (due string, deadline time.Time) {
	at := slices.IndexFunc(f.shifts, func(x shifted) bool { return x.sector == sector })
	if at < 0 {
		return "", time.Time{}
	}
	x := f.shifts[at]
	switch plan, held := f.plan.cap(sector, l), f.held.cap(sector, l); {
	case held >= plan:
		return "", time.Time{}
	case x.quotas != "" && l.Tier() == TierCellOperator:
		return duePart + x.part, x.grace
	}
	return dueSeason + x.season, x.graceSeason
}

// cap returns what a plan gives an operator in a cell or in the city, 0 for other levels.
func (p *Plan) cap(sector string, l Level) int {
	s, ok := p.Sector(sector)
	if !ok {
		return 0
	}
	k := slices.IndexFunc(s.Operators, func(o OperatorPlan) bool { return o.ID == l.Operator() })
	switch {
	case k < 0:
		return 0
	case l.Tier() == TierOperatorCity:
		return s.Operators[k].Quota
	}
	cell, err := geo.ParseCell(l.Of())
	i, found := slices.BinarySearchFunc(s.Cells, cell, func(c CellPlan, want geo.Cell) int {
		switch {
		case c.Cell < want:
			return -1
		case c.Cell > want:
			return 1
		}
		return 0
	})
	if err != nil || !found {
		return 0
	}
	return s.Cells[i].Quotas[k]
}

// shiftOver reports whether an order is due to a part of the day or a season, and that is over.
func (f *file) shiftOver(o *Order) (over, is bool) {
	part, ofPart := strings.CutPrefix(o.Measure, duePart)
	season, ofSeason := strings.CutPrefix(o.Measure, dueSeason)
	r := f.rota(o.Sector)
	switch {
	case ofPart:
		return r == nil || r.now.Part != part, true
	case ofSeason:
		return r == nil || r.now.Season != season, true
	}
	return false, false
}
