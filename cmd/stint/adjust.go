package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// timetableRow is the timetable in force as the server tells it.
type timetableRow struct {
	Timetable *engine.Timetable `json:"timetable"`
	Sectors   []shiftRow        `json:"sectors"`
}

// shiftRow is where one sector's timetable is.
type shiftRow struct {
	Sector string    `json:"sector"`
	Part   string    `json:"part"`
	Season string    `json:"season"`
	Factor *float64  `json:"factor"`
	Why    string    `json:"why"`
	Next   time.Time `json:"next"`
	Parts  []partRow `json:"parts"`
}

// partRow is where one part of the day is.
type partRow struct {
	Part    string               `json:"part"`
	Turn    int                  `json:"turn"`
	From    *time.Time           `json:"from"`
	Own     bool                 `json:"own"`
	Since   int                  `json:"since"`
	Due     int                  `json:"due"`
	Reports int                  `json:"reports"`
	Last    *engine.PartDecision `json:"last"`
}

func (a *app) adjustCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "adjust",
		Short: a.tag.Word("adjust.help"),
		Long:  a.tag.Word("adjust.help-long"),
		Args:  a.knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		a.adjustSet(), a.adjustShow(), a.adjustDemand(), a.adjustTry(), a.adjustExplain(),
	)
	return c
}

// mostTimetable bounds the file of a timetable, bytes.
const mostTimetable = 1 << 20

// readTimetable reads a timetable. The error is a *strict.Fault or that of the file.
func readTimetable(name string) (engine.Timetable, error) {
	var t engine.Timetable
	data, err := readInput(name)
	if err != nil {
		return t, err
	}
	_, err = strict.Decode(name, data, mostTimetable, &t)
	return t, err
}

func (a *app) adjustSet() *cobra.Command {
	var k *client
	c := &cobra.Command{
		Use:     "set FILE.yaml",
		Short:   a.tag.Word("adjust.help-set"),
		Long:    a.tag.Word("adjust.help-set-long"),
		Example: "  stint adjust set timetable.yaml",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			t, err := readTimetable(args[0])
			if err != nil {
				return err
			}
			var now timetableRow
			if err := k.call(c.Context(), http.MethodPut, "/v1/timetable", "", t, &now); err != nil {
				return err
			}
			return a.tellTimetable(k, &now)
		},
	}
	k = a.clientFlags(c)
	return c
}

func (a *app) adjustShow() *cobra.Command {
	var k *client
	c := &cobra.Command{
		Use:     "show",
		Short:   a.tag.Word("adjust.help-show"),
		Example: "  stint adjust show",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			var now timetableRow
			if err := k.call(c.Context(), http.MethodGet, "/v1/timetable", "", nil, &now); err != nil {
				return err
			}
			return a.tellTimetable(k, &now)
		},
	}
	k = a.clientFlags(c)
	return c
}

// tellTimetable prints where the timetable is.
func (a *app) tellTimetable(k *client, now *timetableRow) error {
	if k.json {
		return writeJSON(a.Out, now)
	}
	if now.Timetable == nil {
		_, err := fmt.Fprintln(a.Out, a.tag.Word("adjust.none"))
		return err
	}
	lines := []lang.Message{lang.M("adjust.timetable", "id", now.Timetable.ID,
		"version", now.Timetable.Version, "zone", now.Timetable.TimeZone)}
	for i := range now.Sectors {
		s := &now.Sectors[i]
		id := "adjust.part-now"
		if s.Part == "" {
			id = "adjust.plan-now"
		}
		lines = append(lines, lang.M(id, "sector", s.Sector, "part", s.Part,
			"next", s.Next.UTC().Format(time.RFC3339)))
		if s.Factor != nil {
			lines = append(lines, lang.M("adjust.season-now", "season", s.Season, "factor", *s.Factor))
		}
		if s.Why != "" {
			lines = append(lines, lang.M("adjust.why-"+s.Why))
		}
	}
	for _, m := range lines {
		if _, err := fmt.Fprintln(a.Out, a.tag.Text(m)); err != nil {
			return err
		}
	}
	return a.tellParts(now.Sectors)
}

