package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/simulations"
)

// scaleFlags are the flags of `stint sim run` that share its work among runs.
type scaleFlags struct {
	shard  string
	resume bool
	redis  string
}

func (f *scaleFlags) add(a *app, c *cobra.Command) {
	c.Flags().StringVar(&f.shard, "shard", "", a.tag.Word("sim-scale.flag-shard"))
	c.Flags().BoolVar(&f.resume, "resume", false, a.tag.Word("sim-scale.flag-resume"))
	c.Flags().StringVar(&f.redis, "redis", "", a.tag.Word("sim-scale.flag-redis"))
}

// check refuses flags that don't go together, and an output that is there already.
func (f *simFlags) check() error {
	switch {
	case f.scale.redis != "" && f.scale.shard != "":
		return usage(lang.E(nil, "sim-scale.redis-shard"))
	case f.scale.redis != "" && f.workers != 0:
		return usage(lang.E(nil, "sim-scale.redis-workers"))
	case f.scale.shard != "" && f.out == "":
		return usage(lang.E(nil, "sim-scale.shard-out"))
	case f.scale.shard != "" && f.json:
		return usage(lang.E(nil, "sim-scale.shard-json"))
	case f.scale.resume && f.scale.shard == "":
		return usage(lang.E(nil, "sim-scale.resume-alone"))
	case f.out != "" && !f.scale.resume:
		return report.Vacant(f.out)
	}
	return nil
}

// tool is the name and version of this program: what parts of a study must have in common.
func tool() string { return "stint " + version }

// runStudy makes the replications, on this machine or by workers.
func (a *app) runStudy(
	ctx context.Context, study *simulations.Study, f simFlags, progress func(done, most int),
) (*simulations.Result, error) {
	if f.scale.redis != "" {
		return a.runQueue(ctx, study, f, progress)
	}
	return study.Run(ctx, f.workers, progress)
}

// simulateShard makes a shard's replications into its folder.
func (a *app) simulateShard(
	ctx context.Context, study *simulations.Study, f simFlags, progress func(done, most int),
) error {
	shard, err := simulations.ParseShard(f.scale.shard)
	if err != nil {
		return usage(err)
	}
	job := study.Job(tool())
	mine, err := shard.Blocks(job)
	if err != nil {
		return err
	}
	folder, err := shardFolder(study, job, shard, f)
	if err != nil {
		return err
	}
	done := 0
	err = study.RunShard(ctx, shard, folder, f.workers, func(n, most int) {
		done = n
		progress(n, most)
	})
	switch {
	case errors.Is(err, context.Canceled):
		return lang.E(err, "sim-scale.shard-interrupted", "done", done, "of", len(mine), "dir", f.out)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintln(a.Out, a.tag.Text(lang.M("sim-scale.shard-done",
		"shard", shard.String(), "blocks", len(mine), "dir", f.out)))
	return err
}

// shardFolder makes the folder of a shard, or opens the one where it goes on.
func shardFolder(
	study *simulations.Study, job simulations.Job, shard simulations.Shard, f simFlags,
) (*simulations.PartFolder, error) {
	if f.scale.resume {
		folder, err := simulations.OpenPart(f.out)
		if err != nil {
			return nil, err
		}
		return folder, folder.Continues(job, shard)
	}
	bundle, err := study.Bundle()
	if err != nil {
		return nil, err
	}
	return simulations.CreatePart(f.out, job, shard.String(), bundle)
}

// simMergeCommand makes one result of the parts that shards made.
func (a *app) simMergeCommand() *cobra.Command {
	var f simFlags
	var part bool
	c := &cobra.Command{
		Use: "merge PART...", Short: a.tag.Word("sim-scale.help-merge"),
		Long: a.tag.Word("sim-scale.help-merge-long"), Args: a.atLeastOne,
		Example: "  stint sim run town/scenario.yaml --shard 1/2 -o part-1\n" +
			"  stint sim run town/scenario.yaml --shard 2/2 -o part-2\n" +
			"  stint sim merge part-1 part-2 -o result",
		RunE: func(c *cobra.Command, args []string) error {
			if part && f.out == "" {
				return usage(lang.E(nil, "sim-scale.merge-part-out"))
			}
			if f.out != "" {
				if err := report.Vacant(f.out); err != nil {
					return err
				}
			}
			return a.merge(c.Context(), args, part, f)
		},
	}
	c.Flags().StringVarP(&f.out, "out", "o", "", a.tag.Word("sim.flag-out"))
	c.Flags().BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	c.Flags().BoolVar(&part, "part", false, a.tag.Word("sim-scale.flag-part"))
	return c
}

// atLeastOne wants one argument or more.
func (a *app) atLeastOne(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage(lang.E(nil, "sim-scale.merge-none"))
	}
	return nil
}

// merge joins parts, and makes of them a result or a larger part.
func (a *app) merge(ctx context.Context, dirs []string, asPart bool, f simFlags) error {
	first, err := simulations.OpenPart(dirs[0])
	if err != nil {
		return err
	}
	all := first.Part()
	for _, dir := range dirs[1:] {
		next, err := simulations.OpenPart(dir)
		if err != nil {
			return err
		}
		if err := all.Join(next.Part(), dirs[0], dir); err != nil {
			return err
		}
	}
	bundle, err := first.Bundle()
	if err != nil {
		return err
	}
	if asPart {
		folder, err := simulations.CreatePart(f.out, all.Job, "", bundle)
		if err != nil {
			return err
		}
		return folder.PutAll(all)
	}
	if all.Job.Tool != tool() {
		return lang.E(simulations.ErrParts, "sim-scale.merge-tool", "made", all.Job.Tool, "this", tool())
	}
	if err := all.Complete(); err != nil {
		return err
	}
	return a.mergeResult(ctx, all, bundle, f)
}

// mergeResult writes what a single run would have written.
func (a *app) mergeResult(
	ctx context.Context, all *simulations.Part, bundle []byte, f simFlags,
) error {
	dir, err := os.MkdirTemp("", "stint-merge-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	study, err := simulations.LoadBundle(ctx, dir, bundle)
	if err != nil {
		return err
	}
	result, err := all.Result(ctx, study)
	if err != nil {
		return err
	}
	return a.giveResult(study, result, study.Scenario.SHA256(), f)
}
