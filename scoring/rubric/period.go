package rubric

// period weighs the parts of one operator and period: its sheets' in the order of the rubric's
// assessors. Where an assessor has no sheet, the others count in proportion if Absent says so,
// else the score is unknown.
func (r *Rubric) period(entries []entry) (Period, estimate) {
	if len(r.Assessors) == 0 {
		p, score := entries[0].part(Whole(1))
		return periodOf(entries[0].Period, score, []Part{p}), score
	}
	sheets := make([]*entry, len(r.Assessors)) // nil = absent
	var weights Number
	for i, a := range r.Assessors {
		for k := range entries {
			if entries[k].Assessor == a.ID {
				sheets[i] = &entries[k]
			}
		}
		if sheets[i] != nil || r.Absent == absentUnknown {
			weights = weights.plus(a.Weight)
		}
	}
	parts, sum := make([]Part, len(r.Assessors)), exactly(Number{})
	for i, a := range r.Assessors {
		weight := a.Weight.over(weights)
		if sheets[i] != nil {
			var score estimate
			parts[i], score = sheets[i].part(weight)
			sum = sum.plus(score.times(weight))
			continue
		}
		best := entries[0].table.best(a.ID)
		parts[i] = Part{Assessor: a.ID, Weight: weight, High: best, Items: []Item{}}
		if r.Absent == absentReweigh {
			parts[i].Weight = Number{}
			continue
		}
		sum = sum.plus(between(Number{}, best).times(weight))
	}
	return periodOf(entries[0].Period, sum, parts), sum
}

func periodOf(name string, score estimate, parts []Part) Period {
	return Period{Period: name, Score: score.exact, Low: score.low, High: score.high, Parts: parts}
}

// rollUp makes one score of the periods' scores, which are in the order of their names. A period
// that isn't known counts as Absent says; one that isn't there may have been the last.
func (r *Rubric) rollUp(t *Table, scores []estimate) estimate {
	if r.RollUp == nil {
		return scores[0]
	}
	var known []estimate
	for _, s := range scores {
		if s.exact != nil {
			known = append(known, s)
		}
	}
	if r.RollUp.Absent == absentReweigh && len(known) > 0 {
		return r.RollUp.take(known)
	}
	for len(scores) < r.RollUp.Of {
		scores = append(scores, between(Number{}, r.best(t)))
	}
	return r.RollUp.take(scores)
}

// take reduces scores, of which there is at least one; a sum is of as many as there should be.
func (u *RollUp) take(scores []estimate) estimate {
	if u.Take == takeLast {
		return scores[len(scores)-1]
	}
	step := Number.plus
	switch u.Take {
	case takeMin:
		step = lesser
	case takeMax:
		step = larger
	}
	total := scores[0]
	for _, s := range scores[1:] {
		total = total.both(s, step)
	}
	n := Whole(len(scores))
	switch u.Take {
	case takeMean:
		return total.times(Whole(1).over(n))
	case takeSum:
		return total.times(Whole(u.Of).over(n))
	}
	return total
}

// best returns the highest score of a period: where absent assessors are reweighed, that of the
// one who can give most, alone.
func (r *Rubric) best(t *Table) Number {
	var sum, weights, most Number
	for _, a := range r.Assessors {
		best := t.best(a.ID)
		sum, most = sum.plus(best.times(a.Weight)), larger(most, best)
		weights = weights.plus(a.Weight)
	}
	switch {
	case weights.Sign() == 0:
		return t.best("")
	case r.Absent == absentReweigh:
		return most
	}
	return sum.over(weights)
}

// scale returns the full marks of a card: a period's, or those of all periods that are summed.
func (r *Rubric) scale(t *Table) Number {
	if r.RollUp != nil && r.RollUp.Take == takeSum {
		return t.Scale.times(Whole(r.RollUp.Of))
	}
	return t.Scale
}
