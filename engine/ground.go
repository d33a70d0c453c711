package engine

import (
	"math"

	"github.com/stint-city/stint/quota"
)

// unboundedCell is the most vehicles listed for a cell that no known limit bounds: more than any
// cell of resolution 7 has been seen to hold.
const unboundedCell = 5000

// presence is the service model whose demand is vehicles seen standing, not trips.
const presence = quota.ModelPresence

// estimateDemand fills d.demand: trips of a mean day, or vehicles standing where trips can't be
// known.
func (d *draft) estimateDemand() {
	if d.sector.Service.Model != presence {
		d.demand = quota.EstimateDemand(d.snapshot.Grid.Neighbors, d.sector.Observed,
			d.sector.Shrink, d.sector.DailyFactor)
		return
	}
	d.demand = make([]quota.CellDemand, d.snapshot.Grid.Len())
	for i, standing := range d.sector.Presence {
		d.demand[i].Daily = quota.Estimate{
			Mean: standing, Low: math.NaN(), High: math.NaN(), Known: !math.IsNaN(standing),
		}
	}
}

// weighCapacity fills d.capacity and d.enough: what each cell's ground carries, and how many
// vehicles reach the service level, which is the most it needs.
//
// Article 7: the total scale rests on demand and carrying capacity.
func (d *draft) weighCapacity() {
	n := d.snapshot.Grid.Len()
	d.capacity = make([]quota.Capacity, n)
	d.enough = make([]int, n)
	d.leaves = make([]quota.Leaf, n)
	for i := range d.leaves {
		daily := d.demand[i].Daily
		if d.sector.Service.Model == presence {
			daily = quota.Estimate{} // vehicles standing say nothing of trips
		}
		d.capacity[i] = d.sector.Limits.Capacity(d.sector.Space[i], daily)
		d.leaves[i] = d.leaf(i)
	}
}

// leaf returns cell i as the allocation reads it: its bounds and what each vehicle in it adds. Past
// the service level a vehicle adds nothing that counts; a floor may still ask for it.
func (d *draft) leaf(i int) quota.Leaf {
	most := unboundedCell
	if d.capacity[i].Known {
		most = d.capacity[i].Mid
	}
	marginal := d.sector.Service.Marginals(nil, d.demand[i], d.sector.DailyFactor, most)
	d.enough[i] = -1
	if d.sector.Service.Level > 0 && d.demand[i].Daily.Known {
		d.enough[i] = enough(d.sector.Service, marginal, d.demand[i].Daily.Mean)
	}
	if d.enough[i] >= 0 {
		marginal = marginal[:d.enough[i]]
	}
	return quota.Leaf{
		Cell: d.cell(i), Node: d.sector.NodeOf[i], Floor: d.sector.Floors[i],
		Cap: most, Weight: 1, Marginal: marginal,
	}
}

// enough returns the vehicles that reach the service level, -1 where all that the ground carries
// don't reach it.
func enough(s quota.Service, marginal []float64, daily float64) int {
	served := 0.0
	for _, m := range marginal {
		served += m
	}
	const crumb = 1e-6 // what the end of the list leaves out; see quota.Service.Enough
	if served < s.Level*daily*(1-crumb) {
		return -1
	}
	return s.Enough(marginal, daily)
}

// allocateCells fills d.totals: the best vehicles of the city, at most `most` (-1 = no maximum),
// each worth the sector's MinBenefit.
func (d *draft) allocateCells(most int) error {
	totals, err := quota.AllocateCells(d.sector.Nodes, d.leaves, most, d.sector.MinBenefit)
	if err != nil {
		return err
	}
	d.totals = totals
	return nil
}
