package observe

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/geo"
)

// Data is a kind of what is kept, with a retention of its own.
type Data string

// The kinds of data.
const (
	DataEvents    Data = "events"    // what happened to single vehicles
	DataFleets    Data = "fleets"    // whole fleets as they stood
	DataTelemetry Data = "telemetry" // positions
	DataTrips     Data = "trips"     // rides, without their riders
)

// Datas returns the kinds of data in a fixed order.
func Datas() []Data { return []Data{DataEvents, DataFleets, DataTelemetry, DataTrips} }

// Registered is a vehicle that an operator has registered.
type Registered struct {
	Vehicle    ID     `json:"vehicle"`
	Sector     string `json:"sector"`
	Type       string `json:"type"`       // in the word of the standard
	Propulsion string `json:"propulsion"` // its kinds, joined by commas
	Plate      ID     `json:"plate"`      // of the identifier on the vehicle
}

// Trip is one ride. Who rode, what was paid and the way between have no place here.
type Trip struct {
	ID      ID       `json:"id"`
	Vehicle ID       `json:"vehicle"`
	Sector  string   `json:"sector"`
	Start   int64    `json:"start"` // ms
	End     int64    `json:"end"`
	From    geo.Cell `json:"from,omitempty"` // 0 = not told, or no place
	To      geo.Cell `json:"to,omitempty"`
	Metres  int      `json:"metres"`
	Rider   bool     `json:"rider"` // a ride, not a move by the operator
}

// RideHour is how many rides of a sector ended in one hour.
type RideHour struct {
	Operator string `json:"operator"`
	Sector   string `json:"sector"`
	Hour     int64  `json:"hour_ms"` // when it begins
	N        int    `json:"n"`
}

// hour is in ms.
const hour = 3_600_000

// shortestRide is how long a ride lasts to count, ms: a shorter one is no trip in MDS Metrics.
const shortestRide = 60_000

// Rides counts rides by the hour in which they ended, each once. The zero value is empty.
type Rides struct {
	seen  map[ID]int64 // hour of the ride's end
	count map[rideKey]int
}

type rideKey struct {
	key
	hour int64
}

// Add counts an operator's rides and returns how many were new. Moves by the operator and rides of
// less than a minute are remembered and not counted; one without ID can't be told from another and
// is not taken.
func (r *Rides) Add(operator string, trips []Trip) (added int) {
	if r.seen == nil {
		r.seen, r.count = map[ID]int64{}, map[rideKey]int{}
	}
	for i := range trips {
		t := &trips[i]
		if _, again := r.seen[t.ID]; again || t.ID == 0 {
			continue
		}
		at := t.End - t.End%hour
		r.seen[t.ID] = at
		added++
		if t.Rider && t.End-t.Start >= shortestRide {
			r.count[rideKey{key{operator, t.Sector}, at}]++
		}
	}
	return added
}

// Forget drops the hours that ended by a time, ms.
func (r *Rides) Forget(before int64) {
	for id, at := range r.seen {
		if at+hour <= before {
			delete(r.seen, id)
		}
	}
	for k := range r.count {
		if k.hour+hour <= before {
			delete(r.count, k)
		}
	}
}

// Hours returns the counted hours from a time on, ms, by operator, sector and hour. An hour without
// a ride is left out: nobody can tell whether there was none or none was reported.
func (r *Rides) Hours(from int64) []RideHour {
	var list []RideHour
	for k, n := range r.count {
		if k.hour >= from {
			list = append(list, RideHour{k.operator, k.sector, k.hour, n})
		}
	}
	slices.SortFunc(list, func(a, b RideHour) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Sector, b.Sector),
			cmp.Compare(a.Hour, b.Hour))
	})
	return list
}
