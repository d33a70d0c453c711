package main

import (
	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
)

// explainFlags are the flags of `stint explain`.
type explainFlags struct {
	cell, operator, sector string
	json                   bool
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:     "explain PLAN --cell C --operator O",
		Short:   a.tag.Word("help.explain"),
		Long:    a.tag.Word("help.explain-long"),
		Example: "  stint explain plan --cell 8930e1d8c5bffff --operator alder",
		Args:    a.exactly(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.explain(args[0], f) },
	}
	c.Flags().StringVar(&f.cell, "cell", "", a.tag.Word("help.flag-cell"))
	c.Flags().StringVar(&f.operator, "operator", "", a.tag.Word("help.flag-operator"))
	c.Flags().StringVar(&f.sector, "sector", "", a.tag.Word("help.flag-sector"))
	c.Flags().BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	return c
}

func (a *app) explain(dir string, f explainFlags) error {
	if f.cell == "" || f.operator == "" {
		return usage(lang.E(nil, "terminal.explain-needs"))
	}
	plan, err := report.Read(dir)
	if err != nil {
		return err
	}
	if !f.json {
		return report.Explain(a.Out, plan, a.tag, f.sector, f.cell, f.operator)
	}
	account, err := report.Explanation(plan, f.sector, f.cell, f.operator)
	if err != nil {
		return err
	}
	return writeJSON(a.Out, account)
}
