package rdb

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

//go:embed archive.lua
var archiveText string

// One of all Stores archives a scope. It says so for tenure, again and again; when it ends, another
// takes over.
const (
	tenure = 10 * time.Second
	// keptEvents are kept in the stream although they are archived: for who follows it.
	keptEvents = 100_000
)

// archiving archives the scope's events until ctx ends. What fails is tried again.
func (m *mirror) archiving(ctx context.Context) {
	name := rand.Text()
	for ctx.Err() == nil {
		err := m.archiveOn(ctx, name)
		m.mu.Lock()
		m.archiveErr = err
		m.mu.Unlock()
		timer := time.NewTimer(idle)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// archiveOn archives until something fails or another archiver is at work, which is no error.
func (m *mirror) archiveOn(ctx context.Context, name string) error {
	if ok, err := m.tenured(ctx, name, engine.EventID{}); !ok || err != nil {
		return err
	}
	a, err := openArchive(m.archive, m.scope)
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	key := ledgerKey(m.scope, "ev")
	for ctx.Err() == nil {
		events, err := eventsAfter(ctx, m.client, key, a.last)
		if err != nil {
			return err
		}
		if err := a.add(events); err != nil {
			return fmt.Errorf("archive %s: %w", m.scope, err)
		}
		if ok, err := m.tenured(ctx, name, a.last); !ok || err != nil {
			return err
		}
		if len(events) > 0 {
			continue
		}
		err = m.client.XRead(ctx, &redis.XReadArgs{
			Streams: []string{key, a.last.String()}, Count: 1, Block: idle,
		}).Err()
		if errors.Is(err, redis.Nil) {
			err = m.behind(ctx, a.last)
		} else if err != nil {
			err = readError(ctx, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errAhead means that an archive has events that the ledger has not: it is another ledger's, or the
// ledger was emptied or restored and then written to before the archive was asked.
var errAhead = errors.New("the archive is ahead of the ledger")

// behind returns errAhead unless the ledger is at the archive's last event or later.
func (m *mirror) behind(ctx context.Context, last engine.EventID) error {
	now, err := m.look(ctx, m.scope)
	if err != nil {
		return err
	}
	if last.After(now.event) {
		return fmt.Errorf("archive %s: %w: %s after %s", m.scope, errAhead, last, now.event)
	}
	return nil
}

// tenured makes this one the scope's archiver, or keeps it so, and trims the stream behind the last
// event on disk. ok is false where another is at work.
func (m *mirror) tenured(
	ctx context.Context, name string, last engine.EventID,
) (ok bool, err error) {
	id, keep := "", engine.EventID{Gen: last.Gen, Seq: max(last.Seq-keptEvents, 0)}
	if last.Gen > 0 {
		id = last.String()
	}
	keys := []string{sideKey(m.scope, "archiver"), ledgerKey(m.scope, "ev")}
	n, err := m.archiver.Run(ctx, m.client, keys, name, tenure.Milliseconds(), id,
		keep.String()).Int()
	if err != nil {
		return false, restError(ctx, err)
	}
	return n == 1, nil
}

// applyArchive brings the mirror to the end of the archive: to what was acknowledged and archived
// and then lost by Redis.
func (m *mirror) applyArchive(ctx context.Context) error {
	if m.archive == "" {
		return nil
	}
	return ReadArchive(m.archive, m.scope, m.ledger.Event(), func(e engine.Event) error {
		if e.Kind == engine.Published {
			if err := m.findCaps(ctx, e.Epoch); err != nil {
				return err
			}
		}
		m.apply([]engine.Event{e})
		return nil
	})
}
