package demand

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/stint-city/stint/quota/forecast"
)

// line is a town of cells in a row; a cell's ring is its neighbours.
func line(n int) func(int) []int {
	return func(i int) []int {
		var ring []int
		if i > 0 {
			ring = append(ring, i-1)
		}
		if i+1 < n {
			ring = append(ring, i+1)
		}
		return ring
	}
}

// grid is a table by cell and hour, all of it x.
func grid(cells, hours int, x float64) [][]float64 {
	t := make([][]float64, cells)
	for i := range t {
		t[i] = make([]float64, hours)
		for h := range t[i] {
			t[i][h] = x
		}
	}
	return t
}

// Two weeks from Monday: 3 and 5 riders in Monday's first hour are 4 an hour, and none else.
func TestWeekdayHourIsTheMean(t *testing.T) {
	c := Counts{Rides: grid(1, 2*Week, 0)}
	c.Rides[0][0], c.Rides[0][Week] = 3, 5
	got, err := Fit(c, Options{Model: WeekdayHour})
	if err != nil {
		t.Fatal(err)
	}
	if got.Rate[0] != 4 || got.Rate[1] != 0 || got.Inflation != 1 {
		t.Errorf("rate %v, then %v, inflation %v", got.Rate[0], got.Rate[1], got.Inflation)
	}
	c.Phase = 5 // Monday 05:00
	if got, err = Fit(c, Options{Model: WeekdayHour}); err != nil || got.Rate[5] != 4 {
		t.Errorf("rate at 05:00 is %v, %v", got.Rate[5], err)
	}
}

// A cell alone, half of the hours without a vehicle: 4 riders in the hour it had one are 4 an hour,
// where the plain mean says 2. What is borrowed is its own rate here, so that it changes nothing.
func TestCensoredIsRidesByUsableHours(t *testing.T) {
	c := Counts{Rides: grid(1, 2*Week, 0), Usable: grid(1, 2*Week, 1)}
	c.Rides[0][0], c.Usable[0][Week] = 4, 0
	for _, borrowed := range []float64{0, 2} {
		got, err := Fit(c, Options{Model: Censored, Ring: line(1), Borrowed: borrowed})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Rate[0]-4) > 1e-6 || math.Abs(got.Inflation-2) > 1e-6 {
			t.Errorf("rate %v, inflation %v; want 4 and 2", got.Rate[0], got.Inflation)
		}
	}
}

