package geo

import (
	"math"
	"sync/atomic"
)

// Locator answers what [CellAt] does, for the points of one area many times faster. It remembers
// the cell of each place of H3's lattice that it has been asked for. Many goroutines may ask it at
// once.
type Locator struct {
	resolution int
	sheets     []sheet
}

const (
	// finest is the finest resolution remembered. Below it the rounding in H3's own projection, up
	// to 1 cm around the middle of a face, is no longer small beside the rim.
	finest = 12
	// rim is the part of a cell's inner radius along its border where H3 itself is asked.
	rim = 1e-3
	// most is the number of places remembered, 32 MB of them.
	most = 1 << 22
)

// sheet is the part of the lattice of one face that an area lies on. H3 finds the cell of a point
// from the face it is on and the place of the lattice on that face it is nearest to, and from
// nothing else: so the cell of one point of a place is that of every point.
//
// Source: h3 v4, latLng.c and faceijk.c, _geoToFaceIjk and _faceIjkToH3.
type sheet struct {
	face         face
	low          [2]int // smallest lattice coordinates
	size         [2]int
	cells        []atomic.Uint64 // Cell of low+{i, j} at i*size[1]+j; 0 where none was asked for
	least, great [2]float64      // of the coordinates, while measuring
}

// NewLocator returns a locator for the points of an area at a resolution from 0 to 15, or
// ErrResolution. It answers for points elsewhere too, and at resolutions finer than 12 and in areas
// of more than about two million cells, but no faster than CellAt. It takes 8 bytes for each cell
// of the area's surroundings, a box in the directions of H3's lattice.
func NewLocator(resolution int, area Box) (*Locator, error) {
	if err := checkResolution(resolution); err != nil {
		return nil, err
	}
	return newLocator(resolution, area, most), nil
}

// newLocator is NewLocator for a resolution known to be good, with room for at most so many places.
func newLocator(resolution int, area Box, most int) *Locator {
	l := &Locator{resolution: resolution}
	if resolution > finest || area.Empty() {
		return l
	}
	sheets, total := measured(area, resolution), 0
	for i := range sheets {
		total += sheets[i].fit()
		if total > most {
			return l
		}
	}
	for i := range sheets {
		sheets[i].cells = make([]atomic.Uint64, sheets[i].size[0]*sheets[i].size[1])
	}
	l.sheets = sheets
	return l
}

// Resolution returns the resolution of the cells.
func (l *Locator) Resolution() int { return l.resolution }

// At returns the cell that holds p, or ErrRange if p is not on Earth: always CellAt's answer.
func (l *Locator) At(p LatLng) (Cell, error) {
	place := l.place(p)
	if place == nil {
		return CellAt(p, l.resolution)
	}
	if c := Cell(place.Load()); c != 0 {
		return c, nil
	}
	c, err := CellAt(p, l.resolution)
	place.Store(uint64(c))
	return c, err
}

// place returns where the cell of p is remembered; nil outside the area, in the rim of a cell and
// at the border of a face.
func (l *Locator) place(p LatLng) *atomic.Uint64 {
	if len(l.sheets) == 0 || !p.valid() {
		return nil
	}
	v := onSphere(p)
	for i := range l.sheets {
		s := &l.sheets[i]
		if !s.face.holds(v) {
			continue
		}
		at, ok := nearestPlace(s.face.lattice(v))
		i, j := at[0]-s.low[0], at[1]-s.low[1]
		if !ok || uint(i) >= uint(s.size[0]) || uint(j) >= uint(s.size[1]) {
			return nil
		}
		return &s.cells[i*s.size[1]+j]
	}
	return nil
}

// nearestPlace returns the place of the lattice nearest to a point; false where the next nearest
// may be as near.
func nearestPlace(x, y float64) (at [2]int, ok bool) {
	// The third coordinate is -x-y. The one that rounding changes most gives way to the two others.
	a, b, c := math.Round(x), math.Round(y), math.Round(-x-y)
	da, db, dc := math.Abs(a-x), math.Abs(b-y), math.Abs(c+x+y)
	switch {
	case da > db && da > dc:
		a = -b - c
	case db > dc:
		b = -a - c
	}
	dx, dy := x-a, y-b
	// Half-way to a neighbour, two of the three coordinates differ by 1 more than at the place.
	const inner = 1 - rim
	ok = math.Abs(dx-dy) < inner && math.Abs(dx+2*dy) < inner && math.Abs(2*dx+dy) < inner
	return [2]int{int(a), int(b)}, ok
}

// measured returns the sheets that points of an area lie on, with the reach of their coordinates.
// It looks at a thousand points of the area; what lies between them fit makes room for.
func measured(area Box, resolution int) []sheet {
	const steps = 32
	sheets := make([]sheet, 0, 20)
	for _, f := range icosahedron() {
		inf := math.Inf(1)
		sheets = append(sheets, sheet{
			face:  f.at(resolution),
			least: [2]float64{inf, inf}, great: [2]float64{-inf, -inf},
		})
	}
	for i := range steps + 1 {
		for j := range steps + 1 {
			south, east := float64(i)/steps, float64(j)/steps
			v := onSphere(LatLng{
				Lat: area.Max.Lat + south*(area.Min.Lat-area.Max.Lat),
				Lng: area.Min.Lng + east*(area.Max.Lng-area.Min.Lng),
			})
			for k := range sheets {
				if sheets[k].face.holds(v) {
					sheets[k].extend(sheets[k].face.lattice(v))
				}
			}
		}
	}
	used := sheets[:0]
	for _, s := range sheets {
		if s.least[0] <= s.great[0] {
			used = append(used, s)
		}
	}
	return used
}

// extend makes room for a point.
func (s *sheet) extend(x, y float64) {
	s.least = [2]float64{min(s.least[0], x), min(s.least[1], y)}
	s.great = [2]float64{max(s.great[0], x), max(s.great[1], y)}
}

// fit sets low and size to hold what was measured and a little more, and returns the number of
// places.
func (s *sheet) fit() int {
	for k := range 2 {
		spare := 3 + (s.great[k]-s.least[k])/20
		s.low[k] = int(math.Floor(s.least[k] - spare))
		s.size[k] = int(math.Ceil(s.great[k]+spare)) - s.low[k] + 1
	}
	return s.size[0] * s.size[1]
}
