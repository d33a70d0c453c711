package simulations

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/stint-city/stint/engine/strict"
)

// Assumptions says which of a scenario's numbers to move, how far, and by which method to judge how
// much each moves the answer.
type Assumptions struct {
	Method       string `yaml:"method"`       // morris (default) or sobol
	Trajectories int    `yaml:"trajectories"` // morris; default 10
	Samples      int    `yaml:"samples"`      // sobol: rows of each matrix; default 64
	Replications int    `yaml:"replications"` // of each evaluation; default 2
	Metric       string `yaml:"metric"`       // default unmet_rate
	// Policy is whose difference from the baseline is the answer; default the second's.
	Policy  string               `yaml:"policy"`
	Factors map[string][]float64 `yaml:"factors"` // low and high, by key of the scenario
}

const (
	methodMorris = "morris"
	methodSobol  = "sobol"
)

// Sensitivity is how much each assumption moves the answer: the metric of the baseline or, where
// Policy is another one, the difference of its metric from the baseline's.
type Sensitivity struct {
	Method       string   `json:"method"`
	Metric       string   `json:"metric"`
	Policy       string   `json:"policy"`
	Difference   bool     `json:"difference"`
	Evaluations  int      `json:"evaluations"`
	Replications int      `json:"replications"` // of each evaluation
	Middle       float64  `json:"middle"`       // the answer with the scenario's own numbers
	Factors      []Factor `json:"factors"`      // the one that moves the answer most first
}

// Factor is one assumption. AtLow and AtHigh are the answers with it alone at its ends. Mu, MuStar
// and Sigma are Morris's elementary effects over its whole range; S1 and ST are Sobol's indices,
// with 95 % intervals by bootstrap.
type Factor struct {
	Key    string   `json:"key"`
	Low    float64  `json:"low"`
	High   float64  `json:"high"`
	AtLow  float64  `json:"at_low"`
	AtHigh float64  `json:"at_high"`
	Mu     *float64 `json:"mu,omitempty"`
	MuStar *float64 `json:"mu_star,omitempty"`
	Sigma  *float64 `json:"sigma,omitempty"`
	S1     *Level   `json:"s1,omitempty"`
	ST     *Level   `json:"st,omitempty"`
}

// factor is where an assumption stands in a world.
type factor struct {
	key string
	put func(w *world, x float64)
}

// factors are the assumptions that can be moved.
func factors() []factor {
	field := func(key string, of func(w *world) *float64) factor {
		return factor{key, func(w *world, x float64) { *of(w) = x }}
	}
	return []factor{
		field("demand.growth", func(w *world) *float64 { return &w.growth }),
		{"demand.ride_m", func(w *world, x float64) { w.demand = w.ridden(x) }},
		field("users.radius_m", func(w *world) *float64 { return &w.users.Radius }),
		field("users.walk_mps", func(w *world) *float64 { return &w.users.Walk }),
		field("users.ride_mps", func(w *world) *float64 { return &w.users.Ride }),
		field("users.detour", func(w *world) *float64 { return &w.users.Detour }),
		field("users.choice.walk", func(w *world) *float64 { return &w.users.Choice.Walk }),
		field("users.choice.price", func(w *world) *float64 { return &w.users.Choice.Price }),
		field("users.choice.availability", func(w *world) *float64 {
			return &w.users.Choice.Availability
		}),
		field("users.choice.outside", func(w *world) *float64 { return &w.users.Choice.Outside }),
		field("users.parking.tolerance_m", func(w *world) *float64 {
			return &w.users.Parking.Tolerance
		}),
		{"users.parking.comply", func(w *world, x float64) {
			for k := range w.operators {
				w.operators[k].comply = x
			}
		}},
		{"operators.breakage", func(w *world, x float64) {
			for k := range w.operators {
				w.operators[k].broken = x
			}
		}},
		{"operators.fleet", func(w *world, x float64) { // times the fleet owned
			for k := range w.operators {
				w.operators[k].fleet = int(math.Round(x * float64(w.operators[k].fleet)))
			}
		}},
	}
}

// FactorKeys are the assumptions that a sensitivity study can move.
func FactorKeys() []string {
	var keys []string
	for _, f := range factors() {
		keys = append(keys, f.key)
	}
	return keys
}

// sensitivity checks the assumptions of a scenario.
func (c *scenarioCheck) sensitivity(s *Scenario) {
	a := &s.Sensitivity
	if a.Method != "" {
		c.oneOf("sensitivity.method", a.Method, []string{methodMorris, methodSobol})
	}
	if a.Metric != "" {
		c.oneOf("sensitivity.metric", a.Metric, MetricIDs())
	}
	if a.Policy != "" {
		c.oneOf("sensitivity.policy", a.Policy, s.policyIDs())
	}
	c.within("sensitivity.trajectories", float64(a.Trajectories), 0, 10_000)
	c.within("sensitivity.samples", float64(a.Samples), 0, 100_000)
	c.within("sensitivity.replications", float64(a.Replications), 0, 10_000)
	for _, key := range slices.Sorted(maps.Keys(a.Factors)) {
		path := "sensitivity.factors." + key
		c.oneOf(path, key, FactorKeys())
		if ends := a.Factors[key]; len(ends) != 2 || !(ends[0] < ends[1]) {
			c.fault(path, "sim.factor", "key", key, "got", ends)
		}
	}
}

