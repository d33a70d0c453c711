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
func (p Pool) charges(operator string) bool {
	return len(p.Operators) == 0 || slices.Contains(p.Operators, operator)
}

// chargesAs reports whether a pool charges whom another one does.
func (p Pool) chargesAs(other Pool) bool {
	return p.ID == other.ID && slices.Equal(p.Operators, other.Operators)
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

// draw brings into a scope what questions were short of, a chunk of each pool at the least, and
// returns for which of the pools' levels there is more room now. One draws at a time: who waited
// finds what the one before has drawn.
func (e *Engine) draw(ctx context.Context, s Scope, short []shortfall) map[Level]bool {
	e.drawing.Lock()
	defer e.drawing.Unlock()
	wanted, came := map[Level]int{}, map[Level]bool{}
	var order []Level
	for _, one := range short {
		if wanted[one.level] == 0 {
			order = append(order, one.level)
		}
		wanted[one.level] += max(one.n, 1)
	}
	room := e.room(ctx, s, order)
	for _, level := range order {
		need := wanted[level] - room[level]
		if need <= 0 {
			came[level] = true // drawn while this one waited
			continue
		}
		n, err := e.config.Store.Draw(
			ctx, level.Of(), s, e.transfer(s), max(need, e.config.Chunk), e.now())
		came[level] = err == nil && n > 0
	}
	return came
}

// room returns the room of some levels; of those it can't read, none.
func (e *Engine) room(ctx context.Context, s Scope, levels []Level) map[Level]int {
	room := map[Level]int{}
	err := e.config.Store.Read(ctx, s, func(l *Ledger) {
		for _, level := range levels {
			c, _ := l.Count(level)
			room[level] = c.Room()
		}
	})
	if err != nil {
		return nil
	}
	return room
}

// transfer returns a name for a transfer that no other has.
func (e *Engine) transfer(s Scope) string {
	return fmt.Sprintf("%s:%s:%d", e.config.Instance, s, e.draws.Add(1))
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
		for _, caps := range e.force.Load().ledgers() {
			_, err := e.config.Store.Return(
				ctx, p.ID, caps.Scope, e.transfer(caps.Scope), e.config.Chunk, e.now())
			all = errors.Join(all, err)
		}
	}
	return all
}