// tellParts prints the parts of the day.
func (a *app) tellParts(sectors []shiftRow) error {
	t := a.table("adjust.head")
	for _, s := range sectors {
		for _, p := range s.Parts {
			quotas, coming, why := a.tag.Word("adjust.of-plan"), "", ""
			if p.Own {
				quotas = a.tag.Text(lang.M("adjust.since", "turn", p.Since))
			}
			if p.Due > 0 {
				coming = a.tag.Text(lang.M("adjust.from-turn", "turn", p.Due))
			}
			if p.Last != nil {
				why = a.tag.Text(a.partWhy(p.Last))
			}
			t.row(s.Sector, p.Part, fmt.Sprint(p.Turn), stamp(p.From), quotas, coming, why)
		}
	}
	return t.flush()
}

// partWhy says what was decided, or why nothing was.
func (a *app) partWhy(d *engine.PartDecision) lang.Message {
	return lang.M("adjust.why-"+d.Why, "moved", d.Moved, "moving", d.Moving, "due", d.Due,
		"stepped", d.Stepped)
}

// partFlags name a part of the day.
type partFlags struct{ sector, part, demand string }

// addTo adds the flags to a command.
func (f *partFlags) addTo(a *app, c *cobra.Command) {
	c.Flags().StringVar(&f.sector, "sector", "", a.tag.Word("orders.flag-sector"))
	c.Flags().StringVar(&f.part, "part", "", a.tag.Word("adjust.flag-part"))
}

// check refuses a part that isn't named.
func (f *partFlags) check() error {
	if f.sector == "" || f.part == "" {
		return usage(lang.E(nil, "client.needs", "flag", "--sector, --part"))
	}
	return nil
}

func (a *app) adjustDemand() *cobra.Command {
	var k *client
	var f partFlags
	var day, source string
	c := &cobra.Command{
		Use:   "demand FILE.csv --sector S --part P --day DAY",
		Short: a.tag.Word("adjust.help-demand"),
		Long:  a.tag.Word("adjust.help-demand-long"),
		Example: "  stint adjust demand starts.csv --sector bike --part peak --day 2027-01-04 \\\n" +
			"    --source \"unlocks, city platform\"",
		Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			cells, err := readDemand(args[0])
			if err != nil {
				return err
			}
			return a.reportDemand(c.Context(), k, map[string]any{
				"sector": f.sector, "part": f.part, "day": day, "source": source, "cells": cells,
			})
		},
	}
	k = a.clientFlags(c)
	f.addTo(a, c)
	c.Flags().StringVar(&day, "day", "", a.tag.Word("adjust.flag-day"))
	c.Flags().StringVar(&source, "source", "", a.tag.Word("adjust.flag-source"))
	return c
}

// reportDemand reports a demand and says so.
func (a *app) reportDemand(ctx context.Context, k *client, body map[string]any) error {
	if err := k.call(ctx, http.MethodPost, "/v1/demand", "", body, nil); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("adjust.reported", "part", body["part"],
		"day", body["day"])))
	return err
}

func (a *app) adjustTry() *cobra.Command {
	var k *client
	var f partFlags
	c := &cobra.Command{
		Use:     "try --sector S --part P [--demand FILE.csv]",
		Short:   a.tag.Word("adjust.help-try"),
		Long:    a.tag.Word("adjust.help-try-long"),
		Example: "  stint adjust try --sector bike --part peak --demand forecast.csv",
		Args:    a.exactly(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.tryPart(c.Context(), k, &f)
		},
	}
	k = a.clientFlags(c)
	f.addTo(a, c)
	c.Flags().StringVar(&f.demand, "demand", "", a.tag.Word("adjust.flag-demand"))
	return c
}

// tryPart prints who would have to move how many.
func (a *app) tryPart(ctx context.Context, k *client, f *partFlags) error {
	body := map[string]any{"sector": f.sector, "part": f.part}
	if f.demand != "" {
		cells, err := readDemand(f.demand)
		if err != nil {
			return err
		}
		body["cells"] = cells
	}
	var x struct {
		foresight
		Decision *engine.PartDecision `json:"decision,omitempty"`
	}
	err := k.call(ctx, http.MethodPost, "/v1/timetable/try", "", body, &x)
	switch {
	case err != nil:
		return err
	case k.json:
		return writeJSON(a.Out, x)
	case x.Decision != nil:
		text := strings.TrimSpace(a.tag.Text(a.partWhy(x.Decision)))
		if _, err := fmt.Fprintln(a.Out, text); err != nil {
			return err
		}
	}
	if len(x.Moves) == 0 {
		_, err := fmt.Fprintln(a.Out, a.tag.Word("adjust.no-moves"))
		return err
	}
	return a.tellForesight(k, &x.foresight)
}
