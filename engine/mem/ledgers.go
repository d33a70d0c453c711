package mem

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/stint-city/stint/engine"
)

// ledger is one scope: its ledger, and its last events for those who follow.
type ledger struct {
	mu     sync.RWMutex
	ledger engine.Ledger
	events ring
	wake   chan struct{} // closed at the next event; nil while nobody waits
}

// happened keeps an event, if it is one, and wakes who waits for it. The caller holds mu.
func (l *ledger) happened(e engine.Event) {
	if e.Kind == "" {
		return
	}
	l.events.add(e)
	if l.wake != nil {
		close(l.wake)
		l.wake = nil
	}
}

// Do answers asks in order, as engine.Ledger.Do does. It keeps the asks' Levels: they must not be
// changed afterwards.
func (s *Store) Do(
	ctx context.Context, scope engine.Scope, now time.Time, asks []engine.Ask,
) ([]engine.Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := s.ledger(scope)
	l.mu.Lock()
	defer l.mu.Unlock()
	answers, event := l.ledger.Do(now, asks)
	l.happened(event)
	return answers, nil
}

// Publish puts caps in force and opens the ledger; see engine.Ledgers.
func (s *Store) Publish(ctx context.Context, caps *engine.Caps, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l := s.ledger(caps.Scope)
	l.mu.Lock()
	defer l.mu.Unlock()
	event, err := l.ledger.Publish(caps, now)
	if err != nil {
		return err
	}
	l.happened(event)
	return nil
}

// Shut stops new grants for a reason, until Publish.
func (s *Store) Shut(
	ctx context.Context, scope engine.Scope, reason string, now time.Time,
) error {
	return s.change(ctx, scope, func(l *engine.Ledger) engine.Event {
		return l.Close(reason, now)
	})
}

// Relevel makes live records charge other levels.
func (s *Store) Relevel(
	ctx context.Context, scope engine.Scope, levels map[engine.ID][]engine.Level, now time.Time,
) error {
	own := maps.Clone(levels)
	for id, l := range own {
		own[id] = slices.Clone(l)
	}
	return s.change(ctx, scope, func(l *engine.Ledger) engine.Event {
		return l.Relevel(own, now)
	})
}

// Sweep ends leases that have expired and forgets what ended more than keep ago.
func (s *Store) Sweep(
	ctx context.Context, scope engine.Scope, now time.Time, keep time.Duration,
) (done engine.Sweeping, err error) {
	err = s.change(ctx, scope, func(l *engine.Ledger) (event engine.Event) {
		done, event = l.Sweep(now, keep)
		return event
	})
	return done, err
}

// change does one thing to a ledger under its lock.
func (s *Store) change(
	ctx context.Context, scope engine.Scope, do func(*engine.Ledger) engine.Event,
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l := s.ledger(scope)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.happened(do(&l.ledger))
	return nil
}

// Read calls view with the ledger at rest. Others may read meanwhile; changes wait.
func (s *Store) Read(
	ctx context.Context, scope engine.Scope, view func(*engine.Ledger),
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l := s.ledger(scope)
	l.mu.RLock()
	defer l.mu.RUnlock()
	view(&l.ledger)
	return nil
}
