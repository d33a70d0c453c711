package simulations

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/stint-city/stint/engine/strict"
)

// SweepSetting names the policies of a sweep: a policy with every combination of changes.
type SweepSetting struct {
	Policy string               `yaml:"policy"` // default: the baseline
	Grid   map[string][]float64 `yaml:"grid"`   // values by key of a policy's set
	Metric string               `yaml:"metric"` // what is to be least; default unmet_rate
	AtMost map[string]float64   `yaml:"at_most"`
	Budget int                  `yaml:"budget"` // further replications for points in contention
}

// mostPoints is the largest grid of a sweep.
const mostPoints = 1000

// Sweep is what a sweep found: its points, the best of those within the limits, and what the best
// does under seeds that had no part in choosing it.
type Sweep struct {
	Metric    string  `json:"metric"`
	Points    []Point `json:"points"`
	Best      int     `json:"best"` // of Points; -1 = none keeps the limits
	Certainty float64 `json:"certainty"`
	// Confirmed is the best point's metric, and its difference from the baseline's, with fresh seeds.
	// The best of many is better than it will be: these figures are not.
	Confirmed Level  `json:"confirmed"`
	Gain      Change `json:"gain"`
}

// Point is one combination of a sweep.
type Point struct {
	ID           string  `json:"id"`
	Vehicles     int     `json:"vehicles"` // sum of the operators' totals
	Replications int     `json:"replications"`
	Objective    Level   `json:"objective"`
	Limits       []Level `json:"limits,omitempty"`
	Within       bool    `json:"within"` // keeps every limit
}

// Points returns the scenario with the sweep's combinations as its policies. The first is the
// sweep's policy unchanged, which is the baseline.
func (s *Scenario) Points() (*Scenario, error) {
	base := s.Policies[0]
	for _, p := range s.Policies {
		if p.ID == s.Sweep.Policy {
			base = p
		}
	}
	keys := slices.Sorted(maps.Keys(s.Sweep.Grid))
	if len(keys) == 0 {
		return nil, strict.FaultAt(s.name, s.at.Of("sweep"), "sim.missing", "key", "sweep.grid")
	}
	points := []Policy{base}
	for _, key := range keys {
		var next []Policy
		for _, p := range points {
			for _, x := range s.Sweep.Grid[key] {
				q := p
				q.Set.put(key, x)
				part := key + "=" + strconv.FormatFloat(x, 'g', -1, 64)
				if q.ID = part; p.ID != base.ID {
					q.ID = p.ID + " " + part
				}
				next = append(next, q)
			}
		}
		if points = next; len(points) > mostPoints {
			return nil, strict.FaultAt(s.name, s.at.Of("sweep.grid"), "sim.sweep-size",
				"n", len(points), "most", mostPoints)
		}
	}
	out := *s
	out.Policies = append([]Policy{base}, points...)
	out.Checks = nil
	return &out, nil
}

// put sets a rule by its key, and reports whether there is one.
func (p *Patch) put(key string, x float64) bool {
	to := map[string]**float64{
		"merit_exponent": &p.MeritExponent, "step": &p.Step, "min_share": &p.MinShare,
		"max_share": &p.MaxShare, "local_max_share": &p.LocalMaxShare, "churn_tolerance": &p.Churn,
		"entrant_pool": &p.EntrantPool,
	}[key]
	switch {
	case key == "total_max":
		n := int(x)
		p.TotalMax = &n
		return true
	case to == nil:
		return false
	}
	*to = &x
	return true
}

