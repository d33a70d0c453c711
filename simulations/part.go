package simulations

import (
	"fmt"
	"strconv"

	"github.com/stint-city/stint/geo"
)

// The scopes of a figure.
const (
	scopeCity     = "city"
	scopeOperator = "operator"
	scopeDistrict = "district"
	scopeHour     = "hour"
)

// part is every metric of a part of the city in every replication.
type part struct {
	scope, key string
	metrics    []string
	values     [][]float64 // by metric and replication; NaN = not computable
}

// seriesOf returns the city, then its operators, districts and hours of the day.
func (w *world) seriesOf(made []*Tally) []part {
	city := func(*Tally) whole { return whole{} }
	list := []part{partOf(w, made, scopeCity, "", cityMetrics(), city)}
	for k := range w.operators {
		list = append(list, partOf(w, made, scopeOperator, w.operators[k].id, operatorMetrics(),
			func(t *Tally) *OperatorTally { return &t.ByOperator[k] }))
	}
	for d, id := range w.town.Districts {
		list = append(list, partOf(w, made, scopeDistrict, id, groundMetrics(),
			func(t *Tally) *CellTally { return t.district(w.town, d) }))
	}
	for h := range 24 {
		list = append(list, partOf(w, made, scopeHour, fmt.Sprintf("%02d", h), groundMetrics(),
			func(t *Tally) *CellTally { return &t.ByHour[h] }))
	}
	return list
}

// partOf computes metrics of one part over replications.
func partOf[T any](
	w *world, made []*Tally, scope, key string, list []metric[T], of func(t *Tally) T,
) part {
	x := part{scope: scope, key: key, metrics: ids(list), values: make([][]float64, len(list))}
	for _, t := range made {
		at := of(t)
		for m := range list {
			x.values[m] = append(x.values[m], list[m].of(w, t, at))
		}
	}
	return x
}

// district adds up the cells of a district.
func (t *Tally) district(town *Town, d int) *CellTally {
	var sum CellTally
	for c := range t.ByCell {
		if town.District[c] == d {
			sum.add(&t.ByCell[c])
		}
	}
	return &sum
}

// Cell is what came of a cell over all replications together: counts, not means.
type Cell struct {
	Cell     geo.Cell
	District string // "" = in none
	Capacity int    // -1 = unknown
	CellTally
}

// cellsOf adds up replications by cell.
func (w *world) cellsOf(made []*Tally) []Cell {
	list := make([]Cell, len(w.town.Cells))
	for c := range list {
		x := &list[c]
		x.Cell, x.Capacity = w.town.Cells[c], w.town.Capacity[c]
		if d := w.town.District[c]; d >= 0 {
			x.District = w.town.Districts[d]
		}
		for _, t := range made {
			x.add(&t.ByCell[c])
		}
	}
	return list
}

// cellHead are the columns of cells.csv. Counts are those of all replications together: divide by
// replications and days for a day's mean.
func cellHead() []string {
	return []string{
		"policy", "cell", "district", "capacity", "requests", "served", "reached", "drops",
		"hours_with_capacity", "over_capacity_vehicle_hours", "rentable_vehicle_hours",
	}
}

// row is a cell's row of cells.csv.
func (c *Cell) row(policy string) []string {
	capacity := ""
	if c.Capacity >= 0 {
		capacity = strconv.Itoa(c.Capacity)
	}
	row := []string{policy, c.Cell.String(), c.District, capacity}
	for _, n := range []int64{
		c.Requests, c.Served, c.Reached, c.Drops, c.Bounded, c.Over, c.Rentable,
	} {
		row = append(row, strconv.FormatInt(n, 10))
	}
	return row
}
