package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrState means that the state lacks something the policy needs, or contradicts it.
var ErrState = errors.New("the state does not fit the policy")

// StateError is the first thing wrong with a state: a code of the catalogue, "state.<code>".
type StateError struct {
	Path string // "operators[hello].quota"
	Code string
	Args []any // name, value pairs
}

// Error returns one sentence.
func (e *StateError) Error() string { return fmt.Sprintf("%s: %s %v", e.Path, e.Code, e.Args) }

// Unwrap returns ErrState.
func (e *StateError) Unwrap() error { return ErrState }

func stateError(path, code string, args ...any) error { return &StateError{path, code, args} }

// Calendar answers which days are working days, as calendars published for a country do. ok is
// false for a day whose year it doesn't know: no calendar is guessed.
type Calendar interface {
	Working(day string) (working, ok bool)
}

// Apply carries the policy out: scores to vetoes, grades, ranks and streaks; then the total and its
// division, adjustments, freed quota, bounds, overrides, release; then zones, checks, sites and
// days. It reads nothing but its arguments, and the order of operators doesn't matter. calendar may
// be nil where the policy counts no working days.
//
// It returns an error that wraps ErrState where the state lacks what the policy needs. An unknown
// figure makes what depends on it unknown: a condition on it does not hold, and a step says so.
func (p *Program) Apply(s *State, calendar Calendar) (*Decision, error) {
	w, err := p.begin(s)
	if err != nil {
		return nil, err
	}
	for _, stage := range []func() error{
		w.score, w.derive, w.veto, w.grade, w.rank, w.streak,
		w.sumUp, w.allocate, w.adjust, w.bound, w.override, w.layer, w.release,
		w.zone, w.swap, w.check, w.site, w.days(calendar),
	} {
		if err := stage(); err != nil {
			return nil, err
		}
	}
	return w.finish()
}

// work is one application: each stage reads what the ones before it wrote.
type work struct {
	*Program
	state     *State
	decision  *Decision
	city      map[string]Value
	cityFact  func(string) Value // looks city up, bound once
	operators []*operator        // by ID
	ranked    []*operator        // the best first
	freed     int                // vehicles freed and not yet given, under hold_total
	fresh     bool               // an allocation from scratch took place
}

// operator is an operator being decided on.
type operator struct {
	*OperatorDecision
	state    *OperatorState
	city     func(string) Value
	facts    map[string]Value // declared and derived
	fact     func(string) Value
	score    Value
	rank     int  // 0 = none
	quota    int  // effective, as it stands now
	before   int  // at the start
	known    bool // the quota before is known, or was set since
	approved *int
	reserve  int
	stopped  bool
	cut      bool // by a rule of this period
}

// begin reads the state: parameters, facts, operators.
func (p *Program) begin(s *State) (*work, error) {
	w := &work{
		Program: p, state: s, city: map[string]Value{},
		decision: &Decision{
			Policy: p.Policy.ID, Period: s.Period, Reserve: s.Reserve, Figures: map[string]Value{},
		},
	}
	w.cityFact = func(name string) Value {
		if v, ok := w.city[name]; ok {
			return v
		}
		return Value{}
	}
	if err := w.params(); err != nil {
		return nil, err
	}
	if err := w.read(OfCity, "facts", s.Facts, w.city); err != nil {
		return nil, err
	}
	quotas := 0
	for i := range s.Operators {
		o, err := w.operator(&s.Operators[i])
		if err != nil {
			return nil, err
		}
		quotas += o.before
		w.operators = append(w.operators, o)
	}
	slices.SortFunc(w.operators, func(a, b *operator) int { return cmp.Compare(a.ID, b.ID) })
	for i := 1; i < len(w.operators); i++ {
		if id := w.operators[i].ID; id == w.operators[i-1].ID {
			return nil, stateError("operators", "operator-twice", "id", id)
		}
	}
	w.city["operators"] = whole(len(w.operators))
	w.city["reserve"] = whole(s.Reserve)
	w.city["quotas"] = whole(quotas)
	w.city["total"] = unknown(KindNumber)
	if s.Total != nil {
		w.city["total"] = number(*s.Total)
	}
	return w, nil
}

