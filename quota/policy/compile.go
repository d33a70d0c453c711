package policy

import (
	"fmt"
	"slices"
	"unicode"
)

// Fault is one thing wrong with a policy, and where.
type Fault struct {
	Path string // "adjust[0].change.percent"
	Code string // of the catalogue: "policy.<code>"
	Args []any  // name, value pairs
	Err  error  // an *ExprError behind it, or nil
}

// Error returns one sentence.
func (f *Fault) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%s: %v", f.Path, f.Err)
	}
	return fmt.Sprintf("%s: %s %v", f.Path, f.Code, f.Args)
}

// Unwrap returns what is behind the fault.
func (f *Fault) Unwrap() error { return f.Err }

// Program is a policy that was checked. It doesn't change and may be applied by many at once.
type Program struct {
	Policy *Policy
	exprs  map[Formula]map[Subject]Expr
}

// Compile checks a policy and returns all that is wrong with it, in its order; with no faults the
// program can be applied. The program keeps p, which must not be changed.
func Compile(p *Policy) (*Program, []Fault) {
	c := compiler{
		program: &Program{Policy: p, exprs: map[Formula]map[Subject]Expr{}},
		scope:   newScopes(p),
	}
	c.head()
	c.judging()
	c.changing()
	c.placing()
	c.dates()
	return c.program, c.faults
}

// compiler collects faults; one method a part of the policy.
type compiler struct {
	program *Program
	scope   *scopes
	faults  []Fault
}

func (c *compiler) fault(path, code string, args ...any) {
	c.faults = append(c.faults, Fault{Path: path, Code: code, Args: args})
}

// expr parses a formula about a subject; an empty one is a fault where it is needed.
func (c *compiler) expr(path string, f Formula, of Subject, want Kind, needed bool) {
	if f == "" {
		if needed {
			c.fault(path, "required")
		}
		return
	}
	e, err := ParseExpr(string(f), c.scope.of(of))
	if err != nil {
		c.faults = append(c.faults, Fault{Path: path, Code: "expression", Err: err})
		return
	}
	if e.Kind() != want {
		c.fault(path, "kind", "got", string(e.Kind()), "want", string(want))
		return
	}
	if c.program.exprs[f] == nil {
		c.program.exprs[f] = map[Subject]Expr{}
	}
	c.program.exprs[f][of] = e
}

func (c *compiler) number(path string, f Formula, of Subject) {
	c.expr(path, f, of, KindNumber, false)
}

func (c *compiler) condition(path string, f Formula, of Subject) {
	c.expr(path, f, of, KindTruth, false)
}

// oneOf refuses a word that is none of some; "" is refused unless it is among them.
func (c *compiler) oneOf(path, got string, words ...string) {
	if !slices.Contains(words, got) {
		c.fault(path, "word", "got", got, "known", words)
	}
}

func (c *compiler) rounding(path string, r Rounding, needed bool) {
	if r != "" || needed {
		c.oneOf(path, string(r), string(HalfUp), string(HalfEven), string(Down), string(Up))
	}
}

// unique refuses an ID that is missing or stands twice in a list.
func (c *compiler) unique(list string, ids []string) {
	for i, id := range ids {
		path := fmt.Sprintf("%s[%d].id", list, i)
		switch {
		case id == "":
			c.fault(path, "required")
		case slices.Contains(ids[:i], id):
			c.fault(path, "twice", "id", id, "list", list)
		}
	}
}

// names refuses an ID that no formula could read.
func (c *compiler) names(list string, ids []string) {
	for i, id := range ids {
		letters := func(r rune) bool {
			return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
		}
		if id != "" && (span(id, letters) < len(id) || unicode.IsDigit([]rune(id)[0])) {
			c.fault(fmt.Sprintf("%s[%d].id", list, i), "name", "id", id)
		}
	}
}

// idsOf returns an ID of each element.
func idsOf[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = id(x)
	}
	return ids
}

// head checks what the policy is and which figures it is given.
func (c *compiler) head() {
	p := c.program.Policy
	if p.Schema != Schema {
		c.fault("schema", "schema", "got", p.Schema, "want", Schema)
	}
	if p.ID == "" {
		c.fault("id", "required")
	}
	c.oneOf("period", string(p.Period),
		string(Month), string(Quarter), string(HalfYear), string(Year), string(Once))
	c.oneOf("source.confidence", p.Source.Confidence, "high", "medium", "low", "own")
	c.rounding("rounding", p.Rounding, true)
	c.unique("params", idsOf(p.Params, func(x Param) string { return x.ID }))
	c.names("params", idsOf(p.Params, func(x Param) string { return x.ID }))
	c.names("facts", idsOf(p.Facts, func(x Fact) string { return x.ID }))
	c.names("derive", idsOf(p.Derive, func(x Derived) string { return x.ID }))
	c.names("streaks", idsOf(p.Streaks, func(x Streak) string { return x.ID }))
	for i, x := range p.Params {
		path := fmt.Sprintf("params[%d]", i)
		c.oneOf(path+".kind", string(x.Kind.orNumber()), kinds()...)
		if (x.Value == "") == !x.Required {
			c.fault(path, "param-value", "id", x.ID)
		}
		c.expr(path+".value", x.Value, "", x.Kind.orNumber(), false)
	}
	for i, x := range p.Missing {
		named := func(q Param) bool { return q.ID == x.Param }
		if x.Param != "" && !slices.ContainsFunc(p.Params, named) {
			c.fault(fmt.Sprintf("missing[%d].param", i), "unknown-param", "got", x.Param)
		}
	}
	c.unique("facts", idsOf(p.Facts, func(x Fact) string { return string(x.Of) + "." + x.ID }))
	for i, x := range p.Facts {
		c.fact(fmt.Sprintf("facts[%d]", i), x)
	}
}

