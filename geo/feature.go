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

// ReadFeatures reads GeoJSON.
func ReadFeatures(r io.Reader, each func(Feature, error) error) error {
	return newFeatureReader(r, each).read()
}
