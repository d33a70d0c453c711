package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations"
	"github.com/stint-city/stint/simulations/parquet"
)

// traceFlags are the flags of `stint sim trace`.
type traceFlags struct {
	data, out, policy string
	replication       int
}

// simTraceCommand writes every request of one replication.
func (a *app) simTraceCommand() *cobra.Command {
	var f traceFlags
	c := &cobra.Command{
		Use: "trace SCENARIO.yaml -o FILE.parquet", Short: a.tag.Word("sim.help-trace"),
		Long: a.tag.Word("sim.help-trace-long"), Args: a.exactly(1),
		Example: "  stint sim trace town/scenario.yaml -o rides.parquet",
		RunE: func(c *cobra.Command, args []string) error {
			return a.simTrace(c.Context(), args[0], f)
		},
	}
	c.Flags().StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	c.Flags().StringVarP(&f.out, "out", "o", "requests.parquet", a.tag.Word("sim.flag-trace-out"))
	c.Flags().StringVar(&f.policy, "policy", "", a.tag.Word("sim.flag-trace-policy"))
	c.Flags().IntVar(&f.replication, "replication", 0, a.tag.Word("sim.flag-trace-replication"))
	return c
}

func (a *app) simTrace(ctx context.Context, file string, f traceFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	if f.replication < 0 {
		return usage(lang.E(nil, "sim.trace-replication", "got", f.replication))
	}
	study, _, err := a.study(ctx, file, f.data)
	if err != nil {
		return err
	}
	if f.policy == "" {
		f.policy = study.Scenario.Policies[0].ID
	}
	n := 0
	err = writeAside(f.out, func(to io.Writer) error {
		w := parquet.New(to, f.policy, f.replication, study.Scenario.Seed)
		err := study.Trace(ctx, f.policy, f.replication, func(r simulations.Request) error {
			n++
			return w.Add(r)
		})
		if err != nil {
			return err
		}
		return w.Close()
	})
	if errors.Is(err, simulations.ErrNoPolicy) {
		var known []string
		for i := range study.Scenario.Policies {
			known = append(known, study.Scenario.Policies[i].ID)
		}
		return usage(lang.E(nil, "sim.trace-policy", "got", f.policy, "known", known))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("sim.trace-done", "file", f.out, "n", n,
		"policy", f.policy, "replication", f.replication)))
	return err
}
