package strict

import (
	"errors"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Decode reads one YAML document, of which JSON is a part, into dst, a pointer to a struct, and
// returns where each key stands. name is what faults call the file; most is the largest size,
// bytes.
//
// The first fault of the file, from the top, comes back as a *Fault: broken YAML, a second
// document, unknown and repeated keys, anchors and tags, a value of another type than the field's.
// A null leaves its field as it is.
func Decode(name string, data []byte, most int, dst any) (Positions, error) {
	root, err := syntax(name, data, most)
	if err != nil {
		return nil, err
	}
	d := decoder{name: name, at: Positions{"": {1, 1}}}
	return d.at, d.value("", root, reflect.ValueOf(dst).Elem())
}

// syntax parses the one YAML document of a file.
func syntax(name string, data []byte, most int) (ast.Node, error) {
	if len(data) > most {
		return nil, FaultAt(name, Position{}, "strict.file-size", "bytes", len(data), "most", most)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if at, deep := tooDeep(text); deep {
		return nil, FaultAt(name, at, "strict.too-deep", "most", maxDepth)
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
		return nil, FaultAt(name, Position{1, 1}, "strict.empty-file")
	}
	if len(roots) > 1 {
		return nil, FaultAt(name, positionOf(roots[1]), "strict.documents")
	}
	return roots[0], nil
}

// syntaxFault turns a parser's error into a fault with its Position.
func syntaxFault(name string, err error) error {
	var at Position
	why := err.Error()
	if e := yaml.Error(nil); errors.As(err, &e) {
		why = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			at = Position{t.Position.Line, t.Position.Column}
		}
	}
	return FaultAt(name, at, "strict.syntax", "why", why)
}
