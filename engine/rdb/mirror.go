package rdb

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// mirror is a copy of one scope's ledger in this process, kept up by the event stream. All reading
// goes to it, so that nobody ever asks Redis for a whole city.
type mirror struct {
	*rest
	scope engine.Scope
	wake  chan struct{} // has one element when a loss was reported

	mu         sync.RWMutex
	ledger     *engine.Ledger // nil until loaded
	ready      bool           // the ledger is loaded, and Redis is behind no archive
	changed    chan struct{}  // closed when the ledger or err has changed, and replaced
	err        error          // why it doesn't follow now
	caps       map[int64]*engine.Caps
	started    bool
	archiveErr error // why it doesn't archive now
	reopened   int   // how often this mirror opened the ledger after a loss
	restored   int   // records it wrote back then

	said     sync.Mutex     // an answer must not wait for a reader who holds mu
	answered engine.EventID // last event that this Store's own answers made
}

// errGap means that events between the mirror and the stream are gone: it is loaded anew.
var errGap = errors.New("events are missing")

func newMirror(r *rest, s engine.Scope) *mirror {
	return &mirror{
		rest: r, scope: s, wake: make(chan struct{}, 1), changed: make(chan struct{}),
		caps: map[int64]*engine.Caps{},
	}
}

// start begins to follow, once.
func (m *mirror) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.started || m.life.Err() != nil {
		return
	}
	m.started = true
	m.group.Add(1)
	go func() {
		defer m.group.Done()
		m.run(m.life)
	}()
	if m.archive == "" {
		return
	}
	m.group.Add(1)
	go func() {
		defer m.group.Done()
		m.archiving(m.life)
	}()
}

// tell wakes all who wait for a change. The caller holds mu.
func (m *mirror) tell() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// run follows until ctx ends. What fails is tried again, after a pause that grows to a second.
func (m *mirror) run(ctx context.Context) {
	pause := 5 * time.Millisecond
	for ctx.Err() == nil {
		err := m.step(ctx)
		if errors.Is(err, errGap) {
			err = m.load(ctx)
		}
		m.mu.Lock()
		if m.err = err; err != nil {
			m.tell()
		}
		m.mu.Unlock()
		if err == nil {
			pause = 5 * time.Millisecond
			continue
		}
		m.reload(ctx)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		pause = min(2*pause, time.Second)
	}
}

// idle is how long the mirror waits for an event before it looks for a loss.
const idle = 500 * time.Millisecond

// step loads the ledger if need be, applies what has happened, and where nothing has, waits a
// moment for something and looks whether Redis has lost anything.
func (m *mirror) step(ctx context.Context) error {
	if !m.ready { // only this goroutine sets it
		return m.resume(ctx)
	}
	select {
	case <-m.wake:
		return m.repair(ctx)
	default:
	}
	n, err := m.advance(ctx)
	if err != nil || n > 0 {
		return err
	}
	key := ledgerKey(m.scope, "ev")
	err = m.client.XRead(ctx, &redis.XReadArgs{
		Streams: []string{key, m.ledger.Event().String()}, Count: 1, Block: idle,
	}).Err()
	if errors.Is(err, redis.Nil) {
		return m.repair(ctx)
	}
	if err != nil {
		return readError(ctx, err)
	}
	return nil
}

// advance applies one page of events and returns how many. It gives errGap for events that don't
// follow the last one; those of a new generation never do, since the old one may have lost some.
func (m *mirror) advance(ctx context.Context) (int, error) {
	last := m.ledger.Event()
	events, err := eventsAfter(ctx, m.client, ledgerKey(m.scope, "ev"), last)
	if err != nil {
		return 0, err
	}
	for i := range events {
		e := &events[i]
		if !follows(last, e.ID) || e.ID.Gen != last.Gen && last.Gen != 0 {
			return 0, errGap
		}
		if e.Kind == engine.Published {
			if err := m.findCaps(ctx, e.Epoch); err != nil {
				return 0, err
			}
		}
		last = e.ID
	}
	m.apply(events)
	return len(events), nil
}

// apply applies events to the ledger and tells those who wait.
func (m *mirror) apply(events []engine.Event) {
	if len(events) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range events {
		m.ledger.Apply(events[i], func(epoch int64) *engine.Caps { return m.caps[epoch] })
		if events[i].Kind == engine.Published {
			m.forgetCaps(events[i].Epoch)
		}
	}
	m.tell()
}

// forgetCaps drops the caps of publications before an epoch. The caller holds mu.
func (m *mirror) forgetCaps(before int64) {
	for epoch := range m.caps {
		if epoch < before {
			delete(m.caps, epoch)
		}
	}
}

// Read calls view with the scope's ledger, no older than the last answer this Store gave. It waits
// for the mirror at most as long as for an answer of Redis, then gives engine.ErrUnavailable.
func (r *rest) Read(ctx context.Context, s engine.Scope, view func(*engine.Ledger)) error {
	m := r.of(s)
	m.start()
	timer := time.NewTimer(r.timeout)
	defer timer.Stop()
	m.said.Lock()
	target := m.answered
	m.said.Unlock()
	m.mu.RLock()
	for !m.ready || target.After(m.ledger.Event()) {
		changed, err := m.changed, m.err
		m.mu.RUnlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-r.life.Done():
			return fmt.Errorf("read %s: %w: closed", s, engine.ErrUnavailable)
		case <-timer.C:
			err = errors.Join(engine.ErrUnavailable, err)
			return fmt.Errorf("read %s: the mirror is behind: %w", s, err)
		}
		m.mu.RLock()
	}
	defer m.mu.RUnlock()
	view(m.ledger)
	return nil
}
