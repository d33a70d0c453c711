package rdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// Follow calls each with every event after an ID, in order, until ctx ends or each fails. Where the
// stream no longer has the event that comes next it gives engine.ErrNotFound, and so it does where
// the ledger lost the event named, or was opened anew after a loss: read it anew then.
func (r *rest) Follow(
	ctx context.Context, s engine.Scope, after engine.EventID, each func(engine.Event) error,
) error {
	key := ledgerKey(s, "ev")
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		events, err := eventsAfter(ctx, r.client, key, after)
		if err != nil {
			return fmt.Errorf("follow %s: %w", s, err)
		}
		for i := range events {
			if next := events[i].ID; !follows(after, next) || after.Gen != 0 && next.Gen != after.Gen {
				return fmt.Errorf("follow %s after %s: %w", s, after, engine.ErrNotFound)
			}
			if err := each(events[i]); err != nil {
				return err
			}
			after = events[i].ID
		}
		if len(events) > 0 {
			continue
		}
		if err := r.await(ctx, s, after); err != nil {
			return fmt.Errorf("follow %s: %w", s, err)
		}
	}
}

// await returns when there may be an event after one. An event that the ledger has not come to is
// one it has lost.
func (r *rest) await(ctx context.Context, s engine.Scope, after engine.EventID) error {
	now, err := r.look(ctx, s)
	if err != nil {
		return err
	}
	if now.event != after {
		if now.event.After(after) {
			return r.gone(ctx, s, after)
		}
		return engine.ErrNotFound
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(r.life, cancel)
	defer stop()
	err = r.client.XRead(ctx, &redis.XReadArgs{
		Streams: []string{ledgerKey(s, "ev"), after.String()}, Count: 1, Block: idle,
	}).Err()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err != nil {
		return readError(ctx, err)
	}
	return nil
}

// gone gives engine.ErrNotFound where the stream no longer has what comes after an event.
func (r *rest) gone(ctx context.Context, s engine.Scope, after engine.EventID) error {
	events, err := eventsAfter(ctx, r.client, ledgerKey(s, "ev"), after)
	if err == nil && len(events) == 0 {
		return engine.ErrNotFound
	}
	return err
}
