package observe

import (
	"time"

	"github.com/stint-city/stint/geo"
)

// Move is a change of place that events told: a vehicle seen in one cell, then in another. It left
// at some time between.
type Move struct {
	From, To   geo.Cell
	Seen, Gone int64 // ms: last seen in From, first seen in To
}

// OnMove has a function hear of every change of cell that events tell from now on.
func (s *Street) OnMove(hear func(Move)) { s.moved = hear }

// change merges a word of an event into a vehicle, counts a jump and tells of a move.
func (s *Street) change(old *vehicle, next vehicle, p *picture) bool {
	before := *old
	s.watchMove(old, &next, &p.health)
	if !put(old, next, s.settings.Near) {
		return false
	}
	if s.moved != nil && before.cell != 0 && old.cell != 0 && old.cell != before.cell {
		s.moved(Move{before.cell, old.cell, before.placedAt, old.placedAt})
	}
	return true
}

// says reports whether a vehicle is already known to be what a word says of it.
func (v *vehicle) says(word *vehicle) bool {
	return v.at == word.at && v.state == word.state && v.placedAt == word.placedAt &&
		v.cell == word.cell && v.lat == word.lat && v.lng == word.lng
}

// restart forgets the picture of a feed of events that has been silent for longer than after, ms:
// nobody watched in between, so that only what is told from now on is known. 0 = never. Settings of
// jumps and IDs stay.
func (p *picture) restart(after, now int64) {
	if after <= 0 || p.snapshot != 0 || p.last == 0 || now-p.last <= after {
		return
	}
	p.floor = max(p.floor, p.last)
	p.keep(func(*vehicle) bool { return false })
}

// Departures learns from moves how many vehicles leave each cell in each hour of a day, by weekdays
// and weekends, and forecasts with the mean of the days before: a Demand of a feed that tells of
// locks alone. Not every departure is seen (a bike that isn't locked again in the hours watched
// leaves no trace), so it expects too few rather than too many. A day is never forecast from
// itself.
type Departures struct {
	zone  *time.Location
	days  map[dayHour]map[int]bool // days on which the hour was watched
	moves map[cellHour]map[int]int // departures by day
}

// dayHour is an hour of a weekday or of a day of the weekend.
type dayHour struct {
	weekend bool
	hour    int
}

type cellHour struct {
	cell geo.Cell
	dayHour
}

// NewDepartures returns a model that has seen nothing; hours and days are those of the zone.
func NewDepartures(zone *time.Location) *Departures {
	return &Departures{zone, map[dayHour]map[int]bool{}, map[cellHour]map[int]int{}}
}

// hourOf returns the hour and the day of a time.
func (d *Departures) hourOf(at int64) (dayHour, int) {
	t := time.UnixMilli(at).In(d.zone)
	weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
	return dayHour{weekend, t.Hour()}, t.Year()*366 + t.YearDay()
}

// Watched says that the feed spoke at a time, so that its hour was watched on that day.
func (d *Departures) Watched(at int64) {
	h, day := d.hourOf(at)
	if d.days[h] == nil {
		d.days[h] = map[int]bool{}
	}
	d.days[h][day] = true
}

// Take counts a move in the hour in which the vehicle was seen elsewhere: all that is known is that
// it left before.
func (d *Departures) Take(m Move) {
	h, day := d.hourOf(m.Gone)
	k := cellHour{m.From, h}
	if d.moves[k] == nil {
		d.moves[k] = map[int]int{}
	}
	d.moves[k][day]++
}

// Leaving implements Demand. Hours that no day before has watched add nothing; ok is false where
// that is so of the whole time asked for.
func (d *Departures) Leaving(cell geo.Cell, now, within int64) (n float64, ok bool) {
	const hour = 3600 * 1000
	_, today := d.hourOf(now)
	for from := now; from < now+within; {
		const minute = 60 * 1000
		into := from%minute + int64(time.UnixMilli(from).In(d.zone).Minute())*minute
		until := min(now+within, from-into+hour)
		h, _ := d.hourOf(from)
		days, moves := 0, 0
		for day := range d.days[h] {
			if day < today {
				days++
				moves += d.moves[cellHour{cell, h}][day]
			}
		}
		if days > 0 {
			ok = true
			n += float64(moves) / float64(days) * float64(until-from) / hour
		}
		from = until
	}
	return n, ok
}
