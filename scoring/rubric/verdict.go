package rubric

// met returns the vetoes whose condition a value of any of the operator's sheets meets, in the
// order of the rubric. A value that is unknown meets none.
func (r *Rubric) met(sheets []entry) []*Veto {
	var found []*Veto
	for i := range r.Vetoes {
		v := &r.Vetoes[i]
		for _, e := range sheets {
			if x := r.figure(e, v.Of); x != nil && v.holds(*x) {
				found = append(found, v)
				break
			}
		}
	}
	return found
}

// figure returns an indicator's value, or a figure of the sheet; nil = unknown. The indicator is
// that of the operator's own table, else of the first table that has it: no operator escapes
// a veto by the table it is scored by.
func (r *Rubric) figure(e entry, name string) *Number {
	if d := e.table.indicator(name); d != nil {
		return d.value(e.Sheet)
	}
	if x := e.Values[name]; x != nil {
		return x
	}
	for i := range r.Tables {
		if d := r.Tables[i].indicator(name); d != nil {
			return d.value(e.Sheet)
		}
	}
	return nil
}

// indicator returns the row of that ID, or nil.
func (t *Table) indicator(id string) *Indicator {
	for j := range t.Indicators {
		if t.Indicators[j].ID == id {
			return &t.Indicators[j]
		}
	}
	return nil
}

// grade returns the grade of a rounded score, within what the vetoes leave; "" where the score
// is below every line, or where it is unknown and could have several.
func (r *Rubric) grade(score estimate, vetoes []*Veto) string {
	if score.exact != nil {
		return r.gradeOf(*score.exact, vetoes)
	}
	if low := r.gradeOf(score.low, vetoes); low == r.gradeOf(score.high, vetoes) {
		return low
	}
	return ""
}

func (r *Rubric) gradeOf(score Number, vetoes []*Veto) string {
	reached := false
	for i := range r.Grades {
		g := &r.Grades[i]
		reached = reached || g.reached(score)
		if reached && !barred(r.Grades[i:], vetoes) {
			return g.ID
		}
	}
	return ""
}

// barred reports whether a veto caps the grade below the first of these.
func barred(from []Grade, vetoes []*Veto) bool {
	for _, v := range vetoes {
		for _, g := range from[1:] {
			if v.Do == doCap && v.Grade == g.ID {
				return true
			}
		}
	}
	return false
}

// verdict compares a rounded score with the line: 60.0 passes 60. It is unknown where the interval
// has the line inside.
func (r *Rubric) verdict(score estimate) string {
	switch {
	case r.Pass == nil:
		return noLine
	case score.low.Cmp(*r.Pass) >= 0:
		return passes
	case score.high.Cmp(*r.Pass) < 0:
		return fails
	}
	return unknown
}
