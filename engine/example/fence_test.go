package example

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

func fenceAsWritten(f fence) geo.MultiPolygon {
	return geo.MultiPolygon{{ringAsWritten(append(f.corners[:], f.corners[0]))}}
}

func TestFencesAreSoundAndInTheCity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Seed: rapid.Uint64().Draw(t, "seed"), Cells: 100}
		m := drawMap(o)
		seen := map[string]bool{}
		for _, f := range m.fences(o.Seed, m.blocks()) {
			if seen[f.id] {
				t.Fatalf("%s is there twice", f.id)
			}
			seen[f.id] = true
			if err := fenceAsWritten(f).Check(); err != nil {
				t.Fatalf("%s: %v", f.id, err)
			}
			for _, corner := range f.corners {
				if m.districtAt(corner) < 0 {
					t.Fatalf("%s: corner %v is outside the city", f.id, corner)
				}
			}
		}
	})
}

// TestFencesAreTwoMetresDeepAndAFewLong measures them as written: 11 cm a decimal, so a tenth off.
func TestFencesAreTwoMetresDeepAndAFewLong(t *testing.T) {
	m := makeCity(t, Options{Weeks: 1, MaxRides: 1000})
	for _, f := range m.fences {
		if area := fenceAsWritten(f).Area(); area < 2*3*0.9 || area > 2*10*1.1 {
			t.Errorf("%s has %.1f m², want 6 to 20", f.id, area)
		}
	}
}

// TestAFewFencesOverlap: the union is smaller than the sum, as in a file of several surveyors, but
// by a few per cent only.
func TestAFewFencesOverlap(t *testing.T) {
	m := makeCity(t, Options{Weeks: 1, MaxRides: 1000})
	shapes, sum := make([]geo.MultiPolygon, len(m.fences)), 0.0
	for i, f := range m.fences {
		shapes[i] = fenceAsWritten(f)
		sum += shapes[i].Area()
	}
	union, err := geo.Union(shapes)
	if err != nil {
		t.Fatal(err)
	}
	if part := union.Area() / sum; part < 0.96 || part > 0.998 {
		t.Errorf("the union is %.4f of the sum, want a few per cent less", part)
	}
}

// TestFencesAreDenseDowntown counts the fences by cell: six to eight a cell in the busiest ones,
// few at the edge, two a block in the area that operators leave empty.
func TestFencesAreDenseDowntown(t *testing.T) {
	m := makeCity(t, Options{Weeks: 1, MaxRides: 1000})
	grid, err := geo.Cover(land(&m.city), 9)
	if err != nil {
		t.Fatal(err)
	}
	perCell := make([]int, grid.Len())
	for _, f := range m.fences {
		if i, ok := grid.At(asWritten(f.centre)); ok {
			perCell[i]++
		}
	}
	downtown, edge := mean(grid, perCell, &m.city, 0, 200), mean(grid, perCell, &m.city, 700, 1400)
	if downtown < 5.5 || downtown > 8.5 {
		t.Errorf("%.1f fences a cell downtown, want 6 to 8", downtown)
	}
	if edge > downtown/3 {
		t.Errorf("%.1f fences a cell at the edge against %.1f downtown", edge, downtown)
	}
	area := areaZones()[0]
	for _, b := range m.blocks {
		if area.contains(&m.city, b.centre) && len(b.fences) < 2 {
			t.Errorf("block %v of the underserved area has %d fences", b.centre, len(b.fences))
		}
	}
}

// mean returns the mean number in the cells whose distance from the centre is in a range, in
// thousandths of a unit.
func mean(grid *geo.Grid, numbers []int, m *cityMap, from, to float64) float64 {
	centre := geo.LatLng{Lat: centreLat / 1e6, Lng: centreLng / 1e6}
	sum, cells := 0, 0
	for i, n := range numbers {
		away := geo.Distance(centre, grid.Cell(i).Center()) * 100 / float64(m.size) * 1000
		if away >= from && away < to {
			sum += n
			cells++
		}
	}
	return float64(sum) / float64(cells)
}
