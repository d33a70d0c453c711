package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations"
)

//go:embed scenarios/*.yaml
var madeScenarios embed.FS

// simFlags are the flags of `stint sim`.
type simFlags struct {
	data, out string
	workers   int
	json      bool
	scale     scaleFlags
}

func (a *app) simCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "sim", Short: a.tag.Word("sim.help"), Long: a.tag.Word("sim.help-long"),
		Args: a.knownCommand, RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.simInitCommand(), a.simValidateCommand(), a.simRunCommand())
	c.AddCommand(a.simMergeCommand(), a.simWorkerCommand())
	c.AddCommand(a.simCompareCommand(), a.simSweepCommand(), a.simSensitivityCommand())
	c.AddCommand(a.simFitCommand(), a.simBacktestCommand(), a.simReportCommand())
	c.AddCommand(a.simTraceCommand(), a.simSchemaCommand())
	return c
}

// simSchemaCommand writes the JSON Schema of a scenario.
func (a *app) simSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: a.tag.Word("sim.help-schema"), Args: a.exactly(0),
		Example: "  stint sim schema > scenario.schema.json",
		RunE: func(*cobra.Command, []string) error {
			_, err := a.Out.Write(simulations.Schema())
			return err
		},
	}
}

// simInitCommand writes the made city with a scenario on it.
func (a *app) simInitCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init DIR", Short: a.tag.Word("sim.help-init"), Args: a.exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := example.Write(args[0], example.Options{Seed: 1, Cells: 100, Weeks: 2}); err != nil {
				return err
			}
			list, err := madeScenarios.ReadDir("scenarios")
			if err != nil {
				return err
			}
			for _, of := range list {
				text, err := madeScenarios.ReadFile("scenarios/" + of.Name())
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(args[0], of.Name()), text, 0o644); err != nil {
					return err
				}
			}
			file := filepath.Join(args[0], "scenario.yaml")
			_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("sim.init-done",
				"dir", args[0], "file", file, "n", len(list))))
			return err
		},
	}
}

// simValidateCommand reads a scenario and decides its plans.
func (a *app) simValidateCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use: "validate SCENARIO.yaml", Short: a.tag.Word("sim.help-validate"), Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			study, _, err := a.study(c.Context(), args[0], f.data)
			if err != nil {
				return err
			}
			cells, operators := study.Size()
			_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("sim.valid",
				"policies", len(study.Scenario.Policies), "cells", cells, "operators", operators,
				"days", study.Scenario.Days)))
			return err
		},
	}
	c.Flags().StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	return c
}

func (a *app) simRunCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use: "run SCENARIO.yaml", Short: a.tag.Word("sim.help-run"), Args: a.exactly(1),
		Example: "  stint sim init town\n  stint sim run town/scenario.yaml -o result",
		RunE: func(c *cobra.Command, args []string) error {
			return a.simulate(c.Context(), args[0], f)
		},
	}
	a.simFlags(c, &f)
	f.scale.add(a, c)
	return c
}

// simFlags are the flags of every command that makes replications.
func (a *app) simFlags(c *cobra.Command, f *simFlags) {
	c.Flags().StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
	c.Flags().StringVarP(&f.out, "out", "o", "", a.tag.Word("sim.flag-out"))
	c.Flags().IntVar(&f.workers, "workers", 0, a.tag.Word("sim.flag-workers"))
	c.Flags().BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
}

// study reads a scenario and its city, and returns the scenario's hash, too.
func (a *app) study(
	ctx context.Context, file, data string,
) (study *simulations.Study, hash string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, "", err
	}
	scenario, err := simulations.Parse(filepath.Base(file), text)
	if err != nil {
		return nil, "", err
	}
	study, err = simulations.Load(ctx, scenario, file, data)
	return study, fmt.Sprintf("%x", sha256.Sum256(text)), err
}

// simulate carries out walk C of docs/architecture.md.
func (a *app) simulate(ctx context.Context, file string, f simFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	study, hash, err := a.study(ctx, file, f.data)
	if err != nil {
		return err
	}
	bar := newProgress(a)
	defer bar.close()
	progress := func(done, most int) {
		bar.show(a.tag.Word("sim.progress"), int64(done), int64(most))
	}
	if f.scale.shard != "" {
		return a.simulateShard(ctx, study, f, progress)
	}
	result, err := a.runStudy(ctx, study, f, progress)
	bar.close()
	if result == nil || err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		a.caution(lang.M("sim.interrupted", "n", result.Replications))
	}
	return a.giveResult(study, result, hash, f)
}

// giveResult writes a result where it was asked for.
func (a *app) giveResult(
	study *simulations.Study, result *simulations.Result, hash string, f simFlags,
) error {
	if f.out != "" {
		if err := result.Write(f.out, study.Manifest(tool(), hash), a.tag); err != nil {
			return err
		}
	}
	if f.json {
		return errors.Join(writeJSON(a.Out, result), result.Holds())
	}
	return errors.Join(a.tellResult(result, f.out), result.Holds())
}

// tellResult prints levels and paired differences.
func (a *app) tellResult(r *simulations.Result, dir string) error {
	head := []string{a.tag.Word("sim.table-metric")}
	for i, p := range r.Policies {
		head = append(head, p.ID)
		if i > 0 {
			head = append(head, a.tag.Text(lang.M("sim.table-against",
				"policy", p.ID, "baseline", r.Policies[0].ID)), "")
		}
	}
	t := textTable{tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)}
	t.row(head...)
	for m, id := range simulations.MetricIDs() {
		row := []string{a.tag.Word("sim.metric-" + id)}
		for i, p := range r.Policies {
			row = append(row, simulations.LevelText(p.Metrics[m], a.tag))
			if i > 0 {
				c := p.Changes[m]
				row = append(row, simulations.LevelText(c.Level, a.tag), a.tag.Word("sim.verdict-"+c.Verdict))
			}
		}
		t.row(row...)
	}
	if err := t.flush(); err != nil {
		return err
	}
	text := "\n"
	for _, v := range r.Checks {
		text += v.Text(a.tag) + "\n"
	}
	text += a.tag.Text(lang.M("sim.report-count", "n", r.Replications, "seed", r.Seed)) + "\n"
	text += a.tag.Word("sim.report-assumed") + "\n"
	if dir != "" {
		text += a.tag.Text(lang.M("sim.written", "dir", dir)) + "\n"
	}
	_, err := fmt.Fprint(a.Out, text)
	return err
}
