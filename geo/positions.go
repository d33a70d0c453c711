package geo

import (
	"encoding/json"
	"errors"
	"fmt"
)

// positions is an array of "coordinates", flat: how deep it is nested says whether it is a point, a
// polygon or several.
type positions struct {
	depth  int // of the arrays of numbers: 1 in a Point, 3 in a Polygon, 4 in a MultiPolygon
	points []LatLng
	rings  []int // where each array of points ends, in points
	parts  []int // where each array of those ends, in rings
}

// errPosition: coordinates that aren't nested arrays of numbers.
var errPosition = errors.New("want arrays of at least two numbers, all at one depth")

// coordinates reads the array just entered, which is the depth-th.
func (f *featureReader) coordinates(c *positions, depth int) error {
	var numbers, arrays int
	var p LatLng
	for f.dec.More() {
		t, err := f.token()
		if err != nil {
			return err
		}
		number, isNumber := t.(json.Number)
		switch {
		case isNumber:
			f.setNumber(&p, numbers, number)
			numbers++
		case t == json.Delim('[') && depth < 4:
			arrays++
			err = f.coordinates(c, depth+1)
		default:
			f.blame(fmt.Errorf("%w: %w", ErrGeometry, errPosition))
			err = f.skip(t)
		}
		if err != nil {
			return err
		}
	}
	if _, err := f.token(); err != nil {
		return err
	}
	if err := c.close(depth, numbers, arrays, p); err != nil {
		f.blame(err)
	}
	return nil
}

// setNumber sets the n-th coordinate of p: longitude, latitude; altitude and more are dropped.
func (f *featureReader) setNumber(p *LatLng, n int, number json.Number) {
	x, err := number.Float64()
	switch {
	case err != nil:
		f.blame(fmt.Errorf("%w: %.40q", ErrRange, number.String()))
	case n == 0:
		p.Lng = x
	case n == 1:
		p.Lat = x
	}
}

// close takes in the array that ends at a depth, with so many numbers or arrays in it.
func (c *positions) close(depth, numbers, arrays int, p LatLng) error {
	switch {
	case arrays == 0 && numbers >= 2 && (c.depth == 0 || c.depth == depth):
		if len(c.points) >= mostVertices {
			return fmt.Errorf("%w: more than %d vertices", ErrTooLarge, mostVertices)
		}
		c.depth = depth
		c.points = append(c.points, p)
	case numbers > 0 || arrays == 0 || c.depth == 0:
		return fmt.Errorf("%w: %w", ErrGeometry, errPosition)
	case depth == c.depth-1:
		c.rings = append(c.rings, len(c.points))
	case depth == c.depth-2:
		c.parts = append(c.parts, len(c.rings))
	}
	return nil
}

// shape returns the polygons of coordinates of depth 3 or 4. The outermost array of a Polygon is
// its only part, that of a MultiPolygon ends nothing.
func (c *positions) shape() MultiPolygon {
	var out MultiPolygon
	point, ring := 0, 0
	for _, part := range c.parts {
		var polygon Polygon
		for ; ring < part; ring++ {
			polygon = append(polygon, Ring(c.points[point:c.rings[ring]:c.rings[ring]]))
			point = c.rings[ring]
		}
		out = append(out, polygon)
	}
	return out
}
