package mds

import (
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// Status is one vehicle as an operator's API last knew it.
type Status struct {
	Device    observe.ID
	Provider  string
	Event     Event
	Telemetry Telemetry
	Offset    int
	Faults    Faults
}

// inner reads an object within an item, without what is counted of the item.
func (r *reader) inner(read func()) {
	faults, seen := r.faults, r.seen
	r.seen = nil
	read()
	r.faults, r.seen = faults, seen
}

// status reads one vehicle's status. What it lacks of its last event or telemetry is counted and
// left unknown: the vehicle exists all the same.
func (r *reader) status() Status {
	var s Status
	ok := r.object(func(key string) {
		switch key {
		case "device_id":
			s.Device = r.id(key)
		case "provider_id":
			s.Provider = r.name(key)
		case "last_event":
			r.inner(func() { s.Event = r.event() })
		case "last_telemetry":
			r.inner(func() { s.Telemetry = r.telemetry() })
		default:
			r.Skip()
		}
	})
	s.Offset = r.Offset()
	if ok {
		r.need("device_id")
		r.expect("provider_id", "last_event", "last_telemetry")
	}
	s.Faults = r.faults
	return s
}

// sighting returns a vehicle as its status shows it, at the later of its two places.
func (s *Status) sighting(where Geographies) observe.Sighting {
	x := s.Event.sighting(where)
	x.Vehicle, x.Event = s.Device, 0
	x.Reported = max(s.Event.At, s.Telemetry.At)
	if t := &s.Telemetry; t.Placed && (!x.Placed || t.At >= s.Event.At) {
		x.Placed, x.Point = true, t.Point
	}
	return x
}

// ReadStatuses reads a page of /vehicles/status.
func ReadStatuses(
	body []byte, h *observe.Hasher, report *lenient.Report,
) ([]Status, Page, error) {
	var list []Status
	r := newReader("vehicles/status", body, h, report)
	p, err := r.page("vehicles_status", true, func() { list = append(list, r.status()) })
	p.Next = nextLink(body)
	return list, p, err
}

// ReadEvents reads a page of /events/recent.
func ReadEvents(
	body []byte, h *observe.Hasher, report *lenient.Report,
) ([]Event, Page, error) {
	var list []Event
	r := newReader("events/recent", body, h, report)
	p, err := r.page("events", false, func() { list = append(list, r.event()) })
	p.Next = nextLink(body)
	return list, p, err
}

// ReadTrips reads an hour of /trips.
func ReadTrips(
	body []byte, h *observe.Hasher, report *lenient.Report,
) ([]Trip, Page, error) {
	var list []Trip
	r := newReader("trips", body, h, report)
	p, err := r.page("trips", false, func() { list = append(list, r.trip()) })
	return list, p, err
}

// ReadVehicles reads a page of /vehicles.
func ReadVehicles(
	body []byte, h *observe.Hasher, report *lenient.Report,
) ([]Vehicle, Page, error) {
	var list []Vehicle
	r := newReader("vehicles", body, h, report)
	p, err := r.page("vehicles", true, func() { list = append(list, r.vehicle()) })
	p.Next = nextLink(body)
	return list, p, err
}
