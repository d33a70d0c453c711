package web

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/stint-city/stint/engine"
)

//go:embed docs.html
var docsPage string

// describe serves the OpenAPI document and its readable page. Both are made once, here: they need
// nothing of another host.
func (s *Server) describe() {
	doc := s.api.OpenAPI()
	schemas := doc.Components.Schemas
	schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	delete(schemas.Map(), "ErrorModel") // huma's own, which toProblem replaces
	delete(schemas.Map(), "ErrorDetail")
	asJSON, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		panic("web: the OpenAPI document can't be encoded: " + err.Error())
	}
	asYAML, err := doc.YAML()
	if err != nil {
		panic("web: the OpenAPI document can't be encoded: " + err.Error())
	}
	var page bytes.Buffer
	parsed := template.Must(template.New("docs").Parse(docsPage))
	if err := parsed.Execute(&page, pageOf(doc)); err != nil {
		panic("web: the API page can't be made: " + err.Error())
	}
	s.static("/openapi.json", "application/json", asJSON)
	s.static("/openapi.yaml", "application/yaml", asYAML)
	s.static("/docs", "text/html; charset=utf-8", page.Bytes())
	s.static("/{$}", "text/html; charset=utf-8", page.Bytes())
}

// static serves bytes that don't change while the server runs.
func (s *Server) static(path, contentType string, body []byte) {
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "public, max-age=300")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(body) // a client that has gone needs no answer
	})
}

// apiPage is what docs.html shows.
type apiPage struct {
	Title, Version, Text string
	Groups               []apiGroup
	Schemas              []apiSchema
}

// apiGroup are the operations of one tag.
type apiGroup struct {
	Name       string
	Operations []apiOperation
}

// apiOperation is one route.
type apiOperation struct {
	Method, Path, Summary, Text, Roles string
	Input                              []apiField
	Body, Answer                       string // names of schemas
}

// apiSchema is one type.
type apiSchema struct {
	Name   string
	Fields []apiField
}

// apiField is one parameter or member.
type apiField struct{ Name, In, Type, Schema, Text string }

// pageOf returns the document as the page shows it, in the order of paths.
func pageOf(doc *huma.OpenAPI) apiPage {
	page := apiPage{Title: doc.Info.Title, Version: doc.Info.Version, Text: doc.Info.Description}
	for _, op := range operations(doc) {
		i := slices.IndexFunc(page.Groups, func(g apiGroup) bool { return g.Name == op.Tags[0] })
		if i < 0 {
			i = len(page.Groups)
			page.Groups = append(page.Groups, apiGroup{Name: op.Tags[0]})
		}
		page.Groups[i].Operations = append(page.Groups[i].Operations, pageOperation(op))
	}
	for _, name := range sortedKeys(doc.Components.Schemas.Map()) {
		schema := apiSchema{Name: name}
		members := doc.Components.Schemas.Map()[name].Properties
		for _, member := range sortedKeys(members) {
			schema.Fields = append(schema.Fields, fieldOf(member, "", members[member]))
		}
		page.Schemas = append(page.Schemas, schema)
	}
	return page
}

// operations returns every operation of a document, by path.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, path := range sortedKeys(doc.Paths) {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

func pageOperation(op *huma.Operation) apiOperation {
	o := apiOperation{
		Method: op.Method, Path: op.Path, Summary: op.Summary, Text: op.Description,
		Roles: rolesText(op),
	}
	for _, p := range op.Parameters {
		o.Input = append(o.Input, fieldOf(p.Name, p.In, p.Schema))
	}
	if op.RequestBody != nil {
		o.Body = contentName(op.RequestBody.Content)
	}
	for _, status := range []string{"200", "201", "202"} {
		if r := op.Responses[status]; r != nil && o.Answer == "" {
			o.Answer = contentName(r.Content)
		}
	}
	return o
}

// rolesText names the roles of an operation.
func rolesText(op *huma.Operation) string {
	var names []string
	for _, role := range rolesOf(op) {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// contentName returns the name of the schema of a body.
func contentName(content map[string]*huma.MediaType) string {
	for _, media := range sortedKeys(content) {
		if s := content[media].Schema; s != nil {
			return schemaName(s)
		}
	}
	return ""
}

// schemaName returns the name of the schema that s refers to, "" for none.
func schemaName(s *huma.Schema) string {
	if s.Items != nil {
		return schemaName(s.Items)
	}
	return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
}

func fieldOf(name, in string, s *huma.Schema) apiField {
	f := apiField{Name: name, In: in, Type: s.Type, Schema: schemaName(s), Text: s.Description}
	if s.Format != "" {
		f.Type += " (" + s.Format + ")"
	}
	if s.Items != nil && f.Schema == "" {
		f.Type = "array of " + s.Items.Type
	}
	return f
}

// sortedKeys returns a map's keys in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// rolesOf returns the roles that may call an operation.
func rolesOf(op *huma.Operation) []engine.Role {
	roles, _ := op.Extensions["x-roles"].([]engine.Role)
	return roles
}
