package example

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// made is a city in memory, as Write makes it.
type made struct {
	Options
	city   cityMap
	blocks []block
	fences []fence
	past   *history
}

func makeCity(t testing.TB, o Options) made {
	t.Helper()
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	m := made{Options: o, city: drawMap(o)}
	m.blocks = m.city.blocks()
	m.fences = m.city.fences(o.Seed, m.blocks)
	m.past = m.city.record(o, m.blocks, m.fences)
	return m
}

func TestHoursOfTheWeekAddUp(t *testing.T) {
	day, end := 0, 0
	for hour := range 24 {
		day += weekday()[hour]
		end += weekend()[hour]
	}
	if day != 1000 || end != 780 {
		t.Errorf("requests of a working day and of a weekend's = %d, %d; want 1000, 780", day, end)
	}
	if want := (5*day + 2*end) / weekDays; perMeanDay != want {
		t.Errorf("perMeanDay = %d, want %d", perMeanDay, want)
	}
}

// TestRidersComeTwiceADay counts the rides by hour: a working day has its peaks from 8 to 9 and
// from 18 to 19, and a weekend's day has lower ones from 11 to 12 and from 17 to 18.
func TestRidersComeTwiceADay(t *testing.T) {
	past := makeCity(t, Options{}).past
	var working, free [24]int
	for _, r := range past.rides {
		hour := r.start / hourSeconds
		if hour/24%weekDays >= 5 {
			free[hour%24]++
		} else {
			working[hour%24]++
		}
	}
	peaks := func(hours [24]int) [2]int {
		morning, evening := 0, 13
		for hour, n := range hours {
			switch {
			case hour < 13 && n > hours[morning]:
				morning = hour
			case hour >= 13 && n > hours[evening]:
				evening = hour
			}
		}
		return [2]int{morning, evening}
	}
	if got, want := peaks(working), [2]int{8, 18}; got != want {
		t.Errorf("peaks of a working day = %v, want %v", got, want)
	}
	if got, want := peaks(free), [2]int{11, 17}; got != want {
		t.Errorf("peaks of a weekend = %v, want %v", got, want)
	}
	if 3*free[11] > 2*working[8] { // per day: free/2 against working/5
		t.Errorf("weekend peak %d in 2 days, working peak %d in 5", free[11], working[8])
	}
}

// TestOperatorsRideByTheirFleets: a rider takes any vehicle that stands there, so that an
// operator's part of the rides is about its part of the fleet. The entrant has neither.
func TestOperatorsRideByTheirFleets(t *testing.T) {
	m := makeCity(t, Options{Operators: 4})
	rides, fleet := make([]float64, 4), make([]float64, 4)
	for _, r := range m.past.rides {
		rides[m.past.vehicles[r.vehicle].operator] += 1 / float64(len(m.past.rides))
	}
	for _, v := range m.past.vehicles {
		fleet[v.operator] += 1 / float64(len(m.past.vehicles))
	}
	for k := range rides {
		if diff := rides[k] - fleet[k]; diff < -0.02 || diff > 0.02 {
			t.Errorf("%s: %.3f of the rides, %.3f of the fleet", operatorAt(k).id, rides[k], fleet[k])
		}
	}
	if rides[3] != 0 || fleet[3] != 0 {
		t.Errorf("the entrant has rides %v and a fleet %v", rides[3], fleet[3])
	}
}

func TestSomeRidersFindNothing(t *testing.T) {
	past := makeCity(t, Options{}).past
	lost := float64(past.lost) / float64(past.lost+len(past.rides))
	if lost < 0.05 || lost > 0.35 {
		t.Errorf("%.3f of the riders found no vehicle, want between 5 and 35 %%", lost)
	}
}

// TestVehiclesAreInOnePlace: rides of a vehicle and times it stood free follow each other without
// overlap, each where the one before ended.
func TestVehiclesAreInOnePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{
			Seed:      rapid.Uint64().Draw(t, "seed"),
			Cells:     rapid.IntRange(100, 300).Draw(t, "cells"),
			Operators: rapid.IntRange(1, 5).Draw(t, "operators"),
			Weeks:     rapid.IntRange(1, 2).Draw(t, "weeks"),
			MaxRides:  rapid.IntRange(1000, 3000).Draw(t, "rides"),
		}
		m := makeCityRapid(t, o)
		if len(m.past.rides) > o.MaxRides {
			t.Fatalf("%d rides, want %d at most", len(m.past.rides), o.MaxRides)
		}
		if err := follow(m.past); err != nil {
			t.Fatal(err)
		}
	})
}

func makeCityRapid(t *rapid.T, o Options) made {
	m := made{Options: o, city: drawMap(o)}
	m.blocks = m.city.blocks()
	m.fences = m.city.fences(o.Seed, m.blocks)
	m.past = m.city.record(o, m.blocks, m.fences)
	if len(m.blocks) == 0 || len(m.fences) == 0 {
		t.Fatalf("no city: %d blocks, %d fences", len(m.blocks), len(m.fences))
	}
	return m
}

// follow walks through the days of every vehicle.
func follow(past *history) error {
	type stay struct {
		start, end int
		from, to   point
		ride       bool
	}
	days := make([][]stay, len(past.vehicles))
	for _, r := range past.rides {
		days[r.vehicle] = append(days[r.vehicle], stay{r.start, r.end, r.from, r.to, true})
	}
	for _, p := range past.parkings {
		days[p.vehicle] = append(days[p.vehicle], stay{p.start, p.end, p.at, p.at, false})
	}
	for v, stays := range days {
		slices.SortStableFunc(stays, func(a, b stay) int { return a.start - b.start })
		for i, s := range stays {
			if s.end <= s.start {
				return fmt.Errorf("vehicle %d: ends at %d, started at %d", v, s.end, s.start)
			}
			if i == 0 {
				continue
			}
			before := stays[i-1]
			if before.end > s.start {
				return fmt.Errorf("vehicle %d: at %d not over, at %d begun", v, before.end, s.start)
			}
			if s.ride && before.to != s.from {
				return fmt.Errorf("vehicle %d: left at %v, taken at %v", v, before.to, s.from)
			}
		}
	}
	return nil
}

// TestMostVehiclesStand: at noon a few are on a ride, the others stand free.
func TestMostVehiclesStand(t *testing.T) {
	m := makeCity(t, Options{Weeks: 1})
	const noonOfFriday = 4*daySeconds + 12*hourSeconds
	free := 0
	for _, p := range m.past.parkings {
		if p.start <= noonOfFriday && noonOfFriday < p.end {
			free++
		}
	}
	if free < len(m.past.vehicles)*8/10 || free > len(m.past.vehicles) {
		t.Errorf("%d of %d vehicles stand free at noon", free, len(m.past.vehicles))
	}
}
