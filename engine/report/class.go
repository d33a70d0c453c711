package report

import (
	"math"
	"slices"

	"github.com/stint-city/stint/engine/lang"
)

// mostClasses is the number of shades a map has beside the one for 0: more can't be told apart.
const mostClasses = 5

// classes put values in shades: 0 for itself, then up to mostClasses of about as many cells each,
// between round numbers. A class takes what is above the break before it and at most its own.
type classes struct {
	breaks []float64 // upper ends of all classes above 0; the last is the largest value
	whole  bool      // values are whole numbers
}

// newClasses returns the classes of the values; NaN is unknown and in none.
func newClasses(values []float64, whole bool) classes {
	var positive []float64
	for _, v := range values {
		if v > 0 {
			positive = append(positive, v)
		}
	}
	c := classes{whole: whole}
	if len(positive) == 0 {
		return c
	}
	slices.Sort(positive)
	largest := positive[len(positive)-1]
	last := 0.0
	for i := 1; i < mostClasses; i++ {
		b := roundish(positive[i*len(positive)/mostClasses], whole)
		if b > last && b < largest {
			c.breaks = append(c.breaks, b)
			last = b
		}
	}
	c.breaks = append(c.breaks, largest)
	return c
}

// roundish rounds to two significant digits, to whole numbers where values are whole.
func roundish(x float64, whole bool) float64 {
	x = significant(x, 2)
	if whole {
		return max(1, math.Round(x))
	}
	return x
}

// of returns the class of a value: 0 for 0, 1 and up for the shades, -1 for unknown.
func (c classes) of(v float64) int {
	switch {
	case math.IsNaN(v):
		return -1
	case v <= 0:
		return 0
	}
	i, _ := slices.BinarySearch(c.breaks, v)
	return min(i, len(c.breaks)-1) + 1
}

// text returns the numbers of class i.
func (c classes) text(tag lang.Tag, i int) string {
	if i <= 0 {
		return tag.Text(lang.M("report.value", "x", 0))
	}
	low, high := 0.0, c.breaks[i-1]
	if i > 1 {
		low = c.breaks[i-2]
	}
	if !c.whole {
		return tag.Text(lang.M("report.range", "low", low, "high", significant(high, 3)))
	}
	if low+1 == high {
		return tag.Text(lang.M("report.value", "x", high))
	}
	return tag.Text(lang.M("report.range", "low", low+1, "high", high))
}
