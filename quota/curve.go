package quota

// curvePoints bounds the length of Totals.Curve.
const curvePoints = 200

// curve returns the benefit of the forced vehicles with the first 0, 1, ... wanted ones, at about
// even steps, at total and at the end.
func (c *choice) curve(wanted []units, forced, total int) []CurvePoint {
	end := forced
	for _, u := range wanted {
		if u.benefit > 0 {
			end += int(u.count)
		}
	}
	stops := curveStops(forced, end, total)
	benefit := c.forcedBenefit()
	points := append(make([]CurvePoint, 0, len(stops)), CurvePoint{Vehicles: forced, Benefit: benefit})
	if end > forced {
		points[0].Marginal = trips(wanted[0].benefit)
	}
	stops = stops[1:]
	reached := forced
	for _, u := range wanted {
		each := trips(u.benefit)
		for len(stops) > 0 && stops[0] <= reached+int(u.count) {
			points = append(points, CurvePoint{
				Vehicles: stops[0],
				Benefit:  benefit + float64(float64(stops[0]-reached)*each),
				Marginal: each,
			})
			stops = stops[1:]
		}
		reached += int(u.count)
		benefit += float64(float64(u.count) * each)
	}
	return points
}

// curveStops returns the numbers of vehicles at which the curve is drawn, ascending from first to
// last, total among them.
func curveStops(first, last, total int) []int {
	step := max(1, (last-first+curvePoints-3)/(curvePoints-2))
	stops := make([]int, 0, curvePoints)
	for n := first; n < last; n += step {
		if n-step < total && total < n {
			stops = append(stops, total)
		}
		stops = append(stops, n)
	}
	if k := len(stops); k > 0 && stops[k-1] < total && total < last {
		stops = append(stops, total)
	}
	return append(stops, last)
}

// forcedBenefit sums, in the order of cells, what the forced vehicles add.
func (c *choice) forcedBenefit() float64 {
	sum := 0.0
	for _, i := range c.order {
		for n := range min(c.forced[i], len(c.leaves[i].Marginal)) {
			sum += trips(c.leaves[i].benefit(n))
		}
	}
	return sum
}
