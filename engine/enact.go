package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
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
	if e.seated == 0 { // a later plan may have come between: the log has it
		if err := errors.Join(e.catchUp(ctx), e.impose(ctx)); err != nil {
			return err
		}
	}
	f := e.force.Load()
	if err := e.turnWindows(ctx, f); err != nil {
		return err
	}
	if err := e.reseat(ctx, f); err != nil {
		return err
	}
	return e.orderRemovals(ctx, f)
}

// due returns the final publication whose time has come, of several the first due; nil for none.
func (e *Engine) due(f *file) *Publication {
	var first *Publication
	for _, p := range f.publications {
		if p.Stage == StageFinal && !e.now().Before(p.Terms.EffectiveAt) &&
			(first == nil || p.Terms.EffectiveAt.Before(first.Terms.EffectiveAt)) {
			first = p
		}
	}
	return first
}

// publicationsDue appends that final publications whose time has come are effective, the first due
// first.
func (e *Engine) publicationsDue(ctx context.Context) error {
	for {
		e.bureau.mu.RLock()
		none := e.due(&e.bureau.file) == nil
		e.bureau.mu.RUnlock()
		if none {
			return nil
		}
		_, err := e.record(ctx, itself(), kindEffective, func(f *file) (entry, error) {
			p := e.due(f)
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
	should, once := e.bureau.file.force, e.bureau.file.once()
	pools, measures := slices.Clone(e.bureau.file.pools), e.bureau.file.active()
	e.bureau.mu.RUnlock()
	have := e.force.Load()
	if should.plan == "" {
		return nil
	}
	if have.epoch == should.epoch {
		return e.mend(ctx, have)
	}
	next, err := e.build(ctx, should, pools)
	if err != nil {
		return err
	}
	next.measure(measures)
	next.close(e.config.City, once)
	for _, p := range pools {
		if err := e.config.Store.SetPool(ctx, p.ID, p.Cap); err != nil {
			return fmt.Errorf("set pool %s: %w", p.ID, err)
		}
	}
	for _, caps := range next.ledgers() {
		if err := e.publish(ctx, next, caps, have); err != nil {
			return err
		}
	}
	e.force.Store(next)
	for _, caps := range next.ledgers() {
		e.layouts.of(caps) // now, so that nobody who asks for the city has to wait for it
	}
	return nil
}

// build returns what the log says is in force. A plan that is in force already isn't read again.
func (e *Engine) build(ctx context.Context, should inForce, pools []Pool) (*force, error) {
	plan := e.force.Load().plan
	if plan == nil || plan.ID != should.plan {
		var err error
		if plan, err = e.readPlan(ctx, should.plan); err != nil {
			return nil, err
		}
	}
	zones, err := e.readZones(ctx, should.zones)
	if err != nil {
		return nil, err
	}
	held, err := e.heldBy(ctx, plan, should.shifts)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(pools, func(a, b Pool) int { return cmp.Compare(a.ID, b.ID) })
	f, err := forceOf(plan, held, zones, pools, should.epoch)
	if err == nil {
		f.zoned, f.shifts = should.zones, should.shifts
	}
	return f, err
}

// publishing is why a ledger is shut while a plan is being put in force.
const publishing = "publishing"

// state is where a scope's ledger is.
type state struct {
	epoch int64 // 0 = nothing was published yet
	shut  string
}

func (e *Engine) state(ctx context.Context, s Scope) (st state, err error) {
	err = e.config.Store.Read(ctx, s, func(l *Ledger) { st = stateOf(l) })
	return st, err
}

func stateOf(l *Ledger) state {
	st := state{shut: l.Shut()}
	if l.Caps() != nil {
		st.epoch = l.Caps().Epoch
	}
	return st
}

// mend publishes anew where a publication broke off: another engine shut a ledger and never came to
// open it.
func (e *Engine) mend(ctx context.Context, f *force) error {
	for _, caps := range f.ledgers() {
		at, err := e.state(ctx, caps.Scope)
		if err != nil {
			return err
		}
		if at.epoch < f.epoch || (at.epoch == f.epoch && at.shut == publishing) {
			if err := e.publish(ctx, f, caps, &force{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// publish puts one sector's caps in force in place of those before. Where vehicles may stand that
// the new geography counts elsewhere, grants stop until their records charge the right levels.
func (e *Engine) publish(ctx context.Context, f *force, caps *Caps, before *force) error {
	store := e.config.Store
	at, err := e.state(ctx, caps.Scope)
	if err != nil {
		return err
	}
	switch {
	case at.epoch > caps.Epoch: // another engine knows of a later one; the log will tell
		return nil
	case at.epoch == caps.Epoch && at.shut == "":
		return nil
	}
	if at.epoch > 0 && (at.epoch != before.epoch || !f.chargesAs(before, caps.Scope.Sector)) {
		if err = store.Shut(ctx, caps.Scope, publishing, e.now()); err == nil {
			_, err = e.relevel(ctx, f, caps)
		}
	}
	if err == nil {
		err = store.Publish(ctx, caps, e.now())
	}
	if errors.Is(err, ErrEpoch) {
		e.seated = 0 // a later one came between: what was just levelled is its business
		return nil
	}
	if err != nil {
		return fmt.Errorf("publish epoch %d of %s: %w", caps.Epoch, caps.Scope, err)
	}
	return nil
}

// SetZones puts other zones in force in place of those there are. Zones that ReadZones would not
// read are refused as it refuses them.
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
