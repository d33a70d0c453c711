package city

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// gzipped returns a text packed.
func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	fenceHead = "id,name,wkt\n"
	goodFence = "f1,Quay,\"POLYGON ((118.11 24.49, 118.12 24.49, 118.12 24.491, 118.11 24.49))\"\n"
	rideHead  = "who,bike,at,x,y\n"
	goodRide  = "A,a1,2024-03-04 08:10:00,118.11010,24.49005\n"
)

// polygon writes a row of the fences' table.
func polygon(id, points string) string { return id + ",Quay,\"POLYGON ((" + points + "))\"\n" }

// Each case breaks one file of the village. The fault names the file, where in it, and what to do.
func TestReadRefusesBadFiles(t *testing.T) {
	packed := gzipped(t, villageRides())
	tests := map[string]struct {
		file, text string // the file that is written instead; "" = it is missing
		at         string
		want       []string
	}{
		"a missing file": {
			"fences.csv", "", "city.yaml:20:5", []string{"fences.csv", "no such file", "--data"},
		},
		"an unclosed ring": {
			"fences.csv", fenceHead + "f1,Quay,\"POLYGON ((118.11 24.49, 118.12 24.49, 118.12 24.491))\"\n",
			"fences.csv:2:9",
			[]string{`"f1"`, "not closed", "first point"},
		},
		"a ring that crosses itself": {
			"fences.csv", fenceHead + goodFence +
				polygon("f2", "118.11 24.49, 118.12 24.50, 118.12 24.49, 118.11 24.50, 118.11 24.49"),
			"fences.csv:3:9",
			[]string{`"f2"`, "crosses itself", "order"},
		},
		"a shape that is a point": {
			"fences.csv", fenceHead + "f1,Quay,POINT (118.11 24.49)\n",
			"fences.csv:2:9",
			[]string{"no polygon"},
		},
		"a shape with latitude first": {
			"fences.csv", fenceHead + polygon("f1", "24.49 118.11, 24.49 118.12, 24.5 118.12, 24.49 118.11"),
			"fences.csv:2:9",
			[]string{"latitude and longitude look swapped"},
		},
		"a fence outside every district": {
			"fences.csv", fenceHead + goodFence +
				"far,Quay,\"POLYGON ((118.21 24.49, 118.22 24.49, 118.22 24.5, 118.21 24.49))\"\n",
			"fences.csv:3:10",
			[]string{`"far"`, "outside every district", "100 m"},
		},
		"a duplicate ID": {
			"fences.csv", fenceHead + goodFence + goodFence,
			"fences.csv:3:9",
			[]string{`"f1" stands twice`, "line 2"},
		},
		"a NaN in a shape": {
			"fences.csv", fenceHead + polygon("f1", "NaN 24.49, 118.12 24.49, 118.12 24.5, NaN 24.49"),
			"fences.csv:2:9",
			[]string{`"f1"`},
		},
		"a district that is a line": {
			"districts.geojson", collection(`{"type":"Feature","properties":{"code":"west"},` +
				`"geometry":{"type":"LineString","coordinates":[[118.1,24.4],[118.2,24.4]]}}`),
			"districts.geojson:2:1",
			[]string{"no polygon"},
		},
		"a district without an ID": {
			"districts.geojson", collection(feature(`"name":"West"`, 118.10, 24.48, 118.12, 24.50)),
			"districts.geojson:2:1",
			[]string{"no ID", "columns"},
		},
		"JSON that breaks off": {
			"districts.geojson", "{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":",
			"districts.geojson:2",
			[]string{"JSON", "export"},
		},
		"JSON that is none": {
			"quiet.geojson", "<html>", "quiet.geojson:1:1", []string{"JSON"},
		},
		"a table with another schema": {
			"rides-2.csv", "operator,lat,lng,start\n", "rides-2.csv:1:1",
			[]string{"lacks the columns y, x, who, at, bike", "operator, lat, lng, start"},
		},
		"a table that is empty": {
			"rides-2.csv", "", "rides-2.csv", nil, // replaced below: "" leaves the file out
		},
		"a header that is no UTF-8": {
			"pavements.csv", "\xc7\xf8,m2\nwest,1\n", "pavements.csv:1:1", []string{"UTF-8"},
		},
		"a truncated gzip": {
			"rides-1.csv", packed[:len(packed)/2], "rides-1.csv",
			[]string{"breaks off", "copy or download it again"},
		},
		"a gzip with a wrong checksum": {
			"rides-1.csv", packed[:len(packed)-8] + "\x00\x00\x00\x00" + packed[len(packed)-4:],
			"rides-1.csv",
			[]string{"damaged"},
		},
		"a gzip of nothing but its first bytes": {
			"rides-1.csv", "\x1f\x8b", "rides-1.csv", []string{"breaks off"},
		},
		"an operator nobody knows": {
			"rides-2.csv", rideHead + strings.Replace(goodRide, "A,", "lime,", 1) +
				strings.Replace(goodRide, "A,", "lime,", 1) + strings.Replace(goodRide, "A,", "bird,", 1),
			"city.yaml:36:5",
			[]string{`"lime" (2 rows), "bird" (1 row)`, "operator_of", "where"},
		},
		"a district nobody knows": {
			"pavements.csv", "district,m2\nwest,1\nnorth,2\n", "city.yaml:32:5",
			[]string{`"north" (1 row)`, "alias"},
		},
		"a negative area": {
			"pavements.csv", "district,m2\nwest,-1\n", "pavements.csv:2:6",
			[]string{"-1", `"m2"`, "negative"},
		},
		"a NaN in a table": {
			"pavements.csv", "district,m2\nwest,NaN\n", "pavements.csv:2:6", []string{"no number"},
		},
		"a text for a number": {
			"pavements.csv", "district,m2\nwest,1 000\n", "pavements.csv:2:6", []string{`"1 000"`},
		},
		"a row with too few fields": {
			"pavements.csv", "district,m2\nwest\n", "pavements.csv:2:1", []string{"1 fields", "2"},
		},
		"a quotation mark that is never closed": {
			"pavements.csv", "district,m2\nwest,1\n\"east,2\nwest,3\n", "pavements.csv:3:1",
			[]string{"not closed"},
		},
		"a layer without rows": {
			"pavements.csv", "district,m2\n", "city.yaml:34:5", []string{"pavements has no rows"},
		},
		"an empty sheet": {
			"ant.csv", "indicator,value\n", "ant.csv:1:1", []string{"sheet of ant is empty"},
		},
		"a sheet with an indicator the rubric lacks": {
			"ant.csv", "indicator,value\nordre,80\n", "ant.csv:2:1", []string{`"ordre"`, "rubric"},
		},
		"a sheet with a measured indicator": {
			"ant.csv", "indicator,value\nin_fence_share,0.9\n", "ant.csv:2:1", []string{"measured"},
		},
		"a sheet with an indicator twice": {
			"ant.csv", "indicator,value\norder,80\norder,81\n", "ant.csv:3:1", []string{"twice"},
		},
		"a sheet with a NaN": {
			"ant.csv", "indicator,value\norder,nan\n", "ant.csv:2:7", []string{"no number"},
		},
		"an interval that ends before it starts": {
			"free.csv", "start,end,lat,lng\n2024-03-04 09:00,2024-03-04 08:00,24.49005,118.11010\n",
			"free.csv:2:18",
			[]string{"before the start"},
		},
	}
	tests["a table that is empty"] = struct {
		file, text string
		at         string
		want       []string
	}{"rides-2.csv", "\ufeff", "rides-2.csv:1:1", []string{"empty", "header"}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readVillage(t, map[string]string{tt.file: tt.text})
			checkFault(t, err, tt.at, tt.want...)
		})
	}
}

