package city

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/quota"
)

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := location(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestMoment(t *testing.T) {
	shanghai := zoneOf(t, "Asia/Shanghai")
	want := time.Date(2016, 8, 1, 0, 23, 0, 0, shanghai)
	for name, text := range map[string]string{
		"local":                          "2016-08-01 00:23:00",
		"local to the minute":            "2016-08-01 00:23",
		"local with a T":                 "2016-08-01T00:23:00",
		"RFC 3339, elsewhere":            "2016-07-31T16:23:00Z",
		"RFC 3339, with an offset":       "2016-08-01T00:23:00+08:00",
		"a spreadsheet's":                "2016/8/1 0:23",
		"a spreadsheet's, with seconds":  "2016/8/1 0:23:00",
		"Unix seconds":                   "1469982180",
		"Unix milliseconds":              "1469982180000",
		"local with a fraction's places": "2016-08-01 00:23:00.000",
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := moment(text, shanghai)
			if !ok || !got.Equal(want) || got.Location() != shanghai {
				t.Errorf("moment(%q) = %v, %v; want %v", text, got, ok, want)
			}
		})
	}
	for _, text := range []string{
		"", "8/1/2016", "1 Aug 2016", "2016-13-01 00:00", "24:00", "T", "/", "0000-01-01 00:00:00",
	} {
		if got, ok := moment(text, shanghai); ok {
			t.Errorf("moment(%q) = %v, want none", text, got)
		}
	}
}

func TestHourOfWeek(t *testing.T) {
	utc := time.UTC
	for _, tt := range []struct {
		at   time.Time
		want int
	}{
		{time.Date(2024, 3, 4, 0, 0, 0, 0, utc), 0},         // a Monday
		{time.Date(2024, 3, 4, 23, 59, 59, 0, utc), 23},     // its last second
		{time.Date(2024, 3, 10, 23, 0, 0, 0, utc), 167},     // the Sunday after
		{time.Date(2024, 3, 9, 5, 30, 0, 0, utc), 5*24 + 5}, // Saturday
	} {
		if got := hourOfWeek(tt.at); got != tt.want {
			t.Errorf("hourOfWeek(%v) = %d, want %d", tt.at, got, tt.want)
		}
	}
}

// The clocks of New York skipped 2 h on 10 March 2024 and repeated 1 h on 3 November.
func TestCoverageKnowsTheClocks(t *testing.T) {
	zone := zoneOf(t, "America/New_York")
	const sunday = 6 * 24
	tests := map[string]struct {
		date time.Time
		want map[int]float64 // hours by hour of the week, where they aren't 1
	}{
		"in spring": {time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC), map[int]float64{sunday + 2: 0}},
		"in autumn": {time.Date(2024, 11, 3, 0, 0, 0, 0, time.UTC), map[int]float64{sunday + 1: 2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := coverage{}
			c.add(dayOf(tt.date), 0, 24)
			got := c.hours(zone)
			for h := range quota.HoursOfWeek {
				want := 0.0
				if h >= sunday {
					want = 1
				}
				if other, ok := tt.want[h]; ok {
					want = other
				}
				if got[h] != want {
					t.Errorf("hour %d: %v hours watched, want %v", h, got[h], want)
				}
			}
		})
	}
}

// In a zone without clock changes, the hours watched are those asked for, however often they are
// added.
func TestCoverageSumsHours(t *testing.T) {
	zone := zoneOf(t, "Asia/Shanghai")
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(19000, 19100), 1, 30, rapid.ID).Draw(t, "days")
		from := rapid.IntRange(0, 23).Draw(t, "from")
		to := rapid.IntRange(from+1, 24).Draw(t, "to")
		c := coverage{}
		for _, d := range append(days, days[0]) {
			c.add(day(d), from, to)
		}
		hours := c.hours(zone)
		if got, want := sum(hours[:]), float64(len(days)*(to-from)); got != want {
			t.Fatalf("%d days of %d hours = %v hours watched, want %v", len(days), to-from, got, want)
		}
		for h, n := range hours {
			if n > 0 && (h%24 < from || h%24 >= to) {
				t.Fatalf("hour %d is watched outside [%d, %d)", h, from, to)
			}
		}
	})
}

// The slots hold the union of the intervals: checked against a list of minutes.
func TestSlotsHoldTheUnion(t *testing.T) {
	zone := zoneOf(t, "Asia/Shanghai")
	rapid.Check(t, func(t *rapid.T) {
		watched := coverage{}
		for _, d := range []day{19786, 19787, 19790} { // Monday 4, Tuesday 5, Friday 8 March 2024
			watched.add(d, 6, 20)
		}
		s := newSlots(watched.days(), 1, zone)
		base := day(19785).start(zone)
		const span = 8 * 24 * 12 // slots of eight days
		covered := make([]bool, span)
		n := rapid.IntRange(0, 8).Draw(t, "intervals")
		for range n {
			from := rapid.IntRange(0, span-1).Draw(t, "from")
			to := rapid.IntRange(from, span).Draw(t, "to")
			s.add(0, base.Add(time.Duration(from)*slot), base.Add(time.Duration(to)*slot))
			for k := from; k < to; k++ {
				covered[k] = true
			}
		}
		var want [quota.HoursOfWeek]int
		for k, there := range covered {
			at := base.Add(time.Duration(k) * slot)
			if there && watched.has(dayOf(at), at.Hour()) {
				want[hourOfWeek(at)]++
			}
		}
		got := s.hours(watched, zone)[0]
		for h, n := range want {
			if !near(float64(got[h]), float64(n)/12, 1e-5) {
				t.Fatalf("hour %d: %v hours, want %v", h, got[h], float64(n)/12)
			}
		}
	})
}
