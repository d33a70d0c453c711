package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/policy"
)

// Replay is a file of cases: policies, the states they are applied to, and what is known to come
// out.
type Replay struct {
	Schema int         `json:"schema"` // 1
	Name   policy.Text `json:"name"`
	Cases  []Case      `json:"cases"`

	file string
	at   strict.Positions
}

// Case is one application of a policy. Exactly one of Policy and Rule is given.
type Case struct {
	ID     string        `json:"id"`
	Kind   string        `json:"kind,omitempty"`   // what stands behind it: exact, rule, invariant, …
	Source string        `json:"source,omitempty"` // where the figures were published
	Policy string        `json:"policy,omitempty"` // ID of a preset, or a file beside this one
	Rule   policy.Policy `json:"rule,omitempty"`   // a policy written here
	// After is a case before this one whose quotas, reserves, zones, streaks and the city's reserve
	// this state goes on from, where it doesn't give them.
	After string       `json:"after,omitempty"`
	State policy.State `json:"state"`
	// Expect is a part of the decision: what it doesn't name isn't asked. Lists of things with an ID
	// are given by ID.
	Expect Tree `json:"expect,omitempty"`
	// Holds are conditions on the decision: "quota.hello + quota.mobike = 580000".
	Holds []policy.Formula `json:"holds,omitempty"`
	// Error is the code of the error that is to come instead of a decision.
	Error string `json:"error,omitempty"`
}

// Tree is any JSON.
type Tree struct{ json.RawMessage }

// UnmarshalJSON keeps the text.
func (t *Tree) UnmarshalJSON(data []byte) error { return t.RawMessage.UnmarshalJSON(data) }

// Outcome is one thing that a case asked, and whether it holds.
type Outcome struct {
	Case  string `json:"case"`
	What  string `json:"what"` // a path in the decision, or a condition
	Want  string `json:"want"`
	Got   string `json:"got"`
	Holds bool   `json:"holds"`
}

// ReadReplay reads a replay. The error is a *strict.Fault.
func ReadReplay(name string, data []byte) (*Replay, error) {
	r := &Replay{file: name}
	var err error
	if r.at, err = strict.Decode(name, data, maxFile, r); err != nil {
		return nil, err
	}
	if r.Schema != 1 {
		return nil, r.fault("schema", "policy.schema", "got", r.Schema, "want", 1)
	}
	for i, c := range r.Cases {
		path := strict.ItemPath("cases", i)
		same := func(x Case) bool { return x.ID == c.ID }
		switch {
		case c.ID == "":
			return nil, r.fault(path, "policy.required")
		case slices.ContainsFunc(r.Cases[:i], same):
			return nil, r.fault(path+".id", "policy.twice", "id", c.ID, "list", "cases")
		case (c.Policy == "") == !r.at.Has(path+".rule"):
			return nil, r.fault(path, "policy.one-of", "known", []string{"policy", "rule"})
		case c.After != "" && !slices.ContainsFunc(r.Cases[:i], func(x Case) bool {
			return x.ID == c.After
		}):
			return nil, r.fault(path+".after", "policy.after", "got", c.After)
		case c.Expect.RawMessage == nil && len(c.Holds) == 0 && c.Error == "":
			return nil, r.fault(path, "policy.asks-nothing", "id", c.ID)
		}
	}
	return r, nil
}

func (r *Replay) fault(path, id string, args ...any) error {
	return strict.FaultAt(r.file, r.at.Of(path), id, withPath(path, args)...)
}

// Run applies every case in order and tells what holds. read returns the policy of a name in a
// case, which is the ID of a preset or a file. The error is a fault of the file, or read's.
func (r *Replay) Run(read func(name string) (*Policy, error)) ([]Outcome, error) {
	var list []Outcome
	decided := map[string]*policy.Decision{}
	for i := range r.Cases {
		c := &r.Cases[i]
		p, err := r.policyOf(i, read)
		if err != nil {
			return nil, err
		}
		state := c.State
		if before := decided[c.After]; before != nil {
			state = goOn(state, before)
		}
		d, err := p.Program.Apply(&state, Shipped(p.Policy.Calendar))
		wrong := (*policy.StateError)(nil)
		switch {
		case errors.As(err, &wrong) && c.Error != "":
			list = append(list, Outcome{c.ID, "error", c.Error, wrong.Code, wrong.Code == c.Error})
			continue
		case errors.As(err, &wrong):
			return nil, r.fault(strict.ItemPath("cases", i)+".state", "state."+wrong.Code,
				append([]any{"key", c.ID + ": " + wrong.Path}, wrong.Args...)[2:]...)
		case err != nil:
			return nil, err
		case c.Error != "":
			list = append(list, Outcome{c.ID, "error", c.Error, "", false})
			continue
		}
		decided[c.ID] = d
		outcomes, err := r.judge(i, d, decided)
		if err != nil {
			return nil, err
		}
		list = append(list, outcomes...)
	}
	return list, nil
}

