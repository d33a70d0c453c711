package report

import (
	"maps"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/policy"
)

// StepText tells one step of a decision as a sentence: what happened by which rule, from which
// figures, how it was rounded and which limit bound.
func StepText(t lang.Tag, s policy.Step) string {
	return t.Text(stepMessage(s))
}

// stepMessage is the sentence of a step before it has a language: its parts one behind the other.
func stepMessage(s policy.Step) lang.Message {
	text := lang.M(s.Message, "rule", s.Rule, "before", s.Before, "after", s.After)
	add := func(part lang.Message) { text = lang.M("policy.pair", "a", text, "b", part) }
	for _, name := range slices.Sorted(maps.Keys(s.Inputs)) {
		add(lang.M("policy.part.input", "name", name, "value", s.Inputs[name].String()))
	}
	if s.Exact != nil {
		add(lang.M("policy.part.exact", "exact", s.Exact.String(),
			"rounding", lang.M("policy.rounding."+string(s.Rounding))))
	}
	if s.Limit != "" {
		add(lang.M("policy.part.limit", "limit", lang.M("policy.limit."+s.Limit)))
	}
	return text
}
