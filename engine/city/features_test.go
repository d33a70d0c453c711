package city

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

const square = `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}`

// keepAll is a filter that keeps every feature.
func keepAll(map[string]any) bool { return true }

func TestJSONFeatures(t *testing.T) {
	mds := [][]string{{"geographies"}, {"data", "geographies"}}
	tests := map[string]struct {
		text  string
		paths [][]string
		want  []string // name and number of parts of each
	}{
		"an array deep inside": {
			`{"skip":{"a":[1,{"b":2}]},"x":{"boundaries":[{"name":"n","geometry":` + square + `}]}}`,
			[][]string{{"x", "boundaries"}},
			[]string{"n 1"},
		},
		"properties apart": {
			`{"x":[{"name":"no","properties":{"name":"yes"},"geometry":` + square + `}]}`,
			[][]string{{"x"}},
			[]string{"yes 1"},
		},
		"MDS with its geographies at the top": {
			`{"geographies":[{"name":"g","geography_json":{"type":"FeatureCollection","features":[` +
				`{"type":"Feature","properties":{},"geometry":` + square + `},` +
				`{"type":"Feature","properties":{},"geometry":` + square + `}]}}]}`,
			mds,
			[]string{"g 2"},
		},
		"MDS with its geographies under data": {
			`{"version":"1.2.0","data":{"geographies":[{"name":"g","geography_json":` + square + `}]}}`,
			mds,
			[]string{"g 1"},
		},
		"an element without a geometry": {`{"x":[{"name":"n"}]}`, [][]string{{"x"}}, []string{"n !"}},
		"no elements":                   {`{"x":[]}`, [][]string{{"x"}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			err := jsonFeatures(strings.NewReader(tt.text), tt.paths, keepAll, func(e element, err error) {
				parts := strings.Repeat("1", len(e.Shape))
				if parts = map[string]string{"1": "1", "11": "2"}[parts]; err != nil {
					parts = "!"
				}
				got = append(got, propertyText(e.Properties["name"])+" "+parts)
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("features (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSONFeaturesRefuses(t *testing.T) {
	ignore := func(element, error) {}
	for name, text := range map[string]string{
		"no such path":           `{"y":[]}`,
		"an object at the path":  `{"x":{}}`,
		"a list at the top":      `[]`,
		"a text at the path":     `{"x":"[]"}`,
		"the path of an element": `{"x":1}`,
	} {
		err := jsonFeatures(strings.NewReader(text), [][]string{{"x"}}, keepAll, ignore)
		if !errors.Is(err, errNoFeatures) {
			t.Errorf("%s: error = %v, want errNoFeatures", name, err)
		}
	}
	text := "{\"x\":[\n{\"a\":1},\n  {\"a\" 1}]}"
	err := jsonFeatures(strings.NewReader(text), [][]string{{"x"}}, keepAll, ignore)
	var broken *jsonError
	if !errors.As(err, &broken) || broken.at.Line != 3 {
		t.Errorf("error = %v, want one on line 3", err)
	}
}

// Each element is told where it begins: line and column count from 1.
func TestJSONFeaturesTellsPlaces(t *testing.T) {
	var got []strict.Position
	text := "{\"x\": [{\"a\": 1},\n  {\"a\": 2},\n\n{\"a\":\n 3}]}"
	err := jsonFeatures(strings.NewReader(text), [][]string{{"x"}}, keepAll, func(e element, _ error) {
		got = append(got, strict.At(e.Line, e.Column))
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []strict.Position{strict.At(1, 8), strict.At(2, 3), strict.At(4, 1)}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(strict.Position{})); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestWithoutSlivers(t *testing.T) {
	const line = `[[0,0],[1,1],[0,0],[0,0]]`
	const one, many = `{"type":"Polygon","coordinates":[`, `{"type":"MultiPolygon","coordinates":[[`
	const ring = `[[0,0],[4,0],[4,4],[0,4],[0,0]]`
	tests := map[string]struct {
		geometry string
		parts    int
		dropped  int
	}{
		"a hole without ground":            {one + ring + `,` + line + `]}`, 1, 1},
		"a part without ground":            {many + line + `],[` + ring + `]]}`, 1, 1},
		"a part without ground but a hole": {many + line + `,` + ring + `],[` + ring + `]]}`, 1, 1},
		"nothing wrong":                    {square, 1, 0},
		"nothing left":                     {one + line + `]}`, 0, 0},
		"no polygon":                       {`{"type":"Point","coordinates":[0,0]}`, 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tidy, dropped := withoutSlivers(json.RawMessage(tt.geometry))
			if dropped != tt.dropped {
				t.Errorf("%d rings left out, want %d", dropped, tt.dropped)
			}
			parts := 0
			err := geo.ReadFeatures(strings.NewReader(string(tidy)), func(f geo.Feature, err error) error {
				parts = len(f.Shape)
				return nil
			})
			if err != nil || parts != tt.parts {
				t.Errorf("%d parts, error %v; want %d", parts, err, tt.parts)
			}
		})
	}
}
