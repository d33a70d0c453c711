package simulations

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

// TestConservation holds that vehicles and riders are neither made nor lost, whatever the town and
// its crews: replicate checks it and fails.
func TestConservation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := made{
			cells: rapid.IntRange(1, 40).Draw(rt, "cells"), days: 2,
			operators: rapid.IntRange(1, 3).Draw(rt, "operators"),
			vehicles:  rapid.IntRange(0, 120).Draw(rt, "vehicles"),
			trips:     rapid.Float64Range(0, 1500).Draw(rt, "trips"),
		}
		w := m.world(t)
		withCrews(w)
		for k := range w.operators {
			o := &w.operators[k]
			o.crew.strategy = rapid.SampledFrom(
				[]string{crewNone, crewNightly, crewGreedy, crewFlow}).Draw(rt, "crew")
			o.broken = rapid.Float64Range(0, 0.3).Draw(rt, "broken")
		}
		if rapid.Bool().Draw(rt, "typhoon") {
			w.shocks = []shock{{
				kind: shockEmergency, from: 10 * hourMS, to: 20 * hourMS, cells: []int32{0}, clear: true,
			}}
		}
		w.warmup = rapid.IntRange(0, 24).Draw(rt, "warm-up")
		x, err := newSim(w).replicate(t.Context(), replicationKey(rapid.Uint64().Draw(rt, "seed"), 0))
		if err != nil {
			rt.Fatal(err)
		}
		if got := x.Served + x.unserved(); got != x.Requests+x.Carried {
			rt.Fatalf("served and lost %d, requests and carried %d", got, x.Requests+x.Carried)
		}
	})
}

// TestExtremes holds what must be so at the ends.
func TestExtremes(t *testing.T) {
	size := made{cells: 61, operators: 2, vehicles: 100, trips: 2000}
	none := size
	none.vehicles = 0
	x := none.world(t).runs(t, 1)
	if x.Served != 0 || x.Lost[lostNone] != x.Requests || x.Requests == 0 {
		t.Errorf("without vehicles: %d of %d served, lost %v", x.Served, x.Requests, x.Lost)
	}
	many := size
	many.vehicles = 200_000
	w := many.world(t)
	for c := range w.town.spots { // everywhere, not only at a few places
		for n := range uint64(400) {
			key := replicationKey(5, c)
			w.town.spots[c] = append(w.town.spots[c], w.town.within(c, key.Of(n), 0))
		}
	}
	x = w.runs(t, 1)
	walk := float64(x.ByOperator[0].WalkCM+x.ByOperator[1].WalkCM) / 100 / float64(x.Served)
	if walk > 15 || x.Lost[lostNone] > 0 {
		t.Errorf("vehicles everywhere: walk of %.1f m, lost %v", walk, x.Lost)
	}
	still := size.world(t)
	still.users.Radius = 0
	if x = still.runs(t, 1); x.Served > x.Requests/100 {
		t.Errorf("nobody walks, yet %d of %d ride", x.Served, x.Requests)
	}
	quiet := size.world(t)
	quiet.growth = 0
	if x = quiet.runs(t, 1); x.Requests != 0 {
		t.Errorf("no demand, yet %d requests", x.Requests)
	}
}

// TestErlang holds one cell against Erlang's loss formula: riders come by a Poisson law, a vehicle
// is away for a ride and back, and who finds none is lost. The formula holds for any law of the
// ride's length (it needs its mean alone), so that only arrivals and losses are tested. The mean of
// 40 days must lie within four standard errors.
func TestErlang(t *testing.T) {
	const n = 6
	w := made{cells: 1, operators: 1, vehicles: n, trips: 2400}.world(t)
	w.users.Walk, w.users.Radius = 1e6, 1000
	w.users.Choice.Outside = -60
	w.operators[0].broken = 0
	w.prepare()
	for h := range w.demand.Rate {
		w.demand.Rate[h] = 100
	}
	var blocked, mean []float64
	s := newSim(w)
	for i := range 40 {
		x, err := s.replicate(t.Context(), replicationKey(3, i))
		if err != nil {
			t.Fatal(err)
		}
		blocked = append(blocked, float64(x.unserved())/float64(x.Requests))
		mean = append(mean, float64(x.ByOperator[0].RideMS)/float64(x.Served)/hourMS)
	}
	load, want := 100*stat.Mean(mean, nil), 1.0
	for k := 1.0; k <= n; k++ { // Erlang B by its recursion
		want = load * want / (k + load*want)
	}
	got, sd := stat.MeanStdDev(blocked, nil)
	t.Logf("offered load %.2f, blocked %.4f, Erlang %.4f", load, got, want)
	if math.Abs(got-want) > 4*sd/math.Sqrt(40) || want < 0.01 {
		t.Errorf("blocked %.4f ± %.4f, want %.4f", got, 4*sd/math.Sqrt(40), want)
	}
}

