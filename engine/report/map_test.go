package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

func TestClasses(t *testing.T) {
	tests := map[string]struct {
		values []float64
		whole  bool
		want   []string // texts of the classes above 0
	}{
		"ten whole numbers make five classes of about two": {
			[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
			true,
			[]string{"1–3", "4–5", "6–7", "8–9", "10"},
		},
		"one value makes one class":      {[]float64{0, 7, 7, 7}, true, []string{"1–7"}},
		"few values make few classes":    {[]float64{1, 1, 1, 1, 2}, true, []string{"1", "2"}},
		"nothing above 0 makes no class": {[]float64{0, 0, math.NaN()}, true, nil},
		"breaks are round": {
			[]float64{123.4, 234.5, 345.6, 456.7, 999},
			false,
			[]string{"0–230", "230–350", "350–460", "460–999"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClasses(tt.values, tt.whole)
			var got []string
			for i := range c.breaks {
				got = append(got, c.text(lang.English, i+1))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("classes of %v (-want +got):\n%s", tt.values, diff)
			}
		})
	}
}

func TestEveryValueIsInItsClass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 60).Draw(t, "values")
		whole := rapid.Bool().Draw(t, "whole")
		if whole {
			for i := range values {
				values[i] = math.Round(values[i])
			}
		}
		c := newClasses(values, whole)
		if len(c.breaks) > mostClasses || !slices.IsSorted(c.breaks) {
			t.Fatalf("breaks %v", c.breaks)
		}
		for _, v := range values {
			i := c.of(v)
			switch {
			case v == 0:
				if i != 0 {
					t.Fatalf("0 is in class %d", i)
				}
			case i < 1 || v > c.breaks[i-1] || i > 1 && v <= c.breaks[i-2]:
				t.Fatalf("%v is in class %d of %v", v, i, c.breaks)
			}
		}
		if c.of(math.NaN()) != -1 {
			t.Fatal("unknown is in a class")
		}
	})
}

// walk follows a path of relative steps and returns its rings.
func walk(t *testing.T, path string) [][][2]int {
	t.Helper()
	var rings [][][2]int
	var start [2]int
	for _, part := range strings.SplitAfter(path, "z") {
		if part == "" {
			continue
		}
		head, steps, ok := strings.Cut(strings.TrimSuffix(part, "z"), "l")
		if !ok {
			t.Fatalf("%q has no line", part)
		}
		n := pairsOf(t, head[1:])
		if head[0] == 'M' {
			start = n[0]
		} else {
			start = [2]int{start[0] + n[0][0], start[1] + n[0][1]}
		}
		ring, at := [][2]int{start}, start
		for _, step := range pairsOf(t, steps) {
			at = [2]int{at[0] + step[0], at[1] + step[1]}
			ring = append(ring, at)
		}
		rings = append(rings, ring)
	}
	return rings
}

// pairsOf reads numbers that a space or a minus sign parts.
func pairsOf(t *testing.T, text string) [][2]int {
	t.Helper()
	words := strings.Fields(strings.ReplaceAll(text, "-", " -"))
	if len(words)%2 != 0 {
		t.Fatalf("%q is not pairs", text)
	}
	var list [][2]int
	for i := 0; i < len(words); i += 2 {
		x, errX := strconv.Atoi(words[i])
		y, errY := strconv.Atoi(words[i+1])
		if errX != nil || errY != nil {
			t.Fatalf("%q is not whole numbers", text)
		}
		list = append(list, [2]int{x, y})
	}
	return list
}

func TestPathsAreTheCells(t *testing.T) {
	p := fixture(t, 5)
	pl := newPlane(p)
	var d pen
	for _, c := range p.Sectors[0].Cells {
		d.ring(pl, c.Cell.Boundary())
	}
	rings := walk(t, string(d.path))
	if len(rings) != len(p.Sectors[0].Cells) {
		t.Fatalf("%d rings for %d cells", len(rings), len(p.Sectors[0].Cells))
	}
	for i, c := range p.Sectors[0].Cells {
		border := c.Cell.Boundary()
		for k, got := range rings[i] {
			x, y := pl.at(border[k])
			if got != [2]int{x, y} {
				t.Fatalf("corner %d of %s is at %v, want %d, %d", k, c.Cell, got, x, y)
			}
			if x < 0 || x > sheetWidth || y < 0 || y > pl.height {
				t.Fatalf("corner %d of %s leaves the sheet: %d, %d", k, c.Cell, x, y)
			}
		}
	}
}

