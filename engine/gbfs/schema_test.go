package gbfs

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// bySchema are the kinds of problems that a JSON schema can see.
func bySchema(p lenient.Problem) bool {
	return slices.Contains([]lenient.Kind{
		lenient.Missing, lenient.Type, lenient.Value, lenient.Word, lenient.Range, lenient.Unit,
	}, p.Kind)
}

// The official schemas are the oracle: of each fixture of MobilityData, and of each that lacks one
// field or has it in another type, stint reports what the schema refuses, in every field that stint
// reads.
func TestAgainstSchemas(t *testing.T) {
	oracle := shared(t, "oracle", "gbfs-json-schema")
	for _, version := range []string{"v2.3", "v3.0"} {
		for _, name := range []string{
			"system_information", "vehicle_types", "station_information", "station_status",
			"vehicle_status", "free_bike_status",
		} {
			path := filepath.Join(oracle, "fixtures-"+version, name+".json")
			body, err := os.ReadFile(path)
			if err != nil {
				continue // a name of the other version
			}
			t.Run(version+"/"+name, func(t *testing.T) {
				schema, err := jsonschema.NewCompiler().Compile(filepath.Join(oracle, version, name+".json"))
				if err != nil {
					t.Fatal(err)
				}
				hold(t, schema, NameOf(name), body)
			})
		}
	}
}

// readFields are the fields that stint reads, one level above the values.
var readFields = []string{
	"last_updated", "ttl", "version", "system_id", "name", "timezone", "vehicle_type_id",
	"form_factor", "propulsion_type", "station_id", "lat", "lon", "capacity", "num_bikes_available",
	"num_vehicles_available", "is_installed", "is_renting", "is_returning", "last_reported",
	"bike_id", "vehicle_id", "is_reserved", "is_disabled",
}

// hold takes a fixture and everything made of it by leaving a field out or turning it into a list.
func hold(t *testing.T, schema *jsonschema.Schema, name string, body []byte) {
	t.Helper()
	agree(t, schema, name, "the fixture", body)
	made := 0
	for _, field := range readFields {
		for _, list := range []bool{false, true} {
			var doc map[string]any
			if err := json.Unmarshal(body, &doc); err != nil {
				t.Fatal(err)
			}
			if !spoil(doc, field, list) {
				continue
			}
			spoiled, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			what := field + " left out"
			if list {
				what = field + " as a list"
			}
			agree(t, schema, name, what, spoiled)
			made++
		}
	}
	if made < 8 { // the three fields of the head and one more, both ways
		t.Errorf("only %d spoiled files; the fixture has too few fields", made)
	}
}

// spoil takes a field out of the first object that has it, or makes it a list in a list.
func spoil(x any, field string, list bool) bool {
	switch x := x.(type) {
	case map[string]any:
		if _, has := x[field]; has {
			if delete(x, field); list {
				x[field] = []any{[]any{}}
			}
			return true
		}
		for _, k := range slices.Sorted(maps.Keys(x)) {
			if spoil(x[k], field, list) {
				return true
			}
		}
	case []any:
		for _, y := range x {
			if spoil(y, field, list) {
				return true
			}
		}
	}
	return false
}

// agree compares the schema's word on a body with stint's.
func agree(t *testing.T, schema *jsonschema.Schema, name, what string, body []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	refused := schema.Validate(doc) != nil
	f := New(Settings{Hasher: observe.NewHasher([]byte("salt"))})
	file, err := f.Take(name, body, now)
	problem := err != nil || slices.ContainsFunc(file.Problems, bySchema)
	if refused != problem {
		t.Errorf("%s: the schema refuses: %t, stint reports: %t %v",
			what, refused, problem, tell(file.Problems))
	}
}