// One row in a hundred may be bad; then the run stops, with the first reasons.
func TestReadBoundsBadRides(t *testing.T) {
	bad := map[string]string{
		"a date that doesn't parse": "A,a1,4 March 2024,118.11010,24.49005\n",
		"a date that doesn't exist": "A,a1,2024-02-30 08:00,118.11010,24.49005\n",
		"no date":                   "A,a1,,118.11010,24.49005\n",
		"a NaN":                     "A,a1,2024-03-04 08:10:00,NaN,24.49005\n",
		"no longitude":              "A,a1,2024-03-04 08:10:00,,24.49005\n",
		"a place off the Earth":     "A,a1,2024-03-04 08:10:00,218.1,24.49005\n",
		"a missing field":           "A,a1,2024-03-04 08:10:00,118.11010\n",
	}
	for name, row := range bad {
		t.Run(name, func(t *testing.T) {
			s := readGood(t, map[string]string{"rides-2.csv": rideHead + strings.Repeat(row, 3)})
			rides := s.Layers[5]
			if rides.Rejected != 3 || rides.Features != 403 {
				t.Errorf("rides = %d, refused %d; want 403, 3", rides.Features, rides.Rejected)
			}
			shown := 0
			for _, n := range s.Notes {
				if n.File == "rides-2.csv" && n.Line > 1 {
					shown++
				}
			}
			if shown != 3 || len(noted(s, "warning.rejected-rows")) != 1 {
				t.Errorf("%d refused rows are shown, want 3 and their sum", shown)
			}
			_, err := readVillage(t, map[string]string{"rides-2.csv": rideHead + strings.Repeat(row, 9)})
			checkFault(t, err, "rides-2.csv:2", "9 of 412 rows", "1.00%", "rides-2.csv line 3")
		})
	}
}

