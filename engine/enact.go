package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// errDone ends a decision that has been made already.
var errDone = errors.New("done already")

func unlessDone(err error) error {
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ordered returns the levels of an operator that are over quota, ascending.
func ordered(over map[Level]Count) []Level {
	var levels []Level
	for _, l := range slices.Sorted(maps.Keys(over)) {
		if l.Tier() == TierCellOperator || l.Tier() == TierOperatorCity {
			levels = append(levels, l)
		}
	}
	return levels
}

// enact brings the city to where its log says it should be by now: final publications whose time
// has come become effective, the caps of what is in force are published, and what stands beyond
// them is ordered to be removed. Every step may be repeated, by this engine or another, and after
// a crash between any two.
func (e *Engine) enact(ctx context.Context) error {
	e.turn.Lock()
	defer e.turn.Unlock()
	if err := e.catchUp(ctx); err != nil {
		return err
	}
	if err := e.comeDue(ctx); err != nil {
		return err
	}
	if err := e.impose(ctx); err != nil {
		return err
	}
	if err := e.turnWindows(ctx); err != nil {
		return err
	}
	if f := e.force.Load(); f.plan != nil {
		return e.orderRemovals(ctx, f)
	}
	return nil
}

// comeDue appends that final publications whose time has come are effective, the first due first.
func (e *Engine) comeDue(ctx context.Context) error {
	for {
		due := func(f *file) *Publication {
			var first *Publication
			for _, p := range f.publications {
				if p.Stage == StageFinal && !e.now().Before(p.Terms.EffectiveAt) &&
					(first == nil || p.Terms.EffectiveAt.Before(first.Terms.EffectiveAt)) {
					first = p
				}
			}
			return first
		}
		e.bureau.mu.RLock()
		any := due(&e.bureau.file) != nil
		e.bureau.mu.RUnlock()
		if !any {
			return nil
		}
		_, err := e.record(ctx, itself(), kindEffective, func(f *file) (entry, error) {
			p := due(f)
			if p == nil {
				return entry{}, errDone // another engine came first
			}
			return entry{Publication: p.ID, Plan: p.Plan}, nil
		})
		if unlessDone(err) != nil {
			return err
		}
	}
}

// impose publishes what the log says is in force, unless it is.
func (e *Engine) impose(ctx context.Context) error {
	e.bureau.mu.RLock()
	should, pools := e.bureau.file.force, slices.Clone(e.bureau.file.pools)
	e.bureau.mu.RUnlock()
	have := e.force.Load()
	if should.plan == "" || have.epoch == should.epoch {
		return nil
	}
	plan, err := e.readPlan(ctx, should.plan)
	if err != nil {
		return err
	}
	zones, err := e.readZones(ctx, should.zones)
	if err != nil {
		return err
	}
	slices.SortFunc(pools, func(a, b Pool) int { return slices.Compare([]byte(a.ID), []byte(b.ID)) })
	next, err := newForce(plan, zones, pools, should.epoch)
	if err != nil {
		return err
	}
	for _, p := range pools {
		if err := e.config.Store.SetPool(ctx, p.ID, p.Cap); err != nil {
			return fmt.Errorf("set pool %s: %w", p.ID, err)
		}
	}
	for _, sector := range next.sectors() {
		if err := e.publish(ctx, next, sector); err != nil {
			return err
		}
	}
	for _, sector := range have.sectors() {
		if next.caps[sector] == nil { // the new plan has no such sector: nothing more is granted there
			scope := Scope{e.config.City, sector}
			if err := e.config.Store.Shut(ctx, scope, "sector-gone", e.now()); err != nil {
				return err
			}
		}
	}
	for _, caps := range next.caps {
		e.layouts.of(caps) // now, so that nobody who asks has to wait for it
	}
	e.force.Store(next)
	return nil
}

// publish puts one sector's caps in force. Where vehicles stand that the new geography counts
// elsewhere, grants stop until their records charge the right levels.
func (e *Engine) publish(ctx context.Context, f *force, sector string) error {
	caps, store := f.caps[sector], e.config.Store
	moved, err := e.moved(ctx, f, sector)
	if err == nil && len(moved) > 0 {
		if err = store.Shut(ctx, caps.Scope, "publishing", e.now()); err == nil {
			moved, err = e.moved(ctx, f, sector) // what was granted up to the last moment, too
		}
		if err == nil {
			err = store.Relevel(ctx, caps.Scope, moved, e.now())
		}
	}
	if err == nil {
		err = store.Publish(ctx, caps, e.now())
	}
	if errors.Is(err, ErrEpoch) {
		return nil // another engine knows of a later one; the log will tell
	}
	if err != nil {
		return fmt.Errorf("publish epoch %d of %s: %w", caps.Epoch, caps.Scope, err)
	}
	return nil
}

// moved returns the levels of the live records that charge others than what is to be in force says.
func (e *Engine) moved(ctx context.Context, f *force, sector string) (map[ID][]Level, error) {
	caps, now := f.caps[sector], e.now()
	moved := map[ID][]Level{}
	err := e.config.Store.Read(ctx, caps.Scope, func(l *Ledger) {
		for id, r := range l.Records() {
			if r.N == 0 {
				continue
			}
			g := f.zones.at(r.At, sector, now)
			levels, ok := caps.Levels(r.Cell, id.Operator(), g.limits, f.pools[id.Operator()])
			if !ok { // the new plan has no such cell: it counts for the operator and the city
				levels = []Level{
					CellOperatorLevel(r.Cell, id.Operator()), CellLevel(r.Cell),
					OperatorLevel(id.Operator()), CityLevel,
				}
			}
			if !slices.Equal(levels, r.Levels) {
				moved[id] = levels
			}
		}
	})
	return moved, err
}

// turnWindows makes what stands count in the limit zones whose time has begun, and no longer in
// those whose time is over. It is called under e.turn.
func (e *Engine) turnWindows(ctx context.Context) error {
	f := e.force.Load()
	open := f.zones.open(e.now())
	if f.plan == nil || (e.opened.epoch == f.epoch && slices.Equal(e.opened.zones, open)) {
		return nil
	}
	for _, sector := range f.sectors() {
		moved, err := e.moved(ctx, f, sector)
		if err == nil && len(moved) > 0 {
			err = e.config.Store.Relevel(ctx, f.caps[sector].Scope, moved, e.now())
		}
		if err != nil {
			return err
		}
	}
	e.opened = opened{f.epoch, open}
	return nil
}

// opened are the limit zones in force when what stands was last counted in them.
type opened struct {
	epoch int64
	zones []int
}

// open returns the limit zones that hold at a time, of those with a window.
func (x *zoneIndex) open(now time.Time) []int {
	var open []int
	for _, i := range x.timed {
		if x.zones[i].holds(now) {
			open = append(open, i)
		}
	}
	return open
}

// SetZones puts other zones in force in place of those there are.
func (e *Engine) SetZones(ctx context.Context, by Actor, zones []Zone) error {
	if by.Role != RoleAdmin {
		return forbidden("admin-only", "role", string(by.Role))
	}
	name, err := e.putZones(ctx, zones)
	if err != nil {
		return err
	}
	_, err = e.record(ctx, by, kindZones, func(*file) (entry, error) {
		return entry{Zones: name}, nil
	})
	if err != nil {
		return err
	}
	return e.enact(ctx)
}