// Schema is the version of a policy's shape.
const Schema = 1

// orNumber returns k, or a number where it is not given.
func (k Kind) orNumber() Kind {
	if k == "" {
		return KindNumber
	}
	return k
}

func kinds() []string { return []string{string(KindNumber), string(KindText), string(KindTruth)} }

func (c *compiler) fact(path string, x Fact) {
	c.oneOf(path+".of", string(x.Of),
		string(OfOperator), string(OfCity), string(OfZone), string(OfSite))
	c.oneOf(path+".kind", string(x.Kind.orNumber()), kinds()...)
	if c.scope.builtin(x.Of, x.ID) {
		c.fault(path+".id", "builtin", "id", x.ID)
	}
	c.expr(path+".absent", x.Absent, "", x.Kind.orNumber(), false)
	if x.Series != nil {
		c.oneOf(path+".series.take", x.Series.Take, "max", "min", "mean", "sum", "last", "count")
		c.condition(path+".series.where", x.Series.Where, ofPoint)
		for _, clock := range []string{x.Series.From, x.Series.Until} {
			if clock != "" && !isClock(clock) {
				c.fault(path+".series", "clock", "got", clock)
			}
		}
	}
}

// judging checks the way from scores to grades, ranks and streaks.
func (c *compiler) judging() {
	p := c.program.Policy
	c.expr("score.scale", p.Score.Scale, OfOperator, KindNumber, true)
	c.number("score.bonus", p.Score.Bonus, OfOperator)
	c.number("score.pass", p.Score.Pass, OfOperator)
	c.oneOf("score.roll_up", p.Score.RollUp, "", "mean", "min", "max", "last", "sum")
	if len(p.Score.Assessors) > 0 {
		c.oneOf("score.absent", p.Score.Absent, "unknown", "reweigh")
	}
	c.unique("score.assessors", idsOf(p.Score.Assessors, func(x Assessor) string { return x.ID }))
	for i, x := range p.Score.Assessors {
		c.expr(fmt.Sprintf("score.assessors[%d].weight", i), x.Weight, OfCity, KindNumber, true)
	}
	c.unique("derive", idsOf(p.Derive, func(x Derived) string { return x.ID }))
	for i, x := range p.Derive {
		path := fmt.Sprintf("derive[%d]", i)
		c.oneOf(path+".of", string(x.Of), string(OfOperator), string(OfCity))
		c.expr(path+".is", x.Is, x.Of, KindNumber, true)
		c.rounding(path+".round", x.Round, false)
		c.scope.add(x.Of, x.ID, KindNumber)
	}
	for i, x := range p.Vetoes {
		path := fmt.Sprintf("vetoes[%d]", i)
		c.expr(path+".if", x.If, OfOperator, KindTruth, true)
		c.oneOf(path+".do", x.Do, "cap_grade", "zero_score", "exit")
		if x.Do == "cap_grade" {
			c.oneOf(path+".grade", x.Grade, idsOf(p.Grades, func(g Grade) string { return g.ID })...)
		}
	}
	c.unique("vetoes", idsOf(p.Vetoes, func(x Veto) string { return x.ID }))
	c.unique("grades", idsOf(p.Grades, func(x Grade) string { return x.ID }))
	for i, x := range p.Grades {
		path := fmt.Sprintf("grades[%d]", i)
		c.number(path+".from", x.From, OfOperator)
		c.number(path+".above", x.Above, OfOperator)
		if x.From != "" && x.Above != "" {
			c.fault(path, "both", "a", "from", "b", "above")
		}
	}
	c.condition("qualified", p.Qualified, OfOperator)
	if p.Rank != nil {
		c.expr("rank.by", p.Rank.By, OfOperator, KindNumber, true)
		for i, tie := range p.Rank.Ties {
			c.number(fmt.Sprintf("rank.ties[%d]", i), tie, OfOperator)
		}
		c.oneOf("rank.last", p.Rank.Last, "id", "shared")
	}
	c.unique("streaks", idsOf(p.Streaks, func(x Streak) string { return x.ID }))
	for i, x := range p.Streaks {
		c.expr(fmt.Sprintf("streaks[%d].if", i), x.If, OfOperator, KindTruth, true)
		c.oneOf(fmt.Sprintf("streaks[%d].reset", i), x.Reset, "break", "never")
	}
}
