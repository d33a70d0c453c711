package city

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/strict"
)

// openVillage reads the village up to its zones, so that a decoder can be tried by itself.
func openVillage(t testing.TB) (*reading, error) {
	t.Helper()
	dir := village(t, nil)
	r := &reading{ctx: t.Context(), root: os.DirFS(dir)}
	if err := r.readFile(filepath.Join(dir, "city.yaml"), dir); err != nil {
		return nil, err
	}
	for _, step := range []func() error{r.readDistricts, r.readFences, r.readZones, r.makeRoom} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// tame fails the test unless err is nil or a fault of the input.
func tame(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, strict.ErrInput) {
		t.Fatalf("error = %v, which is no strict.ErrInput", err)
	}
	if err != nil && strings.TrimSpace(err.Error()) == "" {
		t.Fatal("an error without a sentence")
	}
}

// Whatever a table of rides holds, each row is taken or refused, and those taken lie in the counts.
func FuzzRides(f *testing.F) {
	f.Add([]byte("at,y,x,who,bike\n2024-03-04 08:10:00,24.49005,118.11010,A,a1\n"))
	f.Add([]byte("\ufeffwho,bike,at,x,y\n\"A\",,1469982180,118.1,NaN\nB,b,2024/3/4 8:10,1e2,24\n"))
	f.Add([]byte("at,y,x,who,bike\n\"\n,,,,\n"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	l := rideReader(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		l := &rideRead{pointRead: l.newPoints(l.layer)}
		tame(t, l.readStream(strings.NewReader(string(data))))
		if l.stat.Features+l.stat.Rejected != l.rows {
			t.Fatalf("%d taken and %d refused of %d rows", l.stat.Features, l.stat.Rejected, l.rows)
		}
		if l.stat.Outside > l.stat.Features {
			t.Fatalf("%d outside of %d taken", l.stat.Outside, l.stat.Features)
		}
	})
}

// Whatever a table of shapes holds, what is taken is a shape that can be measured.
func FuzzShapeTable(f *testing.F) {
	f.Add([]byte("id,ring\na,\"[118.11,24.49],[118.12,24.49],[118.12,24.5],[118.11,24.49]\"\n"))
	f.Add([]byte("id,wkt\na,\"POLYGON ((118.11 24.49, 118.12 24.49, 118.12 24.5, 118.11 24.49))\"\n"))
	f.Add([]byte("ring\n[[\n"))
	r, err := openVillage(f)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := r.newLayer(r.file.layersOf(fences)[0])
		src := newSource(r.ctx, "fuzz.csv", strings.NewReader(string(data)), 0, nil)
		tame(t, l.tableShapes(src, func(s shape) *refusal {
			if area := s.area.Area(); s.id == "" || !(area >= 0) {
				t.Fatalf("shape %q of %v m²", s.id, area)
			}
			return nil
		}))
	})
}

// Whatever JSON holds, an element is a feature or has an error, and broken JSON is a fault.
func FuzzJSONFeatures(f *testing.F) {
	f.Add([]byte(`{"x":{"y":[{"name":"n","geometry":` + square + `},{"geometry":null},3]}}`))
	f.Add([]byte(`{"x":{"y":[{"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[0,0]]]]}}]}}`))
	f.Add([]byte(`{"x":`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		_ = jsonFeatures(strings.NewReader(string(data)), [][]string{{"x", "y"}}, keepAll,
			func(e element, err error) {
				n++
				if e.Number != n || e.Line < 1 || e.Column < 1 {
					t.Fatalf("element %d is number %d at %d:%d", n, e.Number, e.Line, e.Column)
				}
				if err == nil && e.Shape.Check() != nil {
					t.Fatalf("element %d is taken with a shape that fails its check", n)
				}
			})
	})
}

// A time that is read is one moment, wherever it is local.
func FuzzMoment(f *testing.F) {
	for _, text := range []string{"2016/8/1 0:23", "1469982180", "2016-08-01T00:23:00Z", "-1", "T"} {
		f.Add(text)
	}
	zone := zoneOf(f, "Asia/Shanghai")
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := moment(text, zone)
		if !ok {
			return
		}
		if h := hourOfWeek(at); h < 0 || h > 167 {
			t.Fatalf("%q is in hour %d of the week", text, h)
		}
	})
}

// A split never panics and picks one of its operators, whatever the value.
func FuzzSplit(f *testing.F) {
	f.Add("bike", 0.5)
	f.Fuzz(func(t *testing.T, value string, share float64) {
		if !(share > 0 && share < 1) {
			return
		}
		s := Split{Shares: []Part{{"a", share}, {"b", 1 - share}}}
		if got := s.pick(value); got != "a" && got != "b" {
			t.Fatalf("pick = %q", got)
		}
	})
}
