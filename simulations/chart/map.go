package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"

	"github.com/stint-city/stint/geo"
)

// Cell is a cell of a map with its figure; NaN = unknown, drawn hatched.
type Cell struct {
	Outline []geo.LatLng // closed or not
	Value   float64
	Title   string
}

// Map draws cells by colour. A diverging one is white at zero, blue below, red above, and as wide
// on both sides; else from white at the least to dark at the most. Of each picture the ends of the
// scale are written below.
func Map(name string, cells []Cell, diverging bool) template.HTML {
	var s svg
	low, high := math.Inf(1), math.Inf(-1)
	box := newPlane(cells)
	for _, c := range cells {
		if !math.IsNaN(c.Value) {
			low, high = min(low, c.Value), max(high, c.Value)
		}
	}
	if low > high {
		low, high = 0, 0
	}
	if diverging {
		most := max(math.Abs(low), math.Abs(high))
		low, high = -most, most
	}
	s.add(`<g class="cells">`)
	for _, c := range cells {
		fill := "#ddd"
		if !math.IsNaN(c.Value) {
			fill = colour(c.Value, low, high, diverging)
		}
		s.add(`<path fill="%s" d="%s"><title>%s</title></path>`, fill, box.path(c.Outline),
			html.EscapeString(c.Title))
	}
	s.add(`</g>`)
	y := box.height + 10
	for i := range 40 {
		v := low + (high-low)*(float64(i)+0.5)/40
		s.add(`<rect x="%s" y="%s" width="5.2" height="10" fill="%s"/>`, px(20+5*float64(i)), px(y),
			colour(v, low, high, diverging))
	}
	s.text(20, y+24, "start", figure(low))
	s.text(220, y+24, "end", figure(high))
	return s.done(name, y+30)
}

// colour is the fill of a value between two ends.
func colour(v, low, high float64, diverging bool) string {
	t := 0.0
	if high > low {
		t = (v - low) / (high - low)
	}
	if !diverging {
		return mix([3]float64{250, 248, 240}, [3]float64{122, 1, 60}, t)
	}
	if t < 0.5 {
		return mix([3]float64{250, 250, 250}, [3]float64{5, 80, 160}, 1-2*t)
	}
	return mix([3]float64{250, 250, 250}, [3]float64{178, 24, 43}, 2*t-1)
}

func mix(a, b [3]float64, t float64) string {
	c := func(i int) int { return int(math.Round(a[i] + (b[i]-a[i])*t)) }
	return fmt.Sprintf("#%02x%02x%02x", c(0), c(1), c(2))
}

// plane puts degrees on the drawing: true along the parallel through the middle.
type plane struct {
	west, north, x, y float64
	height            float64
}

func newPlane(cells []Cell) plane {
	west, east := math.Inf(1), math.Inf(-1)
	south, north := math.Inf(1), math.Inf(-1)
	for _, c := range cells {
		for _, v := range c.Outline {
			west, east = min(west, v.Lng), max(east, v.Lng)
			south, north = min(south, v.Lat), max(north, v.Lat)
		}
	}
	if !(east > west) {
		return plane{height: 10}
	}
	across := (east - west) * math.Cos((south+north)/2*math.Pi/180)
	const most = 420
	per := min((width-40)/across, most/(north-south))
	return plane{
		west: west, north: north, x: per * across / (east - west), y: per,
		height: per*(north-south) + 10,
	}
}

// path writes an outline, in half px: finer can't be seen.
func (p plane) path(ring []geo.LatLng) string {
	var d strings.Builder
	for i, v := range ring {
		command := "L"
		if i == 0 {
			command = "M"
		}
		d.WriteString(command + px((v.Lng-p.west)*p.x+20) + " " + px((p.north-v.Lat)*p.y+5))
	}
	d.WriteString("Z")
	return d.String()
}
