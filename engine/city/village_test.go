package city

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// The village is a made city for tests: two districts of 2 by 2.2 km side by side in the strait
// off Xiamen, so that it matters which datum a layer is in. West is 118.10 to 118.12 E, east to
// 118.14, both 24.48 to 24.50 N.
const villageFile = `schema: 1
id: village
name: {en: Village, zh: 村}
time_zone: Asia/Shanghai
resolution: 9
sectors:
  - id: bike
    footprint_m2: 1.2
    usable_share: {low: 0.7, mid: 0.8, high: 0.9}
    sidewalk_share: 0.1
    service: {model: erlang, cycle_hours: 3}
layers:
  - id: districts
    kind: districts
    path: districts.geojson
    crs: WGS-84
    columns: {id: code, name_en: en, name_zh: zh}
  - id: fences
    kind: fences
    path: fences.csv
    crs: WGS-84
  - id: quiet
    kind: zones
    path: quiet.geojson
    crs: WGS-84
    effect: ban
  - id: parts
    kind: zones
    path: parts.geojson
    crs: WGS-84
    effect: area
  - id: pavements
    kind: sidewalk
    path: pavements.csv
    alias: {Abend: west}
  - id: rides
    kind: rides
    path: rides-*.csv
    crs: WGS-84
    columns: {time: at, lat: y, lng: x, operator: who, vehicle: bike}
    operator_of: {A: ant, B: bee}
  - id: free
    kind: availability
    path: free.csv
    crs: WGS-84
compliance: {layer: rides, fences: fences, tolerances_m: [0, 15], centre: true}
operators:
  - {id: ant, sheet: ant.csv, previous: {bike: 20}}
  - {id: bee, indicators: {order: 60}, request: {bike: 9}}
rubric:
  id: rubric
  indicators:
    - {id: order, name: {en: Order}, direction: higher, weight: 0.5, missing: mean,
       linear: {zero: 0, full: 100}}
    - id: in_fence_share
      direction: higher
      weight: 0.5
      bands: [{gte: 0.5, points: 100}, {else: true, points: 0}]
      missing: exclude
      source: observed
policy:
  id: policy
  version: "7"
  total: {bike: {max: 100, min_benefit: 0.2}}
  operators: {base: equal, merit_exponent: 1}
  matrix: {claims: use}
limits:
  districts: [{id: west, floor: 3, cap: 50}]
  areas: [{id: market, floor: 2}]
`

// feature writes a rectangle as a GeoJSON feature.
func feature(properties string, west, south, east, north float64) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon",`+
		`"coordinates":[[[%[2]v,%[3]v],[%[4]v,%[3]v],[%[4]v,%[5]v],[%[2]v,%[5]v],[%[2]v,%[3]v]]]}}`,
		properties, west, south, east, north)
}

func collection(features ...string) string {
	const head = "{\"type\":\"FeatureCollection\",\"features\":[\n"
	return head + strings.Join(features, ",\n") + "\n]}\n"
}

// box writes a rectangle as WKT.
func box(west, south, east, north float64) string {
	return fmt.Sprintf(`"POLYGON ((%[1]v %[2]v, %[3]v %[2]v, %[3]v %[4]v, %[1]v %[4]v, %[1]v %[2]v))"`,
		west, south, east, north)
}

// villageFiles returns the files of the village by name.
func villageFiles() map[string]string {
	return map[string]string{
		"city.yaml": villageFile,
		"districts.geojson": collection(
			feature(`"code":"west","en":"West","zh":"西区"`, 118.10, 24.48, 118.12, 24.50),
			feature(`"code":"east","en":"East","zh":"东区"`, 118.12, 24.48, 118.14, 24.50)),
		// The second lies half on the first.
		"fences.csv": "\ufeffid,name,wkt\n" +
			"f1,Quay," + box(118.1100, 24.4900, 118.1102, 24.4901) + "\n" +
			"f2,Quay," + box(118.1101, 24.4900, 118.1103, 24.4901) + "\n" +
			"f3,Hill," + box(118.1300, 24.4900, 118.1302, 24.4901) + "\n",
		"quiet.geojson": collection(feature(`"id":"q1"`, 118.135, 24.495, 118.139, 24.499)),
		"parts.geojson": collection(
			feature(`"id":"market","name":"Market"`, 118.101, 24.481, 118.109, 24.489)),
		"pavements.csv": "district,m2\nAbend,1000\nwest,200\nEast,600\n",
		"rides-1.csv":   villageRides(),
		"rides-2.csv":   "who,bike,at,x,y\nB,b9,2024-03-05 09:05:00,118.11010,24.49005\n",
		"free.csv": "start,end,lat,lng\n" +
			"2024-03-04 08:00,2024-03-04 09:30,24.49005,118.11010\n" +
			"2024-03-04 09:00,2024-03-04 09:30,24.49005,118.11010\n" +
			"2024-03-05T23:00:00+08:00,,24.49005,118.11010\n",
		"ant.csv": "indicator,value,samples\norder,80,12\n",
	}
}

