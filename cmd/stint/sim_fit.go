package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/simulations"
)

// simFitCommand writes the demand that a scenario's history tells.
func (a *app) simFitCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use: "fit SCENARIO.yaml", Short: a.tag.Word("sim-fit.help-fit"), Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.fit(c.Context(), args[0], f)
		},
	}
	c.Flags().StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	c.Flags().StringVarP(&f.out, "out", "o", "", a.tag.Word("sim-fit.flag-out"))
	c.Flags().BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	return c
}

func (a *app) fit(ctx context.Context, file string, f simFlags) error {
	if f.out != "" {
		if err := report.Vacant(f.out); err != nil {
			return err
		}
	}
	study, hash, err := a.study(ctx, file, f.data)
	if err != nil {
		return err
	}
	fit, err := study.Fit()
	if err != nil {
		return a.unfit(err)
	}
	if f.out != "" {
		if err := fit.Write(f.out, study.Manifest(tool(), hash)); err != nil {
			return err
		}
	}
	if f.json {
		return writeJSON(a.Out, fit)
	}
	text := a.tag.Text(lang.M("sim-fit.fitted", "rides", fit.Rides, "from", fit.Days.From,
		"to", fit.Days.To, "cells", fit.Cells, "model", string(fit.Model), "bad", fit.Bad,
		"outside", fit.Outside, "inflation", strconv.FormatFloat(fit.Inflation, 'f', 3, 64)))
	if f.out != "" {
		text += "\n" + a.tag.Text(lang.M("sim-fit.written", "dir", f.out,
			"braces", fmt.Sprintf("{model: table, rates: %[1]s/rates.csv, rides: %[1]s/rides.csv}", f.out)))
	}
	_, err = fmt.Fprintln(a.Out, text)
	return err
}

// simBacktestCommand judges the simulation by days held back.
func (a *app) simBacktestCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use: "backtest SCENARIO.yaml", Short: a.tag.Word("sim-fit.help-backtest"), Args: a.exactly(1),
		Example: "  stint sim backtest docs/scenarios/shanghai.yaml --data ../shared/data",
		RunE: func(c *cobra.Command, args []string) error {
			return a.experiment(c.Context(), args[0], f, (*simulations.Scenario).Judged,
				func(ctx context.Context, s *simulations.Study, hear func(done, most int)) (
					simulations.Experiment, error,
				) {
					found, err := s.Backtest(ctx, f.workers, hear)
					if err != nil {
						return nil, a.unfit(err)
					}
					return found, nil
				})
		},
	}
	a.simFlags(c, &f)
	return c
}
