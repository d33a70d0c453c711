package city

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// shape is an accepted shape of a layer, in WGS-84.
type shape struct {
	id    string
	name  engine.Name
	area  geo.MultiPolygon
	file  string
	at    position
	named bool // the ID is the source's, not its number
}

// shapes reads the shapes of a layer in the order of its files. judge may refuse a shape.
func (l *layerRead) shapes(judge func(shape) *refusal) ([]shape, error) {
	var list []shape
	first := map[string]position{}
	take := func(s shape) *refusal {
		if at, twice := first[s.id]; twice && !l.mayRepeat(s) {
			return &refusal{s.at, "city.repeated-shape", []any{"id", s.id, "first", at.line}}
		}
		if why := judge(s); why != nil {
			return why
		}
		first[s.id] = s.at
		list = append(list, s)
		return nil
	}
	err := l.each(func(src *source) error {
		if l.layer.Format == formatCSV {
			return l.tableShapes(src, take)
		}
		return l.jsonShapes(src, take)
	})
	if err != nil {
		return nil, err
	}
	l.measure(list)
	return list, nil
}

// mayRepeat reports whether two shapes may share this ID: districts that `alias` merges.
func (l *layerRead) mayRepeat(s shape) bool {
	for _, id := range l.layer.Alias {
		if id == s.id {
			return l.layer.Kind == districts
		}
	}
	return false
}

// measure sums the areas of a layer.
func (l *layerRead) measure(list []shape) {
	sum := 0.0
	for _, s := range list {
		sum += s.area.Area()
	}
	l.stat.Area = &sum
}

// tableShapes reads shapes from CSV.
func (l *layerRead) tableShapes(src *source, take func(shape) *refusal) error {
	t, err := l.table(src)
	if err != nil {
		return err
	}
	if !t.has("wkt") && !t.has("ring") {
		return faultAt(src.name, position{1, 1}, "city.other-schema",
			"missing", []string{"wkt", "ring"}, "found", t.header)
	}
	return l.eachRow(t, func(t *table) *refusal {
		column, parse := "wkt", parseWKT
		if t.has("ring") {
			column, parse = "ring", geo.ParseRing
		}
		at := t.at(column)
		area, err := parse(t.text(column))
		if err != nil {
			return shapeRefusal(at, t.text("id"), err)
		}
		s := shape{id: t.text("id"), file: src.name, at: at, area: area}
		s.name = nameOf(t.text("name"), t.text("name_en"), t.text("name_zh"))
		return l.shape(s, "#"+strconv.Itoa(l.rows+1), take)
	})
}

// parseWKT reads a shape from WKT; a point is none.
func parseWKT(text string) (geo.MultiPolygon, error) {
	area, point, err := geo.ParseWKT(text)
	if err == nil && point != nil {
		err = geo.ErrGeometry
	}
	return area, err
}

// jsonShapes reads shapes from GeoJSON, MDS geographies, or an array in other JSON.
func (l *layerRead) jsonShapes(src *source, take func(shape) *refusal) error {
	each := func(f geo.Feature, err error) error {
		l.feature(src.name, f, err, take)
		return nil
	}
	err := l.decodeJSON(src, each)
	var broken *jsonError
	var syntax *geo.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNoFeatures):
		return faultAt(src.name, position{1, 1}, "city.no-features", "path", l.layer.Features)
	case errors.Is(err, errLongRow):
		return faultAt(src.name, position{}, "city.long-row", "most", maxRow)
	case errors.As(err, &broken):
		return faultFrom(broken.err, src.name, broken.at, "city.json")
	case errors.As(err, &syntax):
		return faultFrom(err, src.name, position{syntax.Line, syntax.Column}, "city.json")
	default:
		return faultFrom(err, src.name, position{}, "city.json")
	}
}

func (l *layerRead) decodeJSON(r io.Reader, each func(geo.Feature, error) error) error {
	switch {
	case l.layer.Features != "":
		return jsonFeatures(r, [][]string{strings.Split(l.layer.Features, ".")}, each)
	case l.layer.Format == formatMDS:
		return jsonFeatures(r, [][]string{{"geographies"}, {"data", "geographies"}}, each)
	default:
		return geo.ReadFeatures(r, each)
	}
}

// feature takes one feature, unless `where` leaves it out.
func (l *layerRead) feature(file string, f geo.Feature, err error, take func(shape) *refusal) {
	at := position{f.Line, f.Column}
	readable := err == nil || len(f.Properties) > 0
	if readable && !l.kept(func(name string) string { return propertyText(f.Properties[name]) }) {
		l.left++
		return
	}
	s := shape{id: l.property(f, "id"), file: file, at: at, area: f.Shape}
	if s.id == "" {
		s.id = f.ID
	}
	s.name = nameOf(l.property(f, "name"), l.property(f, "name_en"), l.property(f, "name_zh"))
	var why *refusal
	switch {
	case err != nil:
		why = shapeRefusal(at, s.id, err)
	case len(f.Shape) == 0:
		why = shapeRefusal(at, s.id, geo.ErrGeometry)
	default:
		why = l.shape(s, "#"+strconv.Itoa(f.Number), take)
	}
	l.rows++
	if why != nil {
		l.reject(file, why)
		return
	}
	l.stat.Features++
}

// property returns the property that columns map to one of stint's names, or that has the name.
func (l *layerRead) property(f geo.Feature, name string) string {
	column := name
	if l.layer.Format == formatMDS && name == "id" {
		column = "geography_id"
	}
	if len(l.layer.Columns) > 0 {
		column = l.layer.Columns[0][name]
	}
	return propertyText(f.Properties[column])
}

// shape checks a shape and hands it on in WGS-84. One without an ID gets its number.
func (l *layerRead) shape(s shape, number string, take func(shape) *refusal) *refusal {
	if s.named = s.id != ""; !s.named {
		s.id = number
	}
	for _, written := range []string{s.id, s.name.Zh, s.name.En} {
		if id, ok := l.layer.Alias[written]; ok {
			s.id = id
			break
		}
	}
	if err := s.area.Check(); err != nil {
		return shapeRefusal(s.at, s.id, err)
	}
	s.area = s.area.Map(l.datum.ToWGS84)
	return take(s)
}

// shapeRefusal says what is wrong with a shape.
func shapeRefusal(at position, id string, err error) *refusal {
	code := ""
	for _, kind := range []struct {
		err  error
		code string
	}{
		{geo.ErrUnclosed, "unclosed"},
		{geo.ErrTooFew, "too-few"},
		{geo.ErrSelfCrossing, "self-crossing"},
		{geo.ErrHole, "hole"},
		{geo.ErrRange, "range"},
		{geo.ErrTooLarge, "too-large"},
	} {
		if errors.Is(err, kind.err) {
			code = kind.code
		}
	}
	var place *geo.ShapeError
	switch {
	case code == "":
		return &refusal{at, "city.shape", []any{"id", id}}
	case errors.As(err, &place):
		return &refusal{at, "city.shape-" + code, []any{
			"id", id, "lat", place.At.Lat, "lng", place.At.Lng,
		}}
	default:
		return &refusal{at, "city.shape-" + code, []any{"id", id, "lat", nil, "lng", nil}}
	}
}

// nameOf returns a name in the languages that are given; a text without one is Chinese if it has a
// Chinese character.
func nameOf(any, en, zh string) engine.Name {
	n := engine.Name{En: en, Zh: zh}
	if strings.ContainsFunc(any, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		if n.Zh == "" {
			n.Zh = any
		}
	} else if n.En == "" {
		n.En = any
	}
	return n
}
