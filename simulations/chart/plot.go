package chart

import (
	"html"
	"html/template"
	"math"
	"strings"
)

// Line is a curve. Low and High, where given, are its band.
type Line struct {
	Name      string
	X, Y      []float64
	Low, High []float64
	Dashed    bool
}

// Frame names the axes. Zero keeps both axes from zero.
type Frame struct {
	Name, X, Y string
	Zero       bool
}

const plotHeight = 260

// Lines draws curves in one frame, with their names above.
func Lines(f Frame, lines []Line) template.HTML {
	var s svg
	x, y := f.fit(func(see func(x, y float64)) {
		for _, l := range lines {
			for i := range l.X {
				see(l.X[i], l.Y[i])
				if l.Low != nil {
					see(l.X[i], l.Low[i])
					see(l.X[i], l.High[i])
				}
			}
		}
	})
	s.axes(x, y, f.X, f.Y)
	for i, l := range lines {
		if l.Low != nil {
			s.band(x, y, l, i)
		}
	}
	at := float64(labels) / 2
	for i, l := range lines {
		dash := ""
		if l.Dashed {
			dash = " dashed"
		}
		s.add(`<path class="line p%d%s" d="%s"/>`, i%6, dash, path(x, y, l.X, l.Y))
		s.add(`<path class="line p%d%s" d="M%s 10h18"/>`, i%6, dash, px(at))
		s.text(at+22, 14, "start", l.Name)
		at += 34 + 7*float64(len([]rune(l.Name)))
	}
	return s.done(f.Name, plotHeight+margin)
}

// band fills between a curve's ends.
func (s *svg) band(x, y scale, l Line, i int) {
	var d strings.Builder
	d.WriteString(path(x, y, l.X, l.High))
	for k := len(l.X) - 1; k >= 0; k-- {
		d.WriteString("L" + px(x.at(l.X[k])) + " " + px(y.at(l.Low[k])))
	}
	s.add(`<path class="band p%d" d="%sZ"/>`, i%6, d.String())
}

// path writes a curve; what is not a number breaks it.
func path(x, y scale, xs, ys []float64) string {
	var d strings.Builder
	command := "M"
	for k := range xs {
		if math.IsNaN(ys[k]) {
			command = "M"
			continue
		}
		d.WriteString(command + px(x.at(xs[k])) + " " + px(y.at(ys[k])))
		command = "L"
	}
	return d.String()
}

// Point is a place in a scatter, with the interval of its Y.
type Point struct {
	Name         string
	X, Y         float64
	Low, High    float64
	Best, Chosen bool // on the front that nothing beats in both; the one that was chosen
}

// Scatter draws points with names.
func Scatter(f Frame, points []Point) template.HTML {
	var s svg
	x, y := f.fit(func(see func(x, y float64)) {
		for _, p := range points {
			see(p.X, p.Low)
			see(p.X, p.High)
		}
	})
	s.axes(x, y, f.X, f.Y)
	for _, p := range points {
		class := "dot"
		switch {
		case p.Chosen:
			class = "dot chosen"
		case p.Best:
			class = "dot best"
		}
		s.add(`<path class="interval" d="M%s %sV%s"/>`, px(x.at(p.X)), px(y.at(p.Low)), px(y.at(p.High)))
		s.add(`<circle class="%s" cx="%s" cy="%s" r="4"><title>%s</title></circle>`, class,
			px(x.at(p.X)), px(y.at(p.Y)), html.EscapeString(p.Name))
		if len(points) <= 12 {
			s.text(x.at(p.X)+7, y.at(p.Y)-5, "start", p.Name)
		}
	}
	return s.done(f.Name, plotHeight+margin)
}

// fit returns axes that hold everything seen.
func (f Frame) fit(each func(see func(x, y float64))) (x, y scale) {
	lowX, highX := math.Inf(1), math.Inf(-1)
	lowY, highY := math.Inf(1), math.Inf(-1)
	each(func(x, y float64) {
		if !math.IsNaN(x) && !math.IsNaN(y) {
			lowX, highX = min(lowX, x), max(highX, x)
			lowY, highY = min(lowY, y), max(highY, y)
		}
	})
	if lowX > highX {
		lowX, highX, lowY, highY = 0, 1, 0, 1
	}
	if f.Zero {
		lowX, lowY = min(lowX, 0), min(lowY, 0)
	} else {
		lowX, highX = spread(lowX, highX, 0.06)
		lowY, highY = spread(lowY, highY, 0.06)
	}
	if lowX == highX {
		highX++
	}
	if lowY == highY {
		highY++
	}
	return scale{lowX, highX, labels / 2, width - 60}, scale{lowY, highY, plotHeight, 30}
}
