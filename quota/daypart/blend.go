package daypart

import "math"

// Blend returns the demand of the next turn: the mean of those that were seen, the last one last,
// where each counts for the part keep of the one after it; keep 0 is the last one alone. A cell's
// unknown demands, NaN, count for nothing; one that never was known stays NaN. It panics if lengths
// differ, and returns nil for none.
func Blend(seen [][]float64, keep float64) []float64 {
	if len(seen) == 0 {
		return nil
	}
	mean := make([]float64, len(seen[0]))
	for i := range mean {
		sum, weights, weight := 0.0, 0.0, 1.0
		for n := len(seen) - 1; n >= 0 && weight > 0; n-- {
			if len(seen[n]) != len(mean) {
				panic("daypart: the lengths of the demands differ")
			}
			if d := seen[n][i]; !math.IsNaN(d) {
				sum += float64(weight * d)
				weights += weight
				weight *= keep
			}
		}
		mean[i] = sum / weights // 0/0 is NaN
	}
	return mean
}
