package geo

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// openData opens a file of the shared data, or skips the test.
func openData(tb testing.TB, name string) io.Reader {
	tb.Helper()
	root := os.Getenv("STINT_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(root, filepath.FromSlash(name))
	file, err := os.Open(path)
	if err != nil {
		tb.Skipf("SKIP (loud): no real data at %s: %v; set STINT_DATA", path, err)
	}
	tb.Cleanup(func() { _ = file.Close() })
	if filepath.Ext(path) != ".gz" {
		return file
	}
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	return unzipped
}

// rows returns the rows of a CSV file below its heading.
func rows(tb testing.TB, name string) [][]string {
	tb.Helper()
	all, err := csv.NewReader(openData(tb, name)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return all[1:]
}

// point returns the point of two columns.
func point(tb testing.TB, lat, lng string) LatLng {
	tb.Helper()
	return LatLng{number(tb, lat), number(tb, lng)}
}

// number returns the number of a column.
func number(tb testing.TB, s string) float64 {
	tb.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

// xiamenFences returns the 14,071 parking fences of Xiamen.
func xiamenFences(tb testing.TB) []Zone {
	tb.Helper()
	var zones []Zone
	for _, row := range rows(tb, "xiamen/gxdc_tcd.csv.gz") {
		shape, err := ParseRing(row[1])
		if err != nil {
			tb.Fatalf("%s: %v", row[0], err)
		}
		zones = append(zones, Zone{ID: row[0], Shape: shape})
	}
	return zones
}

// shapesOf returns the shapes of zones.
func shapesOf(zones []Zone) []MultiPolygon {
	shapes := make([]MultiPolygon, len(zones))
	for i, z := range zones {
		shapes[i] = z.Shape
	}
	return shapes
}

// lock is one lock event of Xiamen's open data.
type lock struct {
	at     LatLng
	fence  string  // the source's nearest fence
	metres float64 // and its distance to the fence's centre
}

// xiamenLocks returns the lock events of three mornings.
func xiamenLocks(tb testing.TB) []lock {
	tb.Helper()
	var locks []lock
	for _, day := range []string{"21", "22", "24"} {
		for _, row := range rows(tb, "xiamen/lock_events_2020-12-"+day+".csv.gz") {
			locks = append(locks, lock{point(tb, row[1], row[2]), row[4], number(tb, row[5])})
		}
	}
	return locks
}

// zonesOf returns the good features of a GeoJSON file, and fails for a bad one.
func zonesOf(tb testing.TB, name string) []Zone {
	tb.Helper()
	var zones []Zone
	err := ReadFeatures(openData(tb, name), func(f Feature, err error) error {
		if err == nil && f.Shape != nil {
			zones = append(zones, Zone{ID: f.ID, Shape: f.Shape})
		}
		return err
	})
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return zones
}

// within fails unless got is want, give or take.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tolerance)
	}
}
