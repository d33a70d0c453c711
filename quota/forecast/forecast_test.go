package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/distuv"
)

// steady returns a history of some cells that see one more each hour of the week than the cell
// before: 1 at night and 5 by day.
func steady(cells, hours int) History {
	h := History{}
	for c := range cells {
		row := make([]float64, hours)
		for t := range row {
			row[t] = float64(c + 1)
			if t%24 >= 8 && t%24 < 20 {
				row[t] += 4
			}
		}
		h.Counts = append(h.Counts, row)
	}
	return h
}

// What repeats each week is forecast exactly by every method that knows the hour of the week.
func TestWhatRepeatsIsForecast(t *testing.T) {
	h := steady(3, 4*Week)
	tests := map[Method][2]float64{ // at midnight and at noon, of the second cell
		Last:        {2, 2}, // the last hour was 23 o'clock
		LastWeek:    {2, 6},
		WeekdayHour: {2, 6},
		Pooled:      {2, 6},
	}
	for method, want := range tests {
		m, err := Fit(h, method)
		if err != nil {
			t.Fatal(err)
		}
		night, noon := m.At(1, 4*Week), m.At(1, 4*Week+12)
		near := func(p Prediction, want float64) bool {
			return p.Known && math.Abs(p.Mean-want) < 0.12
		}
		if !near(night, want[0]) || !near(noon, want[1]) {
			t.Errorf("%s: %v, %v, want %v", method, night.Mean, noon.Mean, want)
		}
	}
}

