package main

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// foresight is what a measure would do, as the server tells it.
type foresight struct {
	Operators []struct {
		Sector    string `json:"sector"`
		Operator  string `json:"operator"`
		Before    int    `json:"cap_before"`
		After     int    `json:"cap_after"`
		Excess    int    `json:"excess"`
		Elsewhere int    `json:"elsewhere"`
	} `json:"operators"`
	Moves []struct {
		Sector   string `json:"sector"`
		Operator string `json:"operator"`
		Cell     string `json:"cell"`
		Taken    int    `json:"taken"`
		Before   int    `json:"cap_before"`
		After    int    `json:"cap_after"`
		Excess   int    `json:"excess"`
	} `json:"moves"`
}

func (a *app) measureTry() *cobra.Command {
	var k *client
	var f measureFlags
	c := &cobra.Command{
		Use:     "try NAME --act ACT --reason WHY",
		Short:   a.tag.Word("measure.help-try"),
		Long:    a.tag.Word("measure.help-try-long"),
		Example: "  stint measure try gas-leak --act clear --zone market --reason \"gas leak\"",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			body, err := f.body(c)
			if err != nil {
				return err
			}
			var x foresight
			path := measurePath(args[0]) + "/try"
			if err := k.call(c.Context(), http.MethodPost, path, "", body, &x); err != nil {
				return err
			}
			return a.tellForesight(k, &x)
		},
	}
	k = a.clientFlags(c)
	f.addTo(a, c)
	return c
}

// tellForesight prints who would have to move how many.
func (a *app) tellForesight(k *client, x *foresight) error {
	if k.json {
		return writeJSON(a.Out, x)
	}
	if len(x.Operators) == 0 {
		_, err := fmt.Fprintln(a.Out, a.tag.Word("measure.no-moves"))
		return err
	}
	for _, o := range x.Operators {
		_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("measure.owner", "sector", o.Sector,
			"operator", o.Operator, "before", o.Before, "after", o.After, "excess", o.Excess,
			"elsewhere", o.Elsewhere)))
		if err != nil {
			return err
		}
	}
	if len(x.Moves) == 0 {
		return nil
	}
	t := a.table("measure.moves-head")
	for _, m := range x.Moves {
		t.row(m.Sector, m.Operator, m.Cell, fmt.Sprint(m.Taken), fmt.Sprint(m.Before),
			fmt.Sprint(m.After), fmt.Sprint(m.Excess))
	}
	return t.flush()
}
