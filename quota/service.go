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
// returns it. The list never rises, sums to at most the cell's demand, and ends before the first
// value below 1e-9; it is empty where nothing is known.
//
// ModelErlang: trips a mean day. The n-th vehicle adds rate*(B(n-1) - B(n)) in each known hour, B
// being ErlangB at traffic rate*CycleHours. ModelNewsvendor: trips a mean day. It adds P(D >= n) in
// each part of a day, D being Poisson with the sum of the part's known hours. In both, hours are
// summed over the known weekdays and divided by their number, and times factor, as EstimateDemand
// does with dailyFactor. ModelPresence: vehicles. It adds P(D >= n) once, D being Poisson with the
// mean number of vehicles standing, d.Daily.Mean; factor plays no part.
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
// bound of LimitService. marginals are those of the same cell and daily its demand in their unit.
// It is -1, no such limit, where Level is 0 or daily is NaN, and all of marginals where they do not
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
