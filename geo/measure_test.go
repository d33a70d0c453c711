package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestArea(t *testing.T) {
	octant := math.Pi / 2 * Radius * Radius // an eighth of 4πR²
	belt := func(south, north, width float64) float64 {
		return Radius * Radius * width * radians *
			(math.Sin(north*radians) - math.Sin(south*radians))
	}
	tests := map[string]struct {
		shape MultiPolygon
		want  float64
	}{
		"nothing":                {nil, 0},
		"an octant of the globe": {rect(0, 0, 90, 90), octant},
		"a degree at Xiamen":     {rect(24, 118, 25, 119), belt(24, 25, 1)},
		"parts add up": {
			append(rect(0, 0, 1, 1), rect(2, 2, 3, 3)...), belt(0, 1, 1) + belt(2, 3, 1),
		},
		"a hole is taken off": {
			MultiPolygon{{rectRing(0, 0, 9, 9), rectRing(3, 3, 4, 4)}}, belt(0, 9, 9) - belt(3, 4, 1),
		},
		"a polygon without a ring":   {MultiPolygon{{}}, 0},
		"a line there and back is 0": {MultiPolygon{{ring(0, 0, 1, 1, 0, 0)}}, 0},
		// Under the diagonal from (0, 0) to (90, 90): the integral of sin(lng) over lng, R² times 1.
		"half an octant under a diagonal": {
			MultiPolygon{{ring(0, 0, 0, 90, 90, 90, 0, 0)}}, Radius * Radius,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.shape.Area(); math.Abs(got-tt.want) > 1e-12*octant*1e-3+1e-10*tt.want {
				t.Errorf("Area = %v m², want %v", got, tt.want)
			}
		})
	}
}

func TestAreaOfASmallFence(t *testing.T) {
	// 2 m by 5 m, at any place: width and length in metres multiply.
	rapid.Check(t, func(t *rapid.T) {
		p := city(t)
		north, east := 2/metres, 5/(metres*math.Cos(p.Lat*radians))
		got := rect(p.Lat, p.Lng, p.Lat+north, p.Lng+east).Area()
		if math.Abs(got-10) > 1e-5 {
			t.Fatalf("Area at %v = %v m², want 10", p, got)
		}
	})
}

func TestAreaIsBlindToStartAndDirection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := star(t, city(t), 0.1, 20)
		same := turned(r, rapid.IntRange(0, 40).Draw(t, "start"))
		if a, b := (MultiPolygon{{r}}).Area(), (MultiPolygon{{same}}).Area(); !alike(a, b, 1e-9) {
			t.Fatalf("Area = %v and %v", a, b)
		}
	})
}

func TestAreaOfTwoHalvesIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := star(t, city(t), 0.1, 20)
		sin, cos := math.Sincos(rapid.Float64Range(0, 7).Draw(t, "direction"))
		a, b := r[0], LatLng{r[0].Lat + sin, r[0].Lng + cos}
		var left, right Ring
		left, right = r.cut(a, b, nil), r.cut(b, a, nil)
		got := math.Abs(left.signedArea()) + math.Abs(right.signedArea())
		if want := math.Abs(r.signedArea()); !alike(got, want, 1e-7) {
			t.Fatalf("halves have %v m², the whole %v", got, want)
		}
	})
}

func TestCentroid(t *testing.T) {
	tests := map[string]struct {
		shape MultiPolygon
		want  LatLng
	}{
		"of a rectangle":     {rect(1, 2, 3, 6), LatLng{2, 4}},
		"of a triangle":      {MultiPolygon{{ring(0, 0, 0, 3, 3, 0, 0, 0)}}, LatLng{1, 1}},
		"of two equal parts": {append(rect(0, 0, 1, 1), rect(0, 9, 1, 10)...), LatLng{0.5, 5}},
		"a hole pushes it away": {
			MultiPolygon{{rectRing(0, 0, 2, 4), rectRing(0, 2, 2, 4)}}, LatLng{1, 1},
		},
		"of a line, the mean of points": {MultiPolygon{{ring(0, 0, 2, 2, 0, 0)}}, LatLng{1, 1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := tt.shape.Centroid()
			if math.Abs(got.Lat-tt.want.Lat)+math.Abs(got.Lng-tt.want.Lng) > 1e-12 {
				t.Errorf("Centroid = %v, want %v", got, tt.want)
			}
		})
	}
	if got := (MultiPolygon{}).Centroid(); !math.IsNaN(got.Lat) || !math.IsNaN(got.Lng) {
		t.Errorf("Centroid of nothing = %v, want NaN", got)
	}
}

func TestDistanceToAShape(t *testing.T) {
	square := rect(0, 0, 1, 1)
	degree := Radius * radians
	tests := map[string]struct {
		shape MultiPolygon
		p     LatLng
		want  float64
	}{
		"inside is 0":          {square, LatLng{0.5, 0.5}, 0},
		"on the boundary is 0": {square, LatLng{1, 0.3}, 0},
		"beside an edge":       {square, LatLng{0.5, -0.01}, 0.01 * degree * math.Cos(0.5*radians)},
		"above an edge":        {square, LatLng{1.5, 0.5}, degree / 2},
		"at a corner": {
			square, LatLng{-0.3, -0.4}, Distance(LatLng{-0.3, -0.4}, LatLng{0, 0}),
		},
		"in a hole, to its edge": {
			MultiPolygon{{rectRing(0, 0, 9, 9), rectRing(0.1, 3, 1.1, 4)}}, LatLng{0.3, 3.5}, 0.2 * degree,
		},
		"across the antimeridian":   {rect(-1, 179, 1, 180), LatLng{0, -179.9}, 0.1 * degree},
		"to nothing it is infinite": {nil, LatLng{}, math.Inf(1)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.shape.Distance(tt.p); !(math.Abs(got-tt.want) <= 1e-3) && got != tt.want {
				t.Errorf("Distance = %v m, want %v", got, tt.want)
			}
		})
	}
}

