package geo

import (
	"fmt"
	"io"
)

// Feature is one feature of a GeoJSON file.
type Feature struct {
	Number       int            // 1 for the first feature of the file
	ID           string         // its "id", a number as it is written; "" if it has none
	Properties   map[string]any // as encoding/json decodes them, numbers as [json.Number]
	Shape        MultiPolygon   // of a Polygon or MultiPolygon
	Point        *LatLng        // of a Point
	Line, Column int            // of its opening brace, from 1; columns count bytes
}

// FeatureError says which feature of a file is bad, why, and where the fault was seen.
type FeatureError struct {
	Number, Line, Column int
	Err                  error
}

// Error gives the place, then the fault.
func (e *FeatureError) Error() string {
	return fmt.Sprintf("line %d, column %d: feature %d: %v", e.Line, e.Column, e.Number, e.Err)
}

// Unwrap returns the fault.
func (e *FeatureError) Unwrap() error { return e.Err }

// SyntaxError says where a text stops being JSON, or GeoJSON at its outermost level.
type SyntaxError struct {
	Line, Column int // from 1; columns count bytes
	Err          error
}

// Error gives the place, then the fault.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %v", e.Line, e.Column, e.Err)
}

// Unwrap returns the fault.
func (e *SyntaxError) Unwrap() error { return e.Err }

// ReadFeatures reads one GeoJSON text from r: a FeatureCollection, a Feature or a bare geometry,
// with its members in any order and with or without a byte order mark. It calls each for every
// feature in the order of the text. A feature that can't be used (no polygon or point, coordinates
// that aren't, a shape that [MultiPolygon.Check] refuses, more than a million vertices or 4 MB of
// properties) comes with a *[FeatureError] and whatever else could be read of it, and reading goes
// on. If each returns an error, ReadFeatures stops and returns it.
//
// Text that isn't JSON, ends in the middle, goes on after its end or isn't GeoJSON ends with a
// *[SyntaxError], after the features before it have been handed over; a text cut short wraps
// io.ErrUnexpectedEOF. Memory is bounded by one feature, whatever the length of the text. A member
// "crs" is passed over, as RFC 7946 section 4 has it: the caller says what the coordinates are in.
//
// Source: RFC 7946.
func ReadFeatures(r io.Reader, each func(Feature, error) error) error {
	return newFeatureReader(r, each).read()
}
