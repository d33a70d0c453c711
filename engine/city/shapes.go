package city

import (
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

// shape is an accepted shape of a layer, in WGS-84.
type shape struct {
	id    string
	name  engine.Name
	area  geo.MultiPolygon
	file  string
	at    strict.Position
	named bool // the ID is the source's, not its number
}

// shapes reads the shapes of a layer in the order of its files. judge may refuse a shape.
func (l *layerRead) shapes(judge func(shape) *refusal) ([]shape, error) {
	var list []shape
	first := map[string]strict.Position{}
	take := func(s shape) *refusal {
		if at, twice := first[s.id]; twice && !l.mayRepeat(s) {
			return &refusal{s.at, "city.repeated-shape", []any{"id", s.id, "first", at.Line}}
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
		return strict.FaultAt(src.name, strict.At(1, 1), "city.other-schema",
			"missing", []string{"wkt", "ring"}, "found", t.header)
	}
	return l.eachRow(t, func(t *table) *refusal {
		column, parse := "wkt", parseWKT
		if t.has("ring") {
			column, parse = "ring", geo.ParseRing
		}
		s := shape{id: t.text("id"), file: src.name, at: t.at(column)}
		s.identify(l.rows + 1)
		s.name = nameOf(t.text("name"), t.text("name_en"), t.text("name_zh"))
		var err error
		if s.area, err = parse(t.text(column)); err != nil {
			return shapeRefusal(s.at, s.id, err)
		}
		return l.shape(s, take)
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
	err := l.decodeJSON(src, func(e element, err error) { l.feature(src.name, e, err, take) })
	var broken *jsonError
	var syntax *geo.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNoFeatures):
		return strict.FaultAt(src.name, strict.At(1, 1), "city.no-features", "path", l.layer.Features)
	case errors.Is(err, errLongRow):
		return strict.FaultAt(src.name, strict.Position{}, "city.long-row", "most", maxRow)
	case errors.As(err, &broken):
		return strict.FaultFrom(broken.err, src.name, broken.at, "city.json")
	case errors.As(err, &syntax):
		return strict.FaultFrom(syntax.Err, src.name, strict.At(syntax.Line, syntax.Column), "city.json")
	default:
		return strict.FaultFrom(err, src.name, strict.Position{}, "city.json")
	}
}

func (l *layerRead) decodeJSON(r io.Reader, each func(element, error)) error {
	switch {
	case l.layer.Features != "":
		return jsonFeatures(r, [][]string{strings.Split(l.layer.Features, ".")}, l.keptFeature, each)
	case l.layer.Format == formatMDS:
		paths := [][]string{{"geographies"}, {"data", "geographies"}}
		return jsonFeatures(r, paths, l.keptFeature, each)
	default:
		return geo.ReadFeatures(r, func(f geo.Feature, err error) error {
			each(element{Feature: f}, err)
			return nil
		})
	}
}

// feature takes one feature, unless `where` leaves it out.
func (l *layerRead) feature(file string, e element, err error, take func(shape) *refusal) {
	readable := err == nil || len(e.Properties) > 0
	if readable && !l.keptFeature(e.Properties) {
		l.left++
		return
	}
	at := strict.At(e.Line, e.Column)
	s := shape{id: l.property(e, "id"), file: file, at: at, area: e.Shape}
	if s.id == "" {
		s.id = e.ID
	}
	s.identify(e.Number)
	s.name = nameOf(l.property(e, "name"), l.property(e, "name_en"), l.property(e, "name_zh"))
	var why *refusal
	switch {
	case err != nil:
		why = shapeRefusal(at, s.id, err)
	case len(e.Shape) == 0:
		why = shapeRefusal(at, s.id, geo.ErrGeometry)
	default:
		why = l.shape(s, take)
	}
	l.rows++
	if why != nil {
		l.reject(file, why)
		return
	}
	l.stat.Features++
	if e.slivers > 0 {
		l.warn(file, at, "city.slivers", "layer", l.layer.ID, "id", s.id, "rings", e.slivers)
	}
}

// keptFeature reports whether `where` keeps a feature.
func (l *layerRead) keptFeature(properties map[string]any) bool {
	return l.kept(func(name string) string { return propertyText(properties[name]) })
}

// identify gives a shape without an ID its number.
func (s *shape) identify(number int) {
	if s.named = s.id != ""; !s.named {
		s.id = "#" + strconv.Itoa(number)
	}
}

// property returns the property that columns map to one of stint's names, or that has the name.
func (l *layerRead) property(f element, name string) string {
	column := name
	if l.layer.Format == formatMDS && name == "id" {
		column = "geography_id"
	}
	if len(l.layer.Columns) > 0 {
		column = l.layer.Columns[0][name]
	}
	return propertyText(f.Properties[column])
}

// shape hands a shape on in WGS-84, under the ID that `alias` gives it.
func (l *layerRead) shape(s shape, take func(shape) *refusal) *refusal {
	for _, written := range []string{s.id, s.name.Zh, s.name.En} {
		if id, ok := l.layer.Alias[written]; ok {
			s.id = id
			break
		}
	}
	s.area = s.area.Map(l.datum.ToWGS84)
	return take(s)
}

// shapeRefusal says what is wrong with a shape.
func shapeRefusal(at strict.Position, id string, err error) *refusal {
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
		if swappable := math.Abs(place.At.Lng) <= 90; code == "range" && swappable {
			code = "swapped"
		}
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