// trial computes the answer for settings of the assumptions.
type trial struct {
	study   *Study
	metric  metric[whole]
	policy  int // of the difference; 0 = the baseline's level
	repeats int
	keys    []string
	low     []float64
	high    []float64
	put     []func(w *world, x float64)
}

// Sensitivity moves the scenario's assumptions and says how much each moves the answer.
func (s *Study) Sensitivity(
	ctx context.Context, workers int, progress func(done, most int),
) (*Sensitivity, error) {
	a := s.Scenario.Sensitivity
	if len(a.Factors) == 0 {
		at := s.Scenario.at.Of("sensitivity")
		return nil, strict.FaultAt(s.Scenario.name, at, "sim.missing", "key", "sensitivity.factors")
	}
	t := s.trial()
	var design [][]float64 // settings, 0 to 1; NaN = the scenario's own number
	own := make([]float64, len(t.keys))
	for f := range own {
		own[f] = math.NaN()
	}
	design = append(design, own)
	for f := range t.keys {
		for _, end := range []float64{0, 1} {
			x := slices.Clone(own)
			x[f] = end
			design = append(design, x)
		}
	}
	ends := len(design)
	sobol := a.Method == methodSobol
	key := replicationKey(s.Scenario.Seed, 0).Of(streamDesign)
	if sobol {
		design = append(design, saltelli(len(t.keys), orElse(a.Samples, 64), key)...)
	} else {
		design = append(design, morris(len(t.keys), orElse(a.Trajectories, 10), key)...)
	}
	answers, err := t.answers(ctx, design, workers, progress)
	if err != nil {
		return nil, err
	}
	out := &Sensitivity{
		Method: methodMorris, Metric: t.metric.id, Policy: s.Scenario.Policies[t.policy].ID,
		Difference: t.policy > 0, Evaluations: len(design), Replications: t.repeats,
		Middle: answers[0],
	}
	for f, name := range t.keys {
		out.Factors = append(out.Factors, Factor{
			Key: name, Low: t.low[f], High: t.high[f], AtLow: answers[1+2*f], AtHigh: answers[2+2*f],
		})
	}
	if sobol {
		out.Method = methodSobol
		sobolIndices(out.Factors, answers[ends:], orElse(a.Samples, 64), key)
	} else {
		morrisEffects(out.Factors, design[ends:], answers[ends:])
	}
	slices.SortStableFunc(out.Factors, func(a, b Factor) int {
		return cmp.Compare(b.weight(), a.weight())
	})
	return out, nil
}

// weight is what factors are ordered by.
func (f *Factor) weight() float64 {
	if f.ST != nil {
		mean, _, _ := value(*f.ST)
		return mean
	}
	return *f.MuStar
}

// trial is the answer the scenario asks for.
func (s *Study) trial() *trial {
	a := s.Scenario.Sensitivity
	t := &trial{study: s, metric: metricAt(a.Metric), repeats: orElse(a.Replications, 2)}
	if t.policy = min(1, len(s.worlds)-1); a.Policy != "" {
		t.policy = slices.Index(s.Scenario.policyIDs(), a.Policy)
	}
	for _, f := range factors() {
		if ends, ok := a.Factors[f.key]; ok {
			t.keys, t.put = append(t.keys, f.key), append(t.put, f.put)
			t.low, t.high = append(t.low, ends[0]), append(t.high, ends[1])
		}
	}
	return t
}

// answers computes the answer of each setting of a design, several at a time.
func (t *trial) answers(
	ctx context.Context, design [][]float64, workers int, progress func(done, most int),
) ([]float64, error) {
	out := make([]float64, len(design))
	var mu sync.Mutex
	done := 0
	err := spread(ctx, len(design), workers, func(ctx context.Context, i int) error {
		x, err := t.answer(ctx, design[i])
		if err != nil {
			return fmt.Errorf("evaluation %d: %w", i, err)
		}
		mu.Lock()
		defer mu.Unlock()
		out[i] = x
		if done++; progress != nil {
			progress(done, len(design))
		}
		return nil
	})
	return out, err
}

// answer is the mean over replications with the assumptions set, each between its ends.
func (t *trial) answer(ctx context.Context, setting []float64) (float64, error) {
	sum := 0.0
	parts := []struct {
		policy int
		sign   float64
	}{{t.policy, 1}, {0, -1}}
	if t.policy == 0 {
		parts = parts[:1]
	}
	for _, part := range parts {
		w := *t.study.worlds[part.policy]
		w.operators = slices.Clone(w.operators)
		for f, x := range setting {
			if !math.IsNaN(x) {
				t.put[f](&w, t.low[f]+x*(t.high[f]-t.low[f]))
			}
		}
		w.prepare()
		sim := newSim(&w)
		for k := range t.repeats {
			tally, err := sim.replicate(ctx, replicationKey(t.study.Scenario.Seed, k))
			if err != nil {
				return 0, err
			}
			sum += part.sign * t.metric.of(&w, tally, whole{})
		}
	}
	return sum / float64(t.repeats), nil
}

// orElse is n, or what stands for a number not given.
func orElse(n, missing int) int {
	if n == 0 {
		return missing
	}
	return n
}
