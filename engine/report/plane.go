package report

import (
	"math"
	"slices"
	"strconv"

	"github.com/mattn/go-runewidth"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// The sheet a map is drawn on, in units: whole numbers are fine enough for 20,000 cells.
const (
	sheetWidth   = 2000
	sheetHeight  = 2400 // most
	sheetMargin  = 50
	footer       = 130 // under the map, for the scale bar
	earth        = 6371007.180918475
	letter       = 80 // height of a label with the room around it; a Latin letter is half as wide
	degree       = math.Pi / 180
	scaleOfWidth = 0.25 // most of the width that the scale bar takes
)

// plane draws places on the sheet: east to the right, north up, distances true along the parallel
// through the middle. Over a city that is within a thousandth.
type plane struct {
	origin        geo.LatLng // south-west corner
	cos           float64    // of the middle latitude
	unitsPerMetre float64
	left, bottom  float64 // place of the origin
	height        int
}

// newPlane returns a plane that holds every cell of the plan.
func newPlane(p *engine.Plan) plane {
	first := true
	var low, high geo.LatLng
	eachCell(p, func(c geo.Cell) {
		for _, v := range c.Boundary() {
			if first {
				low, high, first = v, v, false
			}
			v.Lng = near180(v.Lng, low.Lng)
			low.Lat, low.Lng = min(low.Lat, v.Lat), min(low.Lng, v.Lng)
			high.Lat, high.Lng = max(high.Lat, v.Lat), max(high.Lng, v.Lng)
		}
	})
	pl := plane{origin: low, cos: math.Cos((low.Lat + high.Lat) / 2 * degree)}
	across := max((high.Lng-low.Lng)*degree*earth*pl.cos, 1)
	up := max((high.Lat-low.Lat)*degree*earth, 1)
	wide, tall := float64(sheetWidth-2*sheetMargin), float64(sheetHeight-2*sheetMargin-footer)
	pl.unitsPerMetre = min(wide/across, tall/up)
	pl.left = (sheetWidth - across*pl.unitsPerMetre) / 2
	pl.bottom = sheetMargin + up*pl.unitsPerMetre
	pl.height = int(math.Ceil(pl.bottom)) + sheetMargin + footer
	return pl
}

// eachCell calls each for every cell of every sector.
func eachCell(p *engine.Plan, each func(c geo.Cell)) {
	for i := range p.Sectors {
		for c := range p.Sectors[i].Cells {
			each(p.Sectors[i].Cells[c].Cell)
		}
	}
}

// near180 returns the longitude that means lng and lies within half a turn of from.
func near180(lng, from float64) float64 {
	return lng - 360*math.Round((lng-from)/360)
}

// at returns where a point stands on the sheet.
func (pl plane) at(p geo.LatLng) (x, y int) {
	east := (near180(p.Lng, pl.origin.Lng) - pl.origin.Lng) * degree * earth * pl.cos
	north := (p.Lat - pl.origin.Lat) * degree * earth
	return int(math.Round(pl.left + east*pl.unitsPerMetre)),
		int(math.Round(pl.bottom - north*pl.unitsPerMetre))
}

// pen writes the path of closed rings with relative steps, which are short.
type pen struct {
	path []byte
	x, y int // where the last ring began
}

// ring adds a closed ring; one that shrinks to nothing on the sheet adds nothing.
func (d *pen) ring(pl plane, r geo.Ring) {
	if len(r) < 4 {
		return
	}
	x0, y0 := pl.at(r[0])
	if len(d.path) == 0 {
		d.path = append(d.path, 'M')
		d.pair(x0, y0)
	} else {
		d.path = append(d.path, 'm')
		d.pair(x0-d.x, y0-d.y)
	}
	d.x, d.y = x0, y0
	d.path = append(d.path, 'l')
	first := true
	for _, p := range r[1 : len(r)-1] {
		x, y := pl.at(p)
		if !first && x-x0 >= 0 {
			d.path = append(d.path, ' ')
		}
		d.pair(x-x0, y-y0)
		x0, y0, first = x, y, false
	}
	d.path = append(d.path, 'z')
}

// pair writes two numbers; a minus sign parts them as well as a space does.
func (d *pen) pair(x, y int) {
	d.path = strconv.AppendInt(d.path, int64(x), 10)
	if y >= 0 {
		d.path = append(d.path, ' ')
	}
	d.path = strconv.AppendInt(d.path, int64(y), 10)
}

// outline adds the outline of cells.
func (d *pen) outline(pl plane, cells []geo.Cell) {
	for _, part := range geo.Outline(cells) {
		for _, r := range part {
			d.ring(pl, r)
		}
	}
}

// borders are the districts, drawn once and shown on every map.
type borders struct {
	Height int
	Path   string
	Labels []mapText
	Scale  scaleBar
}

// mapText is a text on a map.
type mapText struct {
	X, Y int
	Text string
}

// scaleBar is a length on the ground, at the left of the footer.
type scaleBar struct {
	X1, X2, Y int
	Text      string
}

// newBorders dissolves the cells of each district, in the order of the districts' first cells.
func newBorders(p *engine.Plan, tag lang.Tag, pl plane) borders {
	b := borders{Height: pl.height, Scale: pl.scale(tag)}
	if len(p.Sectors) == 0 {
		return b
	}
	var ids []string
	cells := map[string][]geo.Cell{}
	for i := range p.Sectors[0].Cells { // every sector has the same grid
		c := &p.Sectors[0].Cells[i]
		if cells[c.District] == nil {
			ids = append(ids, c.District)
		}
		cells[c.District] = append(cells[c.District], c.Cell)
	}
	var d pen
	for _, id := range ids {
		d.outline(pl, cells[id])
	}
	b.Path = string(d.path)
	slices.SortStableFunc(ids, func(a, b string) int { return len(cells[b]) - len(cells[a]) })
	for _, id := range ids {
		if id != "" {
			x, y := pl.at(middle(cells[id]))
			b.name(mapText{x, y, label(p, tag, id)})
		}
	}
	return b
}

// name adds a label unless it would cover another: the largest districts are named first.
func (b *borders) name(m mapText) {
	wide := func(m mapText) int { return (&runewidth.Condition{}).StringWidth(m.Text) * letter / 2 }
	for _, other := range b.Labels {
		apart := (wide(m) + wide(other)) / 2
		if max(m.X-other.X, other.X-m.X) < apart && max(m.Y-other.Y, other.Y-m.Y) < letter {
			return
		}
	}
	b.Labels = append(b.Labels, m)
}

// middle returns the centre of the cell nearest to the mean of all centres, so that it lies
// inside.
func middle(cells []geo.Cell) geo.LatLng {
	from := cells[0].Center().Lng
	var mean geo.LatLng
	for _, c := range cells {
		p := c.Center()
		mean.Lat += p.Lat / float64(len(cells))
		mean.Lng += near180(p.Lng, from) / float64(len(cells))
	}
	best := cells[0].Center()
	for _, c := range cells[1:] {
		if p := c.Center(); geo.Distance(p, mean) < geo.Distance(best, mean) {
			best = p
		}
	}
	return best
}

// scale returns a bar of 1, 2 or 5 times a power of ten metres.
func (pl plane) scale(tag lang.Tag) scaleBar {
	most := scaleOfWidth * sheetWidth / pl.unitsPerMetre
	metres := math.Pow(10, math.Floor(math.Log10(most)))
	for _, times := range []float64{5, 2} {
		if metres*times <= most {
			metres *= times
			break
		}
	}
	bar := scaleBar{
		X1: sheetMargin, X2: sheetMargin + int(math.Round(metres*pl.unitsPerMetre)),
		Y: pl.height - sheetMargin,
	}
	if metres >= 1000 {
		bar.Text = tag.Text(lang.M("report.km", "n", metres/1000))
	} else {
		bar.Text = tag.Text(lang.M("report.m", "n", metres))
	}
	return bar
}
