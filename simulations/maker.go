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

// tally makes one replication of a policy.
func (m *Maker) tally(ctx context.Context, policy, replication int) (*Tally, error) {
	sim := m.take(policy)
	defer m.give(policy, sim)
	tally, err := sim.replicate(ctx, replicationKey(m.study.Scenario.Seed, replication))
	if err != nil {
		id := m.study.Scenario.Policies[policy].ID
		return nil, fmt.Errorf("policy %s, replication %d: %w", id, replication, err)
	}
	return tally, nil
}

// Share makes the replications of one policy from one number to another, one after the other.
func (m *Maker) Share(ctx context.Context, policy, from, to int) (Share, error) {
	share := Share{Policy: policy, From: from}
	for k := from; k < to; k++ {
		t, err := m.tally(ctx, policy, k)
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
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	type task struct{ policy, replication int }
	tasks := make(chan task)
	made := make([][]*Tally, len(m.study.worlds))
	for p := range made {
		made[p] = make([]*Tally, to-from)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for t := range tasks {
				tally, err := m.tally(ctx, t.policy, t.replication)
				if err != nil {
					stop(err)
					continue
				}
				made[t.policy][t.replication-from] = tally
			}
		})
	}
	for k := from; k < to; k++ {
		for p := range made {
			tasks <- task{p, k}
		}
	}
	close(tasks)
	group.Wait()
	return made, context.Cause(ctx)
}
