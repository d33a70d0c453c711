package report

import (
	"math"
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// The frame of the benefit curve, in units of its SVG.
const (
	curveLeft   = 90
	curveRight  = 970
	curveTop    = 24
	curveBottom = 300
	gainTop     = 350 // the lower panel
	gainBottom  = 460
	ticks       = 5
	gainTicks   = 3
)

// curve is the benefit of the best n vehicles, drawn, with the total chosen; below it, what the
// n-th vehicle adds.
type curve struct {
	Line, Area string // paths of the benefit
	Gain       string // path of the marginal benefit
	Xs         []tick
	Ys, Gains  []tick
	X, Y       int // the chosen total
	Anchor     string
	LabelX     int
	Label      string
	Least      int // height of the least benefit; 0 = none
	LeastText  string
}

// tick is a mark on an axis.
type tick struct {
	At   int
	Text string
}

// newCurve returns nil where there are too few points to draw.
func newCurve(tag lang.Tag, s *engine.SectorPlan) *curve {
	if len(s.Curve) < 2 {
		return nil
	}
	points := telling(s)
	last := points[len(points)-1]
	gain := 0.0
	for _, p := range points {
		gain = max(gain, p.Marginal)
	}
	x := newAxis(float64(max(last.Vehicles, s.Total)), curveLeft, curveRight, ticks)
	y := newAxis(last.Benefit, curveBottom, curveTop, ticks)
	g := newAxis(max(gain, s.Settings.MinBenefit), gainBottom, gainTop, gainTicks)
	c := &curve{Xs: x.ticks(tag), Ys: y.ticks(tag), Gains: g.ticks(tag)}
	c.draw(s, points, x, y, g)
	benefit := benefitAt(s.Curve, s.Total)
	c.X, c.Y = x.at(float64(s.Total)), y.at(benefit)
	c.Anchor, c.LabelX = "start", c.X+10
	if c.X > (curveLeft+curveRight)/2 {
		c.Anchor, c.LabelX = "end", c.X-10
	}
	c.Label = tag.Text(lang.M("report.curve-chosen",
		"n", s.Total, "benefit", math.Round(benefit), "unit", s.Unit))
	if s.Settings.MinBenefit > 0 {
		c.Least = g.at(s.Settings.MinBenefit)
		c.LeastText = tag.Text(lang.M("report.curve-least", "least", s.Settings.MinBenefit))
	}
	return c
}

// telling returns the points up to three times the total: beyond, a curve tells nothing of it.
func telling(s *engine.SectorPlan) []engine.CurvePoint {
	n := 2
	for n < len(s.Curve) && s.Curve[n].Vehicles <= 3*s.Total {
		n++
	}
	return s.Curve[:n]
}

// draw sets the paths.
func (c *curve) draw(s *engine.SectorPlan, points []engine.CurvePoint, x, y, g axis) {
	var line, area, gain []byte
	for i, p := range points {
		px := x.at(float64(p.Vehicles))
		line = point(line, i == 0, px, y.at(p.Benefit))
		gain = point(gain, i == 0, px, g.at(p.Marginal))
		if p.Vehicles <= s.Total {
			area = point(area, i == 0, px, y.at(p.Benefit))
		}
	}
	if len(area) > 0 {
		area = point(area, false, x.at(float64(s.Total)), y.at(benefitAt(s.Curve, s.Total)))
		area = point(area, false, x.at(float64(s.Total)), curveBottom)
		area = point(area, false, x.at(float64(s.Curve[0].Vehicles)), curveBottom)
		area = append(area, 'z')
	}
	c.Line, c.Area, c.Gain = string(line), string(area), string(gain)
}

// point adds a point to a path.
func point(path []byte, first bool, x, y int) []byte {
	if first {
		path = append(path, 'M')
	} else {
		path = append(path, 'L')
	}
	path = strconv.AppendInt(path, int64(x), 10)
	path = append(path, ' ')
	return strconv.AppendInt(path, int64(y), 10)
}

// benefitAt returns the benefit of n vehicles, between two points of the curve in a straight
// line.
func benefitAt(points []engine.CurvePoint, n int) float64 {
	before := points[0]
	for _, p := range points {
		if p.Vehicles == n {
			return p.Benefit
		}
		if p.Vehicles > n && p.Vehicles > before.Vehicles {
			part := float64(n-before.Vehicles) / float64(p.Vehicles-before.Vehicles)
			return before.Benefit + part*(p.Benefit-before.Benefit)
		}
		before = p
	}
	return before.Benefit
}

// axis carries numbers from 0 to most onto units from..to.
type axis struct {
	most     float64
	step     float64 // between ticks: 1, 2 or 5 times a power of ten
	from, to int
}

// newAxis returns an axis with about as many ticks as asked for.
func newAxis(most float64, from, to, ticks int) axis {
	if !(most > 0) {
		most = 1
	}
	rough := most / float64(ticks)
	step := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, times := range []float64{5, 2} {
		if step*times <= rough {
			step *= times
			break
		}
	}
	return axis{most, step, from, to}
}

func (a axis) at(x float64) int {
	return a.from + int(math.Round(x/a.most*float64(a.to-a.from)))
}

// ticks are the marks of an axis, from 0.
func (a axis) ticks(tag lang.Tag) []tick {
	var list []tick
	for i := 0; float64(i)*a.step <= a.most*(1+1e-9); i++ {
		x := significant(float64(i)*a.step, 6)
		list = append(list, tick{a.at(x), tag.Text(lang.M("report.value", "x", x))})
	}
	return list
}
