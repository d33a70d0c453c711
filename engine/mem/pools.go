package mem

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/stint-city/stint/engine"
)

// pools are the totals over several scopes.
type pools struct {
	mu   sync.Mutex
	byID map[string]*total
}

// total is one pool: its cap, and what was drawn of it.
type total struct {
	limit int
	sum   int // of drawn
	drawn map[engine.Scope]int
	done  transfers
}

// pool returns a pool, a new one with a cap of 0 for an ID that is new. The caller holds mu.
func (p *pools) pool(id string) *total {
	if p.byID == nil {
		p.byID = map[string]*total{}
	}
	known, ok := p.byID[id]
	if !ok {
		known = &total{drawn: map[engine.Scope]int{}}
		p.byID[id] = known
	}
	return known
}

// remembered is how many transfers of a pool are told again to who repeats them.
const remembered = 10_000

// transfers are what the last transfers of a pool came to, by their IDs.
type transfers struct {
	moved map[string]int
	order []string // oldest first from start
	start int
}

// add remembers a transfer, in place of the oldest where there are enough.
func (t *transfers) add(id string, n int) {
	if t.moved == nil {
		t.moved = map[string]int{}
	}
	t.moved[id] = n
	if len(t.order) < remembered {
		t.order = append(t.order, id)
		return
	}
	delete(t.moved, t.order[t.start])
	t.order[t.start] = id
	t.start = (t.start + 1) % remembered
}

// SetPool sets a pool's cap. A cap below what is drawn stops further draws.
func (s *Store) SetPool(ctx context.Context, pool string, limit int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.pools.mu.Lock()
	defer s.pools.mu.Unlock()
	s.pools.pool(pool).limit = limit
	return nil
}

// Draw moves up to n of a pool to a scope and returns how many came. A transfer again draws nothing
// and returns the same, as long as it is among the pool's last 10,000.
func (s *Store) Draw(
	ctx context.Context, pool string, scope engine.Scope, transfer string, n int, now time.Time,
) (int, error) {
	return s.transfer(ctx, pool, scope, transfer, now, func(p *total, _ engine.Count) int {
		return max(0, min(n, p.limit-p.sum))
	})
}

// Return gives back what a scope has drawn and not used, all but keep of it, and returns how many.
// The same transfer again gives nothing back and returns the same.
func (s *Store) Return(
	ctx context.Context, pool string, scope engine.Scope, transfer string, keep int, now time.Time,
) (int, error) {
	n, err := s.transfer(ctx, pool, scope, transfer, now, func(_ *total, c engine.Count) int {
		return min(0, max(keep, 0)-c.Room())
	})
	return -n, err
}

// transfer moves what the rule says from a pool to a scope, back where it is negative, and returns
// it.
func (s *Store) transfer(
	ctx context.Context, id string, scope engine.Scope, transfer string, now time.Time,
	rule func(*total, engine.Count) int,
) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.pools.mu.Lock()
	defer s.pools.mu.Unlock()
	p := s.pools.pool(id)
	if n, ok := p.done.moved[transfer]; ok {
		return n, nil
	}
	l := s.ledger(scope)
	l.mu.Lock()
	defer l.mu.Unlock()
	level := engine.PoolLevel(id)
	count, _ := l.ledger.Count(level)
	n := rule(p, count)
	p.done.add(transfer, n)
	if n == 0 {
		return 0, nil
	}
	p.sum += n
	p.drawn[scope] += n
	if p.drawn[scope] == 0 {
		delete(p.drawn, scope)
	}
	l.happened(l.ledger.SetDrawn(level, count.Cap+n, now))
	return n, nil
}

// Settle has nothing to do: a transfer in memory is one step.
func (s *Store) Settle(ctx context.Context, _ string, _ time.Time) (int, error) {
	return 0, ctx.Err()
}

// PoolState returns a pool's cap and what each scope has drawn of it; a pool that was never set
// has a cap of 0.
func (s *Store) PoolState(
	ctx context.Context, pool string,
) (limit int, drawn map[engine.Scope]int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, nil, err
	}
	s.pools.mu.Lock()
	defer s.pools.mu.Unlock()
	p, ok := s.pools.byID[pool]
	if !ok {
		return 0, nil, nil
	}
	return p.limit, maps.Clone(p.drawn), nil
}
