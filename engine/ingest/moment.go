package ingest

import (
	"time"

	"github.com/stint-city/stint/engine/observe"
)

// parseMoment reads a time as observe.ParseTime does, the two usual forms without allocating: Unix
// seconds or milliseconds, and "2006-01-02T15:04:05Z" with a fraction or without.
func parseMoment(s []byte, zone *time.Location) (ms int64, ok bool) {
	if len(s) >= 9 && len(s) <= 14 && s[0] != '0' {
		if n, ok := digits(s); ok {
			if n < 100_000_000_000 { // larger numbers are milliseconds
				n *= 1000
			}
			return n, true
		}
	}
	if ms, ok := parseUTC(s); ok {
		return ms, true
	}
	return observe.ParseTime(string(s), zone)
}

// digits reads a whole number of at most 14 digits.
func digits(s []byte) (n int64, ok bool) {
	for _, c := range s {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}

// parseUTC reads RFC 3339 in UTC from 1971 on.
func parseUTC(s []byte) (ms int64, ok bool) {
	n := len(s)
	if n < 20 || n > 30 || s[n-1] != 'Z' || s[4] != '-' || s[7] != '-' || s[10] != 'T' ||
		s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	var parts [6]int64
	for i, at := range [...][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		if parts[i], ok = digits(s[at[0]:at[1]]); !ok {
			return 0, false
		}
	}
	year, month, day := parts[0], parts[1], parts[2]
	if year < 1971 || month < 1 || month > 12 || day < 1 || day > 28 && day > monthDays(year, month) ||
		parts[3] > 23 || parts[4] > 59 || parts[5] > 59 {
		return 0, false
	}
	ms = ((days(year, month, day)*24+parts[3])*60+parts[4])*60 + parts[5]
	ms *= 1000
	if n == 20 {
		return ms, true
	}
	if s[19] != '.' || n == 21 {
		return 0, false
	}
	step := int64(100)
	for _, c := range s[20 : n-1] {
		if c -= '0'; c > 9 {
			return 0, false
		}
		ms += int64(c) * step
		step /= 10
	}
	return ms, true
}

// monthDays returns the days of a month.
func monthDays(year, month int64) int64 {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// days returns the days from 1970-01-01 to a day of the Gregorian calendar.
//
// Source: Richards, Calendars, in Explanatory Supplement to the Astronomical Almanac, 3rd ed.,
// 15.11: the year begins in March, so that the leap day is its last.
func days(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719_469
}
