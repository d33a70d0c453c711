package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/simulations"
	"github.com/stint-city/stint/simulations/queue"
)

// simWorkerCommand makes shares for runs on other machines.
func (a *app) simWorkerCommand() *cobra.Command {
	var redis string
	var workers int
	c := &cobra.Command{
		Use: "worker", Short: a.tag.Word("sim-scale.help-worker"),
		Long: a.tag.Word("sim-scale.help-worker-long"), Args: a.exactly(0),
		Example: "  stint sim worker --redis redis://10.0.0.5:6379\n" +
			"  stint sim run town/scenario.yaml --redis redis://10.0.0.5:6379 -o result",
		RunE: func(c *cobra.Command, _ []string) error {
			if redis == "" {
				return usage(lang.E(nil, "sim-scale.worker-where"))
			}
			ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return queue.Work(ctx, redis, queue.WorkerOptions{
				Tool: tool(), Workers: workers,
				Ready: func() { _, _ = fmt.Fprintln(a.Out, a.tag.Word("sim-scale.worker-ready")) },
				Heard: func(text string) { a.caution(lang.M("sim-scale.worker-log", "text", text)) },
			})
		},
	}
	c.Flags().StringVar(&redis, "redis", "", a.tag.Word("sim-scale.flag-redis-worker"))
	c.Flags().IntVar(&workers, "workers", 0, a.tag.Word("sim-scale.flag-workers"))
	return c
}

// caution prints a warning.
func (a *app) caution(what lang.Message) {
	_, _ = fmt.Fprintln(a.Err, a.tag.Text(lang.M("terminal.warning", "text", a.tag.Text(what))))
}

// runQueue lets workers make the replications.
func (a *app) runQueue(
	ctx context.Context, study *simulations.Study, f simFlags, progress func(done, most int),
) (*simulations.Result, error) {
	result, err := queue.Run(ctx, f.scale.redis, study, queue.Options{
		Tool: tool(), Progress: progress, Heard: a.caution,
	})
	if errors.Is(err, context.Canceled) {
		a.caution(lang.M("sim-scale.redis-interrupted"))
	}
	return result, err
}
