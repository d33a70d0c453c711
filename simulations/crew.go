package simulations

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// The strategies of a crew.
const (
	crewNone    = "none"
	crewNightly = "nightly" // back to the target once a night
	crewGreedy  = "greedy"  // the emptiest cell first, from the nearest surplus
	crewFlow    = "flow"    // the least vehicle-metres that reach the target
)

// crew is how an operator's field staff works.
type crew struct {
	trucks, capacity int
	from, to         int // hours of the day of the shift; to ≤ from runs past midnight
	every            int // hours between rounds
	strategy         string
	speed            float64 // cm a ms
}

// working reports whether a round begins at an hour of the day.
func (c *crew) working(hour int) bool {
	switch {
	case c.trucks == 0 || c.strategy == crewNone:
		return false
	case c.strategy == crewNightly:
		return hour == c.from
	}
	since := (hour - c.from + 24) % 24
	length := (c.to-c.from+23)%24 + 1
	return since < length && since%c.every == 0
}

// budget returns the truck time of a round, ms.
func (c *crew) budget() float64 {
	hours := c.every
	if c.strategy == crewNightly {
		hours = (c.to-c.from+23)%24 + 1
	}
	return float64(c.trucks*hours) * hourMS
}

// move is one truck's way from a cell to another with n vehicles; from -1 is the depot.
type move struct {
	from, to int32
	n        int
}

// load is what is on a truck.
type load struct {
	op, to   int32
	vehicles []int32
}

// crewRoom is the memory crews work with.
type crewRoom struct {
	want, have []int
	moves      []move
	order      []int32
	loads      []load
	free       []int32
	gone       [][]int32 // see listGone; by cell
	flow       flow
}

func (r *crewRoom) init(cells int) {
	r.want, r.have, r.gone = make([]int, cells), make([]int, cells), make([][]int32, cells)
}

func (r *crewRoom) reset() {
	r.free = r.free[:0]
	for i := range r.loads {
		r.loads[i].vehicles = r.loads[i].vehicles[:0]
		r.free = append(r.free, int32(i))
	}
}

// load returns an empty load.
func (r *crewRoom) load(op int, to int32) int32 {
	var i int32
	if n := len(r.free); n > 0 {
		i = r.free[n-1]
		r.free = r.free[:n-1]
	} else {
		i = int32(len(r.loads))
		r.loads = append(r.loads, load{})
	}
	r.loads[i].op, r.loads[i].to = int32(op), to
	return i
}

