package geo

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestUnion(t *testing.T) {
	square := rect(0, 0, 2, 2)
	tests := map[string]struct {
		shapes []MultiPolygon
		parts  int
		want   float64
	}{
		"of nothing is nothing":    {nil, 0, 0},
		"of one is itself":         {[]MultiPolygon{square}, 1, square.Area()},
		"of the same twice is one": {[]MultiPolygon{square, square}, 1, square.Area()},
		"of neighbours is one": {
			[]MultiPolygon{square, rect(0, 2, 2, 4)}, 1, rect(0, 0, 2, 4).Area(),
		},
		"of distant ones is two": {
			[]MultiPolygon{square, rect(5, 5, 6, 6)}, 2, square.Area() + rect(5, 5, 6, 6).Area(),
		},
		"counts the overlap once": {
			[]MultiPolygon{square, rect(0, 1, 2, 3)}, 1, rect(0, 0, 2, 3).Area(),
		},
		"of parts of one shape too": {
			[]MultiPolygon{append(square, rect(0, 1, 2, 3)...)}, 1, rect(0, 0, 2, 3).Area(),
		},
		"a part in another is gone": {[]MultiPolygon{square, rect(0.5, 0.5, 1, 1)}, 1, square.Area()},
		"of what touches at a corner": {
			[]MultiPolygon{square, rect(2, 2, 3, 3)}, 2, square.Area() + rect(2, 2, 3, 3).Area(),
		},
		"of a ring's sides has a hole": {
			[]MultiPolygon{rect(0, 0, 1, 3), rect(2, 0, 3, 3), rect(0, 0, 3, 1), rect(0, 2, 3, 3)},
			1,
			rect(0, 0, 3, 3).Area() - rect(1, 1, 2, 2).Area(),
		},
		"of a shape that is only spike": {
			[]MultiPolygon{square, {{ring(1, 1, 1, 5, 1, 1)}}}, 1, square.Area(),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Union(tt.shapes)
			if err != nil {
				t.Fatal(err)
			}
			if area := got.Area(); len(got) != tt.parts || !alike(area, tt.want, 1e-9) {
				t.Errorf("Union = %d parts, %v m²; want %d, %v", len(got), area, tt.parts, tt.want)
			}
		})
	}
}

// lattice draws a rectangle of the lattice of whole degrees.
func lattice(t *rapid.T) (south, west, north, east int) {
	south, west = rapid.IntRange(0, 6).Draw(t, "south"), rapid.IntRange(0, 6).Draw(t, "west")
	return south, west, south + rapid.IntRange(1, 4).Draw(t, "tall"),
		west + rapid.IntRange(1, 4).Draw(t, "wide")
}

// The union of rectangles of a lattice is the sum of the lattice's squares they cover.
func TestUnionCountsEverySquareOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shapes []MultiPolygon
		covered := [16][16]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "shapes") {
			s, w, n, e := lattice(t)
			shapes = append(shapes, rect(float64(s), float64(w), float64(n), float64(e)))
			for y := s; y < n; y++ {
				for x := w; x < e; x++ {
					covered[y][x] = true
				}
			}
		}
		want := 0.0
		for y := range covered {
			for x, is := range covered[y] {
				if is {
					want += rect(float64(y), float64(x), float64(y+1), float64(x+1)).Area()
				}
			}
		}
		got, err := Union(shapes)
		if err != nil {
			t.Fatal(err)
		}
		if !alike(got.Area(), want, 1e-9) {
			t.Fatalf("Union has %v m², its squares %v", got.Area(), want)
		}
		if err := got.Check(); err != nil {
			t.Fatalf("Union makes a shape that Check refuses: %v", err)
		}
	})
}

// A point is in the union where it is in any shape, in the intersection where it is in both, in the
// difference where it is in the first alone.
func TestOverlaysAgreeWithPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := city(t)
		a := MultiPolygon{annulus(t, p, 0.01, 20)}
		b := MultiPolygon{annulus(t, near(t, p, 0.01), 0.01, 20)}
		union, err := Union([]MultiPolygon{a, b})
		if err != nil {
			t.Fatal(err)
		}
		both, err := Intersect(a, b)
		if err != nil {
			t.Fatal(err)
		}
		first, err := Subtract(a, b)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			q := near(t, p, 0.02)
			if !offEdges(q, a, b) {
				continue
			}
			inA, inB := a.Contains(q), b.Contains(q)
			got := []bool{union.Contains(q), both.Contains(q), first.Contains(q)}
			if want := []bool{inA || inB, inA && inB, inA && !inB}; !slices.Equal(got, want) {
				t.Fatalf("%v: union, intersection, difference = %v, want %v", q, got, want)
			}
		}
		if sum := both.Area() + first.Area(); math.Abs(sum-a.Area()) > 1e-6*a.Area()+1e-3 {
			t.Fatalf("the parts of a have %v m², a has %v", sum, a.Area())
		}
		if sum := union.Area() + both.Area(); math.Abs(sum-a.Area()-b.Area()) > 1e-6*sum+1e-3 {
			t.Fatalf("union and intersection have %v m², the shapes %v", sum, a.Area()+b.Area())
		}
	})
}

func TestUnionIsBlindToOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := city(t)
		var shapes []MultiPolygon
		for range rapid.IntRange(2, 8).Draw(t, "shapes") {
			shapes = append(shapes, MultiPolygon{{star(t, near(t, p, 0.01), 0.005, 8)}})
		}
		a, err := Union(shapes)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Union(rapid.Permutation(shapes).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		if !alike(a.Area(), b.Area(), 1e-7) {
			t.Fatalf("Union has %v m² in one order, %v in another", a.Area(), b.Area())
		}
	})
}

