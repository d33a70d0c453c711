package simulations

import (
	"context"
	"math"
)

// PileRule says when too many vehicles in a cell become an order to clear it.
type PileRule struct {
	Over    float64 `yaml:"over"`           // times the capacity; 0 = no such orders
	Minutes int     `yaml:"after_minutes"`  // above it for so long; default 30
	Within  int     `yaml:"within_minutes"` // the order's time; default 60
	// Mean: how long crews take on average, minutes; default 45
	Mean float64 `yaml:"mean_minutes"`
}

// pile is a cell's present spell above the limit.
type pile struct {
	since int64
	spell int32 // number of the spell
	over  bool
}

// tooFull reports whether a cell is above the rule's limit.
func (s *sim) tooFull(cell int32) bool {
	limit := s.town.Capacity[cell]
	return s.world.piles.Over > 0 && limit > 0 &&
		float64(s.parked[cell]) > s.world.piles.Over*float64(limit)
}

// watchPile notes when a cell gets too full.
func (s *sim) watchPile(cell int32) {
	p := &s.piles[cell]
	if p.over || !s.tooFull(cell) {
		return
	}
	p.over, p.since = true, s.now
	p.spell++
	s.queue.Push(s.now+int64(s.world.piles.Minutes)*60_000, evPile, cell, p.spell)
}

// judgePile gives an order where a cell is still too full.
func (s *sim) judgePile(cell, spell int32) {
	if !s.tooFull(cell) {
		s.piles[cell].over = false
		return
	}
	s.tally.Piles++
	key := s.key.Of(streamOrder).Of(uint64(s.town.Cells[cell])).Of(uint64(spell))
	minutes := -s.world.piles.Mean * math.Log(key.Uniform(0))
	s.queue.Push(s.now+int64(minutes*60_000), evClear, cell, spell)
}

// clearPile brings what is beyond the capacity to the nearest cell with room.
func (s *sim) clearPile(ctx context.Context, cell, _ int32) error {
	p := &s.piles[cell]
	minutes := (s.now - p.since) / 60_000
	s.tally.PileMinutes[min(minutes/pileBin, pileBins-1)]++
	if minutes > int64(s.world.piles.Minutes+s.world.piles.Within) {
		s.tally.PilesLate++
	}
	p.over = false
	excess := int(s.parked[cell]) - s.town.Capacity[cell]
	for k := range s.operators {
		n := min(excess, int(s.standing[k][cell]))
		if n <= 0 {
			continue
		}
		excess -= n
		if err := s.relocate(ctx, k, cell, n); err != nil {
			return err
		}
	}
	return nil
}

// relocate brings n of an operator's rentable vehicles from a cell to the nearest with room.
func (s *sim) relocate(ctx context.Context, k int, cell int32, n int) error {
	const minutes = 30
	for n > 0 {
		to, room := s.nearestRoom(cell)
		if to == none {
			return nil
		}
		now := min(n, room)
		s.truckTime(k, move{cell, to, now}, now)
		if err := s.send(ctx, k, move{cell, to, now}, minutes*60_000); err != nil {
			return err
		}
		n -= now
	}
	return nil
}

// nearestRoom returns the nearest other cell that carries more than it holds.
func (s *sim) nearestRoom(cell int32) (to int32, room int) {
	to, best := none, math.Inf(1)
	for c, limit := range s.town.Capacity {
		left := limit - int(s.parked[c]) - int(s.coming[c])
		if int32(c) == cell || left <= 0 || s.frozen[c] {
			continue
		}
		if d := distance(s.town.center[c], s.town.center[cell]); d < best {
			to, room, best = int32(c), left, d
		}
	}
	return to, room
}
