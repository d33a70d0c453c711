package city

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// element is a feature of an array in JSON.
type element struct {
	geo.Feature
	slivers int // rings of two points or fewer that were left out: they enclose no ground
}

// jsonFeatures reads features from JSON that is no FeatureCollection: the elements of an array
// deep inside, each with a geometry (or, in MDS, a geography_json) beside its properties. It
// hands each element to take, with the error it has; one whose properties keep refuses comes
// without its shape, which isn't read at all.
func jsonFeatures(
	r io.Reader, paths [][]string, keep func(map[string]any) bool, take func(element, error),
) error {
	lines := &lineIndex{from: r, line: 1}
	guard := &rowGuard{from: lines, left: maxRow}
	dec := json.NewDecoder(guard)
	dec.UseNumber()
	found, err := seekArray(dec, guard, paths)
	if err != nil {
		return lines.syntax(dec, err)
	}
	if !found {
		return errNoFeatures
	}
	for n := 1; dec.More(); n++ {
		guard.left = maxRow
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return lines.syntax(dec, err)
		}
		at := lines.at(dec.InputOffset() - int64(len(raw)))
		e, err := newElement(raw, keep)
		e.Number, e.Line, e.Column = n, at.Line, at.Column
		take(e, err)
	}
	return nil
}

// errNoFeatures means that the JSON has no array where the features should be.
var errNoFeatures = errors.New("no features")

// seekArray reads up to the first element of the array that one of the paths of keys leads to.
func seekArray(dec *json.Decoder, guard *rowGuard, paths [][]string) (bool, error) {
	token, err := dec.Token()
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(paths, func(p []string) bool { return len(p) == 0 }) {
		return token == json.Delim('['), nil
	}
	if token != json.Delim('{') {
		return false, nil
	}
	for dec.More() {
		guard.left = maxRow
		key, err := dec.Token()
		if err != nil {
			return false, err
		}
		var inner [][]string
		for _, p := range paths {
			if p[0] == key {
				inner = append(inner, p[1:])
			}
		}
		if inner != nil {
			found, err := seekArray(dec, guard, inner)
			if found || err != nil {
				return found, err
			}
			continue
		}
		if err := skipValue(dec, guard); err != nil {
			return false, err
		}
	}
	_, err = dec.Token() // the closing brace
	return false, err
}

