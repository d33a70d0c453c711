package rules

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/strict/schemagen"
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

func schemaOf(t *testing.T, name string) []byte {
	t.Helper()
	w := &schemagen.Writer{
		Tag: "json", Words: words,
		Dirs: []string{"../../quota/merit", "../../scoring/rubric", ".", "../../quota/policy"},
		Scalars: func(t reflect.Type) []string {
			switch t {
			case reflect.TypeFor[policy.Formula]():
				return []string{"string", "number", "boolean"}
			case reflect.TypeFor[policy.Number](), reflect.TypeFor[rubric.Number]():
				return []string{"number"}
			case reflect.TypeFor[policy.Value]():
				return []string{"number", "string", "boolean", "null"}
			case reflect.TypeFor[policy.Datum]():
				return []string{"number", "string", "boolean", "null", "array"}
			case reflect.TypeFor[Tree]():
				return []string{"object"}
			}
			return nil
		},
		Required: func(_ reflect.Type, f reflect.StructField, options string) bool {
			return options != "omitempty" && f.Type != reflect.TypeFor[policy.Text]() &&
				f.Type != reflect.TypeFor[rubric.Text]()
		},
	}
	data, err := w.Write("stint "+name, documents[name])
	if err != nil {
		t.Fatal(err)
	}
	return data
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
