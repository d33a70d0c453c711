package geo

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/uber/h3-go/v4"
	"pgregory.net/rapid"
)

// cellAt is CellAt for points known to be good.
func cellAt(t interface{ Fatal(...any) }, p LatLng, resolution int) Cell {
	c, err := CellAt(p, resolution)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCellAt(t *testing.T) {
	// h3geo.org, quick start: latLngToCell(37.3615593, -122.0553238, 7).
	if got := cellAt(t, LatLng{37.3615593, -122.0553238}, 7).String(); got != "87283472bffffff" {
		t.Errorf("CellAt = %s, want 87283472bffffff", got)
	}
	bad := map[string]struct {
		p          LatLng
		resolution int
		want       error
	}{
		"a thousand degrees":  {LatLng{1000, 1000}, 9, ErrRange},
		"swapped axes":        {LatLng{118, 24}, 9, ErrRange},
		"no number":           {LatLng{math.NaN(), 24}, 9, ErrRange},
		"resolution 99":       {LatLng{24, 118}, 99, ErrResolution},
		"resolution minus 1":  {LatLng{24, 118}, -1, ErrResolution},
		"resolution 16, even": {LatLng{24, 118}, 16, ErrResolution},
	}
	for name, tt := range bad {
		t.Run(name, func(t *testing.T) {
			if c, err := CellAt(tt.p, tt.resolution); c != 0 || !errors.Is(err, tt.want) {
				t.Errorf("CellAt = %v, %v; want 0, %v", c, err, tt.want)
			}
		})
	}
}

func TestAreaOfTheCellAtCentralBeijing(t *testing.T) {
	// spec/policies.md section 9: 0.526 km² against the average 0.737.
	got := cellAt(t, LatLng{39.9087, 116.3975}, 8).Area()
	if math.Round(got/1000) != 526 {
		t.Errorf("Area = %v m², want 0.526 km²", got)
	}
}

func TestParseCell(t *testing.T) {
	tests := map[string]struct {
		in string
		ok bool
	}{
		"as String writes it":                {"87283472bffffff", true},
		"in capitals":                        {"87283472BFFFFFF", true},
		"nothing":                            {"", false},
		"zero":                               {"0", false},
		"not hexadecimal":                    {"zz", false},
		"with 0x before it":                  {"0x87283472bffffff", false},
		"with a sign":                        {"+87283472bffffff", false},
		"more than 64 bits":                  {"887283472bffffffff", false},
		"a directed edge of that cell":       {"117283472bffffff", false},
		"a resolution its digits don't have": {"8f283472bffffff", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ParseCell(tt.in)
			if (err == nil) != tt.ok || (err != nil && (!errors.Is(err, ErrCell) || got != 0)) {
				t.Errorf("ParseCell(%q) = %v, %v", tt.in, got, err)
			}
		})
	}
}

func TestCellPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t)
		resolution := rapid.IntRange(0, 15).Draw(t, "resolution")
		c := cellAt(t, p, resolution)
		if c.Resolution() != resolution {
			t.Fatalf("Resolution = %d, want %d", c.Resolution(), resolution)
		}
		if back, err := ParseCell(c.String()); err != nil || back != c {
			t.Fatalf("ParseCell(%q) = %v, %v", c, back, err)
		}
		if home := cellAt(t, c.Center(), resolution); home != c {
			t.Fatalf("the centre of %v is in %v", c, home)
		}
		b := c.Boundary()
		if len(b) < 6 || len(b) > 11 || b[0] != b[len(b)-1] {
			t.Fatalf("Boundary = %v", b)
		}
		for coarser := range 16 {
			parent, ok := c.Parent(coarser)
			if ok != (coarser <= resolution) || (ok && parent.Resolution() != coarser) {
				t.Fatalf("Parent(%d) of resolution %d = %v, %v", coarser, resolution, parent, ok)
			}
		}
		if same, _ := c.Parent(resolution); same != c {
			t.Fatalf("Parent at its own resolution = %v, want %v", same, c)
		}
	})
}

func TestRing(t *testing.T) {
	hexagon := cellAt(t, LatLng{24.48, 118.09}, 8)
	pentagon := Cell(h3.Pentagons(8)[5])
	tests := map[string]struct {
		c    Cell
		k    int
		want int
	}{
		"at 0 steps, itself":       {hexagon, 0, 1},
		"at 1 step, six":           {hexagon, 1, 6},
		"at 3 steps, eighteen":     {hexagon, 3, 18},
		"at less than 0, none":     {hexagon, -1, 0},
		"around a pentagon, five":  {pentagon, 1, 5},
		"two around it, ten":       {pentagon, 2, 10},
		"a pentagon at 0 steps":    {pentagon, 0, 1},
		"of no cell, none":         {0, 1, 0},
		"of a number that is none": {Cell(math.MaxUint64), 1, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := tt.c.Ring(tt.k)
			if len(got) != tt.want || !slices.IsSorted(got) || slices.Contains(got, 0) {
				t.Errorf("Ring(%d) = %v, want %d cells ascending", tt.k, got, tt.want)
			}
		})
	}
}

func TestRingIsAtThatDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cellAt(t, LatLng{
			rapid.Float64Range(18, 50).Draw(t, "lat"), rapid.Float64Range(100, 120).Draw(t, "lng"),
		}, rapid.IntRange(5, 11).Draw(t, "resolution"))
		k := rapid.IntRange(0, 6).Draw(t, "k")
		for _, n := range c.Ring(k) {
			if steps, ok := GridDistance(c, n); ok && steps != k {
				t.Fatalf("GridDistance to a cell of Ring(%d) = %d", k, steps)
			}
		}
	})
}

func TestGridDistance(t *testing.T) {
	c := cellAt(t, LatLng{24.48, 118.09}, 8)
	finer := cellAt(t, LatLng{24.48, 118.09}, 9)
	far := cellAt(t, LatLng{-24.48, -61.9}, 8)
	tests := map[string]struct {
		a, b  Cell
		steps int
		ok    bool
	}{
		"to itself":               {c, c, 0, true},
		"to a neighbour":          {c, c.Ring(1)[0], 1, true},
		"to the antipodes":        {c, far, 0, false},
		"to another resolution":   {c, finer, 0, false},
		"from no cell to no cell": {0, 0, 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if steps, ok := GridDistance(tt.a, tt.b); steps != tt.steps || ok != tt.ok {
				t.Errorf("GridDistance = %d, %v; want %d, %v", steps, ok, tt.steps, tt.ok)
			}
		})
	}
}

func TestEdgeLengthIsThatOfAHexagonOfMeanArea(t *testing.T) {
	// A regular hexagon of side s has 3√3/2·s²; H3's are not quite regular.
	for resolution := range 16 {
		want := math.Sqrt(meanCellArea(resolution) * 2 / (3 * math.Sqrt(3)))
		if got := EdgeLength(resolution); resolution > 1 && !alike(got, want, 0.006) {
			t.Errorf("EdgeLength(%d) = %v m, want about %v", resolution, got, want)
		}
	}
	if got := EdgeLength(16); !math.IsNaN(got) {
		t.Errorf("EdgeLength(16) = %v, want NaN", got)
	}
}

func TestCellAsText(t *testing.T) {
	c := cellAt(t, LatLng{24.48, 118.09}, 8)
	text, err := json.Marshal(map[Cell]Cell{c: c})
	if err != nil {
		t.Fatal(err)
	}
	var back map[Cell]Cell
	if err := json.Unmarshal(text, &back); err != nil || back[c] != c {
		t.Errorf("%s came back as %v, %v", text, back, err)
	}
	if _, err := json.Marshal(Cell(0)); !errors.Is(err, ErrCell) {
		t.Errorf("no cell marshals: %v", err)
	}
	if err := new(Cell).UnmarshalText([]byte("zz")); !errors.Is(err, ErrCell) {
		t.Errorf("UnmarshalText(zz) = %v, want ErrCell", err)
	}
}

func TestTilesHaveTheirCellsArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := LatLng{rapid.Float64Range(-75, 75).Draw(t, "lat"), anywhere(t).Lng}
		if rapid.Bool().Draw(t, "at the antimeridian") {
			p.Lng = 180
		}
		c := cellAt(t, p, rapid.IntRange(6, 15).Draw(t, "resolution"))
		tile := newTile(c)
		sum := 0.0
		for _, piece := range tile.pieces {
			if !piece.convex() || piece.outOfRange() {
				t.Fatalf("piece %v of %v", piece, c)
			}
			sum += piece.signedArea()
		}
		if !alike(sum, c.Area(), 1e-5) {
			t.Fatalf("the pieces of %v have %v m², the cell %v", c, sum, c.Area())
		}
	})
}

func TestTilesOfBentCells(t *testing.T) {
	// The twelve pentagons and their neighbours lie where H3 distorts most.
	for _, resolution := range []int{7, 8, 9} {
		for _, h := range h3.Pentagons(resolution) {
			for _, c := range append(Cell(h).Ring(1), Cell(h)) {
				sum := 0.0
				for _, piece := range newTile(c).pieces {
					sum += piece.signedArea()
				}
				if !alike(sum, c.Area(), 1e-4) {
					t.Errorf("the pieces of %v have %v m², the cell %v", c, sum, c.Area())
				}
			}
		}
	}
}

func TestACellAtAPoleHasNoTile(t *testing.T) {
	for _, lat := range []float64{90, -90} {
		if tile := newTile(cellAt(t, LatLng{lat, 0}, 8)); len(tile.pieces) != 0 {
			t.Errorf("the cell at latitude %v has %v", lat, tile.pieces)
		}
	}
}
