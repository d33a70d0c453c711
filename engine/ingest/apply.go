package ingest

import (
	"math"

	"github.com/stint-city/stint/geo"
)

// row is what one row tells.
type row struct {
	id       uint64
	at       int64 // ms
	lat, lng int64 // 1e-7 degrees, of any size
	feed     uint16
	state    uint8
	stated   bool // whether state was told
	placed   bool // whether lat and lng were
}

// tally is what was made of rows.
type tally struct {
	held, old, moved, ahead, nowhere, outside int
}

// bounds is a box in 1e-7 degrees.
type bounds struct {
	known                    bool
	south, west, north, east int64
}

func boundsOf(b geo.Box) bounds {
	if b == (geo.Box{}) || b.Empty() {
		return bounds{}
	}
	return bounds{
		known: true, south: int64(math.Floor(b.Min.Lat * scale)),
		west:  int64(math.Floor(b.Min.Lng * scale)),
		north: int64(math.Ceil(b.Max.Lat * scale)), east: int64(math.Ceil(b.Max.Lng * scale)),
	}
}

func (b *bounds) holds(lat, lng int64) bool {
	return b.known && lat >= b.south && lat <= b.north && lng >= b.west && lng <= b.east
}

// place drops a place that is none: (0, 0) is a receiver without a fix, and axes that would be
// right the other way round are not mended. What is on Earth but not in the city is a place.
func (d *Door) place(r *row, t *tally) {
	switch {
	case !r.placed, d.area.holds(r.lat, r.lng) && r.lat|r.lng != 0:
		return
	case r.lat == 0 && r.lng == 0, d.area.holds(r.lng, r.lat),
		r.lat < -90*scale, r.lat > 90*scale, r.lng < -180*scale, r.lng > 180*scale:
		r.placed = false
		t.nowhere++
		return
	case d.area.known:
		t.outside++
	}
}

// apply takes in one row at the time now, ms. full is true for a new vehicle that has no room.
func (d *Door) apply(r *row, now int64, t *tally) (full bool) {
	if r.at > now+d.config.Ahead.Milliseconds() {
		t.ahead++
		return false
	}
	d.place(r, t)
	if !r.placed && !r.stated {
		t.old++ // nothing is left that could be news
		return false
	}
	next := vehicle{id: r.id, feed: r.feed}
	if r.stated {
		next.stateAt, next.state = r.at, r.state
	}
	s := &d.shards[r.id>>58]
	if r.placed {
		next.lat, next.lng, next.cellAt = int32(r.lat), int32(r.lng), r.at
		next.cell = d.cell(&next)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.at <= s.floor {
		t.old++
		return false
	}
	n := s.number(r.id)
	if n < 0 {
		if d.count.Add(1) > int64(d.config.Most) {
			d.count.Add(-1)
			return true
		}
		s.mark(s.add(next))
		t.held++
		t.moved++
		return false
	}
	v := s.at(n)
	cell, state := v.cell, v.state
	if !v.merge(&next) {
		t.old++
		return false
	}
	t.held++
	v.flags |= newer
	if v.cell != cell || v.state != state {
		t.moved++
		s.mark(n)
	}
	return false
}

// cell returns the cell of a vehicle's place.
func (d *Door) cell(next *vehicle) geo.Cell {
	c, err := d.locator.At(geo.LatLng{
		Lat: float64(next.lat) / scale, Lng: float64(next.lng) / scale,
	})
	if err != nil {
		panic("ingest: a place on Earth has no cell: " + err.Error())
	}
	return c
}

// merge merges the word next and reports whether it changed anything: engine.Word.Merge, where of
// two places in one cell at one time the greater holds.
func (v *vehicle) merge(next *vehicle) bool {
	changed := false
	if next.stateAt > v.stateAt || next.stateAt == v.stateAt && next.state > v.state {
		v.stateAt, v.state, changed = next.stateAt, next.state, true
	}
	if next.cellAt > v.cellAt || next.cellAt == v.cellAt && next.greater(v) {
		v.cellAt, v.cell, v.lat, v.lng = next.cellAt, next.cell, next.lat, next.lng
		changed = true
	}
	return changed
}

// greater orders two places of one time.
func (v *vehicle) greater(w *vehicle) bool {
	if v.cell != w.cell {
		return v.cell > w.cell
	}
	if v.lat != w.lat {
		return v.lat > w.lat
	}
	return v.lng > w.lng
}