// policyOf returns the policy of a case.
func (r *Replay) policyOf(i int, read func(string) (*Policy, error)) (*Policy, error) {
	c := &r.Cases[i]
	if c.Policy != "" {
		return read(c.Policy)
	}
	program, faults := policy.Compile(&c.Rule)
	base := strict.ItemPath("cases", i) + ".rule."
	if len(faults) > 0 {
		f := faults[0]
		if wrong := (*policy.ExprError)(nil); errors.As(f.Err, &wrong) {
			return nil, r.fault(base+f.Path, "expr."+wrong.Code, "text", wrong.Text,
				"at", wrong.Column, "got", wrong.Got, "want", wrong.Want)
		}
		return nil, r.fault(base+f.Path, "policy."+f.Code, f.Args...)
	}
	return &Policy{Program: program, File: r.file, at: r.at}, nil
}

// goOn fills in what a state leaves to the decision before it.
func goOn(s policy.State, before *policy.Decision) policy.State {
	if s.Reserve == 0 {
		s.Reserve = before.Reserve
		for _, o := range before.Operators {
			s.Reserve -= o.Reserve
		}
	}
	if s.Total == nil && before.Total != nil {
		total := policy.Whole(*before.Total)
		s.Total = &total
	}
	s.Operators = slices.Clone(s.Operators)
	for i := range s.Operators {
		o := &s.Operators[i]
		at := slices.IndexFunc(before.Operators, func(d policy.OperatorDecision) bool {
			return d.ID == o.ID
		})
		if at < 0 {
			continue
		}
		was := before.Operators[at]
		if o.Quota == nil {
			o.Quota = was.Quota
		}
		if o.Original == nil && len(was.Streaks) > 0 {
			o.Original = was.Original
		}
		if o.Approved == nil {
			o.Approved = was.Approved
		}
		if o.Reserve == 0 {
			o.Reserve = was.Reserve
		}
		if o.Zones == nil {
			o.Zones = maps.Clone(was.Zones)
		}
		if o.Streaks == nil {
			o.Streaks = maps.Clone(was.Streaks)
		}
		if o.Class == "" {
			o.Class = was.Class
		}
	}
	return s
}

// judge compares a decision with what a case expects of it.
func (r *Replay) judge(
	i int, d *policy.Decision, decided map[string]*policy.Decision,
) ([]Outcome, error) {
	c := &r.Cases[i]
	var list []Outcome
	if c.Expect.RawMessage != nil {
		data, err := json.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("decision of %s: %w", c.ID, err)
		}
		list = compareTrees(c.ID, "", treeOf(c.Expect.RawMessage), treeOf(data))
	}
	fact := factsOf(d, decided)
	for j, f := range c.Holds {
		e, err := policy.ParseExpr(string(f), func(name string) (policy.Kind, bool) {
			v, ok := fact(name)
			return v.Kind, ok
		})
		path := fmt.Sprintf("cases[%d].holds[%d]", i, j)
		if wrong := (*policy.ExprError)(nil); errors.As(err, &wrong) {
			return nil, r.fault(path, "expr."+wrong.Code, "text", wrong.Text, "at", wrong.Column,
				"got", wrong.Got, "want", wrong.Want)
		}
		if e.Kind() != policy.KindTruth {
			return nil, r.fault(path, "policy.kind", "got", string(e.Kind()), "want", "truth")
		}
		got := e.Eval(func(name string) policy.Value { v, _ := fact(name); return v })
		var read []string
		for _, name := range e.Facts() {
			v, _ := fact(name)
			read = append(read, name+" = "+v.String())
		}
		list = append(list, Outcome{
			c.ID, string(f), "true", strings.Join(read, ", "),
			got.Known && got.Truth,
		})
	}
	return list, nil
}

// treeOf parses JSON with its numbers as they are written.
func treeOf(data []byte) any {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var tree any
	_ = decoder.Decode(&tree) // it was marshalled, or checked when it was read
	return tree
}
