package geo

import "fmt"

const (
	sliver    = 1e-4    // m²: an overlap of less than a square centimetre is rounding, not ground
	mostCells = 2000000 // cells of a grid, about 1 GB; Beijing has a million at resolution 10
)

// Cover returns the grid of every cell whose hexagon overlaps the area by more than a square
// centimetre. A hole's inside isn't covered, a part's is, however small. It returns ErrResolution,
// the [ShapeError] of an area that [MultiPolygon.Check] refuses, ErrTooFew for an area without
// ground, ErrTooLarge for more than two million cells, and ErrRange if a cell holds a pole.
func Cover(area MultiPolygon, resolution int) (*Grid, error) {
	if err := checkResolution(resolution); err != nil {
		return nil, err
	}
	if err := area.Check(); err != nil {
		return nil, err
	}
	if need := area.Area() / meanCellArea(resolution); need > mostCells {
		return nil, fmt.Errorf("%w: about %.0f cells of resolution %d, the limit is %d",
			ErrTooLarge, need, resolution, mostCells)
	}
	f := flooder{resolution: resolution, tiles: make(map[Cell]*tile)}
	for _, polygon := range area {
		if err := f.flood(polygon); err != nil {
			return nil, err
		}
	}
	if len(f.covered) == 0 {
		return nil, fmt.Errorf("%w: the area has no ground", ErrTooFew)
	}
	return newGrid(f.covered, f.tile), nil
}

// meanCellArea returns the mean area in m² of the cells of a resolution: the sphere's, shared out.
func meanCellArea(resolution int) float64 {
	const sphere = 510065621724078.0 // m², 4πR²
	cells := 120.0
	for range resolution {
		cells *= 7
	}
	return sphere / (cells + 2)
}

// flooder collects the cells that overlap polygons.
type flooder struct {
	resolution int
	tiles      map[Cell]*tile // made so far: polygons side by side meet the same cells
	covered    []Cell         // in the order found, once for each polygon
}

// tile returns the figure of c.
func (f *flooder) tile(c Cell) *tile {
	t, known := f.tiles[c]
	if !known {
		t = newTile(c)
		f.tiles[c] = t
	}
	return t
}

// flood adds the cells that overlap the polygon. A polygon is in one piece, and so are the hexagons
// it touches: starting from those at its vertices, it is enough to look beside every hexagon that
// overlaps.
func (f *flooder) flood(polygon Polygon) error {
	shape := newFigure(polygon)
	seen := make(map[Cell]bool)
	var queue []Cell
	push := func(c Cell) {
		if !seen[c] {
			seen[c] = true
			queue = append(queue, c)
		}
	}
	for _, ring := range polygon {
		for _, v := range ring {
			c, err := CellAt(v, f.resolution)
			if err != nil {
				return err
			}
			push(c)
		}
	}
	for len(queue) > 0 {
		c := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		t := f.tile(c)
		if len(t.pieces) == 0 {
			return fmt.Errorf("%w: cell %v holds a pole", ErrRange, c)
		}
		if shape.inside(t) > sliver {
			f.covered = append(f.covered, c)
			for _, n := range c.Ring(1) {
				push(n)
			}
		}
	}
	return nil
}
