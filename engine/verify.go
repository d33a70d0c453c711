package engine

import (
	"errors"
	"fmt"
	"math"

	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
)

// ErrBreach means that a plan does not hold one of its own statements.
var ErrBreach = errors.New("breach")

// Breach is the first statement of a plan that does not hold: a code of the catalogue with its
// arguments.
type Breach struct {
	Code string
	Args []any // name, value pairs
	Err  error // a *quota.Breach behind it, or nil
}

// Error returns the breach in plain words, for logs; the catalogue has the sentence for people.
func (b *Breach) Error() string {
	if b.Err != nil {
		return fmt.Sprintf("%s: %v", b.Code, b.Err)
	}
	return fmt.Sprint(append([]any{b.Code, " "}, b.Args...)...)
}

// Unwrap returns ErrBreach and what is behind b.
func (b *Breach) Unwrap() []error { return []error{ErrBreach, b.Err} }

// tolerance is how far a recomputed float may be off: far more than rounding, far less than a
// figure.
const tolerance = 1e-6

// Verify re-checks a plan by arithmetic that shares no code with the steps that made it: each score
// against its items, each capacity against its ground and its bounds, each weight against base and
// merit, every sum and bound of the allocation (quota.Verify), the optimality certificate
// (apportion.Certify), and last the plan's hash. It returns the first *Breach in that order.
func Verify(p *Plan) error {
	if p.Schema != PlanSchema {
		return breach("schema", "got", p.Schema, "want", PlanSchema)
	}
	for i := range p.Scorecards {
		if err := verifyScore(p, &p.Scorecards[i]); err != nil {
			return err
		}
	}
	gap := int64(0)
	for i := range p.Sectors {
		if err := verifySector(p, &p.Sectors[i]); err != nil {
			return err
		}
		gap += p.Sectors[i].Gap
	}
	if gap != p.Certificate.Gap || gap != 0 {
		return breach("gap", "sector", p.City.ID, "got", p.Certificate.Gap, "want", gap)
	}
	sealed, err := p.Sealed()
	if err != nil {
		return err
	}
	if !sealed {
		return breach("seal", "id", p.ID)
	}
	return nil
}

func breach(code string, args ...any) *Breach { return &Breach{Code: code, Args: args} }

// verifyScore re-adds a scorecard.
func verifyScore(p *Plan, c *Scorecard) error {
	if len(c.Items) != len(p.Rubric.Indicators) {
		return breach("score-items", "operator", c.Operator,
			"got", len(c.Items), "want", len(p.Rubric.Indicators))
	}
	sum := 0.0
	for _, item := range c.Items {
		if item.Points != nil && item.Contribution != nil &&
			math.Abs(item.Effective**item.Points-*item.Contribution) > tolerance {
			return breach("contribution", "operator", c.Operator, "indicator", item.Indicator,
				"got", *item.Contribution, "want", item.Effective**item.Points)
		}
		if item.Contribution != nil {
			sum += *item.Contribution
		}
	}
	if c.Score != nil && math.Abs(sum-*c.Score) > tolerance {
		return breach("score", "operator", c.Operator, "got", *c.Score, "want", sum)
	}
	return nil
}

// verifySector re-checks one sector: shape, capacities, operators, sums and bounds, certificate.
func verifySector(p *Plan, s *SectorPlan) error {
	for i := range s.Cells {
		if err := s.verifyCell(i); err != nil {
			return err
		}
	}
	for k := range s.Operators {
		if err := s.verifyOperator(p, &s.Operators[k]); err != nil {
			return err
		}
	}
	allocation := s.allocation()
	if err := quota.Verify(allocation); err != nil {
		return &Breach{Code: "allocation", Err: err}
	}
	certificate, err := apportion.Certify(s.problem(p), s.solution())
	if err != nil {
		return &Breach{Code: "certificate", Args: []any{"sector", s.ID}, Err: err}
	}
	if certificate.Gap != s.Gap {
		return breach("gap", "sector", s.ID, "got", s.Gap, "want", certificate.Gap)
	}
	return nil
}

// verifyOperator re-checks an operator's score, weight and quota.
func (s *SectorPlan) verifyOperator(p *Plan, o *OperatorPlan) error {
	for _, c := range p.Scorecards {
		if c.Operator == o.ID && !equal(c.Score, o.Score) {
			return breach("score-differs", "sector", s.ID, "operator", o.ID,
				"got", o.Score, "want", c.Score)
		}
	}
	if s.Rule != nil {
		for _, x := range s.Rule.Decision.Operators {
			if x.ID == o.ID && x.Quota != nil && *x.Quota != o.Quota {
				return breach("rule-quota", "sector", s.ID, "operator", o.ID,
					"got", o.Quota, "want", *x.Quota)
			}
		}
	}
	if want := o.Base * o.Merit; math.Abs(o.Weight-want) > tolerance*math.Max(1, want) {
		return breach("weight", "sector", s.ID, "operator", o.ID, "got", o.Weight, "want", want)
	}
	return nil
}

// equal reports whether two published numbers are the same, unknown included.
func equal(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= tolerance
}