// Each case changes the village's city file in one place; only the data show that it is wrong.
func TestReadRefusesWhatTheDataContradict(t *testing.T) {
	tests := map[string]struct {
		replace []string
		change  map[string]string
		at      string
		want    []string
	}{
		"a pattern that nothing matches": {
			replace: []string{"rides-*.csv", "trips-*.csv"},
			at:      "city.yaml:38:5", want: []string{`"trips-*.csv"`, "--data"},
		},
		"a filter that nothing passes": {
			replace: []string{
				"path: pavements.csv\n", "path: pavements.csv\n    where: {district: south}\n",
			},
			at: "city.yaml:34:5", want: []string{"where"},
		},
		"an area nobody drew": {
			replace: []string{"id: market", "id: square"},
			at:      "city.yaml:69:12", want: []string{`"square"`, "market"},
		},
		"an area across a border": {
			change: map[string]string{
				"parts.geojson": collection(feature(`"id":"market"`, 118.115, 24.485, 118.125, 24.495)),
			},
			at: "city.yaml:69:12", want: []string{`"market"`, `"west"`, `"east"`, "cut it"},
		},
		"an area smaller than a cell": {
			change: map[string]string{
				"parts.geojson": collection(feature(`"id":"market"`, 118.1101, 24.4901, 118.1102, 24.4902)),
			},
			at: "city.yaml:69:12", want: []string{"no cell"},
		},
		"an area with a district's name": {
			replace: []string{"id: market", "id: east"},
			change: map[string]string{
				"parts.geojson": collection(feature(`"id":"east"`, 118.101, 24.481, 118.109, 24.489)),
			},
			at: "city.yaml:69:12", want: []string{`"east"`, "its own ID"},
		},
		"a district nobody drew": {
			replace: []string{"districts: [{id: west", "districts: [{id: south"},
			at:      "city.yaml:68:16", want: []string{`"south"`, "west, east"},
		},
		"a district's cap below the floors inside it": {
			replace: []string{"floor: 3, cap: 50}", "cap: 1}"},
			at:      "city.yaml:68:26", want: []string{"cap of 1", "floors of 2", "1 short"},
		},
		"a bound on a cell outside the city": {
			replace: []string{
				"areas: [{id: market, floor: 2}]",
				"cells: [{id: \"8931aa44003ffff\", cap: 1}]",
			},
			at: "city.yaml:69:12", want: []string{"8931aa44003ffff", "outside the city"},
		},
		"a resolution too fine for three decimals": {
			replace: []string{
				"resolution: 9", "resolution: 10", "areas: [{id: market, floor: 2}]", "areas: []",
				"rides-*.csv", "rides-2.csv",
			},
			change: map[string]string{"rides-2.csv": rideHead +
				strings.Repeat("A,a,2024-03-04 08:10:00,118.111,24.49\n", 20)},
			at: "city.yaml:5:1", want: []string{"3 decimals", "111 m", "resolution 10"},
		},
		"an indicator that no operator has": {
			replace: []string{"indicators: {order: 60}", "indicators: {}"},
			change:  map[string]string{"ant.csv": "indicator,value\ntidy,1\n"},
			at:      "ant.csv:2:1", want: []string{`"tidy"`},
		},
		"an indicator without data": {
			replace: []string{", sheet: ant.csv", "", "indicators: {order: 60}, ", ""},
			at:      "city.yaml:53:8", want: []string{`no operator has the indicator "order"`},
		},
		"availability without rides": {
			replace: []string{
				"  - id: rides\n    kind: rides\n    path: rides-*.csv\n", "  - id: rides\n" +
					"    kind: occupancy\n    path: rides-*.csv\n", "at, lat: y", "bike2, lat: y",
				"{time: bike2, ", "{", ", vehicle: bike}", "}", "{model: erlang, cycle_hours: 3}",
				"{model: presence}",
			},
			at: "city.yaml:42:5", want: []string{"free", "no layer of rides"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			change := map[string]string{"city.yaml": edited(t, tt.replace...)}
			for file, text := range tt.change {
				change[file] = text
			}
			_, err := readVillage(t, change)
			checkFault(t, err, tt.at, tt.want...)
		})
	}
}

// Three decimals are steps of 111 m: enough for edges of 174 m (resolution 9), not of 66 m.
func TestReadTakesAResolutionThatFits(t *testing.T) {
	rides := rideHead + strings.Repeat("A,a,2024-03-04 08:10:00,118.111,24.49\n", 20)
	for _, resolution := range []string{"resolution: 8", "resolution: 9"} {
		text := edited(t, "resolution: 9", resolution, "areas: [{id: market, floor: 2}]", "areas: []",
			"rides-*.csv", "rides-2.csv")
		change := map[string]string{"city.yaml": text, "rides-2.csv": rides}
		if _, err := readVillage(t, change); err != nil {
			t.Errorf("%s: %v", resolution, err)
		}
	}
}

// A city that isn't there has no other place to point at than its name.
func TestReadWithoutACity(t *testing.T) {
	_, err := Read(t.Context(), t.TempDir()+"/city.yaml", Options{})
	checkFault(t, err, "city.yaml", "no such file")
}
