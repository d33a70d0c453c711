package geo

import "github.com/peterstace/simplefeatures/geom"

// toGeomPolygon returns p for simplefeatures, longitude first. Its overlay wants no validation.
func toGeomPolygon(p Polygon) geom.Polygon {
	rings := make([]geom.LineString, len(p))
	for i, ring := range p {
		flat := make([]float64, 0, 2*len(ring))
		for _, v := range ring {
			flat = append(flat, v.Lng, v.Lat)
		}
		rings[i] = geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
	}
	return geom.NewPolygon(rings)
}

// toGeom returns parts that don't overlap as one geometry.
func toGeom(parts []Polygon) geom.Geometry {
	polygons := make([]geom.Polygon, len(parts))
	for i, p := range parts {
		polygons[i] = toGeomPolygon(p)
	}
	return geom.NewMultiPolygon(polygons).AsGeometry()
}

// fromGeom returns the polygons of g; points and lines, where shapes only touch, have no ground.
func fromGeom(g geom.Geometry) MultiPolygon {
	switch g.Type() {
	case geom.TypePolygon:
		if p := fromGeomPolygon(g.MustAsPolygon()); p != nil {
			return MultiPolygon{p}
		}
	case geom.TypeMultiPolygon:
		many := g.MustAsMultiPolygon()
		var out MultiPolygon
		for i := range many.NumPolygons() {
			if p := fromGeomPolygon(many.PolygonN(i)); p != nil {
				out = append(out, p)
			}
		}
		return out
	case geom.TypeGeometryCollection:
		all := g.MustAsGeometryCollection()
		var out MultiPolygon
		for i := range all.NumGeometries() {
			out = append(out, fromGeom(all.GeometryN(i))...)
		}
		return out
	default:
	}
	return nil
}

// fromGeomPolygon returns the rings of p, nil for none.
func fromGeomPolygon(p geom.Polygon) Polygon {
	if p.IsEmpty() {
		return nil
	}
	out := Polygon{fromGeomLine(p.ExteriorRing())}
	for i := range p.NumInteriorRings() {
		out = append(out, fromGeomLine(p.InteriorRingN(i)))
	}
	return out
}

// fromGeomLine returns the points of a line.
func fromGeomLine(line geom.LineString) Ring {
	seq := line.Coordinates()
	out := make(Ring, seq.Length())
	for i := range out {
		xy := seq.GetXY(i)
		out[i] = LatLng{Lat: xy.Y, Lng: xy.X}
	}
	return out
}
