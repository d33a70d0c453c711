package rules

import (
	"embed"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota/policy"
)

//go:embed calendar/*.yaml
var calendarFiles embed.FS

// Calendar tells working days from days off, as a country publishes them year by year. Years that
// it doesn't list are unknown: nobody knows the make-up days of a year before its notice.
type Calendar struct {
	Schema int           `json:"schema"` // 1
	ID     string        `json:"id"`
	Name   policy.Text   `json:"name"`
	Source policy.Source `json:"source"`
	Years  []int         `json:"years"` // the years that are whole here
	// Weekend are the days off of an ordinary week: saturday, sunday.
	Weekend []string `json:"weekend"`
	Off     []Span   `json:"off"`  // holidays
	Work    []string `json:"work"` // make-up days: working days although they lie in a weekend
}

// Span is some days in a row, "2023-10-01" to "2023-10-06", both inside.
type Span struct {
	From  string      `json:"from"`
	Until string      `json:"until"`
	Name  policy.Text `json:"name,omitempty"`
}

// Working tells whether a day, "2023-10-07", is a working day; ok is false in a year that the
// calendar doesn't know.
func (c *Calendar) Working(day string) (working, ok bool) {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil || !slices.Contains(c.Years, date.Year()) {
		return false, false
	}
	if slices.Contains(c.Work, day) {
		return true, true
	}
	for _, x := range c.Off {
		if x.From <= day && day <= x.Until {
			return false, true
		}
	}
	return !slices.Contains(c.Weekend, strings.ToLower(date.Weekday().String())), true
}

// ReadCalendar reads a calendar. The error is a *strict.Fault.
func ReadCalendar(name string, data []byte) (*Calendar, error) {
	var c Calendar
	at, err := strict.Decode(name, data, maxFile, &c)
	if err != nil {
		return nil, err
	}
	fault := func(path, id string, args ...any) error {
		return strict.FaultAt(name, at.Of(path), id, withPath(path, args)...)
	}
	switch {
	case c.Schema != 1:
		return nil, fault("schema", "policy.schema", "got", c.Schema, "want", 1)
	case c.ID == "":
		return nil, fault("id", "policy.required")
	case len(c.Years) == 0:
		return nil, fault("years", "policy.required")
	}
	for i, day := range c.Weekend {
		if !slices.Contains(weekdays(), day) {
			return nil, fault(strict.ItemPath("weekend", i), "policy.word", "got", day,
				"known", weekdays())
		}
	}
	for i, x := range c.Off {
		if !isDay(x.From) || !isDay(x.Until) || x.From > x.Until {
			return nil, fault(strict.ItemPath("off", i), "policy.span", "from", x.From, "until", x.Until)
		}
	}
	for i, day := range c.Work {
		if !isDay(day) {
			return nil, fault(strict.ItemPath("work", i), "state.day", "got", day)
		}
	}
	return &c, nil
}

func weekdays() []string {
	return []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Shipped returns the calendar that stint ships under an ID, nil for none.
func Shipped(id string) policy.Calendar {
	data, err := calendarFiles.ReadFile("calendar/" + id + ".yaml")
	if err != nil {
		return nil
	}
	c, err := ReadCalendar(id, data)
	if err != nil {
		return nil // the tests read every calendar
	}
	return c
}
