package simulations

import (
	"fmt"
	"math"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/simulations/kernel"
)

// point is a place on the plane, cm east and north of the town's corner.
type point struct{ x, y int32 }

// Town is the ground of a simulation: the cells of a grid on a plane. It doesn't change in a run.
type Town struct {
	Cells     []geo.Cell // ascending
	Districts []string
	District  []int // of each cell; -1 = in none
	Capacity  []int // vehicles a cell carries; -1 = unknown

	grid    *geo.Grid
	corners [][]point // of each cell's outline
	center  []point
	spots   [][]point // parking places
	width   int32
	height  int32
	plane   plane
}

// plane turns degrees into cm: true along the parallel through the middle.
type plane struct {
	origin geo.LatLng
	x, y   float64 // cm a degree
}

// back returns the degrees of a place.
func (p plane) back(q point) geo.LatLng {
	return geo.LatLng{Lat: p.origin.Lat + float64(q.y)/p.y, Lng: p.origin.Lng + float64(q.x)/p.x}
}

func (p plane) at(q geo.LatLng) point {
	return point{
		int32(math.Round((q.Lng - p.origin.Lng) * p.x)),
		int32(math.Round((q.Lat - p.origin.Lat) * p.y)),
	}
}

// perSpot is how many vehicles of capacity one parking spot stands for where the town has no list
// of places: about a painted bay of 12 m by 2 m.
const (
	perSpot  = 20
	mostSpot = 12
)

// NewTown returns the ground of a snapshot's cells. capacity is by cell, -1 = unknown. Parking
// spots are drawn within each cell, one for 20 vehicles of capacity, the same for every seed.
func NewTown(s *engine.Snapshot, capacity []int) (*Town, error) {
	t := &Town{
		Cells: s.Grid.Cells(), District: s.DistrictOf, Capacity: capacity, grid: s.Grid,
	}
	for _, d := range s.Districts {
		t.Districts = append(t.Districts, d.ID)
	}
	if len(capacity) != len(t.Cells) {
		panic("simulations: capacity doesn't answer the cells")
	}
	return t, t.lay(newForbidden(s.Zones))
}

// forbidden is the ground where nothing may ever be placed.
type forbidden struct {
	zones  []engine.Zone
	shapes *geo.Zones
}

// newForbidden takes the zones that hold for good; those of a time are the engine's to refuse.
func newForbidden(zones []engine.Zone) *forbidden {
	f := &forbidden{}
	var shapes []geo.Zone
	for _, z := range zones {
		if z.From.IsZero() && z.Until.IsZero() && z.Kind != engine.ZoneLimit {
			f.zones = append(f.zones, z)
			shapes = append(shapes, geo.Zone{ID: z.ID, Shape: z.Shape})
		}
	}
	f.shapes = geo.NewZones(shapes)
	return f
}

// at reports whether a place is banned, or in a strict zone and not at one of its spots.
func (f *forbidden) at(p geo.LatLng) bool {
	ban, strict, spot := false, false, false
	for _, i := range f.shapes.At(nil, p) {
		switch f.zones[i].Kind {
		case engine.ZoneBan:
			ban = true
		case engine.ZoneStrict:
			strict = true
		case engine.ZoneSpot:
			spot = true
		}
	}
	return ban || strict && !spot
}

// lay puts the cells on the plane.
func (t *Town) lay(no *forbidden) error {
	low := geo.LatLng{Lat: math.Inf(1), Lng: math.Inf(1)}
	high := geo.LatLng{Lat: math.Inf(-1), Lng: math.Inf(-1)}
	for _, c := range t.Cells {
		for _, v := range c.Boundary() {
			low = geo.LatLng{Lat: min(low.Lat, v.Lat), Lng: min(low.Lng, v.Lng)}
			high = geo.LatLng{Lat: max(high.Lat, v.Lat), Lng: max(high.Lng, v.Lng)}
		}
	}
	const cm = geo.Radius * 100 * math.Pi / 180
	t.plane = plane{low, cm * math.Cos((low.Lat+high.Lat)/2*math.Pi/180), cm}
	across, up := (high.Lng-low.Lng)*t.plane.x, (high.Lat-low.Lat)*t.plane.y
	const most = 200 * 1000 * 100 // cm: whole numbers of 32 bits hold 21,000 km; a city is smaller
	if len(t.Cells) == 0 || across > most || up > most {
		return fmt.Errorf("lay out %d cells over %.0f by %.0f km", len(t.Cells), across/1e5, up/1e5)
	}
	t.width, t.height = int32(across)+1, int32(up)+1
	key := kernel.NewKey(0)
	for i, c := range t.Cells {
		ring := c.Boundary()
		corners := make([]point, len(ring)-1)
		for k := range corners {
			corners[k] = t.plane.at(ring[k])
		}
		t.corners = append(t.corners, corners)
		t.center = append(t.center, t.plane.at(c.Center()))
		spots := make([]point, min(max((t.Capacity[i]+perSpot-1)/perSpot, 1), mostSpot))
		for n := range spots {
			spots[n] = t.spot(i, key.Of(uint64(c)).Of(uint64(n)), no)
		}
		t.spots = append(t.spots, spots)
	}
	return nil
}

// spot draws a parking place in a cell, where parking is allowed if that is found.
func (t *Town) spot(cell int, k kernel.Key, no *forbidden) (p point) {
	const tries = 32
	for n := range uint64(tries) {
		p = t.within(cell, k, 3*n)
		at := t.plane.back(p)
		if c, err := geo.CellAt(at, t.grid.Resolution()); err == nil && c == t.Cells[cell] && !no.at(at) {
			return p
		}
	}
	return p
}

// within returns an even place in a cell by three numbers of a key from the n-th: a triangle
// between centre and edge, then a place in it.
func (t *Town) within(cell int, k kernel.Key, n uint64) point {
	corners, c := t.corners[cell], t.center[cell]
	i := int(k.Uniform(n) * float64(len(corners)))
	a, b := corners[i], corners[(i+1)%len(corners)]
	r := math.Sqrt(k.Uniform(n + 1))
	s := r * k.Uniform(n+2)
	r -= s
	return point{
		c.x + int32(r*float64(a.x-c.x)+s*float64(b.x-c.x)),
		c.y + int32(r*float64(a.y-c.y)+s*float64(b.y-c.y)),
	}
}

// nearestSpot returns the parking spot of a cell nearest to a place, and its distance in cm.
func (t *Town) nearestSpot(cell int32, p point) (spot point, cm float64) {
	best := math.Inf(1)
	for _, q := range t.spots[cell] {
		if d := distance(p, q); d < best {
			spot, best = q, d
		}
	}
	return spot, best
}

// distance returns the straight distance between places, cm.
func distance(a, b point) float64 {
	dx, dy := float64(a.x-b.x), float64(a.y-b.y)
	return math.Sqrt(dx*dx + dy*dy)
}
