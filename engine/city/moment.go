package city

import (
	"strconv"
	"strings"
	"time"
)

// Unix times of 11 digits or fewer are seconds, which reach the year 5138; longer ones are
// milliseconds, which begin in 1973 there.
const unixSecondDigits = 11

// moment parses a time as city data write it; where no zone is given it is local to zone.
//
//	2006-01-02 15:04:05   2006-01-02 15:04   2006-01-02T15:04:05Z07:00   2006-01-02T15:04:05
//	2006/1/2 15:04:05     2006/1/2 15:04     Unix seconds or milliseconds
//
// A local time that the clocks skipped or repeated is read as package time does.
func moment(text string, zone *time.Location) (time.Time, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if len(strings.TrimPrefix(text, "-")) > unixSecondDigits {
			return time.UnixMilli(n).In(zone), true
		}
		return time.Unix(n, 0).In(zone), true
	}
	for _, layout := range layouts(text) {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t.In(zone), t.Year() > 0
		}
	}
	return time.Time{}, false
}

// layouts returns those that a text of its look can have.
func layouts(text string) []string {
	switch {
	case strings.Contains(text, "/"):
		return []string{"2006/1/2 15:04:05", "2006/1/2 15:04"}
	case strings.Contains(text, "T"):
		return []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04"}
	case strings.Count(text, ":") == 1:
		return []string{"2006-01-02 15:04"}
	default:
		return []string{"2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00"}
	}
}

// day is a local date: days since 1 January 1970.
type day int

// dayOf returns the local date of a time.
func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// hourOfWeek returns the hour of the week of a time, 0 = Monday 00-01.
func hourOfWeek(t time.Time) int {
	const monday = 6 // days from Monday to Sunday, which package time counts as 0
	return (int(t.Weekday())+monday)%7*24 + t.Hour()
}
