package mem

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/stint-city/stint/engine"
)

// Store is an engine.Store, an engine.Follower and an engine.Whereabouts in memory. It is safe for
// concurrent use.
type Store struct {
	// scopes is replaced, never changed, so that a decision finds its scope without a lock.
	scopes atomic.Pointer[map[engine.Scope]*ledger]
	adding sync.Mutex // held while scopes is replaced

	records     records
	pools       pools
	whereabouts whereabouts
}

// New returns an empty store.
func New() *Store {
	s := &Store{}
	s.scopes.Store(&map[engine.Scope]*ledger{})
	return s
}

// ledger returns the scope's ledger, an empty one for a scope that is new.
func (s *Store) ledger(scope engine.Scope) *ledger {
	if l, ok := (*s.scopes.Load())[scope]; ok {
		return l
	}
	s.adding.Lock()
	defer s.adding.Unlock()
	old := *s.scopes.Load()
	if l, ok := old[scope]; ok {
		return l
	}
	scopes := maps.Clone(old)
	l := &ledger{}
	scopes[scope] = l
	s.scopes.Store(&scopes)
	return l
}
