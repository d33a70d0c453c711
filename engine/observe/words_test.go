package observe

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

// TestWordsTellAllAgain holds that a street built of another's words counts and finds the same, now
// and after whatever comes next.
func TestWordsTellAllAgain(t *testing.T) {
	ground := &Ground{Method: everything(), Idle: 5000}
	rapid.Check(t, func(t *rapid.T) {
		a, b := New(settings()), New(settings())
		for _, batch := range told(t) {
			a.Apply(&batch, 100_000)
		}
		b.Expect("a", "")
		b.Apply(&Batch{Operator: "a", Kind: Events, Sightings: a.Words("a", "")}, 100_000)
		same := func() {
			t.Helper()
			want, got := a.Occupancy(everything(), 100_000), b.Occupancy(everything(), 100_000)
			if fmt.Sprint(want) != fmt.Sprint(got) {
				t.Fatalf("first %v\nsecond %v", want, got)
			}
			first, _ := a.Findings(ground, 100_000)
			second, _ := b.Findings(ground, 100_000)
			if len(first) != len(second) {
				t.Fatalf("first finds %v\nsecond %v", first, second)
			}
		}
		same()
		for i := range rapid.IntRange(0, 5).Draw(t, "more") {
			x := sighting(t)
			x.At, x.Event = x.At+30_000, ID(1000+i)
			next := Batch{Operator: "a", Kind: Events, Sightings: []Sighting{x}}
			a.Apply(&next, 100_000)
			b.Apply(&next, 100_000)
		}
		same()
	})
}

// TestTelemetryMovesAndTellsNoState: a position neither makes a vehicle available nor unknown.
func TestTelemetryMovesAndTellsNoState(t *testing.T) {
	here, there := geo.LatLng{Lat: 40, Lng: -83}, geo.LatLng{Lat: 40.05, Lng: -83}
	s := New(settings())
	s.Apply(&Batch{Operator: "a", Kind: Events, Sightings: []Sighting{
		{Vehicle: 1, State: Reserved, At: 1000, Placed: true, Point: here},
		{Vehicle: 1, Quiet: true, At: 3000, Placed: true, Point: there},
		{Vehicle: 1, State: Available, At: 2000}, // late, without a place
	}}, 5000)
	cell, err := geo.CellAt(there, 9)
	if err != nil {
		t.Fatal(err)
	}
	got := s.Occupancy(everything(), 5000)
	want := []Count{{Operator: "a", Cell: cell, State: Available, N: 1}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("occupancy %v, want %v", got, want)
	}
}

func TestRides(t *testing.T) {
	const h = 3_600_000
	ride := func(id ID, start, end int64) Trip {
		return Trip{ID: id, Sector: "bike", Start: start, End: end, Rider: true}
	}
	var r Rides
	move := ride(4, 10*h, 10*h+600_000)
	move.Rider = false
	trips := []Trip{
		ride(1, 10*h, 10*h+60_000), // a minute: counts
		ride(2, 10*h, 10*h+59_999), // less: a lock that was tried
		ride(3, 9*h, 11*h),         // counts where it ended
		move,
		ride(0, 10*h, 10*h+600_000), // no ID
	}
	if got := r.Add("a", trips); got != 4 {
		t.Errorf("%d new, want 4", got)
	}
	if got := r.Add("a", trips); got != 0 {
		t.Errorf("again: %d new, want 0", got)
	}
	want := "[{a bike 36000000 1} {a bike 39600000 1}]"
	if got := fmt.Sprint(r.Hours(0)); got != want {
		t.Errorf("hours %s, want %s", got, want)
	}
	r.Forget(11 * h)
	if got, want := fmt.Sprint(r.Hours(0)), "[{a bike 39600000 1}]"; got != want {
		t.Errorf("after forgetting %s, want %s", got, want)
	}
}
