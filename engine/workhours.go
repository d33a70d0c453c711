package engine

import (
	"errors"
	"fmt"
	"time"

	"github.com/stint-city/stint/quota/policy"
)

// ErrCalendar means that a deadline falls into a year whose working days are not known.
var ErrCalendar = errors.New("the calendar doesn't know the year")

// WorkHours are when work is done: from Begin to End, since midnight, of each working day. Time
// outside them doesn't count towards a deadline, nor towards a response time.
type WorkHours struct {
	Calendar   policy.Calendar
	Zone       *time.Location
	Begin, End time.Duration
}

// spans is how many days a deadline may lie ahead.
const spans = 3 * 366

// After returns when so much working time has passed since a moment. A nil WorkHours is around the
// clock. The error is ErrCalendar.
func (w *WorkHours) After(t time.Time, work time.Duration) (time.Time, error) {
	if w == nil {
		return t.Add(work), nil
	}
	for n := range spans {
		begin, end, err := w.day(t, n)
		if err != nil {
			return time.Time{}, err
		}
		begin = latest(begin, t)
		if left := end.Sub(begin); left > 0 {
			if work <= left {
				return begin.Add(work), nil
			}
			work -= left
		}
	}
	return time.Time{}, fmt.Errorf("%w: no end within %d days", ErrCalendar, spans)
}

// Between returns the working time from one moment to another; 0 where the second isn't later. A
// nil WorkHours is around the clock. The error is ErrCalendar.
func (w *WorkHours) Between(from, until time.Time) (time.Duration, error) {
	if !until.After(from) {
		return 0, nil
	}
	if w == nil {
		return until.Sub(from), nil
	}
	var sum time.Duration
	for n := range spans {
		begin, end, err := w.day(from, n)
		if err != nil {
			return 0, err
		}
		if begin.After(until) {
			break
		}
		if end.After(until) {
			end = until
		}
		if left := end.Sub(latest(begin, from)); left > 0 {
			sum += left
		}
	}
	return sum, nil
}

// day returns the working hours of the n-th day from a moment on, empty on a day off.
func (w *WorkHours) day(t time.Time, n int) (begin, end time.Time, err error) {
	y, m, d := t.In(w.Zone).Date()
	date := time.Date(y, m, d+n, 0, 0, 0, 0, w.Zone)
	working, ok := w.Calendar.Working(date.Format(time.DateOnly))
	if !ok {
		return begin, end, fmt.Errorf("%w %d", ErrCalendar, date.Year())
	}
	clock := func(since time.Duration) time.Time { // by the wall, whatever summer time does
		return time.Date(y, m, d+n, 0, 0, int(since/time.Second), 0, w.Zone)
	}
	if begin = clock(w.Begin); !working {
		return begin, begin, nil
	}
	return begin, clock(w.End), nil
}
