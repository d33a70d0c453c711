package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/quota/policy"
)

// hoursFlags say when work is done.
type hoursFlags struct{ calendar, hours, zone string }

// addTo adds the flags to a command.
func (f *hoursFlags) addTo(a *app, c *cobra.Command) {
	c.Flags().StringVar(&f.calendar, "calendar", "", a.tag.Word("period.flag-calendar"))
	c.Flags().StringVar(&f.hours, "work-hours", "09:00-18:00", a.tag.Word("period.flag-work-hours"))
	c.Flags().StringVar(&f.zone, "zone", "UTC", a.tag.Word("forecast.flag-zone"))
}

// calendars are those that come with stint, by the name that a timetable may use.
func calendars() map[string]policy.Calendar {
	return map[string]policy.Calendar{"cn": rules.Shipped("cn")}
}

// workHours returns the working hours, nil where no calendar is named: work around the clock.
func (f *hoursFlags) workHours() (*engine.WorkHours, error) {
	if f.calendar == "" {
		return nil, nil
	}
	calendar := rules.Shipped(f.calendar)
	if calendar == nil {
		return nil, usage(lang.E(nil, "period.calendar", "got", f.calendar))
	}
	zone, err := time.LoadLocation(f.zone)
	if err != nil {
		return nil, usage(lang.E(nil, "forecast.zone", "got", f.zone))
	}
	begin, end, found := strings.Cut(f.hours, "-")
	from, err := time.Parse("15:04", begin)
	until, wrong := time.Parse("15:04", end)
	if !found || err != nil || wrong != nil || !from.Before(until) {
		return nil, usage(lang.E(nil, "period.work-hours", "got", f.hours))
	}
	midnight := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	return &engine.WorkHours{
		Calendar: calendar, Zone: zone, Begin: from.Sub(midnight), End: until.Sub(midnight),
	}, nil
}
