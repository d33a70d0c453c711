package rules

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/quota/policy"
)

// preset reads one of the published rules that stint ships.
func preset(t testing.TB, id string) *Policy {
	t.Helper()
	data, err := Preset(id)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPolicy(id, data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// decide applies a preset to a state, with every day a working day.
func decide(t testing.TB, id, state string) *policy.Decision {
	t.Helper()
	s, err := ReadState("state", []byte(state))
	if err != nil {
		t.Fatal(err)
	}
	d, err := preset(t, id).Apply(s, everyDay{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// everyDay works without a pause.
type everyDay struct{}

func (everyDay) Working(string) (working, ok bool) { return true, true }

func TestEveryPresetCompiles(t *testing.T) {
	ids := Presets()
	if len(ids) < 20 {
		t.Fatalf("%d presets", len(ids))
	}
	for _, id := range ids {
		p := preset(t, id).Policy
		if p.ID != id {
			t.Errorf("%s calls itself %s", id, p.ID)
		}
		if p.Source.Text == "" || p.Name.En == "" || p.Name.Zh == "" {
			t.Errorf("%s lacks its source, or a name in both languages", id)
		}
	}
}

// The figures are those that the cities published; ../../../shared/spec/policies.md names each
// source.
func TestPublishedQuotas(t *testing.T) {
	tests := map[string]struct {
		preset, state string
		want          map[string]int
	}{
		"Guangzhou's tender: three quarters of each lot at once": {
			"guangzhou-tender-2022",
			`{"total": 400000, "operators": [
				{"id": "a", "score": 3}, {"id": "b", "score": 2}, {"id": "c", "score": 1}]}`,
			map[string]int{"a": 120000, "b": 97500, "c": 82500},
		},
		"Guangzhou, first quarter of 2023: the last loses 5,000": {
			"guangzhou-2023",
			`{"operators": [
				{"id": "meituan", "score": 76.2, "quota": 82500},
				{"id": "hello", "score": 73.7, "quota": 97500},
				{"id": "qingju", "score": 70.3, "quota": 120000}]}`,
			map[string]int{"meituan": 82500, "hello": 97500, "qingju": 115000},
		},
		"the second quarter: 9,652.5 becomes 9,653 in Yuexiu": {
			"guangzhou-2023",
			`{"facts": {"uplift_due": true}, "operators": [
				{"id": "meituan", "score": 74.9, "quota": 82500, "zones": {"yuexiu": 7425}},
				{"id": "hello", "score": 69.6, "quota": 97500, "zones": {"yuexiu": 8775}},
				{"id": "qingju", "score": 68.2, "quota": 115000}]}`,
			map[string]int{"meituan": 83243, "hello": 98378, "qingju": 110000},
		},
		"Xiamen: a rank that nobody qualifies for stays unallocated": {
			"xiamen-2019",
			`{"total": 160000, "operators": [
				{"id": "mobike", "class": "incumbent", "score": 77.2},
				{"id": "hello", "class": "incumbent", "score": 73.9},
				{"id": "ofo", "class": "incumbent", "facts": {"qualified_by_bureau": false}},
				{"id": "jiujiu", "class": "incumbent", "facts": {"qualified_by_bureau": false}},
				{"id": "qingju", "class": "entrant", "score": 34}]}`,
			map[string]int{"mobike": 75000, "hello": 45000, "ofo": 0, "jiujiu": 0, "qingju": 10000},
		},
		"Zhengzhou: the first gains what the last loses": {
			"zhengzhou-2020",
			`{"days": {"published": "2020-10-09"}, "operators": [
				{"id": "q", "score": 62.02, "quota": 63000}, {"id": "h", "score": 60.66, "quota": 55000},
				{"id": "m", "score": 57.71, "quota": 60000}]}`,
			map[string]int{"q": 66000, "h": 55000, "m": 57000},
		},
		"Tianjin: the second failure of the current quota": {
			"tianjin-2019",
			`{"params": {"line": 80, "second_of_original": false}, "operators": [
				{"id": "a", "score": 55, "quota": 80000, "original": 100000, "streaks": {"fail": 1}}]}`,
			map[string]int{"a": 56000},
		},
		"Tianjin: or of the original one": {
			"tianjin-2019",
			`{"params": {"line": 80, "second_of_original": true}, "operators": [
				{"id": "a", "score": 55, "quota": 80000, "original": 100000, "streaks": {"fail": 1}}]}`,
			map[string]int{"a": 50000},
		},
		"Tianjin: 60.0 passes": {
			"tianjin-2019",
			`{"params": {"line": 80, "second_of_original": false}, "operators": [
				{"id": "a", "score": 60.0, "quota": 100000}]}`,
			map[string]int{"a": 100000},
		},
		"Beijing's winter": {
			"beijing-winter-2022",
			`{"date": "2023-01-15", "total": 800000, "operators": [
				{"id": "a", "quota": 500000}, {"id": "b", "quota": 300000}]}`,
			map[string]int{"a": 375000, "b": 225000},
		},
		"Louisville: 4.0 is not above 4, and 1,050 is the most": {
			"louisville",
			`{"operators": [
				{"id": "a", "quota": 150, "facts": {"rides_per_vehicle_day": 4.0}},
				{"id": "b", "quota": 150, "facts": {"rides_per_vehicle_day": 4.01}},
				{"id": "c", "quota": 1000, "facts": {"rides_per_vehicle_day": 6}}]}`,
			map[string]int{"a": 150, "b": 250, "c": 1050},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := map[string]int{}
			for _, o := range decide(t, tt.preset, tt.state).Operators {
				got[o.ID] = *o.Quota
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("quotas (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOslosPartsSumToTheCap(t *testing.T) {
	state := `{"total": 8000, "operators": [`
	for i := range 12 {
		if i > 0 {
			state += ","
		}
		state += `{"id": "` + string(rune('a'+i)) + `"}`
	}
	d := decide(t, "oslo-2021", state+"]}")
	of := map[int]int{}
	for _, o := range d.Operators {
		of[*o.Quota]++
	}
	if diff := cmp.Diff(map[int]int{667: 8, 666: 4}, of); diff != "" || d.Allocated != 8000 {
		t.Errorf("%d allocated, parts (-want +got):\n%s", d.Allocated, diff)
	}
}

func TestBeijingsVetoesCapTheGrade(t *testing.T) {
	d := decide(t, "beijing-2020", `{"operators": [
		{"id": "meituan", "score": 755.6},
		{"id": "qingju", "score": 732.5, "facts": {"admin_fines": 2, "data_fraud": true}},
		{"id": "hello", "score": 747, "facts": {"admin_fines": 1, "static_data_lt70": true}},
		{"id": "bianlifeng", "score": 499.5}, {"id": "ofo", "score": 307}]}`)
	got := map[string]string{}
	for _, o := range d.Operators {
		got[o.ID] = o.Grade
	}
	want := map[string]string{
		"meituan": "A", "qingju": "B", "hello": "B", "bianlifeng": "B", "ofo": "B",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grades (-want +got):\n%s", diff)
	}
}

func TestWhatIsAlwaysTrue(t *testing.T) {
	d := decide(t, "xiamen-2019", `{"total": 160000, "operators": [
		{"id": "b", "class": "incumbent", "score": 73.9},
		{"id": "a", "class": "incumbent", "score": 77.2}]}`)
	turned := decide(t, "xiamen-2019", `{"total": 160000, "operators": [
		{"id": "a", "class": "incumbent", "score": 77.2},
		{"id": "b", "class": "incumbent", "score": 73.9}]}`)
	one, _ := json.Marshal(d)
	other, _ := json.Marshal(turned)
	if !bytes.Equal(one, other) {
		t.Error("the order of operators matters")
	}
	if *d.Total != d.Allocated+d.Reserve+*d.Left {
		t.Errorf("%d is not %d + %d + %d", *d.Total, d.Allocated, d.Reserve, *d.Left)
	}
	for _, o := range d.Operators {
		if o.Zones["island"]+o.Zones["off_island"] != *o.Quota {
			t.Errorf("%s has %v of %d", o.ID, o.Zones, *o.Quota)
		}
	}
}
