package quota

import (
	"fmt"
	"math"
)

// The models of Service.
const (
	ModelErlang     = "erlang"     // vehicles turn over: a trip is lost when all are out
	ModelNewsvendor = "newsvendor" // stock is set at the start of each part of the day
	ModelPresence   = "presence"   // only the vehicles standing are known, not the trips
)

// leastBenefit ends a list of marginals: a trip in some three million years is none.
const leastBenefit = 1e-9

// negligible is what one hour or part may still hide when it is dropped from the sum, trips a day.
const negligible = 1e-13

// Service says how a cell's vehicles serve its demand.
type Service struct {
	Model string `json:"model"` // ModelErlang, ModelNewsvendor or ModelPresence
	// CycleHours is the time one trip keeps a vehicle from the next rider, hours; ModelErlang, > 0.
	CycleHours float64 `json:"cycle_hours,omitempty"`
	// DayParts are the hours of the day (0-23) at which vehicles are set out again, ModelNewsvendor;
	// the last part runs past midnight to the first. Empty = once a day at hour 0.
	DayParts []int   `json:"day_parts,omitempty"`
	Level    float64 `json:"level,omitempty"` // share of demand that is enough, (0, 1]; 0 = no limit
}

// Marginals appends to dst what the 1st, 2nd, ... vehicle of a cell adds, at most most of them, and
// returns it. The list never rises, sums to at most the cell's demand, and ends before the first value
// below 1e-9; it is empty where nothing is known.
//
// ModelErlang: trips a mean day. The n-th vehicle adds rate*(B(n-1) - B(n)) in each known hour, B being
// ErlangB at traffic rate*CycleHours. ModelNewsvendor: trips a mean day. It adds P(D >= n) in each
// part of a day, D being Poisson with the sum of the part's known hours. In both, hours are summed over the
// known weekdays and divided by their number, and times factor, as EstimateDemand does with
// dailyFactor. ModelPresence: vehicles. It adds P(D >= n) once, D being Poisson with the mean number
// of vehicles standing, d.Daily.Mean; factor plays no part.
//
// Marginals panics on a model, CycleHours or day part outside its domain.
//
// Source: Erlang loss; Poisson newsvendor. Both are concave in n, as AllocateCells needs.
func (s Service) Marginals(dst []float64, d CellDemand, factor float64, most int) []float64 {
	days := d.days()
	switch {
	case s.Model == ModelPresence:
		return appendGains(dst, presence(d.Daily.Mean), most)
	case s.Model != ModelErlang && s.Model != ModelNewsvendor:
		panic(fmt.Sprintf("quota: unknown service model %q", s.Model))
	case days == 0:
		return dst
	case s.Model == ModelErlang:
		return appendGains(dst, s.losses(&d, factor/float64(days)), most)
	}
	return appendGains(dst, s.tails(&d, factor/float64(days)), most)
}

// Enough returns the least number of vehicles whose served share of daily reaches the Level: the
// bound of LimitService. marginals are those of the same cell and daily its demand in their unit. It
// is -1, no such limit, where Level is 0 or daily is NaN, and all of marginals where they do not
// reach the level.
func (s Service) Enough(marginals []float64, daily float64) int {
	if s.Level <= 0 || math.IsNaN(daily) {
		return -1
	}
	// The list leaves out crumbs and rates are float32: forgive a part in a million.
	target := s.Level * daily * (1 - 1e-6)
	served := 0.0
	for n, m := range marginals {
		if served >= target {
			return n
		}
		served += m
	}
	return len(marginals)
}

// source is one hour or part of the day from which vehicles gain: worth trips a day, of which the
// share left is not served yet.
type source interface {
	// next serves with the n-th vehicle and returns what that gains and what it leaves, trips a day.
	next(n int) (gain, left float64)
}

// appendGains appends the sources' gain of each vehicle in turn, while it counts.
func appendGains[S source](dst []float64, sources []S, most int) []float64 {
	last := math.Inf(1)
	for n := 1; n <= most && len(sources) > 0; n++ {
		total, kept := 0.0, 0
		for _, s := range sources {
			gain, left := s.next(n)
			total += gain
			if left >= negligible {
				sources[kept] = s
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
	lost := l.traffic * l.lost / (float64(n) + l.traffic*l.lost)
	gain = l.trips * (l.lost - lost)
	l.lost = lost
	return gain, l.trips * lost
}

// losses returns the known hours with demand, each worth weight times its rate.
func (s Service) losses(d *CellDemand, weight float64) []*loss {
	if !(s.CycleHours > 0) {
		panic("quota: Service.CycleHours must be positive for the erlang model")
	}
	hours := make([]loss, 0, HoursOfWeek)
	sources := make([]*loss, 0, HoursOfWeek)
	for _, rate32 := range d.Rate {
		if rate := float64(rate32); rate > 0 {
			hours = append(hours, loss{rate * weight, rate * s.CycleHours, 1})
			sources = append(sources, &hours[len(hours)-1])
		}
	}
	return sources
}

// tail is a part of a day under the newsvendor's model: the chance that at least so many riders come.
type tail struct {
	weight, mean     float64
	atLeast, logMass float64 // P(D >= n), and ln P(D = n-1)
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

func newTail(weight, mean float64) *tail {
	return &tail{weight: weight, mean: mean, atLeast: 1, logMass: -mean}
}

// presence is the one part of ModelPresence.
func presence(mean float64) []*tail {
	if !(mean > 0) {
		return nil
	}
	return []*tail{newTail(1, mean)}
}

// tails returns the parts of the week's days that have demand. The week is a circle: Sunday's last
// part takes in Monday's early hours.
func (s Service) tails(d *CellDemand, weight float64) []*tail {
	starts := s.starts()
	first := 0
	for !starts[first] {
		first++
	}
	var parts []*tail
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