// Of two cells one never has a vehicle and half of its riders walk over: 6 rides in the other are
// the likeliest for any rates with l1 + l0/2 = 6; none of it is lost, whoever they are.
func TestCensoredRidersWalkOver(t *testing.T) {
	c := Counts{Rides: grid(2, Week, 0), Usable: grid(2, Week, 1)}
	c.Rides[1][0], c.Usable[0] = 6, make([]float64, Week)
	got, err := Fit(c, Options{Model: Censored, Ring: line(2), Walk: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if sum := got.Rate[1] + got.Rate[0]/2; math.Abs(sum-6) > 1e-4 || got.Rate[0] <= 0 {
		t.Errorf("rates %v and %v", got.Rate[0], got.Rate[1])
	}
}

// Unknown availability is no stock-out: with all of it unknown, and nothing borrowed, the model is
// the plain mean.
func TestUnknownAvailabilityCorrectsNothing(t *testing.T) {
	c := Counts{Rides: grid(3, Week, 0), Usable: grid(3, Week, math.NaN())}
	for i := range c.Rides {
		for h := range c.Rides[i] {
			c.Rides[i][h] = float64((7*i + h) % 4)
		}
	}
	plain, err1 := Fit(c, Options{Model: WeekdayHour})
	got, err2 := Fit(c, Options{Model: Censored, Ring: line(3), Walk: 0.3})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for i := range plain.Rate {
		if math.Abs(plain.Rate[i]-got.Rate[i]) > 1e-5 {
			t.Fatalf("rate %d: %v, want %v", i, got.Rate[i], plain.Rate[i])
		}
	}
}

// On half a year of synthetic truth with 30 % stock-outs the error of the rates is at most half of
// that of taking rides for demand (over fewer weeks chance is most of either error). Stock-outs
// last for whole hours or parts of one, more of them where more people ride, and some of those who
// find nothing walk to the ring.
func TestCensoredHalvesTheNaiveError(t *testing.T) {
	for _, walk := range []float64{0, 0.3} {
		const cells, weeks = 40, 26
		chance := rand.New(rand.NewPCG(1, 2))
		truth := make([]float64, Week*cells)
		busy := make([]float64, cells)
		for cell := range busy {
			busy[cell] = 0.5 + 3*chance.Float64()
			for h := range Week {
				truth[h*cells+cell] = busy[cell] * (1.2 + math.Sin(float64(h%24)*math.Pi/12))
			}
		}
		c := Counts{Rides: grid(cells, weeks*Week, 0), Usable: grid(cells, weeks*Week, 1)}
		out := 0.0
		for cell := range cells {
			for h := range weeks * Week {
				if chance.Float64() < 0.12*busy[cell]+0.12 {
					c.Usable[cell][h] = math.Floor(4*chance.Float64()) / 4
				}
				out += 1 - c.Usable[cell][h]
			}
		}
		if share := out / (cells * weeks * Week); share < 0.2 || share > 0.4 {
			t.Fatalf("%.0f %% stock-outs; want about 30", 100*share)
		}
		for h := range weeks * Week {
			for cell := range cells {
				for _, w := range waysOf(&c, h, cell, line(cells)(cell), walk) {
					p := distuv.Poisson{Lambda: truth[h%Week*cells+cell] * w.part, Src: chance}
					if p.Lambda > 0 {
						c.Rides[w.cell][h] += p.Rand()
					}
				}
			}
		}
		wrong := func(m Model) float64 {
			got, err := Fit(c, Options{Model: m, Ring: line(cells), Walk: walk, Borrowed: 2})
			if err != nil {
				t.Fatal(err)
			}
			sum, all := 0.0, 0.0
			for cell := range cells { // by cell and hour of the day: what quotas rest on
				for hour := range 24 {
					a, b := 0.0, 0.0
					for day := range 7 {
						a += got.Rate[(24*day+hour)*cells+cell]
						b += truth[(24*day+hour)*cells+cell]
					}
					sum, all = sum+math.Abs(a-b), all+b
				}
			}
			return sum / all
		}
		naive, corrected := wrong(WeekdayHour), wrong(Censored)
		t.Logf("walk %.1f: error %.3f, taking rides for demand %.3f", walk, corrected, naive)
		if corrected > naive/2 {
			t.Errorf("walk %.1f: error %.3f is more than half of %.3f", walk, corrected, naive)
		}
	}
}

func TestFitNeedsAWeek(t *testing.T) {
	for model, hours := range map[Model]int{WeekdayHour: Week - 1, Censored: 0, Pooled: 2*Week - 1} {
		_, err := Fit(Counts{Rides: grid(1, hours, 1)}, Options{Model: model, Ring: line(1)})
		if !errors.Is(err, forecast.ErrUnfit) {
			t.Errorf("%s of %d hours: %v", model, hours, err)
		}
	}
}

// A level that doubles from week to week: the pooled model expects the next week near the last one,
// not near the mean of all.
func TestPooledFollowsTheLevel(t *testing.T) {
	c := Counts{Rides: grid(2, 4*Week, 0)}
	for cell := range c.Rides {
		for h := range c.Rides[cell] {
			c.Rides[cell][h] = float64(int(4) << (h / Week))
		}
	}
	plain, err1 := Fit(c, Options{Model: WeekdayHour})
	got, err2 := Fit(c, Options{Model: Pooled})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if plain.Rate[30*2] != 15 || got.Rate[30*2] < 20 {
		t.Errorf("mean %v, pooled %v; the last week had 32", plain.Rate[60], got.Rate[60])
	}
}
