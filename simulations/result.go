package simulations

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is that of every interval.
const confidence = 0.95

// Result is what a study found.
type Result struct {
	Name         string         `json:"name"`
	Seed         uint64         `json:"seed"`
	Replications int            `json:"replications"`
	Policies     []PolicyResult `json:"policies"`

	tallies [][]*Tally
	values  [][][]float64 // by policy, metric, replication; NaN = not computable
}

// PolicyResult is what came of one policy.
type PolicyResult struct {
	ID      string   `json:"id"`
	Metrics []Level  `json:"metrics"`
	Quotas  []Quota  `json:"quotas"` // of the plan in force at the start
	ByHour  []Hour   `json:"by_hour"`
	Changes []Change `json:"changes,omitempty"` // against the baseline; none for it
}

// Level is the mean of a metric over replications with its interval; nil = not computable.
type Level struct {
	Metric string   `json:"metric"`
	Mean   *float64 `json:"mean"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
}

// Change is the paired difference of a metric from the baseline's. Verdict is "more" or "less"
// where the interval leaves 0 out, else "open".
type Change struct {
	Level
	Verdict string `json:"verdict"`
}

// Quota is an operator's total.
type Quota struct {
	Operator string `json:"operator"`
	Vehicles int    `json:"vehicles"`
}

// Hour is the mean of an hour of the day.
type Hour struct {
	Requests float64 `json:"requests"`
	Served   float64 `json:"served"`
}

// metric is a figure of a tally.
type metric struct {
	id string
	of func(t *Tally) float64
}

// metricUnmet is the one that decides when replications are enough.
const metricUnmet = "unmet_rate"

// metrics are the figures of a replication; 0/0 is not computable.
func metrics() []metric {
	return []metric{
		{metricUnmet, func(t *Tally) float64 { return ratio(t.unserved(), t.Requests+t.Carried) }},
		{"requests", func(t *Tally) float64 { return float64(t.Requests) }},
		{"served", func(t *Tally) float64 { return float64(t.Served) }},
		{"lost_no_vehicle", func(t *Tally) float64 { return float64(t.Lost[lostNone]) }},
		{"lost_other_way", func(t *Tally) float64 { return float64(t.Lost[lostOutside]) }},
		{"lost_taken", func(t *Tally) float64 { return float64(t.Lost[lostTaken]) }},
		{"lost_suspended", func(t *Tally) float64 { return float64(t.Lost[lostFrozen]) }},
		{"walk_m", func(t *Tally) float64 {
			return ratio(t.sum(func(o *OperatorTally) int64 { return o.WalkCM }), 100*t.Served)
		}},
		{"vehicles_on_street", func(t *Tally) float64 {
			return ratio(t.sum(func(o *OperatorTally) int64 { return o.Deployed }), int64(t.Hours))
		}},
		{"trips_per_vehicle_day", func(t *Tally) float64 {
			return 24 * ratio(t.Served, t.sum(func(o *OperatorTally) int64 { return o.Deployed }))
		}},
		{"over_capacity_share", func(t *Tally) float64 { return ratio(t.OverHours, t.CellHours) }},
		{"idle_share", func(t *Tally) float64 {
			return ratio(t.sum(func(o *OperatorTally) int64 { return o.Idle }),
				t.sum(func(o *OperatorTally) int64 { return o.Deployed }))
		}},
		{"parked_well_share", func(t *Tally) float64 {
			return ratio(t.sum(func(o *OperatorTally) int64 { return o.Compliant }),
				t.sum(func(o *OperatorTally) int64 { return o.Drops }))
		}},
		{"reach_gini", func(t *Tally) float64 { return t.gini() }},
		{"truck_km", func(t *Tally) float64 {
			return float64(t.sum(func(o *OperatorTally) int64 { return o.TruckCM })) / 1e5
		}},
		{"refusals", func(t *Tally) float64 {
			return float64(t.sum(func(o *OperatorTally) int64 { return o.Refused }))
		}},
		{"quota_churn", func(t *Tally) float64 { return float64(t.Churn) }},
	}
}

// MetricIDs are the metrics of every result, in order.
func MetricIDs() []string {
	var ids []string
	for _, m := range metrics() {
		ids = append(ids, m.id)
	}
	return ids
}

// ratio is a/b; 0/0 is NaN.
func ratio(a, b int64) float64 { return float64(a) / float64(b) }

// sum adds a figure over operators.
func (t *Tally) sum(of func(o *OperatorTally) int64) int64 {
	total := int64(0)
	for k := range t.ByOperator {
		total += of(&t.ByOperator[k])
	}
	return total
}

// judge makes the result of what was counted so far.
func (s *Study) judge(tallies [][]*Tally) *Result {
	r := &Result{
		Name: s.Scenario.Name, Seed: s.Scenario.Seed, Replications: len(tallies[0]), tallies: tallies,
	}
	list := metrics()
	for p, made := range tallies {
		values := make([][]float64, len(list))
		for m := range list {
			for _, t := range made {
				values[m] = append(values[m], list[m].of(t))
			}
		}
		r.values = append(r.values, values)
		r.Policies = append(r.Policies, s.policyResult(p, made, values))
		if p > 0 {
			r.compare(p, list)
		}
	}
	return r
}

// policyResult is what came of one policy alone.
func (s *Study) policyResult(p int, made []*Tally, values [][]float64) PolicyResult {
	out := PolicyResult{ID: s.Scenario.Policies[p].ID, ByHour: make([]Hour, 24)}
	for m, id := range MetricIDs() {
		out.Metrics = append(out.Metrics, level(id, values[m]))
	}
	for _, t := range made {
		for h := range t.ByHour {
			out.ByHour[h].Requests += float64(t.ByHour[h].Requests) / float64(len(made))
			out.ByHour[h].Served += float64(t.ByHour[h].Served) / float64(len(made))
		}
	}
	office := s.worlds[p].bureau
	for _, o := range office.plan.Sectors[office.sector].Operators {
		out.Quotas = append(out.Quotas, Quota{o.ID, o.Quota})
	}
	return out
}

// compare adds the paired differences of a policy from the baseline.
func (r *Result) compare(p int, list []metric) {
	for m := range list {
		differences := make([]float64, len(r.values[p][m]))
		for k := range differences {
			differences[k] = r.values[p][m][k] - r.values[0][m][k]
		}
		c := Change{Level: level(list[m].id, differences), Verdict: "open"}
		switch {
		case c.Low != nil && *c.Low > 0:
			c.Verdict = "more"
		case c.High != nil && *c.High < 0:
			c.Verdict = "less"
		}
		r.Policies[p].Changes = append(r.Policies[p].Changes, c)
	}
}

// level is the mean of replications and its interval by Student's law. A figure that one
// replication could not compute is not computable.
func level(id string, values []float64) Level {
	l := Level{Metric: id}
	mean, sd := stat.MeanStdDev(values, nil)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return l
	}
	n := float64(len(values))
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile((1+confidence)/2) * sd / math.Sqrt(n)
	low, high := mean-half, mean+half
	l.Mean, l.Low, l.High = &mean, &low, &high
	return l
}

// precise reports whether the unmet rate of every policy is known well enough: its difference from
// the baseline's, or the baseline's itself where it is alone.
func (r *Result) precise(half float64) bool {
	known := func(l Level) bool { return l.High != nil && (*l.High-*l.Low)/2 <= half }
	if len(r.Policies) == 1 {
		return known(r.Policies[0].Metrics[0])
	}
	for _, p := range r.Policies[1:] {
		if !known(p.Changes[0].Level) {
			return false
		}
	}
	return true
}
