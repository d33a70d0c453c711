package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// sum adds up a field.
func sum(f Field) float64 {
	total := 0.0
	for _, x := range f {
		total += x
	}
	return total
}

func TestCoverage(t *testing.T) {
	c := cellAt(t, LatLng{24.48, 118.09}, 8)
	at := c.Center()
	fence := rect(at.Lat, at.Lng, at.Lat+0.0001, at.Lng+0.0001)
	g, err := NewGrid(append(c.Ring(1), c))
	if err != nil {
		t.Fatal(err)
	}
	middle, _ := g.Index(c)
	whole := rect(at.Lat-1, at.Lng-1, at.Lat+1, at.Lng+1)
	courtyard := MultiPolygon{{whole[0][0], fence[0][0]}}
	tests := map[string]struct {
		shapes []MultiPolygon
		want   float64 // m² in the middle cell
	}{
		"nothing":                            {nil, 0},
		"a fence":                            {[]MultiPolygon{fence}, fence.Area()},
		"the same fence twice counts once":   {[]MultiPolygon{fence, fence}, fence.Area()},
		"a fence elsewhere":                  {[]MultiPolygon{rect(20, 110, 20.1, 110.1)}, 0},
		"a province covers the cell":         {[]MultiPolygon{whole}, c.Area()},
		"and covers it once":                 {[]MultiPolygon{whole, fence, whole}, c.Area()},
		"a province with a hole in the cell": {[]MultiPolygon{courtyard}, c.Area() - fence.Area()},
		"the hole filled again":              {[]MultiPolygon{courtyard, fence}, c.Area()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Coverage(g, tt.shapes)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got[middle]-tt.want) > 1e-9*tt.want+1e-5*c.Area()*1e-3+1e-6*tt.want {
				t.Errorf("Coverage = %v m², want %v", got[middle], tt.want)
			}
		})
	}
}

func TestCoverageSumsToTheUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := island(t)
		g, err := Cover(m, rapid.IntRange(6, 8).Draw(t, "resolution"))
		if err != nil {
			t.Fatal(err)
		}
		var shapes []MultiPolygon
		for range rapid.IntRange(1, 6).Draw(t, "shapes") {
			at := rapid.SampledFrom(m[0][0]).Draw(t, "corner")
			s, err := Intersect(m, MultiPolygon{{star(t, at, 0.01, 8)}})
			if err != nil {
				t.Fatal(err)
			}
			shapes = append(shapes, s)
		}
		field, err := Coverage(g, shapes)
		if err != nil {
			t.Fatal(err)
		}
		union, err := Union(shapes)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := sum(field), union.Area(); math.Abs(got-want) > 1e-5*want+1 {
			t.Fatalf("the cells have %v m², the union %v", got, want)
		}
	})
}

// In every cell, clipping agrees with the overlay of the two shapes.
func TestOverlapAgreesWithIntersect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := island(t)
		g, err := Cover(m, 6)
		if err != nil {
			t.Fatal(err)
		}
		field, err := Overlap(g, m)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range g.Cells() {
			both, err := Intersect(m, MultiPolygon{{c.unrolled()}})
			if err != nil {
				t.Fatal(err)
			}
			if want := both.Area(); math.Abs(field[i]-want) > 1e-5*c.Area() {
				t.Fatalf("cell %v has %v m² by clipping, %v by overlay", c, field[i], want)
			}
		}
	})
}

func TestCoverageOfAPolarCellIsRefused(t *testing.T) {
	g, err := NewGrid([]Cell{cellAt(t, LatLng{90, 0}, 8)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Coverage(g, nil); !errors.Is(err, ErrRange) {
		t.Errorf("Coverage = %v, want ErrRange", err)
	}
}

func TestOutline(t *testing.T) {
	c := cellAt(t, LatLng{24.48, 118.09}, 9)
	apart := cellAt(t, LatLng{24.6, 118.3}, 9)
	tests := map[string]struct {
		cells []Cell
		parts int
		rings int // of the first part
		sides int // of its outer ring
	}{
		"of none":                  {nil, 0, 0, 0},
		"of what is no cell":       {[]Cell{0}, 0, 0, 0},
		"of one":                   {[]Cell{c}, 1, 1, 6},
		"of the same twice":        {[]Cell{c, c}, 1, 1, 6},
		"of two neighbours":        {[]Cell{c, c.Ring(1)[0]}, 1, 1, 10},
		"of a flower":              {append(c.Ring(1), c), 1, 1, 18},
		"of a flower, centre gone": {c.Ring(1), 1, 2, 18},
		"of two apart":             {[]Cell{c, apart}, 2, 1, 6},
		"of an island in a ring":   {append(c.Ring(2), c), 2, 2, 30},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Outline(tt.cells)
			if len(got) != tt.parts {
				t.Fatalf("Outline has %d parts, want %d", len(got), tt.parts)
			}
			if tt.parts > 0 && (len(got[0]) != tt.rings || len(got[0][0])-1 != tt.sides) {
				t.Errorf("Outline has %d rings and %d sides, want %d and %d",
					len(got[0]), len(got[0][0])-1, tt.rings, tt.sides)
			}
		})
	}
}

func TestOutlineHasTheCellsGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cellAt(t, LatLng{
			rapid.Float64Range(-70, 70).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lng"),
		}, rapid.IntRange(6, 13).Draw(t, "resolution"))
		var cells []Cell
		want := 0.0
		for k := range 4 {
			for _, n := range c.Ring(k) {
				if rapid.Bool().Draw(t, "in") {
					cells = append(cells, n)
					want += n.Area()
				}
			}
		}
		got := Outline(cells)
		if err := got.Check(); err != nil {
			t.Fatal(err)
		}
		if !alike(got.Area(), want, 1e-5) {
			t.Fatalf("Outline has %v m², the cells %v", got.Area(), want)
		}
	})
}
