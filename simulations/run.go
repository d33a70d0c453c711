package simulations

import (
	"context"
	"fmt"

	"github.com/stint-city/stint/simulations/kernel"
)

// The kinds of event; of one moment, the lower come first.
const (
	evDrop    uint8 = iota // A trip: its rider leaves the vehicle
	evRepair               // A vehicle
	evPickup               // A trip: its rider reaches the vehicle
	evUnload               // A load: a crew sets vehicles down
	evPile                 // A cell, B its spell: has it been too full for long enough?
	evClear                // A cell, B its spell: the crew is there
	evRemoval              // A removal order of the engine is carried out
	evShock                // A shock, B 0 begins, 1 ends
)

// sim is one replication. It is used again for the next, so that its memory is allocated once.
type sim struct {
	*world
	key   kernel.Key
	now   int64
	tally *Tally
	told  func(Request) // hears of every request that has ended; nil = nobody

	queue    kernel.Queue
	requests []request
	order    []uint64 // requests by time
	replayed int

	fleet
	trips    []trip
	freeTrip int32
	walking  int

	crews  crewRoom
	piles  []pile
	coming []int32 // vehicles on trucks to each cell
	frozen []bool  // by cell
	desk   *desk   // nil = nobody regulates
}

// newSim returns the memory of replications of a world.
func newSim(w *world) *sim {
	s := &sim{world: w}
	s.initFleet(w)
	s.piles = make([]pile, len(w.town.Cells))
	s.frozen = make([]bool, len(w.town.Cells))
	s.coming = make([]int32, len(w.town.Cells))
	s.crews.init(len(w.town.Cells))
	return s
}

// start sets the replication of a key to its beginning.
func (s *sim) start(ctx context.Context, key kernel.Key) error {
	s.key, s.now, s.replayed = key, 0, 0
	s.tally = newTally(len(s.operators), len(s.town.Cells), s.days())
	if s.keepHours {
		s.tally.Departed = make([]uint32, s.hours*len(s.town.Cells))
	}
	s.queue.Reset()
	s.trips, s.freeTrip, s.walking = s.trips[:0], none, 0
	clear(s.piles)
	clear(s.frozen)
	clear(s.coming)
	s.resetFleet()
	s.crews.reset()
	if s.bureau != nil {
		var err error
		if s.desk, err = s.bureau.open(ctx, s); err != nil {
			return err
		}
	}
	if err := s.deploy(ctx); err != nil {
		return err
	}
	s.scheduleShocks()
	return nil
}

// none is no index.
const none = int32(-1)

// replicate runs one replication and returns what it counted.
func (s *sim) replicate(ctx context.Context, key kernel.Key) (*Tally, error) {
	if err := s.start(ctx, key); err != nil {
		return nil, err
	}
	for hour := range s.hours {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if hour == s.warmup && hour > 0 {
			s.tally.reset(s.walking)
		}
		if err := s.turn(ctx, hour); err != nil {
			return nil, err
		}
	}
	for s.walking > 0 { // who set out in time is served or lost, too
		if err := s.next(ctx); err != nil {
			return nil, err
		}
	}
	s.tally.Hours = s.hours - s.warmup
	for k := range s.operators {
		s.tally.ByOperator[k].Depot = int64(len(s.depot[k]))
	}
	return s.tally, s.check()
}

// turn runs one hour: what operators and the bureau do at its beginning, then riders and events in
// order of time, then the count at its end.
func (s *sim) turn(ctx context.Context, hour int) error {
	if err := s.onTheHour(ctx, hour); err != nil {
		return err
	}
	s.drawHour(hour)
	for _, o := range s.order {
		r := &s.requests[uint32(o)]
		if err := s.until(ctx, r.at); err != nil {
			return err
		}
		s.now = r.at
		s.request(r)
	}
	if err := s.until(ctx, int64(hour+1)*hourMS-1); err != nil {
		return err
	}
	s.now = int64(hour+1)*hourMS - 1
	s.countHour(hour)
	return nil
}

// until lets everything happen that is due at a time or before.
func (s *sim) until(ctx context.Context, at int64) error {
	for {
		due, ok := s.queue.Next()
		if !ok || due > at {
			return nil
		}
		if err := s.next(ctx); err != nil {
			return err
		}
	}
}

// next lets the next event happen.
func (s *sim) next(ctx context.Context) error {
	e := s.queue.Pop()
	s.now = e.At
	switch e.Kind() {
	case evDrop:
		s.drop(e.A)
	case evRepair:
		s.repair(e.A)
	case evPickup:
		s.pickup(e.A)
	case evUnload:
		return s.unload(ctx, e.A)
	case evPile:
		s.judgePile(e.A, e.B)
	case evClear:
		return s.clearPile(ctx, e.A, e.B)
	case evRemoval:
		return s.carryOut(ctx)
	case evShock:
		return s.strike(ctx, e.A, e.B == 0)
	}
	return nil
}

// check returns an error where vehicles or riders went missing: a defect of stint.
func (s *sim) check() error {
	t := s.tally
	if t.Requests+t.Carried != t.Served+t.unserved() {
		return fmt.Errorf("%w: %d requests and %d carried, %d served and %d lost", ErrUnsound,
			t.Requests, t.Carried, t.Served, t.unserved())
	}
	return s.checkFleet()
}

// days is how many days are counted, begun ones too.
func (w *world) days() int { return (w.hours - w.warmup + 23) / 24 }

// day returns which counted day is now; the warm-up falls on the first, and is forgotten.
func (s *sim) day() int {
	return min(max(0, (int(s.now/hourMS)-s.warmup)/24), len(s.tally.ByDay)-1)
}

// parts returns the counts of a cell, of the hour of the day and of the day now.
func (s *sim) parts(cell int32) (c, hour, day *CellTally) {
	return &s.tally.ByCell[cell], &s.tally.ByHour[s.hourOfDay()], &s.tally.ByDay[s.day()]
}

// hourOfDay returns the hour of the day now.
func (s *sim) hourOfDay() int { return (s.firstHour + int(s.now/hourMS)) % 24 }

// hourOfWeek returns the hour of the week now.
func (s *sim) hourOfWeek() int { return (s.firstHour + int(s.now/hourMS)) % week }
