package simulations

import (
	"errors"
	"fmt"

	"github.com/stint-city/stint/simulations/kernel"
)

// ErrUnsound means that a run broke an invariant: a defect of stint, never of the input.
var ErrUnsound = errors.New("the simulation does not hold its own invariants; please report this")

// state is where a vehicle is in its life.
type state uint8

// The states. Only rentable vehicles are in the index.
const (
	depot    state = iota // with the operator, off the street
	rentable              // parked and fit to ride
	broken                // parked and not fit
	riding
	away // on a crew's truck
)

// vehicle is one vehicle. placement names the grant it stands by, -1 = none.
type vehicle struct {
	x, y      int32 // where it is parked
	cell      int32 // where it is parked; -1 = not on the street
	rides     uint32
	parkedAt  int32 // s
	placement int32
	next      int32 // rentable vehicles of its operator in its cell
	prev      int32
	op        uint8
	state     state
}

// fleet is every vehicle of a run.
type fleet struct {
	vehicles []vehicle
	index    *kernel.Index // rentable vehicles, a layer for each operator
	standing [][]int32     // rentable by operator and cell
	heads    [][]int32     // the first of each list of those
	parked   []int32       // parked by cell, rentable or broken
	depot    [][]int32     // vehicles in the depot by operator
	street   []int         // vehicles parked or ridden, by operator
	first    []int         // the first vehicle of each operator, and the end
}

func (f *fleet) initFleet(w *world) {
	total := 0
	for _, o := range w.operators {
		total += o.fleet
	}
	f.vehicles = make([]vehicle, 0, total)
	f.index = kernel.NewIndex(len(w.operators), total, w.town.width, w.town.height)
	f.parked = make([]int32, len(w.town.Cells))
	f.street = make([]int, len(w.operators))
	for k, o := range w.operators {
		f.standing = append(f.standing, make([]int32, len(w.town.Cells)))
		f.heads = append(f.heads, make([]int32, len(w.town.Cells)))
		f.depot = append(f.depot, make([]int32, 0, o.fleet))
		f.first = append(f.first, len(f.vehicles))
		for range o.fleet {
			f.vehicles = append(f.vehicles, vehicle{op: uint8(k)})
		}
	}
	f.first = append(f.first, total)
}

// resetFleet puts every vehicle into its operator's depot.
func (f *fleet) resetFleet() {
	f.index.Reset()
	clear(f.parked)
	clear(f.street)
	for k := range f.standing {
		clear(f.standing[k])
		for c := range f.heads[k] {
			f.heads[k][c] = none
		}
		f.depot[k] = f.depot[k][:0]
	}
	for i := range f.vehicles {
		v := &f.vehicles[i]
		*v = vehicle{op: v.op, cell: none, placement: none}
		f.depot[v.op] = append(f.depot[v.op], int32(i))
	}
}

// leave takes a parked vehicle off its place.
func (s *sim) leave(i int32, to state) {
	v := &s.vehicles[i]
	s.parked[v.cell]--
	if v.state == rentable {
		s.unlist(i)
	}
	v.state, v.cell = to, none
	if to != riding {
		s.street[v.op]--
	}
}

// arrive parks a vehicle that was ridden or brought.
func (s *sim) arrive(i, cell int32, at point, to state) {
	v := &s.vehicles[i]
	if v.state != riding {
		s.street[v.op]++
	}
	v.x, v.y, v.cell, v.state = at.x, at.y, cell, to
	v.parkedAt = int32(s.now / 1000)
	s.parked[cell]++
	if to == rentable {
		s.list(i)
	}
}

// repair makes a broken vehicle rentable where it stands; one that was taken in is repaired there.
func (s *sim) repair(i int32) {
	v := &s.vehicles[i]
	if v.state != broken {
		return
	}
	v.state = rentable
	s.list(i)
}

