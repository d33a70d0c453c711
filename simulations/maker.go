package simulations

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Maker makes replications of a study and keeps their memory for the next ones. It is safe for
// concurrent use.
type Maker struct {
	study *Study
	mu    sync.Mutex
	free  [][]*sim // by policy
}

// Maker returns a maker with no memory yet.
func (s *Study) Maker() *Maker {
	return &Maker{study: s, free: make([][]*sim, len(s.worlds))}
}

// take lends memory for a policy.
func (m *Maker) take(p int) *sim {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.free[p]); n > 0 {
		s := m.free[p][n-1]
		m.free[p] = m.free[p][:n-1]
		return s
	}
	return newSim(m.study.worlds[p])
}

// give takes memory back.
func (m *Maker) give(p int, s *sim) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free[p] = append(m.free[p], s)
}

// task is one replication of one policy.
type task struct{ policy, replication int }

// tally makes one replication of a policy.
func (m *Maker) tally(ctx context.Context, seed uint64, t task) (*Tally, error) {
	sim := m.take(t.policy)
	defer m.give(t.policy, sim)
	tally, err := sim.replicate(ctx, replicationKey(seed, t.replication))
	if err != nil {
		id := m.study.Scenario.Policies[t.policy].ID
		return nil, fmt.Errorf("policy %s, replication %d: %w", id, t.replication, err)
	}
	return tally, nil
}

// Share makes the replications of one policy from one number to another, one after the other.
func (m *Maker) Share(ctx context.Context, policy, from, to int) (Share, error) {
	share := Share{Policy: policy, From: from}
	for k := from; k < to; k++ {
		t, err := m.tally(ctx, m.study.Scenario.Seed, task{policy, k})
		if err != nil {
			return Share{}, err
		}
		share.Tallies = append(share.Tallies, t)
	}
	return share, nil
}

// block makes the replications from one number to another of every policy, by policy, so many at a
// time; 0 = the processors.
func (m *Maker) block(ctx context.Context, from, to, workers int) ([][]*Tally, error) {
	var tasks []task
	for k := from; k < to; k++ {
		for p := range m.study.worlds {
			tasks = append(tasks, task{p, k})
		}
	}
	list, err := m.carry(ctx, m.study.Scenario.Seed, tasks, workers)
	made := make([][]*Tally, len(m.study.worlds))
	for i, t := range list {
		made[tasks[i].policy] = append(made[tasks[i].policy], t)
	}
	return made, err
}

// carry makes replications, so many at a time, and returns what each counted, in the tasks' order.
// It returns the first error.
func (m *Maker) carry(
	ctx context.Context, seed uint64, tasks []task, workers int,
) ([]*Tally, error) {
	made := make([]*Tally, len(tasks))
	err := spread(ctx, len(tasks), workers, func(ctx context.Context, i int) (err error) {
		made[i], err = m.tally(ctx, seed, tasks[i])
		return err
	})
	return made, err
}

// spread calls do for 0 to n-1, so many at a time; 0 = the processors. After the first error,
// which it returns, ctx has ended for the calls that follow.
func spread(
	ctx context.Context, n, workers int, do func(ctx context.Context, i int) error,
) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	next := make(chan int)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}
