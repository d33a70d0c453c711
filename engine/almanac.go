package engine

import (
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/quota/policy"
)

// almanac tells what a timetable says of a moment.
type almanac struct {
	*Timetable
	zone     *time.Location
	calendar policy.Calendar // nil = Monday to Friday
}

// almanac returns the almanac of a timetable, or an error for a zone or calendar that nobody knows.
func (e *Engine) almanac(t *Timetable) (*almanac, error) {
	zone, err := time.LoadLocation(t.TimeZone)
	if err != nil || t.TimeZone == "" || t.TimeZone == "Local" {
		return nil, unfit("timetable-zone", "got", cut(t.TimeZone))
	}
	a := &almanac{Timetable: t, zone: zone}
	if t.Calendar != "" {
		if a.calendar = e.config.Calendars[t.Calendar]; a.calendar == nil {
			return nil, unfit("timetable-calendar", "got", cut(t.Calendar))
		}
	}
	return a, nil
}

// Shift is what of a timetable holds in a sector from a moment on.
type Shift struct {
	Sector string    `json:"sector"`
	Part   string    `json:"part,omitempty"` // "" = none: the plan's own quotas
	Turn   int       `json:"turn,omitempty"` // of the part, from 1
	From   time.Time `json:"from,omitzero"`  // of the part on this day
	Until  time.Time `json:"until,omitzero"`
	Season string    `json:"season,omitempty"`
	Factor float64   `json:"factor,omitempty"` // of the season
	Why    string    `json:"why,omitempty"`    // "no-calendar": nobody knows if it is a working day
	Next   time.Time `json:"next"`             // when something else may hold
}

// horizon is how many days ahead the next change is looked for.
const horizon = 8

// at returns what holds in a sector at a moment, and when that changes next: within a week, whether
// or not anything does.
func (a *almanac) at(s *SectorTable, now time.Time) Shift {
	x := a.holds(s, now)
	bounds := a.bounds(s, now)
	x.Next = bounds[len(bounds)-1]
	for _, t := range bounds {
		if then := a.holds(s, t); then.Part != x.Part || then.Season != x.Season ||
			!then.From.Equal(x.From) {
			x.Next = t
			break
		}
	}
	return x
}

// holds returns what holds in a sector at a moment: of parts and seasons the first listed.
func (a *almanac) holds(s *SectorTable, now time.Time) Shift {
	x := Shift{Sector: s.Sector}
	today := a.midnight(now, 0).Format("01-02")
	for _, season := range s.Seasons {
		if season.holds(today) {
			x.Season, x.Factor = season.ID, season.Factor
			break
		}
	}
	for i := range s.Parts {
		for day := -1; day <= 0; day++ {
			from, until, ok := a.span(&s.Parts[i], a.midnight(now, day))
			if ok && !now.Before(from) && now.Before(until) {
				x.Part, x.From, x.Until = s.Parts[i].ID, from.UTC(), until.UTC()
				return x
			}
		}
	}
	if !a.knows(a.midnight(now, 0)) && slices.ContainsFunc(s.Parts, Part.works) {
		x.Why = WhyNoCalendar
	}
	return x
}

// WhyNoCalendar is why no part holds on a day: a code.
const WhyNoCalendar = "no-calendar"

// works reports whether the part depends on working days.
func (p Part) works() bool {
	return slices.Contains(p.Days, "working") || slices.Contains(p.Days, "off")
}

// holds reports whether a day of the year lies in the season.
func (x *Season) holds(day string) bool {
	if x.From <= x.Until {
		return x.From <= day && day <= x.Until
	}
	return x.From <= day || day <= x.Until
}

// bounds returns every moment after another at which a part or a day begins or ends, in order, up
// to the horizon.
func (a *almanac) bounds(s *SectorTable, now time.Time) []time.Time {
	var all []time.Time
	for day := -1; day <= horizon; day++ {
		midnight := a.midnight(now, day)
		all = append(all, midnight)
		for i := range s.Parts {
			if from, until, ok := a.span(&s.Parts[i], midnight); ok {
				all = append(all, from, until)
			}
		}
	}
	all = slices.DeleteFunc(all, func(t time.Time) bool { return !t.After(now) })
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// midnight returns when the n-th day from a moment's own begins.
func (a *almanac) midnight(t time.Time, n int) time.Time {
	y, m, d := t.In(a.zone).Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, a.zone)
}

// clock returns a time of the day by the wall, whatever summer time does.
func (a *almanac) clock(midnight time.Time, day int, clock string) time.Time {
	since, _ := clockTime(clock) // checked when the timetable was set
	y, m, d := midnight.Date()
	return time.Date(y, m, d+day, 0, int(since/time.Minute), 0, 0, a.zone)
}

// span returns when a part holds that begins on a day; ok is false where it doesn't begin there,
// or where the calendar doesn't know the year.
func (a *almanac) span(p *Part, midnight time.Time) (from, until time.Time, ok bool) {
	if !a.on(p.Days, midnight) {
		return from, until, false
	}
	next := 0
	if p.Until <= p.From {
		next = 1
	}
	return a.clock(midnight, 0, p.From), a.clock(midnight, next, p.Until), true
}

// on reports whether a day is one of some.
func (a *almanac) on(days []string, midnight time.Time) bool {
	date, weekday := midnight.Format(time.DateOnly), midnight.Weekday()
	working, known := weekday != time.Saturday && weekday != time.Sunday, true
	if a.calendar != nil {
		working, known = a.calendar.Working(date)
	}
	name := strings.ToLower(weekday.String()[:3])
	return slices.ContainsFunc(days, func(day string) bool {
		switch day {
		case "all", name, date:
			return true
		case "working":
			return known && working
		case "off":
			return known && !working
		}
		return false
	})
}

// knows reports whether the calendar knows a day.
func (a *almanac) knows(midnight time.Time) bool {
	if a.calendar == nil {
		return true
	}
	_, known := a.calendar.Working(midnight.Format(time.DateOnly))
	return known
}

// clockTime reads a time of the day, "07:00".
func clockTime(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, unfit("timetable-clock", "got", cut(text))
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// seasonDay reads a day of the year, "12-01".
func seasonDay(text string) (time.Time, error) { return time.Parse(time.DateOnly, "2024-"+text) }
