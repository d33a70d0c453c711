package mem

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// whereabouts are the vehicles of every scope.
type whereabouts struct {
	mu     sync.Mutex
	scopes map[engine.Scope]*fleets
}

// fleets are the vehicles of one scope.
type fleets struct {
	mu    sync.Mutex
	floor engine.Millis // no word up to here is taken
	of    map[string]*fleet
}

// fleet are the vehicles of one operator in one scope.
type fleet struct {
	words map[uint64]engine.Word
	count map[stand]int
}

// stand is what vehicles are counted by.
type stand struct {
	cell  geo.Cell
	state uint8
}

// fleets returns a scope's vehicles, none for a scope that is new.
func (w *whereabouts) fleets(s engine.Scope) *fleets {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.scopes == nil {
		w.scopes = map[engine.Scope]*fleets{}
	}
	f := w.scopes[s]
	if f == nil {
		f = &fleets{of: map[string]*fleet{}}
		w.scopes[s] = f
	}
	return f
}

// Tell merges words about an operator's vehicles into those kept; see engine.Whereabouts.
func (s *Store) Tell(
	ctx context.Context, scope engine.Scope, operator string, words []engine.Word,
) (changed int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := engine.CheckWords(operator, words); err != nil {
		return 0, err
	}
	all := s.whereabouts.fleets(scope)
	all.mu.Lock()
	defer all.mu.Unlock()
	f := all.of[operator]
	if f == nil {
		f = &fleet{words: map[uint64]engine.Word{}, count: map[stand]int{}}
		all.of[operator] = f
	}
	for i := range words {
		if f.tell(words[i], all.floor) {
			changed++
		}
	}
	return changed, nil
}

// tell merges one word and reports whether that changed anything.
func (f *fleet) tell(word engine.Word, floor engine.Millis) bool {
	if max(word.StateAt, word.CellAt) <= floor {
		return false
	}
	old, known := f.words[word.Vehicle]
	next := word
	if known {
		if next = old.Merge(word); next == old {
			return false
		}
		f.add(old, -1)
	}
	f.words[word.Vehicle] = next
	f.add(next, 1)
	return true
}

// add counts a vehicle, or no longer.
func (f *fleet) add(w engine.Word, n int) {
	at := stand{w.Cell, w.State}
	if f.count[at] += n; f.count[at] == 0 {
		delete(f.count, at)
	}
}

// Stands returns the counts above 0 by operator, cell and state.
func (s *Store) Stands(ctx context.Context, scope engine.Scope) ([]engine.Stand, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all := s.whereabouts.fleets(scope)
	all.mu.Lock()
	defer all.mu.Unlock()
	var list []engine.Stand
	for operator, f := range all.of {
		for at, n := range f.count {
			list = append(list, engine.Stand{Operator: operator, Cell: at.cell, State: at.state, N: n})
		}
	}
	slices.SortFunc(list, func(a, b engine.Stand) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Cell, b.Cell),
			cmp.Compare(a.State, b.State))
	})
	return list, nil
}

// Vehicles returns the word kept of each of some vehicles; see engine.Whereabouts.
func (s *Store) Vehicles(
	ctx context.Context, scope engine.Scope, operator string, ids []uint64,
) ([]engine.Word, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all := s.whereabouts.fleets(scope)
	all.mu.Lock()
	defer all.mu.Unlock()
	list := make([]engine.Word, len(ids))
	if f := all.of[operator]; f != nil {
		for i, id := range ids {
			list[i] = f.words[id]
		}
	}
	return list, nil
}

// Forget drops the vehicles of which nothing was told after a time; see engine.Whereabouts.
func (s *Store) Forget(
	ctx context.Context, scope engine.Scope, until engine.Millis,
) (dropped int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	all := s.whereabouts.fleets(scope)
	all.mu.Lock()
	defer all.mu.Unlock()
	all.floor = max(all.floor, until)
	for operator, f := range all.of {
		for id, w := range f.words {
			if max(w.StateAt, w.CellAt) <= until {
				f.add(w, -1)
				delete(f.words, id)
				dropped++
			}
		}
		if len(f.words) == 0 {
			delete(all.of, operator)
		}
	}
	return dropped, nil
}