func TestEveryCellIsInOneShade(t *testing.T) {
	p := fixture(t, 6)
	for i := range p.Sectors {
		s := &p.Sectors[i]
		for _, m := range newMaps(lang.English, newPlane(p), s) {
			sum := 0
			for _, shade := range m.Shades {
				sum += shade.Cells
				if got := len(walk(t, shade.Path)); got != shade.Cells {
					t.Errorf("%s %s, %s: %d outlines of %d cells", s.ID, m.Theme, shade.Text, got, shade.Cells)
				}
			}
			if sum != len(s.Cells) {
				t.Errorf("%s %s: %d cells in shades, want %d", s.ID, m.Theme, sum, len(s.Cells))
			}
		}
	}
}

func TestScaleBarIsTrue(t *testing.T) {
	p := fixture(t, 8)
	pl := newPlane(p)
	bar := pl.scale(lang.English)
	a := geo.LatLng{Lat: 24.48, Lng: 118.10}
	b := geo.LatLng{Lat: 24.48, Lng: 118.12}
	xa, _ := pl.at(a)
	xb, _ := pl.at(b)
	metres := map[string]float64{"500 m": 500, "1 km": 1000, "2 km": 2000}[bar.Text]
	got := geo.Distance(a, b) / float64(xb-xa) * float64(bar.X2-bar.X1)
	if metres == 0 || math.Abs(got-metres) > 0.01*metres {
		t.Errorf("the bar says %s and is %v m long", bar.Text, got)
	}
}

func TestHeldTellsCapacityApart(t *testing.T) {
	n := 10
	tests := map[string]struct {
		cell engine.CellPlan
		want string
	}{
		"the ground binds": {
			engine.CellPlan{
				Reason: "capacity", Binding: "parking", Capacity: &n, Total: 10, Enough: -1,
			}, "parking",
		},
		"the service level is reached before": {
			engine.CellPlan{
				Reason: "capacity", Binding: "parking", Capacity: &n, Total: 6, Enough: 6,
			}, "service",
		},
		"enough where nothing is known to limit": {
			engine.CellPlan{Reason: "capacity", Binding: "none", Total: 6, Enough: 6}, "service",
		},
		"too little benefit": {
			engine.CellPlan{
				Reason: "benefit", Binding: "parking", Capacity: &n, Total: 6, Enough: -1,
			}, "benefit",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := held(&tt.cell); got != tt.want {
				t.Errorf("held = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCurveMarksTheTotal(t *testing.T) {
	s := &engine.SectorPlan{Unit: "trips", Total: 15, Curve: []engine.CurvePoint{
		{Vehicles: 0, Benefit: 0, Marginal: 4},
		{Vehicles: 10, Benefit: 40, Marginal: 4},
		{Vehicles: 20, Benefit: 60, Marginal: 2},
	}}
	c := newCurve(lang.English, s)
	// 15 of 20 is at three quarters of 90..970; 50 of 60 at five sixths of 300..24.
	if c.X != 750 || c.Y != 70 || c.Anchor != "end" {
		t.Errorf("the total is at %d, %d (%s), want 750, 70 (end)", c.X, c.Y, c.Anchor)
	}
	if want := "15 vehicles: 50 trips a day"; c.Label != want {
		t.Errorf("label %q, want %q", c.Label, want)
	}
	if want := "M90 300L530 116L970 24"; c.Line != want {
		t.Errorf("line %s, want %s", c.Line, want)
	}
	if newCurve(lang.English, &engine.SectorPlan{}) != nil {
		t.Error("a curve without points is drawn")
	}
}

func TestNear180(t *testing.T) {
	tests := map[string]struct{ lng, from, want float64 }{
		"the same side":               {118.2, 118.1, 118.2},
		"east over the date line":     {-179.9, 179.9, 180.1},
		"west over the date line":     {179.9, -179.9, -180.1},
		"as far as it can be, either": {0, 179, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := near180(tt.lng, tt.from); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("near180(%v, %v) = %v, want %v", tt.lng, tt.from, got, tt.want)
			}
		})
	}
}
