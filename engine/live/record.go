package live

import (
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// record is one line of the journal: one delivery.
type record struct {
	At       int64                `json:"at"` // ms when it was taken in
	Operator string               `json:"operator"`
	Sector   string               `json:"sector,omitempty"`
	Holds    int64                `json:"holds,omitempty"` // ms of a whole fleet; 0 = single words
	Source   string               `json:"source,omitempty"`
	Seen     []sighting           `json:"seen,omitempty"`
	Trips    []observe.Trip       `json:"trips,omitempty"`
	Vehicles []observe.Registered `json:"vehicles,omitempty"`
}

// sighting is an observe.Sighting in the journal, short since there are many.
type sighting struct {
	Vehicle observe.ID    `json:"v,omitempty"`
	Event   observe.ID    `json:"e,omitempty"`
	State   observe.State `json:"s,omitempty"`
	At      int64         `json:"t,omitempty"`
	Quiet   bool          `json:"q,omitempty"`
	Heard   int64         `json:"r,omitempty"` // when the vehicle itself reported
	Point   *[2]float64   `json:"p,omitempty"` // lat, lng
	Cell    geo.Cell      `json:"c,omitempty"`
}

// items is how many single facts a record has.
func (r *record) items() int { return len(r.Seen) + len(r.Trips) }

// recordOf returns a batch as a record.
func recordOf(b *observe.Batch, at int64) record {
	r := record{
		At: at, Operator: b.Operator, Sector: b.Sector, Source: b.Source,
		Seen: make([]sighting, len(b.Sightings)),
	}
	if b.Kind == observe.Snapshot {
		r.Holds = b.At
	}
	for i := range b.Sightings {
		x := &b.Sightings[i]
		s := sighting{
			Vehicle: x.Vehicle, Event: x.Event, State: x.State, At: x.At, Quiet: x.Quiet, Cell: x.Cell,
			Heard: x.Reported,
		}
		if x.Placed {
			s.Point = &[2]float64{x.Point.Lat, x.Point.Lng}
		}
		r.Seen[i] = s
	}
	return r
}

// batch returns the record as the batch it was made of.
func (r *record) batch() *observe.Batch {
	b := &observe.Batch{
		Operator: r.Operator, Sector: r.Sector, Kind: observe.Events, At: r.At, Source: r.Source,
		Sightings: make([]observe.Sighting, len(r.Seen)),
	}
	if r.Holds != 0 {
		b.Kind, b.At = observe.Snapshot, r.Holds
	}
	for i := range r.Seen {
		s := &r.Seen[i]
		x := observe.Sighting{
			Vehicle: s.Vehicle, Event: s.Event, State: s.State, At: s.At, Quiet: s.Quiet, Cell: s.Cell,
			Reported: s.Heard,
		}
		if s.Point != nil {
			x.Placed, x.Point = true, geo.LatLng{Lat: s.Point[0], Lng: s.Point[1]}
		}
		b.Sightings[i] = x
	}
	return b
}
