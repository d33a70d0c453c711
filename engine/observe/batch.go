package observe

import (
	"math"

	"github.com/stint-city/stint/geo"
)

// Sighting is one vehicle as one feed told of it.
type Sighting struct {
	Vehicle ID // 0 = the feed names none
	Event   ID // 0 = not an event, or it has no name
	State   State
	Placed  bool       // whether Point was told; an event may have no place
	Point   geo.LatLng // as told; Apply judges it
	Cell    geo.Cell   // told instead of a point; 0 = not told
	At      int64      // of an event; of a snapshot's row it is not read
	Quiet   bool       // an event that tells a place and no state, as telemetry does
	// Reported is when the vehicle itself last reported, ms, in a snapshot; 0 = not told.
	Reported int64
}

// Kind says what a batch tells.
type Kind uint8

// The kinds of batches.
const (
	Snapshot Kind = iota // the whole fleet at At: who is missing has gone
	Events               // what happened to single vehicles
)

// Batch is one delivery of one operator's feed of one sector.
type Batch struct {
	Operator, Sector string
	Kind             Kind
	At               int64  // when the snapshot holds, or the events were handed over
	Source           string // file or address, for evidence; no credentials
	Sightings        []Sighting
}

// Taken says what Apply did with a batch.
type Taken struct {
	Late       bool `json:"late"`       // a snapshot not newer than the one known: nothing was taken
	Future     bool `json:"future"`     // a snapshot from a time to come: nothing was taken
	Applied    int  `json:"applied"`    // sightings that now hold
	Old        int  `json:"old"`        // events older than what is known
	Repeated   int  `json:"repeated"`   // events whose ID was taken before
	Ahead      int  `json:"ahead"`      // events from a time to come, not taken
	Nameless   int  `json:"nameless"`   // events that name no vehicle, not taken
	Placeless  int  `json:"placeless"`  // positions that can't be, of events that tell no more
	Duplicates int  `json:"duplicates"` // rows of a snapshot whose vehicle it had already
}

// fault is what is wrong with a position.
type fault uint8

const (
	faultNone    fault = iota
	faultZero          // (0, 0): a receiver without a fix
	faultSwapped       // latitude and longitude changed places
	faultNowhere       // not on Earth
	faultOutside       // not in the city's surroundings
)

// judge says what is wrong with a point. area is the city's surroundings, empty where unknown: only
// with it can swapped axes be told. A swapped point is counted, not mended.
func judge(p geo.LatLng, area geo.Box) fault {
	turned := !area.Empty() && area.Contains(geo.LatLng{Lat: p.Lng, Lng: p.Lat})
	switch {
	case p.Lat == 0 && p.Lng == 0:
		return faultZero
	case !area.Empty() && area.Contains(p):
		return faultNone
	case turned:
		return faultSwapped
	case !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180):
		return faultNowhere
	case !area.Empty():
		return faultOutside
	}
	return faultNone
}