// sweep checks the sweep of a scenario.
func (c *scenarioCheck) sweep(s *Scenario) {
	var keys []string
	for key := range s.Sweep.Grid {
		if path := "sweep.grid." + key; !(&Patch{}).put(key, 0) {
			keys = append(keys, path)
		}
	}
	slices.Sort(keys)
	for _, path := range keys {
		c.fault(path, "sim.one-of", "key", "grid", "got", strict.LastKey(path), "want", []string{
			"total_max", "merit_exponent", "step", "min_share", "max_share", "local_max_share",
			"churn_tolerance", "entrant_pool",
		})
	}
	if s.Sweep.Policy != "" {
		c.oneOf("sweep.policy", s.Sweep.Policy, s.policyIDs())
	}
	if s.Sweep.Metric != "" {
		c.oneOf("sweep.metric", s.Sweep.Metric, MetricIDs())
	}
	for id := range s.Sweep.AtMost {
		c.oneOf("sweep.at_most."+id, id, MetricIDs())
	}
	c.within("sweep.budget", float64(s.Sweep.Budget), 0, 1e6)
}

// Sweep runs the points of a study made of Scenario.Points: each the scenario's least number of
// replications, then the budget where it helps most to tell the best from the rest.
func (s *Study) Sweep(
	ctx context.Context, workers int, progress func(done, most int),
) (*Sweep, error) {
	set, n := s.Scenario.Sweep, len(s.worlds)
	most := n*s.Scenario.Replications.Min + set.Budget + 2*s.Scenario.Replications.Max
	done := 0
	hear := func(more int) {
		if done += more; progress != nil {
			progress(done, most)
		}
	}
	maker := s.Maker()
	first, err := maker.block(ctx, 0, s.Scenario.Replications.Min, workers)
	if err != nil {
		return nil, err
	}
	hear(n * s.Scenario.Replications.Min)
	race := newRace(s, first)
	for left := set.Budget; left > 0; {
		tasks := race.next(min(left, block*n))
		if len(tasks) == 0 {
			break
		}
		made, err := maker.carry(ctx, s.Scenario.Seed, tasks, workers)
		if err != nil {
			return nil, err
		}
		race.add(tasks, made)
		left -= len(tasks)
		hear(len(tasks))
	}
	out := race.sweep()
	if out.Best < 0 {
		return out, nil
	}
	return out, s.confirm(ctx, maker, out, workers, hear)
}

// fresh turns a scenario's seed into that of replications which had no part in a choice.
const fresh = 0x636f6e6669726d

// confirm runs the best point and the baseline with fresh seeds.
func (s *Study) confirm(
	ctx context.Context, maker *Maker, out *Sweep, workers int, hear func(more int),
) error {
	var tasks []task
	for k := range s.Scenario.Replications.Max {
		tasks = append(tasks, task{out.Best, k}, task{0, k})
	}
	made, err := maker.carry(ctx, s.Scenario.Seed^fresh, tasks, workers)
	if err != nil {
		return err
	}
	hear(len(tasks))
	m := metricAt(out.Metric)
	var best, base []float64
	for k := 0; k < len(made); k += 2 {
		best = append(best, m.of(s.worlds[out.Best], made[k], whole{}))
		base = append(base, m.of(s.worlds[0], made[k+1], whole{}))
	}
	out.Confirmed, out.Gain = level(out.Metric, best), change(out.Metric, best, base)
	return nil
}

// metricAt returns a metric of the city, by ID; the unmet rate for "".
func metricAt(id string) metric[whole] {
	list := cityMetrics()
	for _, m := range list {
		if m.id == id {
			return m
		}
	}
	return list[0]
}

// race is the state of a sweep: values of the objective and the limits by point and replication.
type race struct {
	s         *Study
	objective metric[whole]
	limits    []metric[whole]
	most      []float64
	values    [][]float64   // by point, replication
	limited   [][][]float64 // by point, limit, replication
}

func newRace(s *Study, first [][]*Tally) *race {
	set := s.Scenario.Sweep
	r := &race{s: s, objective: metricAt(set.Metric)}
	for _, id := range slices.Sorted(maps.Keys(set.AtMost)) {
		r.limits, r.most = append(r.limits, metricAt(id)), append(r.most, set.AtMost[id])
	}
	r.values = make([][]float64, len(s.worlds))
	r.limited = make([][][]float64, len(s.worlds))
	for p := range first {
		r.limited[p] = make([][]float64, len(r.limits))
		for _, t := range first[p] {
			r.note(p, t)
		}
	}
	return r
}

