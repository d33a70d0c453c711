package policy

import (
	"cmp"
	"slices"
)

// score makes one score of what each operator's state gives.
func (w *work) score() error {
	for _, o := range w.operators {
		v, err := w.scoreOf(o)
		if err != nil {
			return err
		}
		o.score = v
		if err := w.inScale(o); err != nil {
			return err
		}
	}
	return nil
}

// scoreOf rolls up periods, weighs assessors, or takes the score as it is.
func (w *work) scoreOf(o *operator) (Value, error) {
	rule, s := w.Policy.Score, o.state
	switch {
	case rule.RollUp != "" && s.Scores != nil:
		var known []Number
		for _, x := range s.Scores {
			if x != nil {
				known = append(known, *x)
			}
		}
		v := reduce(rule.RollUp, known)
		v.Known = v.Known && len(known) == len(s.Scores)
		return v, nil
	case len(rule.Assessors) > 0 && s.Assessed != nil:
		return w.weigh(o)
	case s.Score != nil:
		return number(*s.Score), nil
	}
	return unknown(KindNumber), nil
}

// weigh returns the mean of the assessors' scores by weight; one without a score makes it unknown,
// or its weight goes to the others in proportion.
func (w *work) weigh(o *operator) (Value, error) {
	sum, weights, missing := Number{}, Number{}, false
	for _, a := range w.Policy.Score.Assessors {
		x, ok := o.state.Assessed[a.ID]
		weight, err := w.cityFigure("score", a.Weight)
		switch {
		case err != nil:
			return Value{}, err
		case !ok || x == nil:
			missing = true
		default:
			sum, weights = sum.Add(x.Mul(weight)), weights.Add(weight)
		}
	}
	for id := range o.state.Assessed {
		if !slices.ContainsFunc(w.Policy.Score.Assessors, func(a Assessor) bool { return a.ID == id }) {
			return Value{}, stateError("operators["+o.ID+"].assessors", "unknown-assessor", "id", id)
		}
	}
	mean, ok := sum.Div(weights)
	if missing && w.Policy.Score.Absent == "unknown" {
		ok = false
	}
	return Value{Kind: KindNumber, Known: ok, Number: mean}, nil
}

// inScale refuses a score outside the scale, and tells whether it passes.
func (w *work) inScale(o *operator) error {
	if !o.score.Known {
		return nil
	}
	most, _, err := w.figure(o, "score", w.Policy.Score.Scale)
	if err != nil {
		return err
	}
	if w.Policy.Score.Bonus != "" {
		bonus, _, err := w.figure(o, "score", w.Policy.Score.Bonus)
		if err != nil {
			return err
		}
		most = most.Add(bonus)
	}
	if o.score.Number.Sign() < 0 || o.score.Number.Cmp(most) > 0 {
		return stateError("operators["+o.ID+"].score", "scale", "got", o.score.String(),
			"most", most.String())
	}
	return nil
}

// derive computes the policy's own figures, in their order.
func (w *work) derive() error {
	for _, x := range w.Policy.Derive {
		e := w.exprs[x.Is][x.Of]
		if x.Of == OfCity {
			v := x.round(e.Eval(w.cityFact))
			w.city[x.ID], w.decision.Figures[x.ID] = v, v
			continue
		}
		for _, o := range w.operators {
			v := x.round(e.Eval(o.fact))
			o.facts[x.ID] = v
			if o.Figures == nil {
				o.Figures = map[string]Value{}
			}
			o.Figures[x.ID] = v
		}
	}
	return nil
}

// round rounds a derived figure where the policy says so.
func (x Derived) round(v Value) Value {
	if v.Known && x.Round != "" {
		v.Number = x.Round.Round(v.Number, x.Decimals)
	}
	return v
}

// veto finds what no score makes up for.
func (w *work) veto() error {
	for _, o := range w.operators {
		for _, x := range w.Policy.Vetoes {
			held := w.holds(o, x.ID, x.If)
			o.facts["veto."+x.ID] = truth(held)
			if !held {
				continue
			}
			o.Vetoes = append(o.Vetoes, x.ID)
			o.step(Step{
				Rule: x.ID, Message: "policy.step.veto",
				Inputs: inputs(w.exprs[x.If][OfOperator], o.fact),
			})
			switch x.Do {
			case "zero_score":
				o.score = whole(0)
			case "exit":
				o.Status = "exit"
			}
		}
	}
	return nil
}

