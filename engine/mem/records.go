package mem

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/stint-city/stint/engine"
)

// records are the logs and documents of every city.
type records struct {
	mu        sync.RWMutex
	logs      map[string][]engine.Entry
	documents map[document][]byte
}

// document names one document.
type document struct{ city, name string }

// Append adds an entry to the city's log, or returns engine.ErrConflict where it doesn't follow
// the last one.
func (s *Store) Append(ctx context.Context, city string, e engine.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &s.records
	r.mu.Lock()
	defer r.mu.Unlock()
	log := r.logs[city]
	last := engine.Entry{}
	if len(log) > 0 {
		last = log[len(log)-1]
	}
	if e.Seq != last.Seq+1 || e.Prev != last.Hash {
		return fmt.Errorf("append entry %d after %d: %w", e.Seq, last.Seq, engine.ErrConflict)
	}
	if r.logs == nil {
		r.logs = map[string][]engine.Entry{}
	}
	e.Body = bytes.Clone(e.Body)
	r.logs[city] = append(log, e)
	return nil
}

// Log returns up to limit entries after a number, in order.
func (s *Store) Log(
	ctx context.Context, city string, after int64, limit int,
) ([]engine.Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &s.records
	r.mu.RLock()
	defer r.mu.RUnlock()
	log := r.logs[city]
	first := min(max(after, 0), int64(len(log)))
	rest := log[first:]
	return slices.Clone(rest[:min(max(limit, 0), len(rest))]), nil
}

// PutDocument keeps bytes under a name, once: other bytes give engine.ErrExists.
func (s *Store) PutDocument(ctx context.Context, city, name string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &s.records
	r.mu.Lock()
	defer r.mu.Unlock()
	key := document{city, name}
	if old, ok := r.documents[key]; ok {
		if !bytes.Equal(old, data) {
			return fmt.Errorf("document %s: %w", name, engine.ErrExists)
		}
		return nil
	}
	if r.documents == nil {
		r.documents = map[document][]byte{}
	}
	r.documents[key] = bytes.Clone(data)
	return nil
}

// Document returns the bytes under a name, or engine.ErrNotFound.
func (s *Store) Document(ctx context.Context, city, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &s.records
	r.mu.RLock()
	defer r.mu.RUnlock()
	data, ok := r.documents[document{city, name}]
	if !ok {
		return nil, fmt.Errorf("document %s: %w", name, engine.ErrNotFound)
	}
	return bytes.Clone(data), nil
}
