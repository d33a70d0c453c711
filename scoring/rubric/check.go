package rubric

import (
	"fmt"
	"slices"
	"strings"
)

// Check returns everything in the rubric that can't be carried out or can't be meant, in the order
// of the file; nothing where it makes sense. Every place is named, so that a bureau can correct
// its table in one go.
func (r *Rubric) Check() []Fault {
	c := &checker{Rubric: r, figures: r.figures()}
	if r.Schema != 1 {
		c.add("schema", "schema", "got", r.Schema)
	}
	c.name("id", r.ID, nil)
	c.word("source.confidence", r.Source.Confidence, "high", "medium", "low", "own")
	c.word("period", r.Period, "month", "quarter", "half_year", "year", "once")
	if n := r.Decimals; n != nil && (*n < 0 || *n > mostDecimals) {
		c.add("decimals", "decimals", "got", *n, "most", mostDecimals)
	}
	c.optional("rounding", r.Rounding, halfUp, halfEven)
	c.tables()
	c.assessors()
	c.rollUp()
	c.vetoes()
	c.grades()
	if r.Samples < 0 {
		c.add("samples", "negative", "got", r.Samples)
	}
	for i, field := range r.Publish {
		c.word(fmt.Sprintf("publish[%d]", i), field, cardFields()...)
	}
	return c.faults
}

const (
	mostDecimals = 6   // as many as Number.String writes
	mostPeriods  = 366 // a year of days; more is a slip of the pen
)

// cardFields returns the names of a Card's fields, as its JSON has them.
func cardFields() []string {
	return []string{
		"operator", "class", "score", "exact", "low", "high", "scale", "grade", "pass", "rank",
		"tied", "vetoes", "exit", "periods",
	}
}

// checker gathers the faults of a rubric.
type checker struct {
	*Rubric
	figures map[string]bool
	faults  []Fault
}

func (c *checker) add(path, code string, args ...any) {
	c.faults = append(c.faults, Fault{Path: path, Code: code, Args: args})
}

// word refuses a word that isn't one of want.
func (c *checker) word(path, got string, want ...string) {
	if !slices.Contains(want, got) {
		c.add(path, "word", "got", got, "want", strings.Join(want, ", "))
	}
}

// optional is word for a field that may be left out.
func (c *checker) optional(path, got string, want ...string) {
	if got != "" {
		c.word(path, got, want...)
	}
}

// name refuses an ID that is empty or that stands in seen, and remembers it there.
func (c *checker) name(path, id string, seen map[string]string) {
	first, twice := seen[id]
	switch {
	case id == "":
		c.add(path, "id-empty")
	case twice:
		c.add(path, "id-twice", "id", id, "first", first)
	case seen != nil:
		seen[id] = path
	}
}

// positive refuses a number that isn't more than 0.
func (c *checker) positive(path string, x Number) {
	if x.Sign() <= 0 {
		c.add(path, "not-positive", "got", x)
	}
}

// negative refuses a number below 0; one that isn't given is fine.
func (c *checker) negative(path string, x *Number) {
	if x != nil && x.Sign() < 0 {
		c.add(path, "negative", "got", *x)
	}
}

func (c *checker) assessors() {
	seen := make(map[string]string)
	for i, a := range c.Assessors {
		path := fmt.Sprintf("assessors[%d]", i)
		c.name(path+".id", a.ID, seen)
		c.positive(path+".weight", a.Weight)
		for j := range c.Tables {
			t := &c.Tables[j]
			marks := t.full(func(d *Indicator) bool { return d.markedBy(a.ID) })
			if marks.Sign() == 0 {
				c.add(path, "assessor-idle", "assessor", a.ID, "class", t.Class)
			}
		}
	}
	if len(c.Assessors) > 0 || c.Absent != "" {
		c.word("absent", c.Absent, absentUnknown, absentReweigh)
	}
}

func (c *checker) rollUp() {
	if c.RollUp == nil {
		return
	}
	c.word("roll_up.take", c.RollUp.Take, takeMean, takeMin, takeMax, takeSum, takeLast)
	if c.RollUp.Of < 1 || c.RollUp.Of > mostPeriods {
		c.add("roll_up.of", "of-range", "got", c.RollUp.Of, "most", mostPeriods)
	}
	c.word("roll_up.absent", c.RollUp.Absent, absentUnknown, absentReweigh)
}

func (c *checker) vetoes() {
	seen := make(map[string]string)
	for i := range c.Vetoes {
		v, path := &c.Vetoes[i], fmt.Sprintf("vetoes[%d]", i)
		c.name(path+".id", v.ID, seen)
		if !c.figures[v.Of] {
			c.add(path+".of", "veto-of", "of", v.Of)
		}
		if n := len(limits(v.GTE, v.GT, v.LTE, v.LT)); n != 1 {
			c.add(path, "conditions", "got", n)
		}
		c.word(path+".do", v.Do, doCap, doZero, doExit)
		known := slices.ContainsFunc(c.Grades, func(g Grade) bool { return g.ID == v.Grade })
		switch {
		case v.Do == doCap && !known:
			c.add(path+".grade", "grade-unknown", "grade", v.Grade)
		case v.Do != doCap && v.Grade != "":
			c.add(path+".grade", "grade-needless", "grade", v.Grade, "do", v.Do)
		}
	}
}

func (c *checker) grades() {
	seen := make(map[string]string)
	var before *limit
	for i := range c.Grades {
		g, path := &c.Grades[i], fmt.Sprintf("grades[%d]", i)
		c.name(path+".id", g.ID, seen)
		lines := limits(g.From, g.Above, nil, nil)
		switch {
		case len(lines) > 1:
			c.add(path, "grade-lines", "got", len(lines))
		case len(lines) == 0 && i < len(c.Grades)-1:
			c.add(path, "grade-rest-last", "grade", g.ID)
		case len(lines) == 1 && before != nil && lines[0].cmp(before.edge) >= 0:
			c.add(path, "grade-order", "line", lines[0].at, "before", before.at)
		}
		if len(lines) == 1 {
			before = &lines[0]
		}
	}
}

// figures returns the names that a veto may look at: the indicators and the figures of ratios, of
// every table.
func (r *Rubric) figures() map[string]bool {
	known := make(map[string]bool)
	for i := range r.Tables {
		for j := range r.Tables[i].Indicators {
			d := &r.Tables[i].Indicators[j]
			known[d.ID] = true
			if d.Ratio != nil {
				known[d.Ratio.Of], known[d.Ratio.Over] = true, true
			}
		}
	}
	delete(known, "")
	return known
}