func TestUnionKeepsLonelyShapesBitForBit(t *testing.T) {
	lonely := MultiPolygon{{ring(0.1, 0.2, 0.1, 0.3, 0.25, 0.31, 0.1, 0.2)}}
	got, err := Union([]MultiPolygon{rect(5, 5, 6, 6), lonely, rect(5, 5.5, 6, 7)})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range got {
		if slices.Equal(part[0], lonely[0][0]) {
			return
		}
	}
	t.Errorf("Union = %v without %v", got, lonely)
}

func TestIntersectAndSubtractOfDistantShapes(t *testing.T) {
	a, b := rect(0, 0, 1, 1), rect(5, 5, 6, 6)
	if got, err := Intersect(a, b); err != nil || len(got) != 0 {
		t.Errorf("Intersect = %v, %v; want nothing", got, err)
	}
	if got, err := Subtract(a, b); err != nil || got.Area() != a.Area() {
		t.Errorf("Subtract = %v, %v; want a", got, err)
	}
	if got, err := Subtract(nil, b); err != nil || len(got) != 0 {
		t.Errorf("Subtract from nothing = %v, %v", got, err)
	}
}

func TestAreasThatDontAddUpAreRefused(t *testing.T) {
	tests := map[string]struct {
		sum, whole float64
		want       bool
	}{
		"exactly": {10, 10, true},
		"a fence of 10 m² off by a tenth of a cm²": {10.00001, 10, true},
		"a fence of 10 m² off by 1 dm²":            {10.01, 10, false},
		"a district of 100 km² off by half a m²":   {1e8 + 0.5, 1e8, true},
		"a district of 100 km² off by 10 m²":       {1e8 - 10, 1e8, false},
		"no number":                                {math.NaN(), 10, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := sums(tt.sum, tt.whole); got != tt.want {
				t.Errorf("sums(%v, %v) = %v", tt.sum, tt.whole, got)
			}
		})
	}
}

func TestOverlayOfWhatIsNoPolygonFails(t *testing.T) {
	nan := MultiPolygon{{ring(0, 0, 0, 1, math.NaN(), 1, 0, 0)}}
	if got, err := overlay(nan, rect(0, 0, 1, 1), join); !errors.Is(err, ErrOverlay) {
		t.Errorf("overlay = %v, %v; want ErrOverlay", got, err)
	}
}

// simplefeatures' UnionMany answers 5,139 m² too little here: it leaves both holes open.
func TestAHoleThatAnotherShapeFillsIsFilled(t *testing.T) {
	a := MultiPolygon{{rectRing(0, 0, 9, 9), rectRing(2, 2, 3, 3)}}
	b := MultiPolygon{{rectRing(1, 1, 10, 10), rectRing(5, 5, 6, 6)}}
	got, err := Union([]MultiPolygon{a, b})
	if err != nil {
		t.Fatal(err)
	}
	want := rect(0, 0, 9, 9).Area() + rect(1, 1, 10, 10).Area() - rect(1, 1, 9, 9).Area()
	if !alike(got.Area(), want, 1e-9) || len(got) != 1 || len(got[0]) != 1 {
		t.Errorf("Union has %v m² and %d rings, want %v and 1", got.Area(), len(got[0]), want)
	}
}

func TestSnappedMovesByLessThanTheGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := MultiPolygon{{star(t, city(t), 0.01, 8)}}
		after, ok := snapped(before, 1e-2)
		if !ok {
			t.Fatalf("%v is a tangle once snapped", before)
		}
		for _, polygon := range after {
			for _, v := range polygon[0] {
				if d := before.Distance(v); d > 0.0072 {
					t.Fatalf("%v is %v m away from the shape", v, d)
				}
			}
		}
	})
}

// Ground is what an odd number of turns encloses, whatever the ring does: counted by strips and by
// points, neither of which tidy uses.
func TestTidyKeepsTheGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Polygon{scribble(t)}
		if rapid.Bool().Draw(t, "hole") {
			p = append(p, scribble(t))
		}
		tidy, ok := p.tidy()
		if !ok {
			t.Fatalf("tidy gives up on %v", p)
		}
		for _, part := range tidy {
			for _, r := range part {
				if k := r.crossing(); k >= 0 {
					t.Fatalf("tidy makes a ring that crosses itself at %d: %v", k, r)
				}
				if !simple(r) {
					t.Fatalf("tidy makes a ring that meets itself: %v", r)
				}
			}
		}
		for y := 0.0137; y < 5; y += 0.31 {
			for x := 0.0071; x < 5; x += 0.31 {
				q := LatLng{y, x}
				if got, want := tidy.Contains(q), p.contains(q); got != want && offEdges(q, tidy) {
					t.Fatalf("%v in %v: %v, tidied: %v", q, p, want, got)
				}
			}
		}
	})
}

// simple reports whether the open ring has no point twice.
func simple(r Ring) bool {
	seen := map[LatLng]bool{}
	for _, v := range r[1:] {
		if seen[v] {
			return false
		}
		seen[v] = true
	}
	return true
}

func TestTidyLeavesSimplePolygonsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := annulus(t, city(t), 0.1, 30)
		got, ok := p.tidy()
		if !ok || len(got) != 1 || &got[0][0][0] != &p[0][0] {
			t.Fatalf("tidy(%v) = %v", p, got)
		}
	})
}
