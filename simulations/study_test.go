package simulations

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// small is a scenario on the made city.
const small = `version: 1
name: small
city: city.yaml
sector: bike
days: 2
seed: 7
replications: {min: 4, max: 8, half_width: 0.5}
bureau: {decide_every_days: 1, notice_days: 0}
policies:
  - {id: today}
  - {id: fewer, set: {total_max: 60}}
`

// madeStudy loads a scenario on the made city.
// alone leaves a test out of the short run, which is the race detector's, where other tests start
// the same goroutines.
func alone(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("in the full run")
	}
}

func madeStudy(t *testing.T, text string) *Study {
	t.Helper()
	s, err := Parse("scenario.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return loadMade(t, s)
}

// loadMade loads a scenario with the made city beside it.
func loadMade(t *testing.T, s *Scenario) *Study {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 1}); err != nil {
		t.Fatal(err)
	}
	study, err := Load(t.Context(), s, filepath.Join(dir, "scenario.yaml"), "")
	if err != nil {
		t.Fatal(err)
	}
	return study
}

// The same scenario and seed give the same bytes whatever the number of workers, and a cap on the
// total loses riders.
func TestStudyIsBlindToWorkers(t *testing.T) {
	study := madeStudy(t, small)
	var want []byte
	for _, workers := range []int{1, 2, 8} {
		r, err := study.Run(t.Context(), workers, nil)
		if err != nil {
			t.Fatal(err)
		}
		summary, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		table, err := r.table()
		if err != nil {
			t.Fatal(err)
		}
		got := append(summary, table...)
		if want == nil {
			want = got
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%d workers give another result", workers)
		}
		if c := r.Policies[1].Changes[0]; c.Metric != metricUnmet || c.Verdict != "more" {
			t.Errorf("unmet demand with fewer vehicles: %s", LevelText(c.Level, lang.English))
		}
		if r.Replications != 4 {
			t.Errorf("%d replications, want the least: the interval may be wide", r.Replications)
		}
	}
}

