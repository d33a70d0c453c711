package city

import (
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/quota"
)

// slot is the grain of availability: a vehicle stands free in a slot if it does at the slot's
// middle.
const slot = 5 * time.Minute

// slotWords holds the slots of a day of up to 25 hours and a bit, 64 a word.
const slotWords = 5

// slots is which slots of the days watched had a usable vehicle, by cell: a bit a slot. A month of
// 10,000 cells takes 12 MB, however many vehicles there were.
type slots struct {
	days  []day // ascending
	start []time.Time
	cells [][]uint64 // nil = never a usable vehicle
}

// newSlots returns empty slots for the days, in the zone's local time.
func newSlots(days []day, cells int, zone *time.Location) *slots {
	s := &slots{days: days, cells: make([][]uint64, cells)}
	for _, d := range days {
		s.start = append(s.start, d.start(zone), (d + 1).start(zone))
	}
	return s
}

// add notes a vehicle that stood in the cell from one time until before another.
func (s *slots) add(cell int, from, until time.Time) {
	first, _ := slices.BinarySearchFunc(s.days, from, func(d day, t time.Time) int {
		return int(d) - int(dayOf(t))
	})
	for n := first; n < len(s.days) && s.start[2*n].Before(until); n++ {
		begin, end := s.start[2*n], s.start[2*n+1]
		low := slotAt(max(0, from.Sub(begin)))
		high := slotAt(min(until.Sub(begin), end.Sub(begin)))
		for k := low; k < high; k++ {
			s.set(cell, n, k)
		}
	}
}

// slotAt returns the first slot of a day whose middle is at or after the time since its start.
func slotAt(since time.Duration) int {
	return int((since + slot/2 - 1) / slot)
}

func (s *slots) set(cell, day, k int) {
	if s.cells[cell] == nil {
		s.cells[cell] = make([]uint64, slotWords*len(s.days))
	}
	s.cells[cell][day*slotWords+k/64] |= 1 << (k % 64)
}

// hours returns the hours with a usable vehicle by cell and hour of the week, of the hours watched.
func (s *slots) hours(seen coverage, zone *time.Location) [][quota.HoursOfWeek]float32 {
	out := make([][quota.HoursOfWeek]float32, len(s.cells))
	week := s.hoursOfWeek(seen, zone)
	for i, bits := range s.cells {
		var count [quota.HoursOfWeek]int
		for at, word := range bits {
			for k := 0; word != 0; k, word = k+1, word>>1 {
				if word&1 == 1 && week[at*64+k] >= 0 {
					count[week[at*64+k]]++
				}
			}
		}
		for h, n := range count {
			out[i][h] = float32(float64(n) * slot.Hours())
		}
	}
	return out
}

// hoursOfWeek returns the hour of the week of each slot, -1 where nobody watched.
func (s *slots) hoursOfWeek(seen coverage, zone *time.Location) []int16 {
	week := make([]int16, len(s.days)*slotWords*64)
	for n, d := range s.days {
		for k := range slotWords * 64 {
			at := s.start[2*n].Add(time.Duration(k)*slot + slot/2).In(zone)
			week[n*slotWords*64+k] = -1
			if dayOf(at) == d && seen.has(d, at.Hour()) {
				week[n*slotWords*64+k] = int16(hourOfWeek(at))
			}
		}
	}
	return week
}

// readAvailability reads when and where vehicles stood free, on the days that rides were seen.
func (r *reading) readAvailability() error {
	for _, layer := range r.file.layersOf(availability) {
		l := r.newPoints(layer)
		for _, sector := range layer.sectorIDs(r.file) {
			e := r.demandOf(sector)
			if len(e.seen) == 0 {
				return r.fault(l.path, "city.availability-alone", "layer", layer.ID, "sector", sector)
			}
			if e.usable == nil {
				e.usable = newSlots(e.seen.days(), r.grid.Len(), r.zone)
			}
		}
		err := l.each(func(src *source) error {
			t, err := l.table(src)
			if err != nil {
				return err
			}
			return l.eachRow(t, l.interval)
		})
		if err != nil {
			return l.explain(err)
		}
		if err := l.closePoints(); err != nil {
			return err
		}
	}
	return nil
}

// interval takes one vehicle that stood free for a while; without an end it still stands.
func (l *pointRead) interval(t *table) *refusal {
	p, why := l.place(t)
	if why != nil {
		return why
	}
	from, why := l.moment(t, "start")
	if why != nil {
		return why
	}
	until := time.Unix(math.MaxInt32, 0)
	if t.text("end") != "" {
		if until, why = l.moment(t, "end"); why != nil {
			return why
		}
	}
	if until.Before(from) {
		return t.refuse("end", "city.end-first")
	}
	sector, why := l.sector(t)
	if why != nil {
		return why
	}
	l.span(from)
	if !p.inside {
		l.stat.Outside++
		return nil
	}
	if e := l.demand[sector]; e.usable != nil {
		e.usable.add(p.cell, from, until)
	}
	return nil
}
