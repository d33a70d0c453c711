package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// measureRow is a measure as the server tells it.
type measureRow struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"`
	Act      string     `json:"act"`
	Factor   *float64   `json:"factor,omitempty"`
	Reason   string     `json:"reason"`
	Sectors  []string   `json:"sectors,omitempty"`
	Cells    int        `json:"cells"`
	From     *time.Time `json:"from,omitempty"`
	Until    *time.Time `json:"until,omitempty"`
	Deadline *time.Time `json:"deadline,omitempty"`
	State    string     `json:"state"`
	Taken    time.Time  `json:"taken"`
	Begun    *time.Time `json:"begun,omitempty"`
	Ended    *time.Time `json:"ended,omitempty"`
	Lifted   string     `json:"lifted,omitempty"`
	By       string     `json:"by,omitempty"`
}

// measureFlags are what a measure is made of.
type measureFlags struct {
	kind, act, reason, area          string
	factor                           float64
	sectors, cells, districts, zones []string
	from, until, deadline            string
}

func (a *app) measureCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "measure",
		Short: a.tag.Word("measure.help"),
		Long:  a.tag.Word("measure.help-long"),
		Args:  a.knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.measureOrder(), a.measureTry(), a.measureList(), a.measureLift())
	return c
}

// addTo adds the flags of a measure to a command.
func (f *measureFlags) addTo(a *app, c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.kind, "kind", "emergency", a.tag.Word("measure.flag-kind"))
	flags.StringVar(&f.act, "act", "", a.tag.Word("measure.flag-act"))
	flags.Float64Var(&f.factor, "factor", 1, a.tag.Word("measure.flag-factor"))
	flags.StringVar(&f.reason, "reason", "", a.tag.Word("measure.flag-reason"))
	flags.StringSliceVar(&f.sectors, "sector", nil, a.tag.Word("measure.flag-sector"))
	flags.StringSliceVar(&f.cells, "cell", nil, a.tag.Word("measure.flag-cell"))
	flags.StringSliceVar(&f.districts, "district", nil, a.tag.Word("measure.flag-district"))
	flags.StringSliceVar(&f.zones, "zone", nil, a.tag.Word("measure.flag-zone"))
	flags.StringVar(&f.area, "area", "", a.tag.Word("measure.flag-area"))
	flags.StringVar(&f.from, "from", "", a.tag.Word("measure.flag-from"))
	flags.StringVar(&f.until, "until", "", a.tag.Word("measure.flag-until"))
	flags.StringVar(&f.deadline, "deadline", "", a.tag.Word("measure.flag-deadline"))
}

// body returns the body of the request that orders the measure.
func (f *measureFlags) body(c *cobra.Command) (map[string]any, error) {
	body := map[string]any{"kind": f.kind, "act": f.act, "reason": f.reason}
	if c.Flags().Changed("factor") || f.act == "scale" {
		body["factor"] = f.factor
	}
	for key, list := range map[string][]string{
		"sectors": f.sectors, "cells": f.cells, "districts": f.districts, "zones": f.zones,
	} {
		if len(list) > 0 {
			body[key] = list
		}
	}
	for key, value := range map[string]string{
		"from": f.from, "until": f.until, "deadline": f.deadline,
	} {
		if value == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return nil, usage(lang.E(nil, "publish.time", "got", value))
		}
		body[key] = at
	}
	if f.area == "" {
		return body, nil
	}
	data, err := readInput(f.area)
	if err != nil {
		return nil, err
	}
	if !json.Valid(data) {
		return nil, usage(lang.E(nil, "measure.area", "file", f.area))
	}
	body["area"] = json.RawMessage(data)
	return body, nil
}

func measurePath(id string) string { return "/v1/measures/" + url.PathEscape(id) }

func (a *app) measureOrder() *cobra.Command {
	var k *client
	var f measureFlags
	c := &cobra.Command{
		Use:   "order NAME --act ACT --reason WHY",
		Short: a.tag.Word("measure.help-order"),
		Long:  a.tag.Word("measure.help-order-long"),
		Example: "  stint measure order gas-leak --act clear --zone market --reason \"gas leak\"\n" +
			"  stint measure order marathon --kind event --act scale --factor 0.5 --district east \\\n" +
			"    --from 2027-04-11T04:00:00Z --until 2027-04-11T16:00:00Z --reason marathon",
		Args: a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			body, err := f.body(c)
			if err != nil {
				return err
			}
			var m measureRow
			err = k.call(c.Context(), http.MethodPut, measurePath(args[0]), "", body, &m)
			if err != nil {
				return err
			}
			return a.tellMeasure(k, &m)
		},
	}
	k = a.clientFlags(c)
	f.addTo(a, c)
	return c
}

func (a *app) measureLift() *cobra.Command {
	var k *client
	var reason string
	c := &cobra.Command{
		Use:     "lift NAME --reason WHY",
		Short:   a.tag.Word("measure.help-lift"),
		Example: "  stint measure lift gas-leak --reason repaired",
		Args:    a.exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usage(lang.E(nil, "client.needs", "flag", "--reason"))
			}
			var m measureRow
			body := map[string]string{"reason": reason}
			err := k.call(c.Context(), http.MethodPost, measurePath(args[0])+"/lift", "", body, &m)
			if err != nil {
				return err
			}
			return a.tellMeasure(k, &m)
		},
	}
	k = a.clientFlags(c)
	c.Flags().StringVar(&reason, "reason", "", a.tag.Word("measure.flag-reason"))
	return c
}

// tellMeasure says where a measure is.
func (a *app) tellMeasure(k *client, m *measureRow) error {
	if k.json {
		return writeJSON(a.Out, m)
	}
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("measure.now", "id", m.ID,
		"where", a.measureWhere(m), "state", a.tag.Word("measure.state-"+m.State))))
	return err
}

// measureWhere says how much of the city a measure is about.
func (a *app) measureWhere(m *measureRow) string {
	if m.Cells == 0 {
		return a.tag.Word("measure.whole-city")
	}
	return a.tag.Text(lang.M("measure.cells", "n", m.Cells))
}

func (a *app) measureList() *cobra.Command {
	var k *client
	c := &cobra.Command{
		Use:     "list",
		Short:   a.tag.Word("measure.help-list"),
		Example: "  stint measure list",
		Args:    a.exactly(0),
		RunE:    func(c *cobra.Command, _ []string) error { return a.listMeasures(c.Context(), k) },
	}
	k = a.clientFlags(c)
	return c
}

func (a *app) listMeasures(ctx context.Context, k *client) error {
	var list struct {
		Measures []measureRow `json:"measures"`
	}
	if err := k.call(ctx, http.MethodGet, "/v1/measures", "", nil, &list); err != nil {
		return err
	}
	if k.json {
		return writeJSON(a.Out, list)
	}
	if len(list.Measures) == 0 {
		_, err := fmt.Fprintln(a.Out, a.tag.Word("measure.none"))
		return err
	}
	t := a.table("measure.head")
	for i := range list.Measures {
		m := &list.Measures[i]
		act := a.tag.Word("measure.act-" + m.Act)
		if m.Factor != nil {
			act = fmt.Sprintf("%s %g", act, *m.Factor)
		}
		t.row(m.ID, a.tag.Word("measure.kind-"+m.Kind), act, a.measureWhere(m), stamp(m.From),
			stamp(m.Until), a.tag.Word("measure.state-"+m.State), m.Reason)
	}
	return t.flush()
}
