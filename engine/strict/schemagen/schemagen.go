// Package schemagen writes JSON Schemas (draft 2020-12) of the types behind files that people
// write, with the comments of their fields. Tests hold the schemas that ship to what it writes.
package schemagen

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"strings"
)

// Writer says how types become schemas.
type Writer struct {
	Tag   string            // of the keys: "json" or "yaml"
	Dirs  []string          // where the types' comments are
	Words map[string]string // what a key takes, by "Type.Field", words apart
	// Scalars returns the JSON types of a Go type that is written as one value; nil = not so. The
	// function may be nil.
	Scalars func(reflect.Type) []string
	// Required reports whether a key must be there.
	Required func(t reflect.Type, f reflect.StructField, options string) bool

	comments map[string]string // by "package.Type" and "package.Type.Field"
	defs     map[string]any
}

// Write returns the schema of a type.
func (w *Writer) Write(title string, t reflect.Type) ([]byte, error) {
	if err := w.readComments(); err != nil {
		return nil, err
	}
	w.defs = map[string]any{}
	root := w.of(t)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = title
	root["$defs"] = w.defs
	data, err := json.MarshalIndent(root, "", "  ")
	return append(data, '\n'), err
}

// readComments reads the comments of the types of w.Dirs.
func (w *Writer) readComments() error {
	w.comments = map[string]string{}
	for _, dir := range w.Dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return err
		}
		for _, file := range files {
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				return fmt.Errorf("read comments: %w", err)
			}
			w.note(tree)
		}
	}
	return nil
}

// note keeps the comments of a file's types.
func (w *Writer) note(file *ast.File) {
	in := file.Name.Name + "."
	for _, d := range file.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			typ, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			w.comments[in+typ.Name.Name] = text(typ.Doc, d.Doc)
			s, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					w.comments[in+typ.Name.Name+"."+name.Name] = text(f.Doc, f.Comment)
				}
			}
		}
	}
}

// text returns the first comment that is there, on one line.
func text(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if g != nil {
			return strings.Join(strings.Fields(g.Text()), " ")
		}
	}
	return ""
}

// typed returns the schema of a value of one of some JSON types.
func typed(kinds ...string) map[string]any {
	if len(kinds) == 1 {
		return map[string]any{"type": kinds[0]}
	}
	return map[string]any{"type": kinds}
}

// of returns the schema of a type.
func (w *Writer) of(t reflect.Type) map[string]any {
	if w.Scalars != nil {
		if kinds := w.Scalars(t); kinds != nil {
			return typed(kinds...)
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		inner := w.of(t.Elem())
		if kind, ok := inner["type"].(string); ok {
			inner["type"] = []string{kind, "null"}
		}
		return inner
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": "array", "items": w.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": w.of(t.Elem())}
	case reflect.Struct:
		w.define(t)
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case reflect.Bool:
		return typed("boolean")
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return typed("integer")
	case reflect.Float64:
		return typed("number")
	default:
		return typed("string")
	}
}

// define writes the schema of a struct among the definitions.
func (w *Writer) define(t reflect.Type) {
	if _, known := w.defs[t.Name()]; known {
		return
	}
	properties, required := map[string]any{}, []string{}
	object := map[string]any{
		"type": "object", "additionalProperties": false, "properties": properties,
	}
	w.defs[t.Name()] = object
	named := path.Base(t.PkgPath()) + "." + t.Name()
	if text := w.comments[named]; text != "" {
		object["description"] = text
	}
	for i := range t.NumField() {
		f := t.Field(i)
		key, options, _ := strings.Cut(f.Tag.Get(w.Tag), ",")
		if key == "" || key == "-" {
			continue
		}
		inner := w.of(f.Type)
		if list := w.Words[t.Name()+"."+f.Name]; list != "" {
			choice := strings.Fields(list)
			if options == "omitempty" {
				choice = append(choice, "")
			}
			inner["enum"] = choice
		}
		if text := w.comments[named+"."+f.Name]; text != "" {
			inner["description"] = text
		}
		properties[key] = inner
		if w.Required(t, f, options) {
			required = append(required, key)
		}
	}
	if len(required) > 0 {
		object["required"] = required
	}
}
