package rdb

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// rest is what a Store has beside its ledgers' scripts: mirrors, log, documents and pools.
type rest struct {
	records
	client  redis.UniversalClient
	archive string        // folder of the archive, "" for none
	timeout time.Duration // longest wait for a mirror
	clock   engine.Clock  // of what the Store does by itself: reopening a ledger after a loss

	life  context.Context // ends with close
	end   context.CancelFunc
	group sync.WaitGroup

	state, reconcile, archiver *redis.Script
	pools                      poolScripts

	mu      sync.Mutex
	mirrors map[engine.Scope]*mirror
}

// newRest returns the rest of a Store; close ends what runs in the background.
func newRest(client redis.UniversalClient, archive string, timeout time.Duration,
	clock engine.Clock,
) *rest {
	if timeout <= 0 {
		timeout = 5 * time.Second
	}
	if clock == nil {
		clock = engine.SystemClock{}
	}
	r := &rest{
		records: newRecords(client), client: client, archive: archive, timeout: timeout, clock: clock,
		state: redis.NewScript(stateText), reconcile: redis.NewScript(reconcileText),
		archiver: redis.NewScript(archiveText), pools: newPoolScripts(),
		mirrors: map[engine.Scope]*mirror{},
	}
	r.life, r.end = context.WithCancel(context.Background())
	return r
}

// close stops the mirrors and archivers and waits for them.
func (r *rest) close() {
	r.end()
	r.group.Wait()
}

// of returns the scope's mirror.
func (r *rest) of(s engine.Scope) *mirror {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.mirrors[s]
	if m == nil {
		m = newMirror(r, s)
		r.mirrors[s] = m
	}
	return m
}

// noteEvent says that an answer of this Store made an event: Read waits for it.
func (r *rest) noteEvent(s engine.Scope, id engine.EventID) {
	m := r.of(s)
	m.said.Lock()
	defer m.said.Unlock()
	if id.After(m.answered) {
		m.answered = id
	}
}

// lastEvent returns the last event of which this Store knows.
func (r *rest) lastEvent(s engine.Scope) engine.EventID {
	m := r.of(s)
	m.said.Lock()
	last := m.answered
	m.said.Unlock()
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.ledger != nil && m.ledger.Event().After(last) {
		return m.ledger.Event()
	}
	return last
}

// noteCaps keeps caps that this Store published, so that its mirror need not load them.
func (r *rest) noteCaps(caps *engine.Caps) {
	m := r.of(caps.Scope)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.caps[caps.Epoch] = caps
}

// noteLoss says that Redis was found to be another than the one the ledger was opened on.
func (r *rest) noteLoss(s engine.Scope) {
	m := r.of(s)
	m.start()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Health returns nil where Redis answers, every mirror follows and the archive is written;
// otherwise what is wrong.
func (r *rest) Health(ctx context.Context) error {
	var all []error
	if err := r.client.Ping(ctx).Err(); err != nil {
		all = append(all, readError(ctx, err))
	}
	for _, s := range r.known() {
		m := r.of(s)
		m.mu.RLock()
		all = append(all, m.err, m.archiveErr)
		m.mu.RUnlock()
	}
	return errors.Join(all...)
}

// reload makes a client of a Cluster ask anew who has which slot: by itself it does so only when a
// node that still runs sends it elsewhere.
func (r *rest) reload(ctx context.Context) {
	if c, ok := r.client.(*redis.ClusterClient); ok {
		c.ReloadState(ctx)
	}
}
