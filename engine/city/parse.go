package city

import (
	"errors"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxCityFile is the largest city file, bytes: a thousand times what a city needs.
const maxCityFile = 1 << 20

// Parse reads a city file, checks every value and fills in the defaults. name is what faults call
// the file. The first fault of the file, from the top, comes back as a *Fault with the line and
// column of the offending key: broken YAML, unknown and repeated keys, a value of another type, a
// number with a unit, and whatever File's comments forbid.
func Parse(name string, data []byte) (*File, error) {
	root, err := syntax(name, data)
	if err != nil {
		return nil, err
	}
	d := decoder{name: name, at: positions{"": {1, 1}}}
	f := &File{}
	if err := d.value("", root, reflect.ValueOf(f).Elem()); err != nil {
		return nil, err
	}
	f.name, f.at = name, d.at
	f.fill()
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

// syntax parses the one YAML document of a city file.
func syntax(name string, data []byte) (ast.Node, error) {
	if len(data) > maxCityFile {
		return nil, faultAt(name, position{}, "city.file-size", "bytes", len(data), "most", maxCityFile)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if at, deep := tooDeep(text); deep {
		return nil, faultAt(name, at, "city.too-deep", "most", maxDepth)
	}
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxFault(name, err)
	}
	var roots []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			roots = append(roots, doc.Body)
		}
	}
	if len(roots) == 0 {
		return nil, faultAt(name, position{1, 1}, "city.empty-file")
	}
	if len(roots) > 1 {
		return nil, faultAt(name, positionOf(roots[1]), "city.documents")
	}
	return roots[0], nil
}

// syntaxFault turns a parser's error into a fault with its position.
func syntaxFault(name string, err error) error {
	var at position
	why := err.Error()
	if e := yaml.Error(nil); errors.As(err, &e) {
		why = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			at = position{t.Position.Line, t.Position.Column}
		}
	}
	return faultAt(name, at, "city.syntax", "why", why)
}
