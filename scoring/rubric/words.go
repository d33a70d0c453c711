package rubric

// The words of a rubric that decide something.
const (
	kindMark      = "mark"
	kindBonus     = "bonus"
	kindDeduction = "deduction"

	higher = "higher"
	lower  = "lower"

	missingUnknown = "unknown"
	missingWorst   = "worst"
	missingMean    = "mean"
	missingExclude = "exclude"

	absentUnknown = "unknown"
	absentReweigh = "reweigh"

	takeMean = "mean"
	takeMin  = "min"
	takeMax  = "max"
	takeSum  = "sum"
	takeLast = "last"

	doCap  = "cap_grade"
	doZero = "zero_score"
	doExit = "exit"

	halfUp   = "half_up"
	halfEven = "half_even"

	passes  = "pass"
	fails   = "fail"
	unknown = "unknown"
	noLine  = "none"
)

// kind returns what the row does; a row that says nothing is a mark.
func (d *Indicator) kind() string {
	if d.Kind == "" {
		return kindMark
	}
	return d.Kind
}

// markedBy reports whether the assessor marks the row.
func (d *Indicator) markedBy(assessor string) bool {
	for _, id := range d.Assessors {
		if id == assessor {
			return true
		}
	}
	return len(d.Assessors) == 0
}

// full returns what the full marks sum to of the table's rows that keep says yes to; bonuses and
// deductions aren't marks.
func (t *Table) full(keep func(*Indicator) bool) Number {
	var sum Number
	for j := range t.Indicators {
		if d := &t.Indicators[j]; d.kind() == kindMark && keep(d) {
			sum = sum.plus(d.Max)
		}
	}
	return sum
}
