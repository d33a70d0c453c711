package geo

import (
	"fmt"
	"slices"
)

const (
	sliver    = 1e-4    // m²: an overlap of less than a square centimetre is rounding, not ground
	mostCells = 5000000 // cells of a grid; a resolution meant for a city, asked of a continent
)

// Cover returns the grid of every cell whose hexagon overlaps the area by more than a square
// centimetre. A hole's inside isn't covered, a part's is, however small. It returns ErrResolution,
// the [ShapeError] of an area that [MultiPolygon.Check] refuses, ErrTooFew for an area without
// ground, ErrTooLarge for more than five million cells, and ErrRange if a cell holds a pole.
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
	covered := map[Cell]bool{}
	for _, polygon := range area {
		if err := flood(covered, polygon, resolution); err != nil {
			return nil, err
		}
	}
	if len(covered) == 0 {
		return nil, fmt.Errorf("%w: the area has no ground", ErrTooFew)
	}
	cells := make([]Cell, 0, len(covered))
	for c := range covered {
		cells = append(cells, c)
	}
	slices.Sort(cells) // the order of the map is gone
	return NewGrid(cells)
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

// flood adds to covered the cells that overlap the polygon. A polygon is in one piece, and so are
// the hexagons it touches: starting from those at its vertices, it is enough to look beside every
// hexagon that overlaps.
func flood(covered map[Cell]bool, polygon Polygon, resolution int) error {
	shape := newFigure(polygon)
	seen := map[Cell]bool{}
	var queue []Cell
	push := func(c Cell) {
		if !seen[c] {
			seen[c] = true
			queue = append(queue, c)
		}
	}
	for _, ring := range polygon {
		for _, v := range ring {
			c, err := CellAt(v, resolution)
			if err != nil {
				return err
			}
			push(c)
		}
	}
	for len(queue) > 0 {
		c := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		t := newTile(c)
		if len(t.pieces) == 0 {
			return fmt.Errorf("%w: cell %v holds a pole", ErrRange, c)
		}
		if shape.inside(&t) > sliver {
			covered[c] = true
			for _, n := range c.Ring(1) {
				push(n)
			}
		}
	}
	return nil
}
