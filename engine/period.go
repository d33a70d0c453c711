package engine

import (
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/scoring"
)

// PeriodEnd is what a period leaves to the next: the plan that was in force, and how the operators
// answered its orders.
type PeriodEnd struct {
	Plan        *Plan
	From, Until time.Time // orders that were due in between
	Responses   []Response
}

// The notes that carry the evidence of a period into the plan.
const (
	noteResponse   = "assumption.response"    // what an operator's figures rest on
	noteNoResponse = "warning.response-none"  // an operator without orders
	noteNoScale    = "warning.response-scale" // the rubric asks for no response time at all
)

// After returns the snapshot of the period after another: what the plan gave is what was before,
// to each operator and in each cell, and the response times that were measured go to the
// indicators of the rubric that ask for them, in place of what the sheets say. What the figures
// rest on, and what could not be computed, goes into the notes. The snapshot itself stays as it is.
//
// An operator to whom the plan gave nothing is an entrant again. Sectors and operators that the
// plan doesn't have stay as they are.
//
// Article 7: evaluation and adjustment at the end of a period.
func (s *Snapshot) After(end PeriodEnd) *Snapshot {
	next := *s
	next.Operators = slices.Clone(s.Operators)
	next.Sectors = slices.Clone(s.Sectors)
	next.Sheets = slices.Clone(s.Sheets)
	next.Notes = slices.Clone(s.Notes)
	for k := range next.Operators {
		next.Operators[k].Previous = slices.Clone(s.Operators[k].Previous)
	}
	for i := range next.Sectors {
		if plan, ok := end.Plan.Sector(next.Sectors[i].ID); ok {
			next.standing(i, plan)
		}
	}
	asked := false
	for _, i := range s.Rubric.Indicators {
		asked = asked || slices.Contains(responseIndicators(), i.ID)
	}
	if !asked {
		next.Notes = append(next.Notes, Note{Kind: "warning", ID: noteNoScale})
		return &next
	}
	for i := range end.Responses {
		next.answered(&end, &end.Responses[i])
	}
	return &next
}

func responseIndicators() []string {
	return []string{IndicatorP50, IndicatorP90, IndicatorInTime}
}

// standing sets what the plan gave in a sector as what was before.
func (s *Snapshot) standing(at int, plan *SectorPlan) {
	index := map[string]int{}
	for k := range plan.Operators {
		index[plan.Operators[k].ID] = k
	}
	cells := map[geo.Cell]*CellPlan{}
	for i := range plan.Cells {
		cells[plan.Cells[i].Cell] = &plan.Cells[i]
	}
	sector := &s.Sectors[at]
	sector.Previous = make([][]int, len(s.Operators))
	for o := range s.Operators {
		sector.Previous[o] = make([]int, s.Grid.Len())
		k, had := index[s.Operators[o].ID]
		if !had {
			continue
		}
		if s.Operators[o].Previous[at] = plan.Operators[k].Quota; plan.Operators[k].Quota == 0 {
			s.Operators[o].Previous[at] = -1
		}
		for i := range s.Grid.Len() {
			if cell := cells[s.Grid.Cell(i)]; cell != nil {
				sector.Previous[o][i] = cell.Quotas[k]
			}
		}
	}
}

// answered puts an operator's response times into its sheet, as far as the rubric asks for them,
// with a note that says what they rest on.
func (s *Snapshot) answered(end *PeriodEnd, r *Response) {
	at := slices.IndexFunc(s.Sheets, func(x scoring.Sheet) bool { return x.Operator == r.Operator })
	if at < 0 {
		return // no operator of this city
	}
	if r.Orders == 0 {
		s.Notes = append(s.Notes, Note{
			Kind: "warning", ID: noteNoResponse, Args: []any{"operator", r.Operator},
		})
	} else {
		s.Notes = append(s.Notes, Note{Kind: "assumption", ID: noteResponse, Args: []any{
			"operator", r.Operator, "orders", r.Orders, "in_time", r.InTime, "open", r.Open,
			"unobserved", r.Unobserved, "p50", tenth(r.P50), "p90", tenth(r.P90),
			"from", end.From.UTC().Format(time.DateOnly), "until", end.Until.UTC().Format(time.DateOnly),
		}})
	}
	sheet := scoring.Sheet{Operator: r.Operator}
	for _, v := range s.Sheets[at].Values {
		if !slices.Contains(responseIndicators(), v.Indicator) {
			sheet.Values = append(sheet.Values, v)
		}
	}
	for _, v := range r.Values() {
		if slices.ContainsFunc(s.Rubric.Indicators, func(i scoring.Indicator) bool {
			return i.ID == v.Indicator
		}) {
			sheet.Values = append(sheet.Values, v)
		}
	}
	s.Sheets[at] = sheet
}

// tenth rounds to a tenth, for people.
func tenth(x float64) float64 { return math.Round(10*x) / 10 }

// ResponseNote returns the note that says what an operator's response times rest on, and whether
// the plan has one.
func (p *Plan) ResponseNote(operator string) (Note, bool) {
	for _, n := range p.Notes {
		if (n.ID == noteResponse || n.ID == noteNoResponse) && len(n.Args) > 1 && n.Args[1] == operator {
			return n, true
		}
	}
	return Note{}, false
}