// operator reads one operator.
func (w *work) operator(s *OperatorState) (*operator, error) {
	if s.ID == "" {
		return nil, stateError("operators", "no-id")
	}
	o := &operator{
		OperatorDecision: &OperatorDecision{
			ID: s.ID, Class: s.Class, Before: s.Quota, Status: "active", Steps: []Step{},
		},
		state: s, city: w.cityFact, facts: map[string]Value{}, score: unknown(KindNumber),
		approved: s.Approved, reserve: s.Reserve, known: s.Quota != nil,
	}
	o.fact = o.lookUp
	path := "operators[" + s.ID + "]"
	for _, n := range []*int{s.Quota, s.Approved, s.Original, s.Request} {
		if n != nil && (*n < 0 || *n > maxVehicles) {
			return nil, stateError(path, "vehicles", "got", *n)
		}
	}
	if s.Reserve < 0 || s.Swap < 0 {
		return nil, stateError(path, "vehicles", "got", min(s.Reserve, s.Swap))
	}
	if s.Quota != nil {
		o.quota, o.before = *s.Quota, *s.Quota
	}
	if len(s.Zones) > 0 {
		o.Zones = make(map[string]int, len(s.Zones))
		for zone, n := range s.Zones {
			o.Zones[zone] = n
		}
	}
	return o, w.read(OfOperator, path+".facts", s.Facts, o.facts)
}

// maxVehicles bounds every count of vehicles.
const maxVehicles = 1_000_000_000

// lookUp returns a fact of the operator or of the city.
func (o *operator) lookUp(name string) Value {
	switch name {
	case "id":
		return text(o.ID)
	case "class":
		return Value{Kind: KindText, Known: o.Class != "", Text: o.Class}
	case "score":
		return o.score
	case "grade":
		return Value{Kind: KindText, Known: o.Grade != "", Text: o.Grade}
	case "rank":
		return Value{Kind: KindNumber, Known: o.rank > 0, Number: Whole(o.rank)}
	case "last":
		return o.city("ranked")
	case "qualified":
		return truth(o.Qualified)
	case "pass":
		return Value{Kind: KindTruth, Known: o.Pass != nil, Truth: o.Pass != nil && *o.Pass}
	case "quota":
		return Value{Kind: KindNumber, Known: o.known, Number: Whole(o.quota)}
	case "before":
		return vehicles(o.Before)
	case "original":
		return vehicles(o.original())
	case "approved":
		return vehicles(o.approved)
	case "own":
		return whole(o.reserve)
	case "request":
		return vehicles(o.state.Request)
	case "share":
		return o.share()
	}
	if v, ok := o.facts[name]; ok {
		return v
	}
	return o.city(name)
}

func vehicles(n *int) Value {
	if n == nil {
		return unknown(KindNumber)
	}
	return whole(*n)
}

func (o *operator) share() Value {
	if o.Before == nil {
		return unknown(KindNumber)
	}
	q, ok := Whole(o.before).Div(o.city("quotas").Number)
	return Value{Kind: KindNumber, Known: ok, Number: q}
}

// holds reports whether a condition about the operator holds; an absent one does, an unknown one
// does not, and a step says so.
func (w *work) holds(o *operator, rule string, f Formula) bool {
	return w.met(o, rule, w.exprs[f][OfOperator])
}

// met is holds of a condition that was looked up.
func (w *work) met(o *operator, rule string, e Expr) bool {
	if e.Absent() {
		return true
	}
	holds, known := e.Decide(o.fact)
	if !known {
		o.step(Step{Rule: rule, Message: "policy.step.unknown", Inputs: inputs(e, o.fact)})
	}
	return known && holds
}

// figure returns a formula about the operator; an unknown figure that a rule needs is an error.
func (w *work) figure(o *operator, rule string, f Formula) (Number, map[string]Value, error) {
	e := w.exprs[f][OfOperator]
	v, in := e.Eval(o.fact), inputs(e, o.fact)
	if !v.Known {
		return Number{}, in, stateError("operators["+o.ID+"]", "figure-unknown",
			"rule", rule, "formula", string(f))
	}
	return v.Number, in, nil
}

// cityFigure returns a formula about the city.
func (w *work) cityFigure(rule string, f Formula) (Number, error) {
	v := w.exprs[f][OfCity].Eval(w.cityFact)
	if !v.Known {
		return Number{}, stateError("facts", "figure-unknown", "rule", rule, "formula", string(f))
	}
	return v.Number, nil
}

// inputs returns the facts that an expression read.
func inputs(e Expr, fact func(string) Value) map[string]Value {
	names := e.Facts()
	if len(names) == 0 {
		return nil
	}
	in := make(map[string]Value, len(names))
	for _, name := range names {
		in[name] = fact(name)
	}
	return in
}

func (o *operator) step(s Step) { o.Steps = append(o.Steps, s) }

// set gives the operator another quota and files the step.
func (o *operator) set(n int, s Step) {
	s.Before, s.After = o.quota, n
	o.quota = n
	o.step(s)
}

func (w *work) rounding(r Rounding) Rounding {
	if r == "" {
		return w.Policy.Rounding
	}
	return r
}
