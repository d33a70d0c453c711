package city

import (
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/policy"
)

// written returns the sector's written rule with what its state gives; nil where it has none.
func (r *reading) written(sector string) (*engine.Written, error) {
	name := r.file.Policy.Rule[sector]
	if name == "" {
		return nil, nil
	}
	text, err := r.ruleText(sector, name)
	if err != nil {
		return nil, err
	}
	p, err := rules.ReadPolicy(name, text)
	if err != nil {
		return nil, err
	}
	rule := &engine.Written{Program: p.Program, Calendar: rules.Shipped(p.Policy.Calendar)}
	file := r.file.Policy.State[sector]
	if file == "" {
		return rule, nil
	}
	path := strict.KeyPath("policy.state", sector)
	err = r.read("state:"+sector, path, file, func(src *source) error {
		data, err := readAll(src)
		if err != nil {
			return err
		}
		state, err := rules.ReadState(file, data)
		if err != nil {
			return err
		}
		rule.Given = state.State
		return r.ruleOperators(path, rule.Given)
	})
	return rule, err
}

// ruleText returns a preset, or the file of a rule.
func (r *reading) ruleText(sector, name string) (text []byte, err error) {
	if slices.Contains(rules.Presets(), name) {
		return rules.Preset(name)
	}
	err = r.read("rule:"+sector, strict.KeyPath("policy.rule", sector), name,
		func(src *source) error {
			text, err = readAll(src)
			return err
		})
	return text, err
}

// ruleOperators refuses a state of operators that the city file doesn't have, or that gives what
// the plan itself brings: scores, quotas before and requests.
func (r *reading) ruleOperators(path string, s policy.State) error {
	for _, o := range s.Operators {
		known := func(x Operator) bool { return x.ID == o.ID }
		switch {
		case !slices.ContainsFunc(r.file.Operators, known):
			return r.fault(path, "city.rule-operator", "operator", o.ID)
		case o.Score != nil || o.Scores != nil || o.Quota != nil || o.Request != nil:
			return r.fault(path, "city.rule-given", "operator", o.ID)
		}
	}
	if s.Total != nil {
		return r.fault(path, "city.rule-total")
	}
	return nil
}
