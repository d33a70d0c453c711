package rdb

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

var (
	//go:embed pool_set.lua
	poolSetText string
	//go:embed pool_draw.lua
	poolDrawText string
	//go:embed pool_book.lua
	poolBookText string
	//go:embed pool_settled.lua
	poolSettledText string
	//go:embed pool_credit.lua
	poolCreditText string
	//go:embed pool_debit.lua
	poolDebitText string
)

// pools are totals over several scopes in Redis: engine.Pools. A pool and each of its scopes lie on
// slots of their own, so that a transfer has two halves, each one step and each done once for its
// transfer's ID. A draw takes out of the pool first and a return out of the scope first: between
// the halves vehicles are in neither, never in both.
type poolScripts struct {
	set, draw, book, settled, credit, debit *redis.Script
}

func newPoolScripts() poolScripts {
	return poolScripts{
		redis.NewScript(poolSetText), redis.NewScript(poolDrawText), redis.NewScript(poolBookText),
		redis.NewScript(poolSettledText), redis.NewScript(poolCreditText),
		redis.NewScript(poolDebitText),
	}
}

// errLost means that a server changed since a pool was settled or a ledger opened.
var errLost = errors.New("the server has changed: what it lost must be settled first")

// poolKeys are the keys of a pool's own half.
func poolKeys(pool string) []string {
	return []string{poolKey(pool, "pool"), poolKey(pool, "transfers")}
}

// sideKeys are the keys of the scope's half.
func sideKeys(pool string, s engine.Scope) []string {
	return []string{
		ledgerKey(s, "plan"), ledgerKey(s, "drawn"), sideKey(s, "xfer:"+pool), ledgerKey(s, "ev"),
		ledgerKey(s, "taken"),
	}
}

// SetPool sets a pool's cap.
func (r *rest) SetPool(ctx context.Context, pool string, limit int) error {
	err := r.pools.set.Run(ctx, r.client, poolKeys(pool)[:1], limit).Err()
	if err != nil {
		return fmt.Errorf("set pool %s: %w", pool, restError(ctx, err))
	}
	return nil
}

// Draw moves up to n of a pool to a scope and returns how many came. After an error the transfer
// may be half done: repeat it, or let Settle complete it.
func (r *rest) Draw(
	ctx context.Context, pool string, s engine.Scope, transfer string, n int, now time.Time,
) (int, error) {
	reply, err := r.settled(ctx, pool, now, func() (any, error) {
		return r.pools.draw.Run(ctx, r.client, poolKeys(pool), transfer, s.String(), n,
			now.UnixMilli()).Result()
	})
	if err != nil {
		return 0, fmt.Errorf("draw of pool %s: %w", pool, err)
	}
	came, _ := reply.(int64)
	if came == 0 {
		return 0, nil
	}
	if _, err := r.credit(ctx, pool, s, transfer, int(came), now); err != nil {
		return 0, fmt.Errorf("draw of pool %s: %w", pool, err)
	}
	return int(came), nil
}

// settled calls a script of a pool; where the pool has lost something it settles it first.
func (r *rest) settled(
	ctx context.Context, pool string, now time.Time, call func() (any, error),
) (any, error) {
	reply, err := call()
	if reply == "LOST" && err == nil {
		if _, err := r.Settle(ctx, pool, now); err != nil {
			return nil, err
		}
		reply, err = call()
	}
	if err != nil {
		return nil, restError(ctx, err)
	}
	if reply == "LOST" {
		return nil, fmt.Errorf("%w: %w", engine.ErrUnavailable, errLost)
	}
	return reply, nil
}

// credit carries out a scope's half of what its pool has booked and reports whether that was still
// to be done.
func (r *rest) credit(
	ctx context.Context, pool string, s engine.Scope, transfer string, n int, now time.Time,
) (bool, error) {
	reply, err := r.pools.credit.Run(ctx, r.client, sideKeys(pool, s)[:4], transfer, n,
		string(engine.PoolLevel(pool)), now.UnixMilli()).Result()
	if err != nil {
		return false, restError(ctx, err)
	}
	if reply == "LOST" {
		r.noteLoss(s)
		return false, fmt.Errorf("%w: %w", engine.ErrUnavailable, errLost)
	}
	parts, _ := reply.([]any)
	if len(parts) == 2 {
		r.noteEvent(s, eventOf(parts))
	}
	return len(parts) == 2, nil
}

// eventOf returns the event of a script's {gen, seq}.
func eventOf(parts []any) engine.EventID {
	gen, _ := parts[0].(int64)
	seq, _ := parts[1].(int64)
	return engine.EventID{Gen: gen, Seq: seq}
}

// Return gives back what a scope has drawn and not used, all but keep of it, and returns how many.
func (r *rest) Return(
	ctx context.Context, pool string, s engine.Scope, transfer string, keep int, now time.Time,
) (int, error) {
	reply, err := r.pools.debit.Run(ctx, r.client, sideKeys(pool, s), transfer, keep,
		string(engine.PoolLevel(pool)), now.UnixMilli()).Result()
	if err != nil {
		return 0, fmt.Errorf("return to pool %s: %w", pool, restError(ctx, err))
	}
	if reply == "LOST" {
		r.noteLoss(s)
		return 0, fmt.Errorf("return to pool %s: %w: %w", pool, engine.ErrUnavailable, errLost)
	}
	parts, _ := reply.([]any)
	if len(parts) == 0 {
		return 0, fmt.Errorf("return to pool %s: answer %v", pool, reply)
	}
	n, _ := parts[0].(int64)
	if len(parts) == 3 {
		r.noteEvent(s, eventOf(parts[1:]))
	}
	if n == 0 {
		return 0, nil
	}
	if _, err := r.book(ctx, pool, s, transfer, -int(n), now); err != nil {
		return 0, fmt.Errorf("return to pool %s: %w", pool, err)
	}
	return int(n), nil
}

// book books in a pool what a scope has carried out and reports whether that was still to be done.
func (r *rest) book(
	ctx context.Context, pool string, s engine.Scope, transfer string, n int, now time.Time,
) (bool, error) {
	done, err := r.pools.book.Run(ctx, r.client, poolKeys(pool), transfer, s.String(), n,
		now.UnixMilli()).Int()
	if err != nil {
		return false, restError(ctx, err)
	}
	return done == 1, nil
}

// PoolState returns a pool's cap and what each scope has drawn of it, transfers on their way
// included.
func (r *rest) PoolState(
	ctx context.Context, pool string,
) (limit int, drawn map[engine.Scope]int, err error) {
	fields, err := r.client.HGetAll(ctx, poolKey(pool, "pool")).Result()
	if err != nil {
		return 0, nil, fmt.Errorf("pool %s: %w", pool, readError(ctx, err))
	}
	drawn = map[engine.Scope]int{}
	for field, text := range fields {
		n, _ := strconv.Atoi(text)
		if scope, ok := strings.CutPrefix(field, "s:"); ok && n != 0 {
			drawn[parseScope(scope)] = n
		}
	}
	limit, _ = strconv.Atoi(fields["cap"])
	return limit, drawn, nil
}

// parseScope returns the scope of "city:sector".
func parseScope(text string) engine.Scope {
	city, sector, _ := strings.Cut(text, ":")
	return engine.Scope{City: city, Sector: sector}
}
