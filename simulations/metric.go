package simulations

import "math"

// metric is a figure of what one replication counted: of the city, or of a part of it. 0/0 is NaN,
// not computable.
type metric[T any] struct {
	id string
	of func(w *world, t *Tally, part T) float64
}

// whole is the part that is everything.
type whole struct{}

// metricUnmet is the one that decides when replications are enough.
const metricUnmet = "unmet_rate"

// cityMetrics are the figures of the whole city, by the formulas of docs/simulations.md.
func cityMetrics() []metric[whole] {
	plain := func(id string, of func(t *Tally) float64) metric[whole] {
		return metric[whole]{id, func(_ *world, t *Tally, _ whole) float64 { return of(t) }}
	}
	count := func(id string, of func(t *Tally) int64) metric[whole] {
		return plain(id, func(t *Tally) float64 { return float64(of(t)) })
	}
	list := []metric[whole]{
		plain(metricUnmet, func(t *Tally) float64 { return ratio(t.unserved(), t.Requests+t.Carried) }),
		count("requests", func(t *Tally) int64 { return t.Requests }),
		count("served", func(t *Tally) int64 { return t.Served }),
		count("lost_no_vehicle", func(t *Tally) int64 { return t.Lost[lostNone] }),
		count("lost_other_way", func(t *Tally) int64 { return t.Lost[lostOutside] }),
		count("lost_taken", func(t *Tally) int64 { return t.Lost[lostTaken] }),
		count("lost_suspended", func(t *Tally) int64 { return t.Lost[lostFrozen] }),
		plain("reach_share", func(t *Tally) float64 { return ratio(t.Reached, t.Requests) }),
		plain("reach_gini", (*Tally).gini),
		{"reach_theil_between", func(w *world, t *Tally, _ whole) float64 {
			between, _ := t.theil(w.town)
			return between
		}},
		{"reach_theil_within", func(w *world, t *Tally, _ whole) float64 {
			_, within := t.theil(w.town)
			return within
		}},
		plain("walk_p50_m", func(t *Tally) float64 { return quantile(t.Walk, 0.5) * walkBin / 100 }),
		plain("walk_p90_m", func(t *Tally) float64 { return quantile(t.Walk, 0.9) * walkBin / 100 }),
		plain("over_capacity_share", func(t *Tally) float64 { return ratio(t.OverHours, t.CellHours) }),
		plain("over_capacity_vehicle_hours", func(t *Tally) float64 {
			return where(t.CellHours > 0, float64(t.Excess))
		}),
		plain("worst_crowding", func(t *Tally) float64 {
			return where(t.CellHours > 0, float64(t.Worst)/1000)
		}),
		count("pile_ups", func(t *Tally) int64 { return t.Piles }),
		plain("pile_p50_min", func(t *Tally) float64 { return quantile(t.PileMinutes, 0.5) * pileBin }),
		plain("pile_p90_min", func(t *Tally) float64 { return quantile(t.PileMinutes, 0.9) * pileBin }),
		plain("pile_in_time_share", func(t *Tally) float64 {
			cleared := total(t.PileMinutes)
			return ratio(cleared-t.PilesLate, cleared)
		}),
		plain("hhi_trips", func(t *Tally) float64 {
			return t.hhi(func(o *OperatorTally) int64 { return o.Served })
		}),
		plain("hhi_vehicles", func(t *Tally) float64 {
			return t.hhi(func(o *OperatorTally) int64 { return o.Deployed })
		}),
		count("quota_churn", func(t *Tally) int64 { return t.Churn }),
		count("removal_orders", func(t *Tally) int64 { return t.Removals }),
		plain("gaming_gain", (*Tally).gain),
	}
	for _, m := range operatorMetrics() { // the sum over operators of what each is judged by
		if m.id != "served" {
			list = append(list, metric[whole]{m.id, func(w *world, t *Tally, _ whole) float64 {
				sum := t.all()
				return m.of(w, t, &sum)
			}})
		}
	}
	return list
}

