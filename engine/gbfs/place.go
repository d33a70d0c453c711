package gbfs

import (
	"math"
	"slices"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/geo"
)

// A feed whose city isn't told is held against the median of its own positions: what is further
// than nearby from it, in either direction, is outside. A city is smaller.
const (
	nearby = 1.0 // degrees
	fewest = 5   // positions that make a median
)

// area returns the surroundings of the city, or nil where nothing tells them.
func (t *taking) area(points []geo.LatLng) *geo.Box {
	if t.feed.settings.Area != nil {
		return t.feed.settings.Area
	}
	return Around(points)
}

// Around returns a box around the median of some positions, or nil where there are too few. (0, 0)
// has no vote; of a position that can only be meant the other way round the other way votes.
func Around(points []geo.LatLng) *geo.Box {
	var lats, lngs []float64
	for _, p := range points {
		if !onEarth(p) {
			p.Lat, p.Lng = p.Lng, p.Lat
		}
		if onEarth(p) && (p.Lat != 0 || p.Lng != 0) {
			lats, lngs = append(lats, p.Lat), append(lngs, p.Lng)
		}
	}
	if len(lats) < fewest {
		return nil
	}
	slices.Sort(lats)
	slices.Sort(lngs)
	lat, lng := lats[len(lats)/2], lngs[len(lngs)/2]
	return &geo.Box{
		Min: geo.LatLng{Lat: lat - nearby, Lng: lng - nearby},
		Max: geo.LatLng{Lat: lat + nearby, Lng: lng + nearby},
	}
}

func onEarth(p geo.LatLng) bool { return math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180 }

// judge says what is wrong with a position; "" = nothing. It says what engine/observe says of the
// same position, with words instead of counts.
func judge(p geo.LatLng, area *geo.Box) lenient.Kind {
	switch {
	case p.Lat == 0 && p.Lng == 0:
		return lenient.Zero
	case area != nil && area.Contains(p):
		return ""
	case area != nil && area.Contains(geo.LatLng{Lat: p.Lng, Lng: p.Lat}):
		return lenient.Swapped
	case !onEarth(p):
		return lenient.Nowhere
	case area != nil:
		return lenient.Outside
	}
	return ""
}
