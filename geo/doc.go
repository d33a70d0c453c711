// Package geo answers where: points and their datum, shapes, checked H3 cells, grids of cells,
// fields over a grid, zones, and the text forms all of these arrive in.
//
// # Words
//
// A [LatLng] is a point, latitude first. A [Datum] says which numbers name it. A [Ring] is a closed
// line of points, a [Polygon] an outer ring and its holes, a [MultiPolygon] any number of polygons.
// A [Cell] is one checked cell of H3; a [Grid] is an ordered set of cells of one resolution; a
// [Field] is one value a cell of a grid; a [Locator] finds the cells of one area fast. A [Zone] is
// a named shape, and [Zones] finds the zones at or near a point.
//
// # Units
//
// Angles are degrees, lengths metres, areas square metres. Everything is in WGS-84 unless a Datum
// says otherwise; CGCS2000 differs from it by centimetres and is taken as the same.
//
// # Geometry
//
// The Earth is the sphere of H3, whose area is that of the WGS-84 ellipsoid ([Radius]). An edge is
// the straight line between its ends in longitude and latitude, as RFC 7946 section 3.1.1 has it;
// Contains, Distance, Area, Union and Coverage all mean that same edge, so that they agree with one
// another. Area integrates along it exactly, without a projection. No edge crosses the
// antimeridian: a shape that does is split there, as RFC 7946 section 3.1.9 asks.
// A cell's sides are taken as such edges too; at resolutions of 6 and finer the difference to the
// arcs of H3 is below one part in 100,000 of the cell.
//
// # Flow
//
// Text becomes shapes at the door ([ReadFeatures], [ParseWKT], [ParseRing]) and is refused there
// with the kind of fault and its place, never repaired: an unclosed ring may be a truncated file.
// Behind the door a point is in range, a ring closed and simple, and a cell valid, and nothing
// tests for it again. [Cover] lays a grid over an area, [Coverage] and [Overlap] measure shapes
// cell by cell, and [FitDatum] tells which datum a layer most likely has.
//
// Only this package imports h3-go, whose functions answer nonsense with a zero or a panic.
//
// # Out of scope
//
// Lines, ellipsoidal geodesics, shapes that hold a pole, and reprojection from map grids. The
// package holds no state but what a [Locator] remembers, and starts no goroutine; the same input
// gives the same output.
package geo