// note takes up what a replication of a point counted.
func (r *race) note(p int, t *Tally) {
	w := r.s.worlds[p]
	r.values[p] = append(r.values[p], r.objective.of(w, t, whole{}))
	for i := range r.limits {
		r.limited[p][i] = append(r.limited[p][i], r.limits[i].of(w, t, whole{}))
	}
}

// add takes up tasks' tallies, in the tasks' order.
func (r *race) add(tasks []task, made []*Tally) {
	for i, t := range tasks {
		r.note(t.policy, made[i])
	}
}

// within reports whether a point keeps every limit, by its means.
func (r *race) within(p int) bool {
	for i, values := range r.limited[p] {
		if !(stat.Mean(values, nil) <= r.most[i]) {
			return false
		}
	}
	return true
}

// best returns the point of the least mean within the limits, -1 for none.
func (r *race) best() int {
	best, least := -1, math.Inf(1)
	for p := range r.values {
		if mean := stat.Mean(r.values[p], nil); r.within(p) && mean < least {
			best, least = p, mean
		}
	}
	return best
}

// apart is how much worse a point is than the best, paired over the replications both have, and
// the standard deviation of that difference.
func (r *race) apart(p, best int) (mean, sd float64, n int) {
	n = min(len(r.values[p]), len(r.values[best]))
	d := make([]float64, n)
	for k := range d {
		d[k] = r.values[p][k] - r.values[best][k]
	}
	mean, sd = stat.MeanStdDev(d, nil)
	return mean, sd, n
}

// next shares replications among the points in contention, in proportion to (spread / distance)²
// of their difference from the best, as optimal computing budget allocation does (Chen and others,
// 2000); the best gets as many as the most of them, so that differences stay paired.
func (r *race) next(n int) []task {
	best := r.best()
	if best < 0 {
		return nil
	}
	weights, sum, most := make([]float64, len(r.values)), 0.0, 0.0
	for p := range weights {
		mean, sd, _ := r.apart(p, best)
		if p != best && r.within(p) && sd > 0 {
			weights[p] = min(sd*sd/max(mean*mean, 1e-30), 1e12)
			sum, most = sum+weights[p], max(most, weights[p])
		}
	}
	if sum == 0 {
		return nil // every difference is exact
	}
	weights[best] = most
	sum += most
	var tasks []task
	for p, w := range weights {
		for k := range int(math.Round(w / sum * float64(n))) {
			tasks = append(tasks, task{p, len(r.values[p]) + k})
		}
	}
	return tasks
}

// sweep is what the race came to. Certainty is a lower bound of the probability that the best is
// the best of those within the limits, by Bonferroni over paired t statistics.
func (r *race) sweep() *Sweep {
	best := r.best()
	out := &Sweep{Metric: r.objective.id, Best: best, Certainty: 1}
	for p := range r.values {
		at := Point{
			ID: r.s.Scenario.Policies[p].ID, Replications: len(r.values[p]), Within: r.within(p),
			Objective: level(r.objective.id, r.values[p]),
		}
		for i := range r.limits {
			at.Limits = append(at.Limits, level(r.limits[i].id, r.limited[p][i]))
		}
		office := r.s.worlds[p].bureau
		for _, o := range office.plan.Sectors[office.sector].Operators {
			at.Vehicles += o.Quota
		}
		out.Points = append(out.Points, at)
		if best < 0 || p == best || !at.Within {
			continue
		}
		mean, sd, n := r.apart(p, best)
		if sd > 0 && n > 1 {
			t := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}
			out.Certainty -= t.CDF(-mean / sd * math.Sqrt(float64(n)))
		}
	}
	out.Certainty = max(0, out.Certainty)
	return out
}

// policyIDs are the IDs of a scenario's policies.
func (s *Scenario) policyIDs() []string {
	var list []string
	for _, p := range s.Policies {
		list = append(list, p.ID)
	}
	return list
}