// villageRides has two rides in the first fence on Monday 4 March 2024 at 8, one 14 m north of it
// at 9 on Tuesday, and 400 on a lattice over both districts on Monday at 12.
func villageRides() string {
	var b strings.Builder
	b.WriteString("at,y,x,who,bike\n" +
		"2024-03-04 08:10:00,24.49005,118.11010,A,a1\n" +
		"2024-03-04 08:40:00,24.49005,118.11012,A,a2\n" +
		"2024-03-05 09:05:00,24.49023,118.11010,B,b1\n")
	for i := range 20 {
		for j := range 20 {
			fmt.Fprintf(&b, "2024-03-04 12:00:00,%.5f,%.5f,A,c%d\n",
				24.4805+0.001*float64(i), 118.1010+0.002*float64(j), 20*i+j)
		}
	}
	return b.String()
}

// village writes the village with some files changed ("" = left out) and returns its folder.
func village(t testing.TB, change map[string]string) string {
	t.Helper()
	files := villageFiles()
	for name, text := range change {
		files[name] = text
	}
	dir := t.TempDir()
	for name, text := range files {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readVillage reads the village with some files changed.
func readVillage(t testing.TB, change map[string]string) (*engine.Snapshot, error) {
	t.Helper()
	return Read(t.Context(), filepath.Join(village(t, change), "city.yaml"), Options{})
}

// edited returns the village's city file with a text replaced that stands there once.
func edited(t testing.TB, replace ...string) string {
	t.Helper()
	text := villageFile
	for i := 0; i < len(replace); i += 2 {
		if n := strings.Count(text, replace[i]); n != 1 {
			t.Fatalf("%q stands %d times in the village's file", replace[i], n)
		}
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	return text
}

// checkFault fails the test unless err is a fault at the place ("file" or "file:line:column")
// with each of the words, and its message fits the catalogue.
func checkFault(t testing.TB, err error, at string, words ...string) {
	t.Helper()
	var fault *strict.Fault
	if !errors.As(err, &fault) || !errors.Is(err, strict.ErrInput) {
		t.Fatalf("error = %v, want a *strict.Fault that is strict.ErrInput", err)
	}
	if !strings.HasPrefix(err.Error(), at+":") {
		t.Errorf("error = %q, want it at %s", err, at)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error = %q, want %q in it", err, word)
		}
	}
	var own *lang.Error
	if !errors.As(err, &own) {
		t.Fatalf("error = %v has no message of the catalogue", err)
	}
	if err := own.Message.Check(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(strings.TrimSuffix(err.Error(), "."), ". "); n > 0 {
		t.Errorf("error = %q, which is no single sentence", err)
	}
}

// checkNotes fails the test if a note doesn't fit the catalogue.
func checkNotes(t testing.TB, notes []engine.Note) {
	t.Helper()
	for _, n := range notes {
		if err := lang.M(n.ID, n.Args...).Check(); err != nil {
			t.Error(err)
		}
		if n.Kind != "warning" && n.Kind != "assumption" {
			t.Errorf("note %s is of kind %q", n.ID, n.Kind)
		}
	}
}

// noted returns the notes with an ID.
func noted(s *engine.Snapshot, id string) []engine.Note {
	var list []engine.Note
	for _, n := range s.Notes {
		if n.ID == id {
			list = append(list, n)
		}
	}
	return list
}
