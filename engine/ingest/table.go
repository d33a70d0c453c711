package ingest

import (
	"sync"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// vehicle is what is known of one vehicle: 48 bytes. With its entry of the index, and slack in
// both, it takes at most 64.
type vehicle struct {
	id       uint64
	stateAt  int64    // ms; 0 = no state was told
	cellAt   int64    // ms; 0 = no place was told
	cell     geo.Cell // of the place
	lat, lng int32    // 1e-7 degrees
	told     uint32   // s: when the store was last told
	feed     uint16
	state    uint8
	flags    uint8
}

// The flags of a vehicle.
const (
	marked uint8 = 1 << iota // in shard.pending: its count changed since the store was told
	newer                    // something is newer than what the store was told
)

// word returns what the store is told.
func (v *vehicle) word() engine.Word {
	return engine.Word{
		Vehicle: v.id, StateAt: engine.Millis(v.stateAt), State: v.state,
		CellAt: engine.Millis(v.cellAt), Cell: v.cell,
	}
}

// last is the time of the last word about it, ms.
func (v *vehicle) last() int64 { return max(v.stateAt, v.cellAt) }

const (
	shards   = 64
	pageSize = 256 // vehicles
	keepCap  = 1024
)

// shard is a part of the table with a lock of its own. It finds vehicles by open addressing with
// linear probing, as IDs are hashes already, and keeps them in pages, which never move.
type shard struct {
	mu      sync.Mutex
	pages   []*[pageSize]vehicle
	n       int
	slots   []uint32 // 1 + number of a vehicle; 0 = free
	pending []uint32 // numbers of vehicles that are marked
	floor   int64    // ms: no row up to here is taken
	_       [32]byte // keeps two locks off one cache line
}

// at returns the vehicle of a number.
func (s *shard) at(n int) *vehicle { return &s.pages[n/pageSize][n%pageSize] }

// number returns the number of a vehicle, or -1.
func (s *shard) number(id uint64) int {
	if len(s.slots) == 0 {
		return -1
	}
	mask := uint64(len(s.slots) - 1)
	for i := id & mask; ; i = (i + 1) & mask {
		n := s.slots[i]
		if n == 0 {
			return -1
		}
		if s.at(int(n-1)).id == id {
			return int(n - 1)
		}
	}
}

// add appends a vehicle that number didn't find, and returns its number.
func (s *shard) add(v vehicle) int {
	if 8*(s.n+1) > 7*len(s.slots) {
		s.slots = make([]uint32, max(64, 2*len(s.slots)))
		for n := range s.n {
			s.index(n)
		}
	}
	if s.n == len(s.pages)*pageSize {
		s.pages = append(s.pages, new([pageSize]vehicle))
	}
	*s.at(s.n) = v
	s.index(s.n)
	s.n++
	return s.n - 1
}

// index makes a vehicle's number found.
func (s *shard) index(n int) {
	mask := uint64(len(s.slots) - 1)
	i := s.at(n).id & mask
	for s.slots[i] != 0 {
		i = (i + 1) & mask
	}
	s.slots[i] = uint32(n + 1)
}

// mark puts a vehicle on the list of those that the store is to be told of.
func (s *shard) mark(n int) {
	v := s.at(n)
	if v.flags&marked == 0 {
		v.flags |= marked
		s.pending = append(s.pending, uint32(n))
	}
}

// drop forgets the vehicles of which nothing was told after a time, ms, and returns how many.
func (s *shard) drop(until int64) int {
	s.floor = max(s.floor, until)
	kept := 0
	s.pending = s.pending[:0]
	for n := range s.n {
		v := *s.at(n)
		if v.last() <= until {
			continue
		}
		*s.at(kept) = v
		if v.flags&marked != 0 {
			s.pending = append(s.pending, uint32(kept))
		}
		kept++
	}
	dropped := s.n - kept
	for n := kept; n < s.n; n++ {
		*s.at(n) = vehicle{}
	}
	s.n = kept
	clear(s.pages[(kept+pageSize-1)/pageSize:])
	s.pages = s.pages[:(kept+pageSize-1)/pageSize]
	clear(s.slots)
	for n := range s.n {
		s.index(n)
	}
	return dropped
}
