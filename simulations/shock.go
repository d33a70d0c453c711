package simulations

import (
	"context"

	"github.com/stint-city/stint/simulations/kernel"
)

// The kinds of shock.
const (
	shockWeather   = "weather"
	shockEvent     = "event"
	shockEmergency = "emergency"
	shockOutage    = "data-outage"
)

// shock is something that happens to the city. Which fields count depends on the kind.
type shock struct {
	kind     string
	from, to int64     // ms
	factors  []float64 // weather: of demand, by hour of the run; beyond its end 1
	cell     int32     // event
	extra    int       // event: trips that begin between from and to
	cells    []int32   // emergency: no riding there
	clear    bool      // emergency: the vehicles are taken in
	operator int       // data outage
}

// weather returns the factor of demand of an hour.
func (s *sim) weather(hour int) float64 {
	factor := 1.0
	for i := range s.shocks {
		x := &s.shocks[i]
		if x.kind == shockWeather && hour < len(x.factors) {
			factor *= x.factors[hour]
		}
	}
	return factor
}

// drawExtra adds the riders of events that fall into an hour.
func (s *sim) drawExtra(hour int) {
	start, end := int64(hour)*hourMS, int64(hour+1)*hourMS
	for i := range s.shocks {
		x := &s.shocks[i]
		if x.kind != shockEvent || x.to <= start || x.from >= end {
			continue
		}
		key := s.key.Of(streamExtra).Of(uint64(i))
		for n := range x.extra {
			k := key.Of(uint64(n))
			at := x.from + int64(k.Uniform(drawTime)*float64(x.to-x.from))
			if at < start || at >= end {
				continue
			}
			to := s.demand.To[x.cell].draw(k.Uniform(drawTo))
			s.requests = append(s.requests, request{at: at, key: k, from: x.cell, to: to})
		}
	}
}

// scheduleShocks puts emergencies into the queue.
func (s *sim) scheduleShocks() {
	for i := range s.shocks {
		if x := &s.shocks[i]; x.kind == shockEmergency {
			s.queue.Push(x.from, evShock, int32(i), 0)
			s.queue.Push(x.to, evShock, int32(i), 1)
		}
	}
}

// strike begins or ends an emergency: nobody rides in its cells, crews set nothing down there, and
// where it says so the vehicles are taken in.
func (s *sim) strike(ctx context.Context, i int32, begins bool) error {
	x := &s.shocks[i]
	for _, c := range x.cells {
		s.frozen[c] = begins
	}
	if s.desk != nil {
		if err := s.desk.emergency(ctx, x, begins); err != nil {
			return err
		}
	}
	if !begins || !x.clear {
		return nil
	}
	return s.clearCells(ctx, x.cells)
}

// clearCells takes every rentable vehicle of some cells into the depots.
func (s *sim) clearCells(ctx context.Context, cells []int32) error {
	for k := range s.operators {
		for _, c := range cells {
			var taken []int32
			for s.heads[k][c] != none {
				taken = append(taken, s.heads[k][c])
				s.leave(s.heads[k][c], away)
			}
			s.tally.ByOperator[k].Moved += int64(len(taken))
			if err := s.signOff(ctx, taken); err != nil {
				return err
			}
			for _, v := range taken {
				s.takeIn(v)
			}
		}
	}
	return nil
}

// outage reports whether an operator's data don't reach the bureau now.
func (s *sim) outage(k int) bool {
	for i := range s.shocks {
		x := &s.shocks[i]
		if x.kind == shockOutage && x.operator == k && s.now >= x.from && s.now < x.to {
			return true
		}
	}
	return false
}

// replicationKey returns the key of a replication of a seed.
func replicationKey(seed uint64, replication int) kernel.Key {
	return kernel.NewKey(seed).Of(uint64(replication))
}
