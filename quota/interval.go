package quota

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// The 80 % interval that is published: one in ten below, one in ten above.
const (
	lowQuantile  = 0.1
	highQuantile = 0.9
)

// halfEvent is Jeffreys' prior for a Poisson rate: it keeps the interval of a cell without a single
// event from shrinking to the point zero. It moves the interval only, not the mean.
const halfEvent = 0.5

// HourInterval returns the rate of cell i in one hour of the week, trips an hour, with its 80 %
// interval. demand is what EstimateDemand made of o with the same s.
//
// The interval is that of the posterior Gamma(rate*(hours+a) + 1/2, hours+a), stretched to the rate
// where it would leave it out. Known is false where the rate is NaN or the hour had no exposure.
func HourInterval(o Observed, s Shrink, demand []CellDemand, i, hour int) Estimate {
	rate, exposure := float64(demand[i].Rate[hour]), o.exposure(i, hour)
	if math.IsNaN(rate) {
		return unknown()
	}
	precision := exposure + s.evidence()
	e := interval(rate, rate/precision, 1/precision)
	e.Known = exposure > 0
	e.Hours = exposure
	e.Events = int(o.Events[i][hour])
	return e
}

// dailyEstimate sums a cell's hours to a mean day. The error of each hour's rate has two parts: the
// counting noise of the cell's own events, variance (1-p)*rate/(hours+a), independent between
// hours; and the cell's departure from its ring, variance p*rate/(hours+a), with p = a/(hours+a)
// the weight of the prior. A cell busier than its ring is so at most hours, so that the second
// parts are taken as one and the same error: their deviations add, where those of the first add in
// squares. Half an event over the whole exposure is added, and a Gamma distribution of the same
// mean and variance gives the quantiles.
//
// The interval is as honest as a: cells that depart from their ring by a relative standard
// deviation above 1/sqrt(a*prior), prior being the ring's trips an hour, fall outside more often
// than one time in five; cells more alike than that, less often.
func (o *Observed) dailyEstimate(d *CellDemand, i int, a, factor float64) Estimate {
	days := d.days()
	if days == 0 {
		return unknown()
	}
	weight := factor / float64(days)
	var mean, noise, shared, hours, events, known float64
	for h, rate32 := range d.Rate {
		rate := float64(rate32)
		if math.IsNaN(rate) {
			continue
		}
		exposure := o.exposure(i, h)
		precision := exposure + a
		mean += rate
		noise += rate * exposure / (precision * precision)
		shared += math.Sqrt(rate*a) / precision
		hours += exposure
		events += float64(o.Events[i][h])
		known++
	}
	variance := weight * weight * (noise + shared*shared)
	e := interval(weight*mean, variance, weight*known/(hours+a))
	e.Known = hours >= MinHours
	e.Hours = hours
	e.Events = int(events)
	return e
}

// interval returns the 80 % interval of a Gamma distribution with the mean and variance given,
// after adding half an event that is worth scale.
func interval(mean, variance, scale float64) Estimate {
	centre := mean + halfEvent*scale
	variance += halfEvent * scale * scale
	if !(centre > 0 && variance > 0) {
		return Estimate{Mean: mean, Low: mean, High: mean}
	}
	gamma := distuv.Gamma{Alpha: centre * centre / variance, Beta: centre / variance}
	return Estimate{
		Mean: mean,
		Low:  min(mean, gamma.Quantile(lowQuantile)),
		High: max(mean, gamma.Quantile(highQuantile)),
	}
}

func unknown() Estimate {
	return Estimate{Mean: math.NaN(), Low: math.NaN(), High: math.NaN()}
}
