package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// The box of a drawing, px.
const (
	width  = 640
	labels = 170 // room for names on the left
	margin = 44  // around axes
)

// svg gathers a drawing.
type svg struct{ b strings.Builder }

// add appends a piece; arguments are numbers or text that text escaped.
func (s *svg) add(format string, args ...any) { fmt.Fprintf(&s.b, format, args...) }

// text writes a word at a place; anchor is start, middle or end.
func (s *svg) text(x, y float64, anchor, word string) {
	s.add(`<text x="%s" y="%s" text-anchor="%s">%s</text>`,
		px(x), px(y), anchor, html.EscapeString(word))
}

// done closes the drawing; name is what a screen reader says.
func (s *svg) done(name string, height float64) template.HTML {
	//nolint:gosec // numbers, and text that was escaped above
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %s" role="img" aria-label="%s">%s</svg>`,
		width, px(height), html.EscapeString(name), s.b.String()))
}

// px writes a coordinate.
func px(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// Scale is a linear axis from data to px.
type scale struct{ low, high, from, to float64 }

func (a scale) at(x float64) float64 {
	if a.high <= a.low {
		return a.from
	}
	return a.from + (x-a.low)/(a.high-a.low)*(a.to-a.from)
}

// ticks returns about n round numbers on the axis: steps of 1, 2 or 5 times a power of ten.
func (a scale) ticks(n int) []float64 {
	span := a.high - a.low
	if !(span > 0) {
		return []float64{a.low}
	}
	raw := span / float64(n)
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, f := range []float64{1, 2, 5, 10} {
		if f*step >= raw {
			step *= f
			break
		}
	}
	var list []float64
	for k := math.Ceil(a.low/step - 1e-9); k*step <= a.high+1e-9*span; k++ {
		list = append(list, k*step)
	}
	return list
}

// figure writes a number shortly.
func figure(x float64) string {
	if math.Abs(x) < 1e-12 {
		x = 0 // of either sign
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// axes draws both axes with their ticks and names.
func (s *svg) axes(x, y scale, nameX, nameY string) {
	for _, v := range x.ticks(6) {
		s.add(`<path class="grid" d="M%s %sV%s"/>`, px(x.at(v)), px(y.from), px(y.to))
		s.text(x.at(v), y.from+16, "middle", figure(v))
	}
	for _, v := range y.ticks(5) {
		s.add(`<path class="grid" d="M%s %sH%s"/>`, px(x.from), px(y.at(v)), px(x.to))
		s.text(x.from-6, y.at(v)+4, "end", figure(v))
	}
	s.text((x.from+x.to)/2, y.from+34, "middle", nameX)
	s.text(x.from-labels/4, y.to-8, "start", nameY)
}

// spread widens a range by a share, so that nothing sits on the frame.
func spread(low, high, share float64) (float64, float64) {
	if high <= low {
		return low - 0.5, low + 0.5
	}
	return low - share*(high-low), high + share*(high-low)
}
