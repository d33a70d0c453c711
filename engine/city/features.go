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

	"github.com/stint-city/stint/geo"
)

// jsonFeatures reads features from JSON that is no FeatureCollection: the elements of an array deep
// inside, each with a geometry (or, in MDS, a geography_json) beside its properties. It hands each
// element to take, or the error it has.
func jsonFeatures(r io.Reader, paths [][]string, take func(geo.Feature, error) error) error {
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
		at := lines.at(dec.InputOffset())
		var element map[string]json.RawMessage
		if err := dec.Decode(&element); err != nil {
			return lines.syntax(dec, err)
		}
		f, err := elementFeature(element)
		f.Number, f.Line, f.Column = n, at.line, at.column
		if err := take(f, err); err != nil {
			return err
		}
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

// elementFeature returns an element as a feature: its shapes together, and as properties its
// `properties`, or else its own members.
func elementFeature(element map[string]json.RawMessage) (geo.Feature, error) {
	f := geo.Feature{Properties: map[string]any{}}
	geometry := element["geometry"]
	if geometry == nil {
		geometry = element["geography_json"]
	}
	properties := element
	if own := element["properties"]; own != nil {
		if err := json.Unmarshal(own, &properties); err != nil {
			return f, fmt.Errorf("properties: %w", err)
		}
	}
	for key, raw := range properties {
		if key == "geometry" || key == "geography_json" {
			continue
		}
		var v any
		if json.Unmarshal(raw, &v) == nil {
			f.Properties[key] = v
		}
	}
	if geometry == nil {
		return f, geo.ErrGeometry
	}
	err := geo.ReadFeatures(bytes.NewReader(geometry), func(part geo.Feature, err error) error {
		f.Shape = append(f.Shape, part.Shape...)
		return err
	})
	return f, err
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
func (x *lineIndex) at(offset int64) position {
	passed := 0
	for passed < len(x.breaks) && x.breaks[passed] < offset {
		x.start = x.breaks[passed] + 1
		x.line++
		passed++
	}
	x.breaks = append(x.breaks[:0], x.breaks[passed:]...)
	return position{x.line, int(offset-x.start) + 1}
}

// jsonError is JSON that is broken at a position.
type jsonError struct {
	at  position
	err error
}

func (e *jsonError) Error() string { return fmt.Sprintf("line %d: %v", e.at.line, e.err) }

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
