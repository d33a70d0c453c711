package geo

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCheck(t *testing.T) {
	square := rectRing(0, 0, 9, 9)
	tests := map[string]struct {
		shape MultiPolygon
		want  *ShapeError
	}{
		"a square is fine":                {MultiPolygon{{square}}, nil},
		"nothing is fine":                 {nil, nil},
		"a point may be repeated at once": {MultiPolygon{{ring(0, 0, 0, 9, 0, 9, 9, 9, 0, 0)}}, nil},
		"a ring may touch itself": {
			MultiPolygon{{ring(0, 0, 0, 4, 2, 2, 4, 4, 4, 0, 2, 2, 0, 0)}}, nil,
		},
		"a hole may touch the ring": {MultiPolygon{{square, ring(0, 5, 1, 4, 1, 6, 0, 5)}}, nil},
		"holes may touch": {
			MultiPolygon{{square, rectRing(1, 1, 2, 2), rectRing(2, 2, 3, 3)}}, nil,
		},
		"a spike is a slip": {
			MultiPolygon{{ring(0, 0, 0, 5, 3, 5, 0, 5, 0, 9, 9, 9, 0, 0)}}, nil,
		},
		"so is a loop of a ten-thousandth": {
			MultiPolygon{{ring(0, 0, 0, 80, 80, 80, 80, 0, 1, 0, 1, -1, 0.5, -1, 0.5, 0.5, 0, 0)}}, nil,
		},
		"an unclosed ring": {
			MultiPolygon{{square[:4]}}, &ShapeError{ErrUnclosed, 0, 0, 3, square[3]},
		},
		"a ring of three points": {
			MultiPolygon{{ring(0, 0, 1, 1, 0, 0)}}, &ShapeError{ErrTooFew, 0, 0, 0, LatLng{}},
		},
		"a ring of two different points": {
			MultiPolygon{{ring(0, 0, 1, 1, 0, 0, 1, 1, 0, 0)}}, &ShapeError{ErrTooFew, 0, 0, 0, LatLng{}},
		},
		"a ring without points": {
			MultiPolygon{{square, nil}}, &ShapeError{ErrTooFew, 0, 1, 0, LatLng{}},
		},
		"a polygon without a ring": {
			MultiPolygon{{square}, {}}, &ShapeError{ErrTooFew, 1, 0, 0, LatLng{}},
		},
		"three points on a line": {
			MultiPolygon{{ring(0, 0, 1, 1, 2, 2, 0, 0)}}, &ShapeError{ErrSelfCrossing, 0, 0, 0, LatLng{}},
		},
		"a bow tie": {
			MultiPolygon{{ring(0, 0, 2, 2, 2, 0, 0, 2, 0, 0)}},
			&ShapeError{ErrSelfCrossing, 0, 0, 0, LatLng{}},
		},
		"a bow tie through a corner": {
			MultiPolygon{{ring(0, 0, 1, 1, 2, 2, 2, 0, 1, 1, 0, 2, 0, 0)}},
			&ShapeError{ErrSelfCrossing, 0, 0, 0, LatLng{}},
		},
		"twice around": {
			MultiPolygon{{append(square[:4:4], square...)}},
			&ShapeError{ErrSelfCrossing, 0, 0, 0, LatLng{}},
		},
		"a latitude of 118": {
			MultiPolygon{{ring(0, 0, 118, 24, 0, 1, 0, 0)}},
			&ShapeError{ErrRange, 0, 0, 1, LatLng{118, 24}},
		},
		"a hole outside": {
			MultiPolygon{{square, rectRing(20, 0, 21, 1)}}, &ShapeError{ErrHole, 0, 1, 0, LatLng{20, 0}},
		},
		"a hole across the ring": {
			MultiPolygon{{square, rectRing(1, 5, 2, 20)}}, &ShapeError{ErrHole, 0, 1, 0, LatLng{1, 5}},
		},
		"a hole in a hole": {
			MultiPolygon{{square, rectRing(1, 1, 5, 5), rectRing(2, 2, 3, 3)}},
			&ShapeError{ErrHole, 0, 2, 0, LatLng{2, 2}},
		},
		"a hole across a hole": {
			MultiPolygon{{square, rectRing(1, 1, 5, 5), rectRing(2, 2, 3, 8)}},
			&ShapeError{ErrHole, 0, 2, 0, LatLng{2, 2}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.shape.Check()
			if tt.want == nil {
				if err != nil {
					t.Fatalf("Check = %v, want nil", err)
				}
				return
			}
			var got *ShapeError
			if !errors.As(err, &got) || !errors.Is(err, tt.want.Kind) {
				t.Fatalf("Check = %v, want %v", err, tt.want)
			}
			same := cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })
			if diff := cmp.Diff(*tt.want, *got, same); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckRefusesWhatIsNoNumber(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		m := MultiPolygon{{ring(0, 0, 0, 1, bad, 1, 0, 0)}}
		if err := m.Check(); !errors.Is(err, ErrRange) {
			t.Errorf("Check with %v = %v, want ErrRange", bad, err)
		}
	}
}

func TestCheckAcceptsEveryStar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := MultiPolygon{annulus(t, city(t), 0.1, 60)}
		if err := m.Check(); err != nil {
			t.Fatalf("Check(%v) = %v", m, err)
		}
	})
}

