package rdb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// Options say how a Store works. The zero value is the default of each.
type Options struct {
	// Archive is a folder for the events of every scope, hash-chained; "" keeps no archive, and the
	// stream of a scope then keeps only its last events.
	Archive string
	// Timeout is how long a call may take in all; 0 is 3 s.
	Timeout time.Duration
	// Wait is how many replicas must have what a call wrote before it is answered; 0 asks none. A
	// call that isn't confirmed in time is engine.ErrUnknownOutcome.
	Wait int
	// Clock is for what the Store does by itself; nil is the machine's.
	Clock engine.Clock
	// Single makes every Do a script call of its own: what group commit is measured against.
	Single bool
}

// Store is an engine.Store, engine.Follower and engine.Whereabouts in Redis. It is safe for
// concurrent use.
type Store struct {
	*rest
	options Options
	scripts scripts

	mu     sync.Mutex
	queues map[engine.Scope]*queue
	closed bool
	busy   sync.WaitGroup // workers of the queues
}

var (
	_ engine.Store       = (*Store)(nil)
	_ engine.Follower    = (*Store)(nil)
	_ engine.Whereabouts = (*Store)(nil)
)

// Open connects to a store and checks that its keys are in a shape known here. The address is one
// of
//
//	redis://user:password@host:port/db  rediss://…  unix:///path/of/the/socket
//	redis+sentinel://host1:port,host2:port/master
//	redis+cluster://host1:port,host2:port
//
// with rediss in place of redis for TLS. It returns ErrURL for another, ErrVersion for a store of
// another version and engine.ErrUnavailable where none answers.
func Open(ctx context.Context, address string, o Options) (*Store, error) {
	if o.Timeout <= 0 {
		o.Timeout = 3 * time.Second
	}
	client, err := connect(address, o)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := checkVersion(ctx, client); err != nil {
		_ = client.Close()
		return nil, fmt.Errorf("open store: %w", err)
	}
	return newStore(client, o), nil
}

func newStore(client redis.UniversalClient, o Options) *Store {
	return &Store{
		rest: newRest(client, o.Archive, o.Timeout, o.Clock), options: o, scripts: newScripts(),
		queues: map[engine.Scope]*queue{},
	}
}

// Close waits for the calls that were sent, ends what runs in the background and closes the
// connections. Later calls give engine.ErrUnavailable.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.busy.Wait()
	s.close()
	return s.client.Close()
}

// keepEvents is how many events, about, a stream keeps where nobody archives them.
const keepEvents = 100_000

// maxLen is what the scripts are told to cut the stream to, 0 for not at all.
func (s *Store) maxLen() int {
	if s.options.Archive != "" {
		return 0 // the archiver trims
	}
	return keepEvents
}
