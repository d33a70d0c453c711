package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
)

// version is set by the linker (-X main.version=...) from `git describe`; a plan names it.
var version = "unversioned"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: a.tag.Word("help.version"),
		Args:  a.exactly(0),
		RunE: func(_ *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(a.Out, "stint %s (city file %d, plan %d, %s %s/%s)\n", version,
				city.FileSchema, engine.PlanSchema, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