// skipValue reads over the next value without holding it.
func skipValue(dec *json.Decoder, guard *rowGuard) error {
	for depth := 0; ; {
		guard.left = maxRow
		token, err := dec.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// newElement returns an element as a feature: its shapes together, and as properties its
// `properties`, or else its own members.
func newElement(raw json.RawMessage, keep func(map[string]any) bool) (element, error) {
	e := element{Feature: geo.Feature{Properties: map[string]any{}}}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return e, geo.ErrGeometry // a number or a list: no feature
	}
	geometry := members["geometry"]
	if geometry == nil {
		geometry = members["geography_json"]
	}
	properties := members
	if own := members["properties"]; own != nil {
		if err := json.Unmarshal(own, &properties); err != nil {
			return e, fmt.Errorf("properties: %w", err)
		}
	}
	for key, raw := range properties {
		if key == "geometry" || key == "geography_json" {
			continue
		}
		var v any
		if json.Unmarshal(raw, &v) == nil {
			e.Properties[key] = v
		}
	}
	if !keep(e.Properties) {
		return e, nil
	}
	if geometry == nil {
		return e, geo.ErrGeometry
	}
	err := e.addShapes(geometry)
	if errors.Is(err, geo.ErrTooFew) {
		if geometry, e.slivers = withoutSlivers(geometry); e.slivers > 0 {
			err = e.addShapes(geometry)
		}
	}
	return e, err
}

// addShapes sets the element's shape to all that a geometry, feature or collection holds.
func (e *element) addShapes(geometry json.RawMessage) error {
	e.Shape = nil
	var fault error
	err := geo.ReadFeatures(bytes.NewReader(geometry), func(part geo.Feature, err error) error {
		e.Shape = append(e.Shape, part.Shape...)
		if fault == nil {
			fault = err
		}
		return nil
	})
	return errors.Join(err, fault)
}

// withoutSlivers returns a Polygon or MultiPolygon without the rings that have fewer than three
// different points, and how many those were. A polygon keeps its outer ring; one that has none
// other is left out of a MultiPolygon. What isn't such a geometry comes back as it is.
func withoutSlivers(geometry json.RawMessage) (json.RawMessage, int) {
	var g struct {
		Type        string              `json:"type"`
		Coordinates [][][][]json.Number `json:"coordinates"`
	}
	if json.Unmarshal(geometry, &g) != nil || g.Type != "MultiPolygon" {
		var p struct {
			Type        string            `json:"type"`
			Coordinates [][][]json.Number `json:"coordinates"`
		}
		if json.Unmarshal(geometry, &p) != nil || p.Type != "Polygon" {
			return geometry, 0
		}
		g.Type, g.Coordinates = "MultiPolygon", [][][][]json.Number{p.Coordinates}
	}
	dropped := 0
	var kept [][][][]json.Number
	for _, polygon := range g.Coordinates {
		var rings [][][]json.Number
		for i, ring := range polygon {
			if distinct(ring) >= 3 {
				rings = append(rings, ring)
				continue
			}
			dropped++
			if i == 0 {
				break // without an outer ring the holes mean nothing
			}
		}
		if len(rings) > 0 {
			kept = append(kept, rings)
		}
	}
	g.Coordinates = kept
	tidy, err := json.Marshal(g)
	if err != nil || len(kept) == 0 {
		return geometry, 0
	}
	return tidy, dropped
}

// distinct counts the different points of a ring, up to three.
func distinct(ring [][]json.Number) int {
	seen := map[string]bool{}
	for _, p := range ring {
		seen[fmt.Sprint(p)] = true
		if len(seen) == 3 {
			break
		}
	}
	return len(seen)
}

// lineIndex turns byte offsets of what was read through it into lines and columns.
type lineIndex struct {
	from   io.Reader
	read   int64
	line   int     // of the last offset asked for, from 1
	start  int64   // offset at which that line begins
	breaks []int64 // offsets of the line breaks not yet passed
}

func (x *lineIndex) Read(p []byte) (int, error) {
	n, err := x.from.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			x.breaks = append(x.breaks, x.read+int64(i))
		}
	}
	x.read += int64(n)
	return n, err
}

// at returns the position of an offset no smaller than the one before.
func (x *lineIndex) at(offset int64) strict.Position {
	passed := 0
	for passed < len(x.breaks) && x.breaks[passed] < offset {
		x.start = x.breaks[passed] + 1
		x.line++
		passed++
	}
	x.breaks = append(x.breaks[:0], x.breaks[passed:]...)
	return strict.At(x.line, int(offset-x.start)+1)
}

// jsonError is JSON that is broken at a position.
type jsonError struct {
	at  strict.Position
	err error
}

func (e *jsonError) Error() string { return fmt.Sprintf("line %d: %v", e.at.Line, e.err) }

func (e *jsonError) Unwrap() error { return e.err }

// syntax returns an error of the decoder with the position it stands at.
func (x *lineIndex) syntax(dec *json.Decoder, err error) error {
	if errors.Is(err, errLongRow) {
		return err
	}
	offset := dec.InputOffset()
	if s := (*json.SyntaxError)(nil); errors.As(err, &s) {
		offset = max(offset, s.Offset)
	}
	return &jsonError{x.at(offset), err}
}

// propertyText returns a property as a text: numbers as in the file, "" for none.
func propertyText(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(x)
	case json.Number:
		return x.String()
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	default:
		return strings.TrimSpace(fmt.Sprint(x))
	}
}
