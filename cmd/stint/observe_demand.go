package main

import (
	"math"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// rideDemand expects departures as the city's rides had them, by hour of the week.
type rideDemand struct {
	zone  *time.Location
	grid  *geo.Grid
	rates [][]quota.CellDemand // by sector, by cell
}

// demandOf returns what the city's rides tell of departures. Rides that are known by their ends
// don't tell them.
func demandOf(s *engine.Snapshot, zone *time.Location) (*rideDemand, error) {
	for _, n := range s.Notes {
		if n.ID == "city.counts-ends" {
			return nil, usage(lang.E(nil, "street.ends"))
		}
	}
	d := &rideDemand{zone: zone, grid: s.Grid}
	for i := range s.Sectors {
		x := &s.Sectors[i]
		d.rates = append(d.rates, quota.EstimateDemand(s.Grid.Neighbors, x.Observed, x.Shrink, 1))
	}
	return d, nil
}

// Leaving implements observe.Demand: the sum over the sectors; unknown where an hour of one is.
func (d *rideDemand) Leaving(cell geo.Cell, now, within int64) (n float64, ok bool) {
	i, ok := d.grid.Index(cell)
	if !ok {
		return 0, false
	}
	for from := now; from < now+within; {
		t := time.UnixMilli(from).In(d.zone)
		until := min(now+within, from+hourMS-from%minuteMS-int64(t.Minute())*minuteMS)
		hour := (int(t.Weekday())+6)%7*24 + t.Hour() // from Monday
		for _, cells := range d.rates {
			rate := float64(cells[i].Rate[hour])
			if math.IsNaN(rate) { // never observed
				return 0, false
			}
			n += rate * float64(until-from) / hourMS
		}
		from = until
	}
	return n, true
}
