package city

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
)

// realData returns the folder of the real data: STINT_DATA, or ../shared/data beside the
// repository.
func realData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("STINT_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "xiamen")); err != nil {
		t.Skipf("SKIP (loud): no real data at %s; set STINT_DATA to the folder that holds xiamen/", dir)
	}
	return dir
}

// realCity reads a city of docs/cities.
func realCity(t testing.TB, name string) *engine.Snapshot {
	t.Helper()
	data := realData(t)
	path := filepath.Join("..", "..", "docs", "cities", name+".yaml")
	s, err := Read(t.Context(), path, Options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	checkNotes(t, s.Notes)
	return s
}

// The figures of the source: ../shared/data/xiamen/README.md.
func TestXiamen(t *testing.T) {
	s := realCity(t, "xiamen")
	fences := s.Layers[1]
	if fences.Features != 14071 || fences.Rejected != 0 {
		t.Errorf("fences = %d, refused %d; want 14,071, 0", fences.Features, fences.Rejected)
	}
	if !near(*fences.Area, 169200, 169200*0.005) || !near(*fences.Union, 164920, 164920*0.005) {
		t.Errorf("fences = %.0f m², union %.0f m²; want 169,200 and 164,920 ± 0.5 %%",
			*fences.Area, *fences.Union)
	}
	parking := 0.0
	for _, c := range s.Sectors[0].Space {
		parking += c.Parking
	}
	if places := parking / 1.2; !near(places, 137400, 137400*0.005) {
		t.Errorf("places = %.0f, want 137,400 ± 0.5 %%", places)
	}
	want := []struct {
		measure   string
		tolerance float64
		share     float64
	}{
		{"polygon", 0, 0.038},
		{"polygon", 15, 0.698},
		{"polygon", 30, 0.872},
		{"centre", 15, 0.615},
		{"centre", 30, 0.859},
	}
	for _, w := range want {
		found := false
		for _, c := range s.Compliance {
			if c.Measure == w.measure && c.Tolerance == w.tolerance {
				found = true
				if !near(c.Share, w.share, 0.005) {
					t.Errorf("within %v m of the %s: %.4f, want %.3f ± 0.005",
						w.tolerance, w.measure, c.Share, w.share)
				}
			}
		}
		if !found {
			t.Errorf("no share within %v m of the %s", w.tolerance, w.measure)
		}
	}
	if got := sum(s.Sectors[0].Observed.Hours[:]); got != 6 {
		t.Errorf("hours watched = %v, want three mornings of two", got)
	}
}

// A wrong label on any layer of Xiamen is told, whichever it is.
func TestXiamenMislabelled(t *testing.T) {
	data := realData(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "cities", "xiamen.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	layer := func(path, crs string) (string, string) {
		old := "path: xiamen/" + path + "\n    format: FORMAT\n    crs: WGS-84"
		return old, strings.Replace(old, "WGS-84", crs, 1)
	}
	tests := map[string]struct{ path, format, crs, want string }{
		"districts in WGS-84 labelled GCJ-02": {
			"districts_wgs84.geojson.gz", "geojson", "GCJ-02", "if districts is in WGS-84",
		},
		"fences labelled GCJ-02": {"gxdc_tcd.csv.gz", "csv", "GCJ-02", "if fences is in WGS-84"},
		"locks labelled GCJ-02":  {"lock_events_*.csv.gz", "csv", "GCJ-02", "if locks is in WGS-84"},
		"locks labelled BD-09":   {"lock_events_*.csv.gz", "csv", "BD-09", "if locks is in WGS-84"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			from, to := layer(tt.path, tt.crs)
			from = strings.Replace(from, "FORMAT", tt.format, 1)
			to = strings.Replace(to, "FORMAT", tt.format, 1)
			checkMislabelled(t, data, strings.Replace(string(text), from, to, 1), tt.want)
		})
	}
	t.Run("districts in GCJ-02 labelled WGS-84", func(t *testing.T) {
		checkMislabelled(t, data, strings.Replace(string(text), "districts_wgs84", "districts_gcj02", 1),
			"if districts is in GCJ-02")
	})
}

