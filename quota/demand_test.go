package quota

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// pair are two cells, each the other's ring, watched 4 hours in Monday's first hour.
func pair(first, second int32) Observed {
	o := Observed{Events: make([]HourCounts, 2)}
	o.Events[0][0], o.Events[1][0] = first, second
	o.Hours[0] = 4
	return o
}

func other(i int) []int { return []int{1 - i} }
func alone(int) []int   { return nil }

// usable gives the cells their usable hours in Monday's first hour.
func usable(hours ...float32) [][HoursOfWeek]float32 {
	rows := make([][HoursOfWeek]float32, len(hours))
	for i, h := range hours {
		rows[i][0] = h
	}
	return rows
}

func TestEstimateDemandRate(t *testing.T) {
	nan := math.NaN()
	tests := map[string]struct {
		neighbors func(int) []int
		usable    [][HoursOfWeek]float32
		shrink    float64
		want      [2]float64
		corrected bool
	}{
		"a cell borrows two hours of its ring": { // (6+2*2/4)/(4+2), (2+2*6/4)/(4+2)
			other, nil, 0, [2]float64{7.0 / 6, 5.0 / 6}, false,
		},
		"hours without a vehicle do not count": { // (6+2*2/4)/(2+2), (2+2*6/2)/(4+2)
			other, usable(2, 4), 0, [2]float64{7.0 / 4, 8.0 / 6}, true,
		},
		"a cell never stocked has its ring's rate": {
			other, usable(0, 4), 0, [2]float64{(6 + 1) / 2.0, (2 + 2*8/4.0) / 6}, true,
		},
		"without neighbours the city's rate stands in": { // the city rides 8 in 8 hours
			alone, nil, 0, [2]float64{8.0 / 6, 4.0 / 6}, false,
		},
		"more prior hours pull harder": { // a = 8
			other, nil, 8, [2]float64{10.0 / 12, 14.0 / 12}, false,
		},
		"an hour with no vehicle anywhere is unknown": {
			other, usable(0, 0), 0, [2]float64{nan, nan}, false,
		},
		"availability not known for the hour means all observed hours": {
			other, usable(float32(nan), float32(nan)), 0, [2]float64{7.0 / 6, 5.0 / 6}, false,
		},
		"usable hours beyond those observed are cut": {
			other, usable(9, 4), 0, [2]float64{7.0 / 6, 5.0 / 6}, true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := pair(6, 2)
			o.Usable = tt.usable
			got := EstimateDemand(tt.neighbors, o, Shrink{tt.shrink}, 1)
			for i, want := range tt.want {
				rate := float64(got[i].Rate[0])
				if math.IsNaN(rate) != math.IsNaN(want) || math.Abs(rate-want) > 1e-6 {
					t.Errorf("rate of cell %d = %v, want %v", i, rate, want)
				}
				if got[i].Corrected != tt.corrected {
					t.Errorf("cell %d: Corrected = %v, want %v", i, got[i].Corrected, tt.corrected)
				}
				if rate := got[i].Rate[1]; rate == rate {
					t.Errorf("the hour never observed has rate %v, want NaN", rate)
				}
			}
		})
	}
}

func TestEstimateDemandDaily(t *testing.T) {
	// Monday to Wednesday 8-10, an hour each: 3 trips each hour in both cells, so the ring agrees.
	o := Observed{Events: make([]HourCounts, 2)}
	for day := range 3 {
		for _, hour := range []int{8, 9} {
			o.Hours[24*day+hour] = 1
			o.Events[0][24*day+hour], o.Events[1][24*day+hour] = 3, 3
		}
	}
	o.Events[0][100] = 50 // in an hour not observed: not evidence
	got := EstimateDemand(other, o, Shrink{}, 5)[0].Daily
	if math.Abs(got.Mean-30) > 1e-6 { // 6 trips in the two hours of a day, times 5
		t.Errorf("mean = %v, want 30", got.Mean)
	}
	if !got.Known || got.Hours != 6 || got.Events != 18 {
		t.Errorf("evidence = %+v, want known, 6 hours, 18 events", got)
	}
	if !(got.Low < 30 && 30 < got.High) {
		t.Errorf("interval [%v, %v] leaves out the mean", got.Low, got.High)
	}
}

