package geo

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// beijing is a box of 120 by 110 km around the city.
func beijing() Box { return Box{Min: LatLng{39.4, 115.7}, Max: LatLng{40.5, 117.1}} }

// spread calls f for n points all over a box, in no pattern that the lattice shares: the
// fractions of multiples of the plastic number's inverse powers.
//
// Source: Roberts, The unreasonable effectiveness of quasirandom sequences (2018).
func spread(box Box, n int, f func(LatLng)) {
	const plastic = 1.32471795724474602596
	for i := range n {
		_, u := math.Modf(0.5 + float64(i)/plastic)
		_, v := math.Modf(0.5 + float64(i)/(plastic*plastic))
		f(LatLng{
			Lat: box.Min.Lat + u*(box.Max.Lat-box.Min.Lat),
			Lng: box.Min.Lng + v*(box.Max.Lng-box.Min.Lng),
		})
	}
}

// disagreements counts the points of which a locator and CellAt say different cells.
func disagreements(tb testing.TB, l *Locator, box Box, n int) int {
	differ := 0
	spread(box, n, func(p LatLng) {
		want, err := CellAt(p, l.Resolution())
		if err != nil {
			tb.Fatal(err)
		}
		if got, err := l.At(p); err != nil || got != want {
			differ++
		}
	})
	return differ
}

func TestLocatorDiffersAtNoneOfThreeMillionPoints(t *testing.T) {
	points := 3_000_000
	if testing.Short() {
		points = 100_000
	}
	l, err := NewLocator(9, beijing())
	if err != nil {
		t.Fatal(err)
	}
	if differ := disagreements(t, l, beijing(), points); differ != 0 {
		t.Errorf("%d of %d points differ", differ, points)
	}
	if got := remembered(l, beijing(), 10_000); got < 9960 { // the rims are 0.2 % of the ground
		t.Errorf("%d of 10,000 points are remembered", got)
	}
}

// remembered counts the points that a locator answers for without H3, once it has been asked.
func remembered(l *Locator, box Box, n int) int {
	sum := 0
	spread(box, n, func(p LatLng) {
		if l.place(p) != nil {
			sum++
		}
	})
	return sum
}

func TestLocatorAgreesAtEveryResolution(t *testing.T) {
	for resolution := range 16 {
		t.Run(fmt.Sprint(resolution), func(t *testing.T) {
			size := 40 * EdgeLength(resolution) / metres
			for _, center := range []LatLng{{39.9, 116.4}, {-33.9, 151.2}, {64.1, -21.9}, {1.3, 103.8}} {
				box := Box{
					Min: LatLng{max(center.Lat-size, -90), max(center.Lng-size, -180)},
					Max: LatLng{min(center.Lat+size, 90), min(center.Lng+size, 180)},
				}
				l, err := NewLocator(resolution, box)
				if err != nil {
					t.Fatal(err)
				}
				for range 2 { // asked, then remembered
					if differ := disagreements(t, l, box, 2000); differ != 0 {
						t.Errorf("around %v %d of 2000 points differ", center, differ)
					}
				}
				if got := remembered(l, box, 2000); resolution <= finest && got < 1900 {
					t.Errorf("around %v only %d of 2000 points are remembered", center, got)
				}
			}
		})
	}
}

// TestLocatorAtFaceBordersAndPentagons looks where H3's lattices end: around the corners of the
// icosahedron and in the middle between two of them.
func TestLocatorAtFaceBordersAndPentagons(t *testing.T) {
	var corners []LatLng
	for _, f := range icosahedron() {
		for _, v := range []vector{f.corner, f.center, f.corner.plus(f.center.times(0.3))} {
			v = v.unit()
			corners = append(corners, LatLng{
				Lat: math.Asin(v[2]) / radians, Lng: math.Atan2(v[1], v[0]) / radians,
			})
		}
		side := f.walls[0].times(-f.walls[0].dot(f.corner)).plus(f.corner).plus(f.center).unit()
		corners = append(corners, LatLng{
			Lat: math.Asin(side[2]) / radians, Lng: math.Atan2(side[1], side[0]) / radians,
		})
	}
	if len(corners) != 80 {
		t.Fatalf("the icosahedron has %d faces, want 20", len(corners)/4)
	}
	for _, resolution := range []int{1, 4, 5, 8, 9, 12} {
		size := 12 * EdgeLength(resolution) / metres
		for _, center := range corners {
			box := Box{
				Min: LatLng{max(center.Lat-size, -90), max(center.Lng-size, -180)},
				Max: LatLng{min(center.Lat+size, 90), min(center.Lng+size, 180)},
			}
			l, err := NewLocator(resolution, box)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if differ := disagreements(t, l, box, 300); differ != 0 {
					t.Errorf("resolution %d around %v: %d of 300 points differ",
						resolution, center, differ)
				}
			}
		}
	}
}

func TestLocatorAgreesAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		resolution := rapid.IntRange(0, 15).Draw(t, "resolution")
		center := LatLng{
			rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lng"),
		}
		size := rapid.Float64Range(0, 30).Draw(t, "edges") * EdgeLength(resolution) / metres
		l, err := NewLocator(resolution, Box{
			Min: LatLng{center.Lat - size, center.Lng - size},
			Max: LatLng{center.Lat + size, center.Lng + size},
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			p := near(t, center, 1.5*size)
			want, wantErr := CellAt(p, resolution)
			for range 2 {
				if got, err := l.At(p); got != want || (err == nil) != (wantErr == nil) {
					t.Fatalf("At(%v) = %v, %v; want %v, %v", p, got, err, want, wantErr)
				}
			}
		}
	})
}

// TestLocatorAtTheRims walks over the border between two cells in steps from a metre to a
// nanometre, where rounding decides.
func TestLocatorAtTheRims(t *testing.T) {
	l, err := NewLocator(9, beijing())
	if err != nil {
		t.Fatal(err)
	}
	home, err := CellAt(LatLng{39.9, 116.4}, 9)
	if err != nil {
		t.Fatal(err)
	}
	ring, center := home.Boundary(), home.Center()
	for k := range ring[1:] {
		for _, part := range []float64{0, 0.25, 0.5} {
			at := LatLng{
				ring[k].Lat + part*(ring[k+1].Lat-ring[k].Lat),
				ring[k].Lng + part*(ring[k+1].Lng-ring[k].Lng),
			}
			for step := 1e-5; step > 1e-15; step /= 3 {
				for _, way := range []float64{-step, 0, step} {
					p := LatLng{
						at.Lat + way*(at.Lat-center.Lat)/1e-3, at.Lng + way*(at.Lng-center.Lng)/1e-3,
					}
					want, _ := CellAt(p, 9)
					if got, err := l.At(p); err != nil || got != want {
						t.Errorf("At(%v) = %v, %v; want %v", p, got, err, want)
					}
				}
			}
		}
	}
}

func TestLocatorRefuses(t *testing.T) {
	for _, resolution := range []int{-1, 16, 99} {
		if _, err := NewLocator(resolution, beijing()); !errors.Is(err, ErrResolution) {
			t.Errorf("NewLocator(%d) = %v, want ErrResolution", resolution, err)
		}
	}
	for name, area := range map[string]Box{
		"Beijing": beijing(), "nothing": emptyBox(), "no numbers": {LatLng{math.NaN(), 0}, LatLng{1, 1}},
		"the Earth":         {LatLng{-90, -180}, LatLng{90, 180}},
		"what is not on it": {LatLng{-1e300, -1e300}, LatLng{1e300, 1e300}},
	} {
		l, err := NewLocator(9, area)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []LatLng{{math.NaN(), 116}, {39, math.Inf(1)}, {116.4, 39.9}, {39.9, 476.4}} {
			if c, err := l.At(p); !errors.Is(err, ErrRange) || c != 0 {
				t.Errorf("%s: At(%v) = %v, %v; want ErrRange", name, p, c, err)
			}
		}
		if got, err := l.At(LatLng{39.9, 116.4}); err != nil || got.Resolution() != 9 {
			t.Errorf("%s: At the city = %v, %v", name, got, err)
		}
	}
}

func TestManyAskOneLocator(t *testing.T) {
	l, err := NewLocator(9, beijing())
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if differ := disagreements(t, l, beijing(), 5000); differ != 0 {
				t.Errorf("%d of 5000 points differ", differ)
			}
		})
	}
	wait.Wait()
}

// BenchmarkLocator asks for the cells of points all over a city that has been asked for before;
// compare with BenchmarkCellAt.
func BenchmarkLocator(b *testing.B) {
	l, err := NewLocator(9, beijing())
	if err != nil {
		b.Fatal(err)
	}
	var points []LatLng
	spread(beijing(), 1<<16, func(p LatLng) { points = append(points, p) })
	exact := func(p LatLng) (Cell, error) { return CellAt(p, 9) }
	b.Run("remembered", func(b *testing.B) { askAll(b, points, l.At) })
	b.Run("exact", func(b *testing.B) { askAll(b, points, exact) })
}

// askAll measures asking about each point in turn, once each has been asked about before.
func askAll(b *testing.B, points []LatLng, ask func(LatLng) (Cell, error)) {
	for _, p := range points {
		if _, err := ask(p); err != nil {
			b.Fatal(err)
		}
	}
	i := 0
	for b.Loop() {
		if _, err := ask(points[i%len(points)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
