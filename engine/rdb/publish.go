package rdb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// scriptCall is what every call of a ledger's script says.
type scriptCall struct {
	script *redis.Script
	scope  engine.Scope
	now    time.Time
}

// header is how many arguments of EVALSHA come before the keys.
const header = 3

// ledgerCall calls a script of a ledger: its own keys after the ledger's, its own arguments after
// the time and the length of the stream. It returns the reply's parts, and notes its event. Where
// the server has changed it gives engine.ErrUnavailable with errLost.
func (s *Store) ledgerCall(
	ctx context.Context, c scriptCall, keys []string, args ...any,
) ([]any, error) {
	own := keysOf(c.scope)
	all := make([]any, header, header+len(own)+len(keys)+2+len(args))
	for _, key := range own {
		all = append(all, key)
	}
	for _, key := range keys {
		all = append(all, key)
	}
	all = append(all, c.now.UnixMilli(), s.maxLen())
	all = append(all, args...)
	reply, err := s.run(ctx, c.script, own[0], len(own)+len(keys), all)
	if err != nil {
		return nil, err
	}
	if reply == "LOST" {
		s.noteLoss(c.scope)
		return nil, fmt.Errorf("%w: %w", engine.ErrUnavailable, errLost)
	}
	if word, ok := reply.(string); ok {
		return []any{word}, nil
	}
	parts, _ := reply.([]any)
	if len(parts) < 2 {
		return nil, fmt.Errorf("%w: answer %v", engine.ErrUnknownOutcome, reply)
	}
	s.noteEvent(c.scope, eventOf(parts))
	return parts, nil
}

// reopened calls again what found that the server has changed, once what was lost is made good.
func (s *Store) reopened(
	ctx context.Context, scope engine.Scope, call func() ([]any, error),
) ([]any, error) {
	reply, err := call()
	if !errors.Is(err, errLost) {
		return reply, err
	}
	within, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	if failed := s.Reconcile(within, scope); failed != nil {
		return nil, fmt.Errorf("%w: %w", err, failed)
	}
	return call()
}

// Publish puts caps in force and opens the ledger. The caps are written before, unseen; putting
// them in force is one short step whatever their number. The caps of an epoch never change.
func (s *Store) Publish(ctx context.Context, caps *engine.Caps, now time.Time) error {
	if err := s.publish(ctx, caps, now); err != nil {
		return fmt.Errorf("publish %s, epoch %d: %w", caps.Scope, caps.Epoch, err)
	}
	return nil
}

func (s *Store) publish(ctx context.Context, caps *engine.Caps, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := scriptCall{s.scripts.publish, caps.Scope, now}
	ready := capKey(caps.Scope, caps.Epoch)
	for range attempts {
		reply, err := s.reopened(ctx, caps.Scope, func() ([]any, error) {
			known := s.lastEvent(caps.Scope)
			return s.ledgerCall(ctx, c, []string{ready}, caps.Epoch, caps.Plan, len(caps.Cap),
				known.Gen, known.Seq)
		})
		if err != nil {
			return err
		}
		switch reply[0] {
		case "EPOCH":
			return engine.ErrEpoch
		case "STAGE":
			if err := s.stageCaps(ctx, ready, caps); err != nil {
				return err
			}
			s.noteCaps(caps)
			continue
		}
		s.dropCaps(ctx, caps.Scope, reply)
		return nil
	}
	return fmt.Errorf("%w: the caps written are gone again", engine.ErrUnavailable)
}

// largestCap is the most that a cap counts as: Lua's numbers are exact so far, and their text too.
const largestCap = 10_000_000_000_000

// stageCaps writes caps that nothing reads yet.
func (s *Store) stageCaps(ctx context.Context, key string, caps *engine.Caps) error {
	pairs := make([]any, 0, 2000)
	for _, level := range slices.Sorted(maps.Keys(caps.Cap)) {
		pairs = append(pairs, string(level), min(caps.Cap[level], largestCap))
		if len(pairs) < cap(pairs) {
			continue
		}
		if err := s.client.HSet(ctx, key, pairs...).Err(); err != nil {
			return restError(ctx, err)
		}
		pairs = pairs[:0]
	}
	if len(pairs) == 0 {
		return nil
	}
	if err := s.client.HSet(ctx, key, pairs...).Err(); err != nil {
		return restError(ctx, err)
	}
	return nil
}

// dropCaps deletes the caps that a publication's reply says nobody needs any more. Where that
// fails they only lie there.
func (s *Store) dropCaps(ctx context.Context, scope engine.Scope, reply []any) {
	text, _ := reply[len(reply)-1].(string)
	if epoch, err := strconv.ParseInt(text, 10, 64); err == nil {
		_ = s.client.Unlink(ctx, capKey(scope, epoch)).Err()
	}
}

// Shut stops new grants for a reason, until Publish.
func (s *Store) Shut(ctx context.Context, scope engine.Scope, reason string, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := scriptCall{s.scripts.shut, scope, now}
	_, err := s.reopened(ctx, scope, func() ([]any, error) {
		return s.ledgerCall(ctx, c, nil, reason)
	})
	if err != nil {
		return fmt.Errorf("shut %s: %w", scope, err)
	}
	return nil
}

// relevelled is how many records one step gives other levels at most.
const relevelled = 1000

// Relevel makes live records charge other levels. More than a thousand are several steps and
// events, in the order of their IDs: shut the ledger before, as nothing is granted between them.
func (s *Store) Relevel(
	ctx context.Context, scope engine.Scope, levels map[engine.ID][]engine.Level, now time.Time,
) error {
	ids := slices.Sorted(maps.Keys(levels))
	for part := range slices.Chunk(ids, relevelled) {
		if err := ctx.Err(); err != nil {
			return err
		}
		args := make([]any, 1, 1+2*len(part))
		args[0] = len(part)
		for _, id := range part {
			args = append(args, string(id))
		}
		for _, id := range part {
			args = append(args, joined(levels[id]))
		}
		c := scriptCall{s.scripts.relevel, scope, now}
		_, err := s.reopened(ctx, scope, func() ([]any, error) {
			return s.ledgerCall(ctx, c, nil, args...)
		})
		if err != nil {
			return fmt.Errorf("relevel %s: %w", scope, err)
		}
	}
	return nil
}

// joined returns levels as a record has them.
func joined(levels []engine.Level) string {
	var b strings.Builder
	for i, level := range levels {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(level))
	}
	return b.String()
}
