package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/lang"
)

// periodRule says when `stint serve` drafts the next plan, and from what.
type periodRule struct{ every, city, data string }

// addTo adds the flags to a command.
func (f *periodRule) addTo(a *app, c *cobra.Command) {
	c.Flags().StringVar(&f.every, "period", "", a.tag.Word("serve.flag-period"))
	c.Flags().StringVar(&f.city, "period-city", "", a.tag.Word("serve.flag-period-city"))
	c.Flags().StringVar(&f.data, "data", "", a.tag.Word("help.flag-data"))
}

// periods returns what drafts the next plan when a period ends in a time zone; nil where nobody
// asked for it. The city file is read now, so that a fault shows before the period's end, and again
// at each end, so that what was changed in between counts.
func (f *periodRule) periods(ctx context.Context, zone string) (*engine.Periods, error) {
	if f.every == "" && f.city == "" {
		return nil, nil // nothing was asked for, and that is no error
	}
	months := map[string]int{"month": 1, "quarter": 3, "half-year": 6, "year": 12}[f.every]
	if months == 0 || f.city == "" {
		return nil, usage(lang.E(nil, "serve.period", "got", f.every))
	}
	at, err := time.LoadLocation(zone)
	if err != nil {
		return nil, usage(lang.E(nil, "forecast.zone", "got", zone))
	}
	if _, err := city.Read(ctx, f.city, city.Options{Data: f.data}); err != nil {
		return nil, err
	}
	return &engine.Periods{Months: months, Zone: at, Next: f.next}, nil
}

// next decides on the city file as it is, with what the period leaves.
func (f *periodRule) next(
	ctx context.Context, end engine.PeriodEnd,
) (*engine.Plan, []engine.Zone, error) {
	snapshot, err := city.Read(ctx, f.city, city.Options{Data: f.data})
	if err != nil {
		return nil, nil, err
	}
	plan, err := engine.Decide(snapshot.After(end), engine.Options{Tool: "stint " + version})
	if err != nil {
		return nil, nil, err
	}
	if _, err := plan.Seal(); err != nil {
		return nil, nil, err
	}
	return plan, snapshot.Zones, nil
}
