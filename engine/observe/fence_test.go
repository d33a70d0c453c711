package observe

import (
	"testing"

	"github.com/stint-city/stint/geo"
)

// A square of 0.002°, and vehicles 0, 10, 20 and 40 m north of its northern edge; a degree of
// latitude is 111,195 m on the sphere.
func TestFenceTally(t *testing.T) {
	const edge, degree = 40.001, 111_195.0
	fences := geo.NewZones([]geo.Zone{{ID: "f", Shape: square(-83.001, 39.999, -82.999, edge)}})
	b := Batch{Operator: "a", Kind: Events}
	for _, metres := range []float64{-50, 10, 20, 40} {
		b.Sightings = append(b.Sightings, Sighting{
			State: Available, Placed: true,
			Point: geo.LatLng{Lat: edge + metres/degree, Lng: -83},
		})
	}
	at := b.Sightings[0].Point
	b.Sightings = append(b.Sightings, // none of these is parked where it says
		Sighting{State: OnTrip, Placed: true, Point: at},
		Sighting{State: Removed, Placed: true, Point: at},
		Sighting{State: Available},
		Sighting{State: Available, Placed: true},
	)
	tally := NewFenceTally(fences, []float64{0, 15, 30}, settings().Area)
	tally.Take(&b)
	list := tally.Shares()
	if len(list) != 3 {
		t.Fatalf("%d shares", len(list))
	}
	for i, want := range []int{1, 2, 3} {
		if x := list[i]; x.Within != want || x.Of != 4 || *x.Share != float64(want)/4 {
			t.Errorf("within %v m: %+v, want %d of 4", x.Tolerance, x, want)
		}
	}
	cell, here := spot(t, -83)
	s := New(settings())
	s.Apply(fill(3, here, 1000), 1000)
	beside := s.Beside(everything(), map[geo.Cell]bool{cell: true}, fences, 200, 1000)
	if beside[cell][0] != 3 {
		t.Errorf("beside the fence: %v", beside)
	}
}