// The ground a scribble encloses twice or backwards, counted square by square, decides.
func TestCheckCountsTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := scribble(t)
		once, wrong := turnsByPoints(r)
		if once+wrong == 0 {
			return
		}
		share := wrong / (once + wrong)
		if got := r.crossing() >= 0; share > 0.02 && !got {
			t.Fatalf("%v encloses %v of its ground wrongly and passes", r, share)
		} else if share == 0 && got && newStrips(Polygon{r}.sides(), nil).share() == 0 {
			t.Fatalf("%v is fine and is refused at %d", r, r.crossing())
		}
	})
}

// turnsByPoints counts, over a fine lattice of points, how many a ring goes around once in the
// direction it mostly takes, and how many otherwise.
func turnsByPoints(r Ring) (once, wrong float64) {
	count := map[int]float64{}
	for y := 0.0137; y < 5; y += 0.05 {
		for x := 0.0071; x < 5; x += 0.05 {
			if w := winding(r, LatLng{y, x}); w != 0 {
				count[w]++
			}
		}
	}
	total := 0.0
	for _, n := range count {
		total += n
	}
	once = max(count[1], count[-1])
	return once, total - once
}

// winding returns how often r goes around q.
func winding(r Ring, q LatLng) int {
	w := 0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		switch {
		case a.Lat <= q.Lat && b.Lat > q.Lat && orient(a, b, q) > 0:
			w++
		case a.Lat > q.Lat && b.Lat <= q.Lat && orient(a, b, q) < 0:
			w--
		}
	}
	return w
}

func TestOrientIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Points next to one line: a, a + d, a + 3d, moved by a few units in the last place.
		a, d := anywhere(t), near(t, LatLng{}, 1)
		b := LatLng{a.Lat + d.Lat, a.Lng + d.Lng}
		c := LatLng{a.Lat + 3*d.Lat, a.Lng + 3*d.Lng}
		for range rapid.IntRange(0, 3).Draw(t, "ulps") {
			c.Lat = math.Nextafter(c.Lat, 1000)
		}
		if got, want := orient(a, b, c), orientByFractions(a, b, c); got != want {
			t.Fatalf("orient(%v, %v, %v) = %d, want %d", a, b, c, got, want)
		}
	})
}

func orientByFractions(a, b, c LatLng) int {
	f := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
	sub := func(x, y float64) *big.Rat { return new(big.Rat).Sub(f(x), f(y)) }
	left := new(big.Rat).Mul(sub(a.Lng, c.Lng), sub(b.Lat, c.Lat))
	right := new(big.Rat).Mul(sub(a.Lat, c.Lat), sub(b.Lng, c.Lng))
	return left.Cmp(right)
}

func TestMeet(t *testing.T) {
	flat := edge{LatLng{0, 0}, LatLng{0, 4}}
	tests := map[string]struct {
		other edge
		want  meeting
		at    LatLng
	}{
		"above":                        {edge{LatLng{1, 0}, LatLng{1, 4}}, apart, LatLng{}},
		"across":                       {edge{LatLng{-1, 1}, LatLng{1, 2}}, crossing, LatLng{}},
		"end on the middle":            {edge{LatLng{0, 1}, LatLng{1, 2}}, touching, LatLng{0, 1}},
		"end on end":                   {edge{LatLng{1, 9}, LatLng{0, 4}}, touching, LatLng{0, 4}},
		"in line, apart":               {edge{LatLng{0, 5}, LatLng{0, 6}}, apart, LatLng{}},
		"in line, end on end":          {edge{LatLng{0, 4}, LatLng{0, 6}}, touching, LatLng{0, 4}},
		"in line, over a length":       {edge{LatLng{0, 3}, LatLng{0, 6}}, crossing, LatLng{}},
		"the same the other way":       {edge{LatLng{0, 4}, LatLng{0, 0}}, crossing, LatLng{}},
		"its line crosses, it doesn't": {edge{LatLng{1, 1}, LatLng{3, 1}}, apart, LatLng{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]edge{{flat, tt.other}, {tt.other, flat}} {
				at, how := meet(pair[0], pair[1])
				if how != tt.want || (how == touching && at != tt.at) {
					t.Errorf("meet(%v) = %v, %v; want %v, %v", pair, at, how, tt.at, tt.want)
				}
			}
		})
	}
}

func TestMeetingsFindsEveryPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sides := Polygon{scribble(t), scribble(t)}.sides()
		got := map[[4]int]int{}
		key := func(a, b *side) [4]int {
			if a.ring > b.ring || (a.ring == b.ring && a.vertex > b.vertex) {
				a, b = b, a
			}
			return [4]int{a.ring, a.vertex, b.ring, b.vertex}
		}
		meetings(sides, func(a, b *side) { got[key(a, b)]++ })
		want := map[[4]int]int{}
		for i := range sides {
			for j := range sides[:i] {
				if sides[i].box.overlaps(sides[j].box) {
					want[key(&sides[i], &sides[j])]++
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("meetings (-want +got):\n%s", diff)
		}
	})
}

func TestACombOfLongEdgesIsCheckedInTime(t *testing.T) {
	// 100,000 edges across the whole figure: compared pair by pair they would take minutes.
	var comb Ring
	for i := range 50000 {
		lat := float64(i) / 1000
		comb = append(comb, LatLng{lat, float64(i % 2)}, LatLng{lat, float64((i + 1) % 2)})
	}
	comb = append(comb, LatLng{60, 2}, LatLng{-1, 2}, LatLng{-1, 0}, comb[0])
	if err := (MultiPolygon{{comb}}).Check(); err != nil {
		t.Error(err)
	}
}
