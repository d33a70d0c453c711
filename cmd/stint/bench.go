package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/rdb/server"
)

// benchOptions are the flags of `stint bench`.
type benchOptions struct {
	rounds int
	span   time.Duration
	cells  int
	only   []string
	json   bool
}

func (a *app) benchCommand() *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:     "bench",
		Short:   a.tag.Word("bench.help"),
		Long:    a.tag.Word("bench.help-long"),
		Example: "  stint bench\n  stint bench --rounds 5 --time 5s --only http,raw --json",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.bench(c.Context(), o)
		},
	}
	f := c.Flags()
	f.IntVar(&o.rounds, "rounds", 3, a.tag.Word("bench.flag-rounds"))
	f.DurationVar(&o.span, "time", 2*time.Second, a.tag.Word("bench.flag-time"))
	f.IntVar(&o.cells, "cells", 13_000, a.tag.Word("bench.flag-cells"))
	f.StringSliceVar(&o.only, "only", nil, a.tag.Word("bench.flag-only"))
	f.BoolVar(&o.json, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// benchRun is one run of `stint bench`.
type benchRun struct {
	*app
	benchOptions
	dir     string // scratch, removed afterwards
	servers int    // started so far
	loads   int    // of the API, so far
	plan    *engine.Plan
	begun   time.Time
	caps    *engine.Caps
	wide    *engine.Caps // the same with room for anything
	places  *benchPlaces
	result  *benchResult
}

// stage is a part of a round.
type stage struct {
	name    string
	rows    []string // those it can't measure where a program is missing
	measure func(context.Context) error
}

// bench measures and prints.
func (a *app) bench(ctx context.Context, o benchOptions) error {
	if o.rounds < 1 || o.span < 10*time.Millisecond || o.cells < 100 || o.cells > 100_000 {
		return usage(lang.E(nil, "bench.range"))
	}
	b := &benchRun{app: a, benchOptions: o}
	for _, name := range o.only {
		if !slices.ContainsFunc(b.stages(), func(s stage) bool { return s.name == name }) {
			return usage(lang.E(nil, "bench.unknown", "got", name, "known", b.stageNames()))
		}
	}
	dir, err := os.MkdirTemp("", "stint-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // scratch
	b.dir = dir
	if err := b.prepare(); err != nil {
		return err
	}
	for n := range o.rounds {
		if err := b.round(ctx, n); err != nil {
			return err
		}
	}
	b.judge()
	if o.json {
		return writeJSON(a.Out, b.result)
	}
	return b.result.write(a.Out, a.tag)
}

// prepare makes the city, its plan and its zones.
func (b *benchRun) prepare() error {
	city, err := benchCity(b.cells, 5)
	if err != nil {
		return err
	}
	if b.plan, err = engine.Decide(city, engine.Options{}); err != nil {
		return err
	}
	b.begun = time.Now()
	b.caps, _ = engine.CapsOf(b.plan, benchSector, 1)
	b.wide = wideCaps(b.caps)
	if b.places, err = newBenchPlaces(city.Grid); err != nil {
		return err
	}
	b.result = &benchResult{
		Cores: runtime.GOMAXPROCS(0), Cells: city.Grid.Len(), Zones: len(b.places.zones),
		Rows: []benchRow{}, Goals: []benchGoal{}, Skipped: []string{},
	}
	return nil
}

// stages returns the parts of a round, in order.
func (b *benchRun) stages() []stage {
	return []stage{
		{"geo", nil, func(ctx context.Context) error {
			b.places.measure(ctx, b.result, b.span)
			return ctx.Err()
		}},
		{"geosearch", []string{"geosearch"}, b.measureGeosearch},
		{"mem", nil, b.measureMem},
		{"stores", []string{
			"redis-group-64", "redis-single-64", "redis-group-256", "redis-single-256",
		}, b.measureGroups},
		{"raw", []string{"raw", "driver", "driver-redis"}, b.measureRaw},
		{"http", []string{
			"http-4", "http-256", "batch-100", "snapshot", "snapshot-busy",
		}, b.measureWeb},
	}
}

func (b *benchRun) stageNames() []string {
	var names []string
	for _, s := range b.stages() {
		names = append(names, s.name)
	}
	return names
}

// round measures everything once. What needs a program that this machine lacks is passed over.
func (b *benchRun) round(ctx context.Context, n int) error {
	for _, s := range b.stages() {
		if len(b.only) > 0 && !slices.Contains(b.only, s.name) {
			continue
		}
		text := lang.M("bench.measuring", "round", n+1, "of", b.rounds, "stage", s.name)
		if _, err := fmt.Fprintln(b.Err, b.tag.Text(text)); err != nil {
			return err
		}
		runtime.GC() // what the stage before left behind is not this one's
		err := s.measure(ctx)
		switch {
		case errors.Is(err, server.ErrNoServer), errors.Is(err, errNoTool):
			b.result.skip(s.rows...)
		case err != nil:
			return fmt.Errorf("bench %s: %w", s.name, err)
		}
	}
	return ctx.Err()
}

// load returns a load of so many callers for the run's time.
func (b *benchRun) load(callers, each int) load {
	return load{callers: callers, each: each, warm: b.span / 5, span: b.span}
}

// judge holds the rows against what the project promises.
func (b *benchRun) judge() {
	r := b.result
	r.ratio("http-raw", "http-256", "raw", 1)
	r.ratio("batch-raw", "batch-100", "raw", 2.5)
	r.atMost("http-256-p99", "http-256", p99, 25)
	r.atMost("http-4-p99", "http-4", p99, 5)
	r.ratio("group-64", "redis-group-64", "redis-single-64", 2)
	r.ratio("group-256", "redis-group-256", "redis-single-256", 2.8)
	r.ratio("mem-redis", "mem-64", "redis-group-64", 5)
	r.ratio("lookup-geosearch", "lookup", "geosearch", 5)
	r.atMost("zones", "zones", func(s sample) float64 { return 1e6 / s.PerSecond }, 1.5)
	r.ratio("cell", "cell-memo", "cell-exact", 3)
	r.atMost("snapshot", "snapshot", p50, 50)
	if len(r.of("zones", perSecond)) == 0 {
		return
	}
	none := 0.0
	r.judge(benchGoal{
		ID: "zones-differ", Rounds: []float64{float64(b.places.differing(1 << 16))}, Most: &none,
	})
	r.judge(benchGoal{
		ID: "cell-differ", Rounds: []float64{float64(b.places.strayed(3_000_000))}, Most: &none,
	})
}
