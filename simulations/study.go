package simulations

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Study compares policies over replications that share their riders.
type Study struct {
	Scenario *Scenario
	worlds   []*world // by policy
}

// Size returns how many cells and operators the city has.
func (s *Study) Size() (cells, operators int) {
	return len(s.worlds[0].town.Cells), len(s.worlds[0].operators)
}

// block is how many replications are made between two looks at the precision. It doesn't depend on
// the machine, so that the number of replications doesn't either.
const block = 4

// Run makes the replications and returns what came of them. Progress hears how many are made of at
// most how many; nil = nobody listens. If ctx ends, what was made in whole blocks so far comes back
// with ctx's error, nil where that is nothing.
func (s *Study) Run(
	ctx context.Context, workers int, progress func(done, most int),
) (*Result, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	rule := s.Scenario.Replications
	tallies := make([][]*Tally, len(s.worlds))
	room := newRooms(s.worlds)
	var result *Result
	for done := 0; done < rule.Max; {
		next := min(done+block, rule.Max)
		made, err := s.block(ctx, room, done, next, workers)
		if err != nil {
			return result, err
		}
		for p := range tallies {
			tallies[p] = append(tallies[p], made[p]...)
		}
		done = next
		if progress != nil {
			progress(done*len(s.worlds), rule.Max*len(s.worlds))
		}
		if done < 2 {
			continue // one says nothing of its spread
		}
		result = s.judge(tallies)
		if done >= rule.Min && result.precise(rule.HalfWidth) {
			break
		}
	}
	return result, nil
}

// rooms lends the memory of replications, by policy.
type rooms struct {
	mu   sync.Mutex
	free [][]*sim
	of   []*world
}

// newRooms has no memory yet.
func newRooms(worlds []*world) *rooms {
	return &rooms{free: make([][]*sim, len(worlds)), of: worlds}
}

// take lends memory for a policy.
func (r *rooms) take(p int) *sim {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free[p]); n > 0 {
		s := r.free[p][n-1]
		r.free[p] = r.free[p][:n-1]
		return s
	}
	return newSim(r.of[p])
}

// give takes memory back.
func (r *rooms) give(p int, s *sim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free[p] = append(r.free[p], s)
}

// block makes the replications from one number to another of every policy, by policy.
func (s *Study) block(
	ctx context.Context, room *rooms, from, to, workers int,
) ([][]*Tally, error) {
	type task struct{ policy, replication int }
	tasks := make(chan task)
	made := make([][]*Tally, len(s.worlds))
	for p := range made {
		made[p] = make([]*Tally, to-from)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for t := range tasks {
				sim := room.take(t.policy)
				key := replicationKey(s.Scenario.Seed, t.replication)
				tally, err := sim.replicate(ctx, key)
				room.give(t.policy, sim)
				if err != nil {
					id := s.Scenario.Policies[t.policy].ID
					stop(fmt.Errorf("policy %s, replication %d: %w", id, t.replication, err))
					continue
				}
				made[t.policy][t.replication-from] = tally
			}
		})
	}
	for k := from; k < to; k++ {
		for p := range s.worlds {
			tasks <- task{p, k}
		}
	}
	close(tasks)
	group.Wait()
	return made, context.Cause(ctx)
}
