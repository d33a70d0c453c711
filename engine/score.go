package engine

import (
	"fmt"
	"math"
	"strings"

	"github.com/stint-city/stint/scoring"
)

// newPlan returns a plan with everything but its sectors.
//
// Article 7: the evaluation is published; the rubric and each item go with the score.
func newPlan(s *Snapshot, tool string, cards []scoring.Scorecard) *Plan {
	p := &Plan{
		Schema: PlanSchema, Tool: tool, City: s.City,
		PolicyVersion: s.PolicyVersion, Inputs: s.Inputs, Layers: s.Layers,
		Compliance: s.Compliance, Labels: s.Labels, Rubric: rubricPlan(s.Rubric, s.Labels),
		Notes: append([]Note{}, s.Notes...), Marks: s.Marks,
	}
	if len(s.Sectors) > 0 {
		p.PolicyID = s.Sectors[0].Rules.ID
	}
	for _, o := range s.Operators {
		for _, c := range cards {
			if c.Operator == o.ID {
				p.Scorecards = append(p.Scorecards, scorecard(c, o.Name))
			}
		}
	}
	return p
}

// scorecard returns a score as it is published.
func scorecard(c scoring.Scorecard, name Name) Scorecard {
	out := Scorecard{
		Operator: c.Operator, Name: name, Low: c.Low, High: c.High, Pass: c.Pass,
	}
	if c.Known {
		out.Score = known(c.Score)
	}
	for _, i := range c.Items {
		item := Item{
			Indicator: i.Indicator, Why: i.Why, Weight: i.Weight, Effective: i.Effective,
			Points: known(i.Points), Contribution: known(i.Contribution), How: i.How,
		}
		if i.Known {
			item.Value = known(i.Value)
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// rubricPlan returns the rubric as it is published.
func rubricPlan(r scoring.Rubric, labels map[string]Name) RubricPlan {
	p := RubricPlan{ID: r.ID, Pass: known(r.Pass)}
	for _, i := range r.Indicators {
		p.Indicators = append(p.Indicators, IndicatorPlan{
			ID: i.ID, Name: labels[i.ID], Unit: i.Unit, Higher: i.Higher, Weight: i.Weight,
			Rule: scale(i), Missing: string(i.Missing),
		})
	}
	return p
}

// scale writes an indicator's scale in short: "0 at 5, 100 at 1" or ">= 0.9: 100; else: 0".
func scale(i scoring.Indicator) string {
	if i.Linear != nil {
		return fmt.Sprintf("0 at %g, 100 at %g", i.Linear.Zero, i.Linear.Full)
	}
	signs := map[string]string{"gte": "≥ %g", "gt": "> %g", "lte": "≤ %g", "lt": "< %g"}
	rows := make([]string, len(i.Bands))
	for n, b := range i.Bands {
		when := "else"
		if sign, ok := signs[b.Op]; ok {
			when = fmt.Sprintf(sign, b.Value)
		}
		rows[n] = fmt.Sprintf("%s: %g", when, b.Points)
	}
	return strings.Join(rows, "; ")
}

// scoreOf returns an operator's score, NaN where it is unknown or nobody scored it.
func scoreOf(cards []scoring.Scorecard, operator string) float64 {
	for _, c := range cards {
		if c.Operator == operator && c.Known {
			return c.Score
		}
	}
	return math.NaN()
}
