package rules

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/quota/policy"
	"github.com/stint-city/stint/scoring/rubric"
)

var update = flag.Bool("update", false, "write the schemas and the reference anew from the code")

// documents are the types behind the schemas.
var documents = map[string]reflect.Type{
	"policy":   reflect.TypeFor[policy.Policy](),
	"state":    reflect.TypeFor[policy.State](),
	"decision": reflect.TypeFor[policy.Decision](),
	"rubric":   reflect.TypeFor[rubric.Rubric](),
	"sheets":   reflect.TypeFor[Sheets](),
	"card":     reflect.TypeFor[rubric.Card](),
	"replay":   reflect.TypeFor[Replay](),
}

// words are the values that a key takes, by type and field.
var words = map[string]string{
	"Policy.Period": "month quarter half_year year once", "Policy.Rounding": roundings,
	"Source.Confidence": "high medium low own", "Param.Kind": kindWords, "Fact.Kind": kindWords,
	"Fact.Of": "operator city zone site", "Series.Take": "max min mean sum last count",
	"Score.Absent": "unknown reweigh", "Score.RollUp": "mean min max last sum",
	"Derived.Of": "operator city", "Derived.Round": roundings,
	"Veto.Do": "cap_grade zero_score exit", "Rank.Last": "id shared", "Streak.Reset": "break never",
	"Amount.Round": roundings, "Pool.Method": "shares equal weight merit",
	"Pool.Split": "webster largest_remainder", "Pool.Unfilled": "reserve lost others",
	"Rule.Fund": "total reserve freed", "Rule.From": "now next_period",
	"Change.Of": "current running original approved zone reserve", "Change.Round": roundings,
	"Freed.To": "reserve lost first share hold_total", "Freed.Else": "reserve lost",
	"Layers.Round": roundings, "Zones.Sum": "equal at_most", "ZoneBound.Round": roundings,
	"Check.Of": "operator city zone", "SiteRule.Do": "withdraw hand_over",
	"Rules.Base":         "previous equal request use",
	"Rules.UnknownScore": "neutral zero", "Rules.PoolUnused": "incumbents unallocated",
	"Rules.Unfilled": "shrink error",
	"Rubric.Period":  "month quarter half_year year once", "Rubric.Rounding": "half_up half_even",
	"Rubric.Absent": "unknown reweigh", "Indicator.Kind": "mark bonus deduction",
	"Indicator.Direction": "higher lower", "Indicator.Missing": "unknown worst mean exclude",
	"RollUp.Take": "mean min max sum last", "RollUp.Absent": "unknown reweigh",
}

const (
	roundings = "half_up half_even down up"
	kindWords = "number text truth"
)

// writer makes schemas of Go types, with the comments of their fields.
type writer struct {
	comments map[string]string // "Type.Field" and "Type"
	defs     map[string]any
}

// comments reads the comments of the exported types of some folders.
func comments(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	clean := func(groups ...*ast.CommentGroup) string {
		for _, g := range groups {
			if g != nil {
				return strings.Join(strings.Fields(g.Text()), " ")
			}
		}
		return ""
	}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				d, ok := n.(*ast.GenDecl)
				if !ok {
					return true
				}
				for _, spec := range d.Specs {
					typ, ok := spec.(*ast.TypeSpec)
					if !ok {
						continue
					}
					texts[typ.Name.Name] = clean(typ.Doc, d.Doc)
					if s, ok := typ.Type.(*ast.StructType); ok {
						for _, f := range s.Fields.List {
							for _, name := range f.Names {
								texts[typ.Name.Name+"."+name.Name] = clean(f.Doc, f.Comment)
							}
						}
					}
				}
				return true
			})
		}
	}
	return texts
}

// of returns the schema of a type.
func (w *writer) of(t reflect.Type) map[string]any {
	scalar := func(kinds ...string) map[string]any {
		if len(kinds) == 1 {
			return map[string]any{"type": kinds[0]}
		}
		return map[string]any{"type": kinds}
	}
	switch t {
	case reflect.TypeFor[policy.Formula]():
		return scalar("string", "number", "boolean")
	case reflect.TypeFor[policy.Number](), reflect.TypeFor[rubric.Number]():
		return scalar("number")
	case reflect.TypeFor[policy.Value]():
		return scalar("number", "string", "boolean", "null")
	case reflect.TypeFor[policy.Datum]():
		return scalar("number", "string", "boolean", "null", "array")
	case reflect.TypeFor[Tree]():
		return map[string]any{"type": "object"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		inner := w.of(t.Elem())
		if kind, ok := inner["type"].(string); ok {
			inner["type"] = []string{kind, "null"}
		}
		return inner
	case reflect.Slice:
		return map[string]any{"type": "array", "items": w.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": w.of(t.Elem())}
	case reflect.Struct:
		w.define(t)
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case reflect.Bool:
		return scalar("boolean")
	case reflect.Int:
		return scalar("integer")
	case reflect.Float64:
		return scalar("number")
	default:
		return scalar("string")
	}
}

// define writes the schema of a struct among the definitions.
func (w *writer) define(t reflect.Type) {
	if _, known := w.defs[t.Name()]; known {
		return
	}
	properties, required := map[string]any{}, []string{}
	object := map[string]any{
		"type": "object", "additionalProperties": false, "properties": properties,
	}
	w.defs[t.Name()] = object
	if text := w.comments[t.Name()]; text != "" {
		object["description"] = text
	}
	for i := range t.NumField() {
		f := t.Field(i)
		key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key == "" || key == "-" {
			continue
		}
		inner := w.of(f.Type)
		if list := words[t.Name()+"."+f.Name]; list != "" {
			choice := strings.Fields(list)
			if options == "omitempty" {
				choice = append(choice, "")
			}
			inner["enum"] = choice
		}
		if text := w.comments[t.Name()+"."+f.Name]; text != "" {
			inner["description"] = text
		}
		properties[key] = inner
		if options != "omitempty" && f.Type != reflect.TypeFor[policy.Text]() &&
			f.Type != reflect.TypeFor[rubric.Text]() {
			required = append(required, key)
		}
	}
	if len(required) > 0 {
		object["required"] = required
	}
}

func schemaOf(t *testing.T, name string) []byte {
	t.Helper()
	w := &writer{comments: comments(t, "../../quota/merit", "../../scoring/rubric", ".",
		"../../quota/policy"), defs: map[string]any{}}
	root := w.of(documents[name])
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "stint " + name
	root["$defs"] = w.defs
	data, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func TestTheSchemasAreThoseOfTheCode(t *testing.T) {
	for _, name := range Schemas() {
		want, file := schemaOf(t, name), filepath.Join("schema", name+".json")
		if *update {
			if err := os.WriteFile(file, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := Schema(name)
		if *update {
			got, ok = want, true
		}
		if diff := cmp.Diff(string(want), string(got)); !ok || diff != "" {
			t.Errorf("schema %s: go test ./engine/rules -run Schemas -update writes it (-code +file):\n%s",
				name, diff)
		}
	}
}
