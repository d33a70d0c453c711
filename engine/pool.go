package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Pool is a total over several scopes: sectors of a city, or cities that share a store.
type Pool struct {
	ID        string   `json:"id"`
	Cap       int      `json:"cap"`                 // vehicles
	Operators []string `json:"operators,omitempty"` // who is charged; nil = everybody
}

// charges reports whether an operator's placements count in the pool.
func (p *Pool) charges(operator string) bool {
	return len(p.Operators) == 0 || slices.Contains(p.Operators, operator)
}

// SetPool sets a pool's cap and who is charged.
func (e *Engine) SetPool(ctx context.Context, by Actor, p Pool) error {
	switch {
	case by.Role != RoleAdmin:
		return forbidden("admin-only", "role", string(by.Role))
	case !zoneID.MatchString(p.ID) || p.Cap < 0:
		return &AskError{"pool", "pool", []any{"got", cut(p.ID), "cap", p.Cap}}
	}
	_, err := e.record(ctx, by, kindPool, func(*file) (entry, error) {
		return entry{Pool: &p}, nil
	})
	if err != nil {
		return err
	}
	return e.enact(ctx)
}

// draw brings a chunk of each dry pool into a scope, and reports whether anything came.
func (e *Engine) draw(ctx context.Context, s Scope, dry []Level) bool {
	came := false
	for _, level := range dry {
		transfer := fmt.Sprintf("%s:%s:%d", e.config.Instance, s, e.draws.Add(1))
		n, err := e.config.Store.Draw(ctx, level.Of(), s, transfer, e.config.Chunk, e.now())
		came = came || (err == nil && n > 0)
	}
	return came
}

// tidyPools completes what a crash cut in two, and gives back what lies idle beyond a chunk.
func (e *Engine) tidyPools(ctx context.Context) error {
	e.bureau.mu.RLock()
	pools := slices.Clone(e.bureau.file.pools)
	e.bureau.mu.RUnlock()
	var all error
	for _, p := range pools {
		_, err := e.config.Store.Settle(ctx, p.ID, e.now())
		all = errors.Join(all, err)
		for _, caps := range e.force.Load().caps {
			transfer := fmt.Sprintf("%s:%s:%d", e.config.Instance, caps.Scope, e.draws.Add(1))
			_, err := e.config.Store.Return(ctx, p.ID, caps.Scope, transfer, e.config.Chunk, e.now())
			all = errors.Join(all, err)
		}
	}
	return all
}
