package city

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/scoring"
)

// rectangle returns the m² between two meridians and two parallels, by the formula of the sphere's
// zone: R² Δλ (sin φ2 - sin φ1).
func rectangle(west, south, east, north float64) float64 {
	const rad = math.Pi / 180
	return geo.Radius * geo.Radius * (east - west) * rad *
		(math.Sin(north*rad) - math.Sin(south*rad))
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// readGood reads the village, which must succeed.
func readGood(t *testing.T, change map[string]string) *engine.Snapshot {
	t.Helper()
	s, err := readVillage(t, change)
	if err != nil {
		t.Fatal(err)
	}
	checkNotes(t, s.Notes)
	return s
}

// cellOf returns the index of the cell that holds a point.
func cellOf(t *testing.T, s *engine.Snapshot, lat, lng float64) int {
	t.Helper()
	i, ok := s.Grid.At(geo.LatLng{Lat: lat, Lng: lng})
	if !ok {
		t.Fatalf("no cell at %v, %v", lat, lng)
	}
	return i
}

func TestReadMeasuresTheGround(t *testing.T) {
	s := readGood(t, nil)
	one := rectangle(118.1100, 24.4900, 118.1102, 24.4901)
	fences := s.Layers[1]
	if fences.Features != 3 || !near(*fences.Area, 3*one, 0.01) ||
		!near(*fences.Union, 2.5*one, 0.01) {
		t.Errorf("fences = %d, %.2f m², union %.2f m²; want 3, %.2f, %.2f",
			fences.Features, *fences.Area, *fences.Union, 3*one, 2.5*one)
	}
	parking, sidewalk, banned := 0.0, 0.0, 0.0
	for _, c := range s.Sectors[0].Space {
		parking += c.Parking
		sidewalk += c.Sidewalk
		banned += c.Banned * c.Area
	}
	if !near(parking, 2.5*one, 0.01) {
		t.Errorf("parking in all cells = %.2f m², want the union, %.2f", parking, 2.5*one)
	}
	if !near(sidewalk, 1800, 1e-6) {
		t.Errorf("sidewalk in all cells = %v m², want 1000 + 200 + 600", sidewalk)
	}
	quiet := rectangle(118.135, 24.495, 118.139, 24.499)
	if !near(banned, quiet, quiet*1e-6) {
		t.Errorf("banned ground in all cells = %.0f m², want the zone's %.0f", banned, quiet)
	}
}

// Without a layer that tells, ground is unknown, not nothing.
func TestReadKeepsUnknownGroundUnknown(t *testing.T) {
	text := edited(t, "  - id: pavements\n    kind: sidewalk\n    path: pavements.csv\n"+
		"    alias: {Abend: west}\n", "",
		"  - id: fences\n    kind: fences\n    path: fences.csv\n    crs: WGS-84\n", "",
		"compliance: {layer: rides, fences: fences, tolerances_m: [0, 15], centre: true}\n", "")
	s := readGood(t, map[string]string{"city.yaml": text})
	for _, c := range s.Sectors[0].Space {
		if !math.IsNaN(c.Parking) || !math.IsNaN(c.Sidewalk) || c.Cap != -1 || c.Zone != -1 {
			t.Fatalf("space = %+v, want unknown ground and no limits", c)
		}
	}
	v := s.Sheets[0].Values[1]
	want := scoring.Value{Indicator: "in_fence_share", Why: "no-fences"}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Errorf("in_fence_share without fences (-want +got):\n%s", diff)
	}
}

func TestReadCountsDemand(t *testing.T) {
	s := readGood(t, nil)
	i := cellOf(t, s, 24.49005, 118.11010)
	o := s.Sectors[0].Observed
	// Monday 8 h: two rides in the fence. Tuesday 9 h: one beside it, and one of the other file in it.
	if got := o.Events[i][8]; got != 2 {
		t.Errorf("rides on Monday at 8 = %d, want 2", got)
	}
	if got := o.Events[i][24+9]; got != 2 {
		t.Errorf("rides on Tuesday at 9 = %d, want 2", got)
	}
	for h, hours := range o.Hours {
		want := 0.0
		if h < 48 { // Monday and Tuesday, once each
			want = 1
		}
		if hours != want {
			t.Errorf("hours watched in hour %d of the week = %v, want %v", h, hours, want)
		}
	}
	total := 0
	for _, counts := range o.Events {
		for _, n := range counts {
			total += int(n)
		}
	}
	if total != 404 || s.Layers[5].Features != 404 {
		t.Errorf("rides = %d in cells, %d features; want 404", total, s.Layers[5].Features)
	}
	use := s.Sectors[0].Use
	if len(use) != 2 || use[1][i] != 2 {
		t.Errorf("bee's rides in the cell = %v, want 2", use[1][i])
	}
}

