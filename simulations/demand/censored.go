package demand

import "math"

// When the rates are found: no cell's changes by more than this part in a round, or so many rounds.
const (
	settled = 1e-6
	rounds  = 500
)

// way is where riders of a cell go in an hour: this part of them to that cell.
type way struct {
	cell int32
	part float64
}

// censored replaces the plain means of t, hour of the week by hour of the week.
func (t *Table) censored(c *Counts, o *Options) {
	rings := make([][]int, t.Cells)
	for cell := range rings {
		rings[cell] = o.Ring(cell)
	}
	for at := range Week {
		var hours []int
		for hour := (at - c.Phase + Week) % Week; hour < c.Hours(); hour += Week {
			hours = append(hours, hour)
		}
		e := newEstimate(c, o, rings, hours)
		e.solve(t.Rate[at*t.Cells : (at+1)*t.Cells])
	}
}

// estimate finds the rates of one hour of the week.
type estimate struct {
	counts   *Counts
	hours    []int     // that were counted
	ways     [][][]way // by hour, then cell
	seen     []float64 // by cell: hours in which one of its riders rides from somewhere
	prior    []float64 // by cell: riders an hour of its ring
	borrowed float64   // hours of the prior's weight
}

// newEstimate looks at who could ride from where.
func newEstimate(c *Counts, o *Options, rings [][]int, hours []int) *estimate {
	e := &estimate{
		counts: c, hours: hours, ways: make([][][]way, len(hours)),
		seen: make([]float64, len(rings)), prior: make([]float64, len(rings)), borrowed: o.Borrowed,
	}
	for h, hour := range hours {
		e.ways[h] = make([][]way, len(rings))
		for cell, ring := range rings {
			e.ways[h][cell] = waysOf(c, hour, cell, ring, o.Walk)
			for _, w := range e.ways[h][cell] {
				e.seen[cell] += w.part
			}
		}
	}
	for cell, ring := range rings {
		e.prior[cell] = e.rateAround(cell, ring)
	}
	return e
}

// waysOf returns where riders of a cell go in an hour.
func waysOf(c *Counts, hour, cell int, ring []int, walk float64) []way {
	own := c.usable(cell, hour)
	list := []way{{int32(cell), own}}
	if own == 1 || walk == 0 {
		return list
	}
	sum, none := 0.0, 1.0
	for _, k := range ring {
		a := c.usable(k, hour)
		sum, none = sum+a, none*(1-a)
	}
	if sum == 0 {
		return list
	}
	for _, k := range ring {
		if a := c.usable(k, hour); a > 0 {
			list = append(list, way{int32(k), (1 - own) * walk * (1 - none) * a / sum})
		}
	}
	return list
}

// rateAround returns rides by usable hour of a cell's ring and itself; 0 where no hour was usable.
func (e *estimate) rateAround(cell int, ring []int) float64 {
	rides, usable := 0.0, 0.0
	add := func(k int) {
		for _, hour := range e.hours {
			rides += e.counts.Rides[k][hour]
			usable += e.counts.usable(k, hour)
		}
	}
	add(cell)
	for _, k := range ring {
		add(k)
	}
	if usable == 0 {
		return 0
	}
	return rides / usable
}

// solve sets rate to the likeliest rates: in each round the rides of a cell are shared among the
// cells their riders may have come from, and each cell's riders are counted again.
func (e *estimate) solve(rate []float64) {
	for cell := range rate {
		rate[cell] = max(e.prior[cell], rate[cell])
	}
	from := make([]float64, len(rate)) // riders attributed to a cell
	expected := make([]float64, len(rate))
	for range rounds {
		clear(from)
		for h, hour := range e.hours {
			clear(expected)
			for cell, list := range e.ways[h] {
				for _, w := range list {
					expected[w.cell] += rate[cell] * w.part
				}
			}
			for cell, list := range e.ways[h] {
				for _, w := range list {
					if expected[w.cell] > 0 {
						from[cell] += e.counts.Rides[w.cell][hour] * rate[cell] * w.part / expected[w.cell]
					}
				}
			}
		}
		change := 0.0
		for cell := range rate {
			weight := e.seen[cell] + e.borrowed
			if weight == 0 {
				continue // nothing was seen: the ring's rate stands in
			}
			next := (from[cell] + e.borrowed*e.prior[cell]) / weight
			if rate[cell] > 0 {
				change = max(change, math.Abs(next-rate[cell])/rate[cell])
			}
			rate[cell] = next
		}
		if change < settled {
			return
		}
	}
}
