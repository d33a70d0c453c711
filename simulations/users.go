package simulations

import (
	"math"

	"github.com/stint-city/stint/simulations/kernel"
)

// trip is a rider from the request to the drop.
type trip struct {
	key      kernel.Key
	asked    int64 // ms
	at, to   point
	goal     int32 // cell
	from     int32 // cell
	vehicle  int32
	walk     float64 // cm so far
	rides    uint32  // the vehicle's count when it was chosen: another one since took it
	retried  bool
	replayed bool
	hour     uint8 // of the day of the request
	day      int32 // counted day of the request
	next     int32 // free list
}

// request lets a rider appear and look for a vehicle.
func (s *sim) request(r *request) {
	s.tally.Requests++
	cell, hour, day := s.parts(r.from)
	cell.Requests++
	hour.Requests++
	day.Requests++
	i := s.newTrip()
	t := &s.trips[i]
	*t = trip{
		key: r.key, asked: r.at, goal: r.to, from: r.from, at: r.a, to: r.b, replayed: r.replayed,
		next: none, hour: uint8(s.hourOfDay()), day: int32(s.day()),
	}
	if !r.replayed {
		t.at = s.town.within(int(r.from), r.key, drawFrom)
		t.to = s.town.within(int(r.to), r.key, drawPlace)
	}
	if s.frozen[r.from] || s.frozen[r.to] {
		s.lose(i, lostFrozen)
		return
	}
	if s.seek(i, drawChoice) {
		s.walking++
	}
}

// newTrip returns a place for a trip.
func (s *sim) newTrip() int32 {
	if i := s.freeTrip; i != none {
		s.freeTrip = s.trips[i].next
		return i
	}
	s.trips = append(s.trips, trip{})
	return int32(len(s.trips) - 1)
}

func (s *sim) endTrip(i int32) {
	s.trips[i].next, s.freeTrip = s.freeTrip, i
}

// lose ends a request without a ride.
func (s *sim) lose(i int32, reason int) {
	s.tally.Lost[reason]++
	s.tell(&s.trips[i], Request{Outcome: outcomes[reason]})
	s.endTrip(i)
}

// mostOperators bounds the choice a rider has.
const mostOperators = 32

// seek lets a rider choose among the nearest rentable vehicles of each operator and going
// otherwise, by multinomial logit; a replayed trip takes the nearest, as it was made. It reports
// whether the rider walks.
func (s *sim) seek(i int32, draw uint64) bool {
	t := &s.trips[i]
	ride := s.rideTime(t)
	var vehicles [mostOperators]int32
	var weights [mostOperators]float64
	var walks [mostOperators]float64
	sum, found := s.outside, false
	best, nearest := -1, math.Inf(1)
	radius := int32(s.users.Radius * 100)
	for k := range s.operators {
		v, d2, ok := s.index.Nearest(k, t.at.x, t.at.y, radius)
		if !ok {
			continue
		}
		found = true
		walk := math.Sqrt(float64(d2))
		vehicles[k], walks[k] = v, walk
		if walk < nearest {
			best, nearest = k, walk
		}
		weights[k] = s.weight(k, t.from, walk, ride)
		sum += weights[k]
	}
	if !t.retried && found {
		s.tally.Reached++
		s.tally.ByCell[t.from].Reached++
		s.tally.ByHour[t.hour].Reached++
		s.tally.ByDay[t.day].Reached++
	}
	if !found {
		s.lose(i, s.reason(t, lostNone))
		return false
	}
	if !t.replayed {
		best = pick(weights[:len(s.operators)], t.key.Uniform(draw)*sum)
	}
	if best < 0 {
		s.lose(i, s.reason(t, lostOutside))
		return false
	}
	t.vehicle = vehicles[best]
	v := &s.vehicles[t.vehicle]
	t.rides, t.at = v.rides, point{v.x, v.y} // where the rider will be next
	t.walk += walks[best]
	s.queue.Push(s.now+int64(walks[best]/s.walkSpeed), evPickup, i, 0)
	return true
}

// reason returns why a request is lost: after a vehicle was taken, that is why.
func (s *sim) reason(t *trip, first int) int {
	if t.retried {
		return lostTaken
	}
	return first
}

