package simulations

import (
	"errors"
	"fmt"
	"math"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// ErrCheck says that a check of the scenario does not hold.
var ErrCheck = errors.New("a check does not hold")

// The kinds of check.
const (
	checkBound   = "bound"   // a metric's interval lies between low and high
	checkBalance = "balance" // riders and counts add up in every replication
	checkSteady  = "steady"  // the unmet rate doesn't drift by more than high
	checkConform = "conform" // vehicle-hours beyond the quota in force, as a share, are at most high
)

// CheckRow is a check of a scenario, so that a scenario is a test as well.
type CheckRow struct {
	Kind   string   `yaml:"kind"`
	Policy string   `yaml:"policy"`   // default: every policy
	Metric string   `yaml:"metric"`   // bound
	Part   string   `yaml:"operator"` // bound: of one operator; default the whole city
	Change bool     `yaml:"change"`   // bound: the difference from the baseline is judged
	Low    *float64 `yaml:"low"`      // bound; default none
	High   *float64 `yaml:"high"`     // bound: default none; steady: 0.02; conform: 0
}

// Verdict is whether a check holds for a policy. Got is what was judged, with its interval; Low and
// High are what it was held to.
type Verdict struct {
	Kind   string   `json:"kind"`
	Policy string   `json:"policy"`
	Metric string   `json:"metric"`
	Part   string   `json:"operator,omitempty"`
	Holds  bool     `json:"holds"`
	Got    Level    `json:"got"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
}

// Text says a verdict in one sentence.
func (v Verdict) Text(tag lang.Tag) string {
	end := func(x *float64, none string) string {
		if x == nil {
			return none
		}
		return number(*x)
	}
	id := "sim.check-fails"
	if v.Holds {
		id = "sim.check-holds"
	}
	what := tag.Word("sim.check-" + v.Kind)
	if v.Kind == checkBound {
		what = tag.Word("sim.metric-" + v.Metric)
	}
	if v.Part != "" {
		what = v.Part + ", " + what
	}
	return tag.Text(lang.M(id, "policy", v.Policy, "what", what, "got", LevelText(v.Got, tag),
		"low", end(v.Low, "−∞"), "high", end(v.High, "∞")))
}

// Holds returns an error that names the first check which does not hold.
func (r *Result) Holds() error {
	for _, v := range r.Checks {
		if !v.Holds {
			return fmt.Errorf("%w: %s", ErrCheck, v.Text(lang.English))
		}
	}
	return nil
}

// verdicts judges the scenario's checks on what was counted.
func (s *Study) verdicts(r *Result, tallies [][]*Tally) []Verdict {
	var list []Verdict
	for _, c := range s.Scenario.Checks {
		for p := range r.Policies {
			if c.Policy != "" && c.Policy != r.Policies[p].ID || c.Change && p == 0 {
				continue
			}
			v := Verdict{
				Kind: c.Kind, Policy: r.Policies[p].ID, Metric: c.Metric, Part: c.Part,
				Low: c.Low, High: c.High,
			}
			switch c.Kind {
			case checkBound:
				v.bound(r, p, c.Change)
			case checkBalance:
				v.balance(tallies[p])
			case checkSteady:
				v.steady(tallies[p])
			case checkConform:
				v.conform(tallies[p])
			}
			list = append(list, v)
		}
	}
	return list
}

// within judges what was got by the ends.
func (v *Verdict) within() {
	mean, low, high := value(v.Got)
	above, below := v.Low == nil || low >= *v.Low, v.High == nil || high <= *v.High
	v.Holds = !math.IsNaN(mean) && above && below
}

// most sets the default of the upper end.
func (v *Verdict) most(x float64) {
	if v.High == nil {
		v.High = &x
	}
}

func (v *Verdict) bound(r *Result, p int, difference bool) {
	of := Breakdown{Metrics: r.Policies[p].Metrics, Changes: r.Policies[p].Changes}
	for _, part := range r.Policies[p].Parts {
		if part.Scope == scopeOperator && part.Key == v.Part {
			of = part
		}
	}
	for m := range of.Metrics {
		if v.Got = of.Metrics[m]; v.Got.Metric == v.Metric {
			if difference {
				v.Got = of.Changes[m].Level
			}
			v.within()
			return
		}
	}
}

// balance counts the replications in which something doesn't add up.
func (v *Verdict) balance(made []*Tally) {
	wrong := make([]float64, len(made))
	for k, t := range made {
		var cells, hours, days CellTally
		for c := range t.ByCell {
			cells.add(&t.ByCell[c])
		}
		for h := range t.ByHour {
			hours.add(&t.ByHour[h])
		}
		for d := range t.ByDay {
			days.add(&t.ByDay[d])
		}
		all := t.all()
		sound := t.Requests+t.Carried == t.Served+t.unserved() && all.Served == t.Served &&
			cells.Requests == t.Requests && cells.Served == t.Served && total(t.Walk) == t.Served &&
			cells == withRentable(hours, cells) && days == hours
		if !sound {
			wrong[k] = 1
		}
	}
	v.most(0)
	v.Got = level(v.Kind, wrong)
	v.within()
}

// withRentable is a with b's vehicle-hours, which count differently by hour.
func withRentable(a, b CellTally) CellTally {
	a.Rentable = b.Rentable
	return a
}

// steady is how much the unmet rate of the second half of the days exceeds that of the first.
func (v *Verdict) steady(made []*Tally) {
	drift := make([]float64, len(made))
	for k, t := range made {
		var halves [2]CellTally
		n := len(t.ByDay)
		for d := range t.ByDay {
			if d != n/2 || n%2 == 0 { // of an odd number the middle day is in neither
				halves[d*2/max(n, 1)].add(&t.ByDay[d])
			}
		}
		rate := func(c *CellTally) float64 { return ratio(c.Requests-c.Served, c.Requests) }
		drift[k] = rate(&halves[1]) - rate(&halves[0])
	}
	v.most(0.02)
	low := -*v.High
	v.Low, v.Got = &low, level(v.Kind, drift)
	v.within()
}

// conform is the share of vehicle-hours beyond the quota in force.
func (v *Verdict) conform(made []*Tally) {
	shares := make([]float64, len(made))
	for k, t := range made {
		all := t.all()
		shares[k] = ratio(all.Beyond, max(all.Deployed, 1))
	}
	v.most(0)
	v.Got = level(v.Kind, shares)
	v.within()
}

// checks checks the checks of a scenario.
func (c *scenarioCheck) checks(s *Scenario) {
	kinds := []string{checkBound, checkBalance, checkSteady, checkConform}
	for i, row := range s.Checks {
		path := strict.ItemPath("checks", i)
		c.oneOf(strict.KeyPath(path, "kind"), row.Kind, kinds)
		if row.Policy != "" {
			c.oneOf(strict.KeyPath(path, "policy"), row.Policy, s.policyIDs())
		}
		if row.Kind == checkBound {
			known := MetricIDs()
			if row.Part != "" {
				known = ids(operatorMetrics())
			}
			c.oneOf(strict.KeyPath(path, "metric"), row.Metric, known)
			if row.Low == nil && row.High == nil {
				c.fault(path, "sim.missing", "key", "low, high")
			}
		}
	}
}
