package rubric

// part sums one assessor's marks on the table's full scale.
//
// The full marks of the rows that the assessor marks and that aren't dropped are scaled up to the
// scale, points and all, so that full marks are full marks for everybody. Bonuses and deductions
// stay as they are written; each kind is summed and held to its cap. No part is below 0.
func (e *entry) part(weight Number) (Part, estimate) {
	t := e.table
	factor := t.Scale.over(e.kept())
	marks, bonus, deducted := exactly(Number{}), exactly(Number{}), exactly(Number{})
	p := Part{Assessor: e.Assessor, Weight: weight, Items: make([]Item, 0, len(e.marks))}
	for _, m := range e.marks {
		points, most := m.points, m.row.Max
		if m.row.kind() == kindMark {
			points, most = points.times(factor), most.times(factor)
		}
		p.Items = append(p.Items, t.item(m, points, most))
		switch {
		case m.dropped:
		case m.row.kind() == kindBonus:
			bonus = bonus.plus(points)
		case m.row.kind() == kindDeduction:
			deducted = deducted.plus(points)
		default:
			marks = marks.plus(points)
		}
	}
	bonus, deducted = bonus.atMost(t.Bonus), deducted.atMost(t.Deduct)
	score := marks.minus(deducted).plus(bonus).notNegative()
	p.Categories = t.categories(p.Items)
	p.Bonus, p.Deducted = bonus.sure(), deducted.sure()
	p.Score, p.Low, p.High = score.exact, score.low, score.high
	return p, score
}

// kept returns what the full marks of the sheet's rows sum to, those dropped aside; more than 0.
func (e *entry) kept() Number {
	var sum Number
	for _, m := range e.marks {
		if m.row.kind() == kindMark && !m.dropped {
			sum = sum.plus(m.row.Max)
		}
	}
	return sum
}

// item returns the row as the card shows it; a dropped one has no points and is worth none.
func (t *Table) item(m mark, points estimate, most Number) Item {
	item := Item{
		Indicator: m.row.ID, Category: m.row.Category, Agency: t.agency(m.row), Kind: m.row.kind(),
		Value: m.value, Points: points.exact, Max: most, How: m.how,
	}
	if m.samples != nil {
		item.Samples = *m.samples
	}
	if m.dropped {
		item.Points, item.Max = nil, Number{}
	}
	return item
}

// agency returns who answers for the row: its own agency, else its category's.
func (t *Table) agency(d *Indicator) string {
	if d.Agency != "" {
		return d.Agency
	}
	for _, g := range t.Categories {
		if g.ID == d.Category {
			return g.Agency
		}
	}
	return ""
}

// categories sums the marks of each category, bonuses and deductions aside: they are capped as
// a whole, and belong to no heading. A category without a mark among the items is left out, and
// one with an unknown mark, or with none that counts, has no points.
func (t *Table) categories(items []Item) []CategoryScore {
	var scores []CategoryScore
	for _, g := range t.Categories {
		score, sum, known, some := CategoryScore{ID: g.ID}, Number{}, true, false
		for _, item := range items {
			if item.Category != g.ID || item.Kind != kindMark {
				continue
			}
			some = true
			score.Max = score.Max.plus(item.Max)
			switch {
			case item.Points != nil:
				sum = sum.plus(*item.Points)
			case item.Max.Sign() > 0:
				known = false
			}
		}
		if known && score.Max.Sign() > 0 {
			score.Points = &sum
		}
		if some {
			scores = append(scores, score)
		}
	}
	return scores
}

// best returns the most points that an assessor can give: the scale and all bonuses, within their
// cap.
func (t *Table) best(assessor string) Number {
	var bonus Number
	for j := range t.Indicators {
		if d := &t.Indicators[j]; d.kind() == kindBonus && d.markedBy(assessor) {
			bonus = bonus.plus(d.Max)
		}
	}
	if t.Bonus != nil {
		bonus = lesser(bonus, *t.Bonus)
	}
	return t.Scale.plus(bonus)
}