// weight returns e^utility of an operator's vehicle at a walk (cm), for a ride (ms).
func (s *sim) weight(k int, cell int32, walk, ride float64) float64 {
	o := &s.operators[k]
	v := o.constant + s.step*walk + s.users.Choice.Price*o.price.fare(ride)
	return math.Exp(v + s.crowd[min(int(s.standing[k][cell]), len(s.crowd)-1)])
}

// pick returns the first item whose weights up to it exceed at, -1 for none.
func pick(weights []float64, at float64) int {
	for k, w := range weights {
		if at < w {
			return k
		}
		at -= w
	}
	return -1
}

// rideTime returns how long a trip's ride takes, ms: between three and five quarters of the pace.
func (s *sim) rideTime(t *trip) float64 {
	const handling = 60_000 // ms to unlock and to lock
	pace := 0.75 + 0.5*t.key.Uniform(drawPace)
	return distance(t.at, t.to)*s.users.Detour/s.rideSpeed*pace + handling
}

// pickup is a rider at the vehicle: rides if it is still there, else looks around once more.
func (s *sim) pickup(i int32) {
	t := &s.trips[i]
	v := &s.vehicles[t.vehicle]
	if v.state == rentable && v.rides == t.rides {
		s.walking--
		s.ride(i)
		return
	}
	if t.retried {
		s.walking--
		s.lose(i, lostTaken)
		return
	}
	t.retried = true
	if !s.seek(i, drawRetry) {
		s.walking--
	}
}

// ride takes the vehicle off the street until the drop.
func (s *sim) ride(i int32) {
	t := &s.trips[i]
	v := &s.vehicles[t.vehicle]
	ms := s.rideTime(t)
	s.leave(t.vehicle, riding)
	v.rides++
	s.served(t, int(v.op), int64(ms))
	s.queue.Push(s.now+int64(ms), evDrop, i, 0)
}

// served counts a ride.
func (s *sim) served(t *trip, op int, ms int64) {
	walk := int64(t.walk)
	s.tally.Served++
	s.tally.ByCell[t.from].Served++
	s.tally.ByHour[t.hour].Served++
	s.tally.ByDay[t.day].Served++
	s.tally.Walk[min(walk/walkBin, walkBins-1)]++
	if hour := int(s.now / hourMS); s.tally.Departed != nil && hour < s.hours {
		s.tally.Departed[hour*len(s.town.Cells)+int(t.from)]++
	}
	if s.desk != nil {
		s.desk.seen.ride(s.hourOfWeek(), int(t.from), op)
		s.desk.watch.ride(int(t.from))
	}
	o := &s.tally.ByOperator[op]
	o.Served++
	o.WalkCM += walk
	o.RideMS += ms
	o.RideCM += int64(distance(t.at, t.to) * s.users.Detour)
	fare := s.operators[op].price.fare(float64(ms))
	o.FareCents += int64(math.Round(fare * 100))
	s.tell(t, Request{
		Outcome: "served", Operator: s.operators[op].id, Walk: t.walk / 100,
		Seconds: float64(ms) / 1000, Fare: fare,
	})
}

// drop lets a rider leave the vehicle: at a parking spot, or where it suits.
func (s *sim) drop(i int32) {
	t := &s.trips[i]
	v := &s.vehicles[t.vehicle]
	o := &s.operators[v.op]
	count := &s.tally.ByOperator[v.op]
	place := t.to
	spot, cm := s.town.nearestSpot(t.goal, place)
	if t.key.Uniform(drawComply) < o.comply {
		place, cm = spot, 0
	}
	count.Drops++
	cell, hour, day := s.parts(t.goal)
	cell.Drops++
	hour.Drops++
	day.Drops++
	if cm <= s.users.Parking.Tolerance*100 {
		count.Compliant++
	}
	state := rentable
	if t.key.Uniform(drawBreak) < o.broken {
		state = broken
		count.Broken++
		wait := int64(float64(o.repair) * (0.5 + t.key.Uniform(drawRepair)))
		s.queue.Push(s.now+wait, evRepair, t.vehicle, 0)
	}
	s.arrive(t.vehicle, t.goal, place, state)
	s.watchPile(t.goal)
	s.endTrip(i)
}