// By hand: counts 4 and then 2, three days apart, weigh 1/2 and 1; their mean is (2 + 2) / 1.5.
func TestLevelForgets(t *testing.T) {
	row := make([]float64, 73)
	for i := range row {
		row[i] = math.NaN()
	}
	row[0], row[72] = 4, 2
	m, err := Fit(History{Counts: [][]float64{row}}, Level)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.At(0, 100).Mean, 4/1.5; math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWhatCannotBeComputed(t *testing.T) {
	holes := steady(2, 4*Week) // counted at noon only
	for _, row := range holes.Counts {
		for i := range row {
			if i%24 != 12 {
				row[i] = math.NaN()
			}
		}
	}
	blank := History{Counts: [][]float64{{math.NaN(), math.NaN()}}}
	tests := map[string]struct {
		h      History
		method Method
		want   Unfit
	}{
		"nothing":           {History{}, Last, Unfit{"empty", 1, 0}},
		"nothing known":     {blank, Level, Unfit{"empty", 1, 0}},
		"six days":          {steady(1, 6*24), LastWeek, Unfit{"short", 168, 144}},
		"a week and a half": {steady(1, 252), WeekdayHour, Unfit{"short", 336, 252}},
		"noons, weekly":     {holes, WeekdayHour, Unfit{"holes", 90, 4}}, // 7 hours of 168
		"noons, pooled":     {holes, Pooled, Unfit{"holes", 90, 4}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Fit(tt.h, tt.method)
			var got *Unfit
			if !errors.As(err, &got) || !errors.Is(err, ErrUnfit) {
				t.Fatalf("%v, want an Unfit", err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if _, err := Backtest(steady(1, Week), Options{}); !errors.Is(err, ErrUnfit) {
		t.Errorf("a backtest of one week on nothing: %v", err)
	}
}

// made is a city of known rates: levels from 0.05 to 6 an hour, a daily shape by region, growth of
// a quarter each week, Poisson counts, or wider ones by a Gamma factor of each hour.
func made(cells, weeks int, wide float64) (h History, rate [][]float64) {
	source := rand.New(rand.NewPCG(7, 11))
	for c := range cells {
		level := 0.05 * math.Pow(120, float64(c)/float64(cells-1))
		row, rates := make([]float64, weeks*Week), make([]float64, weeks*Week)
		for t := range row {
			peak := 8.0
			if c%2 == 1 {
				peak = 18
			}
			d := math.Abs(float64(t%24) - peak)
			shape := 0.2 + 2.2*math.Exp(-d*d/18)
			rates[t] = level * shape * math.Pow(1.25, float64(t)/Week)
			mean := rates[t]
			if wide > 0 {
				mean *= distuv.Gamma{Alpha: wide, Beta: wide, Src: source}.Rand()
			}
			row[t] = distuv.Poisson{Lambda: mean, Src: source}.Rand()
		}
		h.Counts, rate = append(h.Counts, row), append(rate, rates)
		h.Region = append(h.Region, c%2)
	}
	return h, rate
}

// On a city whose rates are known the pooled method beats the mean of the weekday's hour, comes
// close to the error that nobody can avoid, and its interval holds what it says.
func TestKnownTruth(t *testing.T) {
	h, _ := made(40, 6, 0)
	r, err := Backtest(h, Options{Horizon: 48})
	if err != nil {
		t.Fatal(err)
	}
	if r.Best != Pooled || r.Reference != WeekdayHour {
		t.Errorf("best %s, reference %s", r.Best, r.Reference)
	}
	scores := map[Method]Score{}
	for _, s := range r.Scores {
		if s.Why != nil {
			t.Errorf("%s: %v", s.Method, s.Why)
		}
		scores[s.Method] = s
	}
	pooled := scores[Pooled]
	if pooled.Skill < 0.02 || scores[WeekdayHour].Skill != 0 || scores[Last].Skill > 0 {
		t.Errorf("skill: pooled %.3f, weekday-hour %.3f, last %.3f",
			pooled.Skill, scores[WeekdayHour].Skill, scores[Last].Skill)
	}
	if pooled.WAPE > 1.1*pooled.Floor || pooled.WAPE < 0.9*pooled.Floor {
		t.Errorf("WAPE %.3f, floor %.3f", pooled.WAPE, pooled.Floor)
	}
	// Counts are whole, so that an interval of 80 % holds more of small ones.
	if pooled.Coverage < 0.78 || pooled.Coverage > 0.97 {
		t.Errorf("the 80 %% interval holds %.3f", pooled.Coverage)
	}
}

// Counts wider than Poisson's widen the predictions: mean²/size is what is added to the variance,
// here with a size of 3.
func TestWideCountsWidenThePrediction(t *testing.T) {
	h, _ := made(40, 6, 3)
	m, err := Fit(h, Pooled)
	if err != nil {
		t.Fatal(err)
	}
	if m.Size < 1.5 || m.Size > 4.5 {
		t.Errorf("size %.2f, want about 3", m.Size)
	}
	r, err := Backtest(h, Options{Horizon: 48})
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Scores[4]; s.Coverage < 0.75 || s.Coverage > 0.97 {
		t.Errorf("the 80 %% interval holds %.3f", s.Coverage)
	}
}

// What comes after the held-back hours begin changes no forecast of them.
func TestABacktestDoesNotLookAhead(t *testing.T) {
	h, _ := made(6, 4, 0)
	cut := h.until(3 * Week)
	want, err := Fit(cut, Pooled)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range h.Counts {
		for i := 3 * Week; i < len(row); i++ {
			row[i] = 1000
		}
	}
	got, err := Fit(h.until(3*Week), Pooled)
	if err != nil {
		t.Fatal(err)
	}
	for hour := 3 * Week; hour < 4*Week; hour++ {
		if want.At(2, hour) != got.At(2, hour) {
			t.Fatalf("hour %d: %+v, want %+v", hour, got.At(2, hour), want.At(2, hour))
		}
	}
}

// The order of the cells doesn't matter, and the same history gives the same numbers.
func TestForecastsAreBlindToOrder(t *testing.T) {
	h, _ := made(8, 4, 0)
	turned := History{Phase: h.Phase}
	for c := len(h.Counts) - 1; c >= 0; c-- {
		turned.Counts = append(turned.Counts, h.Counts[c])
		turned.Region = append(turned.Region, h.Region[c])
	}
	one, err := Fit(h, Pooled)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Fit(turned, Pooled)
	if err != nil {
		t.Fatal(err)
	}
	for c := range h.Counts {
		a, b := one.At(c, 4*Week+9).Mean, other.At(len(h.Counts)-1-c, 4*Week+9).Mean
		if math.Abs(a-b) > 1e-6*(1+a) {
			t.Errorf("cell %d: %v, turned %v", c, a, b)
		}
	}
}
