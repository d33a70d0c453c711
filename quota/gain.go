package quota

import (
	"fmt"
	"math"
)

// source is one hour or part of the day, *S, from which vehicles gain.
type source[S any] interface {
	*S
	// next serves with the n-th vehicle and returns what that gains and what it leaves, trips a day.
	next(n int) (gain, left float64)
}

// appendGains appends the sources' gain of each vehicle in turn, while it counts.
func appendGains[S any, P source[S]](dst []float64, sources []S, most int) []float64 {
	last := math.Inf(1)
	for n := 1; n <= most && len(sources) > 0; n++ {
		total, kept := 0.0, 0
		for k := range sources {
			gain, left := P(&sources[k]).next(n)
			total += gain
			if left >= negligible {
				sources[kept] = sources[k]
				kept++
			}
		}
		sources = sources[:kept]
		last = min(last, total) // exact arithmetic never rises; rounding may
		if last < leastBenefit {
			break
		}
		dst = append(dst, last)
	}
	return dst
}

// loss is an hour under Erlang's model.
type loss struct {
	trips, traffic, lost float64
}

func (l *loss) next(n int) (gain, left float64) {
	busy := float64(l.traffic * l.lost)
	lost := busy / (float64(n) + busy)
	gain = l.trips * (l.lost - lost)
	l.lost = lost
	return gain, l.trips * lost
}

// losses returns the known hours with demand, each worth weight times its rate.
func (s Service) losses(d *CellDemand, weight float64) []loss {
	if !(s.CycleHours > 0) {
		panic("quota: Service.CycleHours must be positive for the erlang model")
	}
	hours := make([]loss, 0, HoursOfWeek)
	for _, rate32 := range d.Rate {
		if rate := float64(rate32); rate > 0 {
			hours = append(hours, loss{rate * weight, rate * s.CycleHours, 1})
		}
	}
	return hours
}

// tail is a part of a day under the newsvendor's model: the chance that at least so many riders
// come.
type tail struct {
	weight, mean     float64
	atLeast, logMass float64 // P(D >= n) and ln P(D = n) after the n-th vehicle, from n = 0
}

func (t *tail) next(n int) (gain, left float64) {
	t.atLeast = max(0, t.atLeast-math.Exp(t.logMass))
	t.logMass += math.Log(t.mean / float64(n))
	if float64(n) <= t.mean {
		return t.weight * t.atLeast, math.Inf(1)
	}
	// Past the mean the tail falls at least like a geometric series.
	return t.weight * t.atLeast, t.weight * t.atLeast
}

func newTail(weight, mean float64) tail {
	return tail{weight: weight, mean: mean, atLeast: 1, logMass: -mean}
}

// presence is the one part of ModelPresence.
func presence(mean float64) []tail {
	if !(mean > 0) {
		return nil
	}
	return []tail{newTail(1, mean)}
}

// tails returns the parts of the week's days that have demand. The week is a circle: Sunday's last
// part takes in Monday's early hours.
func (s Service) tails(d *CellDemand, weight float64) []tail {
	starts := s.starts()
	first := 0
	for !starts[first] {
		first++
	}
	parts := make([]tail, 0, HoursOfWeek/hoursOfDay*max(1, len(s.DayParts)))
	mean := 0.0
	for k := range HoursOfWeek {
		h := (first + k) % HoursOfWeek
		if rate := float64(d.Rate[h]); rate > 0 {
			mean += rate
		}
		if ends := starts[(h+1)%hoursOfDay]; ends && mean > 0 {
			parts = append(parts, newTail(weight, mean))
			mean = 0
		}
	}
	return parts
}

// starts marks the hours of the day at which a part begins.
func (s Service) starts() (starts [hoursOfDay]bool) {
	for _, h := range s.DayParts {
		if h < 0 || h >= hoursOfDay {
			panic(fmt.Sprintf("quota: day part at hour %d of the day", h))
		}
		starts[h] = true
	}
	starts[0] = starts[0] || len(s.DayParts) == 0
	return starts
}
