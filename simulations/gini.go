package simulations

import (
	"cmp"
	"math"
	"slices"
)

// gini is how unequally cells with riders are served: the Gini coefficient of the share of requests
// with a vehicle in reach, each cell weighed by its requests. 0 = everywhere alike.
func (t *Tally) gini() float64 {
	cells := slices.Clone(t.ByCell)
	cells = slices.DeleteFunc(cells, func(c CellTally) bool { return c.Requests == 0 })
	slices.SortStableFunc(cells, func(a, b CellTally) int { // by share reached, exactly
		return cmp.Compare(a.Reached*b.Requests, b.Reached*a.Requests)
	})
	people, reached := int64(0), int64(0)
	for _, c := range cells {
		people += c.Requests
		reached += c.Reached
	}
	if reached == 0 {
		return math.NaN()
	}
	area, height := 0.0, int64(0) // twice the area below the Lorenz curve
	for _, c := range cells {
		area += float64(c.Requests) * float64(2*height+c.Reached)
		height += c.Reached
	}
	return 1 - area/(float64(people)*float64(reached))
}
