package city

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stint-city/stint/geo"
)

// inDatum writes the village's lattice of rides with the coordinates of another datum.
func inDatum(d geo.Datum, swapped bool) string {
	var b strings.Builder
	b.WriteString("at,y,x,who,bike\n")
	for i := range 20 {
		for j := range 20 {
			p := d.FromWGS84(geo.LatLng{
				Lat: 24.4805 + 0.001*float64(i), Lng: 118.1010 + 0.002*float64(j),
			})
			if swapped {
				p.Lat, p.Lng = p.Lng, p.Lat
			}
			fmt.Fprintf(&b, "2024-03-04 12:00:00,%.6f,%.6f,A,c%d\n", p.Lat, p.Lng, 20*i+j)
		}
	}
	return b.String()
}

// labelled gives the rides another CRS.
func labelled(crs string) []string {
	const path = "    path: rides-*.csv\n    crs: "
	return []string{path + "WGS-84", path + crs}
}

// A layer whose label is wrong is told from the right one, with figures; a right one passes.
func TestReadTestsTheDatum(t *testing.T) {
	district := func(d geo.Datum) string {
		var features []string
		names := []string{`"code":"west"`, `"code":"east","en":"East"`}
		for i, properties := range names {
			low := d.FromWGS84(geo.LatLng{Lat: 24.48, Lng: 118.10 + 0.02*float64(i)})
			high := d.FromWGS84(geo.LatLng{Lat: 24.50, Lng: 118.12 + 0.02*float64(i)})
			features = append(features,
				feature(properties, low.Lng, low.Lat, high.Lng, high.Lat))
		}
		return collection(features...)
	}
	tests := map[string]struct {
		replace []string
		change  map[string]string
		at      string   // "" = it passes
		want    []string // words of the fault
	}{
		"rides in GCJ-02 that say so": {
			replace: labelled("GCJ-02"),
			change:  map[string]string{"rides-1.csv": inDatum(geo.GCJ02, false)},
		},
		"rides in CGCS2000, which is WGS-84 to a metre": {
			replace: labelled("CGCS2000"),
		},
		"rides in GCJ-02 labelled WGS-84": {
			change: map[string]string{"rides-1.csv": inDatum(geo.GCJ02, false)},
			at:     "city.yaml:39:5",
			want:   []string{"of 401 points of rides", "as WGS-84", "100.0% if rides is in GCJ-02"},
		},
		"rides in WGS-84 labelled BD-09": {
			replace: labelled("BD-09"),
			at:      "city.yaml:39:5",
			want:    []string{"as BD-09", "100.0% if rides is in WGS-84", "if districts is in BD-09"},
		},
		"districts in GCJ-02 labelled WGS-84": {
			change: map[string]string{"districts.geojson": district(geo.GCJ02)},
			at:     "city.yaml:39:5",
			want:   []string{"100.0% if districts is in GCJ-02"},
		},
		"latitude and longitude swapped": {
			replace: []string{"lat: y, lng: x", "lat: x, lng: y"},
			at:      "city.yaml:40:5",
			want:    []string{"0.0% of 404 points", "100.0% with latitude and longitude swapped"},
		},
		"swapped in the file": {
			change: map[string]string{"rides-1.csv": inDatum(geo.WGS84, true)},
			at:     "city.yaml:40:5", want: []string{"swapped"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			change := map[string]string{"city.yaml": edited(t, tt.replace...)}
			for file, text := range tt.change {
				change[file] = text
			}
			s, err := readVillage(t, change)
			if tt.at != "" {
				checkFault(t, err, tt.at, tt.want...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkNotes(t, s.Notes)
		})
	}
}

// lint: warn turns the fault into a warning, and the plan goes on.
func TestReadWarnsOfTheDatum(t *testing.T) {
	text := edited(t, labelled("WGS-84\n    lint: warn")...)
	s := readGood(t, map[string]string{
		"city.yaml": text, "rides-1.csv": inDatum(geo.GCJ02, false),
	})
	if got := len(noted(s, "city.wrong-crs-district")); got != 1 {
		t.Errorf("%d warnings of the datum, want 1", got)
	}
}

// Where every datum puts all points inside, the label can't be tested, and the plan says so.
func TestReadSaysWhatItCannotTest(t *testing.T) {
	middle := "who,bike,at,x,y\n" + strings.Repeat("A,a1,2024-03-04 08:10:00,118.11510,24.49105\n", 50)
	text := edited(t, "rides-*.csv", "rides-2.csv",
		"compliance: {layer: rides, fences: fences, tolerances_m: [0, 15], centre: true}\n", "",
		"  - id: fences\n    kind: fences\n    path: fences.csv\n    crs: WGS-84\n", "")
	s := readGood(t, map[string]string{"city.yaml": text, "rides-2.csv": middle})
	found := false
	for _, n := range noted(s, "city.crs-untested") {
		found = found || n.Args[1] == "rides"
	}
	if !found {
		t.Error("no note says that the CRS of rides could not be tested")
	}
}

// Points beyond a coarse border are no proof against a datum: a theory must bring most of them
// home.
func TestConvicts(t *testing.T) {
	borders := reference{lead: leadDistricts}
	atFences := reference{lead: leadFences, within: byFence}
	tests := map[string]struct {
		ref              reference
		inside, declared float64
		points           int
		want             bool
	}{
		"all come home":                         {borders, 1, 0.975, 1000, true},
		"a lead of two in a thousand":           {borders, 1, 0.998, 10000, true},
		"a lead within what a few points weigh": {borders, 1, 0.995, 1000, false},
		"a quarter stays outside":               {borders, 0.97, 0.88, 1000, true},
		"half stay outside":                     {borders, 0.95, 0.90, 1000, false},
		"nobody was inside":                     {borders, 0.6, 0, 4, true},
		"nobody was inside, and few are":        {borders, 0.4, 0, 1000, false},
		"nine of ten at a fence":                {atFences, 0.87, 0.2, 1000, true},
		"a little more at a fence":              {atFences, 0.25, 0.2, 1000, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.ref.convicts(tt.inside, tt.declared, tt.points); got != tt.want {
				t.Errorf("convicts(%v, %v, %d) = %v, want %v",
					tt.inside, tt.declared, tt.points, got, tt.want)
			}
		})
	}
}
