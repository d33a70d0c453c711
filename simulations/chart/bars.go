package chart

import (
	"html/template"
	"math"
)

// Bar is a figure with its interval; an unknown one has NaN as Mean.
type Bar struct {
	Name            string
	Mean, Low, High float64
	Text            string // what stands beside it
}

const rowHeight = 26

// Bars draws figures from zero, with their intervals.
func Bars(name string, bars []Bar) template.HTML {
	var s svg
	low, high := 0.0, 0.0
	for _, b := range bars {
		if !math.IsNaN(b.Mean) {
			low, high = min(low, b.Low), max(high, b.High)
		}
	}
	if low == high {
		high = 1
	}
	x := scale{low, high, labels, width - 130}
	for i, b := range bars {
		y := float64(i * rowHeight)
		s.text(labels-8, y+17, "end", b.Name)
		if math.IsNaN(b.Mean) {
			s.text(x.at(0)+4, y+17, "start", b.Text)
			continue
		}
		from, to := x.at(min(0, b.Mean)), x.at(max(0, b.Mean))
		s.add(`<rect x="%s" y="%s" width="%s" height="14" class="bar"/>`, px(from), px(y+6), px(to-from))
		s.add(`<path d="M%s %sH%s" class="interval"/>`, px(x.at(b.Low)), px(y+13), px(x.at(b.High)))
		s.text(x.at(max(b.High, 0))+6, y+17, "start", b.Text)
	}
	s.add(`<path class="axis" d="M%s 0V%d"/>`, px(x.at(0)), len(bars)*rowHeight)
	return s.done(name, float64(len(bars)*rowHeight)+4)
}

// Reach is how far a figure moves when one assumption goes from its low end to its high end.
type Reach struct {
	Name     string
	From, To float64 // the figure at the low and at the high end
}

// Tornado draws reaches around the figure at the middle, the widest first if the caller says so.
func Tornado(name string, middle float64, list []Reach) template.HTML {
	var s svg
	low, high := middle, middle
	for _, r := range list {
		low, high = min(low, r.From, r.To), max(high, r.From, r.To)
	}
	low, high = spread(low, high, 0.05)
	x := scale{low, high, labels, width - 20}
	bottom := float64(len(list)*rowHeight) + 8
	for _, v := range x.ticks(5) {
		s.add(`<path class="grid" d="M%s 0V%s"/>`, px(x.at(v)), px(bottom))
		s.text(x.at(v), bottom+16, "middle", figure(v))
	}
	for i, r := range list {
		y := float64(i * rowHeight)
		s.text(labels-8, y+17, "end", r.Name)
		for _, half := range []struct {
			at    float64
			class string
		}{{r.From, "less-half"}, {r.To, "more-half"}} {
			a, b := min(half.at, middle), max(half.at, middle)
			s.add(`<rect x="%s" y="%s" width="%s" height="14" class="%s"/>`,
				px(x.at(a)), px(y+6), px(x.at(b)-x.at(a)), half.class)
		}
	}
	s.add(`<path class="axis" d="M%s 0V%s"/>`, px(x.at(middle)), px(bottom))
	return s.done(name, bottom+24)
}
