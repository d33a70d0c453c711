package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/quota/policy"
	"github.com/stint-city/stint/scoring"
)

// RulePlan is the written rule that made a sector's totals, with its decision: every number of it
// has its steps.
type RulePlan struct {
	ID       string           `json:"id"`
	Name     Name             `json:"name"`
	Source   string           `json:"source"`
	Decision *policy.Decision `json:"decision"`
}

// RuleBound is what FloorBy and CeilingBy say of a total that a written rule made.
const RuleBound = "rule"

// divideByRule fills d.shares by the city's written rule: the scores of this plan, the quotas
// before and the requests go in, with the total that the ground and the demand allow. An operator
// without a quota before is an entrant, with a quota of 0 before.
func (d *draft) divideByRule(cards []scoring.Scorecard) error {
	rule := d.sector.Rule
	state := rule.Given
	total := policy.Whole(d.totals.Total)
	state.Total, state.Operators = &total, nil
	d.scores = make([]float64, len(d.snapshot.Operators))
	for k, o := range d.snapshot.Operators {
		d.scores[k] = scoreOf(cards, o.ID)
		if o.Licensed[d.at] {
			state.Operators = append(state.Operators, d.ruleOperator(k))
		}
	}
	decision, err := rule.Program.Apply(&state, rule.Calendar)
	if err != nil {
		return fmt.Errorf("operators' totals: %w", err)
	}
	d.rule = &RulePlan{
		ID: rule.Program.Policy.ID, Source: rule.Program.Policy.Source.Text, Decision: decision,
		Name: Name(rule.Program.Policy.Name),
	}
	d.ruleNotes(decision)
	d.shares = merit.Decision{
		Totals:  make([]merit.Total, len(d.snapshot.Operators)),
		Granted: decision.Allocated, Unallocated: d.totals.Total - decision.Allocated,
	}
	for k, o := range d.snapshot.Operators {
		d.shares.Totals[k] = merit.Total{
			ID: o.ID, FloorBy: RuleBound, CeilingBy: RuleBound, Pool: merit.PoolIncumbent,
		}
		if !o.Licensed[d.at] {
			d.shares.Totals[k].CeilingBy = merit.RuleLicence
		}
	}
	for _, o := range decision.Operators {
		for k := range d.shares.Totals {
			if t := &d.shares.Totals[k]; t.ID == o.ID && o.Quota != nil {
				t.Quota, t.Floor, t.Ceiling = *o.Quota, *o.Quota, *o.Quota
				t.Base, t.Merit, t.Weight = float64(*o.Quota), 1, float64(*o.Quota)
			}
		}
	}
	d.shares.Pools = []merit.Pool{{
		Name: merit.PoolIncumbent, Total: decision.Allocated, Multiplier: 1,
	}}
	return nil
}

// ruleNotes notes which alarms of the market hold and which sites the rule takes from their
// operators. Both inform: no total and no cell of the plan changes by them.
func (d *draft) ruleNotes(decision *policy.Decision) {
	for _, a := range decision.Alarms {
		switch do := strings.Join(a.Do, ", "); {
		case a.Holds == nil:
			d.note("warning", "warning.alarm-unknown", "alarm", a.ID)
		case *a.Holds && do == "":
			d.note("warning", "warning.alarm", "alarm", a.ID)
		case *a.Holds:
			d.note("warning", "warning.alarm-do", "alarm", a.ID, "do", do)
		}
	}
	for _, s := range decision.Sites {
		d.note("warning", "warning.site", "site", s.ID, "operator", s.Operator, "rule", s.Rule,
			"do", s.Do)
	}
}

// ruleOperator returns what a written rule is told of operator k.
func (d *draft) ruleOperator(k int) policy.OperatorState {
	o := d.snapshot.Operators[k]
	s := policy.OperatorState{ID: o.ID}
	for _, given := range d.sector.Rule.Given.Operators {
		if given.ID == o.ID {
			s = given
		}
	}
	before, class := o.Previous[d.at], "incumbent"
	if before < 0 {
		before, class = 0, "entrant"
	}
	s.Quota = &before
	if s.Class == "" {
		s.Class = class
	}
	if request := o.Request[d.at]; request >= 0 {
		s.Request = &request
	}
	if score, err := policy.ParseNumber(d.scoreText(k)); err == nil {
		s.Score = &score
	}
	return s
}

// scoreText returns the score that a written rule is told: that of the table of marks, on its own
// scale, or else that of the rubric, 0 to 100; "" where it is unknown.
func (d *draft) scoreText(k int) string {
	for _, c := range d.snapshot.Marks {
		if c.Operator == d.snapshot.Operators[k].ID && c.Score != nil {
			return c.Score.String()
		}
	}
	return decimals(d.scores[k])
}

// decimals writes a score with nine decimals, more than any rubric publishes, so that what binary
// fractions lose does not part 60 from the line of 60; NaN stays no number.
func decimals(score float64) string {
	if math.IsNaN(score) {
		return ""
	}
	return strconv.FormatFloat(score, 'f', 9, 64)
}
