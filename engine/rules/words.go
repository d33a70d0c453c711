package rules

import (
	"maps"
	"slices"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/policy"
)

// StepText tells one step of a decision as a sentence: what happened by which rule, from which
// figures, how it was rounded and which limit bound.
func StepText(t lang.Tag, s policy.Step) string {
	text := t.Text(lang.M(s.Message, "rule", s.Rule, "before", s.Before, "after", s.After))
	for _, name := range slices.Sorted(maps.Keys(s.Inputs)) {
		text += t.Text(lang.M("policy.part.input", "name", name, "value", s.Inputs[name].String()))
	}
	if s.Exact != nil {
		text += t.Text(lang.M("policy.part.exact", "exact", s.Exact.String(),
			"rounding", t.Word("policy.rounding."+string(s.Rounding))))
	}
	if s.Limit != "" {
		text += t.Text(lang.M("policy.part.limit", "limit", t.Word("policy.limit."+s.Limit)))
	}
	return text
}
