package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/simulations"
)

// simSweepCommand runs the combinations of a scenario's sweep.
func (a *app) simSweepCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use: "sweep SCENARIO.yaml", Short: a.tag.Word("sim.help-sweep"), Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.experiment(c.Context(), args[0], f, (*simulations.Scenario).Points,
				func(ctx context.Context, s *simulations.Study, hear func(done, most int)) (
					simulations.Experiment, error,
				) {
					return s.Sweep(ctx, f.workers, hear)
				})
		},
	}
	a.simFlags(c, &f)
	return c
}

// simSensitivityCommand moves a scenario's assumptions.
func (a *app) simSensitivityCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use: "sensitivity SCENARIO.yaml", Short: a.tag.Word("sim.help-sensitivity"), Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			same := func(s *simulations.Scenario) (*simulations.Scenario, error) { return s, nil }
			return a.experiment(c.Context(), args[0], f, same,
				func(ctx context.Context, s *simulations.Study, hear func(done, most int)) (
					simulations.Experiment, error,
				) {
					return s.Sensitivity(ctx, f.workers, hear)
				})
		},
	}
	a.simFlags(c, &f)
	return c
}

// experiment reads a scenario, runs an experiment on it, writes and tells what it found.
func (a *app) experiment(
	ctx context.Context, file string, f simFlags,
	of func(s *simulations.Scenario) (*simulations.Scenario, error),
	run func(ctx context.Context, s *simulations.Study, hear func(done, most int)) (
		simulations.Experiment, error),
) error {
	if f.out != "" {
		if err := report.Vacant(f.out); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	scenario, err := simulations.Parse(filepath.Base(file), text)
	if err == nil {
		scenario, err = of(scenario)
	}
	if err != nil {
		return err
	}
	study, err := simulations.Load(ctx, scenario, file, f.data)
	if err != nil {
		return err
	}
	bar := newProgress(a)
	defer bar.close()
	found, err := run(ctx, study, func(done, most int) {
		bar.show(a.tag.Word("sim.progress"), int64(done), int64(most))
	})
	if bar.close(); err != nil {
		return err
	}
	if f.out != "" {
		manifest := study.Manifest("stint "+version, fmt.Sprintf("%x", sha256.Sum256(text)))
		if err := found.Write(f.out, manifest); err != nil {
			return err
		}
	}
	var holds error
	if judged, ok := found.(interface{ Holds() error }); ok {
		holds = judged.Holds()
	}
	if f.json {
		return errors.Join(writeJSON(a.Out, found), holds)
	}
	return errors.Join(a.tellExperiment(found, f.out), holds)
}

// tellExperiment prints what an experiment found.
func (a *app) tellExperiment(found simulations.Experiment, dir string) error {
	rows, end := found.Table(a.tag)
	t := textTable{tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)}
	for _, row := range rows {
		t.row(row...)
	}
	if err := t.flush(); err != nil {
		return err
	}
	if dir != "" {
		end += "\n" + a.tag.Text(lang.M("sim.written", "dir", dir))
	}
	_, err := fmt.Fprintln(a.Out, "\n"+end)
	return err
}

// simReportCommand writes the report of a result again.
func (a *app) simReportCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "report RESULT [EXPERIMENT...]", Short: a.tag.Word("sim.help-report"),
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			page, err := simulations.Report(args[0], args[1:], a.tag)
			if err != nil {
				return err
			}
			if err := os.WriteFile(out, page, 0o644); err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("sim.written", "dir", out)))
			return err
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "report.html", a.tag.Word("sim.flag-report-out"))
	return c
}
