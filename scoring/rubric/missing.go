package rubric

// mark gives points to every row of the sheet that has a value.
func (r *Rubric) mark(e *entry) {
	e.marks = make([]mark, 0, len(e.table.Indicators))
	for j := range e.table.Indicators {
		d := &e.table.Indicators[j]
		if !d.markedBy(e.Assessor) {
			continue
		}
		m := mark{row: d, value: d.value(e.Sheet), samples: d.observed(e.Sheet)}
		if m.value != nil {
			m.points, m.how = r.earn(d, *m.value, m.samples)
		}
		e.marks = append(e.marks, m)
	}
}

// peers are the sheets that a missing value's mean is taken over: those of one table, period and
// assessor.
type peers struct {
	row              *Indicator
	period, assessor string
}

// mean is the points of a row, summed over the sheets that have a value.
type mean struct {
	sum estimate
	n   int
}

// means returns what the rows whose missing values are the mean have on average.
func means(entries []entry) map[peers]mean {
	found := make(map[peers]mean)
	for _, e := range entries {
		for _, m := range e.marks {
			if m.row.Missing != missingMean || m.value == nil {
				continue
			}
			key := peers{m.row, e.Period, e.Assessor}
			so, known := found[key]
			if !known {
				so.sum = exactly(Number{})
			}
			found[key] = mean{so.sum.plus(m.points), so.n + 1}
		}
	}
	return found
}

// fill gives points to the rows without a value, as each row's rule says. A row that no rule helps
// is unknown: no points at worst, full marks at best, and the other way round for a deduction.
func (e *entry) fill(means map[peers]mean) {
	droppable := e.droppable()
	for j := range e.marks {
		m := &e.marks[j]
		if m.value != nil {
			continue
		}
		rule, others := m.row.Missing, means[peers{m.row, e.Period, e.Assessor}]
		isMark := m.row.kind() == kindMark
		switch {
		case rule == missingWorst && m.row.kind() == kindDeduction:
			m.points = exactly(m.row.Max)
		case rule == missingWorst:
			m.points = exactly(Number{})
		case rule == missingMean && others.n > 0:
			m.points = others.sum.times(Whole(1).over(Whole(others.n)))
		case rule == missingExclude && (droppable || !isMark):
			m.dropped = true
		default:
			rule = missingUnknown
			m.points = between(Number{}, m.row.Max)
		}
		m.how = howMissing + rule
	}
}

// droppable reports whether some mark is left when every row that its rule excludes is dropped.
func (e *entry) droppable() bool {
	for _, m := range e.marks {
		excluded := m.value == nil && m.row.Missing == missingExclude
		if m.row.kind() == kindMark && !excluded {
			return true
		}
	}
	return false
}
