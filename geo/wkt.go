package geo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/peterstace/simplefeatures/geom"
)

// ParseWKT returns the shape of a POLYGON or MULTIPOLYGON, or the point of a POINT, in well-known
// text, longitude first; a third and fourth coordinate are dropped. Other geometries and empty ones
// are ErrGeometry, and what [MultiPolygon.Check] refuses is its [ShapeError].
//
// Source: OGC 06-103r4, Simple Feature Access part 1, section 7.
func ParseWKT(s string) (MultiPolygon, *LatLng, error) {
	word := strings.ToUpper(strings.TrimSpace(s))
	if !strings.HasPrefix(word, "POLYGON") && !strings.HasPrefix(word, "MULTIPOLYGON") &&
		!strings.HasPrefix(word, "POINT") {
		return nil, nil, fmt.Errorf("%w: %.20q", ErrGeometry, s)
	}
	g, err := geom.UnmarshalWKT(s, geom.NoValidate{})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrGeometry, err)
	}
	if g.IsPoint() {
		xy, ok := g.MustAsPoint().XY()
		if !ok {
			return nil, nil, fmt.Errorf("%w: the point is empty", ErrGeometry)
		}
		p, err := NewLatLng(xy.Y, xy.X)
		if err != nil {
			return nil, nil, err
		}
		return nil, &p, nil
	}
	shape := fromGeom(g)
	if len(shape) == 0 {
		return nil, nil, fmt.Errorf("%w: the polygon is empty", ErrGeometry)
	}
	if err := shape.Check(); err != nil {
		return nil, nil, err
	}
	return shape, nil, nil
}

// ParseRing returns the shape of one ring written "[lng,lat],[lng,lat],...", the form of the
// column FENCE_LOC of Xiamen's open data, in any spacing. Anything else is ErrGeometry with the
// column of the fault, and a ring that [MultiPolygon.Check] refuses is its [ShapeError].
func ParseRing(s string) (MultiPolygon, error) {
	text := ringText{rest: s, all: len(s)}
	var ring Ring
	for {
		p, err := text.point()
		if err != nil {
			return nil, err
		}
		ring = append(ring, p)
		if text.skip(); text.rest == "" {
			break
		}
		if err := text.expect(','); err != nil {
			return nil, err
		}
	}
	shape := MultiPolygon{Polygon{ring}}
	if err := shape.Check(); err != nil {
		return nil, err
	}
	return shape, nil
}

// ringText is what is still to be read of a ring.
type ringText struct {
	rest string
	all  int // length of the whole text
}

// skip passes over white space.
func (t *ringText) skip() { t.rest = strings.TrimLeft(t.rest, " \t\r\n") }

// fault returns ErrGeometry with the column, in bytes from 1, where something was wanted.
func (t *ringText) fault(wanted string) error {
	return fmt.Errorf("%w: want %s at column %d of the ring", ErrGeometry, wanted,
		t.all-len(t.rest)+1)
}

// expect passes over white space and one byte.
func (t *ringText) expect(b byte) error {
	t.skip()
	if t.rest == "" || t.rest[0] != b {
		return t.fault(strconv.QuoteRune(rune(b)))
	}
	t.rest = t.rest[1:]
	return nil
}

// point reads "[lng,lat]".
func (t *ringText) point() (p LatLng, err error) {
	if err = t.expect('['); err != nil {
		return p, err
	}
	if p.Lng, err = t.number(); err != nil {
		return p, err
	}
	if err = t.expect(','); err != nil {
		return p, err
	}
	if p.Lat, err = t.number(); err != nil {
		return p, err
	}
	return p, t.expect(']')
}

// number reads a decimal number; NaN, infinities and hexadecimal are none.
func (t *ringText) number() (float64, error) {
	t.skip()
	end := 0
	for end < len(t.rest) && strings.IndexByte("+-.0123456789eE", t.rest[end]) >= 0 {
		end++
	}
	x, err := strconv.ParseFloat(t.rest[:end], 64)
	if err != nil {
		return 0, t.fault("a number")
	}
	t.rest = t.rest[end:]
	return x, nil
}
