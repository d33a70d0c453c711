package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/lang"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema city",
		Short:     a.tag.Word("help.schema"),
		Long:      a.tag.Word("help.schema-long"),
		Example:   "  stint schema city > city.schema.json",
		ValidArgs: []string{"city"},
		Args:      a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] != "city" {
				return usage(lang.E(nil, "terminal.schema-unknown", "got", args[0]))
			}
			if _, err := a.Out.Write(city.Schema()); err != nil {
				return fmt.Errorf("write schema: %w", err)
			}
			return nil
		},
	}
}
