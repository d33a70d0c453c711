package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/quota/policy"
)

// errDoubt means that a check that was asked for did not hold: a finding, a case of a replay.
var errDoubt = errors.New("something does not hold")

func (a *app) policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: a.tag.Word("policy.help"),
		Long:  a.tag.Word("policy.help-long"),
		Args:  a.knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.policyLint(), a.policyApply(), a.policyReplay(), a.policyList(), a.policyShow(),
		a.policySchema())
	return c
}

// mostRules is the most that is read of a file of rules, bytes; the reader refuses what is larger
// than it takes.
const mostRules = 8 << 20

// readInput reads a file, or standard input for "-".
func readInput(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, mostRules))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, missing(path, err)
	}
	defer func() { _ = file.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(file, mostRules))
	if err != nil {
		return nil, missing(path, err)
	}
	return data, nil
}

// missing says that a file that was named can't be read.
func missing(path string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return usage(lang.E(nil, "input.missing-file", "file", path))
	}
	return usage(lang.E(err, "input.unreadable-file", "file", path))
}

// policyText returns the text of a policy: a file, or else a preset by its ID.
func policyText(name string) ([]byte, error) {
	if _, err := os.Stat(name); err == nil || name == "-" || strings.ContainsAny(name, `/\.`) {
		return readInput(name)
	}
	return rules.Preset(name)
}

func readPolicy(name string) (*rules.Policy, error) {
	data, err := policyText(name)
	if err != nil {
		return nil, err
	}
	return rules.ReadPolicy(name, data)
}

func (a *app) policyList() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: a.tag.Word("policy.help-list"),
		Args:  a.exactly(0),
		RunE: func(*cobra.Command, []string) error {
			var list []presetRow
			for _, id := range rules.Presets() {
				p, err := readPolicy(id)
				if err != nil {
					return err
				}
				list = append(list, rowOf(p.Policy))
			}
			if asJSON {
				return writeJSON(a.Out, list)
			}
			t := a.table("policy.list-head")
			for _, x := range list {
				t.row(x.ID, a.named(x.Name), x.Confidence, strings.Join(x.Requires, ", "))
			}
			return t.flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// presetRow is a preset as a list shows it.
type presetRow struct {
	ID         string       `json:"id"`
	Name       policy.Text  `json:"name"`
	Sector     string       `json:"sector"`
	Period     string       `json:"period"`
	Source     string       `json:"source"`
	Confidence string       `json:"confidence"`
	Requires   []string     `json:"requires"` // parameters that the source leaves open
	Missing    []policy.Gap `json:"missing"`
}

func rowOf(p *policy.Policy) presetRow {
	x := presetRow{
		ID: p.ID, Name: p.Name, Sector: p.Sector, Period: string(p.Period), Source: p.Source.Text,
		Confidence: p.Source.Confidence, Requires: []string{}, Missing: p.Missing,
	}
	for _, param := range p.Params {
		if param.Required {
			x.Requires = append(x.Requires, param.ID)
		}
	}
	return x
}

// named returns a text in the language of the terminal, or the other where there is none.
func (a *app) named(t policy.Text) string {
	if (a.tag == lang.Chinese && t.Zh != "") || t.En == "" {
		return t.Zh
	}
	return t.En
}

func (a *app) policyShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   a.tag.Word("policy.help-show"),
		Example: "  stint policy show guangzhou-2023 > rule.yaml",
		Args:    a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			data, err := rules.Preset(args[0])
			if err != nil {
				return err
			}
			_, err = a.Out.Write(data)
			return err
		},
	}
}

func (a *app) policySchema() *cobra.Command {
	return &cobra.Command{
		Use:       "schema policy|state|decision|rubric|sheets|card|replay",
		Short:     a.tag.Word("policy.help-schema"),
		Example:   "  stint policy schema policy > policy.schema.json",
		ValidArgs: rules.Schemas(),
		Args:      a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			data, ok := rules.Schema(args[0])
			if !ok {
				return usage(lang.E(nil, "policy.schema-unknown", "got", args[0]))
			}
			_, err := a.Out.Write(data)
			return err
		},
	}
}

