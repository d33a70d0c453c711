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
	slices.SortStableFunc(cells, byReach)
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

// theil is how unequally requests find a vehicle, by Theil's T of the share of requests with one in
// reach, each cell weighed by its requests: between districts and within them. 0 = alike; NaN where
// nobody is reached or the town has no districts.
func (t *Tally) theil(town *Town) (between, within float64) {
	parts := make([]CellTally, len(town.Districts))
	var city CellTally
	for c := range t.ByCell {
		if d := town.District[c]; d >= 0 {
			parts[d].add(&t.ByCell[c])
			city.add(&t.ByCell[c])
		}
	}
	if city.Reached == 0 {
		return math.NaN(), math.NaN()
	}
	for d := range parts {
		between += theilTerm(&parts[d], &city)
	}
	for c := range t.ByCell {
		if d := town.District[c]; d >= 0 && parts[d].Reached > 0 {
			within += ratio(parts[d].Reached, city.Reached) * theilTerm(&t.ByCell[c], &parts[d])
		}
	}
	return between, within
}

// theilTerm is a part's term of Theil's T in its whole: its share of those reached, times the
// logarithm of that share over its share of requests.
func theilTerm(part, in *CellTally) float64 {
	if part.Reached == 0 {
		return 0
	}
	share := ratio(part.Reached, in.Reached)
	return share * math.Log(share/ratio(part.Requests, in.Requests))
}

// hhi is the Herfindahl-Hirschman index of a figure over operators, 0 to 1; NaN where it is zero
// throughout.
func (t *Tally) hhi(of func(o *OperatorTally) int64) float64 {
	sum, squares := 0.0, 0.0
	for k := range t.ByOperator {
		x := float64(of(&t.ByOperator[k]))
		sum += x
		squares += x * x
	}
	return squares / (sum * sum)
}

// lorenz returns the Lorenz curve of the replications' cells together: shares of requests, those
// least reached first, and of requests reached.
func lorenz(cells []CellTally) (requests, reached []float64) {
	cells = slices.Clone(cells)
	cells = slices.DeleteFunc(cells, func(c CellTally) bool { return c.Requests == 0 })
	slices.SortStableFunc(cells, byReach)
	var all, seen CellTally
	for i := range cells {
		all.add(&cells[i])
	}
	requests, reached = []float64{0}, []float64{0}
	for i := range cells {
		seen.add(&cells[i])
		requests = append(requests, ratio(seen.Requests, all.Requests))
		reached = append(reached, ratio(seen.Reached, max(all.Reached, 1)))
	}
	return requests, reached
}

// byReach orders cells by the share of requests reached, exactly.
func byReach(a, b CellTally) int { return cmp.Compare(a.Reached*b.Requests, b.Reached*a.Requests) }
