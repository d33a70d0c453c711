package rubric

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Finding is something in a rubric that is lawful but doubtful.
type Finding struct {
	Path string // where it stands, as in Fault
	Code string // what is doubtful, a slug: the message's ID is "rubric.<Code>"
	Args []any  // as in Fault
}

// Lint returns what a bureau should think over before it publishes the rubric, in the order of the
// file. It says nothing of what Check refuses.
func (r *Rubric) Lint() []Finding {
	l := &linter{Rubric: r}
	for i := range r.Tables {
		t := &r.Tables[i]
		for j := range t.Indicators {
			l.indicator(fmt.Sprintf("tables[%d].indicators[%d]", i, j), t, &t.Indicators[j])
		}
	}
	for i, v := range r.Vetoes {
		l.line(fmt.Sprintf("vetoes[%d].gt", i), v.GT)
	}
	for i := range r.Grades {
		g := &r.Grades[i]
		if at := cmp.Or(g.From, g.Above); at != nil {
			l.beyond(fmt.Sprintf("grades[%d]", i), *at)
		}
		if g.Above != nil && r.Pass != nil && g.Above.Cmp(*r.Pass) == 0 {
			l.add(fmt.Sprintf("grades[%d].above", i), "line-ambiguous", "value", *g.Above, "line", "pass")
		}
	}
	if r.Pass != nil {
		l.beyond("pass", *r.Pass)
	}
	if r.Objections.En == "" && r.Objections.Zh == "" {
		l.add("objections", "no-objections")
	}
	return l.findings
}

type linter struct {
	*Rubric
	findings []Finding
}

func (l *linter) add(path, code string, args ...any) {
	l.findings = append(l.findings, Finding{path, code, args})
}

func (l *linter) indicator(path string, t *Table, d *Indicator) {
	if t.agency(d) == "" {
		l.add(path+".agency", "no-agency", "indicator", d.ID)
	}
	// Fair Competition Review Regulations, article 9: no measure may favour particular operators.
	if d.Direction == higher && d.Ratio == nil && d.Size == "" && volume(d) {
		l.add(path+".unit", "size-bias", "indicator", d.ID, "unit", d.Unit)
	}
	for i, b := range d.Bands {
		l.line(fmt.Sprintf("%s.bands[%d].gt", path, i), b.GT)
	}
	// Shenzhen 2018 gives the lowest band of turnover a point: who is merely there has it.
	if least := floor(d); d.kind() != kindDeduction && least.Sign() > 0 {
		l.add(path+".bands", "band-floor", "indicator", d.ID, "points", least)
	}
	const heavy = 20 // percent of the scale
	generous := d.Missing == missingMean || d.Missing == missingExclude
	if d.kind() != kindMark || !generous || t.Scale.Sign() <= 0 {
		return
	}
	if share := d.Max.times(Whole(100)).over(t.Scale); share.Cmp(Whole(heavy)) >= 0 {
		l.add(path+".missing", "missing-generous", "indicator", d.ID, "missing", d.Missing,
			"percent", share)
	}
}

// floor returns the fewest points of a row's bands; 0 without bands.
func floor(d *Indicator) Number {
	if len(d.Bands) == 0 {
		return Number{}
	}
	least := d.Bands[0].Points
	for _, b := range d.Bands[1:] {
		least = lesser(least, b.Points)
	}
	return least
}

// line warns of a limit that leaves out the very value at which the rubric passes or grades: 60
// passes here and isn't enough there.
func (l *linter) line(path string, above *Number) {
	if above == nil {
		return
	}
	if l.Pass != nil && above.Cmp(*l.Pass) == 0 {
		l.add(path, "line-ambiguous", "value", *above, "line", "pass")
		return
	}
	for _, g := range l.Grades {
		if g.From != nil && above.Cmp(*g.From) == 0 {
			l.add(path, "line-ambiguous", "value", *above, "line", g.ID)
			return
		}
	}
}

// beyond warns of a line that the operators of a class can't reach whatever they do: 60 points on
// a table of 56.
func (l *linter) beyond(path string, line Number) {
	for i := range l.Tables {
		t := &l.Tables[i]
		most := l.best(t)
		if l.RollUp != nil && l.RollUp.Take == takeSum {
			most = most.times(Whole(l.RollUp.Of))
		}
		if line.Cmp(most) > 0 {
			l.add(path, "line-beyond", "line", line, "class", t.Class, "most", most)
		}
	}
}

// volume reports whether a row counts what a larger operator has more of: its unit does, or its ID
// where it has no unit. Anything per anything doesn't.
func volume(d *Indicator) bool {
	text := strings.ToLower(d.Unit)
	if text == "" {
		text = strings.ToLower(d.ID)
	}
	words := strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) })
	if strings.ContainsAny(text, "/%") || slices.Contains(words, "per") ||
		slices.Contains(words, "share") || slices.Contains(words, "rate") {
		return false
	}
	for _, w := range words {
		if slices.Contains(volumes(), strings.TrimSuffix(w, "s")) {
			return true
		}
	}
	for _, w := range []string{"订单", "单量", "万单", "人次", "用户", "辆", "营业额", "营收"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// volumes returns the English words of size, in the singular.
func volumes() []string {
	return []string{
		"trip", "order", "ride", "vehicle", "bike", "bicycle", "scooter", "car", "customer", "user",
		"passenger", "registration", "revenue", "sale", "kilometre", "km", "yuan", "staff",
	}
}
