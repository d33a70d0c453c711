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
// Only parts whose boxes meet are overlaid with one another, by simplefeatures. Where its overlay
// fails, or its area is none the parts can have, the vertices are snapped to 1 mm and then to 1 cm;
// if that fails too, Union returns ErrOverlay and where. It never returns an area it can't vouch for.
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
		merged, err := overlay(tidied(group), nil, join)
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

// combine makes each shape one of parts that don't overlap, then overlays the two.
func combine(a, b MultiPolygon, op operation) (MultiPolygon, error) {
	one, err := Union([]MultiPolygon{a})
	if err != nil {
		return nil, err
	}
	other, err := Union([]MultiPolygon{b})
	if err != nil {
		return nil, err
	}
	if !one.Bounds().overlaps(other.Bounds()) {
		if op == rest {
			return one, nil
		}
		return nil, nil
	}
	return overlay(tidied(one), tidied(other), op)
}

// tidied returns the polygons with simple rings, which the overlay needs.
func tidied(parts []Polygon) []Polygon {
	out := make([]Polygon, 0, len(parts))
	for _, p := range parts {
		out = append(out, p.tidy()...)
	}
	return out
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

// operation is one of the three ways to overlay shapes.
type operation int

const (
	join operation = iota
	common
	rest
)

// errArea: an overlay whose area can't be right.
var errArea = errors.New("its area is impossible")

// overlay applies op to parts a and b, as they are or, if that fails, snapped to a grid.
func overlay(a, b []Polygon, op operation) (MultiPolygon, error) {
	var failures []error
	for _, grid := range []float64{0, 1e-3, 1e-2} { // metres
		out, err := try(snapped(a, grid), snapped(b, grid), op)
		if err == nil {
			err = plausible(a, b, out, op)
		}
		if err == nil {
			return out, nil
		}
		failures = append(failures, err)
	}
	at := MultiPolygon(a).Bounds().Min
	return nil, fmt.Errorf("%w near longitude %v, latitude %v: %w",
		ErrOverlay, at.Lng, at.Lat, errors.Join(failures...))
}

// try runs the overlay of simplefeatures, and turns a panic in it into an error.
func try(a, b []Polygon, op operation) (out MultiPolygon, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("overlay: %v", r)
		}
	}()
	var g geom.Geometry
	switch op {
	case join:
		g, err = geom.UnionMany(collection(a))
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

// plausible returns errArea unless the area of out is one that op can make of a and b.
func plausible(a, b []Polygon, out MultiPolygon, op operation) error {
	var low, high float64
	switch op {
	case join:
		for _, p := range a {
			low = max(low, p.area())
			high += p.area()
		}
	case common:
		high = min(MultiPolygon(a).Area(), MultiPolygon(b).Area())
	case rest:
		high = MultiPolygon(a).Area()
		low = high - MultiPolygon(b).Area()
	}
	// A snapped vertex moves by up to 7 mm: for the smallest fence of Xiamen, 1.3 m², that is 2 %.
	slack := 1e-9*high + 1e-2*math.Sqrt(high)
	if area := out.Area(); area < low-slack || area > high+slack {
		return fmt.Errorf("%w: %g m², not between %g and %g", errArea, area, low, high)
	}
	return nil
}

// snapped returns the polygons with their vertices on a grid of so many metres, themselves for 0.
func snapped(parts []Polygon, grid float64) []Polygon {
	if grid == 0 {
		return parts
	}
	step := grid / metres
	return MultiPolygon(parts).Map(func(p LatLng) LatLng {
		return LatLng{math.Round(p.Lat/step) * step, math.Round(p.Lng/step) * step}
	})
}
