package mds

import (
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// Event is a change of a vehicle's state.
type Event struct {
	ID, Device observe.ID
	Provider   string // its UUID, as told
	State      observe.State
	Types      []string // in the words of the standard, in order
	At         int64
	Placed     bool
	Point      geo.LatLng
	Geography  []string // UUIDs of the geographies it happened in
	Offset     int      // of the item in its body
	Faults     Faults
}

// Telemetry is one position of a vehicle.
type Telemetry struct {
	ID, Device observe.ID
	Provider   string
	At         int64
	Placed     bool
	Point      geo.LatLng
	Offset     int
	Faults     Faults
}

// event reads one event. Its place, or the geographies it happened in, may be missing: then it
// tells a state and no more, and that is counted.
func (r *reader) event() Event {
	var e Event
	trips := 0
	ok := r.object(func(key string) {
		switch key {
		case "device_id":
			e.Device = r.id(key)
		case "provider_id":
			e.Provider = r.name(key)
		case "event_id":
			e.ID = r.id(key)
		case "vehicle_state":
			e.State = r.state(key)
		case "event_types":
			e.Types = r.words(known)
		case "timestamp":
			e.At = r.time(key)
		case "location":
			e.Point, e.Placed = r.place(key)
		case "event_geographies":
			r.names(func(id string) {
				const most = 64
				if len(e.Geography) < most {
					e.Geography = append(e.Geography, id)
				}
			})
		case "trip_ids":
			trips = r.names(nil)
		default:
			r.Skip()
		}
	})
	e.Offset = r.Offset()
	if ok {
		r.need("device_id", "event_id", "vehicle_state", "event_types", "timestamp")
		r.expect("provider_id")
		r.judge(&e, trips)
	}
	e.Faults = r.faults
	return e
}

// judge counts what an event says that doesn't fit together.
func (r *reader) judge(e *Event, trips int) {
	if !r.has("location") && len(e.Geography) == 0 {
		r.Missing("location")
	}
	if len(e.Types) == 0 && r.has("event_types") {
		r.Problem(lenient.Value, "event_types")
	}
	if len(e.Types) > 0 && e.State != observe.Unknown && !leads(e.Types, e.State) {
		r.Problem(lenient.Mismatch, e.Types[len(e.Types)-1]+" "+e.State.String())
	}
	for _, word := range e.Types {
		if ofTrip(word) && trips == 0 {
			r.Missing("trip_ids")
			break
		}
	}
}

// state reads a state in the word of the standard.
func (r *reader) state(key string) observe.State {
	word, ok := r.Text()
	if !ok {
		r.bad(key)
		return observe.Unknown
	}
	s, ok := observe.ParseState(word)
	if !ok || s == observe.Unknown {
		r.Problem(lenient.Word, word)
		r.bad(key)
	}
	return s
}

// telemetry reads one position.
func (r *reader) telemetry() Telemetry {
	var t Telemetry
	ok := r.object(func(key string) {
		switch key {
		case "device_id":
			t.Device = r.id(key)
		case "provider_id":
			t.Provider = r.name(key)
		case "telemetry_id":
			t.ID = r.id(key)
		case "timestamp":
			t.At = r.time(key)
		case "location":
			t.Point, t.Placed = r.place(key)
		default:
			r.Skip()
		}
	})
	t.Offset = r.Offset()
	if ok {
		r.need("device_id", "timestamp", "location")
		r.expect("provider_id", "telemetry_id")
	}
	t.Faults = r.faults
	return t
}
