package city

import (
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// readDistricts reads the borders and lays the grid over them: every cell that overlaps a district.
func (r *reading) readDistricts() error {
	for _, layer := range r.file.layersOf(districts) {
		l := r.newLayer(layer)
		shapes, err := l.shapes(func(s shape) *refusal {
			if !s.named {
				return &refusal{s.at, "city.district-id", nil}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, s := range shapes {
			r.addBorder(layer, s)
		}
		if err := l.close(); err != nil {
			return err
		}
	}
	return r.layGrid()
}

// addBorder adds a shape to the district of its ID: `alias` may give one district several shapes.
// The district has the name of the shape whose ID it had from the start, else of the first.
func (r *reading) addBorder(layer *Layer, s shape) {
	at := slices.IndexFunc(r.borders, func(b border) bool { return b.ID == s.id })
	if at < 0 {
		d := engine.District{ID: s.id, Name: s.name, Shape: s.area}
		r.borders = append(r.borders, border{d, layer})
		return
	}
	b := &r.borders[at]
	b.Shape = append(slices.Clip(b.Shape), s.area...)
	for _, written := range []string{s.name.Zh, s.name.En} {
		if _, moved := layer.Alias[written]; moved {
			return
		}
	}
	b.Name = s.name
}

// layGrid makes the grid and what is known of each cell's place in the districts.
func (r *reading) layGrid() error {
	shapes := make([]geo.MultiPolygon, len(r.borders))
	zones := make([]geo.Zone, len(r.borders))
	for i := range r.borders {
		b := &r.borders[i]
		union, err := geo.Union([]geo.MultiPolygon{b.Shape})
		if err != nil {
			return r.geometryFault(b.layer, err)
		}
		b.Shape, shapes[i] = union, union
		zones[i] = geo.Zone{ID: b.ID, Shape: union}
	}
	city, err := geo.Union(shapes)
	if err != nil {
		return r.geometryFault(r.borders[0].layer, err)
	}
	if r.grid, err = geo.Cover(city, r.file.Resolution); err != nil {
		return r.geometryFault(r.borders[0].layer, err)
	}
	r.districts = geo.NewZones(zones)
	r.overlap = make([]geo.Field, len(shapes))
	for d, shape := range shapes {
		if r.overlap[d], err = geo.Overlap(r.grid, shape); err != nil {
			return r.geometryFault(r.borders[d].layer, err)
		}
	}
	r.placeCells()
	return nil
}

// geometryFault is a shape that passed its check and still can't be combined with others.
func (r *reading) geometryFault(l *Layer, err error) error {
	at := r.file.at.Of(r.layerPath(l))
	return strict.FaultFrom(err, r.file.name, at, "city.geometry", "layer", l.ID)
}

// placeCells finds the district of each cell: the one its centre lies in, else the one that covers
// most of it. Ties go to the district that stands first.
func (r *reading) placeCells() {
	r.homeOf = make([]int, r.grid.Len())
	r.inside = make([]int, r.grid.Len())
	var hit []int
	for i := range r.homeOf {
		cell := r.grid.Cell(i)
		r.homeOf[i], r.inside[i] = -1, -1
		most := 0.0
		for d := range r.overlap {
			m2 := r.overlap[d][i]
			if m2 > most {
				r.homeOf[i], most = d, m2
			}
			if m2 >= cell.Area()*(1-1e-9) {
				r.inside[i] = d
			}
		}
		if hit = r.districts.At(hit[:0], cell.Center()); len(hit) > 0 {
			r.homeOf[i] = hit[0]
		}
	}
}

// within reports whether a point lies in a district, and in which cell of the grid. A cell that
// lies wholly inside answers for its points.
func (r *reading) within(p geo.LatLng) (cell int, ok bool) {
	cell, ok = r.grid.At(p)
	if !ok {
		return 0, false
	}
	if r.inside[cell] >= 0 {
		return cell, true
	}
	_, _, ok = r.districts.Nearest(p, 0)
	return cell, ok
}

// districtNamed returns the index of the district that a layer calls so, -1 for none.
func (r *reading) districtNamed(l *Layer, text string) int {
	id, aliased := l.Alias[text]
	return slices.IndexFunc(r.borders, func(b border) bool {
		if aliased {
			return b.ID == id
		}
		return b.ID == text || b.Name.Zh == text || b.Name.En == text
	})
}
