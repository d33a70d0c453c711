package example

import "math"

// cellArea is the area of an H3 cell of resolution 9 at the city's place, in cm².
const cellArea = 1_205_000_000

// unit is the size of the drawing of the map: its corners lie within ±1.3 units of the centre.
const unit = 1_000_000

// cityMap is the ground: districts in cm from the centre, and the scale they were drawn at.
type cityMap struct {
	districts []district
	size      int64 // cm a unit of the drawing
}

// district is a part of the city. Shape holds polygons, each an outer ring, counter-clockwise, and
// its holes, clockwise; rings are closed. Neighbours share their border point by point.
type district struct {
	id, en, zh string
	shape      [][][]point
	low, high  point // bounds
}

// The districts, in the order of the files.
const (
	harbour = iota
	northlight
	eastmill
	southmead
	westmere
	palmridge
)

// corners are the points where borders meet, in thousandths of a unit: five around the harbour,
// then ten along the city's edge, clockwise from the top.
func corners() []point {
	return []point{
		{0, 370},
		{350, 120},
		{220, -310},
		{-210, -300},
		{-360, 110},
		{30, 980},
		{620, 760},
		{960, 330},
		{930, -310},
		{600, -830},
		{0, -950},
		{-590, -790},
		{-930, -260},
		{-940, 300},
		{-580, 800},
	}
}

// drawMap draws the districts so large that about o.Cells cells overlap them.
func drawMap(o Options) cityMap {
	drawn := drawDistricts(o.Seed)
	area := 0.0
	for _, d := range drawn {
		area += d.area()
	}
	// A cell is counted when it overlaps the city, so the edge adds half a cell's width all round.
	// With s² the city's area in cells: s² + edge·s = cells; the edge is 2.2 s long for this shape.
	const edge = 2.2
	cells := float64(o.Cells)
	s := (math.Sqrt(float64(edge*edge)+4*cells) - edge) / 2
	size := int64(math.Round(s * math.Sqrt(cellArea/area) * unit))
	for i := range drawn {
		drawn[i].scale(size)
	}
	return cityMap{districts: drawn, size: size}
}

// drawDistricts returns the districts in units.
func drawDistricts(seed uint64) []district {
	pen := newPen(seed)
	parts := make([]district, 6)
	parts[harbour] = district{id: "harbour", en: "Harbour", zh: "灯港区"}
	parts[northlight] = district{id: "northlight", en: "Northlight", zh: "北曜区"}
	parts[eastmill] = district{id: "eastmill", en: "Eastmill", zh: "东磨区"}
	parts[southmead] = district{id: "southmead", en: "Southmead", zh: "南原区"}
	parts[westmere] = district{id: "westmere", en: "Westmere", zh: "西泽区"}
	parts[palmridge] = district{id: "palmridge", en: "Palmridge", zh: "棕岭区"}
	parts[harbour].shape = [][][]point{{pen.ring(0, 4, 3, 2, 1)}}
	for k := range 5 {
		inner, outer := (k+1)%5, 5+(2*k+2)%10
		ring := pen.ring(k, inner, outer, 5+2*k+1, 5+2*k)
		parts[1+k].shape = [][][]point{{ring}}
	}
	lagoon, island := point{-640, -170}, point{1150, -20}
	parts[westmere].shape[0] = append(parts[westmere].shape[0], pond(lagoon, 110, true))
	parts[eastmill].shape = append(parts[eastmill].shape, [][]point{pond(island, 80, false)})
	return parts
}

// pen draws borders; an edge drawn from either side is the same line.
type pen struct {
	seed    uint64
	corners []point
}

func newPen(seed uint64) pen { return pen{seed: seed, corners: corners()} }

// ring joins the corners by borders and closes the ring.
func (p pen) ring(corners ...int) []point {
	var ring []point
	for i, from := range corners {
		line := p.border(from, corners[(i+1)%len(corners)])
		ring = append(ring, line[:len(line)-1]...)
	}
	return append(ring, ring[0])
}