// checkMislabelled reads a city file that must be refused for its datum.
func checkMislabelled(t *testing.T, data, text, want string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(t.Context(), path, Options{Data: data})
	checkFault(t, err, "x.yaml", want, "correct the crs")
}

// The figures of the source: ../shared/data/shanghai/README.md. Its count of road segments is of
// lines; 202 of them continue a quoted field.
func TestShanghai(t *testing.T) {
	s := realCity(t, "shanghai")
	want := map[string]int{"districts": 19, "drop-offs": 65457, "pavements": 16126}
	for _, l := range s.Layers {
		if l.Features != want[l.ID] || l.Rejected != 0 {
			t.Errorf("%s = %d, refused %d; want %d, 0", l.ID, l.Features, l.Rejected, want[l.ID])
		}
	}
	if len(s.Districts) != 16 {
		t.Errorf("%d districts, want the 16 of today", len(s.Districts))
	}
	// Pudong has 5.16 km² of sidewalk; cells across its border move a few per cent of it.
	byDistrict := map[string]float64{}
	for i, c := range s.Sectors[0].Space {
		byDistrict[s.Districts[s.DistrictOf[i]].ID] += c.Sidewalk
	}
	if got := byDistrict["310115"]; !near(got, 5.16e6, 0.03*5.16e6) {
		t.Errorf("sidewalk of Pudong's cells = %.0f m², want about 5.16 km²", got)
	}
	total := 0.0
	for _, m2 := range byDistrict {
		total += m2
	}
	if !near(total, 27.42e6, 0.01e6) {
		t.Errorf("sidewalk = %.0f m², want 27.42 km², the sum of the table", total)
	}
	if got := sum(s.Sectors[0].Observed.Hours[:]); got != 24*24 {
		t.Errorf("hours watched = %v, want 24 days of 24", got)
	}
	if len(noted(s, "city.crs-untested")) != 1 {
		t.Error("no note says that the coarse districts can't test the datum")
	}
}

// The figures of the source: ../shared/data/columbus/README.md.
func TestColumbus(t *testing.T) {
	s := realCity(t, "columbus")
	layers := map[string]engine.Layer{}
	for _, l := range s.Layers {
		layers[l.ID] = l
	}
	pulls := layers["pulls"]
	if pulls.Files != 24 || pulls.Rejected != 0 {
		t.Errorf("pulls = %d, refused rows %d; want 24 of 25 (one follows by seconds), 0",
			pulls.Files, pulls.Rejected)
	}
	if mean := float64(pulls.Features) / 24; mean < 3300 || mean > 3590 {
		t.Errorf("vehicles a pull = %.0f, want 3,300 to 3,590", mean)
	}
	if layers["no-parking"].Features != 10 || layers["equity"].Features != 3 {
		t.Errorf("no-parking zones = %d, equity zones = %d; want 10, 3",
			layers["no-parking"].Features, layers["equity"].Features)
	}
	for _, sheet := range s.Sheets {
		for _, v := range sheet.Values {
			if known := v.Indicator != "trips_per_vehicle"; v.Known != known {
				t.Errorf("%s: %s known = %v, want %v", sheet.Operator, v.Indicator, v.Known, known)
			}
		}
	}
	if got := s.Sheets[1].Values[3].Why; got != "ids-renewed" {
		t.Errorf("Spin's trips are unknown for %q, want ids-renewed", got)
	}
}

func BenchmarkReadXiamen(b *testing.B) {
	data := realData(b)
	path := filepath.Join("..", "..", "docs", "cities", "xiamen.yaml")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(b.Context(), path, Options{Data: data}); err != nil {
			b.Fatal(err)
		}
	}
}
