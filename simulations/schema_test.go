package simulations

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/stint-city/stint/engine/strict/schemagen"
)

var update = flag.Bool("update", false, "write the schema anew from the code")

// schemaWords are the values that a key takes, by type and field.
var schemaWords = map[string]string{
	"DemandSetting.Model": "city fit table trace standing", "OperatorRow.Respond": "profit share",
	"CrewRow.Strategy": "none nightly greedy flow", "CheckRow.Kind": "bound balance steady conform",
	"ShockSetting.Kind": "weather event emergency data-outage", "Assumptions.Method": "morris sobol",
	"History.Model": "weekday-hour censored-poisson pooled",
}

// mustHave are the keys that have no default, by type.
var mustHave = map[string][]string{
	"Scenario": {"version", "city", "policies"}, "Policy": {"id"}, "OperatorRow": {"id"},
	"ShockSetting": {"kind"}, "CheckRow": {"kind"}, "Part": {"id", "from", "until"},
}

func TestTheSchemaIsThatOfTheCode(t *testing.T) {
	w := &schemagen.Writer{
		Tag: "yaml", Words: schemaWords, Dirs: []string{".", "../engine"},
		Required: func(t reflect.Type, f reflect.StructField, _ string) bool {
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			return slices.Contains(mustHave[t.Name()], key)
		},
	}
	want, err := w.Write("stint scenario", reflect.TypeFor[Scenario]())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.json", want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(Schema())); diff != "" {
		t.Errorf("go test ./simulations -run Schema -update writes it (-code +file):\n%s", diff)
	}
}

// Every scenario that ships is of the schema; what the reader refuses for its form, so does the
// schema.
func TestTheSchemaJudgesAsTheReader(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("scenario.json", document); err != nil {
		t.Fatal(err)
	}
	judge := compiler.MustCompile("scenario.json")
	judged := func(text []byte) error {
		var value any
		if err := yaml.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		return judge.Validate(value)
	}
	var files []string
	for _, pattern := range []string{"../cmd/stint/scenarios/*.yaml", "../docs/scenarios/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := judged(text); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, text := range []string{
		"version: 1\ncity: c\n", "version: 1\ncity: c\npolicies: [{id: a, colour: red}]\n",
		"version: 1\ncity: c\npolicies: [{}]\n", "version: one\ncity: c\npolicies: [{id: a}]\n",
		"version: 1\ncity: c\npolicies: [{id: a}]\nshocks: [{kind: comet}]\n",
	} {
		_, err := Parse("scenario.yaml", []byte(text))
		if by := judged([]byte(text)); err == nil || by == nil {
			t.Errorf("read: %v; by the schema: %v; want two refusals of\n%s", err, by, text)
		}
	}
}
