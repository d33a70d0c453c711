package observe

import "slices"

// Suppress says which of some counts must stay out of print where their sum is printed: every count
// below Smallest, and the next smallest too as long as the others would give one away: a single
// count left out is the sum less the rest. What is left out are then at least two counts that sum
// to Smallest or more, or everything. A sum below Smallest may not be printed itself.
//
// A row that is left out must look like a row of nothing: what isn't listed may be zero or hidden.
func Suppress(counts []int) []bool {
	hidden := make([]bool, len(counts))
	order := make([]int, 0, len(counts))
	n, sum := 0, 0
	for i, c := range counts {
		switch {
		case c == 0:
			hidden[i] = true // nothing is hidden by it
		case c < Smallest:
			hidden[i] = true
			n, sum = n+1, sum+c
		default:
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[a] - counts[b] })
	for _, i := range order {
		if n == 0 || n >= 2 && sum >= Smallest {
			break
		}
		hidden[i] = true
		n, sum = n+1, sum+counts[i]
	}
	return hidden
}
