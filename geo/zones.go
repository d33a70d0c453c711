package geo

import (
	"math"
	"slices"

	"github.com/tidwall/rtree"
)

// Zone is a named shape: a parking fence, a district, a no-parking area.
type Zone struct {
	ID    string
	Shape MultiPolygon
}

// Zones finds zones by place. It doesn't change once made, and many goroutines may ask it at once.
type Zones struct {
	zones   []Zone
	parts   []part
	centers []LatLng
	pixels  *pixels             // parts by pixel; nil where byPart is better
	byPart  rtree.RTreeG[int32] // boxes of parts
	byPoint rtree.RTreeG[int32] // centres of zones
}

// part is one polygon of a zone.
type part struct {
	zone  int
	bands bands
}

// NewZones returns the zones, numbered as given. It keeps the slice and the shapes, which the
// caller must not change. A zone without a shape is never found.
func NewZones(zones []Zone) *Zones {
	z := &Zones{zones: zones, centers: make([]LatLng, len(zones))}
	for i, zone := range zones {
		for _, polygon := range zone.Shape {
			b := newBands(polygon)
			if b.box.Empty() {
				continue
			}
			low, high := b.box.grown(touch).corners()
			z.byPart.Insert(low, high, int32(len(z.parts)))
			z.parts = append(z.parts, part{zone: i, bands: b})
		}
		z.centers[i] = zone.Shape.meanVertex()
		if z.centers[i].valid() {
			at := [2]float64{z.centers[i].Lng, z.centers[i].Lat}
			z.byPoint.Insert(at, at, int32(i))
		}
	}
	if p, ok := newPixels(z.parts); ok {
		z.pixels = p
	}
	return z
}

// Len returns the number of zones.
func (z *Zones) Len() int { return len(z.zones) }

// Zone returns zone i.
func (z *Zones) Zone(i int) Zone { return z.zones[i] }

// At appends to dst the zones that contain p, in ascending order; a boundary counts as inside.
func (z *Zones) At(dst []int, p LatLng) []int {
	start := len(dst)
	if z.pixels != nil {
		for _, l := range z.pixels.at(p) {
			if l.whole || z.parts[l.part].bands.contains(p) {
				dst = append(dst, z.parts[l.part].zone)
			}
		}
		return dst[:start+len(slices.Compact(dst[start:]))] // parts are in the order of zones
	}
	at := [2]float64{p.Lng, p.Lat}
	z.byPart.Search(at, at, func(_, _ [2]float64, k int32) bool {
		if z.parts[k].bands.contains(p) {
			dst = append(dst, z.parts[k].zone)
		}
		return true
	})
	slices.Sort(dst[start:])
	return dst[:start+len(slices.Compact(dst[start:]))]
}

// firstReach is the radius of the first search for a neighbour, m; each further one is four times
// as wide, up to the limit asked for.
const firstReach = 25

// Nearest returns the zone nearest to p and the metres to it, 0 where p is inside. Of zones at the
// same distance to the micrometre, the one with the lowest index is nearest. ok is false when no
// zone is within so many metres of p.
func (z *Zones) Nearest(p LatLng, within float64) (i int, metres float64, ok bool) {
	return widen(p, within, z.nearest)
}

// NearestCenter returns the zone whose centre is nearest to p and the metres to it, whether or not
// p is inside; ties and ok are as for Nearest. The centre is the mean of the zone's corners: of the
// three centres one might mean, it is the one that Xiamen's column DISTANCE was measured to.
func (z *Zones) NearestCenter(p LatLng, within float64) (i int, metres float64, ok bool) {
	return widen(p, within, z.nearestCenter)
}

// widen searches in ever larger circles, and stops at the first in which something is found: what
// is within a radius of p is in the box around that circle.
func widen(
	p LatLng, within float64, search func(LatLng, float64) rank,
) (i int, metres float64, ok bool) {
	if !p.valid() || !(within >= 0) {
		return 0, math.NaN(), false
	}
	within = min(within, math.Pi*Radius)
	for reach := min(firstReach, within); ; reach = min(4*reach, within) {
		best := search(p, reach)
		if best.zone >= 0 && best.micrometres <= micro(reach) {
			return best.zone, best.metres, true
		}
		if reach >= within {
			return 0, math.NaN(), false
		}
	}
}

// rank is the best zone found so far; its zone is -1 where none was.
type rank struct {
	zone        int
	micrometres int64
	metres      float64
}

// micro returns whole micrometres: what decides is an integer, equal on every machine.
func micro(metres float64) int64 { return int64(math.Round(metres * 1e6)) }

// nobody is the rank any zone is better than.
func nobody() rank { return rank{zone: -1, micrometres: math.MaxInt64} }

// offer keeps the better of r and the zone.
func (r *rank) offer(zone int, metres float64) {
	d := micro(metres)
	if d < r.micrometres || (d == r.micrometres && zone < r.zone) {
		*r = rank{zone: zone, micrometres: d, metres: metres}
	}
}

// nearest ranks the zones whose parts have a box within reach.
func (z *Zones) nearest(p LatLng, reach float64) rank {
	best := nobody()
	for _, box := range around(p, reach) {
		low, high := box.corners()
		z.byPart.Search(low, high, func(_, _ [2]float64, k int32) bool {
			b := &z.parts[k].bands
			if b.contains(p) {
				best.offer(z.parts[k].zone, 0)
				return true
			}
			look := newEye(p)
			for _, e := range b.between(box.Min.Lat, box.Max.Lat) {
				look.see(e)
			}
			if d := look.metres(); !math.IsInf(d, 1) {
				best.offer(z.parts[k].zone, d)
			}
			return true
		})
	}
	return best
}

// nearestCenter ranks the zones whose centre is within reach.
func (z *Zones) nearestCenter(p LatLng, reach float64) rank {
	best := nobody()
	for _, box := range around(p, reach) {
		low, high := box.corners()
		z.byPoint.Search(low, high, func(_, _ [2]float64, i int32) bool {
			best.offer(int(i), Distance(p, z.centers[i]))
			return true
		})
	}
	return best
}
