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
	Days         int            `json:"days"` // counted of each replication, begun ones too
	Policies     []PolicyResult `json:"policies"`
	Checks       []Verdict      `json:"checks,omitempty"`

	cells  [][]Cell // by policy
	series [][]part // by policy
}

// PolicyResult is what came of one policy. Its changes are against the first policy, the baseline.
type PolicyResult struct {
	ID      string      `json:"id"`
	Metrics []Level     `json:"metrics"` // of the whole city
	Changes []Change    `json:"changes,omitempty"`
	Parts   []Breakdown `json:"parts"`
	Quotas  []Quota     `json:"quotas"` // of the plan in force at the start
}

// Breakdown is what came of a part of the city: an operator, a district or an hour of the day.
type Breakdown struct {
	Scope   string   `json:"scope"`
	Key     string   `json:"key"`
	Metrics []Level  `json:"metrics"`
	Changes []Change `json:"changes,omitempty"`
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

// judge makes the result of what was counted so far, by policy and replication.
func (s *Study) judge(tallies [][]*Tally) *Result {
	r := &Result{
		Name: s.Scenario.Name, Seed: s.Scenario.Seed, Replications: len(tallies[0]),
		Days: s.worlds[0].days(),
	}
	for p, made := range tallies {
		w := s.worlds[p]
		r.cells = append(r.cells, w.cellsOf(made))
		r.series = append(r.series, w.seriesOf(made))
		out := PolicyResult{ID: s.Scenario.Policies[p].ID}
		for i, x := range r.series[p] {
			of := Breakdown{Scope: x.scope, Key: x.key}
			for m, id := range x.metrics {
				of.Metrics = append(of.Metrics, level(id, x.values[m]))
				if p > 0 {
					of.Changes = append(of.Changes, change(id, x.values[m], r.series[0][i].values[m]))
				}
			}
			if x.scope == scopeCity {
				out.Metrics, out.Changes = of.Metrics, of.Changes
				continue
			}
			out.Parts = append(out.Parts, of)
		}
		if w.bureau != nil {
			for _, o := range w.bureau.plan.Sectors[w.bureau.sector].Operators {
				out.Quotas = append(out.Quotas, Quota{o.ID, o.Quota})
			}
		}
		r.Policies = append(r.Policies, out)
	}
	r.Checks = s.verdicts(r, tallies)
	return r
}

// change is the paired difference of a metric's values, replication by replication.
func change(id string, values, baseline []float64) Change {
	differences := make([]float64, len(values))
	for k := range differences {
		differences[k] = values[k] - baseline[k]
	}
	return verdict(level(id, differences))
}

// verdict says what the interval of a difference allows to say.
func verdict(l Level) Change {
	c := Change{Level: l, Verdict: "open"}
	switch {
	case c.Low != nil && *c.Low > 0:
		c.Verdict = "more"
	case c.High != nil && *c.High < 0:
		c.Verdict = "less"
	}
	return c
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
