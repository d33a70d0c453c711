package engine

import "math"

// claims returns each operator's claim on each cell, [operator][cell]: with Claims "use" its part
// of the rides or vehicles seen in the cell, mixed with its part of the city's fleet by Smoothing,
// so that a cell where nobody was seen falls back on the latter; with "equal" the latter alone. A
// cell's claims sum to 1; an operator without a quota claims nothing.
func (d *draft) claims() [][]float64 {
	rows := make([][]float64, len(d.shares.Totals))
	for k, t := range d.shares.Totals {
		rows[k] = make([]float64, len(d.leaves))
		if t.Quota == 0 {
			continue
		}
		city := float64(t.Quota) / float64(d.shares.Granted)
		for i := range rows[k] {
			rows[k][i] = d.claim(k, i, city)
		}
	}
	return rows
}

// claim returns operator k's claim on cell i, given its part of the city's fleet.
func (d *draft) claim(k, i int, city float64) float64 {
	rules := d.sector.Matrix
	if rules.Claims != "use" || d.sector.Use == nil {
		return city
	}
	seen := 0.0
	for o, t := range d.shares.Totals {
		if t.Quota > 0 {
			seen += d.sector.Use[o][i]
		}
	}
	if seen == 0 {
		return city
	}
	own := d.sector.Use[k][i] / seen
	return float64((1-rules.Smoothing)*own) + float64(rules.Smoothing*city)
}

// use returns operator k's rides or vehicles in the whole city; NaN where operators can't be told
// apart.
func (d *draft) use(k int) float64 {
	if d.sector.Use == nil {
		return math.NaN()
	}
	sum := 0.0
	for _, n := range d.sector.Use[k] {
		sum += n
	}
	return sum
}
