package rdb

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

//go:embed state.lua
var stateText string

// standing is where a ledger in Redis is.
type standing struct {
	event  engine.EventID // last
	epoch  int64          // in force, 0 for none
	shut   string
	opened string // replid of the server that it was opened on, "" before the first publication
	server string // replid of the server that answered
}

// lost reports whether the ledger was opened on another server, or on this one before it started
// anew: some of what was acknowledged may be missing.
func (s standing) lost() bool { return s.opened != "" && s.opened != s.server }

// look returns where the scope's ledger is.
func (r *rest) look(ctx context.Context, s engine.Scope) (standing, error) {
	f, err := r.state.Run(ctx, r.client, []string{ledgerKey(s, "plan")}).StringSlice()
	if err != nil {
		return standing{}, readError(ctx, err)
	}
	if len(f) != 6 {
		return standing{}, fmt.Errorf("state of %s has %d parts, want 6", s, len(f))
	}
	now := standing{shut: f[3], opened: f[4], server: f[5]}
	for i, p := range []*int64{&now.event.Gen, &now.event.Seq, &now.epoch} {
		if f[i] == "" {
			continue
		}
		if *p, err = strconv.ParseInt(f[i], 10, 64); err != nil {
			return standing{}, fmt.Errorf("state of %s: %w", s, err)
		}
	}
	return now, nil
}

// load reads the whole ledger, page by page while decisions go on, and then the events since it
// began: as changes hold whole records, it does no harm that a page already had some of them.
func (m *mirror) load(ctx context.Context) error {
	begin, err := m.look(ctx, m.scope)
	if err != nil {
		return err
	}
	fresh := &engine.Ledger{}
	find := func(epoch int64) *engine.Caps { return m.capsOf(epoch) }
	if begin.epoch > 0 {
		if err := m.findCaps(ctx, begin.epoch); err != nil {
			return err
		}
		fresh.Apply(engine.Event{Kind: engine.Published, Epoch: begin.epoch}, find)
	}
	if begin.shut != "" {
		fresh.Apply(engine.Event{Kind: engine.Shut, Reason: begin.shut}, find)
	}
	if err := m.loadDrawn(ctx, fresh); err != nil {
		return err
	}
	if err := m.loadRecords(ctx, fresh); err != nil {
		return err
	}
	fresh.Apply(engine.Event{ID: begin.event}, find)
	end, err := m.look(ctx, m.scope)
	if err != nil {
		return err
	}
	if err := m.catchUp(ctx, fresh, end.event); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ledger = fresh
	m.tell()
	return nil
}

// catchUp applies to a fresh ledger the events up to one.
func (m *mirror) catchUp(ctx context.Context, fresh *engine.Ledger, end engine.EventID) error {
	for end.After(fresh.Event()) {
		events, err := eventsAfter(ctx, m.client, ledgerKey(m.scope, "ev"), fresh.Event())
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return errGap
		}
		for i := range events {
			if !follows(fresh.Event(), events[i].ID) {
				return errGap // trimmed, or opened anew, meanwhile: the caller loads again
			}
			if events[i].Kind == engine.Published {
				if err := m.findCaps(ctx, events[i].Epoch); err != nil {
					return err
				}
			}
			fresh.Apply(events[i], m.capsOf)
		}
	}
	return nil
}

// loadDrawn reads what the pools' levels have drawn.
func (m *mirror) loadDrawn(ctx context.Context, into *engine.Ledger) error {
	drawn, err := m.client.HGetAll(ctx, ledgerKey(m.scope, "drawn")).Result()
	if err != nil {
		return readError(ctx, err)
	}
	for _, level := range slices.Sorted(maps.Keys(drawn)) {
		n, err := strconv.Atoi(drawn[level])
		if err != nil {
			return fmt.Errorf("drawn %s of %s: %w", level, m.scope, err)
		}
		into.Apply(engine.Event{Kind: engine.Drawn, Level: engine.Level(level), N: n}, nil)
	}
	return nil
}

// loadRecords reads every record.
func (m *mirror) loadRecords(ctx context.Context, into *engine.Ledger) error {
	return scanHash(ctx, m.client, ledgerKey(m.scope, "rec"), func(id, text string) error {
		r, err := engine.ParseRecord(text)
		if err != nil {
			return fmt.Errorf("record %s of %s: %w", id, m.scope, err)
		}
		into.Put(engine.ID(id), r)
		return nil
	})
}

// scanHash calls each with every field of a hash, a page at a time; a field may come twice.
func scanHash(
	ctx context.Context, client redis.UniversalClient, key string,
	each func(field, value string) error,
) error {
	var cursor uint64
	for {
		pairs, next, err := client.HScan(ctx, key, cursor, "", 1000).Result()
		if err != nil {
			return readError(ctx, err)
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			if err := each(pairs[i], pairs[i+1]); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// capsOf returns caps that were found before, nil for those that nobody has any more.
func (m *mirror) capsOf(epoch int64) *engine.Caps {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.caps[epoch]
}

// findCaps makes sure that capsOf knows the caps of an epoch, if Redis still has them.
func (m *mirror) findCaps(ctx context.Context, epoch int64) error {
	if m.capsOf(epoch) != nil {
		return nil
	}
	caps := &engine.Caps{Scope: m.scope, Epoch: epoch, Cap: map[engine.Level]int{}}
	key := ledgerKey(m.scope, "cap:"+strconv.FormatInt(epoch, 10))
	err := scanHash(ctx, m.client, key, func(level, text string) error {
		n, err := strconv.Atoi(text)
		caps.Cap[engine.Level(level)] = n
		return err
	})
	if err != nil || len(caps.Cap) == 0 {
		return err
	}
	plan, err := m.client.HMGet(ctx, ledgerKey(m.scope, "plan"), "epoch", "plan").Result()
	if err != nil {
		return readError(ctx, err)
	}
	if plan[0] == strconv.FormatInt(epoch, 10) {
		caps.Plan, _ = plan[1].(string)
	}
	describe(caps)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.caps[epoch] = caps
	return nil
}

// describe lists the operators and cells that the caps' levels name.
func describe(caps *engine.Caps) {
	for level := range caps.Cap {
		switch level.Tier() {
		case engine.TierOperatorCity:
			caps.Operators = append(caps.Operators, level.Operator())
		case engine.TierCell:
			if c, err := geo.ParseCell(strings.TrimPrefix(string(level), "c:")); err == nil {
				caps.Cells = append(caps.Cells, c)
			}
		}
	}
	slices.Sort(caps.Operators)
	slices.Sort(caps.Cells)
}
