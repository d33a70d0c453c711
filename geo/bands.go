package geo

import "math"

// few is the number of edges up to which a polygon is searched edge by edge.
const few = 32

// bands holds the edges of one polygon by latitude, so that a point meets only those beside it: the
// polygon's box is cut into bands of equal height, about one for four edges, and each band lists
// every edge that enters it.
type bands struct {
	box   Box
	scale float64 // bands a degree of latitude
	first []int32 // band k is edges[first[k]:first[k+1]]
	edges []edge
}

// newBands returns the edges of p by band.
func newBands(p Polygon) bands {
	var all []edge
	p.edges(func(e edge) { all = append(all, e) })
	b := bands{box: p.bounds()}
	if len(all) <= few {
		b.first, b.edges = []int32{0, int32(len(all))}, all
		return b
	}
	// Long edges enter many bands: fewer bands then, so that the lists stay linear in the edges.
	most := 8 * len(all)
	for n := len(all) / 4; ; n /= 2 {
		b.cut(n)
		if total := b.count(all); total <= most || n <= 1 {
			b.fill(all, total)
			return b
		}
	}
}

// cut makes n empty bands.
func (b *bands) cut(n int) {
	n = max(n, 1)
	b.first = make([]int32, n+1)
	b.scale = float64(n) / (b.box.Max.Lat - b.box.Min.Lat)
	if math.IsInf(b.scale, 0) || math.IsNaN(b.scale) {
		b.scale = 0
	}
}

// band returns the band of a latitude, the first or last for one outside the box.
func (b *bands) band(lat float64) int {
	k := (lat - b.box.Min.Lat) * b.scale
	return int(min(max(k, 0), float64(len(b.first)-2)))
}

// span returns the first and last band that e enters, or that a point on e may be in.
func (b *bands) span(e edge) (low, high int) {
	return b.band(min(e.a.Lat, e.b.Lat) - touch), b.band(max(e.a.Lat, e.b.Lat) + touch)
}

// count leaves in first[k+1] how many edges enter band k, and returns their sum.
func (b *bands) count(all []edge) int {
	total := 0
	for _, e := range all {
		low, high := b.span(e)
		for k := low; k <= high; k++ {
			b.first[k+1]++
		}
		total += high - low + 1
	}
	return total
}

// fill turns the counts into places and lists the edges.
func (b *bands) fill(all []edge, total int) {
	for k := 1; k < len(b.first); k++ {
		b.first[k] += b.first[k-1]
	}
	b.edges = make([]edge, total)
	next := append([]int32(nil), b.first...)
	for _, e := range all {
		low, high := b.span(e)
		for k := low; k <= high; k++ {
			b.edges[next[k]] = e
			next[k]++
		}
	}
}

// between returns the edges that may come between two latitudes; long ones come more than once.
func (b *bands) between(low, high float64) []edge {
	return b.edges[b.first[b.band(low)]:b.first[b.band(high)+1]]
}

// contains reports what Polygon.contains does, from one band.
func (b *bands) contains(q LatLng) bool {
	if !b.box.grown(touch).Contains(q) {
		return false
	}
	var c caster
	for _, e := range b.between(q.Lat, q.Lat) {
		c.cast(e, q)
	}
	return c.inside()
}
