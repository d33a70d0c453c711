package observe

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Settings are what a Street is told once.
type Settings struct {
	Resolution int        // H3, of the cells
	Area       geo.Box    // the city and its surroundings; empty = unknown
	City       *geo.Zones // its districts; nil = Area is all that is known of its border
	Stale      int64      // ms: an older picture is unknown; 0 = never
	Ahead      int64      // ms that a feed's clock may be ahead of ours
	Near       float64    // m within which a vehicle has not moved
	MaxSpeed   float64    // m/s above which a change of place is a jump
	Restart    int64      // ms of silence after which a feed of events begins anew; 0 = never
}

// mostEvents bounds the event IDs remembered of a feed; older ones are told by their time alone.
const mostEvents = 1 << 16

// key names a feed.
type key struct{ operator, sector string }

// picture is the last known fleet of a feed.
type picture struct {
	table
	floor        int64 // ms: nothing up to here is taken any more
	snapshot     int64 // ms of the last snapshot; 0 = none yet
	last         int64 // ms of the last word
	nameless     []vehicle
	departs      bool            // its events also tell when a vehicle leaves its place
	events, past map[ID]struct{} // the IDs of events, in two generations
	health       tally
}

// Street is what stands where. One goroutine at a time may use it.
type Street struct {
	settings Settings
	pictures map[key]*picture
	piled    map[geo.Cell]pileClock
	starved  map[geo.Cell]int64 // ms since when a cell starves
	moved    func(Move)         // hears of every change of place; nil = nobody listens
}

// New returns a street of which nothing is known.
func New(s Settings) *Street {
	return &Street{
		settings: s, pictures: map[key]*picture{}, piled: map[geo.Cell]pileClock{},
		starved: map[geo.Cell]int64{},
	}
}

// Expect says that a feed should be delivered, so that its silence is seen.
func (s *Street) Expect(operator, sector string) { s.picture(key{operator, sector}) }

func (s *Street) picture(k key) *picture {
	p := s.pictures[k]
	if p == nil {
		p = &picture{events: map[ID]struct{}{}}
		s.pictures[k] = p
	}
	return p
}

// feeds returns the known feeds by operator and sector.
func (s *Street) feeds() []key {
	list := make([]key, 0, len(s.pictures))
	for k := range s.pictures {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.operator, b.operator), cmp.Compare(a.sector, b.sector))
	})
	return list
}

// Apply takes a batch in at the time now, ms.
func (s *Street) Apply(b *Batch, now int64) Taken {
	p := s.picture(key{b.Operator, b.Sector})
	if b.Kind == Events {
		return s.applyEvents(p, b, now)
	}
	switch {
	case b.At > now+s.settings.Ahead:
		p.health.future++
		return Taken{Future: true}
	case p.snapshot != 0 && b.At <= p.snapshot:
		return Taken{Late: true}
	}
	return s.applySnapshot(p, b)
}

// applySnapshot replaces what is not newer than the snapshot.
func (s *Street) applySnapshot(p *picture, b *Batch) Taken {
	var taken Taken
	h := tally{rows: len(b.Sightings), previous: p.snapshot, future: p.health.future}
	before := 0
	for i := range p.list {
		if p.snapshot != 0 && p.list[i].at == p.snapshot {
			before++
		}
	}
	here := make(map[ID]struct{}, len(b.Sightings))
	var ages [states][]int64
	p.nameless = p.nameless[:0]
	for i := range b.Sightings {
		x := &b.Sightings[i]
		v := s.vehicleOf(x, b.At, &h)
		if x.Reported > 0 && x.State.OnStreet() {
			ages[x.State] = append(ages[x.State], max(0, b.At-x.Reported))
		}
		if x.Vehicle == 0 {
			p.nameless = append(p.nameless, v)
			h.nameless++
			taken.Applied++
			continue
		}
		_, again := here[x.Vehicle]
		if again {
			taken.Duplicates++
			h.duplicates++
		} else {
			here[x.Vehicle] = struct{}{}
		}
		n := p.find(x.Vehicle)
		if n < 0 {
			p.add(v)
			taken.Applied++
			continue
		}
		old := &p.list[n]
		if old.at == p.snapshot && p.snapshot != 0 {
			h.kept++
			s.watchMove(old, &v, &h)
		}
		if !again { // nothing up to the snapshot's own time stands against it
			old.yield(b.At)
		}
		if put(old, v, s.settings.Near) {
			taken.Applied++
		}
	}
	p.snapshot, p.floor, p.last = b.At, max(p.floor, b.At), max(p.last, b.At)
	p.keep(func(v *vehicle) bool {
		_, found := here[v.id]
		if v.placedAt < b.At || !found && v.placedAt == b.At { // the snapshot denies the place
			v.placedAt, v.cell, v.lat, v.lng, v.since = 0, 0, 0, 0, 0
		}
		if !found && v.at <= b.At { // and the state; what is told of a place since then stays
			v.at, v.state = 0, Unknown
		}
		return found || max(v.at, v.placedAt) > b.At
	})
	h.fresh = freshness(&ages)
	h.before, h.vehicles = before, len(here)+len(p.nameless)
	p.health = h.after(p.health, b.At)
	return taken
}

