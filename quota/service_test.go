package quota

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// rated is a cell whose rate in each hour of the week is rate(day, hour).
func rated(rate func(day, hour int) float64) CellDemand {
	var d CellDemand
	for h := range d.Rate {
		d.Rate[h] = float32(rate(h/24, h%24))
	}
	return d
}

func TestMarginals(t *testing.T) {
	nan := math.NaN()
	always := func(rate float64) CellDemand {
		return rated(func(int, int) float64 { return rate })
	}
	mornings := rated(func(day, hour int) float64 {
		if day < 3 && (hour == 8 || hour == 9) {
			return 1
		}
		return nan
	})
	nights := rated(func(_, hour int) float64 {
		if hour == 23 || hour == 2 {
			return math.Ln2 / 2
		}
		return 0
	})
	tests := map[string]struct {
		service Service
		demand  CellDemand
		factor  float64
		most    int
		want    []float64
	}{
		"erlang: at one erlang vehicles lose 1, 1/2, 1/5, 1/16 of 24 trips": {
			Service{Model: ModelErlang, CycleHours: 1}, always(1), 1, 3, []float64{12, 7.2, 3.3},
		},
		"erlang: a cycle half as long halves the traffic, not the trips": {
			Service{Model: ModelErlang, CycleHours: 0.5}, always(2), 1, 2, []float64{24, 14.4},
		},
		"erlang: unknown hours are left to the factor": { // two trips a known day, times 5
			Service{Model: ModelErlang, CycleHours: 1}, mornings, 5, 3, []float64{5, 3, 1.375},
		},
		"erlang: a cell without trips gains nothing": {
			Service{Model: ModelErlang, CycleHours: 1}, always(0), 1, 3, nil,
		},
		"erlang: a cell never observed has no list": {
			Service{Model: ModelErlang, CycleHours: 1}, always(nan), 1, 3, nil,
		},
		"newsvendor: ln 2 riders a day come at least once in two days": {
			Service{Model: ModelNewsvendor},
			always(math.Ln2 / 24), 1, 2,
			[]float64{0.5, 0.5 - 0.5*math.Ln2},
		},
		"newsvendor: a vehicle set out twice a day serves twice": {
			Service{Model: ModelNewsvendor, DayParts: []int{0, 12}},
			always(math.Ln2 / 12), 1, 2,
			[]float64{1, 1 - math.Ln2},
		},
		"newsvendor: the night before and after midnight is one part": {
			Service{Model: ModelNewsvendor, DayParts: []int{6, 18}},
			nights, 1, 2,
			[]float64{0.5, 0.5 - 0.5*math.Ln2},
		},
		"newsvendor: midnight may part the night": {
			Service{Model: ModelNewsvendor, DayParts: []int{0, 12}},
			nights, 1, 1,
			[]float64{2 - math.Sqrt2},
		},
		"presence: vehicles are counted once, whatever the factor": {
			Service{Model: ModelPresence},
			CellDemand{Daily: Estimate{Mean: math.Ln2}},
			9, 2,
			[]float64{0.5, 0.5 - 0.5*math.Ln2},
		},
		"presence: an unknown mean has no list": {
			Service{Model: ModelPresence}, CellDemand{Daily: Estimate{Mean: nan}}, 1, 2, nil,
		},
		"no vehicle, no benefit": {
			Service{Model: ModelErlang, CycleHours: 1}, always(1), 1, 0, nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := tt.service.Marginals(nil, tt.demand, tt.factor, tt.most)
			near := cmpopts.EquateApprox(1e-6, 0) // rates are float32
			if diff := cmp.Diff(tt.want, got, near); diff != "" {
				t.Errorf("Marginals (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMarginalsAppend(t *testing.T) {
	service := Service{Model: ModelPresence}
	demand := CellDemand{Daily: Estimate{Mean: math.Ln2}}
	got := service.Marginals([]float64{0.25}, demand, 1, 1)
	if len(got) != 2 || got[0] != 0.25 || math.Abs(got[1]-0.5) > 1e-15 {
		t.Errorf("Marginals after 0.25 = %v, want [0.25 0.5]", got)
	}
}

func TestMarginalsEndBeforeNothing(t *testing.T) {
	for _, mean := range []float64{1e-7, 0.01, 1, 40, 900, 3000} {
		demand := CellDemand{Daily: Estimate{Mean: mean}}
		got := Service{Model: ModelPresence}.Marginals(nil, demand, 1, 100000)
		n := len(got)
		// The chain of equalities P(D >= n) = 1 - CDF(n-1), from gonum.
		poisson := distuv.Poisson{Lambda: mean}
		for k, p := range got {
			if want := poisson.Survival(float64(k)); math.Abs(p-want) > 1e-9 {
				t.Fatalf("mean %v: vehicle %d adds %v, want %v", mean, k+1, p, want)
			}
		}
		if got[n-1] < 1e-9 || poisson.Survival(float64(n)) > 1.01e-9 {
			t.Errorf("mean %v: the list ends at %d with %v", mean, n, got[n-1])
		}
	}
}

func TestMarginalsPanic(t *testing.T) {
	demand := rated(func(int, int) float64 { return 1 })
	for name, service := range map[string]Service{
		"on an unknown model":         {Model: "luck"},
		"on a cycle of no length":     {Model: ModelErlang},
		"on a day part past midnight": {Model: ModelNewsvendor, DayParts: []int{24}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("Marginals did not panic")
				}
			}()
			service.Marginals(nil, demand, 1, 1)
		})
	}
}

func TestEnough(t *testing.T) {
	marginals := []float64{12, 7.2, 3.3} // of 24 trips: 50 %, 80 %, 93.75 %
	tests := map[string]struct {
		level, daily float64
		want         int
	}{
		"no level is no limit":                          {0, 24, -1},
		"unknown demand is no limit":                    {0.9, math.NaN(), -1},
		"no demand needs no vehicle":                    {0.9, 0, 0},
		"one vehicle reaches exactly one half":          {0.5, 24, 1},
		"two vehicles reach exactly four fifths":        {0.8, 24, 2},
		"just above four fifths needs the third":        {0.801, 24, 3},
		"a level out of reach takes all that is listed": {0.99, 24, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := (Service{Level: tt.level}).Enough(marginals, tt.daily); got != tt.want {
				t.Errorf("Enough(%v of %v) = %d, want %d", tt.level, tt.daily, got, tt.want)
			}
		})
	}
}

