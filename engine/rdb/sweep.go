package rdb

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// One step of the sweeper takes at most so many buckets and records, so that no ask waits long.
const (
	sweptBuckets = 64
	sweptRecords = 500
)

// Sweep ends the leases that have expired and forgets the records that ended more than a retention
// ago: in short steps, each of which asks every record anew whether it is still due, so that many
// instances may sweep at once.
func (s *Store) Sweep(
	ctx context.Context, scope engine.Scope, now time.Time, keep time.Duration,
) (engine.Sweeping, error) {
	var done engine.Sweeping
	for {
		more, err := s.sweepStep(ctx, scope, now, keep, &done)
		if err != nil {
			return done, fmt.Errorf("sweep %s: %w", scope, err)
		}
		if !more {
			return done, nil
		}
	}
}

// sweepStep sweeps the oldest buckets that are due and reports whether there may be more.
func (s *Store) sweepStep(ctx context.Context, scope engine.Scope, now time.Time,
	keep time.Duration, done *engine.Sweeping,
) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	ms := engine.MillisOf(now)
	hour := hourOf(ms-engine.Millis(keep.Milliseconds())) - 1
	keys := keysOf(scope)
	leases, err := s.buckets(ctx, keys[5], int64(ms)/1000)
	if err != nil {
		return false, err
	}
	ended, err := s.buckets(ctx, keys[6], hour)
	if err != nil || len(leases)+len(ended) == 0 {
		return false, err
	}
	lists := []string{endedKey(scope, hourOf(ms))}
	for _, second := range leases {
		lists = append(lists, leaseKey(scope, second))
	}
	for _, h := range ended {
		lists = append(lists, endedKey(scope, h))
	}
	c := scriptCall{s.scripts.sweep, scope, now}
	reply, err := s.ledgerCall(ctx, c, lists, hour, sweptRecords, len(leases))
	if err != nil {
		return false, err
	}
	if len(reply) != 5 {
		return false, fmt.Errorf("%w: answer %v", engine.ErrUnknownOutcome, reply)
	}
	expired, _ := reply[2].(int64)
	forgotten, _ := reply[3].(int64)
	done.Expired += int(expired)
	done.Forgotten += int(forgotten)
	full := len(leases) == sweptBuckets || len(ended) == sweptBuckets
	return full || reply[4] == int64(1), nil
}

// buckets returns the seconds or hours up to one that have a list.
func (s *Store) buckets(ctx context.Context, key string, last int64) ([]int64, error) {
	texts, err := s.client.ZRangeByScore(ctx, key, &redis.ZRangeBy{
		Min: "-inf", Max: strconv.FormatInt(last, 10), Count: sweptBuckets,
	}).Result()
	if err != nil {
		return nil, readError(ctx, err)
	}
	at := make([]int64, len(texts))
	for i, text := range texts {
		if at[i], err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, fmt.Errorf("bucket %q in %s: %w", text, key, err)
		}
	}
	return at, nil
}
