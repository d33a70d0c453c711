package simulations

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota"
)

// By hand: two vehicles ridden three times a day are 6 rides a day, a quarter an hour where all
// hours weigh the same, and all of them at eight where only eight weighs. Unknown is no ride.
func TestStandingVehiclesAreRidden(t *testing.T) {
	sector := &engine.Sector{Presence: []float64{2, math.NaN(), 0}}
	s := &Scenario{Demand: DemandSetting{Model: fromStanding, Turns: 3}}
	rates, err := s.standing(sector)
	if err != nil {
		t.Fatal(err)
	}
	for h := range week {
		if rates[3*h] != 0.25 || rates[3*h+1] != 0 || rates[3*h+2] != 0 {
			t.Fatalf("hour %d: %v, want 0.25, 0, 0", h, rates[3*h:3*h+3])
		}
	}
	s.Demand.Hours = make([]float64, 24)
	s.Demand.Hours[8] = 5
	if rates, err = s.standing(sector); err != nil || rates[3*8] != 6 || rates[3*(24+8)] != 6 ||
		rates[3*9] != 0 {
		t.Errorf("%v at eight, %v at nine, %v", rates[3*8], rates[3*9], err)
	}
}

func TestStandingRefuses(t *testing.T) {
	const standing = "demand: {model: standing, rides_per_vehicle_day: 2}\n"
	for name, tt := range map[string]struct{ demand, want string }{
		"no turns": {"demand: {model: standing}\n", "rides_per_vehicle_day"},
		"too few":  {strings.Replace(standing, "}", ", hours: [1, 2]}", 1), "it has 2"},
		"nobody rides": {
			strings.Replace(standing, "}", ", hours: ["+strings.Repeat("0, ", 23)+"0]}", 1),
			"it has 0",
		},
		"without effect": {
			"demand: {rides_per_vehicle_day: 2}\n", "of the model standing",
		},
	} {
		if _, err := Parse("scenario.yaml", []byte(small+tt.demand)); !errors.Is(err, strict.ErrInput) ||
			!strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	s, err := Parse("scenario.yaml", []byte(small+standing))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "town")
	if err := example.Write(dir, example.Options{Seed: 1, Cells: 100, Weeks: 1}); err != nil {
		t.Fatal(err)
	}
	_, err = Load(t.Context(), s, filepath.Join(dir, "scenario.yaml"), "")
	if !errors.Is(err, strict.ErrInput) || !strings.Contains(err.Error(), "know rides") {
		t.Errorf("a city that knows rides: %v", err)
	}
	city := &engine.Snapshot{Sectors: []engine.Sector{
		{Service: quota.Service{Model: quota.ModelPresence}, Presence: []float64{1}},
	}}
	_, err = (&Scenario{}).demandSource(city, 0, nil, nil)
	if !errors.Is(err, strict.ErrInput) || !strings.Contains(err.Error(), "know no rides") {
		t.Errorf("a city that knows no rides: %v", err)
	}
}