// TestCommonNumbers holds that a cut of 5 % is seen in paired runs with at most 0.35 of the spread
// of independent ones, and that pairing doesn't bend the means: the mean difference of both lies
// within four standard errors of each other.
func TestCommonNumbers(t *testing.T) {
	alone(t)
	const pairs = 60
	unmet := func(vehicles int, seed uint64) []float64 {
		w := made{cells: 533, operators: 1, vehicles: vehicles, trips: 6000}.world(t)
		s, list := newSim(w), []float64{}
		for i := range pairs {
			x, err := s.replicate(t.Context(), replicationKey(seed, i))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, float64(x.unserved())/float64(x.Requests))
		}
		return list
	}
	before, cut, other := unmet(700, 1), unmet(665, 1), unmet(665, 2)
	var paired, independent []float64
	for i := range before {
		paired = append(paired, cut[i]-before[i])
		independent = append(independent, other[i]-before[i])
	}
	a, sdPaired := stat.MeanStdDev(paired, nil)
	b, sdOther := stat.MeanStdDev(independent, nil)
	t.Logf("paired %.4f sd %.4f, independent %.4f sd %.4f, ratio %.2f", a, sdPaired, b, sdOther,
		sdPaired/sdOther)
	if sdPaired > 0.35*sdOther {
		t.Errorf("paired spread is %.2f of independent, want at most 0.35", sdPaired/sdOther)
	}
	if math.Abs(a-b) > 4*sdOther/math.Sqrt(pairs) || a <= 0 {
		t.Errorf("paired difference %.4f, independent %.4f", a, b)
	}
}

// TestSameAgain holds that a replication depends on its world and key alone, and not on what ran in
// the same memory before.
func TestSameAgain(t *testing.T) {
	w := made{cells: 91, operators: 3, vehicles: 300, trips: 3000, days: 2}.world(t)
	withCrews(w)
	w.operators[1].crew.strategy = crewFlow
	first := w.runs(t, 1)
	s := newSim(w)
	for _, seed := range []uint64{2, 1} {
		x, err := s.replicate(t.Context(), replicationKey(seed, 0))
		if err != nil {
			t.Fatal(err)
		}
		if same := cmp.Equal(first, x); same != (seed == 1) {
			t.Errorf("seed %d after another run: same %v", seed, same)
		}
	}
}

// TestFleetHelpsLessAndLess holds Zheng, Zhang and Nie's finding: each further vehicle serves fewer
// riders than the one before, and none serves less.
func TestFleetHelpsLessAndLess(t *testing.T) {
	var served []float64
	for _, vehicles := range []int{200, 400, 600, 800, 1000} {
		w := made{cells: 217, operators: 1, vehicles: vehicles, trips: 6000}.world(t)
		sum := 0.0
		for seed := range uint64(8) {
			sum += float64(w.runs(t, seed).Served)
		}
		served = append(served, sum/8)
	}
	t.Logf("served a day: %.0f", served)
	for i := 2; i < len(served); i++ {
		gain, before := served[i]-served[i-1], served[i-1]-served[i-2]
		if gain <= 0 || gain >= before {
			t.Errorf("step %d adds %.0f rides, the one before %.0f", i, gain, before)
		}
	}
}

// TestAllocations holds that events allocate nothing once memory has grown: a second day of 6,000
// requests allocates its tally and no more.
func TestAllocations(t *testing.T) {
	w := made{cells: 217, operators: 2, vehicles: 700, trips: 6000}.world(t)
	s := newSim(w)
	got := testing.AllocsPerRun(3, func() {
		if _, err := s.replicate(t.Context(), replicationKey(1, 0)); err != nil {
			t.Fatal(err)
		}
	})
	if got > 20 {
		t.Errorf("%v allocations a day of 6,000 requests", got)
	}
}