// operatorMetrics are the figures of an operator, and of all together.
func operatorMetrics() []metric[*OperatorTally] {
	plain := func(id string, of func(o *OperatorTally) float64) metric[*OperatorTally] {
		return metric[*OperatorTally]{
			id, func(_ *world, _ *Tally, o *OperatorTally) float64 { return of(o) },
		}
	}
	return []metric[*OperatorTally]{
		plain("served", func(o *OperatorTally) float64 { return float64(o.Served) }),
		{"vehicles_on_street", func(_ *world, t *Tally, o *OperatorTally) float64 {
			return ratio(o.Deployed, int64(t.Hours))
		}},
		plain("trips_per_vehicle_day", func(o *OperatorTally) float64 {
			return 24 * ratio(o.Served, o.Deployed)
		}),
		plain("trips_per_rentable_day", func(o *OperatorTally) float64 {
			return 24 * ratio(o.Served, o.Rentable)
		}),
		plain("use_share", func(o *OperatorTally) float64 {
			return ratio(o.RideMS, o.RideMS+o.Rentable*hourMS)
		}),
		plain("idle_share", func(o *OperatorTally) float64 { return ratio(o.Idle, o.Deployed) }),
		plain("parked_well_share", func(o *OperatorTally) float64 { return ratio(o.Compliant, o.Drops) }),
		plain("walk_m", func(o *OperatorTally) float64 { return ratio(o.WalkCM, 100*o.Served) }),
		plain("vehicles_moved", func(o *OperatorTally) float64 { return float64(o.Moved) }),
		plain("truck_km", func(o *OperatorTally) float64 { return ratio(o.TruckCM, 1e5) }),
		plain("truck_km_per_trip", func(o *OperatorTally) float64 {
			return ratio(o.TruckCM, 1e5*o.Served)
		}),
		plain("crew_hours", func(o *OperatorTally) float64 { return ratio(o.CrewMS, hourMS) }),
		plain("refusals", func(o *OperatorTally) float64 { return float64(o.Refused) }),
		plain("over_quota_share", func(o *OperatorTally) float64 { return ratio(o.Beyond, o.Deployed) }),
		plain("revenue", func(o *OperatorTally) float64 { return ratio(o.FareCents, 100) }),
		{"profit", func(w *world, _ *Tally, o *OperatorTally) float64 { return w.costs.profit(o) }},
		{"co2_saved_kg", func(w *world, _ *Tally, o *OperatorTally) float64 {
			return w.emissions.saved(o)
		}},
	}
}

// groundMetrics are the figures of a cell, a district or an hour of the day.
func groundMetrics() []metric[*CellTally] {
	plain := func(id string, of func(c *CellTally) float64) metric[*CellTally] {
		return metric[*CellTally]{id, func(_ *world, _ *Tally, c *CellTally) float64 { return of(c) }}
	}
	return []metric[*CellTally]{
		plain(metricUnmet, func(c *CellTally) float64 { return ratio(c.Requests-c.Served, c.Requests) }),
		plain("requests", func(c *CellTally) float64 { return float64(c.Requests) }),
		plain("served", func(c *CellTally) float64 { return float64(c.Served) }),
		plain("reach_share", func(c *CellTally) float64 { return ratio(c.Reached, c.Requests) }),
		plain("over_capacity_vehicle_hours", func(c *CellTally) float64 {
			return where(c.Bounded > 0, float64(c.Over))
		}),
		plain("rentable_vehicle_hours", func(c *CellTally) float64 { return float64(c.Rentable) }),
	}
}

// MetricIDs are the metrics of the whole city in every result, in order.
func MetricIDs() []string { return ids(cityMetrics()) }

func ids[T any](list []metric[T]) []string {
	var names []string
	for _, m := range list {
		names = append(names, m.id)
	}
	return names
}

// where is x where it is known; else NaN.
func where(known bool, x float64) float64 {
	if !known {
		return math.NaN()
	}
	return x
}

// ratio is a/b; NaN where b is 0.
func ratio(a, b int64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

// quantile returns where a share of a histogram's counts lies, in bins, even within each; NaN for
// an empty one.
func quantile(bins []int64, share float64) float64 {
	want, seen := share*float64(total(bins)), 0.0
	for b, n := range bins {
		if n > 0 && seen+float64(n) >= want {
			return float64(b) + (want-seen)/float64(n)
		}
		seen += float64(n)
	}
	return math.NaN()
}

// total is the sum of a histogram.
func total(bins []int64) int64 {
	sum := int64(0)
	for _, n := range bins {
		sum += n
	}
	return sum
}

// all returns the operators' counts added up.
func (t *Tally) all() OperatorTally {
	var sum OperatorTally
	for k := range t.ByOperator {
		sum.add(&t.ByOperator[k])
	}
	return sum
}

// gain is the most that an operator's score, as the bureau saw it, lay above the true one.
func (t *Tally) gain() float64 {
	most := math.NaN()
	for _, g := range t.Gain {
		if d := g.Seen - g.True; math.IsNaN(most) || d > most {
			most = d
		}
	}
	return most
}