// list lets a vehicle be found: it is rentable where it stands.
func (f *fleet) list(i int32) {
	v := &f.vehicles[i]
	head := &f.heads[v.op][v.cell]
	v.next, v.prev = *head, none
	if *head != none {
		f.vehicles[*head].prev = i
	}
	*head = i
	f.index.Insert(int(v.op), i, v.x, v.y)
	f.standing[v.op][v.cell]++
}

// unlist takes a rentable vehicle off the lists.
func (f *fleet) unlist(i int32) {
	v := &f.vehicles[i]
	if v.prev == none {
		f.heads[v.op][v.cell] = v.next
	} else {
		f.vehicles[v.prev].next = v.next
	}
	if v.next != none {
		f.vehicles[v.next].prev = v.prev
	}
	f.index.Remove(int(v.op), i)
	f.standing[v.op][v.cell]--
}

// countHour counts what stands at the end of an hour.
func (s *sim) countHour(hour int) {
	t := s.tally
	rent := int64(0)
	for k := range s.operators {
		sum := int64(0)
		for c, n := range s.standing[k] {
			sum += int64(n)
			t.ByCell[c].Rentable += int64(n)
		}
		t.ByOperator[k].Rentable += sum
		t.ByOperator[k].Deployed += int64(s.street[k])
		if s.desk != nil {
			t.ByOperator[k].Beyond += max(0, int64(s.street[k])-s.desk.total[k])
		}
		rent += sum
	}
	t.ByHour[s.hourOfDay()].Rentable += rent
	t.ByDay[s.day()].Rentable += rent
	if s.desk != nil {
		s.desk.seen.hour(s.hourOfWeek(), s.standing)
		s.desk.watch.hour(s.standing)
	}
	for c, n := range s.parked {
		if limit := s.town.Capacity[c]; limit >= 0 {
			s.countCell(c, int(n), limit)
		}
	}
	if hour%idleEvery == idleEvery-1 {
		s.countIdle()
	}
}

// countCell counts one cell with a known capacity.
func (s *sim) countCell(c, n, limit int) {
	t := s.tally
	t.CellHours++
	cell, hour, day := s.parts(int32(c))
	cell.Bounded++
	hour.Bounded++
	day.Bounded++
	if n <= limit {
		return
	}
	t.OverHours++
	t.Excess += int64(n - limit)
	cell.Over += int64(n - limit)
	hour.Over += int64(n - limit)
	day.Over += int64(n - limit)
	t.Worst = max(t.Worst, int64(n)*1000/int64(max(limit, 1)))
}

// idleEvery is how often idle vehicles are counted, hours: each count stands for as many.
const idleEvery = 6

func (s *sim) countIdle() {
	before := int32(s.now/1000) - idleHours*3600
	for i := range s.vehicles {
		if v := &s.vehicles[i]; v.cell != none && v.parkedAt < before {
			s.tally.ByOperator[v.op].Idle += idleEvery
		}
	}
}

// checkFleet holds that every vehicle is in one place, and that counts are those of the vehicles.
func (f *fleet) checkFleet() error {
	parked := make([]int32, len(f.parked))
	var in [5]int
	street, home := 0, 0
	for i := range f.vehicles {
		v := &f.vehicles[i]
		in[v.state]++
		if (v.state == rentable || v.state == broken) != (v.cell != none) {
			return fmt.Errorf("%w: vehicle %d is in state %d and cell %d", ErrUnsound, i, v.state, v.cell)
		}
		if v.cell != none {
			parked[v.cell]++
		}
	}
	for k := range f.street {
		street += f.street[k]
		home += len(f.depot[k])
	}
	if street != in[rentable]+in[broken]+in[riding] || home != in[depot] {
		return fmt.Errorf("%w: %d of %d vehicles on the street, %d of %d in depots", ErrUnsound,
			street, in[rentable]+in[broken]+in[riding], home, in[depot])
	}
	for c, n := range parked {
		if f.parked[c] != n {
			return fmt.Errorf("%w: cell %d holds %d vehicles, counted %d", ErrUnsound, c, n, f.parked[c])
		}
	}
	return nil
}
