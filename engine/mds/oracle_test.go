package mds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// oracle is the folder of the standard's own schemas.
const oracle = "../../../shared/oracle/mds-openapi-2.0/models"

// models reads the OpenAPI models as JSON Schemas, nil where they aren't there. The four event
// files of the modes write "contains" as a list, which is no schema: it is read as "one of these".
// Where a model is one of those of the modes, all of which fit, it is micromobility's.
func models(t *testing.T) *jsonschema.Compiler {
	t.Helper()
	if _, err := os.Stat(oracle); err != nil {
		return nil
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	err := filepath.WalkDir(oracle, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			return err
		}
		asJSON, err := json.Marshal(mended(v))
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			return err
		}
		name, err := filepath.Rel(oracle, path)
		if err != nil {
			return err
		}
		return c.AddResource("https://mds.test/models/"+filepath.ToSlash(name), doc)
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mended returns a schema with its lists under "contains" as enumerations.
func mended(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = mended(x)
			list, _ := x.([]any)
			if len(list) > 0 && k == "contains" {
				v[k] = map[string]any{"enum": list}
			}
			if k == "oneOf" && strings.Contains(fmt.Sprint(list), "modes/micromobility") {
				v[k] = slices.DeleteFunc(list, func(m any) bool {
					return !strings.Contains(fmt.Sprint(m), "modes/micromobility")
				})
			}
		}
	case []any:
		for i := range v {
			v[i] = mended(v[i])
		}
	}
	return v
}

// needModels is models, without which the test is skipped.
func needModels(t *testing.T) *jsonschema.Compiler {
	t.Helper()
	c := models(t)
	if c == nil {
		t.Skip("NOT CHECKED AGAINST THE ORACLE: " + oracle + " is not there")
	}
	return c
}

// check judges a JSON text by a model; nil where there are no models.
func check(t *testing.T, c *jsonschema.Compiler, model string, text []byte) error {
	t.Helper()
	if c == nil {
		return nil
	}
	schema, err := c.Compile("https://mds.test/models/" + model)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(v)
}

// TestMessagesAreTheStandards: the messages that the other tests send are what the standard means,
// so that they prove something.
func TestMessagesAreTheStandards(t *testing.T) {
	c := needModels(t)
	event := eventText(device1, event1, "")
	for name, m := range map[string]struct{ model, text string }{
		"vehicle":   {"vehicle.yaml", vehicleText(device1)},
		"event":     {"event.yaml", event},
		"no place":  {"event.yaml", strings.Replace(event, place, geographies, 1)},
		"telemetry": {"telemetry.yaml", telemetryText(device1)},
		"trip":      {"trip.yaml", tripText(device1, trip1)},
		"status":    {"vehicle-status.yaml", statusText(device1, event)},
	} {
		if err := check(t, c, m.model, []byte(m.text)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, m.text)
		}
	}
}

// TestMachineIsTheStandards: for every state, the words that may lead to it are those of the
// OpenAPI model.
func TestMachineIsTheStandards(t *testing.T) {
	c := needModels(t)
	schema, err := c.Compile("https://mds.test/models/modes/micromobility/event.yaml")
	if err != nil {
		t.Fatal(err)
	}
	states := 0
	for _, part := range schema.OneOf {
		state := (*part.Properties["vehicle_state"].Const).(string)
		states++
		items := part.Properties["event_types"].Items2020
		for word := range rules {
			want := items.Validate(word) == nil
			if got := leads([]string{word}, mustState(t, state)); got != want {
				t.Errorf("%s leads to %s: %v, the standard says %v", word, state, got, want)
			}
		}
		for _, word := range items.Enum.Values {
			if !known(word.(string)) {
				t.Errorf("%v, which leads to %s, is unknown", word, state)
			}
		}
	}
	if states != 8 {
		t.Errorf("%d states in the model, want 8", states)
	}
}
