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

// task is one replication of one policy.
type task struct{ policy, replication int }

// block makes the replications from one number to another of every policy, by policy.
func (s *Study) block(
	ctx context.Context, room *rooms, from, to, workers int,
) ([][]*Tally, error) {
	var tasks []task
	for k := from; k < to; k++ {
		for p := range s.worlds {
			tasks = append(tasks, task{p, k})
		}
	}
	list, err := s.carry(ctx, room, s.Scenario.Seed, tasks, workers)
	made := make([][]*Tally, len(s.worlds))
	for i, t := range list {
		made[tasks[i].policy] = append(made[tasks[i].policy], t)
	}
	return made, err
}

// carry makes replications and returns what each counted, in the tasks' order. It returns the
// first error.
func (s *Study) carry(
	ctx context.Context, room *rooms, seed uint64, tasks []task, workers int,
) ([]*Tally, error) {
	made := make([]*Tally, len(tasks))
	next := make(chan int)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	for range workersOf(workers) {
		group.Go(func() {
			for i := range next {
				t := tasks[i]
				sim := room.take(t.policy)
				tally, err := sim.replicate(ctx, replicationKey(seed, t.replication))
				room.give(t.policy, sim)
				if err != nil {
					id := s.Scenario.Policies[t.policy].ID
					stop(fmt.Errorf("policy %s, replication %d: %w", id, t.replication, err))
				}
				made[i] = tally
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	group.Wait()
	return made, context.Cause(ctx)
}

// workersOf is how many replications are made at a time: by default, as many as processors.
func workersOf(n int) int {
	if n <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}
