package observe

import (
	"cmp"
	"iter"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Method is a named, versioned way to count: which states count, and for how long a vehicle counts
// after the last word about it.
type Method struct {
	Name   string
	States StateSet
	Lost   int64 // ms after the last word from which a vehicle no longer counts; 0 = never
}

// Methods returns the ways to count that a city may choose. A way once published never changes: a
// change is a new name.
//
//   - point_in_time_v1: last word of each vehicle; available, non_operational, reserved,
//     non_contactable; no age limit (../shared/spec/interop.md section 7)
//   - point_in_time_trips_v1: on_trip as well
//   - standing_v1: as the first, with stopped, and with vehicles that a feed of parked vehicles
//     shows without telling their state
//   - last_event_48h_v1: as the first, but forgets a vehicle silent for 48 hours, as lacuna's
//     mds-core 17fedc1 does; to compare only, it lets idle vehicles out of the cap
func Methods() []Method {
	base := SetOf(Available, NonOperational, Reserved, NonContactable)
	return []Method{
		{Name: "point_in_time_v1", States: base},
		{Name: "point_in_time_trips_v1", States: base | SetOf(OnTrip)},
		{Name: "standing_v1", States: base | SetOf(Stopped, Unknown)},
		{Name: "last_event_48h_v1", States: base, Lost: 48 * 3600 * 1000},
	}
}

// MethodOf returns the method of a name.
func MethodOf(name string) (m Method, ok bool) {
	list := Methods()
	i := slices.IndexFunc(list, func(m Method) bool { return m.Name == name })
	if i < 0 {
		return m, false
	}
	return list[i], true
}

// counts reports whether a method counts a vehicle.
func (m *Method) counts(v *vehicle, now int64) bool {
	return m.States.Has(v.state) && (m.Lost == 0 || now-v.at < m.Lost)
}

// Count is how many vehicles of one feed are in one cell and state. Cell 0 = their place is
// unknown.
type Count struct {
	Operator string   `json:"operator"`
	Sector   string   `json:"sector"`
	Cell     geo.Cell `json:"cell"`
	State    State    `json:"state"`
	N        int      `json:"n"`
}

// all are the vehicles of a picture, those without a name last.
func (p *picture) all() iter.Seq[*vehicle] {
	return func(yield func(*vehicle) bool) {
		for _, list := range [][]vehicle{p.list, p.nameless} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Occupancy counts the vehicles by feed, cell and state, in this order. Feeds that are stale or
// silent at now are left out, and Health says so: nothing is known of them.
func (s *Street) Occupancy(m Method, now int64) []Count {
	var list []Count
	for _, k := range s.feeds() {
		p := s.pictures[k]
		if s.status(p, now) != Known {
			continue
		}
		type place struct {
			cell  geo.Cell
			state State
		}
		n := map[place]int{}
		for v := range p.all() {
			if m.counts(v, now) {
				n[place{v.cell, v.state}]++
			}
		}
		for at, count := range n {
			list = append(list, Count{k.operator, k.sector, at.cell, at.state, count})
		}
	}
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Sector, b.Sector),
			cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.State, b.State))
	})
	return list
}

// Smallest is the least count that may be published: a smaller one could point at a person.
const Smallest = 10

// Publish returns a count as it may be published; ok is false where it must be suppressed. Zero is
// suppressed too, as MDS Metrics has it.
func Publish(n int) (published int, ok bool) { return n, n >= Smallest }
