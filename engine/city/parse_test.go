package city

import (
	"errors"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/strict"
)

// minimal is the least city file: every required key and nothing else.
const minimal = `schema: 1
id: dot
name: {en: Dot}
time_zone: Asia/Shanghai
resolution: 9
sectors:
  - id: bike
    footprint_m2: 1.2
    usable_share: 0.8
    service: {model: erlang, cycle_hours: 3}
layers:
  - id: districts
    kind: districts
    path: districts.geojson
    crs: WGS-84
  - id: rides
    kind: rides
    path: rides.csv
    crs: GCJ-02
operators:
  - id: ant
    indicators: {order: 80}
rubric:
  id: one
  indicators:
    - id: order
      direction: higher
      weight: 1
      linear: {zero: 0, full: 100}
      missing: unknown
policy:
  id: p
  operators: {base: equal, merit_exponent: 1}
  matrix: {claims: equal}
`

func TestParseTakesTheLeastFile(t *testing.T) {
	f, err := Parse("dot.yaml", []byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if f.TieSeed != 1 || f.Sectors[0].SpaceShare != 1 || f.Sectors[0].PriorHours != 2 {
		t.Errorf("defaults = seed %d, space share %v, prior hours %v; want 1, 1, 2",
			f.TieSeed, f.Sectors[0].SpaceShare, f.Sectors[0].PriorHours)
	}
	want := Range{Low: 0.8, Mid: 0.8, High: 0.8}
	if f.Sectors[0].UsableShare != want {
		t.Errorf("usable_share 0.8 = %v, want %v", f.Sectors[0].UsableShare, want)
	}
	if f.Layers[0].Format != formatGeo {
		t.Errorf("format of districts.geojson = %q, want %q", f.Layers[0].Format, formatGeo)
	}
}

// Each case changes the least file in one place; the fault names that place.
func TestParseNamesTheFault(t *testing.T) {
	tests := map[string]struct {
		old, new string   // what is written instead
		at       string   // line:column
		want     []string // words of the sentence
	}{
		"a file of another schema": {
			"schema: 1", "schema: 2",
			"1:1",
			[]string{"2", "1"},
		},
		"an ID with a capital": {
			"id: dot", "id: Dot",
			"2:1",
			[]string{`"Dot"`, "lower-case"},
		},
		"a repeated key": {
			"id: dot", "id: dot\nid: dot",
			"3:1",
			[]string{"twice", "line 2"},
		},
		"a misspelt key": {
			"resolution:", "resoluton:",
			"5:1",
			[]string{`did you mean "resolution"?`},
		},
		"a key without its unit": {
			"footprint_m2:", "footprint:",
			"8:5",
			[]string{`"footprint_m2"`},
		},
		"a key from nowhere": {
			"id: dot", "id: dot\nmoney: 3",
			"3:1",
			[]string{"the keys are", "time_zone"},
		},
		"a number with a unit": {
			"1.2", "1.2 m2",
			"8:5",
			[]string{"footprint_m2", "1.2 m2", "number alone"},
		},
		"a number in quotation marks": {
			"1.2", `"1.2"`,
			"8:5",
			[]string{"bare number"},
		},
		"a whole number with a fraction": {
			"resolution: 9", "resolution: 9.5",
			"5:1",
			[]string{"whole number"},
		},
		"a number in octal digits": {
			"resolution: 9", "resolution: 010",
			"5:1",
			[]string{"decimal"},
		},
		"a text that looks like a number": {
			"id: dot", "id: 12",
			"2:1",
			[]string{"quotation marks"},
		},
		"a NaN": {
			"1.2", ".nan",
			"8:5",
			[]string{".nan", "no number"},
		},
		"an infinite number": {
			"1.2", ".inf",
			"8:5",
			[]string{"no number"},
		},
		"a list for a mapping": {
			"{en: Dot}", "[Dot]",
			"3:1",
			[]string{"mapping"},
		},
		"a mapping for a list": {
			"operators:\n  - id: ant\n    indicators: {order: 80}", "operators: {id: ant}",
			"20:1",
			[]string{"list"},
		},
		"an anchor": {
			"{en: Dot}", "&n {en: Dot}",
			"3:1",
			[]string{"anchors"},
		},
		"broken YAML": {
			"{en: Dot}", "{en: Dot",
			"",
			[]string{"not YAML"},
		},
		"an unknown time zone": {
			"Asia/Shanghai", "Asia/Xiamen",
			"4:1",
			[]string{`"Asia/Xiamen"`, "IANA"},
		},
		"the machine's own time zone": {
			"Asia/Shanghai", "Local",
			"4:1",
			[]string{"IANA"},
		},
		"a resolution too coarse": {
			"resolution: 9", "resolution: 6",
			"5:1",
			[]string{"6", "7", "10"},
		},
		"a missing key": {
			"time_zone: Asia/Shanghai\n", "",
			"1:1",
			[]string{`"time_zone"`, "missing"},
		},
		"a missing key of a list's item": {
			"    footprint_m2: 1.2\n", "",
			"7:5",
			[]string{`"footprint_m2"`},
		},
		"a negative footprint": {
			"1.2", "-1.2",
			"8:5",
			[]string{"-1.2", "above 0"},
		},
		"a share above 1": {
			"usable_share: 0.8", "usable_share: 8",
			"9:5",
			[]string{"between 0 and 1"},
		},
		"a range out of order": {
			"usable_share: 0.8", "usable_share: {low: 0.9, mid: 0.8, high: 1}",
			"9:5",
			[]string{"ascending"},
		},
		"a range without its middle": {
			"usable_share: 0.8", "usable_share: {low: 0.9, high: 1}",
			"9:5",
			[]string{`"mid"`},
		},
		"a model nobody knows": {
			"model: erlang", "model: queue",
			"10:15",
			[]string{"queue", "erlang, newsvendor, presence"},
		},
		"erlang without its cycle": {
			", cycle_hours: 3", "",
			"10:5",
			[]string{"cycle_hours"},
		},
		"a setting its model doesn't use": {
			"cycle_hours: 3", "cycle_hours: 3, day_parts: [0]",
			"10:46",
			[]string{"no effect"},
		},
		"a layer without a CRS": {
			"    crs: WGS-84\n", "",
			"12:5",
			[]string{"never guessed"},
		},
		"a CRS nobody knows": {
			"WGS-84", "WGS-48",
			"15:5",
			[]string{"WGS-48", "GCJ-02"},
		},
		"a path out of the data folder": {
			"path: districts.geojson", "path: ../districts.geojson",
			"14:5",
			[]string{"data folder"},
		},
		"an absolute path": {
			"path: districts.geojson", "path: /districts.geojson",
			"14:5",
			[]string{"data folder"},
		},
		"no districts": {
			"kind: districts", "kind: fences",
			"11:1",
			[]string{"kind districts"},
		},
		"a key another kind has": {
			"    crs: WGS-84", "    crs: WGS-84\n    counts: end",
			"16:5",
			[]string{"counts", "kind: districts"},
		},
		"a column another kind has": {
			"    crs: WGS-84", "    crs: WGS-84\n    columns: {time: t}",
			"16:15",
			[]string{`"time"`, "id, name"},
		},
		"an indicator the rubric lacks": {
			"indicators: {order: 80}", "indicators: {ordre: 80}",
			"22:18",
			[]string{`"ordre"`, "order"},
		},
		"a negative quota": {
			"indicators: {order: 80}", "previous: {bike: -1}",
			"22:16",
			[]string{"0 or more"},
		},
		"a quota of no sector": {
			"indicators: {order: 80}", "previous: {boat: 1}",
			"22:16",
			[]string{`"boat"`, "bike"},
		},
		"weights that don't sum to 1": {
			"weight: 1", "weight: 0.9",
			"25:3",
			[]string{"sum to 1", "0.9"},
		},
		"a scale against its direction": {
			"direction: higher", "direction: lower",
			"29:7",
			[]string{"contradicts the direction"},
		},
		"no scale": {
			"      linear: {zero: 0, full: 100}\n", "",
			"26:7",
			[]string{"linear or bands"},
		},
		"a rule for missing data unstated": {
			"      missing: unknown\n", "",
			"26:7",
			[]string{`"missing"`},
		},
		"a pool whose rest has no owner": {
			"merit_exponent: 1", "merit_exponent: 1, entrant_pool: 0.1",
			"33:3",
			[]string{"pool_unused"},
		},
		"a base nobody knows": {
			"base: equal", "base: fleet",
			"33:15",
			[]string{"previous, equal"},
		},
		"a duplicate operator": {
			"operators:\n", "operators:\n  - id: ant\n",
			"22:5",
			[]string{`"ant"`, "line 21"},
		},
		"a district's cap below its floor": {
			"policy:\n", "limits: {districts: [{id: d, floor: 12, cap: 10}]}\npolicy:\n", "31:41",
			[]string{"cap of 10", "floor of 12", "2 short"},
		},
		"a bound on a cell of another size": {
			"policy:\n", "limits: {cells: [{id: \"8a2a1072b59ffff\", cap: 1}]}\npolicy:\n", "31:19",
			[]string{"resolution 10", "9"},
		},
		"two documents": {
			"policy:\n", "---\npolicy:\n",
			"32:1",
			[]string{"second"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if strings.Count(minimal, tt.old) != 1 {
				t.Fatalf("%q stands %d times in the least file", tt.old, strings.Count(minimal, tt.old))
			}
			_, err := Parse("dot.yaml", []byte(strings.Replace(minimal, tt.old, tt.new, 1)))
			at := "dot.yaml"
			if tt.at != "" {
				at += ":" + tt.at
			}
			checkFault(t, err, at, tt.want...)
		})
	}
}

func TestParseRefusesWhatIsNoMapping(t *testing.T) {
	for _, data := range []string{"", "# nothing\n", "- a\n", "text", "{", "\x00", "a: b: c"} {
		if _, err := Parse("x.yaml", []byte(data)); !errors.Is(err, strict.ErrInput) {
			t.Errorf("Parse(%q) = %v, want an strict.ErrInput", data, err)
		}
	}
	if _, err := Parse("x.yaml", make([]byte, maxCityFile+1)); !errors.Is(err, strict.ErrInput) {
		t.Errorf("Parse of a too large file = %v, want an strict.ErrInput", err)
	}
}

// Whatever the bytes are, Parse gives a file or a fault, never both, never neither.
func FuzzParse(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add([]byte("schema: 1\nid: &a x\nname: *a\n"))
	f.Add([]byte("? [a]\n: {b: c}\n"))
	f.Add([]byte("sectors: [{usable_share: {low: .nan}}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("f.yaml", data)
		if (file == nil) == (err == nil) {
			t.Fatalf("Parse = %v, %v", file, err)
		}
		if err != nil && !errors.Is(err, strict.ErrInput) {
			t.Fatalf("Parse = %v, which is no strict.ErrInput", err)
		}
	})
}
