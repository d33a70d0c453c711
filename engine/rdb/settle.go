package rdb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// transfer is one transfer as a pool or a scope remembers it.
type transfer struct {
	n     int // vehicles to the scope; negative for a return
	at    engine.Millis
	scope engine.Scope // in a pool's memory only
}

// parseTransfer returns the transfer of "<n>|<ms>" or "<n>|<ms>|<scope>".
func parseTransfer(text string) (transfer, error) {
	n, rest, _ := strings.Cut(text, "|")
	at, scope, _ := strings.Cut(rest, "|")
	count, errN := strconv.Atoi(n)
	ms, errAt := strconv.ParseInt(at, 10, 64)
	if errN != nil || errAt != nil {
		return transfer{}, fmt.Errorf("no transfer: %.60q", text)
	}
	return transfer{count, engine.Millis(ms), parseScope(scope)}, nil
}

// transfers returns the transfers of a hash by their IDs.
func transfers(
	ctx context.Context, client redis.UniversalClient, key string,
) (map[string]transfer, error) {
	all := map[string]transfer{}
	err := scanHash(ctx, client, key, func(id, text string) error {
		t, err := parseTransfer(text)
		all[id] = t
		return err
	})
	return all, err
}

// A transfer is remembered by its pool for twice the time that it is by its scope, so that the
// pool's memory never asks for it again once the scope has forgotten it: old transfers are not
// carried out.
const (
	scopeRemembers = 24 * time.Hour
	poolRemembers  = 48 * time.Hour
)

// Settle completes the transfers of a pool that a crash cut in two and those that one side has
// lost: what either side remembers, the other carries out. It forgets old transfers, and lets a
// pool be drawn from again after a loss. It returns how many transfers it completed.
func (r *rest) Settle(ctx context.Context, pool string, now time.Time) (int, error) {
	done, err := r.settle(ctx, pool, now)
	if err != nil {
		return done, fmt.Errorf("settle pool %s: %w", pool, err)
	}
	return done, nil
}

func (r *rest) settle(ctx context.Context, pool string, now time.Time) (int, error) {
	before, server, err := r.poolServer(ctx, pool)
	if err != nil {
		return 0, err
	}
	_, drawn, err := r.PoolState(ctx, pool)
	if err != nil {
		return 0, err
	}
	booked, err := transfers(ctx, r.client, poolKey(pool, "transfers"))
	if err != nil {
		return 0, err
	}
	scopes := map[engine.Scope]bool{}
	for s := range drawn {
		scopes[s] = true
	}
	for _, t := range booked {
		scopes[t.scope] = true
	}
	for _, s := range r.known() {
		scopes[s] = true
	}
	done := 0
	for s := range scopes {
		n, err := r.settleScope(ctx, pool, s, booked, now)
		done += n
		if err != nil {
			return done, err
		}
	}
	if before != server {
		ok, err := r.pools.settled.Run(ctx, r.client, poolKeys(pool)[:1], before, server).Int()
		if err != nil {
			return done, restError(ctx, err)
		}
		if ok == 0 {
			return done, fmt.Errorf("%w: %w", engine.ErrUnavailable, errLost)
		}
	}
	return done, nil
}

// known returns the scopes that this Store has had to do with.
func (r *rest) known() []engine.Scope {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.mirrors))
}

// poolServer returns the replid that a pool was settled on and that of its server now; an empty one
// for a pool that was never set.
func (r *rest) poolServer(ctx context.Context, pool string) (before, server string, err error) {
	f, err := r.state.Run(ctx, r.client, poolKeys(pool)[:1]).StringSlice()
	if err != nil {
		return "", "", readError(ctx, err)
	}
	if len(f) != 6 {
		return "", "", fmt.Errorf("state has %d parts, want 6", len(f))
	}
	return f[4], f[5], nil
}

// settleScope settles a pool with one of its scopes.
func (r *rest) settleScope(ctx context.Context, pool string, s engine.Scope,
	booked map[string]transfer, now time.Time,
) (int, error) {
	key := sideKey(s, "xfer:"+pool)
	carried, err := transfers(ctx, r.client, key)
	if err != nil {
		return 0, err
	}
	done := 0
	for _, id := range slices.Sorted(maps.Keys(carried)) {
		t := carried[id]
		if _, ok := booked[id]; ok || t.n == 0 {
			continue
		}
		fresh, err := r.book(ctx, pool, s, id, t.n, t.at.Time())
		if err != nil {
			return done, err
		}
		if fresh {
			done++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(booked)) {
		t := booked[id]
		if _, ok := carried[id]; ok || t.scope != s || t.n == 0 || old(t, now, scopeRemembers) {
			continue
		}
		fresh, err := r.credit(ctx, pool, s, id, t.n, now)
		if err != nil {
			return done, err
		}
		if fresh {
			done++
		}
	}
	return done, r.forget(ctx, pool, s, booked, carried, now)
}

// forget deletes old transfers: in the scope those that the pool has booked, in the pool those that
// the scope has forgotten.
func (r *rest) forget(ctx context.Context, pool string, s engine.Scope,
	booked, carried map[string]transfer, now time.Time,
) error {
	var inScope, inPool []string
	for id, t := range booked {
		_, here := carried[id]
		switch {
		case t.scope != s:
		case here && old(t, now, scopeRemembers+time.Hour):
			inScope = append(inScope, id)
		case !here && old(t, now, poolRemembers):
			inPool = append(inPool, id)
		}
	}
	if len(inScope) > 0 {
		if err := r.client.HDel(ctx, sideKey(s, "xfer:"+pool), inScope...).Err(); err != nil {
			return restError(ctx, err)
		}
	}
	if len(inPool) > 0 {
		err := r.client.HDel(ctx, poolKey(pool, "transfers"), inPool...).Err()
		if err != nil {
			return restError(ctx, err)
		}
	}
	return nil
}

// old reports whether a transfer is older than an age.
func old(t transfer, now time.Time, age time.Duration) bool {
	return now.Sub(t.at.Time()) > age
}
