package engine

import (
	"time"

	"github.com/stint-city/stint/geo"
)

// ZoneKind says what a zone does to placements.
type ZoneKind string

// The kinds of zone.
const (
	ZoneBan    ZoneKind = "ban"    // nothing may be placed
	ZoneLimit  ZoneKind = "limit"  // at most Limit vehicles, all operators together
	ZoneStrict ZoneKind = "strict" // only within a ZoneSpot
	ZoneSpot   ZoneKind = "spot"   // a designated parking place
)

// Zone is a place with a rule of its own, always or for a time: an event is a zone with From and
// Until.
type Zone struct {
	ID      string
	Name    Name
	Kind    ZoneKind
	Limit   int       // ZoneLimit: vehicles
	Sectors []string  // nil = every sector
	From    time.Time // zero = always was
	Until   time.Time // zero = for good; the first moment it no longer holds
	Shape   geo.MultiPolygon
}

// zoneIndex finds the zones in force at a point.
type zoneIndex struct{}