// grade finds each operator's grade: the first whose line the score reaches, no better than a veto
// allows; and whether the score passes.
func (w *work) grade() error {
	for _, o := range w.operators {
		if o.score.Known {
			score := o.score.Number
			o.Score = &score
		}
		if line := w.Policy.Score.Pass; line != "" && o.score.Known {
			x, _, err := w.figure(o, "score.pass", line)
			if err != nil {
				return err
			}
			pass := o.score.Number.Cmp(x) >= 0
			o.Pass = &pass
		}
		at, err := w.band(o)
		if err != nil {
			return err
		}
		for _, x := range w.Policy.Vetoes {
			if x.Do != "cap_grade" || !slices.Contains(o.Vetoes, x.ID) {
				continue
			}
			limit := slices.IndexFunc(w.Policy.Grades, func(g Grade) bool { return g.ID == x.Grade })
			at = max(at, limit)
		}
		if at >= 0 {
			o.Grade = w.Policy.Grades[at].ID
			o.Actions = append(o.Actions, w.Policy.Grades[at].Do...)
		}
	}
	return nil
}

// band returns the place of the first grade that the score reaches, -1 for none.
func (w *work) band(o *operator) (int, error) {
	if !o.score.Known {
		return -1, nil
	}
	for i, g := range w.Policy.Grades {
		line, strict := g.From, false
		if g.Above != "" {
			line, strict = g.Above, true
		}
		if line == "" {
			return i, nil
		}
		x, _, err := w.figure(o, g.ID, line)
		if err != nil {
			return -1, err
		}
		if order := o.score.Number.Cmp(x); order > 0 || (order == 0 && !strict) {
			return i, nil
		}
	}
	return -1, nil
}

// rank orders the qualified operators.
func (w *work) rank() error {
	for _, o := range w.operators {
		o.Qualified = o.Status == "active" && w.holds(o, "qualified", w.Policy.Qualified)
	}
	if w.Policy.Rank == nil {
		return nil
	}
	rule := w.Policy.Rank
	keys := map[*operator][]Value{}
	for _, o := range w.operators {
		if !o.Qualified {
			continue
		}
		by := w.exprs[rule.By][OfOperator].Eval(o.fact)
		if !by.Known {
			o.step(Step{Rule: "rank", Message: "policy.step.no-rank"})
			continue
		}
		keys[o] = append(keys[o], by)
		for _, tie := range rule.Ties {
			keys[o] = append(keys[o], w.exprs[tie][OfOperator].Eval(o.fact))
		}
		w.ranked = append(w.ranked, o)
	}
	slices.SortStableFunc(w.ranked, func(a, b *operator) int { // by ID already
		return compare(keys[b], keys[a])
	})
	for i, o := range w.ranked {
		o.rank = i + 1
		if i > 0 && rule.Last == "shared" && compare(keys[o], keys[w.ranked[i-1]]) == 0 {
			o.rank = w.ranked[i-1].rank
		}
		rank := o.rank
		o.Rank = &rank
	}
	last := 0
	if n := len(w.ranked); n > 0 {
		last = w.ranked[n-1].rank
	}
	w.city["ranked"] = whole(last)
	return nil
}

// compare orders lists of figures by the first that differs; an unknown one is less than any.
func compare(a, b []Value) int {
	for i := range a {
		switch x, y := a[i], b[i]; {
		case !x.Known || !y.Known:
			if order := cmp.Compare(order(x.Known), order(y.Known)); order != 0 {
				return order
			}
		default:
			if order := x.Number.Cmp(y.Number); order != 0 {
				return order
			}
		}
	}
	return 0
}

func order(known bool) int {
	if known {
		return 1
	}
	return 0
}

// streak counts the periods in a row; one in which nobody knows leaves the count as it was.
func (w *work) streak() error {
	for _, o := range w.operators {
		for _, x := range w.Policy.Streaks {
			n := o.state.Streaks[x.ID]
			v := w.exprs[x.If][OfOperator].Eval(o.fact)
			switch {
			case v.Known && v.Truth:
				n++
			case v.Known && x.Reset == "break":
				n = 0
			}
			if o.Streaks == nil {
				o.Streaks = map[string]int{}
			}
			o.Streaks[x.ID] = n
			o.facts["streak."+x.ID] = whole(n)
		}
		o.Original = o.began()
	}
	return nil
}

// began returns the quota that an operator had when the streaks that run now began: what the state
// says, or what it has before this period where they begin in it. nil where none runs.
func (o *operator) began() *int {
	longest := 0
	for _, n := range o.Streaks {
		longest = max(longest, n)
	}
	switch longest {
	case 0:
		return nil
	case 1:
		return o.Before
	}
	return o.state.Original
}

// original returns what "original" means in a formula: what the state says, or else the quota when
// the streak began.
func (o *operator) original() *int {
	if o.state.Original != nil {
		return o.state.Original
	}
	return o.Original
}
