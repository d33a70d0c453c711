package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/simulations"
)

// simCompareCommand compares policies of two results that were written.
func (a *app) simCompareCommand() *cobra.Command {
	var policyA, policyB string
	var asJSON bool
	c := &cobra.Command{
		Use: "compare RESULT-A RESULT-B", Short: a.tag.Word("sim.help-compare"), Args: a.exactly(2),
		RunE: func(_ *cobra.Command, args []string) error {
			left, ma, err := simulations.ReadResult(args[0])
			if err != nil {
				return err
			}
			right, mb, err := simulations.ReadResult(args[1])
			if err != nil {
				return err
			}
			p, err := left.Policy(policyA)
			if err != nil {
				return err
			}
			q, err := right.Policy(policyB)
			if err != nil {
				return err
			}
			comparison := simulations.CompareResults(left, ma, p, right, mb, q)
			if asJSON {
				return writeJSON(a.Out, comparison)
			}
			return a.tellComparison(comparison)
		},
	}
	c.Flags().StringVar(&policyA, "a", "", a.tag.Word("sim.flag-a"))
	c.Flags().StringVar(&policyB, "b", "", a.tag.Word("sim.flag-b"))
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// tellComparison prints differences.
func (a *app) tellComparison(c simulations.Comparison) error {
	t := textTable{tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)}
	t.row(a.tag.Word("sim.table-metric"), c.B+" − "+c.A, "")
	for _, x := range c.Changes {
		t.row(a.tag.Word("sim.metric-"+x.Metric), simulations.LevelText(x.Level, a.tag),
			a.tag.Word("sim.verdict-"+x.Verdict))
	}
	if err := t.flush(); err != nil {
		return err
	}
	word := "sim.compare-apart"
	if c.Paired {
		word = "sim.compare-paired"
	}
	_, err := fmt.Fprintln(a.Out, "\n"+a.tag.Word(word))
	return err
}