// Two vehicles that stand at the same time give no more time than one.
func TestReadCountsAvailableHoursOnce(t *testing.T) {
	s := readGood(t, nil)
	i := cellOf(t, s, 24.49005, 118.11010)
	usable := s.Sectors[0].Observed.Usable
	tests := map[int]float32{7: 0, 8: 1, 9: 0.5, 10: 0, 24 + 22: 0, 24 + 23: 1}
	for hour, want := range tests {
		if got := usable[i][hour]; !near(float64(got), float64(want), 1e-6) {
			t.Errorf("usable in hour %d = %v, want %v", hour, got, want)
		}
	}
}

func TestReadMeasuresCompliance(t *testing.T) {
	s := readGood(t, nil)
	// In a fence: two on Monday, one of the second file. 14.5 m off: one. None of the lattice is near.
	// The first and the second file's are at the very centre, the third 2 m from it, the fourth 20 m.
	want := []engine.Compliance{
		{Layer: "rides", Measure: "polygon", Tolerance: 0, Share: 3.0 / 404, Within: 3, Of: 404},
		{Layer: "rides", Measure: "polygon", Tolerance: 15, Share: 4.0 / 404, Within: 4, Of: 404},
		{Layer: "rides", Measure: "centre", Tolerance: 0, Share: 2.0 / 404, Within: 2, Of: 404},
		{Layer: "rides", Measure: "centre", Tolerance: 15, Share: 3.0 / 404, Within: 3, Of: 404},
	}
	if diff := cmp.Diff(want, s.Compliance); diff != "" {
		t.Errorf("compliance (-want +got):\n%s", diff)
	}
}

