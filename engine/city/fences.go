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
			return l.ofCity(s)
		})
		if fault := l.lintShapes(err, &raw); fault != nil {
			return fault
		}
		read, err := l.held(shapes)
		if err != nil {
			return err
		}
		if err := l.close(); err != nil {
			return err
		}
		r.fences = append(r.fences, read)
	}
	return nil
}

// ofCity refuses a fence that lies far outside every district, and counts one just outside.
func (l *layerRead) ofCity(s shape) *refusal {
	c := s.area.Centroid()
	if _, _, inside := l.districts.Nearest(c, 0); inside {
		return nil
	}
	for _, polygon := range s.area {
		for _, v := range polygon[0] {
			if _, _, inside := l.districts.Nearest(v, 0); inside {
				return nil
			}
		}
	}
	if _, _, near := l.districts.Nearest(c, fenceReach); near {
		l.stat.Outside++
		return nil
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

// held returns the shapes of a layer ready to be searched, and measures the ground they cover.
func (l *layerRead) held(shapes []shape) (shapeLayer, error) {
	zones := make([]geo.Zone, len(shapes))
	list := make([]geo.MultiPolygon, len(shapes))
	for i, s := range shapes {
		zones[i] = geo.Zone{ID: s.id, Shape: s.area}
		list[i] = s.area
	}
	union, err := geo.Union(list)
	if err != nil {
		return shapeLayer{}, l.geometryFault(l.layer, err)
	}
	m2 := union.Area()
	l.stat.Union = &m2
	return shapeLayer{l.layer, shapes, union, geo.NewZones(zones)}, nil
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
		read, err := l.held(shapes)
		if err != nil {
			return err
		}
		for _, s := range shapes {
			if !r.meetsGrid(s.area) {
				l.stat.Outside++
				r.warn(s.file, s.at, "city.zone-outside", "layer", layer.ID, "id", s.id)
			}
		}
		if err := l.close(); err != nil {
			return err
		}
		r.zones = append(r.zones, read)
	}
	return nil
}

// meetsGrid reports whether a shape reaches a cell: with a corner, or by holding a cell's centre.
// One that only cuts a corner off a cell of the border may be missed.
func (r *reading) meetsGrid(area geo.MultiPolygon) bool {
	for _, polygon := range area {
		for _, v := range polygon[0] {
			if _, ok := r.grid.At(v); ok {
				return true
			}
		}
	}
	return len(r.centred(area)) > 0
}

// zonesOf returns the zone layers with an effect that hold always.
func (r *reading) zonesOf(effect string) []shapeLayer {
	var list []shapeLayer
	for _, z := range r.zones {
		if z.layer.Effect == effect && z.layer.always() {
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
