package quota

import "math"

// EstimateDemand returns the demand of every cell; the result answers o.Events.
//
// The rate of cell c in an hour of the week is (trips + a*prior) / (hours + a). Hours are those
// with a usable vehicle in the cell where that is known, else all observed ones: riders who found
// no vehicle leave no trip, and dividing by the time in which one stood ready corrects for them.
// Prior is the pooled rate of the neighbouring cells in the same hour, or the city's where they
// have no exposure; a is s.Hours. An hour never observed, or in which no cell had a vehicle, is
// unknown: NaN.
//
// Daily is trips a mean day: the mean over the known weekdays (those with a known hour) of the sum
// of their known hours, times dailyFactor, which stands for the hours of a day that were not
// watched. Watch the same hours of each weekday: one seen in part pulls the mean down. Daily.Known
// is false below MinHours hours of exposure. The interval of Daily is described at dailyEstimate.
//
// Limit: a rider who walks to the next cell is counted there. EstimateDemand panics if o.Usable is
// neither nil nor as long as o.Events.
//
// Source: Poisson likelihood seen only while stock exists, with a Gamma prior at the ring's mean.
func EstimateDemand(
	neighbors func(i int) []int, o Observed, s Shrink, dailyFactor float64,
) []CellDemand {
	if o.Usable != nil && len(o.Usable) != len(o.Events) {
		panic("quota: Observed.Usable and Observed.Events differ in length")
	}
	city := o.cityRates()
	cells := make([]CellDemand, len(o.Events))
	var ring [HoursOfWeek]float64
	for i := range cells {
		o.ringRates(&ring, neighbors(i), &city)
		o.estimate(&cells[i], i, &ring, s.evidence())
		cells[i].Daily = o.dailyEstimate(&cells[i], i, s.evidence(), dailyFactor)
	}
	return cells
}

// estimate sets the cell's rates from its own evidence and a hours of its ring's.
func (o *Observed) estimate(d *CellDemand, i int, ring *[HoursOfWeek]float64, a float64) {
	for h := range d.Rate {
		if !(o.Hours[h] > 0) || math.IsNaN(ring[h]) {
			d.Rate[h] = float32(math.NaN())
			continue
		}
		trips := float64(o.Events[i][h])
		d.Rate[h] = float32((trips + float64(a*ring[h])) / (o.exposure(i, h) + a))
		if o.Usable != nil && !math.IsNaN(float64(o.Usable[i][h])) {
			d.Corrected = true
		}
	}
}

// cityRates returns the pooled rate of all cells by hour of the week; NaN without exposure.
func (o *Observed) cityRates() [HoursOfWeek]float64 {
	var trips, hours [HoursOfWeek]float64
	for i := range o.Events {
		o.pool(&trips, &hours, i)
	}
	for h := range trips {
		trips[h] = ratio(trips[h], hours[h], math.NaN())
	}
	return trips
}

// ringRates sets dst to the pooled rate of the cells, and to the city's where they have no
// exposure.
func (o *Observed) ringRates(dst *[HoursOfWeek]float64, cells []int, city *[HoursOfWeek]float64) {
	var trips, hours [HoursOfWeek]float64
	for _, i := range cells {
		o.pool(&trips, &hours, i)
	}
	for h := range dst {
		dst[h] = ratio(trips[h], hours[h], city[h])
	}
}

// pool adds the events and the exposure of one cell.
func (o *Observed) pool(trips, hours *[HoursOfWeek]float64, i int) {
	for h := range trips {
		if o.Hours[h] > 0 {
			trips[h] += float64(o.Events[i][h])
			hours[h] += o.exposure(i, h)
		}
	}
}

// ratio is trips/hours, or without where there are no hours.
func ratio(trips, hours, without float64) float64 {
	if hours > 0 {
		return trips / hours
	}
	return without
}
