package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/scoring/rubric"
)

func (a *app) reportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "report",
		Short: a.tag.Word("scorecard.help-report"),
		Args:  a.knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.scorecardCommand())
	return c
}

// scorecardFlags are the flags of `stint report scorecard`.
type scorecardFlags struct {
	columns     []string
	out, before string
}

func (a *app) scorecardCommand() *cobra.Command {
	var f scorecardFlags
	c := &cobra.Command{
		Use:     "scorecard RUBRIC SHEETS",
		Short:   a.tag.Word("scorecard.help"),
		Long:    a.tag.Word("scorecard.help-long"),
		Example: "  stint report scorecard rubric.yaml sheets.json -o out --before last/scorecard.json",
		Args:    a.exactly(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.scorecard(args[0], args[1], f)
		},
	}
	c.Flags().StringArrayVar(&f.columns, "column", nil, a.tag.Word("rubric.flag-column"))
	c.Flags().StringVarP(&f.out, "out", "o", "scorecard", a.tag.Word("scorecard.flag-out"))
	c.Flags().StringVar(&f.before, "before", "", a.tag.Word("scorecard.flag-before"))
	return c
}

// scorecard writes the publication of an assessment.
func (a *app) scorecard(table, sheets string, f scorecardFlags) error {
	r, s, cards, err := a.scored(table, sheets, f.columns)
	if err != nil {
		return err
	}
	before, err := scoresBefore(f.before)
	if err != nil {
		return err
	}
	public := report.Publish(&r.Rubric, s.Period, cards, before)
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return usage(lang.E(err, "input.unreadable-file", "file", f.out))
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"scorecard.html", func(w io.Writer) error {
			return report.WriteScorecardPage(w, public, a.tag)
		}},
		{"scorecard.csv", func(w io.Writer) error { return report.WriteScorecardCSV(w, public) }},
		{"scorecard.json", func(w io.Writer) error { return report.WriteScorecardJSON(w, public) }},
	} {
		var text bytes.Buffer
		if err := file.write(&text); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(f.out, file.name), text.Bytes(), 0o644); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("scorecard.written", "folder", f.out)))
	return err
}

// scoresBefore reads the scores of the assessment before, by operator; nil where none is named.
func scoresBefore(path string) (map[string]rubric.Number, error) {
	if path == "" {
		return nil, nil
	}
	data, err := readInput(path)
	if err != nil {
		return nil, err
	}
	var old struct {
		Cards []struct {
			Operator string         `json:"operator"`
			Score    *rubric.Number `json:"score"`
		} `json:"cards"`
	}
	if err := json.Unmarshal(data, &old); err != nil {
		return nil, usage(lang.E(err, "scorecard.before-bad", "file", path))
	}
	scores := map[string]rubric.Number{}
	for _, c := range old.Cards {
		if c.Score != nil {
			scores[c.Operator] = *c.Score
		}
	}
	return scores, nil
}