// A precision that isn't reached takes the most replications; one that ctx cuts short returns what
// was complete.
func TestStudyStops(t *testing.T) {
	study := madeStudy(t, strings.Replace(small, "half_width: 0.5", "half_width: 0.000001", 1))
	r, err := study.Run(t.Context(), 2, nil)
	if err != nil || r.Replications != 8 {
		t.Errorf("%+v, %v; want 8 replications", r, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, err = study.Run(ctx, 2, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) || r == nil || r.Replications != 4 {
		t.Errorf("%+v, %v; want the 4 replications of the first block", r, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ old, new, want string }{
		"an unknown key":     {"days: 2", "day: 2", "scenario.yaml:5:1"},
		"another version":    {"version: 1", "version: 2", "scenario.yaml:1:"},
		"no policy":          {small[strings.Index(small, "policies"):], "", "scenario.yaml:1:1"},
		"an ID twice":        {"id: fewer", "id: today", "scenario.yaml:11:"},
		"a share above 1":    {"total_max: 60", "max_share: 1.5", "scenario.yaml:11:"},
		"a warm-up too long": {"seed: 7", "warmup_days: 2", "scenario.yaml:6:"},
		"a strange shock":    {"seed: 7", "shocks: [{kind: miracle, hours: 1}]", "scenario.yaml:6:"},
		"a strange strategy": {
			"seed: 7", "operators: [{id: a, crew: {strategy: luck}}]", "scenario.yaml:6:",
		},
		"more least than most": {"max: 8", "max: 3", "scenario.yaml:7:"},
		"a strange check":      {"seed: 7", "checks: [{kind: hope}]", "scenario.yaml:6:"},
		"a boundless bound": {
			"seed: 7", "checks: [{kind: bound, metric: served}]", "scenario.yaml:6:",
		},
		"a strange sweep":  {"seed: 7", "sweep: {grid: {luck: [1]}}", "scenario.yaml:6:"},
		"a strange factor": {"seed: 7", "sensitivity: {factors: {luck: [0, 1]}}", "scenario.yaml:6:"},
		"a range upside down": {
			"seed: 7", "sensitivity: {factors: {demand.growth: [2, 1]}}", "scenario.yaml:6:",
		},
	} {
		_, err := Parse("scenario.yaml", []byte(strings.Replace(small, tt.old, tt.new, 1)))
		if !errors.Is(err, strict.ErrInput) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want a fault at %s", name, err, tt.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	alone(t)
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 1}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ old, new, want string }{
		"another sector":     {"sector: bike", "sector: boat", "scenario.yaml:4:"},
		"a strange operator": {"seed: 7", "operators: [{id: nobody}]", "scenario.yaml:6:"},
		"a cell elsewhere": {
			"seed: 7", "shocks: [{kind: event, hours: 1, cells: [x]}]", "scenario.yaml:6:",
		},
		"nobody's outage": {"seed: 7", "shocks: [{kind: data-outage, hours: 1}]", "scenario.yaml:6:"},
	} {
		s, err := Parse("scenario.yaml", []byte(strings.Replace(small, tt.old, tt.new, 1)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, err = Load(t.Context(), s, filepath.Join(dir, "scenario.yaml"), "")
		var fault *strict.Fault
		if !errors.As(err, &fault) || !strings.HasPrefix(fault.Error(), tt.want) {
			t.Errorf("%s: %v, want a fault at %s", name, err, tt.want)
		}
	}
}

// Student's interval by hand: 1, 2, 3 have the mean 2, the standard deviation 1, and with two
// degrees of freedom the quantile 4.302653 (a table's), so that the half-width is 2.484138.
func TestLevel(t *testing.T) {
	l := level("x", []float64{1, 2, 3})
	if *l.Mean != 2 || math.Abs(*l.High-4.484138) > 1e-5 || math.Abs(*l.Low+0.484138) > 1e-5 {
		t.Errorf("level %v %v %v", *l.Mean, *l.Low, *l.High)
	}
	if l = level("x", []float64{1, math.NaN()}); l.Mean != nil {
		t.Errorf("a mean of %v of what can't be computed", *l.Mean)
	}
}

// Two cells of 10 requests, one always with a vehicle in reach and one never: the Lorenz curve runs
// along the axis to the middle, and the coefficient is 1/2. Where both are alike it is 0.
func TestGini(t *testing.T) {
	apart := &Tally{ByCell: []CellTally{{Requests: 10, Reached: 10}, {Requests: 10}, {}}}
	alike := &Tally{ByCell: []CellTally{{Requests: 10, Reached: 5}, {Requests: 30, Reached: 15}}}
	if a, b := apart.gini(), alike.gini(); a != 0.5 || math.Abs(b) > 1e-15 {
		t.Errorf("coefficients %v and %v, want 1/2 and 0", a, b)
	}
	if none := (&Tally{ByCell: []CellTally{{Requests: 1}}}).gini(); !math.IsNaN(none) {
		t.Errorf("coefficient %v where nobody is reached", none)
	}
}

func TestWrite(t *testing.T) {
	alone(t)
	study := madeStudy(t, small)
	r, err := study.Run(t.Context(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		dir := filepath.Join(t.TempDir(), "out")
		if err := r.Write(dir, study.Manifest("stint test", "0123"), tag); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(filepath.Join(dir, "report.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			tag.Word("sim.metric-unmet_rate"), tag.Word("sim.report-assumed"), "<svg", "0123",
		} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("%v: the report lacks %q", tag, want)
			}
		}
		if bytes.Contains(page, []byte("http")) {
			t.Error("the report names a place in the network")
		}
		var m Manifest
		data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
		if err != nil || json.Unmarshal(data, &m) != nil || len(m.Plans) != 2 || len(m.Inputs) == 0 {
			t.Errorf("manifest %s, %v", data, err)
		}
	}
}
