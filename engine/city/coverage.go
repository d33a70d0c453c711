package city

import (
	"maps"
	"slices"
	"time"

	"github.com/stint-city/stint/quota"
)

// coverage is which local hours of which dates somebody watched: a bit an hour.
//
// A date counts as watched where a ride of the layer begins on it, and then for all hours the layer
// covers. A day of silence is a gap in the data, not a day without demand: no city has one.
type coverage map[day]uint32

// add notes that the hours [from, to) of a date were watched.
func (c coverage) add(d day, from, to int) {
	c[d] |= 1<<to - 1<<from
}

// has reports whether an hour of a date was watched.
func (c coverage) has(d day, hour int) bool { return c[d]>>hour&1 == 1 }

// days returns the dates in order.
func (c coverage) days() []day { return slices.Sorted(maps.Keys(c)) }

// hours returns the hours watched by hour of the week. An hour the clocks skip doesn't count, one
// they repeat counts twice.
func (c coverage) hours(zone *time.Location) [quota.HoursOfWeek]float64 {
	var sum [quota.HoursOfWeek]float64
	for _, d := range c.days() {
		for t := d.start(zone); dayOf(t) == d; t = t.Add(quarter) {
			if c.has(d, t.Hour()) {
				sum[hourOfWeek(t)] += quarter.Hours()
			}
		}
	}
	return sum
}

// quarter divides every step that time zones have been known to make.
const quarter = 15 * time.Minute

// start returns the first moment of the date in the zone.
func (d day) start(zone *time.Location) time.Time {
	y, m, n := time.Unix(int64(d)*86400, 0).UTC().Date()
	t := time.Date(y, m, n, 0, 0, 0, 0, zone)
	for dayOf(t) < d { // where the clocks skip midnight
		t = t.Add(quarter)
	}
	return t
}
