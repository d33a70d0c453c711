package geo

import (
	"errors"
	"fmt"
)

// Errors of this package. Test for them with errors.Is: most arrive with the place of the fault.
var (
	// ErrRange: a latitude beyond ±90, a longitude beyond ±180, NaN or an infinity; also a cell
	// that holds a pole where a shape of it is needed.
	ErrRange = errors.New("coordinate out of range")
	// ErrUnclosed: a ring whose last point is not its first.
	ErrUnclosed = errors.New("ring is not closed")
	// ErrTooFew: a ring of fewer than four points, or fewer than three different ones; also a
	// polygon without a ring.
	ErrTooFew = errors.New("ring has too few points")
	// ErrSelfCrossing: a ring that crosses itself or runs back along itself.
	ErrSelfCrossing = errors.New("ring crosses itself")
	// ErrHole: a hole outside its outer ring, across it, or across another hole.
	ErrHole = errors.New("hole is not inside its ring")
	// ErrDatum: a name that is no datum of this package.
	ErrDatum = errors.New("unknown datum")
	// ErrCell: a text or number that is no H3 cell.
	ErrCell = errors.New("not an H3 cell")
	// ErrResolution: an H3 resolution outside 0 to 15, or cells of different resolutions.
	ErrResolution = errors.New("bad H3 resolution")
	// ErrTooLarge: more vertices, cells or bytes than this package accepts at once.
	ErrTooLarge = errors.New("too large")
	// ErrGeometry: a geometry that is neither polygon nor point, or isn't one at all.
	ErrGeometry = errors.New("not a polygon or point")
	// ErrOverlay: the union, intersection or difference of two shapes could not be made.
	ErrOverlay = errors.New("shapes cannot be combined")
)

// ShapeError says what is wrong with a shape and where. It wraps Kind.
type ShapeError struct {
	Kind               error // ErrUnclosed, ErrTooFew, ErrSelfCrossing, ErrRange or ErrHole
	Part, Ring, Vertex int   // counted from 0; ring 0 is the outer ring
	At                 LatLng
}

// Error names the fault first, then the place, counting from 1 as a reader of a file would.
func (e *ShapeError) Error() string {
	return fmt.Sprintf("%v: part %d, ring %d, vertex %d at longitude %v, latitude %v",
		e.Kind, e.Part+1, e.Ring+1, e.Vertex+1, e.At.Lng, e.At.Lat)
}

// Unwrap returns the kind of fault.
func (e *ShapeError) Unwrap() error { return e.Kind }
