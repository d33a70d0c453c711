package city

import (
	"time"

	"github.com/stint-city/stint/engine/strict"
)

// rideRead is a layer of rides on its way in.
type rideRead struct {
	*pointRead
	beyond int  // rides outside the hours that the layer covers
	apart  bool // they tell operators apart
}

// readRides counts the rides of every layer by cell and hour of the week.
func (r *reading) readRides() error {
	for _, layer := range r.file.layersOf(rides) {
		l := &rideRead{pointRead: r.newPoints(layer)}
		err := l.each(func(src *source) error {
			t, err := l.table(src)
			if err != nil {
				return err
			}
			return l.eachRow(t, l.ride)
		})
		if err != nil {
			return l.explain(err)
		}
		if err := l.closePoints(); err != nil {
			return err
		}
		l.say()
	}
	return nil
}

// say notes what the demand rests on.
func (l *rideRead) say() {
	if l.beyond > 0 {
		l.warn(l.file.name, l.file.at.Of(strict.KeyPath(l.path, "hours")), "city.outside-hours",
			"layer", l.layer.ID, "rides", l.beyond, "from", l.layer.Hours[0], "to", l.layer.Hours[1])
	}
	if !l.apart {
		l.warn(l.file.name, l.file.at.Of(l.path), "city.not-apart", "layer", l.layer.ID)
	}
	if l.layer.Counts == "end" {
		l.assume(strict.KeyPath(l.path, "counts"), "city.counts-ends", "layer", l.layer.ID)
	}
	if s := l.layer.Split; s != nil {
		l.assume(strict.KeyPath(l.path, "split"), "city.split", "layer", l.layer.ID, "by", s.By)
	}
}

// ride takes one ride.
func (l *rideRead) ride(t *table) *refusal {
	p, why := l.place(t)
	if why != nil {
		return why
	}
	start, at, why := l.times(t)
	if why != nil {
		return why
	}
	sector, why := l.sector(t)
	if why != nil {
		return why
	}
	operator, why := l.operator(t)
	if why != nil {
		return why
	}
	l.span(at)
	l.fenced.count(p.point)
	l.parked.judge(l.parked.ridden, operator, p)
	l.parked.ride(operator, t.text("vehicle"))
	e := l.demand[sector]
	l.apart = l.apart || operator >= 0
	e.riddenApart = e.riddenApart || operator >= 0
	if !p.inside {
		l.stat.Outside++
		return nil
	}
	// The days that the file covers are those on which its rides begin. Of rides told by their end,
	// as many run past the last midnight as are missing after the first one.
	e.seen.add(dayOf(start), l.layer.Hours[0], l.layer.Hours[1])
	if at.Hour() < l.layer.Hours[0] || at.Hour() >= l.layer.Hours[1] {
		l.beyond++
		return nil
	}
	e.ride(p.cell, hourOfWeek(at), operator)
	return nil
}

// times returns when the ride began by the file, and the time that counts: that plus `minutes`.
func (l *rideRead) times(t *table) (start, at time.Time, why *refusal) {
	if start, why = l.moment(t, "time"); why != nil {
		return start, at, why
	}
	at = start
	if t.has("minutes") {
		minutes, why := t.number("minutes")
		if why != nil {
			return start, at, why
		}
		if minutes < 0 {
			return start, at, t.refuse("minutes", "city.negative",
				"column", t.header[t.column["minutes"]], "got", minutes)
		}
		at = start.Add(time.Duration(minutes * float64(time.Minute)))
	}
	if t.has("end") {
		end, why := l.moment(t, "end")
		if why != nil {
			return start, at, why
		}
		if end.Before(start) {
			return start, at, t.refuse("end", "city.end-first")
		}
	}
	return start, at, nil
}