func TestReadPlacesCellsAndBounds(t *testing.T) {
	s := readGood(t, nil)
	sector := s.Sectors[0]
	want := []quota.Node{
		{ID: "village", Parent: -1, Cap: -1},
		{ID: "west", Parent: 0, Floor: 3, Cap: 50},
		{ID: "east", Parent: 0, Cap: -1},
		{ID: "market", Parent: 1, Floor: 2, Cap: -1},
	}
	if diff := cmp.Diff(want, sector.Nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	for name, tt := range map[string]struct {
		lat, lng       float64
		district, node int
	}{
		"in the market":            {24.485, 118.105, 0, 3},
		"in the west, not in it":   {24.495, 118.105, 0, 1},
		"in the east":              {24.495, 118.130, 1, 2},
		"on a cell at the outside": {24.4801, 118.1395, 1, 2},
	} {
		i := cellOf(t, s, tt.lat, tt.lng)
		if s.DistrictOf[i] != tt.district || sector.NodeOf[i] != tt.node {
			t.Errorf("%s: district %d, node %d; want %d, %d",
				name, s.DistrictOf[i], sector.NodeOf[i], tt.district, tt.node)
		}
	}
}

func TestReadTakesTheRest(t *testing.T) {
	s := readGood(t, nil)
	if s.PolicyVersion != "7" || s.Sectors[0].Max != 100 || s.Sectors[0].MinBenefit != 0.2 {
		t.Errorf("policy = %q, max %d, min benefit %v", s.PolicyVersion, s.Sectors[0].Max,
			s.Sectors[0].MinBenefit)
	}
	wantOperators := []engine.Operator{
		{ID: "ant", Licensed: []bool{true}, Previous: []int{20}, Request: []int{-1}},
		{ID: "bee", Licensed: []bool{true}, Previous: []int{-1}, Request: []int{9}},
	}
	if diff := cmp.Diff(wantOperators, s.Operators); diff != "" {
		t.Errorf("operators (-want +got):\n%s", diff)
	}
	wantSheets := []scoring.Sheet{
		{Operator: "ant", Values: []scoring.Value{
			{Indicator: "order", Value: 80, Known: true, Samples: 12},
			{Indicator: "in_fence_share", Value: 2.0 / 402, Known: true, Samples: 402},
		}},
		{Operator: "bee", Values: []scoring.Value{
			{Indicator: "order", Value: 60, Known: true},
			{Indicator: "in_fence_share", Value: 0.5, Known: true, Samples: 2},
		}},
	}
	if diff := cmp.Diff(wantSheets, s.Sheets); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	wantLabels := map[string]engine.Name{
		"village": {En: "Village", Zh: "村"}, "west": {En: "West", Zh: "西区"},
		"east": {En: "East", Zh: "东区"}, "market": {En: "Market"}, "order": {En: "Order"},
	}
	if diff := cmp.Diff(wantLabels, s.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

// Every file that is read is an input with the hash of its bytes, in the order of the city file.
func TestReadHashesItsInputs(t *testing.T) {
	dir := village(t, nil)
	heard := map[string]int64{}
	s, err := Read(t.Context(), filepath.Join(dir, "city.yaml"), Options{
		Progress: func(stage string, done, total int64) { heard[stage] = done },
	})
	if err != nil {
		t.Fatal(err)
	}
	var roles []string
	for _, in := range s.Inputs {
		data, err := os.ReadFile(filepath.Join(dir, in.Path))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if in.SHA256 != hex.EncodeToString(sum[:]) || in.Bytes != int64(len(data)) {
			t.Errorf("%s: hash or size is not the file's", in.Path)
		}
		roles = append(roles, in.Role)
	}
	want := []string{
		"city", "districts", "fences", "quiet", "parts", "pavements", "rides", "rides", "free",
		"sheet:ant",
	}
	if diff := cmp.Diff(want, roles); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	if heard["fences"] == 0 || heard["sheet:ant"] == 0 {
		t.Errorf("progress = %v, want it for each layer and sheet", heard)
	}
}

// A data folder apart from the city file, and nothing of the machine's paths in the snapshot.
func TestReadWithADataFolder(t *testing.T) {
	dir := village(t, nil)
	apart := filepath.Join(t.TempDir(), "v.yaml")
	if err := os.Rename(filepath.Join(dir, "city.yaml"), apart); err != nil {
		t.Fatal(err)
	}
	s, err := Read(t.Context(), apart, Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	if s.Inputs[0].Path != "v.yaml" || s.Inputs[1].Path != "districts.geojson" {
		t.Errorf("paths = %q, %q; want v.yaml, districts.geojson", s.Inputs[0].Path, s.Inputs[1].Path)
	}
}

func TestReadIsDeterministic(t *testing.T) {
	first, second := asJSON(t, readGood(t, nil)), asJSON(t, readGood(t, nil))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two readings differ (-first +second):\n%s", diff)
	}
}

// asJSON writes what a snapshot holds apart from its grid, NaN as -1.
func asJSON(t *testing.T, s *engine.Snapshot) string {
	t.Helper()
	out := *s
	out.Grid = nil
	out.Rubric.Pass = -1
	data, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Read(ctx, filepath.Join(village(t, nil), "city.yaml"), Options{})
	if !errors.Is(err, context.Canceled) || errors.Is(err, strict.ErrInput) {
		t.Errorf("error = %v, want the context's, which is no fault of the input", err)
	}
}

// Points outside every district are counted apart and don't make demand.
func TestReadLeavesOutsidersOut(t *testing.T) {
	far := "who,bike,at,x,y\nA,z,2024-03-04 08:00:00,118.2,24.6\n" +
		"A,z,2024-03-06 08:00:00,118.1001,24.4999\n"
	s := readGood(t, map[string]string{"rides-2.csv": far})
	rides := s.Layers[5]
	if rides.Features != 405 || rides.Outside != 1 {
		t.Errorf("rides = %d, outside %d; want 405, 1", rides.Features, rides.Outside)
	}
	if len(noted(s, "city.outside")) != 1 {
		t.Error("no note says so")
	}
}

func TestReadTakesGzipByContent(t *testing.T) {
	plain := readGood(t, nil)
	packed := readGood(t, map[string]string{"rides-1.csv": gzipped(t, villageRides())})
	if diff := cmp.Diff(plain.Sectors[0].Observed, packed.Sectors[0].Observed); diff != "" {
		t.Errorf("packed rides read otherwise (-plain +packed):\n%s", diff)
	}
}

// A ride told by its start and duration counts where and when it ends.
func TestReadAddsMinutes(t *testing.T) {
	text := edited(t, "vehicle: bike}\n", "vehicle: bike, minutes: long}\n    counts: end\n",
		"path: rides-*.csv", "path: rides-2.csv")
	data := "who,bike,at,long,x,y\nA,z,2024/3/4 23:50,15,118.11010,24.49005\n"
	s := readGood(t, map[string]string{"city.yaml": text, "rides-2.csv": data})
	i := cellOf(t, s, 24.49005, 118.11010)
	o := s.Sectors[0].Observed
	if o.Events[i][24] != 1 || o.Hours[24] != 0 || o.Hours[23] != 1 {
		t.Errorf("Tuesday 0 h: %d rides, %v hours; Monday 23 h: %v hours; want 1, 0, 1",
			o.Events[i][24], o.Hours[24], o.Hours[23])
	}
	if got := strings.Join([]string{s.Layers[5].FirstTime, s.Layers[5].LastTime}, " to "); got !=
		"2024-03-05 00:05:00 to 2024-03-05 00:05:00" {
		t.Errorf("times = %s", got)
	}
}
