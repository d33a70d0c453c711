package geo

import "fmt"

// Coverage returns the m² of ground inside each cell that any of the shapes covers: where shapes
// overlap, the ground counts once. It is 0 in a cell that none reaches, and the cell's Area in one
// wholly covered. It returns ErrOverlay where the union can't be made, and ErrRange if a cell of
// the grid holds a pole.
func Coverage(g *Grid, shapes []MultiPolygon) (Field, error) {
	for i := range g.tiles {
		if len(g.tiles[i].pieces) == 0 {
			return nil, fmt.Errorf("%w: cell %v holds a pole", ErrRange, g.cells[i])
		}
	}
	union, err := Union(shapes)
	if err != nil {
		return nil, err
	}
	field := make(Field, len(g.cells))
	for _, polygon := range union {
		shape := newFigure(polygon)
		low, high := shape.bands.box.corners()
		g.near.Search(low, high, func(_, _ [2]float64, i int32) bool {
			field[i] += shape.inside(g.tiles[i])
			return true
		})
	}
	for i := range field {
		field[i] = min(field[i], g.tiles[i].area)
	}
	return field, nil
}

// Overlap returns the m² of one shape inside each cell, as [Coverage] does for several.
func Overlap(g *Grid, shape MultiPolygon) (Field, error) {
	return Coverage(g, []MultiPolygon{shape})
}

// figure is a polygon ready to be measured inside many tiles.
type figure struct {
	polygon Polygon
	bands   bands
	clip    clipper
}

// newFigure prepares p.
func newFigure(p Polygon) *figure { return &figure{polygon: p, bands: newBands(p)} }

// inside returns the m² of the figure in t. A tile that no edge comes near is wholly inside or
// outside, and its centre says which.
func (f *figure) inside(t *tile) float64 {
	if !f.bands.box.overlaps(t.box) {
		return 0
	}
	for _, e := range f.bands.between(t.box.Min.Lat, t.box.Max.Lat) {
		if t.box.overlaps(emptyBox().extend(e.a).extend(e.b)) {
			return f.clip.area(f.polygon, t)
		}
	}
	if f.bands.contains(t.center) {
		return t.area
	}
	return 0
}
