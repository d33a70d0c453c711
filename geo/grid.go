package geo

import (
	"fmt"
	"slices"

	"github.com/tidwall/rtree"
)

// Grid is a set of cells of one resolution in ascending order: cell i is the same in every field
// and list made for the grid. It doesn't change once made.
type Grid struct {
	cells      []Cell
	resolution int
	tiles      []*tile
	near       rtree.RTreeG[int32] // tiles by box
	first      []int32             // the neighbours of i are next[first[i]:first[i+1]]
	next       []int
	locator    *Locator
}

// Field is one value a cell of a grid; NaN where it is unknown.
type Field []float64

// NewGrid returns the grid of the cells, in any order; a cell given twice counts once. It returns
// ErrCell for a number that is no cell, and ErrResolution if the resolutions differ or there are
// no cells.
func NewGrid(cells []Cell) (*Grid, error) {
	if len(cells) == 0 {
		return nil, fmt.Errorf("%w: a grid needs a cell", ErrResolution)
	}
	for _, c := range cells {
		if _, err := c.MarshalText(); err != nil {
			return nil, err
		}
		if c.Resolution() != cells[0].Resolution() {
			return nil, fmt.Errorf("%w: cells %v and %v differ", ErrResolution, cells[0], c)
		}
	}
	return newGrid(cells, newTile), nil
}

// newGrid returns the grid of cells known to be good, with a figure for each.
func newGrid(cells []Cell, figure func(Cell) *tile) *Grid {
	sorted := slices.Clone(cells)
	slices.Sort(sorted)
	g := &Grid{cells: slices.Compact(sorted), resolution: cells[0].Resolution()}
	g.tiles = make([]*tile, len(g.cells))
	g.first = make([]int32, 1, len(g.cells)+1)
	area := emptyBox()
	for i, c := range g.cells {
		g.tiles[i] = figure(c)
		area = area.extend(c.Center())
		if !g.tiles[i].box.Empty() {
			low, high := g.tiles[i].box.corners()
			g.near.Insert(low, high, int32(i))
		}
		for _, n := range c.Ring(1) {
			if j, ok := g.Index(n); ok {
				g.next = append(g.next, j)
			}
		}
		g.first = append(g.first, int32(len(g.next)))
	}
	// Cells that lie together fill a fifth or more of their surroundings.
	g.locator = newLocator(g.resolution, area, 1000+16*len(g.cells))
	return g
}

// Len returns the number of cells.
func (g *Grid) Len() int { return len(g.cells) }

// Resolution returns the resolution of the cells.
func (g *Grid) Resolution() int { return g.resolution }

// Cell returns cell i.
func (g *Grid) Cell(i int) Cell { return g.cells[i] }

// Cells returns the cells in ascending order; the caller owns the slice.
func (g *Grid) Cells() []Cell { return slices.Clone(g.cells) }

// Index returns the place of c in the grid.
func (g *Grid) Index(c Cell) (i int, ok bool) { return slices.BinarySearch(g.cells, c) }

// At returns the place of the cell that holds p; false outside the grid.
func (g *Grid) At(p LatLng) (i int, ok bool) {
	c, err := g.locator.At(p)
	if err != nil {
		return 0, false
	}
	return g.Index(c)
}

// Neighbors returns the cells of the grid that share a side with cell i, in ascending order: six
// at most. The slice is the grid's own and must not be changed.
func (g *Grid) Neighbors(i int) []int {
	return g.next[g.first[i]:g.first[i+1]:g.first[i+1]]
}
