package forecast

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stint-city/stint/geo"
)

// readReal reads a gzipped table of ../shared/data, or skips the test where it isn't at hand.
func readReal(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("SKIP (loud): no real data at %s: %v", path, err)
	}
	defer func() { _ = file.Close() }() // read only
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

const realData = "../../../shared/data"

// counter counts by cell and hour.
type counter struct {
	first time.Time
	hours int
	cells map[geo.Cell][]float64
	known []bool
	order []geo.Cell
}

// history returns what was counted: 0 in the hours that are known, NaN in the others.
func (x *counter) history() History {
	h := History{Phase: (int(x.first.Weekday()+6)%7)*24 + x.first.Hour()}
	regions := map[geo.Cell]int{}
	for _, c := range x.order {
		row := x.cells[c]
		for t := range row {
			if !x.known[t] {
				row[t] = math.NaN()
			}
		}
		h.Counts = append(h.Counts, row)
		parent, _ := c.Parent(c.Resolution() - 2)
		if _, seen := regions[parent]; !seen {
			regions[parent] = len(regions)
		}
		h.Region = append(h.Region, regions[parent])
	}
	return h
}

func newCounter(first time.Time, hours int) *counter {
	return &counter{
		first: first, hours: hours, cells: map[geo.Cell][]float64{}, known: make([]bool, hours),
	}
}

func (x *counter) add(t *testing.T, lat, lng string, hour int) {
	t.Helper()
	p := geo.LatLng{}
	var err error
	if p.Lat, err = strconv.ParseFloat(lat, 64); err == nil {
		p.Lng, err = strconv.ParseFloat(lng, 64)
	}
	if err != nil || hour < 0 || hour >= x.hours {
		return // dirt of the source
	}
	c, err := geo.CellAt(p, 8)
	if err != nil {
		t.Fatal(err)
	}
	if x.cells[c] == nil {
		x.cells[c] = make([]float64, x.hours)
		x.order = append(x.order, c)
	}
	x.cells[c][hour]++
}

func tell(t *testing.T, r Report) {
	t.Helper()
	for _, s := range r.Scores {
		if s.Why != nil {
			t.Logf("%-12s %v", s.Method, s.Why)
			continue
		}
		t.Logf("%-12s n %d WAPE %.3f (floor %.3f) CRPS %.4f skill %+.3f coverage %.3f size %.1f",
			s.Method, s.Counts, s.WAPE, s.Floor, s.CRPS, s.Skill, s.Coverage, s.Size)
	}
	t.Logf("best: %s", r.Best)
}

// The last three days of Shanghai's drop-offs in August 2016, H3 resolution 8: the method chosen
// must beat the weekday's hour, as the month's growth alone allows.
func TestShanghai(t *testing.T) {
	rows := readReal(t, filepath.Join(realData, "shanghai", "dropoffs_2016-08-01_24.csv.gz"))
	x := newCounter(time.Date(2016, 8, 1, 0, 0, 0, 0, time.UTC), 24*24)
	for i := range x.known {
		x.known[i] = true
	}
	for _, row := range rows[1:] {
		at, err := time.Parse("2006/1/2 15:04", row[2])
		if err != nil {
			t.Fatal(err)
		}
		if at.Before(x.first) {
			continue
		}
		x.add(t, row[4], row[3], int(at.Sub(x.first).Hours()))
	}
	r, err := Backtest(x.history(), Options{Horizon: 72})
	if err != nil {
		t.Fatal(err)
	}
	tell(t, r)
	for _, s := range r.Scores {
		if s.Method == r.Best && s.Skill <= 0 {
			t.Errorf("the best, %s, is no better than the weekday's hour", s.Method)
		}
		if s.Method == Pooled && (s.Why != nil || s.Coverage < 0.7) {
			t.Errorf("pooled: %+v", s)
		}
	}
}

// The last recorded pull of Columbus from the 24 before: pulls are irregular, so that what needs
// the hours of the week is not computable and says so; the others stand beside the last value.
func TestColumbus(t *testing.T) {
	folder := filepath.Join(realData, "columbus", "fleet")
	files, _ := filepath.Glob(filepath.Join(folder, "*.csv.gz"))
	if len(files) == 0 {
		t.Skipf("SKIP (loud): no real data at %s", folder)
	}
	pull := func(path string) time.Time {
		name := strings.TrimSuffix(filepath.Base(path), ".csv.gz")
		at, err := time.Parse("columbus_scooters_20060102T150405Z", name)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := pull(files[0]).Truncate(time.Hour)
	last := int(pull(files[len(files)-1]).Sub(first).Hours())
	x := newCounter(first, last+1)
	for _, path := range files {
		hour := int(pull(path).Sub(first).Hours())
		if x.known[hour] {
			continue // a second pull in one hour
		}
		x.known[hour] = true
		for _, row := range readReal(t, path)[1:] {
			x.add(t, row[3], row[4], hour)
		}
	}
	r, err := Backtest(x.history(), Options{Horizon: 1})
	if err != nil {
		t.Fatal(err)
	}
	tell(t, r)
	for _, s := range r.Scores {
		irregular := s.Method == WeekdayHour || s.Method == Pooled
		if irregular != (s.Why != nil && s.Why.Code == "holes") {
			t.Errorf("%s: %v", s.Method, s.Why)
		}
	}
	if r.Reference != Last {
		t.Errorf("compared with %s", r.Reference)
	}
}
