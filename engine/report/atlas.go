package report

import (
	"math"
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// mapView is one small map: the cells of each shade in one path.
type mapView struct {
	Theme   string // class of the palette in style.css
	Title   string
	Unit    string
	Height  int
	Fine    bool // cells too small for borders of their own
	Shades  []shade
	Caption string
	On      *borders
}

// shade is the cells of one class, with its line of the legend.
type shade struct {
	Class string
	Path  string
	Text  string
	Cells int
}

// fineGrid is the number of cells from which their borders would hide the colours.
const fineGrid = 3000

// newMaps returns a sector's four maps: capacity, demand, total, and what holds the total back.
func newMaps(tag lang.Tag, pl plane, s *engine.SectorPlan) []mapView {
	figure := func(of func(c *engine.CellPlan) *float64) []float64 {
		values := make([]float64, len(s.Cells))
		for i := range s.Cells {
			values[i] = math.NaN()
			if x := of(&s.Cells[i]); x != nil {
				values[i] = *x
			}
		}
		return values
	}
	float := func(n int) *float64 { x := float64(n); return &x }
	capacity := figure(func(c *engine.CellPlan) *float64 {
		if c.Capacity == nil {
			return nil
		}
		return float(*c.Capacity)
	})
	demand := figure(func(c *engine.CellPlan) *float64 { return c.Demand.Mean })
	total := figure(func(c *engine.CellPlan) *float64 { return float(c.Total) })
	maps := []mapView{
		shaded(tag, pl, s, capacity, newClasses(capacity, true)),
		shaded(tag, pl, s, demand, newClasses(demand, false)),
		shaded(tag, pl, s, total, newClasses(total, true)),
		limits(tag, pl, s),
	}
	for i, theme := range []string{"capacity", "demand", "total", "held"} {
		maps[i].Theme = theme
		maps[i].Title = tag.Word("report.map-" + theme)
		maps[i].Caption = tag.Word("report.caption-" + theme)
	}
	maps[1].Unit = tag.Text(lang.M("report.unit", "code", s.Unit))
	return maps
}

// shaded returns a map of a figure.
func shaded(
	tag lang.Tag, pl plane, s *engine.SectorPlan, values []float64, c classes,
) mapView {
	cells := make([][]geo.Cell, len(c.breaks)+2) // unknown, 0, and the shades
	for i, v := range values {
		at := c.of(v) + 1
		cells[at] = append(cells[at], s.Cells[i].Cell)
	}
	m := mapView{Height: pl.height, Fine: len(s.Cells) > fineGrid}
	for i := 1; i < len(cells); i++ {
		class := "c" + strconv.Itoa(step(i-1, len(c.breaks)))
		m.add(pl, class, c.text(tag, i-1), cells[i])
	}
	m.add(pl, "unknown", tag.Word("word.unknown"), cells[0])
	return m
}

// step spreads fewer classes over the whole palette, so that the largest is always the darkest.
func step(class, of int) int {
	if class == 0 || of == 0 {
		return 0
	}
	return mostClasses - (of - class)
}

// limits returns the map of what holds each cell's total back.
func limits(tag lang.Tag, pl plane, s *engine.SectorPlan) mapView {
	cells := map[string][]geo.Cell{}
	var codes []string
	for i := range s.Cells {
		code := held(&s.Cells[i])
		if cells[code] == nil {
			codes = append(codes, code)
		}
		cells[code] = append(cells[code], s.Cells[i].Cell)
	}
	slices.SortFunc(codes, func(a, b string) int {
		if len(cells[a]) != len(cells[b]) {
			return len(cells[b]) - len(cells[a])
		}
		if a < b {
			return -1
		}
		return 1
	})
	m := mapView{Height: pl.height, Fine: len(s.Cells) > fineGrid}
	for _, code := range codes {
		m.add(pl, "on-"+code, heldText(tag, code), cells[code])
	}
	return m
}

// heldText is the text of a code of held: a limit of the ground, or another reason.
func heldText(tag lang.Tag, code string) string {
	if _, ok := slices.BinarySearch(lang.IDs(), "hold."+code); ok {
		return tag.Word("hold." + code)
	}
	return tag.Text(lang.M("report.limit", "code", code))
}

// add adds the cells of one class, if there are any.
func (m *mapView) add(pl plane, class, text string, cells []geo.Cell) {
	if len(cells) == 0 {
		return
	}
	var d pen
	if m.Fine {
		d.outline(pl, cells)
	} else {
		for _, c := range cells {
			d.ring(pl, c.Boundary())
		}
	}
	m.Shades = append(m.Shades, shade{class, string(d.path), text, len(cells)})
}
