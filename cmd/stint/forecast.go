package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/quota/forecast"
)

// forecastFlags are the flags of `stint forecast`.
type forecastFlags struct {
	hours, horizon, folds int
	snapshots, json       bool
	zone, method          string
}

// forecastResult is what `stint forecast` prints as JSON.
type forecastResult struct {
	First     time.Time        `json:"first"` // hour counted
	Hours     int              `json:"hours"`
	Cells     int              `json:"cells"`
	Horizon   int              `json:"backtest_horizon_hours"`
	Folds     int              `json:"backtest_folds"`
	Reference forecast.Method  `json:"reference"`
	Best      forecast.Method  `json:"best"`
	Method    forecast.Method  `json:"method"` // of the forecast
	Scores    []forecast.Score `json:"scores"`
	Forecast  []forecastHour   `json:"forecast"`
}

// forecastHour is the city in one hour to come.
type forecastHour struct {
	Time  time.Time      `json:"time"`
	Mean  float64        `json:"mean"`
	Cells []forecastCell `json:"cells"`
}

// forecastCell is one cell in one hour to come, with its 80 % interval.
type forecastCell struct {
	Cell string  `json:"cell"`
	Mean float64 `json:"mean"`
	Low  int     `json:"low"`
	High int     `json:"high"`
}

func (a *app) forecastCommand() *cobra.Command {
	var f forecastFlags
	c := &cobra.Command{
		Use:     "forecast CSV",
		Short:   a.tag.Word("forecast.help"),
		Long:    a.tag.Word("forecast.help-long"),
		Example: "  stint forecast counts.csv --zone Asia/Shanghai\n  stint forecast counts.csv --json",
		Args:    a.exactly(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.forecast(args[0], f) },
	}
	flags := c.Flags()
	flags.IntVar(&f.hours, "hours", 24, a.tag.Word("forecast.flag-hours"))
	flags.IntVar(&f.horizon, "backtest", forecast.Week, a.tag.Word("forecast.flag-backtest"))
	flags.IntVar(&f.folds, "folds", 1, a.tag.Word("forecast.flag-folds"))
	flags.BoolVar(&f.snapshots, "snapshots", false, a.tag.Word("forecast.flag-snapshots"))
	flags.StringVar(&f.zone, "zone", "UTC", a.tag.Word("forecast.flag-zone"))
	flags.StringVar(&f.method, "method", "", a.tag.Word("forecast.flag-method"))
	flags.BoolVar(&f.json, "json", false, a.tag.Word("help.flag-json"))
	return c
}

// check refuses flags that make no sense.
func (f *forecastFlags) check() error {
	const most = 8 * forecast.Week
	for flag, n := range map[string]int{"hours": f.hours, "backtest": f.horizon, "folds": f.folds} {
		if n < 1 || n > most {
			return usage(lang.E(nil, "forecast.range", "flag", "--"+flag, "got", n, "most", most))
		}
	}
	if f.method == "" {
		return nil
	}
	for _, m := range forecast.Methods() {
		if string(m) == f.method {
			return nil
		}
	}
	return usage(lang.E(nil, "forecast.method", "got", f.method, "known", forecast.Methods()))
}

// forecast reads counts, compares the methods on the last of them and forecasts the hours to come.
func (a *app) forecast(name string, f forecastFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	zone, err := time.LoadLocation(f.zone)
	if err != nil {
		return usage(lang.E(nil, "forecast.zone", "got", f.zone))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return missing(name, err)
	}
	options := rules.HistoryCSV{Snapshots: f.snapshots, Zone: zone}
	counted, err := options.ReadHistoryCSV(name, bytes.NewReader(data))
	if err != nil {
		return err
	}
	report, err := forecast.Backtest(counted.History, forecast.Options{
		Horizon: f.horizon, Folds: f.folds,
	})
	if err != nil {
		return a.unfit(err)
	}
	out := forecastResult{
		First: counted.First, Hours: counted.Hours(), Cells: len(counted.Cells),
		Horizon: report.Horizon, Folds: report.Folds, Reference: report.Reference,
		Best: report.Best, Method: report.Best, Scores: report.Scores,
	}
	if f.method != "" {
		out.Method = forecast.Method(f.method)
	}
	model, err := forecast.Fit(counted.History, out.Method)
	if err != nil {
		return a.unfit(err)
	}
	out.Forecast = hoursToCome(counted, model, f.hours)
	if f.json {
		return writeJSON(a.Out, out)
	}
	return a.tellForecast(&out)
}

// hoursToCome forecasts the hours after the last that was counted; cells of which nothing is known
// are left out.
func hoursToCome(c *rules.Counted, m *forecast.Model, n int) []forecastHour {
	hours := make([]forecastHour, n)
	for k := range hours {
		t := c.Hours() + k
		hours[k].Time = c.First.Add(time.Duration(t) * time.Hour)
		for i, cell := range c.Cells {
			p := m.At(i, t)
			if !p.Known {
				continue
			}
			low, high := p.Interval(forecast.Part)
			hours[k].Mean += p.Mean
			hours[k].Cells = append(hours[k].Cells, forecastCell{cell, p.Mean, low, high})
		}
	}
	return hours
}

// unfitText says why something can't be computed.
func (a *app) unfitText(u *forecast.Unfit) string {
	return a.tag.Text(lang.M("forecast.unfit-"+u.Code, "need", u.Need, "have", u.Have))
}

// unfit says why nothing can be forecast, as a fault of the input.
func (a *app) unfit(err error) error {
	var u *forecast.Unfit
	if !errors.As(err, &u) {
		return err
	}
	return usage(lang.E(nil, "forecast.unfit", "cause", a.unfitText(u)))
}

// tellForecast prints the methods side by side, and the city's hours to come.
func (a *app) tellForecast(out *forecastResult) error {
	_, err := fmt.Fprintln(a.Out, a.tag.Text(lang.M("forecast.counted", "cells", out.Cells,
		"hours", out.Hours, "first", out.First.Format(time.RFC3339), "horizon", out.Horizon,
		"folds", out.Folds)))
	if err != nil {
		return err
	}
	t := a.table("forecast.head")
	for _, s := range out.Scores {
		if s.Why != nil {
			t.row(string(s.Method), a.unfitText(s.Why))
			continue
		}
		t.row(string(s.Method), fmt.Sprintf("%.3f", s.WAPE), fmt.Sprintf("%.3f", s.Floor),
			fmt.Sprintf("%.4f", s.CRPS), fmt.Sprintf("%+.3f", s.Skill),
			fmt.Sprintf("%.0f %%", 100*s.Coverage))
	}
	if err := t.flush(); err != nil {
		return err
	}
	lines := []string{a.tag.Text(lang.M("forecast.best", "best", string(out.Best),
		"reference", string(out.Reference)))}
	for _, s := range out.Scores {
		if s.Method == out.Best && s.Method != out.Reference && s.Skill <= 0 {
			lines = append(lines, a.tag.Word("forecast.no-skill"))
		}
	}
	lines = append(lines, a.tag.Text(lang.M("forecast.by", "method", string(out.Method))))
	for _, h := range out.Forecast {
		lines = append(lines, fmt.Sprintf("%s  %.1f", h.Time.Format("2006-01-02 15:04"), h.Mean))
	}
	_, err = fmt.Fprintln(a.Out, strings.Join(lines, "\n"))
	return err
}
