package report

import (
	"math"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// score accounts for the operator's score: each indicator's points and weight.
func (e *explainer) score() {
	for i := range e.plan.Scorecards {
		if card := &e.plan.Scorecards[i]; card.Operator == e.op().ID {
			for j := range card.Items {
				e.item(&card.Items[j])
			}
			e.responses()
			e.sum(card)
			return
		}
	}
	e.say(PartScore, "no-score")
}

// responses says which orders the operator's response times rest on, where they were measured.
func (e *explainer) responses() {
	if n, ok := e.plan.ResponseNote(e.op().ID); ok {
		e.lines = append(e.lines, Line{PartScore, lang.M(n.ID, n.Args...)})
	}
}

// item accounts for one indicator.
func (e *explainer) item(it *engine.Item) {
	d := indicatorOf(&e.plan.Rubric, it.Indicator)
	switch {
	case it.Points == nil:
		e.say(PartScore, "item-unknown", "indicator", it.Indicator, "how", how(it), "why", why(it))
	case it.Value == nil:
		e.say(PartScore, "item-assumed", "indicator", it.Indicator, "missing", how(it),
			"points", significant(*it.Points, shareDigits),
			"weight", significant(it.Effective, shareDigits), "part", part(it))
	default:
		e.say(PartScore, "item", "indicator", it.Indicator, "value", rounded(it.Value),
			"unit", d.Unit, "rule", d.Rule, "points", significant(*it.Points, shareDigits),
			"weight", significant(it.Effective, shareDigits), "part", part(it))
	}
}

// rounded is a number with the digits that accounts have; nil = unknown.
func rounded(x *float64) any {
	if x == nil {
		return nil
	}
	return significant(*x, shareDigits)
}

// part is what an item adds to the score; nil = unknown.
func part(it *engine.Item) any {
	return rounded(it.Contribution)
}

// sum accounts for the score as a whole.
func (e *explainer) sum(card *engine.Scorecard) {
	if card.Score == nil {
		e.say(PartScore, "score-unknown", "low", significant(card.Low, shareDigits),
			"high", significant(card.High, shareDigits))
		return
	}
	e.say(PartScore, "score", "score", significant(*card.Score, shareDigits), "pass", card.Pass)
}

// operator accounts for the operator's total: base, merit, weight, divisor, rounding, bounds.
func (e *explainer) operator() {
	o, rules := e.op(), e.sector.Settings.Rules
	if !o.Licensed {
		e.say(PartOperator, "unlicensed")
	}
	if e.sector.Rule != nil {
		e.byRule(e.sector.Rule)
		return
	}
	if o.Score != nil {
		e.say(PartOperator, "merit", "score", significant(*o.Score, shareDigits),
			"exponent", rules.Exponent, "merit", significant(o.Merit, shareDigits))
	} else {
		e.say(PartOperator, "merit-unknown", "rule", rules.UnknownScore,
			"merit", significant(o.Merit, shareDigits))
	}
	e.say(PartOperator, "weight",
		"base", significant(o.Base, shareDigits), "rule", baseCode(e.sector, o),
		"merit", significant(o.Merit, shareDigits), "weight", significant(o.Weight, shareDigits))
	for _, pool := range e.sector.Pools {
		if pool.Name == o.Pool {
			exact := significant(o.Weight, shareDigits) * significant(pool.Multiplier, shareDigits)
			e.say(PartOperator, "divisor", "weight", significant(o.Weight, shareDigits),
				"multiplier", significant(pool.Multiplier, shareDigits), "pool", poolCode(e.sector, pool.Name),
				"exact", significant(exact, shareDigits), "rounded", round(exact))
		}
	}
	e.bounds()
}

// byRule accounts for a total that a written rule made: its steps.
func (e *explainer) byRule(rule *engine.RulePlan) {
	e.say(PartOperator, "by-rule", "rule", rule.ID, "source", rule.Source)
	for i := range rule.Decision.Operators {
		o := &rule.Decision.Operators[i]
		if o.ID != e.op().ID {
			continue
		}
		for _, s := range o.Steps {
			e.say(PartOperator, "rule-step", "step", stepMessage(s))
		}
	}
	e.say(PartOperator, "operator-total", "n", e.op().Quota)
}

// bounds accounts for the operator's bounds and what it got between them.
func (e *explainer) bounds() {
	o := e.op()
	if o.FloorBy == "" {
		e.say(PartOperator, "floor-none")
	} else {
		e.say(PartOperator, "floor-by", "n", o.Floor, "by", o.FloorBy)
	}
	if o.CeilingBy != "" {
		e.say(PartOperator, "ceiling-by", "n", o.Ceiling, "by", o.CeilingBy)
	}
	if o.Bound == "" {
		e.say(PartOperator, "operator-total", "n", o.Quota)
		return
	}
	e.say(PartOperator, "operator-bound", "n", o.Quota, "bound", o.Bound)
}

// quota accounts for the operator's part of the cell: claim, multipliers, rounding, tolerance,
// bounds.
func (e *explainer) quota() {
	c, o, rules := e.cell, e.op(), e.sector.Settings.Matrix
	claim := significant(c.Claims[e.k], shareDigits)
	e.claim(claim)
	if claim == 0 || c.Total == 0 {
		e.say(PartQuota, "nothing", "total", c.Total)
		return
	}
	rho, delta := significant(o.Multiplier, shareDigits), significant(c.Multiplier, shareDigits)
	y := claim * rho * delta
	e.say(PartQuota, "share", "claim", claim, "rho", rho, "delta", delta,
		"share", significant(y, shareDigits))
	fair := e.rounded(y)
	e.say(PartQuota, "upper", "upper", c.Upper[e.k], "share", rules.LocalMaxShare, "total", c.Total)
	quota := min(fair, c.Upper[e.k])
	switch {
	case c.Codes[e.k] == codeTie:
		e.say(PartQuota, "tie", "seed", e.plan.City.TieSeed, "n", c.Quotas[e.k])
	case quota != c.Quotas[e.k]:
		e.say(PartQuota, "differs", "n", quota, "quota", c.Quotas[e.k])
	default:
		e.say(PartQuota, "result", "n", quota, "reason", c.Codes[e.k])
	}
}

// claim accounts for the operator's claim on the cell.
func (e *explainer) claim(claim float64) {
	o, rules := e.op(), e.sector.Settings.Matrix
	if rules.Claims == claimsUse {
		e.say(PartQuota, "claim-use", "claim", claim, "smoothing", rules.Smoothing,
			"n", o.Quota, "total", e.sector.Total)
		return
	}
	e.say(PartQuota, "claim-equal", "claim", claim, "n", o.Quota, "total", e.sector.Total)
}

// codeTie is the code of a quota that the lottery decided.
const codeTie = "tie"

// rounded accounts for the rounding of a share y, within the churn tolerance where there was a
// previous quota, and returns the whole number.
func (e *explainer) rounded(y float64) int {
	if len(e.cell.Previous) == 0 {
		e.say(PartQuota, "rounded", "share", significant(y, shareDigits), "n", round(y))
		return round(y)
	}
	tolerance, previous := e.sector.Settings.Matrix.Tolerance, e.cell.Previous[e.k]
	below, above := y*math.Exp(-tolerance), y*math.Exp(tolerance)
	low, high := round(below), round(above)
	fair := max(low, min(previous, high))
	e.say(PartQuota, "band", "tolerance", tolerance, "share", significant(y, shareDigits),
		"below", significant(below, shareDigits), "low", low,
		"above", significant(above, shareDigits), "high", high, "previous", previous, "n", fair)
	return fair
}

// round rounds half up.
func round(x float64) int { return int(math.Floor(x + 0.5)) }
