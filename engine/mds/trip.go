package mds

import (
	"slices"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// Trip is one ride, without its rider, its price and its way.
type Trip struct {
	ID, Device observe.ID
	Provider   string
	Start, End int64
	From, To   geo.LatLng
	Left, Came bool // whether From and To were told
	Seconds    int  // as told
	Metres     int
	Rider      bool // not a move by the operator
	Offset     int
	Faults     Faults
}

// tripTypes are the kinds of trips of micromobility; a trip without one is a rider's.
func tripType(word string) bool {
	return word == "rider" || word == "rebalance" || word == "maintenance"
}

// A trip is longer or farther than these by mistake.
const (
	mostSeconds = 30 * 24 * 3600
	mostMetres  = 1_000_000
)

// trip reads one trip.
func (r *reader) trip() Trip {
	t := Trip{Rider: true}
	ok := r.object(func(key string) {
		switch key {
		case "device_id":
			t.Device = r.id(key)
		case "provider_id":
			t.Provider = r.name(key)
		case "trip_id":
			t.ID = r.id(key)
		case "trip_type":
			kinds := r.words(tripType)
			t.Rider = len(kinds) == 0 || slices.Contains(kinds, "rider")
		case "start_time":
			t.Start = r.time(key)
		case "end_time":
			t.End = r.time(key)
		case "start_location":
			t.From, t.Left = r.place(key)
		case "end_location":
			t.To, t.Came = r.place(key)
		case "duration":
			t.Seconds, _ = r.Count(mostSeconds)
		case "distance":
			t.Metres, _ = r.Count(mostMetres)
		default:
			r.Skip()
		}
	})
	t.Offset = r.Offset()
	if ok {
		r.need("device_id", "trip_id", "start_time", "end_time")
		r.expect("provider_id", "start_location", "end_location", "duration", "distance")
		r.judgeTrip(&t)
	}
	t.Faults = r.faults
	return t
}

// judgeTrip refuses a trip that ends before it begins and counts a duration that isn't its times'.
func (r *reader) judgeTrip(t *Trip) {
	if !r.faults.None() {
		return
	}
	took := (t.End - t.Start) / 1000
	switch {
	case took < 0 || took > mostSeconds:
		r.Problem(lenient.Mismatch, "end_time")
		r.bad("end_time")
	case r.has("duration") && max(took-int64(t.Seconds), int64(t.Seconds)-took) > 1:
		r.Problem(lenient.Mismatch, "duration")
	}
}
