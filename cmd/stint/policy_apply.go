package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/quota/policy"
)

// applyFlags are the flags of `stint policy apply`.
type applyFlags struct {
	calendar string
	params   []string
	explain  bool
}

func (a *app) policyApply() *cobra.Command {
	var f applyFlags
	c := &cobra.Command{
		Use:     "apply POLICY STATE",
		Short:   a.tag.Word("policy.help-apply"),
		Long:    a.tag.Word("policy.help-apply-long"),
		Example: "  stint policy apply guangzhou-2023 state.json --explain",
		Args:    a.exactly(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.applyPolicy(args[0], args[1], f)
		},
	}
	c.Flags().StringVar(&f.calendar, "calendar", "", a.tag.Word("policy.flag-calendar"))
	c.Flags().StringArrayVar(&f.params, "param", nil, a.tag.Word("policy.flag-param"))
	c.Flags().BoolVar(&f.explain, "explain", false, a.tag.Word("policy.flag-explain"))
	return c
}

func (a *app) applyPolicy(name, stateName string, f applyFlags) error {
	p, err := readPolicy(name)
	if err != nil {
		return err
	}
	data, err := readInput(stateName)
	if err != nil {
		return err
	}
	state, err := rules.ReadState(stateName, data)
	if err != nil {
		return err
	}
	if err := paramsInto(state, f.params); err != nil {
		return err
	}
	calendar, err := readCalendar(f.calendar)
	if err != nil {
		return err
	}
	d, err := p.Apply(state, calendar)
	if err != nil {
		return err
	}
	if f.explain {
		return a.explainDecision(d)
	}
	return writeJSON(a.Out, d)
}

// explainDecision tells a decision in words: a table, and behind each number its steps.
func (a *app) explainDecision(d *policy.Decision) error {
	t := a.table("policy.table-head")
	for i := range d.Operators {
		o := &d.Operators[i]
		t.row(o.ID, a.maybe(o.Score), orDash(o.Grade), a.maybe(o.Rank), a.maybe(o.Before),
			a.maybe(o.Quota), fmt.Sprintf("%+d", o.Delta), fmt.Sprint(o.Reserve),
			a.tag.Word("policy.status."+o.Status))
	}
	if err := t.flush(); err != nil {
		return err
	}
	lines := a.tag.Text(lang.M("policy.sum", "total", a.maybe(d.Total), "allocated", d.Allocated,
		"reserve", d.Reserve, "lost", d.Lost, "left", a.maybe(d.Left))) + "\n"
	for _, s := range d.Steps {
		lines += "  " + report.StepText(a.tag, s) + "\n"
	}
	for i := range d.Operators {
		o := &d.Operators[i]
		if len(o.Steps) > 0 {
			lines += "\n" + o.ID + "\n"
		}
		for _, s := range o.Steps {
			lines += "  " + report.StepText(a.tag, s) + "\n"
		}
	}
	lines += a.verdicts(d)
	_, err := fmt.Fprint(a.Out, lines)
	return err
}

// verdicts tells checks, alarms and deadlines.
func (a *app) verdicts(d *policy.Decision) string {
	lines := ""
	for _, v := range slices.Concat(d.Checks, d.Alarms) {
		id := v.ID
		if v.Of != "" {
			id += " " + v.Of
		}
		verdict := "policy.verdict.unknown"
		if v.Holds != nil {
			verdict = fmt.Sprintf("policy.verdict.%t", *v.Holds)
		}
		lines += a.tag.Text(lang.M("policy.check-line", "id", id, "verdict", a.tag.Word(verdict))) + "\n"
	}
	for _, id := range slices.Sorted(maps.Keys(d.Deadlines)) {
		lines += a.tag.Text(lang.M("policy.deadline-line", "id", id, "day", d.Deadlines[id])) + "\n"
	}
	if lines != "" {
		return "\n" + lines
	}
	return ""
}

// maybe writes a figure, or that it is unknown.
func (a *app) maybe(x any) string {
	switch v := x.(type) {
	case *int:
		if v != nil {
			return fmt.Sprint(*v)
		}
	case *policy.Number:
		if v != nil {
			return v.String()
		}
	}
	return a.tag.Word("word.unknown")
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