func TestEstimateDemandUnknown(t *testing.T) {
	t.Run("below two hours of exposure demand is not known", func(t *testing.T) {
		o := pair(1, 2)
		o.Usable = usable(1.5, 4)
		got := EstimateDemand(other, o, Shrink{}, 1)
		if got[0].Daily.Known || !got[1].Daily.Known {
			t.Errorf("Known = %v and %v, want false and true", got[0].Daily.Known, got[1].Daily.Known)
		}
	})
	t.Run("nothing observed is NaN", func(t *testing.T) {
		got := EstimateDemand(other, Observed{Events: make([]HourCounts, 2)}, Shrink{}, 1)[0].Daily
		if !math.IsNaN(got.Mean) || !math.IsNaN(got.Low) || !math.IsNaN(got.High) || got.Known {
			t.Errorf("daily = %+v, want NaN and not known", got)
		}
	})
	t.Run("availability of another length panics", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("EstimateDemand did not panic")
			}
		}()
		o := pair(1, 2)
		o.Usable = usable(1)
		EstimateDemand(other, o, Shrink{}, 1)
	})
}

func TestHourInterval(t *testing.T) {
	// No trip, prior 1/4 an hour: the rate is (0+2/4)/(4+2), so that the posterior with its half event
	// is Gamma(1, 6), an exponential distribution: quantiles -ln(1-p)/6.
	o := pair(0, 1)
	demand := EstimateDemand(other, o, Shrink{}, 1)
	got := HourInterval(o, Shrink{}, demand, 0, 0)
	want := Estimate{Mean: 0.5 / 6, Low: -math.Log(0.9) / 6, High: -math.Log(0.1) / 6}
	for name, pair := range map[string][2]float64{
		"mean": {got.Mean, want.Mean}, "low": {got.Low, want.Low}, "high": {got.High, want.High},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-6 {
			t.Errorf("%s = %v, want %v", name, pair[0], pair[1])
		}
	}
	if !got.Known || got.Hours != 4 || got.Events != 0 {
		t.Errorf("evidence = %+v, want known, 4 hours, 0 events", got)
	}
	if none := HourInterval(o, Shrink{}, demand, 0, 1); none.Known || !math.IsNaN(none.Mean) {
		t.Errorf("an hour never observed = %+v, want NaN", none)
	}
	o.Usable = usable(0, 4)
	demand = EstimateDemand(other, o, Shrink{}, 1)
	if borrowed := HourInterval(o, Shrink{}, demand, 0, 0); borrowed.Known {
		t.Errorf("an hour without exposure = %+v, want not known", borrowed)
	}
}

func TestDailyIntervalWithoutEvents(t *testing.T) {
	// Half an event in 4 + 2 hours: Gamma(1/2, 6), a chi-squared with one degree of freedom over 12,
	// whose 90 % point is 2.70554 in any table.
	got := EstimateDemand(other, pair(0, 0), Shrink{}, 1)[0].Daily
	if got.Mean != 0 || got.Low != 0 {
		t.Errorf("mean and low = %v and %v, want 0", got.Mean, got.Low)
	}
	if want := 2.70554 / 12; math.Abs(got.High-want) > 1e-5 {
		t.Errorf("high = %v, want %v", got.High, want)
	}
}

// town is a made truth: a line of cells, each with its own level round its ring's, a day's rhythm,
// and vehicles absent from some cells for a share of the time.
type town struct {
	rate     [][24]float64 // trips an hour
	observed Observed
}

