package geo

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/uber/h3-go/v4"
)

// Cell is one cell of H3: a hexagon, or one of twelve pentagons of its resolution. Every Cell this
// package returns is valid; the zero value is no cell. Cells order by their number.
type Cell uint64

// ParseCell returns the cell of its hexadecimal text, as String writes it and in either case, or
// ErrCell for anything else.
func ParseCell(s string) (Cell, error) {
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil || !h3.Cell(n).IsValid() {
		return 0, fmt.Errorf("%w: %.40q", ErrCell, s)
	}
	return Cell(n), nil
}

// CellAt returns the cell of a resolution from 0 (about 4 million km²) to 15 (about 1 m²) that
// holds p. It returns ErrRange if p is not on Earth and ErrResolution for any other resolution.
func CellAt(p LatLng, resolution int) (Cell, error) {
	if !p.valid() {
		return 0, fmt.Errorf("latitude %v, longitude %v: %w", p.Lat, p.Lng, ErrRange)
	}
	if err := checkResolution(resolution); err != nil {
		return 0, err
	}
	c := h3.LatLngToCell(h3.LatLng{Lat: p.Lat, Lng: p.Lng}, resolution)
	if c == 0 { // h3-go's only sign of an error
		return 0, fmt.Errorf("%w at latitude %v, longitude %v", ErrCell, p.Lat, p.Lng)
	}
	return Cell(c), nil
}

// checkResolution returns ErrResolution unless H3 has that resolution.
func checkResolution(resolution int) error {
	if resolution < 0 || resolution > h3.MaxResolution {
		return fmt.Errorf("%w %d: want 0 to %d", ErrResolution, resolution, h3.MaxResolution)
	}
	return nil
}

// String returns the cell in hexadecimal as H3 writes it, "0" for no cell.
func (c Cell) String() string { return strconv.FormatUint(uint64(c), 16) }

// MarshalText returns String, or ErrCell for a number that is no cell.
func (c Cell) MarshalText() ([]byte, error) {
	if !h3.Cell(c).IsValid() {
		return nil, fmt.Errorf("%w: %q", ErrCell, c.String())
	}
	return strconv.AppendUint(nil, uint64(c), 16), nil
}

// UnmarshalText sets c to the cell [ParseCell] finds in text.
func (c *Cell) UnmarshalText(text []byte) error {
	parsed, err := ParseCell(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Resolution returns the cell's resolution, 0 to 15.
func (c Cell) Resolution() int { return int(uint64(c) >> 52 & 15) } // H3 index, bits 52 to 55

// Center returns the cell's centre.
func (c Cell) Center() LatLng {
	p := h3.CellToLatLng(h3.Cell(c))
	return LatLng{Lat: p.Lat, Lng: p.Lng}
}

// Boundary returns the cell's outline, counter-clockwise and closed: seven points for most cells,
// up to eleven for those H3 distorts. The outline of a cell across the antimeridian jumps between
// longitudes near -180 and 180.
func (c Cell) Boundary() Ring {
	b := h3.CellToBoundary(h3.Cell(c))
	ring := make(Ring, 0, len(b)+1)
	for _, p := range b {
		ring = append(ring, LatLng{Lat: p.Lat, Lng: turn(p.Lng)})
	}
	if len(ring) > 0 {
		ring = append(ring, ring[0])
	}
	return ring
}

// Area returns the cell's own area in m². Cells of one resolution differ by up to a factor of two:
// the resolution-8 cell at central Beijing has 0.526 km², the average one 0.737.
func (c Cell) Area() float64 { return h3.CellAreaM2(h3.Cell(c)) }

// Parent returns the cell of a coarser resolution that c belongs to, or c itself at its own. ok is
// false for a finer resolution or one H3 doesn't have. H3's hexagons don't nest exactly: a part of
// c may lie outside its parent.
func (c Cell) Parent(resolution int) (parent Cell, ok bool) {
	if resolution < 0 || resolution > c.Resolution() {
		return 0, false
	}
	p := h3.Cell(c).Parent(resolution)
	return Cell(p), p.IsValid()
}

// Ring returns the cells at exactly k steps from c in ascending order: c itself for k = 0, 6k cells
// elsewhere, fewer around a pentagon, none for a negative k. It takes time and memory in k².
func (c Cell) Ring(k int) []Cell {
	if k < 0 || !h3.Cell(c).IsValid() {
		return nil
	}
	var ring []Cell
	for _, n := range h3.GridDiskDistances(h3.Cell(c), k)[k] {
		if n != 0 { // h3-go leaves gaps where a pentagon has no neighbour
			ring = append(ring, Cell(n))
		}
	}
	slices.Sort(ring)
	return ring
}

// GridDistance returns the number of steps from a to b. ok is false where H3 knows none: cells of
// different resolutions, too far apart, or with a pentagon between.
func GridDistance(a, b Cell) (steps int, ok bool) {
	if a == b {
		return 0, h3.Cell(a).IsValid()
	}
	steps = h3.GridDistance(h3.Cell(a), h3.Cell(b)) // 0 is also how h3-go says that it failed
	return steps, steps > 0
}

// EdgeLength returns the average length in metres of a cell's side at a resolution, NaN for a
// resolution H3 doesn't have.
//
// Source: h3geo.org, tables of cell statistics, as H3 4.2 has them. The function of the version
// used here answers 13 % less, which is no side of a hexagon of that area.
func EdgeLength(resolution int) float64 {
	kilometres := [...]float64{
		1281.256011, 483.0568391, 182.5129565, 68.97922179, 26.07175968, 9.854090990, 3.724532667,
		1.406475763, 0.531414010, 0.200786148, 0.075863783, 0.028663897, 0.010830188, 0.004092010,
		0.001546100, 0.000584169,
	}
	if checkResolution(resolution) != nil {
		return math.NaN()
	}
	return kilometres[resolution] * 1000
}
