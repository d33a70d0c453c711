package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

const triangleText = `{"type":"Polygon","coordinates":[[[118,24],[118.5,25],[119,24],[118,24]]]}`

// feature returns a feature's text with a geometry.
func feature(geometry string) string {
	return `{"type":"Feature","id":7,"properties":{"name":"思明区"},"geometry":` + geometry + `}`
}

// read returns what ReadFeatures hands over: a line a feature, "ok" or the error.
func read(text string) (lines []string, err error) {
	err = ReadFeatures(strings.NewReader(text), func(f Feature, err error) error {
		switch {
		case err != nil:
			lines = append(lines, err.Error())
		case f.Point != nil:
			lines = append(lines, fmt.Sprintf("%d point", f.Number))
		default:
			lines = append(lines, fmt.Sprintf("%d shape", f.Number))
		}
		return nil
	})
	return lines, err
}

func TestReadFeatures(t *testing.T) {
	const point = `{"type":"Point","coordinates":[118,24,12.5]}`
	tests := map[string]struct {
		text string
		want []string
	}{
		"a collection": {
			`{"type":"FeatureCollection","features":[` + feature(triangleText) + `,` + feature(point) + `]}`,
			[]string{"1 shape", "2 point"},
		},
		"an empty collection": {`{"type":"FeatureCollection","features":[]}`, nil},
		"a byte order mark":   {"\ufeff" + `{"type":"FeatureCollection","features":[]}`, nil},
		"a feature":           {feature(triangleText), []string{"1 shape"}},
		"a bare geometry":     {triangleText, []string{"1 shape"}},
		"members in another order": {
			`{"features":[{"geometry":{"coordinates":[1,2],"type":"Point"},"type":"Feature"}],` +
				`"bbox":[0,0,1,1],"crs":{"properties":{"name":"EPSG:4490"}},` +
				`"type":"FeatureCollection"}`,
			[]string{"1 point"},
		},
		"members before the features": {
			`{"crs":{"type":"name","properties":{"features":[1]}},"name":"a",` +
				`"type":"FeatureCollection","features":[` + feature(point) + `]}`,
			[]string{"1 point"},
		},
		"white space all over": {
			"\n {\"type\" :\t\"Point\" , \"coordinates\" : [ 1 , 2 ] } \r\n", []string{"1 point"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ReadFeatures (-want +got):\n%s", diff)
			}
		})
	}
}

// marked takes the mark ¦ out of a text and returns the line and column of what follows it, which
// is where the fault is: the last byte of the token that is wrong.
func marked(text string) (plain string, place string) {
	before, after, ok := strings.Cut(text, "¦")
	if !ok {
		before, after = "", text
	}
	line := strings.Count(before, "\n") + 1
	column := len(before) - (strings.LastIndexByte(before, '\n') + 1) + 1
	return before + after, fmt.Sprintf("line %d, column %d", line, column)
}

