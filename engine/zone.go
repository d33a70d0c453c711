package engine

import (
	"slices"
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

// holds reports whether the zone is in force at a time.
func (z *Zone) holds(now time.Time) bool {
	return (z.From.IsZero() || !now.Before(z.From)) && (z.Until.IsZero() || now.Before(z.Until))
}

// about reports whether the zone has a rule for a sector.
func (z *Zone) about(sector string) bool {
	return len(z.Sectors) == 0 || slices.Contains(z.Sectors, sector)
}

// zoneIndex finds the zones at a point. It doesn't change.
type zoneIndex struct {
	zones  []Zone
	shapes *geo.Zones
	timed  []int // limit zones that hold for a time only
}

func newZoneIndex(zones []Zone) *zoneIndex {
	shapes := make([]geo.Zone, len(zones))
	for i, z := range zones {
		shapes[i] = geo.Zone{ID: z.ID, Shape: z.Shape}
	}
	x := &zoneIndex{zones: zones, shapes: geo.NewZones(shapes)}
	for i, z := range zones {
		if z.Kind == ZoneLimit && (!z.From.IsZero() || !z.Until.IsZero()) {
			x.timed = append(x.timed, i)
		}
	}
	return x
}

// ground is what the zones at a point say about a sector.
type ground struct {
	ban    string   // a zone that bans; "" for none
	strict string   // a strict zone without a parking place at the point
	limits []string // limit zones
}

// at returns what the zones at a point say about a sector at a time.
func (x *zoneIndex) at(p geo.LatLng, sector string, now time.Time) ground {
	var g ground
	if len(x.zones) == 0 {
		return g
	}
	var room [8]int
	spot := false
	for _, i := range x.shapes.At(room[:0], p) {
		z := &x.zones[i]
		if !z.about(sector) || !z.holds(now) {
			continue
		}
		switch z.Kind {
		case ZoneBan:
			g.ban = z.ID
		case ZoneStrict:
			g.strict = z.ID
		case ZoneSpot:
			spot = true
		case ZoneLimit:
			g.limits = append(g.limits, z.ID)
		}
	}
	if spot {
		g.strict = ""
	}
	return g
}
