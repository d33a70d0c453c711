package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// Account is the chain of rules, inputs and roundings behind one number of a plan: how many
// vehicles an operator may keep in a cell. Its lines are in the order of the reckoning.
type Account struct {
	Plan     string `json:"plan"`
	Sector   string `json:"sector"`
	Cell     string `json:"cell"`
	Operator string `json:"operator"`
	Quota    int    `json:"quota"`
	Reason   string `json:"reason"` // the code in quotas.csv
	Lines    []Line `json:"lines"`
}

// The parts of an Account, in their order.
const (
	PartGround   = "ground"   // what the cell carries
	PartDemand   = "demand"   // what it is asked for
	PartTotal    = "total"    // what it got
	PartScore    = "score"    // how the operator was judged
	PartOperator = "operator" // what the operator got in all
	PartQuota    = "quota"    // its part of the cell
)

// Line is one step: a rule of the catalogue with the numbers it takes and gives.
type Line struct {
	Part    string
	Message lang.Message
}

// MarshalJSON writes the part, the rule and the inputs by name.
func (l Line) MarshalJSON() ([]byte, error) {
	inputs := make(map[string]any, len(l.Message.Args)/2)
	for i := 0; i+1 < len(l.Message.Args); i += 2 {
		value := l.Message.Args[i+1]
		if m, ok := value.(lang.Message); ok {
			value = m.ID
		}
		inputs[fmt.Sprint(l.Message.Args[i])] = value
	}
	return json.Marshal(struct {
		Part   string         `json:"part"`
		Rule   string         `json:"rule"`
		Inputs map[string]any `json:"inputs"`
	}{l.Part, strings.TrimPrefix(l.Message.ID, "explain."), inputs})
}

// text renders the line with the names of districts, areas and indicators in place of their IDs.
func (l Line) text(p *engine.Plan, tag lang.Tag) string {
	args := slices.Clone(l.Message.Args)
	for i := 0; i+1 < len(args); i += 2 {
		id, ok := args[i+1].(string)
		if !ok {
			continue
		}
		switch args[i] {
		case "district", "node":
			args[i+1] = label(p, tag, id)
		case "rule":
			args[i+1] = scale(tag, id)
		case "indicator":
			args[i+1] = named(indicatorOf(&p.Rubric, id).Name, tag, id)
		}
	}
	return tag.Text(lang.M(l.Message.ID, args...))
}

// Explanation returns the account of one number. sector may be "" where the plan has one. The
// error wraps ErrUnknown where the plan has no such sector, cell or operator, and names those
// nearest.
func Explanation(p *engine.Plan, sector, cell, operator string) (Account, error) {
	s, err := findSector(p, sector)
	if err != nil {
		return Account{}, err
	}
	c, err := findCell(s, cell)
	if err != nil {
		return Account{}, err
	}
	k, err := findOperator(s, operator)
	if err != nil {
		return Account{}, err
	}
	e := &explainer{plan: p, sector: s, cell: c, k: k}
	e.ground()
	e.demand()
	e.total()
	e.score()
	e.operator()
	e.quota()
	return Account{
		Plan: p.ID, Sector: s.ID, Cell: c.Cell.String(), Operator: s.Operators[k].ID,
		Quota: c.Quotas[k], Reason: c.Codes[k], Lines: e.lines,
	}, nil
}

// Explain writes the account of one number as text, each line to be done again on a calculator.
// Errors are those of Explanation.
func Explain(w io.Writer, p *engine.Plan, tag lang.Tag, sector, cell, operator string) error {
	a, err := Explanation(p, sector, cell, operator)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(tag.Text(lang.M("explain.title", "sector", a.Sector, "cell", a.Cell,
		"operator", a.Operator, "quota", a.Quota)) + "\n")
	b.WriteString(tag.Text(lang.M("explain.plan", "plan", a.Plan)) + "\n")
	part := ""
	for _, line := range a.Lines {
		if line.Part != part {
			part = line.Part
			b.WriteString("\n" + tag.Word("explain.part-"+part) + "\n")
		}
		b.WriteString("  " + line.text(p, tag) + "\n")
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// explainer gathers the lines of one account.
type explainer struct {
	plan   *engine.Plan
	sector *engine.SectorPlan
	cell   *engine.CellPlan
	k      int // the operator
	lines  []Line
}

// say adds a line.
func (e *explainer) say(part, id string, args ...any) {
	e.lines = append(e.lines, Line{part, lang.M("explain."+id, args...)})
}

// op returns the operator's part of the plan.
func (e *explainer) op() *engine.OperatorPlan { return &e.sector.Operators[e.k] }
