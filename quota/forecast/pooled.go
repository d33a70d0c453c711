package forecast

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// Setting is what Pooled was fitted with.
type Setting struct {
	Forget float64 // hours after which a count weighs half in a cell's level
	Share  float64 // weeks of a cell's own counts that its region's shape weighs as much as
}

// usual is the setting where the history is too short to choose one.
func usual() Setting { return Setting{Forget: Week, Share: 2} }

// regionEvents is how many counts of a region its own shape weighs as much as the city's at.
const regionEvents = 20

// pooledOf forecasts level times shape. The level is each cell's own, of late: the weighted count
// over the weighted shape of the hours in which it was counted, so that an early morning doesn't
// pull it down. The shape is by hour of the week, mean 1: the cell's own counts, with Share weeks
// of its region's; and the region's with a few counts of the city's. Cells with few trips take
// their region's shape, busy ones have their own; growth is in the level.
//
// It is the posterior mean of a Poisson rate with Gamma priors, nested: cell in region in city.
func pooledOf(h *History, s Setting) func(cell, hour int) float64 {
	w := h.weights(forgetWeeks)
	mean, weight := h.hourOfWeek(w)
	levels := meanLevels(mean, weight)
	shape := shapes(h, mean, weight, levels)
	rate := make([][]float64, len(h.Counts))
	all := hourly(len(h.Counts), 0)
	for c := range rate {
		own := shape[h.region(c)]
		rate[c] = all[c]
		for k := range rate[c] {
			seen, n := 0.0, weight[c][k]
			if n > 0 && levels[c] > 0 {
				seen = n * mean[c][k] / levels[c]
			} else {
				n = 0
			}
			rate[c][k] = (seen + s.Share*own[k]) / (n + s.Share)
		}
	}
	now := h.levelsNow(s.Forget, rate, cityLevel(levels))
	phase := *h
	return func(cell, hour int) float64 { return now[cell] * rate[cell][phase.ofWeek(hour)] }
}

// meanLevels returns each cell's mean count an hour, every hour of the week counting as much; NaN
// where none is known.
func meanLevels(mean, weight [][]float64) []float64 {
	levels := make([]float64, len(mean))
	for c := range mean {
		sum, n := 0.0, 0
		for k := range mean[c] {
			if weight[c][k] > 0 {
				sum, n = sum+mean[c][k], n+1
			}
		}
		levels[c] = sum / float64(n)
	}
	return levels
}

// cityLevel returns the mean of the known levels.
func cityLevel(levels []float64) float64 {
	sum, n := 0.0, 0
	for _, l := range levels {
		if !math.IsNaN(l) {
			sum, n = sum+l, n+1
		}
	}
	return sum / float64(max(n, 1))
}

// shapes returns the shape of each region, mean about 1.
func shapes(h *History, mean, weight [][]float64, levels []float64) [][]float64 {
	counts, expected := hourly(h.regions()+1, 0), hourly(h.regions()+1, 0)
	city := h.regions()
	for c := range mean {
		for k := range mean[c] {
			n := weight[c][k]
			if n == 0 || math.IsNaN(levels[c]) {
				continue
			}
			for _, r := range []int{h.region(c), city} {
				counts[r][k] += n * mean[c][k]
				expected[r][k] += n * levels[c]
			}
		}
	}
	for k := range counts[city] {
		whole := 1.0
		if expected[city][k] > 0 {
			whole = counts[city][k] / expected[city][k]
		}
		for r := range city {
			counts[r][k] = (counts[r][k] + regionEvents*whole) / (expected[r][k] + regionEvents)
		}
	}
	return counts[:city]
}

// levelsNow returns each cell's level of late, given its shape; one hour of the city's level keeps
// a cell that was never seen from being ruled out for ever.
func (h *History) levelsNow(forget float64, shape [][]float64, city float64) []float64 {
	w := h.weights(forget)
	levels := make([]float64, len(h.Counts))
	for c, row := range h.Counts {
		sum, expected := city, 1.0
		for t, y := range row {
			if !math.IsNaN(y) {
				sum += w[t] * y
				expected += w[t] * shape[c][h.ofWeek(t)]
			}
		}
		levels[c] = sum / expected
	}
	return levels
}

// tune returns the setting under which the last week is likeliest, given what was before; the usual
// one where that is no two weeks.
func tune(h *History) Setting {
	held := h.Hours() - Week
	if held <= 0 {
		return usual()
	}
	before := h.until(held)
	if before.weekly() != nil {
		return usual()
	}
	setting := func(x []float64) Setting {
		bound := func(v, low, high float64) float64 { return math.Min(math.Max(v, low), high) }
		return Setting{
			Forget: bound(math.Exp(x[0]), 12, 16*Week), Share: bound(math.Exp(x[1]), 0.05, 200),
		}
	}
	problem := optimize.Problem{Func: func(x []float64) float64 {
		return surprise(h, held, pooledOf(&before, setting(x)))
	}}
	start := []float64{math.Log(usual().Forget), math.Log(usual().Share)}
	most := &optimize.Settings{FuncEvaluations: 60}
	found, err := optimize.Minimize(problem, start, most, &optimize.NelderMead{})
	if found == nil || (err != nil && len(found.X) != len(start)) {
		return usual()
	}
	return setting(found.X)
}

// surprise returns minus the Poisson log-likelihood of the counts from an hour on, but for a
// constant.
func surprise(h *History, from int, mean func(cell, hour int) float64) float64 {
	const least = 1e-6 // a rate of 0 would rule out what may come
	sum := 0.0
	for c, row := range h.Counts {
		for t := from; t < len(row); t++ {
			if !math.IsNaN(row[t]) {
				m := math.Max(mean(c, t), least)
				sum += m - row[t]*math.Log(m)
			}
		}
	}
	return sum
}
