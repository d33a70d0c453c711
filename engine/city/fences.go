package city

import (
	"math"
	"strconv"

	"github.com/stint-city/stint/geo"
)

// fenceReach is how far a fence may lie from every district and still count as one of the city's,
// m: borders are drawn more coarsely than fences.
const fenceReach = 100

// readFences reads the layers of parking fences.
func (r *reading) readFences() error {
	for _, layer := range r.file.layersOf(fences) {
		l := r.newLayer(layer)
		var raw sample
		shapes, err := l.shapes(func(s shape) *refusal {
			raw.add(l.datum.FromWGS84(s.area.Centroid()))
			return r.ofCity(s)
		})
		if fault := l.lintShapes(err, &raw); fault != nil {
			return fault
		}
		if err := l.union(shapes); err != nil {
			return err
		}
		if err := l.close(); err != nil {
			return err
		}
		r.fences = append(r.fences, newShapeLayer(layer, shapes))
	}
	return nil
}

// ofCity refuses a fence that lies outside every district.
func (r *reading) ofCity(s shape) *refusal {
	c := s.area.Centroid()
	if _, _, near := r.districts.Nearest(c, fenceReach); near {
		return nil
	}
	for _, polygon := range s.area {
		for _, v := range polygon[0] {
			if _, _, near := r.districts.Nearest(v, 0); near {
				return nil
			}
		}
	}
	return &refusal{s.at, "city.fence-outside", []any{
		"id", s.id, "lat", round(c.Lat, 6), "lng", round(c.Lng, 6), "reach", fenceReach,
	}}
}

// round keeps so many decimals of a number that is printed.
func round(x float64, decimals int) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', decimals, 64), 64)
	if err != nil {
		return math.NaN()
	}
	return y
}

// union measures the ground that a layer's shapes cover together.
func (l *layerRead) union(shapes []shape) error {
	union, err := geo.Union(areas(shapes))
	if err != nil {
		return l.geometryFault(l.layer, err)
	}
	m2 := union.Area()
	l.stat.Union = &m2
	return nil
}

func areas(shapes []shape) []geo.MultiPolygon {
	list := make([]geo.MultiPolygon, len(shapes))
	for i, s := range shapes {
		list[i] = s.area
	}
	return list
}

func newShapeLayer(layer *Layer, shapes []shape) shapeLayer {
	list := make([]geo.Zone, len(shapes))
	for i, s := range shapes {
		list[i] = geo.Zone{ID: s.id, Shape: s.area}
	}
	return shapeLayer{layer, shapes, geo.NewZones(list)}
}

// readZones reads the layers of zones. A zone that no cell of the grid meets is noted: it does
// nothing.
func (r *reading) readZones() error {
	for _, layer := range r.file.layersOf(zones) {
		l := r.newLayer(layer)
		shapes, err := l.shapes(func(shape) *refusal { return nil })
		if err != nil {
			return err
		}
		if err := l.union(shapes); err != nil {
			return err
		}
		for _, s := range shapes {
			if field, err := geo.Overlap(r.grid, s.area); err != nil {
				return r.geometryFault(layer, err)
			} else if sum(field) == 0 {
				l.stat.Outside++
				r.warn(s.file, s.at, "city.zone-outside", "layer", layer.ID, "id", s.id)
			}
		}
		if err := l.close(); err != nil {
			return err
		}
		r.zones = append(r.zones, newShapeLayer(layer, shapes))
	}
	return nil
}

// zonesOf returns the zone layers with an effect.
func (r *reading) zonesOf(effect string) []shapeLayer {
	var list []shapeLayer
	for _, z := range r.zones {
		if z.layer.Effect == effect {
			list = append(list, z)
		}
	}
	return list
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}