// yield makes what was told up to a time, ms, give way to what is told of that time.
func (v *vehicle) yield(at int64) {
	if v.at == at {
		v.at--
	}
	if v.placedAt == at {
		v.placedAt--
	}
}

// watchMove counts a jump: a change of place faster than anything on wheels.
func (s *Street) watchMove(old, next *vehicle, h *tally) {
	if old.placedAt == 0 || next.placedAt <= old.placedAt || s.settings.MaxSpeed <= 0 {
		return
	}
	h.paired++
	seconds := float64(next.placedAt-old.placedAt) / 1000
	if geo.Distance(old.point(), next.point()) > s.settings.MaxSpeed*seconds {
		h.jumps++
	}
}

func (s *Street) applyEvents(p *picture, b *Batch, now int64) Taken {
	var taken Taken
	p.restart(s.settings.Restart, now)
	for i := range b.Sightings {
		x := &b.Sightings[i]
		switch {
		case x.Vehicle == 0:
			taken.Nameless++
			continue
		case x.At > now+s.settings.Ahead:
			taken.Ahead++
			p.health.future++
			continue
		case !p.fresh(x.Event):
			taken.Repeated++
			p.health.rows++
			p.health.duplicates++
			continue
		case x.At <= p.floor:
			taken.Old++
			continue
		}
		v := s.vehicleOf(x, x.At, &p.health)
		p.health.rows++
		p.last = max(p.last, x.At)
		p.departs = p.departs || !x.State.Standing() && x.State != Unknown
		if x.Quiet {
			v.at, v.state = 0, Unknown
		}
		if x.Quiet && v.placedAt == 0 {
			taken.Placeless++
			continue
		}
		if n := p.find(x.Vehicle); n < 0 {
			p.add(v)
		} else if !s.change(&p.list[n], v, p) {
			taken.Old++
			if x.Event == 0 && p.list[n].says(&v) {
				p.health.duplicates++
			}
			continue
		}
		taken.Applied++
	}
	return taken
}

// fresh remembers the ID of an event and reports whether it is new; one without ID always is.
func (p *picture) fresh(id ID) bool {
	if id == 0 {
		return true
	}
	_, now := p.events[id]
	_, before := p.past[id]
	if now || before {
		return false
	}
	if len(p.events) >= mostEvents {
		p.past, p.events = p.events, make(map[ID]struct{}, mostEvents)
	}
	p.events[id] = struct{}{}
	return true
}

// vehicleOf returns a sighting as a vehicle, and counts what is wrong with its position.
func (s *Street) vehicleOf(x *Sighting, at int64, h *tally) vehicle {
	v := vehicle{id: x.Vehicle, at: at, state: x.State, since: uint32(max(0, at/1000))}
	if !x.Placed {
		if x.Cell != 0 {
			v.cell, v.placedAt = x.Cell, at
		}
		return v
	}
	h.placed++
	h.decimals[decimalsOf(x.Point)]++
	f := judge(x.Point, s.settings.Area)
	if f == faultNone && s.settings.City != nil && len(s.settings.City.At(nil, x.Point)) == 0 {
		f = faultOutside
	}
	h.faults[f]++
	if f != faultNone && f != faultOutside {
		return v
	}
	cell, err := geo.CellAt(x.Point, s.settings.Resolution)
	if err != nil {
		h.faults[faultNowhere]++
		return v
	}
	v.lat, v.lng = int32(math.Round(x.Point.Lat*1e7)), int32(math.Round(x.Point.Lng*1e7))
	v.cell, v.placedAt = cell, at
	return v
}

// put merges the word next into old and reports whether it changed anything. State and place are
// each as the latest word about them says; at the same time the greater word holds.
func put(old *vehicle, next vehicle, near float64) bool {
	before := *old
	if next.at > old.at || next.at == old.at && next.state > old.state {
		old.at, old.state = next.at, next.state
	}
	if next.placedAt > old.placedAt || next.placedAt != 0 && next.placedAt == old.placedAt &&
		comparePlace(&next, old) > 0 {
		if old.placedAt != 0 && next.placedAt > old.placedAt && old.lat|old.lng != 0 &&
			next.lat|next.lng != 0 && geo.Distance(old.point(), next.point()) <= near {
			next.since = old.since
		}
		old.placedAt, old.cell = next.placedAt, next.cell
		old.lat, old.lng, old.since = next.lat, next.lng, next.since
	}
	return *old != before
}

func comparePlace(a, b *vehicle) int {
	return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.lat, b.lat), cmp.Compare(a.lng, b.lng))
}

// Forget drops vehicles off the street whose last word is not after before, ms, and takes no event
// up to then any more: so that a late one can't bring them back.
func (s *Street) Forget(before int64) {
	for _, p := range s.pictures {
		p.floor = max(p.floor, before)
		p.keep(func(v *vehicle) bool { return v.state.OnStreet() || max(v.at, v.placedAt) > before })
	}
}

// String says how much a street knows, for a log.
func (s *Street) String() string {
	n := 0
	for _, p := range s.pictures {
		n += len(p.list) + len(p.nameless)
	}
	return fmt.Sprintf("%d feeds, %d vehicles", len(s.pictures), n)
}
