package report

import (
	"encoding/json"
	"io"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// writeMap writes cells.geojson, a FeatureCollection of RFC 7946 with a feature on each line: the
// outline of every cell of every sector, every figure a flat property, null where it is unknown.
func writeMap(w io.Writer, p *engine.Plan) error {
	head, err := json.Marshal(struct {
		Name   string      `json:"name"` // the layer's name in QGIS
		Plan   string      `json:"plan"`
		Notice engine.Name `json:"notice"`
	}{p.City.ID, p.ID, p.City.Notice})
	if err != nil {
		return err
	}
	line := append([]byte(`{"type":"FeatureCollection",`), head[1:len(head)-1]...)
	line = append(line, `,"features":[`...)
	list, keys := columns(p), [][]byte(nil)
	for _, c := range list {
		keys = append(keys, append(quoted(nil, c.name), ':'))
	}
	between := "\n"
	rows(p, func(r row) bool {
		line = append(line, between...)
		if _, err = w.Write(line); err != nil {
			return false
		}
		line, between = appendFeature(line[:0], r, list, keys), ",\n"
		return true
	})
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, "\n]}\n"...))
	return err
}

// appendFeature appends the feature of one row; keys answer list.
func appendFeature(dst []byte, r row, list []column, keys [][]byte) []byte {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = quoted(dst, r.sector.ID+"/"+r.cell.Cell.String())
	dst = append(dst, `,"geometry":`...)
	dst = geo.AppendGeometry(dst, geo.MultiPolygon{{r.cell.Cell.Boundary()}})
	dst = append(dst, `,"properties":{`...)
	for i, c := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, keys[i]...)
		switch value := c.value(r); {
		case value == "":
			dst = append(dst, "null"...)
		case c.text:
			dst = quoted(dst, value)
		default:
			dst = append(dst, value...)
		}
	}
	return append(dst, "}}"...)
}

// quoted appends s as a JSON string.
func quoted(dst []byte, s string) []byte {
	text, _ := json.Marshal(s) // a string always encodes
	return append(dst, text...)
}