// onTheHour lets the bureau and the crews begin what is due.
func (s *sim) onTheHour(ctx context.Context, hour int) error {
	s.now = int64(hour) * hourMS
	if s.desk != nil {
		if err := s.desk.onTheHour(ctx, hour); err != nil {
			return err
		}
	}
	for k := range s.operators {
		if hour > 0 && s.operators[k].crew.working(s.hourOfDay()) {
			if err := s.round(ctx, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// deploy puts the fleets on the street: to the quotas of the plan in force, or by the operators'
// targets where nobody regulates.
func (s *sim) deploy(ctx context.Context) error {
	for k := range s.operators {
		s.aim(k, len(s.depot[k]))
		for c, n := range s.crews.want {
			if err := s.fromDepot(ctx, k, int32(c), n); err != nil {
				return err
			}
		}
	}
	return nil
}

// fromDepot places up to n vehicles of the depot in a cell.
func (s *sim) fromDepot(ctx context.Context, k int, cell int32, n int) error {
	n = min(n, len(s.depot[k]))
	if n == 0 {
		return nil
	}
	i := s.crews.load(k, cell)
	rest := len(s.depot[k]) - n
	s.crews.loads[i].vehicles = append(s.crews.loads[i].vehicles, s.depot[k][rest:]...)
	s.depot[k] = s.depot[k][:rest]
	for _, v := range s.crews.loads[i].vehicles {
		s.vehicles[v].state = away
	}
	s.coming[cell] += int32(n)
	return s.unload(ctx, i)
}

// aim sets want to an operator's targets for n vehicles: in proportion, rounded along the cells so
// that the sum is n, and never beyond the quota of a cell.
func (s *sim) aim(k, n int) {
	want, targets := s.crews.want, s.operators[k].targets
	quota := []int(nil)
	if s.desk != nil {
		quota = s.desk.quotas(k)
		n = min(n, sum(quota))
	}
	total := 0.0
	for c := range want {
		total += weightOf(targets, quota, c)
	}
	clear(want)
	if total == 0 {
		return
	}
	upto, given := 0.0, 0
	for c := range want {
		upto += weightOf(targets, quota, c)
		next := int(math.Round(upto / total * float64(n)))
		want[c] = next - given
		if quota != nil {
			want[c] = min(want[c], quota[c])
		}
		given = next
	}
}

// weightOf returns how much an operator wants a cell: its quota where there is one, 0 where it
// doesn't serve.
func weightOf(targets []float64, quota []int, c int) float64 {
	if quota == nil || targets[c] == 0 {
		return targets[c]
	}
	return float64(quota[c])
}

func sum(list []int) int {
	total := 0
	for _, n := range list {
		total += n
	}
	return total
}

// round plans one operator's moves and sends the trucks as far as their time goes.
func (s *sim) round(ctx context.Context, k int) error {
	r, c := &s.crews, &s.operators[k].crew
	for cell := range r.have {
		r.have[cell] = int(s.standing[k][cell])
	}
	s.aim(k, sum(r.have)+len(s.depot[k]))
	r.moves = r.moves[:0]
	s.fromDepotMoves(k)
	if c.strategy == crewFlow {
		s.flowMoves()
	} else {
		s.greedyMoves()
	}
	s.listGone(k)
	left, used := c.budget(), 0.0
	for _, m := range r.moves {
		for m.n > 0 && used < left {
			n := min(m.n, c.capacity)
			ms := s.truckTime(k, m, n)
			used += ms
			if err := s.send(ctx, k, move{m.from, m.to, n}, int64(used/float64(c.trucks))); err != nil {
				return err
			}
			m.n -= n
		}
	}
	return nil
}

// truckTime returns how long a truck takes for n vehicles there and back, ms, and counts its way.
func (s *sim) truckTime(k int, m move, n int) float64 {
	const (
		handling = 60_000  // ms a vehicle
		toDepot  = 300_000 // cm
	)
	way := float64(toDepot)
	if m.from >= 0 {
		way = distance(s.town.center[m.from], s.town.center[m.to])
	}
	way *= 2 * s.users.Detour
	t := &s.tally.ByOperator[k]
	ms := way/s.operators[k].crew.speed + float64(n)*handling
	t.TruckCM += int64(way)
	t.CrewMS += int64(ms)
	return ms
}

// fromDepotMoves fills the emptiest cells from the depot, as far as the operator's quota goes.
func (s *sim) fromDepotMoves(k int) {
	r := &s.crews
	left := len(s.depot[k])
	if s.desk != nil {
		out := s.operators[k].fleet - left
		left = min(left, int(s.desk.total[k])-out)
	}
	for _, c := range s.deficits() {
		n := min(left, r.want[c]-r.have[c])
		if n <= 0 {
			continue
		}
		r.moves = append(r.moves, move{none, c, n})
		r.have[c] += n
		left -= n
	}
}

// deficits returns the cells below their target, the emptiest first.
func (s *sim) deficits() []int32 {
	r := &s.crews
	r.order = r.order[:0]
	for c := range r.want {
		if r.want[c] > r.have[c] {
			r.order = append(r.order, int32(c))
		}
	}
	slices.SortFunc(r.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(r.want[b]-r.have[b], r.want[a]-r.have[a]), cmp.Compare(a, b))
	})
	return r.order
}

// greedyMoves fills the emptiest cells first, each from the nearest surplus.
func (s *sim) greedyMoves() {
	r := &s.crews
	for _, to := range s.deficits() {
		for r.want[to] > r.have[to] {
			from, best := none, math.Inf(1)
			for c := range r.want {
				if r.have[c] <= r.want[c] {
					continue
				}
				if d := distance(s.town.center[c], s.town.center[to]); d < best {
					from, best = int32(c), d
				}
			}
			if from == none {
				return
			}
			n := min(r.want[to]-r.have[to], r.have[from]-r.want[from])
			r.moves = append(r.moves, move{from, to, n})
			r.have[from] -= n
			r.have[to] += n
		}
	}
}

// send puts vehicles on a truck that sets them down after a delay, ms.
func (s *sim) send(ctx context.Context, k int, m move, delay int64) error {
	r := &s.crews
	i := r.load(k, m.to)
	l := &r.loads[i]
	if m.from == none {
		rest := len(s.depot[k]) - m.n
		l.vehicles = append(l.vehicles, s.depot[k][rest:]...)
		s.depot[k] = s.depot[k][:rest]
		for _, v := range l.vehicles {
			s.vehicles[v].state = away
		}
	} else {
		for range m.n {
			v := s.heads[k][m.from]
			l.vehicles = append(l.vehicles, v)
			s.leave(v, away)
			s.swapGrant(v, m.to)
		}
	}
	s.coming[m.to] += int32(len(l.vehicles))
	s.tally.ByOperator[k].Moved += int64(len(l.vehicles))
	s.queue.Push(s.now+delay, evUnload, i, 0)
	return s.signOff(ctx, l.vehicles)
}

// unload sets a truck's vehicles down where the bureau grants it: in the cell, else in the nearest
// that the refusal names, else back in the depot.
func (s *sim) unload(ctx context.Context, i int32) error {
	l := &s.crews.loads[i]
	k, cell, placement := int(l.op), l.to, none
	s.coming[cell] -= int32(len(l.vehicles))
	if s.desk != nil {
		var err error
		if cell, placement, err = s.desk.place(ctx, k, l.to, len(l.vehicles)); err != nil {
			return err
		}
	}
	for n, v := range l.vehicles {
		s.vehicles[v].placement = placement
		if cell == none || s.frozen[cell] {
			s.takeIn(v)
			continue
		}
		spots := s.town.spots[cell]
		s.arrive(v, cell, spots[n%len(spots)], rentable)
	}
	if cell != none {
		s.watchPile(cell)
	}
	l.vehicles = l.vehicles[:0]
	s.crews.free = append(s.crews.free, i)
	return nil
}

// takeIn puts a vehicle on a truck into the depot.
func (s *sim) takeIn(v int32) {
	s.vehicles[v].state = depot
	s.depot[s.vehicles[v].op] = append(s.depot[s.vehicles[v].op], v)
}