// drawDemand draws a week of rates with unknown hours.
func drawDemand(t *rapid.T) CellDemand {
	rate := rapid.OneOf(rapid.Just(math.NaN()), rapid.Just(0.0), rapid.Float64Range(0, 30))
	rates := rapid.SliceOfN(rate, 24, 24).Draw(t, "rates")
	return rated(func(day, hour int) float64 { return rates[(hour+5*day)%24] })
}

func drawService(t *rapid.T) Service {
	return Service{
		Model:      rapid.SampledFrom([]string{ModelErlang, ModelNewsvendor}).Draw(t, "model"),
		CycleHours: rapid.Float64Range(0.05, 3).Draw(t, "cycle"),
		DayParts:   rapid.SliceOfN(rapid.IntRange(0, 23), 0, 4).Draw(t, "parts"),
	}
}

func TestMarginalsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		demand, service := drawDemand(t), drawService(t)
		factor := rapid.Float64Range(0.5, 10).Draw(t, "factor")
		got := service.Marginals(nil, demand, factor, 1<<20)
		sum, last := 0.0, math.Inf(1)
		for n, m := range got {
			if m > last || m < 1e-9 {
				t.Fatalf("vehicle %d adds %v after %v", n+1, m, last)
			}
			sum, last = sum+m, m
		}
		want := meanDay(demand) * factor
		if math.IsNaN(want) {
			want = 0
		}
		if math.Abs(sum-want) > 1e-6*(1+want) {
			t.Fatalf("all vehicles serve %v of %v trips", sum, want)
		}
		most := rapid.IntRange(0, 20).Draw(t, "most")
		few := service.Marginals(nil, demand, factor, most)
		if diff := cmp.Diff(got[:min(most, len(got))], few, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("a shorter list is no prefix:\n%s", diff)
		}
	})
}

// meanDay restates the documented mean day: the mean over known weekdays of the sum of known hours.
func meanDay(d CellDemand) float64 {
	total, days := 0.0, 0.0
	for day := range 7 {
		known := false
		for hour := range 24 {
			if rate := float64(d.Rate[24*day+hour]); !math.IsNaN(rate) {
				total += rate
				known = true
			}
		}
		if known {
			days++
		}
	}
	return total / days
}
