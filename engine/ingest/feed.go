package ingest

import (
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/stint-city/stint/engine/observe"
)

// feedKey names a feed.
type feedKey struct{ operator, sector string }

const (
	mostFeeds = 10_000
	mostName  = 64 // bytes of the name of an operator or sector
)

// feeds are the feeds that were ever told of, by number.
type feeds struct {
	mu    sync.RWMutex
	salt  []byte
	list  []feedKey
	index map[feedKey]uint16
}

// number returns a feed's number, a new one for a feed that is new; ok is false for too many.
func (f *feeds) number(k feedKey) (n uint16, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n, ok := f.index[k]; ok {
		return n, true
	}
	if len(f.list) == mostFeeds {
		return 0, false
	}
	if f.index == nil {
		f.index = map[feedKey]uint16{}
	}
	n = uint16(len(f.list))
	f.list, f.index[k] = append(f.list, k), n
	return n, true
}

// of returns the feed of a number.
func (f *feeds) of(n uint16) feedKey {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.list[n]
}

// sectors returns the sectors that were told of, and some more, in order.
func (f *feeds) sectors(more []string) []string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	list := slices.Clone(more)
	for _, k := range f.list {
		list = append(list, k.sector)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// hasher returns what makes the IDs of a feed's vehicles: two feeds that use one name have two
// vehicles. It is for one goroutine.
func (f *feeds) hasher(k feedKey) *observe.Hasher {
	salt := append(slices.Clone(f.salt), 0)
	salt = append(append(append(salt, k.operator...), 0), k.sector...)
	return observe.NewHasher(salt)
}

// goodName reports whether a text may name an operator or a sector.
func goodName(name []byte) bool {
	if len(name) == 0 || len(name) > mostName || !utf8.Valid(name) {
		return false
	}
	return !slices.ContainsFunc(name, func(c byte) bool { return c < ' ' || c == 0x7f })
}
