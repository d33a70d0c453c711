package geo

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseRing(t *testing.T) {
	triangle := MultiPolygon{{ring(24, 118, 25, 118.5, 24, 119, 24, 118)}}
	tests := map[string]struct {
		in   string
		want MultiPolygon
		err  error
	}{
		"longitude comes first": {"[118,24],[118.5,25],[119,24],[118,24]", triangle, nil},
		"in any spacing": {
			" [ 118 , 24 ] ,\n[118.5,25],[1.19e2,24],[118,24]\r\n", triangle, nil,
		},
		"unclosed":                    {"[118,24],[118.5,25],[119,24]", nil, ErrUnclosed},
		"two points":                  {"[118,24],[118,24]", nil, ErrTooFew},
		"latitude first":              {"[24,118],[25,118.5],[24,119],[24,118]", nil, ErrRange},
		"a bow tie":                   {"[0,0],[2,2],[2,0],[0,2],[0,0]", nil, ErrSelfCrossing},
		"nothing":                     {"", nil, ErrGeometry},
		"NaN":                         {"[NaN,0]", nil, ErrGeometry},
		"an infinity by overflow":     {"[1e999,0]", nil, ErrGeometry},
		"hexadecimal":                 {"[0x10,0]", nil, ErrGeometry},
		"three coordinates":           {"[1,2,3]", nil, ErrGeometry},
		"a comma at the end":          {"[118,24],[118.5,25],[119,24],[118,24],", nil, ErrGeometry},
		"an array around":             {"[[118,24],[118.5,25],[119,24],[118,24]]", nil, ErrGeometry},
		"something after":             {"[118,24],[118.5,25],[119,24],[118,24];", nil, ErrGeometry},
		"cut in the middle of a pair": {"[118,24],[118.5", nil, ErrGeometry},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ParseRing(tt.in)
			if !errors.Is(err, tt.err) {
				t.Fatalf("ParseRing(%q) error = %v, want %v", tt.in, err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseRing(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestParseRingNamesTheColumn(t *testing.T) {
	_, err := ParseRing("[118,24],[118.5;25]")
	if err == nil || !strings.Contains(err.Error(), "column 16") {
		t.Errorf("the error is %v, the semicolon at column 16", err)
	}
}

func TestParseWKT(t *testing.T) {
	triangle := Polygon{ring(24, 118, 25, 118.5, 24, 119, 24, 118)}
	const points = "((118 24, 118.5 25, 119 24, 118 24))"
	tests := map[string]struct {
		in    string
		shape MultiPolygon
		point *LatLng
		err   error
	}{
		"a polygon":        {"POLYGON " + points, MultiPolygon{triangle}, nil, nil},
		"in small letters": {" polygon" + points, MultiPolygon{triangle}, nil, nil},
		"several":          {"MULTIPOLYGON (" + points + ")", MultiPolygon{triangle}, nil, nil},
		"with altitude": {
			"POLYGON Z ((118 24 5, 118.5 25 5, 119 24 5, 118 24 5))", MultiPolygon{triangle}, nil, nil,
		},
		"a point":               {"POINT (118 24)", nil, &LatLng{24, 118}, nil},
		"a point, axes swapped": {"POINT (24 118)", nil, nil, ErrRange},
		"an empty point":        {"POINT EMPTY", nil, nil, ErrGeometry},
		"an empty polygon":      {"POLYGON EMPTY", nil, nil, ErrGeometry},
		"a line":                {"LINESTRING (1 2, 3 4)", nil, nil, ErrGeometry},
		"a collection":          {"GEOMETRYCOLLECTION (POINT (1 2))", nil, nil, ErrGeometry},
		"several points":        {"MULTIPOINT (1 2, 3 4)", nil, nil, ErrGeometry},
		"nothing":               {"", nil, nil, ErrGeometry},
		"cut short":             {"POLYGON ((118 24, 118.5", nil, nil, ErrGeometry},
		"unclosed":              {"POLYGON ((118 24, 118.5 25, 119 24))", nil, nil, ErrUnclosed},
		"a hole outside": {
			"POLYGON ((0 0, 0 1, 1 1, 0 0), (5 5, 5 6, 6 6, 5 5))", nil, nil, ErrHole,
		},
		"a polygon that crosses":    {"POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", nil, nil, ErrSelfCrossing},
		"a word of the same prefix": {"POINTED (1 2)", nil, nil, ErrGeometry},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			shape, point, err := ParseWKT(tt.in)
			if !errors.Is(err, tt.err) {
				t.Fatalf("ParseWKT(%q) error = %v, want %v", tt.in, err, tt.err)
			}
			if diff := cmp.Diff(tt.shape, shape); diff != "" {
				t.Errorf("shape (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.point, point); diff != "" {
				t.Errorf("point (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAppendGeometry(t *testing.T) {
	clockwise := Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	tests := map[string]struct {
		in   MultiPolygon
		want string
	}{
		"nothing": {nil, `{"type":"MultiPolygon","coordinates":[]}`},
		"a clockwise ring turns": {
			MultiPolygon{{clockwise}}, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[0,0]]]}`,
		},
		"a hole runs clockwise": {
			MultiPolygon{{rectRing(0, 0, 9, 9), rectRing(1, 2, 3, 4)}},
			`{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],` +
				`[[2,1],[2,3],[4,3],[4,1],[2,1]]]}`,
		},
		"two parts": {
			append(rect(0, 0, 1, 1), rect(2, 2, 3, 3)...),
			`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],` +
				`[[[2,2],[3,2],[3,3],[2,3],[2,2]]]]}`,
		},
		"seven decimals and no negative zero": {
			MultiPolygon{{ring(-1e-9, 118.12345678, 1, 119, 2, 118.1, -1e-9, 118.12345678)}},
			`{"type":"Polygon","coordinates":[[[118.1234568,0],[119,1],[118.1,2],[118.1234568,0]]]}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := string(AppendGeometry([]byte("x"), tt.in))
			if diff := cmp.Diff("x"+tt.want, got); diff != "" {
				t.Errorf("AppendGeometry (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGeometryGoesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := MultiPolygon{annulus(t, city(t), 0.1, 12)}
		if rapid.Bool().Draw(t, "two parts") {
			m = append(m, annulus(t, city(t), 0.1, 12))
		}
		back := readOne(t, string(AppendGeometry(nil, m)))
		if back.Point != nil || len(back.Shape) != len(m) {
			t.Fatalf("%v came back as %v", m, back)
		}
		if d := math.Abs(back.Shape.Area() - m.Area()); d > 1e-5*m.Area() {
			t.Fatalf("%v m² came back as %v", m.Area(), back.Shape.Area())
		}
		again := AppendGeometry(nil, back.Shape)
		if diff := cmp.Diff(string(AppendGeometry(nil, m)), string(again)); diff != "" {
			t.Fatalf("written, read and written again (-first +second):\n%s", diff)
		}
	})
}

// readOne reads a text of one good feature.
func readOne(t interface{ Fatalf(string, ...any) }, text string) Feature {
	var out []Feature
	err := ReadFeatures(strings.NewReader(text), func(f Feature, err error) error {
		out = append(out, f)
		return err
	})
	if err != nil || len(out) != 1 {
		t.Fatalf("%s: %d features, %v", text, len(out), err)
	}
	return out[0]
}

func FuzzParseRing(f *testing.F) {
	f.Add("[118.103198,24.527338],[118.103224,24.527373],[118.103236,24.527366]," +
		"[118.103198,24.527338]")
	f.Add("[0,0],[2,2],[2,0],[0,2],[0,0]")
	f.Add("[1,2")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseRing(s)
		if err == nil {
			usable(t, m)
		}
	})
}

func FuzzParseWKT(f *testing.F) {
	f.Add("POLYGON ((118 24, 118.5 25, 119 24, 118 24))")
	f.Add("MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)), ((5 5, 5 6, 6 6, 5 5)))")
	f.Add("POINT Z (1 2 3)")
	f.Fuzz(func(t *testing.T, s string) {
		m, p, err := ParseWKT(s)
		switch {
		case err != nil:
		case p != nil:
			if !p.valid() || m != nil {
				t.Errorf("ParseWKT(%q) = %v, %v", s, m, p)
			}
		default:
			usable(t, m)
		}
	})
}

// usable fails unless m is what the parsers promise, and can be measured without a panic.
func usable(t *testing.T, m MultiPolygon) {
	t.Helper()
	if err := m.Check(); err != nil || len(m) == 0 {
		t.Fatalf("%v: %v", m, err)
	}
	if a := m.Area(); math.IsNaN(a) || a < 0 {
		t.Errorf("%v has %v m²", m, a)
	}
	NewZones([]Zone{{Shape: m}}).Nearest(m[0][0][0], 100)
	if _, err := Union([]MultiPolygon{m, m}); err != nil && !errors.Is(err, ErrOverlay) {
		t.Error(err)
	}
	text := string(AppendGeometry(nil, m))
	ignore := func(Feature, error) error { return nil }
	if err := ReadFeatures(strings.NewReader(text), ignore); err != nil {
		t.Errorf("%s: %v", text, err)
	}
}

func ExampleParseRing() {
	// Half the cross product of the diagonals (38, 28) and (-15, -42) millionths of a degree.
	fence, err := ParseRing("[118.103198,24.527338],[118.103224,24.527373]," +
		"[118.103236,24.527366],[118.103209,24.527331],[118.103198,24.527338]")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f m²\n", fence.Area())
	_, err = ParseRing("[118.103198,24.527338],[118.103224,24.527373],[118.103236,24.527366]")
	fmt.Println(err)
	// Output:
	// 6.6 m²
	// ring is not closed: part 1, ring 1, vertex 3 at longitude 118.103236, latitude 24.527366
}
