package main

import (
	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/report"
)

func (a *app) diffCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "diff PLAN_A PLAN_B",
		Short:   a.tag.Word("help.diff"),
		Long:    a.tag.Word("help.diff-long"),
		Example: "  stint diff plan-spring plan-summer",
		Args:    a.exactly(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.diff(args[0], args[1], asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, a.tag.Word("help.flag-json"))
	return c
}

func (a *app) diff(first, second string, asJSON bool) error {
	before, err := report.Read(first)
	if err != nil {
		return err
	}
	after, err := report.Read(second)
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(a.Out, report.Compare(before, after))
	}
	return report.Diff(a.Out, before, after, a.tag)
}
