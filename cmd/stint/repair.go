package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

func (a *app) repairCommand() *cobra.Command {
	var k *client
	var check bool
	c := &cobra.Command{
		Use:     "repair --check",
		Short:   a.tag.Word("client.help-repair"),
		Long:    a.tag.Word("client.help-repair-long"),
		Example: "  stint repair --check",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if !check {
				return usage(lang.E(nil, "client.needs", "flag", "--check"))
			}
			return a.repair(c.Context(), k)
		},
	}
	k = a.clientFlags(c)
	c.Flags().BoolVar(&check, "check", false, a.tag.Word("client.flag-check"))
	return c
}

// repair compares counters, placements, events and the log.
func (a *app) repair(ctx context.Context, k *client) error {
	var v engine.Checked
	if err := k.call(ctx, http.MethodGet, "/v1/check", "", nil, &v); err != nil {
		return err
	}
	if k.json {
		if err := writeJSON(a.Out, v); err != nil {
			return err
		}
	} else if err := a.tellChecked(&v); err != nil {
		return err
	}
	if v.Holds {
		return nil
	}
	var wrong []string
	if v.Log != "" {
		wrong = append(wrong, v.Log)
	}
	for _, s := range v.Scopes {
		wrong = append(wrong, s.Miscounted...)
	}
	return lang.E(errBooks, "client.books", "n", len(wrong), "first", strings.Join(wrong[:1], ""))
}

func (a *app) tellChecked(v *engine.Checked) error {
	for _, s := range v.Scopes {
		text := a.tag.Text(lang.M("client.checked", "sector", s.Sector, "event", s.Event,
			"records", s.Records, "standing", s.Standing, "held", s.Held, "over", len(s.Over)))
		if _, err := fmt.Fprintln(a.Out, text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("client.checked-log", "n", v.Entries)))
	return err
}
