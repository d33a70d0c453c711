package city

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema and the Go types are written by hand, each for its reader: they name the same keys.
func TestSchemaHasTheKeysOfFile(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	compareKeys(t, root, root, reflect.TypeFor[File](), "file")
}

// compareKeys holds one object of the schema against a struct, and what lies below.
func compareKeys(t *testing.T, root, node map[string]any, typ reflect.Type, path string) {
	t.Helper()
	node = objectOf(root, node)
	properties, _ := node["properties"].(map[string]any)
	got := sortedKeys(properties)
	var want []string
	for i := range typ.NumField() {
		if name := typ.Field(i).Tag.Get("yaml"); name != "" {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: keys of the Go type and of the schema (-go +schema):\n%s", path, diff)
	}
	if node["additionalProperties"] != false {
		t.Errorf("%s: the schema accepts other keys", path)
	}
	for i := range typ.NumField() {
		field := typ.Field(i)
		name := field.Tag.Get("yaml")
		inner, ok := properties[name].(map[string]any)
		if !ok {
			continue
		}
		if inner["description"] == nil && inner["$ref"] == nil {
			t.Errorf("%s.%s: the schema doesn't describe it", path, name)
		}
		if elem := structOf(field.Type); elem != nil {
			compareKeys(t, root, inner, elem, path+"."+name)
		}
	}
}

// structOf returns the struct at the bottom of pointers, lists and maps; nil for none.
func structOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// objectOf follows references, items, values and the object among alternatives.
func objectOf(root, node map[string]any) map[string]any {
	for {
		switch {
		case node["$ref"] != nil:
			name := strings.TrimPrefix(node["$ref"].(string), "#/$defs/")
			node = root["$defs"].(map[string]any)[name].(map[string]any)
		case node["items"] != nil:
			node = node["items"].(map[string]any)
		case node["properties"] == nil && node["additionalProperties"] != nil:
			node = node["additionalProperties"].(map[string]any)
		case node["properties"] == nil && node["oneOf"] != nil:
			alternatives := node["oneOf"].([]any)
			node = alternatives[len(alternatives)-1].(map[string]any)
		default:
			return node
		}
	}
}

// compiled returns the schema ready to judge.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("city.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("city.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate judges a city file.
func validate(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

func TestSchemaAcceptsWhatParseAccepts(t *testing.T) {
	s := compiled(t)
	files, err := filepath.Glob("../../docs/cities/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("docs/cities: %v, %d files", err, len(files))
	}
	texts := map[string][]byte{"the least file": []byte(minimal), "the test city": []byte(villageFile)}
	for _, file := range files {
		if texts[file], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range texts {
		if err := validate(t, s, text); err != nil {
			t.Errorf("the schema refuses %s: %v", name, err)
		}
		if _, err := Parse(name, text); err != nil {
			t.Errorf("Parse refuses %s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := compiled(t)
	tests := map[string]struct{ old, new string }{
		"an unknown key":         {"schema: 1", "schema: 1\nmoney: 2"},
		"a missing key":          {"time_zone: Asia/Shanghai\n", ""},
		"a unit in a number":     {"1.2", "1.2 m2"},
		"a share above 1":        {"usable_share: 0.8", "usable_share: 8"},
		"a layer without a CRS":  {"    crs: WGS-84\n", ""},
		"erlang without a cycle": {", cycle_hours: 3", ""},
		"two scales": {
			"missing: unknown", "missing: unknown\n      bands: [{else: true, points: 1}]",
		},
		"a path that is none": {"path: districts.geojson", "path: /etc/passwd"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if validate(t, s, []byte(strings.Replace(minimal, tt.old, tt.new, 1))) == nil {
				t.Errorf("the schema accepts %q", tt.new)
			}
		})
	}
}
