package observe

import "github.com/stint-city/stint/geo"

// vehicle is what is known of one vehicle: 48 bytes. With its entry of the index, and slack in
// both, it takes at most 64.
type vehicle struct {
	id       ID
	at       int64    // ms of the last word about it
	placedAt int64    // ms of the last word about its place; 0 = none
	cell     geo.Cell // 0 = not placed
	lat, lng int32    // 1e-7 degrees; 0, 0 where only a cell was told
	since    uint32   // s: seen within a few metres of here since
	state    State
}

// point is where it was told to be.
func (v *vehicle) point() geo.LatLng {
	return geo.LatLng{Lat: float64(v.lat) / 1e7, Lng: float64(v.lng) / 1e7}
}

// table finds vehicles by ID: open addressing with linear probing, as IDs are already hashes.
type table struct {
	list  []vehicle
	slots []uint32 // 1 + number in list; 0 = free
}

// find returns the number of a vehicle, or -1.
func (t *table) find(id ID) int {
	if len(t.slots) == 0 {
		return -1
	}
	mask := uint64(len(t.slots) - 1)
	for i := uint64(id) & mask; ; i = (i + 1) & mask {
		switch n := t.slots[i]; {
		case n == 0:
			return -1
		case t.list[n-1].id == id:
			return int(n - 1)
		}
	}
}

// add appends a vehicle that find didn't find.
func (t *table) add(v vehicle) {
	if 8*(len(t.list)+1) > 7*len(t.slots) {
		t.slots = make([]uint32, max(64, 2*len(t.slots)))
		for n := range t.list {
			t.put(n)
		}
	}
	if len(t.list) == cap(t.list) { // by a sixteenth: append would by a quarter
		wider := make([]vehicle, len(t.list), len(t.list)+len(t.list)/16+64)
		copy(wider, t.list)
		t.list = wider
	}
	t.list = append(t.list, v)
	t.put(len(t.list) - 1)
}

func (t *table) put(n int) {
	mask := uint64(len(t.slots) - 1)
	i := uint64(t.list[n].id) & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = uint32(n + 1)
}

// keep drops the vehicles that stays refuses, which may change the numbers of the others.
func (t *table) keep(stays func(*vehicle) bool) {
	kept := t.list[:0]
	for i := range t.list {
		if stays(&t.list[i]) {
			kept = append(kept, t.list[i])
		}
	}
	clear(t.list[len(kept):])
	t.list = kept
	clear(t.slots)
	for n := range t.list {
		t.put(n)
	}
}