// newTown watches n cells for weeks weeks. level draws a cell's departure from the ring, and out
// the share of an hour's weeks in which a cell has no vehicle.
func newTown(n, weeks int, level func() float64, out func(i int) float64, rng *rand.Rand) town {
	town := town{rate: make([][24]float64, n)}
	town.observed.Events = make([]HourCounts, n)
	town.observed.Usable = make([][HoursOfWeek]float32, n)
	for h := range town.observed.Hours {
		town.observed.Hours[h] = float64(weeks)
	}
	for i := range n {
		busy := level()
		for hour := range 24 {
			town.rate[i][hour] = busy * (1 + math.Sin(2*math.Pi*float64(hour-6)/24))
		}
		for h := range HoursOfWeek {
			stocked := 0.0
			for range weeks {
				if rng.Float64() >= out(i) {
					stocked++
				}
			}
			town.observed.Usable[i][h] = float32(stocked)
			if mean := stocked * town.rate[i][h%24]; mean > 0 {
				poisson := distuv.Poisson{Lambda: mean, Src: rng}
				town.observed.Events[i][h] = int32(poisson.Rand())
			}
		}
	}
	return town
}

// daily is the true demand of cell i.
func (t *town) daily(i int) float64 {
	sum := 0.0
	for _, rate := range t.rate[i] {
		sum += rate
	}
	return sum
}

// along is the ring on a line: the three cells on either side.
func along(n int) func(i int) []int {
	return func(i int) []int {
		var ring []int
		for j := max(0, i-3); j <= min(n-1, i+3); j++ {
			if j != i {
				ring = append(ring, j)
			}
		}
		return ring
	}
}

func TestCorrectionHalvesTheErrorOfStockOuts(t *testing.T) {
	const n, weeks = 300, 4
	rng := rand.New(rand.NewPCG(2, 30))
	level := func() float64 { return 2 + 2*rng.Float64() }
	// Every cell is empty between 10 and 50 % of the time, 30 % in the mean.
	empty := func(i int) float64 { return 0.1 + 0.4*float64(i%5)/4 }
	town := newTown(n, weeks, level, empty, rng)
	corrected := EstimateDemand(along(n), town.observed, Shrink{}, 1)
	blind := town.observed
	blind.Usable = nil
	naive := EstimateDemand(along(n), blind, Shrink{}, 1)
	var errCorrected, errNaive float64
	for i := range n {
		truth := town.daily(i)
		errCorrected += math.Abs(corrected[i].Daily.Mean-truth) / truth / n
		errNaive += math.Abs(naive[i].Daily.Mean-truth) / truth / n
	}
	if errNaive < 0.25 {
		t.Errorf("naive error %.3f: the town has too few stock-outs to test anything", errNaive)
	}
	if errCorrected >= errNaive/2 {
		t.Errorf("corrected error %.3f, naive %.3f: want less than half", errCorrected, errNaive)
	}
}

func TestIntervalsHoldTheTruth(t *testing.T) {
	tests := map[string]struct {
		sd    float64 // of a cell's level round the ring's, relative
		empty float64
	}{
		"cells alike, always stocked":     {0, 0},
		"cells unlike, always stocked":    {0.3, 0},
		"cells unlike, mostly empty":      {0.3, 0.8},
		"cells much unlike, mostly empty": {0.6, 0.9},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			const n = 400
			rng := rand.New(rand.NewPCG(7, 80))
			level := func() float64 {
				if tt.sd == 0 {
					return 1
				}
				shape := 1 / (tt.sd * tt.sd)
				return distuv.Gamma{Alpha: shape, Beta: shape, Src: rng}.Rand()
			}
			town := newTown(n, 4, level, func(int) float64 { return tt.empty }, rng)
			held := 0
			for i, d := range EstimateDemand(along(n), town.observed, Shrink{}, 1) {
				if truth := town.daily(i); d.Daily.Low <= truth && truth <= d.Daily.High {
					held++
				}
			}
			// The shared error is a worst case, so more than 80 % may hold, never fewer (by three
			// standard deviations of 400 draws, 0.06).
			if share := float64(held) / n; share < 0.74 {
				t.Errorf("%.2f of the 80 %% intervals hold the truth", share)
			}
		})
	}
}

