package docs_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/rules"
)

var update = flag.Bool("update", false, "write the reference of policies.md anew from the schemas")

// blocks returns the yaml blocks of a page with the word behind "yaml", in their order.
func blocks(page string) [][2]string {
	var list [][2]string
	fence := regexp.MustCompile("(?s)```yaml ([a-z]+)\n(.*?)```")
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		list = append(list, [2]string{m[1], m[2]})
	}
	return list
}

// indent moves a text to the right.
func indent(text, by string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return by + strings.Join(lines, "\n"+by) + "\n"
}

func TestTheCitiesOfThePageAreDecidedAsItSays(t *testing.T) {
	cities, parts := 0, map[string]string{}
	for _, b := range blocks(readPage(t, "policies.md")) {
		parts[b[0]] = b[1]
		if b[0] != "decision" {
			continue
		}
		cities++
		text := "schema: 1\nname: {en: page}\ncases:\n  - id: page\n    rule:\n" +
			indent(parts["rule"], "      ") + "    state:\n" + indent(parts["state"], "      ") +
			"    expect:\n" + indent(parts["decision"], "      ")
		replayed(t, text)
	}
	if cities != 6 {
		t.Errorf("%d worked cities, want 6", cities)
	}
	replayed(t, parts["replay"])
}

// replayed fails the test for whatever in a replay does not hold.
func replayed(t *testing.T, text string) {
	t.Helper()
	r, err := rules.ReadReplay("policies.md", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	outcomes, err := r.Run(func(name string) (*rules.Policy, error) {
		data, err := rules.Preset(name)
		if err != nil {
			return nil, err
		}
		return rules.ReadPolicy(name, data)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if !o.Holds {
			t.Errorf("%s: %s is %s, want %s", o.Case, o.What, o.Got, o.Want)
		}
	}
}

func TestThePublishedResultsHold(t *testing.T) {
	for _, file := range []string{"policies/china.yaml", "policies/world.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		replayed(t, string(data))
	}
}

// schemaPart is what the reference reads of a JSON Schema.
type schemaPart struct {
	Type        any                    `json:"type"`
	Ref         string                 `json:"$ref"`
	Description string                 `json:"description"`
	Enum        []string               `json:"enum"`
	Properties  map[string]*schemaPart `json:"properties"`
	Required    []string               `json:"required"`
	Items       *schemaPart            `json:"items"`
	Additional  json.RawMessage        `json:"additionalProperties"`
	Defs        map[string]*schemaPart `json:"$defs"`
}

// kind writes the type of a key.
func (p *schemaPart) kind() string {
	switch {
	case len(p.Enum) > 0:
		known := slices.DeleteFunc(slices.Clone(p.Enum), func(s string) bool { return s == "" })
		return strings.Join(known, ", ")
	case p.Ref != "":
		return strings.TrimPrefix(p.Ref, "#/$defs/")
	case p.Items != nil:
		return "list of " + p.Items.kind()
	}
	var inner schemaPart
	if len(p.Additional) > 0 && json.Unmarshal(p.Additional, &inner) == nil {
		return "mapping to " + inner.kind()
	}
	switch t := p.Type.(type) {
	case string:
		return t
	case []any:
		var names []string
		for _, x := range t {
			names = append(names, fmt.Sprint(x))
		}
		if slices.Equal(names, []string{"string", "number", "boolean"}) {
			return "formula"
		}
		return strings.Join(names, " or ")
	}
	return "any"
}

// reference writes the tables of every document.
func reference(t *testing.T) string {
	t.Helper()
	text := "\n## Reference\n\nWritten from the JSON Schemas, which are written from the code. " +
		"A formula is a text, a number or a truth.\n"
	done := map[string]bool{}
	for _, name := range rules.Schemas() {
		data, ok := rules.Schema(name)
		var root schemaPart
		if err := json.Unmarshal(data, &root); !ok || err != nil {
			t.Fatalf("schema %s: %v", name, err)
		}
		text += "\n### `" + name + "`\n\nbegins with " + strings.TrimPrefix(root.Ref, "#/$defs/") + ".\n"
		for _, def := range slices.Sorted(maps.Keys(root.Defs)) {
			d := root.Defs[def]
			label := name + "." + def
			if done[def+d.Description] {
				continue
			}
			done[def+d.Description] = true
			text += "\n**" + def + "**: " + d.Description + "\n\n| key of `" + label +
				"` | type | required | meaning |\n|---|---|---|---|\n"
			for _, key := range slices.Sorted(maps.Keys(d.Properties)) {
				p, need := d.Properties[key], ""
				if slices.Contains(d.Required, key) {
					need = "yes"
				}
				text += "| `" + key + "` | " + p.kind() + " | " + need + " | " +
					strings.ReplaceAll(p.Description, "|", "\\|") + " |\n"
			}
		}
	}
	return text + "\n"
}

func TestTheReferenceIsThatOfTheSchemas(t *testing.T) {
	const begin = "<!-- reference: written by go test ./docs -run Reference -update -->"
	const end = "<!-- end of reference -->"
	page := readPage(t, "policies.md")
	before, rest, ok := strings.Cut(page, begin)
	got, after, okEnd := strings.Cut(rest, end)
	if !ok || !okEnd {
		t.Fatal("policies.md has no place for the reference")
	}
	want := reference(t)
	if *update {
		if err := os.WriteFile("policies.md", []byte(before+begin+want+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		got = want
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the reference is not that of the schemas; -update writes it (-want +got):\n%s", diff)
	}
}
