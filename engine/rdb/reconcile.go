package rdb

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine"
)

//go:embed reconcile.lua
var reconcileText string

// CapsLost is why a ledger stays shut after a loss that took a publication whose caps nobody has:
// until the next publication.
const CapsLost = "caps-lost"

// Reconcile opens a scope's ledger again after Redis has started anew or a replica was promoted,
// which may have lost what was acknowledged; until then the ledger grants and changes nothing. What
// the mirror of this Store and the archive know and Redis has lost is written back, record by
// record, the counters are made what the records say, and a new generation of events begins. Where
// nothing was lost it does nothing. The Store does so by itself for each scope that it reads.
func (r *rest) Reconcile(ctx context.Context, s engine.Scope) error {
	m := r.of(s)
	r.noteLoss(s)
	for {
		m.mu.RLock()
		changed, ready, failed := m.changed, m.ready, m.err
		var last engine.EventID
		if ready {
			last = m.ledger.Event()
		}
		m.mu.RUnlock()
		now, err := r.look(ctx, s)
		if err == nil && ready && !now.lost() && !last.After(now.event) {
			return nil
		}
		timer := time.NewTimer(idle)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("reconcile %s: %w", s, errors.Join(ctx.Err(), err, failed))
		}
		timer.Stop()
	}
}

// repair looks whether Redis has started anew, been promoted or emptied, and if so makes good what
// it lost.
func (m *mirror) repair(ctx context.Context) error {
	at, err := m.look(ctx, m.scope)
	if err != nil {
		return err
	}
	if emptied := at.event.Gen == 0 && m.ledger.Event().Gen > 0; !at.lost() && !emptied {
		return nil
	}
	for n := 1; n > 0 && !m.ledger.Event().After(at.event); {
		if n, err = m.advance(ctx); err != nil {
			return err
		}
	}
	if err := m.applyArchive(ctx); err != nil {
		return err
	}
	return m.rebuild(ctx, at)
}

// resume loads the ledger and, where the archive knows more than Redis, makes that good.
func (m *mirror) resume(ctx context.Context) error {
	if err := m.load(ctx); err != nil {
		return err
	}
	if err := m.applyArchive(ctx); err != nil {
		return err
	}
	at, err := m.look(ctx, m.scope)
	if err != nil {
		return err
	}
	if at.lost() || m.ledger.Event().After(at.event) {
		if err := m.rebuild(ctx, at); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ready = true
	m.tell()
	return nil
}

// rebuild makes Redis what the mirror is and opens the ledger.
func (m *mirror) rebuild(ctx context.Context, at standing) error {
	d, err := m.differences(ctx, at)
	if err != nil {
		return err
	}
	if err := m.stage(ctx, at); err != nil {
		return err
	}
	opened, err := m.reopen(ctx, at, d)
	if err != nil {
		return err
	}
	if opened {
		m.noteOpened(d)
	}
	return m.load(ctx)
}

// noteOpened counts what was written back.
func (m *mirror) noteOpened(d *differences) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reopened++
	m.restored += len(d.records) / 2
}

// differences are what Redis must be told to be as the mirror is.
type differences struct {
	epoch   int64
	plan    string
	shut    string
	records []any // id, record, …
	taken   []any // level, vehicles, …
	buckets []any // kind, score, id, …
	keys    []string
	moved   []any // index of the xfer hash in KEYS, id, value, …
	drawn   []any // level, vehicles more, …
}

// differences compares Redis with the mirror. Redis stands still meanwhile.
func (m *mirror) differences(ctx context.Context, at standing) (*differences, error) {
	d := &differences{shut: m.ledger.Shut(), epoch: at.epoch}
	if caps := m.ledger.Caps(); caps != nil {
		d.epoch, d.plan = caps.Epoch, caps.Plan
	} else if at.epoch > 0 {
		d.shut = CapsLost
	}
	if err := m.compareRecords(ctx, d); err != nil {
		return nil, err
	}
	if err := m.compareTaken(ctx, d); err != nil {
		return nil, err
	}
	return d, m.compareTransfers(ctx, d)
}

