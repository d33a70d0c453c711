package policy

import (
	"math"

	"github.com/stint-city/stint/quota/merit"
)

// optimise divides size by merit.Apply: the whole numbers nearest in proportion to base × merit
// within the bounds that Merit, Bounds and requests set. It overwrites weights with those used.
func (w *work) optimise(x *Pool, size int, members []*operator, weights []Number) ([]int, error) {
	list := make([]merit.Operator, len(members))
	for i, o := range members {
		score, err := w.hundredths(o)
		if err != nil {
			return nil, err
		}
		list[i] = merit.Operator{
			ID: o.ID, Score: score, Previous: -1, Request: -1, Use: math.NaN(), Licensed: true,
		}
		if o.Before != nil {
			list[i].Previous = *o.Before
		}
		if o.state.Request != nil {
			list[i].Request = *o.state.Request
		}
		if use := o.lookUp("use"); use.Known && use.Kind == KindNumber {
			list[i].Use = use.Number.Float()
		}
	}
	d, err := merit.Apply(*x.Merit, size, list)
	if err != nil {
		return nil, stateError("allocate", "merit", "pool", x.ID, "text", err.Error())
	}
	parts := make([]int, len(members))
	for i, t := range d.Totals {
		parts[i], weights[i] = t.Quota, numberOf(t.Weight)
		if t.Bound != "" {
			o := members[i]
			o.step(Step{Rule: x.ID, Message: "policy.step.merit-bound", Limit: boundOf(t)})
		}
	}
	return parts, nil
}

// boundOf returns the rule behind the bound that decided a total.
func boundOf(t merit.Total) string {
	if t.Bound == "floor" {
		return t.FloorBy
	}
	return t.CeilingBy
}

// hundredths returns a score as part of its scale, 0 to 100; NaN where it is unknown.
func (w *work) hundredths(o *operator) (float64, error) {
	if !o.score.Known {
		return math.NaN(), nil
	}
	scale, _, err := w.figure(o, "score", w.Policy.Score.Scale)
	if err != nil {
		return 0, err
	}
	part, ok := o.score.Number.Mul(Whole(100)).Div(scale)
	if !ok {
		return math.NaN(), nil
	}
	return min(part.Float(), 100), nil
}
