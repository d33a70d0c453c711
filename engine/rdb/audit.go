package rdb

import (
	"context"
	"fmt"
	"strconv"

	"github.com/stint-city/stint/engine"
)

var _ engine.Auditor = (*Store)(nil)

// looks is how often a scope that doesn't stand still is looked at again.
const looks = 20

// Audit compares what Redis itself counts with what the records charge and, where there is an
// archive, the records with a replay of every event since the ledger's birth. It returns
// engine.ErrUnavailable where the scope changes all the time.
func (s *Store) Audit(ctx context.Context, scope engine.Scope) ([]engine.Difference, error) {
	wrong, err := s.auditCounters(ctx, scope)
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", scope, err)
	}
	if s.options.Archive == "" {
		return wrong, nil
	}
	more, err := s.auditEvents(ctx, scope)
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", scope, err)
	}
	return append(wrong, more...), nil
}

// auditCounters compares the hash of what is taken with the records of the mirror.
func (s *Store) auditCounters(
	ctx context.Context, scope engine.Scope,
) (wrong []engine.Difference, err error) {
	for range looks {
		before, err := s.look(ctx, scope)
		if err != nil {
			return nil, err
		}
		taken := map[engine.Level]int{}
		err = scanHash(ctx, s.client, ledgerKey(scope, "taken"), func(level, text string) error {
			n, err := strconv.Atoi(text)
			taken[engine.Level(level)] = n
			return err
		})
		if err != nil {
			return nil, err
		}
		after, err := s.look(ctx, scope)
		if err != nil {
			return nil, err
		}
		same := false
		err = s.Read(ctx, scope, func(l *engine.Ledger) {
			if same = before.event == after.event && l.Event() == after.event; same {
				wrong = l.Miscounted(taken)
			}
		})
		if err != nil || same {
			return wrong, err
		}
	}
	return nil, fmt.Errorf("%w: it doesn't stand still", engine.ErrUnavailable)
}

// auditEvents replays the archive and the stream, and compares what comes out with the mirror.
func (s *Store) auditEvents(
	ctx context.Context, scope engine.Scope,
) (wrong []engine.Difference, err error) {
	again := &replayed{plans: map[int64]string{}}
	err = ReadArchive(s.options.Archive, scope, engine.EventID{}, again.apply)
	if err != nil {
		return nil, err
	}
	for range looks {
		for {
			events, err := eventsAfter(ctx, s.client, ledgerKey(scope, "ev"), again.ledger.Event())
			if err != nil {
				return nil, err
			}
			for i := range events {
				if err := again.apply(events[i]); err != nil {
					return nil, err
				}
			}
			if len(events) == 0 {
				break
			}
		}
		same := false
		err := s.Read(ctx, scope, func(l *engine.Ledger) {
			if same = l.Event() == again.ledger.Event(); same {
				wrong = again.ledger.Differences(l)
			}
		})
		if err != nil || same {
			return wrong, err
		}
	}
	return nil, fmt.Errorf("%w: it doesn't stand still", engine.ErrUnavailable)
}

// replayed is a ledger made of events. Of caps it has only which plan they were of: what records
// charge needs no more.
type replayed struct {
	ledger engine.Ledger
	plans  map[int64]string
}

func (r *replayed) apply(e engine.Event) error {
	if e.Kind == engine.Published {
		r.plans[e.Epoch] = e.Plan
	}
	r.ledger.Apply(e, func(epoch int64) *engine.Caps {
		return &engine.Caps{Epoch: epoch, Plan: r.plans[epoch]}
	})
	return nil
}
