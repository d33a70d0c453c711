package geo

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNewGrid(t *testing.T) {
	c := cellAt(t, LatLng{24.48, 118.09}, 8)
	disk := append(c.Ring(1), c, c)
	slices.Reverse(disk)
	g, err := NewGrid(disk)
	if err != nil {
		t.Fatal(err)
	}
	if g.Len() != 7 || g.Resolution() != 8 || !slices.IsSorted(g.Cells()) {
		t.Errorf("NewGrid = %v of resolution %d", g.Cells(), g.Resolution())
	}
	middle, ok := g.At(LatLng{24.48, 118.09})
	if !ok || g.Cell(middle) != c || len(g.Neighbors(middle)) != 6 {
		t.Errorf("the middle is %d, %v with neighbours %v", middle, ok, g.Neighbors(middle))
	}
	for _, outside := range []LatLng{{0, 0}, {math.NaN(), 0}, {118, 24}} {
		if i, ok := g.At(outside); ok {
			t.Errorf("At(%v) = %d", outside, i)
		}
	}
	if _, ok := g.Index(0); ok {
		t.Error("no cell is in the grid")
	}
}

func TestNewGridRefuses(t *testing.T) {
	a, b := cellAt(t, LatLng{24, 118}, 8), cellAt(t, LatLng{24, 118}, 9)
	for name, tt := range map[string]struct {
		cells []Cell
		want  error
	}{
		"no cells":          {nil, ErrResolution},
		"two resolutions":   {[]Cell{a, b}, ErrResolution},
		"a number, no cell": {[]Cell{a, 0}, ErrCell},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := NewGrid(tt.cells); !errors.Is(err, tt.want) {
				t.Errorf("NewGrid = %v, want %v", err, tt.want)
			}
		})
	}
}

// island draws a city's area: one or two polygons, with a hole now and then.
func island(t *rapid.T) MultiPolygon {
	p := LatLng{
		rapid.Float64Range(-60, 60).Draw(t, "lat"), rapid.Float64Range(-179, 179).Draw(t, "lng"),
	}
	m := MultiPolygon{annulus(t, p, 0.04, 12)}
	if rapid.Bool().Draw(t, "two parts") {
		m = append(m, annulus(t, near(t, LatLng{p.Lat + 0.2, p.Lng}, 0.01), 0.02, 12))
	}
	return m
}

func TestCoverHoldsEveryPointAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := island(t)
		g, err := Cover(m, rapid.IntRange(6, 8).Draw(t, "resolution"))
		if err != nil {
			t.Fatal(err)
		}
		box := m.Bounds()
		for range 30 {
			q := LatLng{
				rapid.Float64Range(box.Min.Lat, box.Max.Lat).Draw(t, "lat"),
				rapid.Float64Range(box.Min.Lng, box.Max.Lng).Draw(t, "lng"),
			}
			if _, ok := g.At(q); m.Contains(q) && !ok && offEdges(q, m) && offSides(q, g.Resolution()) {
				t.Fatalf("%v is in the area, its cell not in the grid", q)
			}
		}
		field, err := Overlap(g, m)
		if err != nil {
			t.Fatal(err)
		}
		for i, area := range field {
			if !(area > 0) || area > g.Cell(i).Area() {
				t.Fatalf("cell %v of %v m² has %v m² of the area", g.Cell(i), g.Cell(i).Area(), area)
			}
		}
	})
}

// offSides reports whether q is farther from the sides of its cell than H3's arcs from our lines.
func offSides(q LatLng, resolution int) bool {
	c, err := CellAt(q, resolution)
	if err != nil {
		return false
	}
	eye := newEye(q)
	Polygon{c.unrolled()}.edges(eye.see)
	return eye.metres() > 10
}

func TestNeighborsAreMutualAndAscending(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, err := Cover(island(t), 7)
		if err != nil {
			t.Fatal(err)
		}
		for i := range g.Len() {
			next := g.Neighbors(i)
			if !slices.IsSorted(next) || len(next) > 6 || slices.Contains(next, i) {
				t.Fatalf("Neighbors(%d) = %v", i, next)
			}
			for _, j := range next {
				if steps, _ := GridDistance(g.Cell(i), g.Cell(j)); steps != 1 {
					t.Fatalf("cells %d and %d are %d steps apart", i, j, steps)
				}
				if !slices.Contains(g.Neighbors(j), i) {
					t.Fatalf("%d has %d as neighbour, not the other way round", i, j)
				}
			}
		}
	})
}

func TestCoverRefuses(t *testing.T) {
	city := rect(24, 118, 24.1, 118.1)
	tests := map[string]struct {
		area       MultiPolygon
		resolution int
		want       error
	}{
		"no area": {nil, 8, ErrTooFew},
		"an area without ground": {
			MultiPolygon{{ring(0, 0, 1, 1, 2, 2, 0, 0)}}, 8, ErrSelfCrossing,
		},
		"an unclosed ring":             {MultiPolygon{{city[0][0][:4]}}, 8, ErrUnclosed},
		"a resolution H3 doesn't have": {city, 16, ErrResolution},
		"a continent in square metres": {rect(0, 0, 60, 60), 15, ErrTooLarge},
		"the pole":                     {rect(89.9, 0, 90, 170), 5, ErrRange},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if g, err := Cover(tt.area, tt.resolution); !errors.Is(err, tt.want) {
				t.Errorf("Cover = %v, %v; want %v", g, err, tt.want)
			}
		})
	}
}

func TestCoverAtTheAntimeridian(t *testing.T) {
	fiji := append(rect(-17, 179.9, -16.9, 180), rect(-17, -180, -16.9, -179.9)...)
	g, err := Cover(fiji, 7)
	if err != nil {
		t.Fatal(err)
	}
	field, err := Overlap(g, fiji)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, a := range field {
		sum += a
	}
	if !alike(sum, fiji.Area(), 1e-6) {
		t.Errorf("the cells have %v m², the islands %v", sum, fiji.Area())
	}
}

func TestATinyAreaHasItsCell(t *testing.T) {
	p := LatLng{24.48, 118.09}
	g, err := Cover(rect(p.Lat, p.Lng, p.Lat+1e-6, p.Lng+1e-6), 8)
	if err != nil {
		t.Fatal(err)
	}
	if want := cellAt(t, p, 8); g.Len() != 1 || g.Cell(0) != want {
		t.Errorf("Cover = %v, want %v", g.Cells(), want)
	}
}
