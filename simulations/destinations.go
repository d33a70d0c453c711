package simulations

import "math"

// Where nobody's way is known, riders of a cell go to other cells in proportion to how many set out
// there, times e^-(distance / mean): a law with one assumed number. Beyond so many means it is cut;
// what is cut off weighs 3 in 10,000.
const reach = 8

// assumed is how many rides of a cell the law weighs beside those that were seen: with 20 seen,
// both weigh the same.
const assumed = 20

// toward is how many rides were seen to a cell.
type toward struct {
	to int32
	n  float64
}

// destinations returns where riders of each cell go. pull is riders by cell; seen are rides that
// were made, nil = none are known; ride is the mean of the law of distances, m.
func destinations(t *Town, pull []float64, seen [][]toward, ride float64) []Destinations {
	list := make([]Destinations, len(pull))
	weights := make([]float64, len(pull))
	var near []int32
	for c := range list {
		near = near[:0]
		sum := 0.0
		for to, riders := range pull {
			if riders <= 0 {
				continue
			}
			far := distance(t.center[c], t.center[to]) / (100 * ride)
			if far > reach {
				continue
			}
			near = append(near, int32(to))
			weights[to] = riders * math.Exp(-far)
			sum += weights[to]
		}
		if seen != nil && len(seen[c]) > 0 {
			for _, to := range near {
				weights[to] *= assumed / sum
			}
			for _, f := range seen[c] {
				weights[f.to] += f.n
			}
		}
		if list[c] = newDestinations(weights); len(list[c].Cells) == 0 {
			weights[c] = 1
			list[c] = newDestinations(weights)
		}
		clear(weights)
	}
	return list
}
