package example

import "math"

// blockSide is the side of a city block in cm; a block has about the area of a cell.
const blockSide = 34_700

// block is a square between made streets, the grain at which the history is simulated.
type block struct {
	corner   point // in the frame of the streets: u along, v across
	centre   point
	district int
	home     int64 // how many rides begin here in the morning, relative to other blocks
	work     int64 // how many end here in the morning
	busy     float64
	fences   []int // indices of the fences in it, ascending
}

// blocks returns the blocks whose centre lies in the city, row by row from the south.
func (m *cityMap) blocks() []block {
	var all []block
	most := m.size*14/10/blockSide + 1
	for row := -most; row <= most; row++ {
		for column := -most; column <= most; column++ {
			corner := point{column * blockSide, row * blockSide}
			centre := turned(corner.x+blockSide/2, corner.y+blockSide/2)
			if at := m.districtAt(centre); at >= 0 {
				all = append(all, block{corner: corner, centre: centre, district: at})
			}
		}
	}
	m.attract(all)
	return all
}

// attract sets how much the blocks draw riders, from the smooth fields of homes and work places.
func (m *cityMap) attract(all []block) {
	const scale = 1_000_000
	homes, works := homeCentres(), workCentres()
	most := int64(1)
	for i := range all {
		b := &all[i]
		b.home = int64(scale * m.pull(homes, b.centre))
		b.work = int64(scale * m.pull(works, b.centre))
		most = max(most, b.work)
	}
	for i := range all {
		all[i].busy = math.Sqrt(float64(all[i].work) / float64(most))
	}
}

// centre is a peak of a field: place and radius in thousandths of a unit of the drawing.
type centre struct {
	at     point
	radius float64
	weight float64
}

// workCentres are where people ride to in the morning: the old town, the station, the university,
// the mills, the market and a clinic; the last is a little everywhere.
func workCentres() []centre {
	return []centre{
		{point{0, 0}, 220, 10},
		{point{180, 120}, 90, 6},
		{point{500, 480}, 110, 4},
		{point{620, -260}, 120, 3},
		{point{0, -620}, 110, 2.5},
		{point{-650, 150}, 120, 1.5},
		{point{0, 0}, 900, 0.5},
	}
}

// homeCentres are where they ride from.
func homeCentres() []centre {
	return []centre{
		{point{0, 0}, 350, 2},
		{point{480, 420}, 220, 3},
		{point{-150, 620}, 200, 1.5},
		{point{650, -350}, 230, 3},
		{point{-100, -600}, 230, 3},
		{point{-600, -380}, 200, 2.5},
		{point{0, 0}, 900, 0.5},
	}
}

// pull sums weight / (1 + d²/r²)² over the centres: a smooth field with one peak a centre.
func (m *cityMap) pull(centres []centre, p point) float64 {
	sum := 0.0
	for _, c := range centres {
		radius := c.radius * float64(m.size) / 1000
		falling := 1 + float64(p.distance2(m.at(c.at)))/float64(radius*radius)
		sum += c.weight / float64(falling*falling)
	}
	return sum
}
