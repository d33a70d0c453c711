package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/scoring"
	"github.com/stint-city/stint/scoring/rubric"
)

// scoreFlags are the flags of `stint score`.
type scoreFlags struct {
	columns                  []string
	json, items, sensitivity bool
}

func (a *app) scoreCommand() *cobra.Command {
	var f scoreFlags
	c := &cobra.Command{
		Use:   "score RUBRIC SHEETS",
		Short: a.tag.Word("rubric.help"),
		Long:  a.tag.Word("rubric.help-long"),
		Example: "  stint score rubric.yaml sheets.json\n" +
			"  stint score rubric.yaml card.csv --column operator=company --column rides=total_rides",
		Args: a.exactly(2),
		RunE: func(_ *cobra.Command, args []string) error { return a.score(args[0], args[1], f) },
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.columns, "column", nil, a.tag.Word("rubric.flag-column"))
	flags.BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	flags.BoolVar(&f.items, "items", false, a.tag.Word("rubric.flag-items"))
	flags.BoolVar(&f.sensitivity, "sensitivity", false, a.tag.Word("rubric.flag-sensitivity"))
	return c
}

// scored reads a table of marks and sheets, and carries the table out.
func (a *app) scored(
	table, sheets string, columns []string,
) (*rules.Rubric, *rules.Sheets, []rubric.Card, error) {
	data, err := readInput(table)
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := rules.ReadRubric(table, data)
	if err != nil {
		return nil, nil, nil, err
	}
	s, err := a.readSheets(sheets, columns)
	if err != nil {
		return nil, nil, nil, err
	}
	cards, err := r.Score(s)
	return r, s, cards, err
}

// readSheets reads sheets of any format: CSV by the name's ending or where columns are named.
func (a *app) readSheets(name string, columns []string) (*rules.Sheets, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	if filepath.Ext(name) != ".csv" && len(columns) == 0 {
		return rules.ReadSheets(name, data)
	}
	named := map[string]string{}
	for _, text := range columns {
		column, title, ok := strings.Cut(text, "=")
		if !ok || column == "" || title == "" {
			return nil, usage(lang.E(nil, "rubric.column-form", "got", text))
		}
		named[column] = title
	}
	return rules.ReadSheetsCSV(name, bytes.NewReader(data), named)
}

func (a *app) score(table, sheets string, f scoreFlags) error {
	_, _, cards, err := a.scored(table, sheets, f.columns)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(a.Out, cards)
	}
	t := a.table("rubric.head")
	for i := range cards {
		c := &cards[i]
		t.row(c.Operator, orDash(c.Class), a.mark(c.Score), c.Scale.String(), a.interval(c.Low, c.High),
			orDash(c.Grade), a.tag.Word("rubric.pass."+c.Pass), a.maybe(c.Rank),
			orDash(strings.Join(c.Tied, ", ")))
	}
	if err := t.flush(); err != nil {
		return err
	}
	if f.items {
		if err := a.tellItems(cards); err != nil {
			return err
		}
	}
	if f.sensitivity {
		return a.tellSensitivity(cards)
	}
	return nil
}

// mark writes points, or that they are unknown.
func (a *app) mark(x *rubric.Number) string {
	if x == nil {
		return a.tag.Word("word.unknown")
	}
	return x.String()
}

// interval writes an interval, a dash where it is one point.
func (a *app) interval(low, high rubric.Number) string {
	if low.Cmp(high) == 0 {
		return "–"
	}
	return a.tag.Text(lang.M("rubric.interval", "low", fmt.Sprintf("%.2f", low.Float()),
		"high", fmt.Sprintf("%.2f", high.Float())))
}

// tellItems prints every item of every operator.
func (a *app) tellItems(cards []rubric.Card) error {
	for i := range cards {
		for _, period := range cards[i].Periods {
			for _, part := range period.Parts {
				title := strings.TrimSpace(cards[i].Operator + " " + period.Period + " " + part.Assessor)
				if _, err := fmt.Fprintf(a.Out, "\n%s\n", title); err != nil {
					return err
				}
				t := a.table("rubric.items-head")
				for _, x := range part.Items {
					t.row(x.Indicator, a.mark(x.Value), a.mark(x.Points), x.Max.String(), x.How,
						orDash(x.Agency))
				}
				if err := t.flush(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// tellSensitivity prints the rank acceptability of operators with one period and assessor: ranks
// under weights that nobody knows.
func (a *app) tellSensitivity(cards []rubric.Card) error {
	table, ok := pointsOf(cards)
	if !ok {
		_, err := fmt.Fprintln(a.Out, "\n"+a.tag.Word("rubric.sensitivity-none"))
		return err
	}
	const seed, draws = 1, 10_000
	result, err := scoring.RankAcceptability(table, seed, draws)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(a.Out, "\n"+a.tag.Word("rubric.sensitivity")); err != nil {
		return err
	}
	for k := range cards {
		line := cards[k].Operator
		for _, part := range result.Rank[k] {
			line += fmt.Sprintf("  %5.1f%%", 100*part)
		}
		if _, err := fmt.Fprintln(a.Out, line); err != nil {
			return err
		}
	}
	return nil
}

// pointsOf returns the marks of every operator as parts of their full marks; ok is false where one
// is unknown, or the operators have not the same items.
func pointsOf(cards []rubric.Card) (scoring.Table, bool) {
	var t scoring.Table
	for _, c := range cards {
		var row []float64
		for _, x := range c.Periods[0].Parts[0].Items {
			if x.Kind != "mark" {
				continue
			}
			if x.Points == nil || x.Max.Sign() == 0 {
				return t, false
			}
			row = append(row, x.Points.Float()/x.Max.Float())
		}
		t.Points = append(t.Points, row)
		if len(row) < 2 || len(row) != len(t.Points[0]) {
			return t, false
		}
	}
	return t, len(t.Points) > 1
}
