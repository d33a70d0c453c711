package geo

import (
	"encoding/json"
	"fmt"
)

// draft is what has been read of a feature or geometry, whose members come in any order.
type draft struct {
	line, column int
	kind         string // its "type"
	id           string
	properties   map[string]any
	geometry     *draft
	coordinates  positions
	located      bool // it has coordinates
}

// begin starts a feature at the token just read.
func (f *featureReader) begin() *draft {
	f.number++
	f.fault = nil
	line, column := f.source.place(max(f.dec.InputOffset()-1, 0))
	return &draft{line: line, column: column}
}

// member reads the value of one member into d.
func (f *featureReader) member(d *draft, key string) error {
	t, err := f.token()
	if err != nil {
		return err
	}
	switch key {
	case "type":
		if s, ok := t.(string); ok {
			d.kind = s
			return nil
		}
	case "id":
		switch v := t.(type) {
		case string:
			d.id = v
			return nil
		case json.Number:
			d.id = v.String()
			return nil
		}
	case "properties":
		return f.properties(d, t)
	case "geometry":
		return f.geometry(d, t)
	case "coordinates":
		if t == json.Delim('[') && !d.located {
			d.located = true
			return f.coordinates(&d.coordinates, 1)
		}
	default: // "bbox", "crs", "geometries" and foreign members
		return f.skip(t)
	}
	f.blame(fmt.Errorf("%w: %q has a value of the wrong type or is given twice", ErrGeometry, key))
	return f.skip(t)
}

// geometry reads the geometry of a feature; null leaves it out.
func (f *featureReader) geometry(d *draft, t json.Token) error {
	switch t {
	case nil:
		return nil
	case json.Delim('{'):
		g := &draft{}
		d.geometry = g
		return f.members(func(key string) error {
			if key == "geometry" || key == "properties" {
				return f.skipNext()
			}
			return f.member(g, key)
		})
	}
	f.blame(fmt.Errorf(`%w: "geometry" is not an object`, ErrGeometry))
	return f.skip(t)
}

// properties reads the properties of a feature; null leaves them out.
func (f *featureReader) properties(d *draft, t json.Token) error {
	if t == nil {
		return nil
	}
	if t != json.Delim('{') {
		f.blame(fmt.Errorf(`%w: "properties" is not an object`, ErrGeometry))
		return f.skip(t)
	}
	v, err := f.value(t, f.dec.InputOffset()+mostProperties, 1)
	d.properties, _ = v.(map[string]any)
	return err
}

// value returns the value that begins with t. What lies beyond an offset of the text, or deeper
// than mostDepth, is passed over, and the feature blamed for it.
func (f *featureReader) value(t json.Token, limit int64, depth int) (any, error) {
	switch t {
	case json.Delim('{'):
		object := map[string]any{}
		err := f.members(func(key string) error {
			v, err := f.element(limit, depth)
			if f.fault == nil {
				object[key] = v
			}
			return err
		})
		return object, err
	case json.Delim('['):
		array := []any{}
		for f.dec.More() {
			v, err := f.element(limit, depth)
			if err != nil {
				return nil, err
			}
			if f.fault == nil {
				array = append(array, v)
			}
		}
		_, err := f.token()
		return array, err
	}
	return t, nil
}

// element returns the next value inside another.
func (f *featureReader) element(limit int64, depth int) (any, error) {
	t, err := f.token()
	if err != nil {
		return nil, err
	}
	if f.dec.InputOffset() > limit || depth >= mostDepth {
		f.blame(fmt.Errorf("%w: properties beyond %d bytes or %d levels",
			ErrTooLarge, mostProperties, mostDepth))
		return nil, f.skip(t)
	}
	return f.value(t, limit, depth+1)
}

// skipNext passes over the next value.
func (f *featureReader) skipNext() error {
	t, err := f.token()
	if err != nil {
		return err
	}
	return f.skip(t)
}

// deliver hands over the feature d with the geometry g, or its fault.
func (f *featureReader) deliver(d, g *draft) error {
	out := Feature{
		Number: f.number, ID: d.id, Properties: d.properties, Line: d.line, Column: d.column,
	}
	err := error(f.fault)
	if f.fault == nil {
		if err = out.locate(g); err != nil {
			err = &FeatureError{Number: f.number, Line: d.line, Column: d.column, Err: err}
		}
	}
	return f.each(out, err)
}

// locate gives the feature its shape or point.
func (o *Feature) locate(g *draft) error {
	if g == nil {
		return fmt.Errorf("%w: the feature has no geometry", ErrGeometry)
	}
	c := &g.coordinates
	var depth int
	switch g.kind {
	case "Point":
		depth = 1
	case "Polygon":
		depth = 3
	case "MultiPolygon":
		depth = 4
	default:
		return fmt.Errorf("%w but a %.40q", ErrGeometry, g.kind)
	}
	if c.depth != depth {
		return fmt.Errorf("%w: the coordinates are not those of a %s", ErrGeometry, g.kind)
	}
	if g.kind == "Point" {
		p, err := NewLatLng(c.points[0].Lat, c.points[0].Lng)
		if err != nil {
			return err
		}
		o.Point = &p
		return nil
	}
	shape := c.shape()
	if err := shape.Check(); err != nil {
		return err
	}
	o.Shape = shape
	return nil
}