// A fault without a mark is that of the feature as a whole, at its beginning.
func TestABadFeatureIsHandedOverAndReadingGoesOn(t *testing.T) {
	tests := map[string]struct {
		bad  string
		want error
	}{
		"no object":                 {`1¦7`, ErrGeometry},
		"no type":                   {`{"geometry":` + triangleText + `¦}`, ErrGeometry},
		"no geometry":               {`{"type":"Feature"}`, ErrGeometry},
		"a null geometry":           {feature(`null`), ErrGeometry},
		"a geometry that is a list": {feature(`¦[1,[2]]`), ErrGeometry},
		"a collection": {
			feature(`{"type":"GeometryCollection","geometries":[` + triangleText + `]}`), ErrGeometry,
		},
		"a line": {
			feature(`{"type":"LineString","coordinates":[[1,2],[3,4]]}`), ErrGeometry,
		},
		"several points": {
			feature(`{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`), ErrGeometry,
		},
		"a geometry without type":  {feature(`{"coordinates":[1,2]}`), ErrGeometry},
		"without coordinates":      {feature(`{"type":"Point"}`), ErrGeometry},
		"a polygon like a point":   {feature(`{"type":"Polygon","coordinates":[1,2]}`), ErrGeometry},
		"a position of one number": {feature(`{"type":"Point","coordinates":[1¦]}`), ErrGeometry},
		"a position of texts":      {feature(`{"type":"Point","coordinates":["1¦","2"]}`), ErrGeometry},
		"a null in a position":     {feature(`{"type":"Point","coordinates":[nul¦l,2]}`), ErrGeometry},
		"an empty polygon":         {feature(`{"type":"Polygon","coordinates":[¦]}`), ErrGeometry},
		"an empty ring":            {feature(`{"type":"Polygon","coordinates":[[¦]]}`), ErrGeometry},
		"uneven depths": {
			feature(`{"type":"Polygon","coordinates":[[[1,2],[[3,4¦]]]]}`), ErrGeometry,
		},
		"too deep": {
			feature(`{"type":"MultiPolygon","coordinates":[[[[¦[1,2]]]]]}`), ErrGeometry,
		},
		"a number too large": {feature(`{"type":"Point","coordinates":[1e99¦9,2]}`), ErrRange},
		"swapped axes":       {feature(`{"type":"Point","coordinates":[24,118]}`), ErrRange},
		"an unclosed ring": {
			feature(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`), ErrUnclosed,
		},
		"a bow tie": {
			feature(`{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}`), ErrSelfCrossing,
		},
		"coordinates of an object": {feature(`{"type":"Point","coordinates":¦{"x":1}}`), ErrGeometry},
		"coordinates given twice": {
			feature(`{"type":"Point","coordinates":[1,2],"coordinates":¦[3,4]}`), ErrGeometry,
		},
		"a type that is a number": {`{"type":¦5,"geometry":` + triangleText + `}`, ErrGeometry},
		"an id that is a list": {
			`{"type":"Feature","id":¦[1],"geometry":` + triangleText + `}`, ErrGeometry,
		},
		"properties as a list": {
			`{"type":"Feature","properties":¦[{}],"geometry":` + triangleText + `}`, ErrGeometry,
		},
		"properties far too deep": {
			`{"type":"Feature","properties":{"a":` + strings.Repeat("[", 63) + `¦[]` +
				strings.Repeat("]", 63) + `},"geometry":null}`,
			ErrTooLarge,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			first := `{"type":"FeatureCollection","features":[` + feature(triangleText) + ",\n"
			text, want := marked(first + tt.bad + ",\n" + feature(triangleText) + `]}`)
			if !strings.Contains(tt.bad, "¦") {
				want = "line 2, column 1"
			}
			var seen []int
			err := ReadFeatures(strings.NewReader(text), func(f Feature, err error) error {
				seen = append(seen, f.Line)
				if f.Number != 2 {
					return err
				}
				var place *FeatureError
				if !errors.As(err, &place) || !errors.Is(err, tt.want) {
					t.Fatalf("error = %v, want %v", err, tt.want)
				}
				at := fmt.Sprintf("line %d, column %d", place.Line, place.Column)
				if at != want || place.Number != 2 {
					t.Errorf("error at %s of feature %d, want %s: %v", at, place.Number, want, err)
				}
				return nil
			})
			if diff := cmp.Diff([]int{1, 2, 3}, seen); err != nil || diff != "" {
				t.Errorf("ReadFeatures = %v, lines (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestBrokenTextEndsWithItsPlace(t *testing.T) {
	collection := `{"type":"FeatureCollection","features":[` + "\n" + feature(triangleText)
	tests := map[string]struct {
		text string
		is   error
	}{
		"nothing":                   {"¦", io.ErrUnexpectedEOF},
		"cut before the end":        {collection + "¦", io.ErrUnexpectedEOF},
		"cut inside a name":         {`{"type":¦"Fea`, io.ErrUnexpectedEOF},
		"cut inside coordinates":    {`{"coordinates":[[1,2],[3¦`, io.ErrUnexpectedEOF},
		"a list":                    {`[¦1,2]`, ErrGeometry},
		"a missing comma":           {"{\"type\":\"Point\"\n¦\"coordinates\":[1,2]}", nil},
		"a bare word":               {`{"type":¦Point}`, nil},
		"NaN, as Python writes it":  {`{"type":"Point","coordinates":[¦NaN,2]}`, nil},
		"something after the end":   {triangleText + "\n{¦}", nil},
		"features that are no list": {`{"features":{¦}}`, ErrGeometry},
		"a collection without any":  {`{"type":"FeatureCollection"}¦`, ErrGeometry},
		"features of a feature":     {`{"type":"Feature","features":[]}¦`, ErrGeometry},
		"features given twice": {
			`{"type":"FeatureCollection","features":[],"features"¦:[]}`, ErrGeometry,
		},
		"brackets without end": {
			`{"a":` + strings.Repeat("[", 65) + "¦" + strings.Repeat("[", 9999), ErrTooLarge,
		},
		"a string of ten megabytes":  {`{"name":¦"` + strings.Repeat("x", 10<<20) + `"}`, ErrTooLarge},
		"not JSON but a zipped file": {"¦\x1f\x8b\x08\x00", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text, want := marked(tt.text)
			_, err := read(text)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || (tt.is != nil && !errors.Is(err, tt.is)) {
				t.Fatalf("ReadFeatures = %v, want a SyntaxError of %v", err, tt.is)
			}
			if at := fmt.Sprintf("line %d, column %d", syntax.Line, syntax.Column); at != want {
				t.Errorf("error at %s, want %s: %v", at, want, err)
			}
		})
	}
}

func TestFeatureCarriesWhatItHas(t *testing.T) {
	f := readOne(t, "\n  "+feature(triangleText))
	want := Feature{
		Number: 1, ID: "7", Properties: map[string]any{"name": "思明区"},
		Shape: MultiPolygon{{ring(24, 118, 25, 118.5, 24, 119, 24, 118)}},
		Line:  2, Column: 3,
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("feature (-want +got):\n%s", diff)
	}
	deep := readOne(t, `{"type":"Feature","id":"a",
		"properties":{"n":12345678901234567890,"l":[1,{"b":null}]},
		"geometry":{"type":"Point","coordinates":[1,2]}}`)
	properties := map[string]any{
		"n": json.Number("12345678901234567890"),
		"l": []any{json.Number("1"), map[string]any{"b": nil}},
	}
	if diff := cmp.Diff(properties, deep.Properties); diff != "" || deep.ID != "a" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

func TestReadFeaturesStopsWhenToldTo(t *testing.T) {
	enough := errors.New("enough")
	n := 0
	text := `{"type":"FeatureCollection","features":[` + feature(triangleText) + `,` +
		feature(triangleText) + `]}`
	err := ReadFeatures(strings.NewReader(text), func(Feature, error) error {
		n++
		return enough
	})
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("ReadFeatures = %v after %d features", err, n)
	}
}

func TestAReadersErrorIsPassedOn(t *testing.T) {
	broken := errors.New("disk on fire")
	r := io.MultiReader(strings.NewReader(`{"type":`), iotest.ErrReader(broken))
	if err := ReadFeatures(r, nil); !errors.Is(err, broken) {
		t.Errorf("ReadFeatures = %v, want %v", err, broken)
	}
}

func TestReadFeaturesByteByByte(t *testing.T) {
	text := `{"type":"FeatureCollection","features":[` + "\n" + feature(triangleText) + ",\n 5]}"
	whole, _ := read(text)
	var slow []string
	err := ReadFeatures(iotest.OneByteReader(strings.NewReader("\ufeff"+text)),
		func(f Feature, err error) error {
			if err != nil {
				slow = append(slow, err.Error())
			} else {
				slow = append(slow, fmt.Sprintf("%d shape", f.Number))
			}
			return nil
		})
	if diff := cmp.Diff(whole, slow); err != nil || diff != "" {
		t.Errorf("ReadFeatures = %v (-whole +byte by byte):\n%s", err, diff)
	}
}

func TestTooManyVerticesAreRefused(t *testing.T) {
	r := io.MultiReader(
		strings.NewReader(`{"type":"Polygon","coordinates":[[`),
		&repeated{text: "[1,2],", times: mostVertices + 1},
		strings.NewReader(`[1,2]]]}`))
	var got error
	err := ReadFeatures(r, func(_ Feature, err error) error {
		got = err
		return nil
	})
	if err != nil || !errors.Is(got, ErrTooLarge) {
		t.Errorf("ReadFeatures = %v, the feature's error %v; want ErrTooLarge", err, got)
	}
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 20 MB")
	}
	one := feature(triangleText) + ",\n"
	text := func() io.Reader {
		return io.MultiReader(
			strings.NewReader(`{"type":"FeatureCollection","features":[`),
			&repeated{text: one, times: 20 << 20 / len(one)},
			strings.NewReader(feature(triangleText)+`]}`))
	}
	var most uint64
	n := 0
	err := ReadFeatures(text(), func(_ Feature, err error) error {
		if n++; n%20000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		return err
	})
	if err != nil || most > 32<<20 {
		t.Errorf("%d features: %v, %d bytes held", n, err, most)
	}
}

// repeated reads as one text many times over.
type repeated struct {
	text  string
	times int
	rest  string
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.times == 0 {
			return 0, io.EOF
		}
		r.times--
		r.rest = r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func FuzzReadFeatures(f *testing.F) {
	f.Add(`{"type":"FeatureCollection","features":[` + feature(triangleText) + `]}`)
	f.Add(triangleText)
	f.Add(`{"features":[5,{"type":"Feature",` +
		`"geometry":{"coordinates":[[[[1,2]]]],"type":"MultiPolygon"}}]}`)
	f.Add("\ufeff{")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		err := ReadFeatures(strings.NewReader(text), func(f Feature, err error) error {
			n++
			var place *FeatureError
			switch {
			case f.Number != n || f.Line < 1 || f.Column < 1:
				t.Errorf("feature %d is number %d at %d:%d", n, f.Number, f.Line, f.Column)
			case err != nil && !errors.As(err, &place):
				t.Errorf("%T: %v", err, err)
			case err != nil && (place.Line < f.Line || place.Column < 1):
				t.Errorf("feature at line %d, its error at %d:%d", f.Line, place.Line, place.Column)
			case err == nil && f.Point == nil:
				usable(t, f.Shape)
			}
			return nil
		})
		var syntax *SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1) {
			t.Errorf("%T: %v", err, err)
		}
		var v any
		if err == nil && json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &v) != nil {
			t.Errorf("%q isn't JSON and passes", text)
		}
	})
}