// The distance is the least great circle to any point of the boundary, to a centimetre a kilometre.
func TestDistanceIsTheLeastGreatCircle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := city(t)
		spread := rapid.SampledFrom([]float64{0.0001, 0.01, 0.15}).Draw(t, "spread")
		m := MultiPolygon{{star(t, p, spread, 6)}}
		q := near(t, p, 2*spread)
		if m.Contains(q) {
			return
		}
		got, want := m.Distance(q), leastByBisection(m[0], q)
		if math.Abs(got-want) > 1e-5*want+1e-4 {
			t.Fatalf("Distance from %v = %v m, want %v", q, got, want)
		}
	})
}

// leastByBisection minimises the great circle along every edge by thirds.
func leastByBisection(p Polygon, q LatLng) float64 {
	least := math.Inf(1)
	p.edges(func(e edge) {
		at := func(t float64) float64 {
			return Distance(q, LatLng{
				e.a.Lat + t*(e.b.Lat-e.a.Lat), e.a.Lng + t*(e.b.Lng-e.a.Lng),
			})
		}
		low, high := 0.0, 1.0
		for range 80 {
			a, b := low+(high-low)/3, high-(high-low)/3
			if at(a) < at(b) {
				high = b
			} else {
				low = a
			}
		}
		least = min(least, at(low))
	})
	return least
}

func TestContains(t *testing.T) {
	ringed := MultiPolygon{{rectRing(0, 0, 3, 3), rectRing(1, 1, 2, 2)}, {rectRing(5, 5, 6, 6)}}
	tests := map[string]struct {
		p    LatLng
		want bool
	}{
		"inside":                          {LatLng{0.5, 0.5}, true},
		"in the hole":                     {LatLng{1.5, 1.5}, false},
		"on the hole's edge":              {LatLng{1, 1.5}, true},
		"on a slanting boundary's corner": {LatLng{3, 3}, true},
		"on the western edge":             {LatLng{1.5, 0}, true},
		"in another part":                 {LatLng{5.5, 5.5}, true},
		"between the parts":               {LatLng{4, 4}, false},
		"level with a corner":             {LatLng{3, -1}, false},
		"0.05 mm outside is on it":        {LatLng{-0.5e-9, 1}, true},
		"1 mm outside is outside":         {LatLng{-1e-8, 1}, false},
		"no number":                       {LatLng{math.NaN(), 1}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ringed.Contains(tt.p); got != tt.want {
				t.Errorf("Contains(%v) = %v, want %v", tt.p, got, tt.want)
			}
		})
	}
}

func TestEveryPointOfAnEdgeIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := star(t, city(t), 0.1, 20)
		k := rapid.IntRange(1, len(r)-1).Draw(t, "edge")
		at := rapid.Float64Range(0, 1).Draw(t, "place")
		q := LatLng{
			r[k-1].Lat + at*(r[k].Lat-r[k-1].Lat), r[k-1].Lng + at*(r[k].Lng-r[k-1].Lng),
		}
		if m := (MultiPolygon{{r}}); !m.Contains(q) || m.Distance(q) != 0 {
			t.Fatalf("%v of edge %d is outside, %v m away", q, k, m.Distance(q))
		}
	})
}

func TestBandsAgreeWithPlainRayCasting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := city(t)
		polygon := annulus(t, p, 0.1, 300)
		b := newBands(polygon)
		for range 20 {
			q := near(t, p, 0.12)
			if rapid.Bool().Draw(t, "level with a corner") {
				q.Lat = rapid.SampledFrom(polygon[0]).Draw(t, "corner").Lat
			}
			if got, want := b.contains(q), polygon.contains(q); got != want {
				t.Fatalf("bands say %v for %v, ray casting %v", got, q, want)
			}
		}
	})
}

func TestBandsStayLinearInTheEdges(t *testing.T) {
	// A comb: every edge enters every band.
	const n = 4000
	var comb Ring
	for i := range n {
		x := float64(i) / n
		comb = append(comb, LatLng{float64(i % 2), x})
	}
	comb = append(comb, LatLng{-1, 1}, LatLng{-1, 0}, comb[0])
	if b := newBands(Polygon{comb}); len(b.edges) > 8*len(comb) {
		t.Errorf("%d edges take %d places", len(comb), len(b.edges))
	}
}

func TestBounds(t *testing.T) {
	got := append(rect(1, 2, 3, 4), rect(-1, 3, 0, 9)...).Bounds()
	if want := (Box{LatLng{-1, 2}, LatLng{3, 9}}); got != want {
		t.Errorf("Bounds = %v, want %v", got, want)
	}
	if got := (MultiPolygon{{}, nil}).Bounds(); !got.Empty() || got.Contains(LatLng{}) {
		t.Errorf("Bounds of nothing = %v", got)
	}
}

func TestMapLeavesTheShapeAlone(t *testing.T) {
	m := rect(0, 0, 1, 1)
	moved := m.Map(func(p LatLng) LatLng { return LatLng{p.Lat + 1, p.Lng} })
	if m[0][0][0] != (LatLng{0, 0}) || moved[0][0][0] != (LatLng{1, 0}) {
		t.Errorf("Map: %v became %v", m[0][0][0], moved[0][0][0])
	}
}