// compareRecords finds the records that Redis has lost, has as they were, or should have forgotten.
func (m *mirror) compareRecords(ctx context.Context, d *differences) error {
	seen := map[engine.ID]bool{}
	err := scanHash(ctx, m.client, ledgerKey(m.scope, "rec"), func(field, text string) error {
		id := engine.ID(field)
		if seen[id] {
			return nil
		}
		seen[id] = true
		r, ok := m.ledger.Record(id)
		if !ok {
			d.records = append(d.records, field, "")
		} else if known := r.String(); known != text {
			d.restore(m.scope, id, r, known)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var missing []engine.ID
	for id := range m.ledger.Records() {
		if !seen[id] {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	for _, id := range missing {
		r, _ := m.ledger.Record(id)
		d.restore(m.scope, id, r, r.String())
	}
	return nil
}

// restore adds one record, and the bucket in which the sweeper finds it.
func (d *differences) restore(s engine.Scope, id engine.ID, r engine.Record, text string) {
	d.records = append(d.records, string(id), text)
	switch {
	case r.State == engine.Held:
		second := (int64(r.Expires) + 999) / 1000
		d.bucket("lease", second, ledgerKey(s, "lease:"+strconv.FormatInt(second, 10)), id)
	case r.Ended != 0:
		hour := int64(r.Ended) / time.Hour.Milliseconds()
		d.bucket("ended", hour, ledgerKey(s, "ended:"+strconv.FormatInt(hour, 10)), id)
	}
}

func (d *differences) bucket(kind string, score int64, key string, id engine.ID) {
	d.buckets = append(d.buckets, kind, score, string(id))
	d.keys = append(d.keys, key)
}

// compareTaken finds the counters that are not what the records say.
func (m *mirror) compareTaken(ctx context.Context, d *differences) error {
	want := map[string]int{}
	for _, level := range m.ledger.Charged() {
		if c, _ := m.ledger.Count(level); c.Standing+c.Held != 0 {
			want[string(level)] = c.Standing + c.Held
		}
	}
	seen := map[string]bool{}
	err := scanHash(ctx, m.client, ledgerKey(m.scope, "taken"), func(level, text string) error {
		if !seen[level] && text != strconv.Itoa(want[level]) {
			d.taken = append(d.taken, level, want[level])
		}
		seen[level] = true
		return nil
	})
	for _, level := range slices.Sorted(maps.Keys(want)) {
		if !seen[level] {
			d.taken = append(d.taken, level, want[level])
		}
	}
	return err
}

// compareTransfers finds the transfers that the pools have booked and this scope has lost.
func (m *mirror) compareTransfers(ctx context.Context, d *differences) error {
	first := 7 + len(d.keys)
	for _, level := range m.ledger.Charged() {
		if level.Tier() != engine.TierPool {
			continue
		}
		pool := level.Of()
		booked, err := transfers(ctx, m.client, poolKey(pool, "transfers"))
		if err != nil {
			return err
		}
		key := sideKey(m.scope, "xfer:"+pool)
		carried, err := transfers(ctx, m.client, key)
		if err != nil {
			return err
		}
		more, now := 0, m.clock.Now()
		d.keys = append(d.keys, key)
		first++
		for _, id := range slices.Sorted(maps.Keys(booked)) {
			t := booked[id]
			if _, ok := carried[id]; ok || t.scope != m.scope || old(t, now, scopeRemembers) {
				continue
			}
			more += t.n
			d.moved = append(d.moved, first, id, fmt.Sprintf("%d|%d", t.n, t.at))
		}
		if more != 0 {
			d.drawn = append(d.drawn, string(level), more)
		}
	}
	return nil
}

// stage writes the caps of a publication that Redis has lost: nothing reads them before the ledger
// is opened.
func (m *mirror) stage(ctx context.Context, at standing) error {
	caps := m.ledger.Caps()
	if caps == nil || caps.Epoch == at.epoch {
		return nil
	}
	key := ledgerKey(m.scope, "cap:"+strconv.FormatInt(caps.Epoch, 10))
	pairs := make([]any, 0, 2000)
	for level, n := range caps.Cap {
		if pairs = append(pairs, string(level), n); len(pairs) < cap(pairs) {
			continue
		}
		if err := m.client.HSet(ctx, key, pairs...).Err(); err != nil {
			return restError(ctx, err)
		}
		pairs = pairs[:0]
	}
	if len(pairs) == 0 {
		return nil
	}
	if err := m.client.HSet(ctx, key, pairs...).Err(); err != nil {
		return restError(ctx, err)
	}
	return nil
}

// most is how many arguments one call may have: what Redis takes is 1,048,576.
const most = 1_000_000

// reopen writes the differences and opens the ledger, unless somebody else has. opened is false
// where Redis is not as it was looked at any more.
func (m *mirror) reopen(ctx context.Context, at standing, d *differences) (opened bool, err error) {
	keys := make([]string, 0, 7+len(d.keys))
	for _, name := range []string{"plan", "rec", "taken", "drawn", "ev", "due", "past"} {
		keys = append(keys, ledgerKey(m.scope, name))
	}
	keys = append(keys, d.keys...)
	args := []any{
		at.event.Gen, at.event.Seq, at.opened, at.server, m.clock.Now().UnixMilli(),
		d.epoch, d.plan, d.shut, max(at.event.Gen, m.ledger.Event().Gen) + 1,
	}
	for _, list := range []struct {
		items []any
		width int
	}{{d.records, 2}, {d.taken, 2}, {d.buckets, 3}, {d.moved, 3}, {d.drawn, 2}} {
		args = append(args, len(list.items)/list.width)
		args = append(args, list.items...)
	}
	if len(keys)+len(args) > most {
		return false, fmt.Errorf("reconcile %s: %d differences are too many", m.scope, len(args))
	}
	reply, err := m.reconcile.Run(ctx, m.client, keys, args...).Slice()
	if err != nil {
		return false, restError(ctx, err)
	}
	if len(reply) != 2 {
		return false, nil
	}
	m.noteEvent(m.scope, eventOf(reply))
	return true, nil
}
