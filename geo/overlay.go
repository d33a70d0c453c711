package geo

import (
	"errors"
	"fmt"
	"math"

	"github.com/peterstace/simplefeatures/geom"
	"github.com/tidwall/rtree"
)

// Union returns the ground that any of the shapes covers, in parts that don't overlap. Parts of the
// shapes that are near nothing else keep their vertices bit for bit.
//
// Only parts whose boxes meet are overlaid with one another, two at a time, by simplefeatures, on
// rings made simple. Each overlay is checked: the areas of union and intersection must sum to
// those of the two. Where that doesn't hold or the overlay fails, the vertices are snapped to 1 mm
// and then to 1 cm; if that fails too, Union returns ErrOverlay and where. It never returns ground
// it can't vouch for.
func Union(shapes []MultiPolygon) (MultiPolygon, error) {
	var parts []Polygon
	for _, shape := range shapes {
		for _, polygon := range shape {
			if !polygon.bounds().Empty() {
				parts = append(parts, polygon)
			}
		}
	}
	var out MultiPolygon
	for _, group := range clusters(parts) {
		if len(group) == 1 {
			out = append(out, group[0])
			continue
		}
		merged, err := merge(group)
		if err != nil {
			return nil, err
		}
		out = append(out, merged...)
	}
	return out, nil
}

// Intersect returns the ground that both shapes cover, or ErrOverlay as [Union] does.
func Intersect(a, b MultiPolygon) (MultiPolygon, error) { return combine(a, b, common) }

// Subtract returns the ground of a that b doesn't cover, or ErrOverlay as [Union] does.
func Subtract(a, b MultiPolygon) (MultiPolygon, error) { return combine(a, b, rest) }

// combine makes each shape one of simple parts that don't overlap, then overlays the two.
func combine(a, b MultiPolygon, op operation) (MultiPolygon, error) {
	one, err := merge(a)
	if err != nil {
		return nil, err
	}
	other, err := merge(b)
	if err != nil {
		return nil, err
	}
	if !one.Bounds().overlaps(other.Bounds()) {
		if op == rest {
			return one, nil
		}
		return nil, nil
	}
	return overlay(one, other, op)
}

// merge returns the union of polygons, by halves, in simple rings.
func merge(parts []Polygon) (MultiPolygon, error) {
	switch len(parts) {
	case 0:
		return nil, nil
	case 1:
		tidy, ok := parts[0].tidy()
		if !ok {
			return nil, failure(parts, errTangle)
		}
		return tidy, nil
	}
	one, err := merge(parts[:len(parts)/2])
	if err != nil {
		return nil, err
	}
	other, err := merge(parts[len(parts)/2:])
	if err != nil {
		return nil, err
	}
	if !one.Bounds().overlaps(other.Bounds()) {
		return append(one, other...), nil
	}
	return overlay(one, other, join)
}

// failure returns ErrOverlay, where, and why.
func failure(parts []Polygon, why error) error {
	at := MultiPolygon(parts).Bounds().Min
	return fmt.Errorf("%w near longitude %v, latitude %v: %w", ErrOverlay, at.Lng, at.Lat, why)
}

// clusters groups the polygons whose boxes meet, directly or through others. Groups come in the
// order of their first polygon, and polygons in theirs.
func clusters(parts []Polygon) [][]Polygon {
	var tree rtree.RTreeG[int]
	leader := make([]int, len(parts))
	find := func(i int) int {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	for i, p := range parts {
		leader[i] = i
		low, high := p.bounds().corners()
		tree.Search(low, high, func(_, _ [2]float64, j int) bool {
			a, b := find(i), find(j)
			leader[max(a, b)] = min(a, b) // the first polygon leads
			return true
		})
		tree.Insert(low, high, i)
	}
	place := make([]int, len(parts))
	var groups [][]Polygon
	for i, p := range parts {
		first := find(i)
		if first == i {
			place[i] = len(groups)
			groups = append(groups, nil)
		}
		groups[place[first]] = append(groups[place[first]], p)
	}
	return groups
}

// operation is one of the three ways to overlay two shapes.
type operation int

const (
	join operation = iota
	common
	rest
)

var (
	errArea   = errors.New("the areas don't add up")
	errTangle = errors.New("the boundary is a tangle")
)

// overlay applies op to a and b, as they are or, if that fails, snapped to a grid.
func overlay(a, b MultiPolygon, op operation) (MultiPolygon, error) {
	var failures []error
	for _, grid := range []float64{0, 1e-3, 1e-2} { // metres
		out, err := overlayOn(grid, a, b, op)
		if err == nil {
			return out, nil
		}
		failures = append(failures, err)
	}
	return nil, failure(a, errors.Join(failures...))
}

// overlayOn is overlay with the vertices on a grid of so many metres.
func overlayOn(grid float64, a, b MultiPolygon, op operation) (MultiPolygon, error) {
	if grid == 0 {
		return checked(a, b, op)
	}
	one, oneOK := snapped(a, grid)
	other, otherOK := snapped(b, grid)
	if !oneOK || !otherOK {
		return nil, errTangle
	}
	return checked(one, other, op)
}

// checked applies op and its counterpart, and returns errArea unless their areas sum to what they
// share out: union and intersection to both shapes, intersection and difference to the first.
func checked(a, b MultiPolygon, op operation) (MultiPolygon, error) {
	out, err := try(a, b, op)
	if err != nil {
		return nil, err
	}
	counterpart, whole := common, a.Area()
	switch op {
	case join:
		whole += b.Area()
	case common:
		counterpart = rest
	case rest:
	}
	other, err := try(a, b, counterpart)
	if err != nil {
		return nil, err
	}
	if sum := out.Area() + other.Area(); !sums(sum, whole) {
		return nil, fmt.Errorf("%w: %g m² and %g m² for %g m²",
			errArea, out.Area(), other.Area(), whole)
	}
	return out, nil
}

// sums reports whether a sum of areas is the whole. Crossing points are rounded to about a
// micrometre: along the boundary of a fence that is less than a cm², of a city less than a m².
func sums(sum, whole float64) bool {
	return math.Abs(sum-whole) <= 1e-9*whole+1e-4*math.Sqrt(whole)
}

// try runs the overlay of simplefeatures, and turns a panic in it into an error. UnionMany isn't
// used: it leaves a hole open that another of its shapes fills.
func try(a, b MultiPolygon, op operation) (out MultiPolygon, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("overlay: %v", r)
		}
	}()
	var g geom.Geometry
	switch op {
	case join:
		g, err = geom.Union(toGeom(a), toGeom(b))
	case common:
		g, err = geom.Intersection(toGeom(a), toGeom(b))
	case rest:
		g, err = geom.Difference(toGeom(a), toGeom(b))
	}
	if err != nil {
		return nil, err
	}
	return fromGeom(g), nil
}

// snapped returns m with its vertices on a grid of so many metres, in simple rings again.
func snapped(m MultiPolygon, grid float64) (out MultiPolygon, ok bool) {
	step := grid / metres
	moved := m.Map(func(p LatLng) LatLng {
		return LatLng{math.Round(p.Lat/step) * step, math.Round(p.Lng/step) * step}
	})
	for _, p := range moved {
		tidy, ok := p.tidy()
		if !ok {
			return nil, false
		}
		out = append(out, tidy...)
	}
	return out, true
}