// drawObserved draws evidence of a few cells.
func drawObserved(t *rapid.T) Observed {
	n := rapid.IntRange(1, 5).Draw(t, "cells")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	o := Observed{Events: make([]HourCounts, n), Usable: make([][HoursOfWeek]float32, n)}
	for h := range o.Hours {
		o.Hours[h] = float64(rng.IntN(4))
		for i := range n {
			o.Events[i][h] = int32(rng.IntN(4)) * int32(rng.IntN(2))
			o.Usable[i][h] = float32(o.Hours[h] * rng.Float64())
		}
	}
	if rapid.Bool().Draw(t, "availability unknown") {
		o.Usable = nil
	}
	return o
}

func TestEstimateDemandLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawObserved(t)
		factor := rapid.Float64Range(0.1, 24).Draw(t, "factor")
		demand := EstimateDemand(along(len(o.Events)), o, Shrink{}, factor)
		for i, d := range demand {
			want := factor * meanDay(d)
			if math.IsNaN(d.Daily.Mean) != math.IsNaN(want) || math.Abs(d.Daily.Mean-want) > 1e-9*want {
				t.Fatalf("cell %d: mean %v, want %v", i, d.Daily.Mean, want)
			}
			if d.Daily.Low > d.Daily.Mean || d.Daily.Mean > d.Daily.High || d.Daily.Low < 0 {
				t.Fatalf("cell %d: interval out of order: %+v", i, d.Daily)
			}
			for h := range HoursOfWeek {
				checkHour(t, o, demand, i, h)
			}
		}
	})
}

// checkHour holds that an hour is NaN exactly where it was never observed, and its interval in
// order.
func checkHour(t *rapid.T, o Observed, demand []CellDemand, i, h int) {
	e := HourInterval(o, Shrink{}, demand, i, h)
	if math.IsNaN(e.Mean) {
		if o.Hours[h] > 0 && o.exposure(i, h) > 0 {
			t.Fatalf("cell %d hour %d: NaN after %v hours", i, h, o.exposure(i, h))
		}
		return
	}
	if o.Hours[h] == 0 || !(0 <= e.Low && e.Low <= e.Mean && e.Mean <= e.High) {
		t.Fatalf("cell %d hour %d observed %v hours: %+v", i, h, o.Hours[h], e)
	}
}

func TestMoreEventsMeanMoreDemand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawObserved(t)
		before := EstimateDemand(along(len(o.Events)), o, Shrink{}, 1)
		i := rapid.IntRange(0, len(o.Events)-1).Draw(t, "cell")
		h := rapid.IntRange(0, HoursOfWeek-1).Draw(t, "hour")
		o.Events[i][h] += 5
		after := EstimateDemand(along(len(o.Events)), o, Shrink{}, 1)
		for j := range after {
			if after[j].Daily.Mean < before[j].Daily.Mean-1e-9 {
				t.Fatalf("five more trips in cell %d took demand from cell %d", i, j)
			}
		}
	})
}

func TestIntervalOfExtremes(t *testing.T) {
	for _, mean := range []float64{0, 1e-12, 1e-6, 1e-3, 1, 1e6} {
		for _, variance := range []float64{0, 1e-12, 1e-3, 1, 1e6, 1e9} {
			for _, scale := range []float64{0, 1e-6, 1, 100} {
				e := interval(mean, variance, scale)
				if !(0 <= e.Low && e.Low <= mean && mean <= e.High) || math.IsInf(e.High, 0) {
					t.Errorf("interval(%v, %v, %v) = %+v", mean, variance, scale, e)
				}
			}
		}
	}
}