// border returns the line between two corners, ends included.
func (p pen) border(from, to int) []point {
	low, high := min(from, to), max(from, to)
	d := newDice(p.seed, streamBorder, low<<8|high)
	line := bend(d, p.corners[low].times(unit/1000), p.corners[high].times(unit/1000), 3)
	if from == low {
		return line
	}
	back := make([]point, len(line))
	for i, q := range line {
		back[len(line)-1-i] = q
	}
	return back
}

// bend shifts the middle of a line sideways by up to 7 % of its length, then bends both halves.
func bend(d dice, a, b point, times int) []point {
	if times == 0 {
		return []point{a, b}
	}
	side := d.Int64N(141) - 70
	mid := point{
		(a.x+b.x)/2 - (b.y-a.y)*side/1000,
		(a.y+b.y)/2 + (b.x-a.x)*side/1000,
	}
	first := bend(d, a, mid, times-1)
	return append(first[:len(first)-1], bend(d, mid, b, times-1)...)
}

// pond returns a closed ring of twelve points around the centre; both are in thousandths of a unit.
// It runs clockwise, as a hole does, or counter-clockwise.
func pond(centre point, radius int64, clockwise bool) []point {
	octant := []point{{100, 0}, {87, 50}, {50, 87}, {0, 100}}
	var ring []point
	turned := octant
	for range 4 {
		ring = append(ring, turned[:3]...)
		next := make([]point, len(turned))
		for i, p := range turned {
			next[i] = point{-p.y, p.x}
		}
		turned = next
	}
	ring = append(ring, ring[0])
	for i, p := range ring {
		ring[i] = p.times(unit * radius / 100_000).plus(centre.times(unit / 1000))
	}
	if clockwise {
		for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
			ring[i], ring[j] = ring[j], ring[i]
		}
	}
	return ring
}

// area returns the area in square units of the coordinates; holes count as negative.
func (d *district) area() float64 {
	doubled := int64(0)
	for _, polygon := range d.shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				doubled += ring[i-1].x*ring[i].y - ring[i].x*ring[i-1].y
			}
		}
	}
	return float64(doubled) / 2
}

// scale turns units into cm, size cm a unit, and sets the bounds.
func (d *district) scale(size int64) {
	d.low = point{math.MaxInt64, math.MaxInt64}
	d.high = point{math.MinInt64, math.MinInt64}
	for _, polygon := range d.shape {
		for _, ring := range polygon {
			for i, p := range ring {
				q := point{p.x * size / unit, p.y * size / unit}
				ring[i] = q
				d.low = point{min(d.low.x, q.x), min(d.low.y, q.y)}
				d.high = point{max(d.high.x, q.x), max(d.high.y, q.y)}
			}
		}
	}
}

// contains reports whether the place lies in the district, by the even-odd rule, in integers.
func (d *district) contains(p point) bool {
	if p.x < d.low.x || p.x > d.high.x || p.y < d.low.y || p.y > d.high.y {
		return false
	}
	inside := false
	for _, polygon := range d.shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if crosses(ring[i-1], ring[i], p) {
					inside = !inside
				}
			}
		}
	}
	return inside
}

// crosses reports whether a ray from p to the east crosses the edge from a to b.
func crosses(a, b, p point) bool {
	if (a.y > p.y) == (b.y > p.y) {
		return false
	}
	left := (b.x-a.x)*(p.y-a.y) - (p.x-a.x)*(b.y-a.y)
	return (left > 0) == (b.y > a.y)
}

// districtAt returns the index of the district that holds the place, or -1.
func (m *cityMap) districtAt(p point) int {
	for i := range m.districts {
		if m.districts[i].contains(p) {
			return i
		}
	}
	return -1
}

// at returns the place of a point of the drawing, in thousandths of a unit.
func (m *cityMap) at(p point) point {
	return point{p.x * m.size / 1000, p.y * m.size / 1000}
}
