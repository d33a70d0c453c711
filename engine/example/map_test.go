package example

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

// asWritten returns a place as a reader of the files gets it.
func asWritten(p point) geo.LatLng {
	return geo.LatLng{
		Lat: float64(centreLat+quotient(p.y*latPerCm, 1_000_000)) / 1e6,
		Lng: float64(centreLng+quotient(p.x*lngPerCm, 1_000_000)) / 1e6,
	}
}

func ringAsWritten(ring []point) geo.Ring {
	written := make(geo.Ring, len(ring))
	for i, p := range ring {
		written[i] = asWritten(p)
	}
	return written
}

func shapeAsWritten(shape [][][]point) geo.MultiPolygon {
	var written geo.MultiPolygon
	for _, polygon := range shape {
		var rings geo.Polygon
		for _, ring := range polygon {
			rings = append(rings, ringAsWritten(ring))
		}
		written = append(written, rings)
	}
	return written
}

// land returns all districts as one shape.
func land(m *cityMap) geo.MultiPolygon {
	var all geo.MultiPolygon
	for _, d := range m.districts {
		all = append(all, shapeAsWritten(d.shape)...)
	}
	return all
}

func TestDistrictsAreSoundAndShareTheirBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMap(Options{
			Seed:  rapid.Uint64().Draw(t, "seed"),
			Cells: rapid.SampledFrom([]int{100, 300, 20_000}).Draw(t, "cells"),
		})
		sum := 0.0
		for _, d := range m.districts {
			shape := shapeAsWritten(d.shape)
			if err := shape.Check(); err != nil {
				t.Fatalf("%s: %v", d.id, err)
			}
			sum += shape.Area()
		}
		// Neighbours that overlap would lose area in the union, and gaps would leave slivers as holes:
		// the city has two parts and one hole, the lagoon.
		union, err := geo.Union([]geo.MultiPolygon{land(&m)})
		if err != nil {
			t.Fatal(err)
		}
		if area := union.Area(); math.Abs(area-sum) > 1e-6*sum {
			t.Fatalf("the districts have %.0f m², their union %.0f", sum, area)
		}
		rings := 0
		for _, polygon := range union {
			rings += len(polygon)
		}
		if len(union) != 2 || rings != 3 {
			t.Fatalf("the city has %d parts and %d rings, want 2 and 3", len(union), rings)
		}
	})
}

func TestBordersAreTheSameFromBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPen(rapid.Uint64().Draw(t, "seed"))
		last := len(p.corners) - 1
		from := rapid.IntRange(0, last).Draw(t, "from")
		to := rapid.IntRange(0, last).Filter(func(c int) bool { return c != from }).Draw(t, "to")
		there, back := p.border(from, to), p.border(to, from)
		slices.Reverse(back)
		if !slices.Equal(there, back) {
			t.Fatalf("border %d-%d is %v there and %v back", from, to, there, back)
		}
	})
}

// TestAboutSoManyCells counts the cells as the planner does.
func TestAboutSoManyCells(t *testing.T) {
	for _, cells := range []int{100, 300, 1000, 5000} {
		for seed := range uint64(3) {
			m := drawMap(Options{Seed: seed, Cells: cells})
			grid, err := geo.Cover(land(&m), 9)
			if err != nil {
				t.Fatal(err)
			}
			if n := grid.Len(); 10*n < 9*cells || 10*n > 11*cells {
				t.Errorf("seed %d: %d cells, want %d within a tenth", seed, n, cells)
			}
		}
	}
}

func TestDistrictsHoldWhatGeoSaysTheyHold(t *testing.T) {
	m := drawMap(Options{Cells: 300})
	shapes := make([]geo.MultiPolygon, len(m.districts))
	for i, d := range m.districts {
		shapes[i] = shapeAsWritten(d.shape)
	}
	rapid.Check(t, func(t *rapid.T) {
		edge := m.size * 13 / 10
		p := point{
			rapid.Int64Range(-edge, edge).Draw(t, "x"), rapid.Int64Range(-edge, edge).Draw(t, "y"),
		}
		at := m.districtAt(p)
		for i, shape := range shapes {
			// Six decimals are 11 cm: so near to a border a place may change sides.
			if shape.Contains(asWritten(p)) != (i == at) && nearBorder(shape, asWritten(p)) > 0.3 {
				t.Fatalf("%v: district %d by the map, but geo says %v of %d",
					p, at, shape.Contains(asWritten(p)), i)
			}
		}
	})
}

// nearBorder returns the distance from p to the nearest ring of the shape, m.
func nearBorder(shape geo.MultiPolygon, p geo.LatLng) float64 {
	nearest := math.Inf(1)
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				edge := geo.MultiPolygon{{{ring[i-1], ring[i], ring[i-1]}}}
				nearest = min(nearest, edge.Distance(p))
			}
		}
	}
	return nearest
}

func TestZonesAreSound(t *testing.T) {
	m := drawMap(Options{Cells: 300})
	for _, z := range slices.Concat(banZones(), limitZones(), areaZones()) {
		ring := make([]point, len(z.ring))
		for i, p := range z.ring {
			ring[i] = m.at(p)
		}
		if err := (geo.MultiPolygon{{ringAsWritten(ring)}}).Check(); err != nil {
			t.Errorf("%s: %v", z.id, err)
		}
	}
	for _, p := range areaZones()[0].ring {
		if at := m.districtAt(m.at(p)); at != palmridge {
			t.Errorf("corner %v of the underserved area is in district %d, want all in %d", p, at,
				palmridge)
		}
	}
}

// TestSwappedAxesAreNoPlace: whoever reads longitude as latitude gets an error, not another city.
func TestSwappedAxesAreNoPlace(t *testing.T) {
	m := drawMap(Options{Cells: 100_000})
	for _, d := range m.districts {
		for _, p := range shapeAsWritten(d.shape)[0][0] {
			if _, err := geo.NewLatLng(p.Lng, p.Lat); err == nil {
				t.Fatalf("%v is a place with its axes swapped", p)
			}
		}
	}
}