func (a *app) policyLint() *cobra.Command {
	var asJSON, strictly bool
	c := &cobra.Command{
		Use:     "lint FILE",
		Short:   a.tag.Word("policy.help-lint"),
		Long:    a.tag.Word("policy.help-lint-long"),
		Example: "  stint policy lint rule.yaml",
		Args:    a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.lint(args[0], asJSON, strictly)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	c.Flags().BoolVar(&strictly, "strict", false, a.tag.Word("policy.flag-strict"))
	return c
}

// lintRow is a fault or a finding as JSON has it.
type lintRow struct {
	Kind   string `json:"kind"` // fault or finding
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

func (a *app) lint(name string, asJSON, strictly bool) error {
	data, err := policyText(name)
	if err != nil {
		return err
	}
	faults, findings := rules.Lint(name, data)
	list := []lintRow{}
	for _, f := range faults {
		row := lintRow{Kind: "fault", File: f.File, Line: f.Line, Column: f.Column}
		if e := (*lang.Error)(nil); errors.As(f.Err, &e) {
			row.Code = e.Message.ID
		}
		row.Text = a.tag.Error(f.Err)
		list = append(list, row)
	}
	for _, f := range findings {
		list = append(list, lintRow{"finding", f.File, f.Line, f.Column, f.Code, a.tag.Text(f.Message)})
	}
	if asJSON {
		err = writeJSON(a.Out, list)
	} else {
		err = a.tellLint(list, len(faults), len(findings))
	}
	switch {
	case err != nil:
		return err
	case len(faults) > 0:
		return fmt.Errorf("%w", faults[0])
	case strictly && len(findings) > 0:
		return lang.E(errDoubt, "policy.doubtful", "findings", len(findings))
	}
	return nil
}

func (a *app) tellLint(list []lintRow, faults, findings int) error {
	lines := ""
	for _, x := range list {
		lines += fmt.Sprintf("%s:%d:%d: %s: %s\n", x.File, x.Line, x.Column, x.Code, x.Text)
	}
	if len(list) == 0 {
		lines = a.tag.Word("policy.no-findings") + "\n"
	} else {
		lines += a.tag.Text(lang.M("policy.findings", "faults", faults, "findings", findings)) + "\n"
	}
	_, err := fmt.Fprint(a.Out, lines)
	return err
}

func (a *app) policyReplay() *cobra.Command {
	var asJSON, failed bool
	c := &cobra.Command{
		Use:     "replay FILE",
		Short:   a.tag.Word("policy.help-replay"),
		Long:    a.tag.Word("policy.help-replay-long"),
		Example: "  stint policy replay docs/policies/china.yaml",
		Args:    a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.replay(args[0], asJSON, failed)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	c.Flags().BoolVar(&failed, "failed", false, a.tag.Word("policy.flag-failed"))
	return c
}

func (a *app) replay(name string, asJSON, onlyFailed bool) error {
	data, err := readInput(name)
	if err != nil {
		return err
	}
	r, err := rules.ReadReplay(name, data)
	if err != nil {
		return err
	}
	outcomes, err := r.Run(func(policyName string) (*rules.Policy, error) {
		beside := filepath.Join(filepath.Dir(name), policyName)
		if _, err := os.Stat(beside); err == nil && filepath.IsLocal(policyName) {
			return readPolicy(beside)
		}
		return readPolicy(policyName)
	})
	if err != nil {
		return err
	}
	failed := 0
	for _, o := range outcomes {
		if !o.Holds {
			failed++
		}
	}
	if asJSON {
		err = writeJSON(a.Out, outcomes)
	} else {
		err = a.tellReplay(outcomes, len(r.Cases), failed, onlyFailed)
	}
	if err == nil && failed > 0 {
		return lang.E(errDoubt, "policy.failed", "failed", failed, "asked", len(outcomes))
	}
	return err
}

func (a *app) tellReplay(outcomes []rules.Outcome, cases, failed int, onlyFailed bool) error {
	t := a.table("policy.replay-head")
	for _, o := range outcomes {
		holds := a.tag.Word("policy.yes")
		if !o.Holds {
			holds = a.tag.Word("policy.no")
		} else if onlyFailed {
			continue
		}
		t.row(o.Case, o.What, o.Want, o.Got, holds)
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("policy.replay-summary",
		"cases", cases, "asked", len(outcomes), "failed", failed)))
	return err
}

// paramsInto sets parameters of the command line in a state.
func paramsInto(s *rules.State, given []string) error {
	for _, text := range given {
		id, value, ok := strings.Cut(text, "=")
		if !ok || id == "" {
			return usage(lang.E(nil, "policy.param-form", "got", text))
		}
		if s.Params == nil {
			s.Params = map[string]policy.Datum{}
		}
		var d policy.Datum
		if err := d.UnmarshalJSON([]byte(value)); err != nil {
			d = policy.TextDatum(value)
		}
		s.Params[id] = d
	}
	return nil
}

// readCalendar reads the calendar of a file, nil for none.
func readCalendar(path string) (policy.Calendar, error) {
	if path == "" {
		return nil, nil
	}
	data, err := readInput(path)
	if err != nil {
		return nil, err
	}
	c, err := rules.ReadCalendar(path, data)
	if err != nil {
		return nil, err
	}
	return c, nil
}
