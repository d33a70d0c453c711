package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/lang"
)

func (a *app) exampleCommand() *cobra.Command {
	var o example.Options
	c := &cobra.Command{
		Use:     "example DIR",
		Short:   a.tag.Word("help.example"),
		Long:    a.tag.Word("help.example-long"),
		Example: "  stint example city\n  stint plan city/city.yaml -o plan",
		Args:    a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := example.Write(args[0], o); err != nil {
				return err
			}
			_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("terminal.example", "dir", args[0])))
			return err
		},
	}
	c.Flags().Uint64Var(&o.Seed, "seed", 1, a.tag.Word("help.flag-seed"))
	c.Flags().IntVar(&o.Cells, "cells", 0, a.tag.Word("help.flag-cells"))
	c.Flags().IntVar(&o.Operators, "operators", 0, a.tag.Word("help.flag-operators"))
	c.Flags().IntVar(&o.Weeks, "weeks", 0, a.tag.Word("help.flag-weeks"))
	return c
}
