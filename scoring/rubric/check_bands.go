package rubric

import (
	"fmt"
	"slices"
)

// bands wants every value to have a band, every band a value, and better values no fewer points.
func (c *checker) bands(path string, d *Indicator) {
	if len(d.Bands) == 0 {
		return
	}
	sound := true
	for i := range d.Bands {
		b, at := &d.Bands[i], fmt.Sprintf("%s.bands[%d]", path, i)
		n := len(limits(b.GTE, b.GT, b.LTE, b.LT))
		switch {
		case b.Else && n == 0 && i < len(d.Bands)-1:
			c.add(at, "else-last")
			sound = false
		case b.Else != (n == 0) || n > 1:
			c.add(at, "conditions", "got", n)
			sound = false
		}
		if b.Points.Sign() < 0 || b.Points.Cmp(d.Max) > 0 {
			c.add(at+".points", "points-range", "points", b.Points, "max", d.Max)
		}
	}
	if sound {
		c.cover(path, d)
	}
}

// cover takes the line of values apart band by band. A limit takes one end of what is left, so
// that what is left is always one span, and the bands lie from the lowest values up as: those
// that took the lower end, in their order, then those that took the upper end, in reverse.
func (c *checker) cover(path string, d *Indicator) {
	left, none := span{}, false // none: no value is left
	var lows, highs []int
	for i := range d.Bands {
		b := &d.Bands[i]
		taken, rest, above := left, span{}, false
		if !b.Else {
			l := limits(b.GTE, b.GT, b.LTE, b.LT)[0]
			taken, rest = left.split(l.edge)
			if above = l.above; above {
				taken, rest = rest, taken
			}
		}
		switch {
		case none || taken.empty():
			c.add(fmt.Sprintf("%s.bands[%d]", path, i), "band-unreachable", "band", i+1)
			continue
		case above:
			highs = append(highs, i)
		default:
			lows = append(lows, i)
		}
		left, none = rest, b.Else || rest.empty()
	}
	if !none {
		c.add(path+".bands", "band-gap", "values", left.String())
	}
	slices.Reverse(highs)
	c.rising(path, d, append(lows, highs...))
}

// rising wants points not to fall from band to band, the worst values' first. upward are the
// bands from the lowest values up.
func (c *checker) rising(path string, d *Indicator, upward []int) {
	if d.Direction != higher && d.Direction != lower {
		return // said already
	}
	faults := make([]Fault, len(d.Bands)) // in the order of the file
	for k := 1; k < len(upward); k++ {
		i, j := upward[k-1], upward[k]
		if !d.better() {
			i, j = j, i
		}
		if d.Bands[i].Points.Cmp(d.Bands[j].Points) <= 0 {
			continue
		}
		at, other := max(i, j), min(i, j)
		faults[at] = Fault{
			Path: fmt.Sprintf("%s.bands[%d].points", path, at), Code: "band-direction",
			Args: []any{
				"direction", d.Direction, "points", d.Bands[at].Points,
				"band", other + 1, "other", d.Bands[other].Points,
			},
		}
	}
	for _, f := range faults {
		if f.Code != "" {
			c.faults = append(c.faults, f)
		}
	}
}
