package report

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// keys returns the names of a JSON object, sorted.
func keys(t *testing.T, v any) []string {
	t.Helper()
	object, ok := v.(map[string]any)
	if !ok {
		t.Fatalf("%v is no object", v)
	}
	var names []string
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestSummaryHasThePublishedNames(t *testing.T) {
	data, err := json.Marshal(Summary(fixture(t, 3), lang.English))
	if err != nil {
		t.Fatal(err)
	}
	var o map[string]any
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	at := func(name string) any { return o[name].([]any)[0] }
	tests := map[string]struct {
		object any
		want   []string
	}{
		"the whole": {o, []string{
			"assumptions", "certificate", "city", "compliance", "compliance_centre", "layers", "notice",
			"plan", "sectors", "warnings",
		}},
		"a layer":     {at("layers"), []string{"area_m2", "features", "id", "rejected", "union_m2"}},
		"a tolerance": {at("compliance"), []string{"share", "tolerance_m"}},
		"a sector": {at("sectors"), []string{
			"capacity", "capacity_unknown_cells", "cells", "id", "operators", "shadow_price", "total",
		}},
		"an operator": {
			at("sectors").(map[string]any)["operators"].([]any)[0], []string{"id", "quota", "score"},
		},
		"the certificate": {o["certificate"], []string{"gap"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, keys(t, tt.object)); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	p := fixture(t, 3)
	got := Summary(p, lang.English)
	if got.City != "lakeside" || got.Plan != p.ID || got.Notice != p.City.Notice.En {
		t.Errorf("city %q, plan %q, notice %q", got.City, got.Plan, got.Notice)
	}
	polygon := []ToleranceObject{{0, 0.0382}, {15, 0.698}, {30, 0.8716}}
	if !slices.Equal(got.Compliance, polygon) {
		t.Errorf("compliance %v, want the polygon's rows %v", got.Compliance, polygon)
	}
	if want := []ToleranceObject{{15, 0.615}}; !slices.Equal(got.Centre, want) {
		t.Errorf("compliance_centre %v, want %v", got.Centre, want)
	}
	bike := got.Sectors[0]
	if bike.Cells != len(p.Sectors[0].Cells) || *bike.Capacity != p.Sectors[0].Capacity.Mid {
		t.Errorf("cells %d, capacity %d", bike.Cells, bike.Capacity)
	}
	if bike.Operators[2].Score != nil || *bike.Operators[0].Score != 82.8 {
		t.Error("a score that is unknown must be null, and 82.8 stay 82.8")
	}
	if got.Sectors[1].Shadow != nil {
		t.Error("a sector that counts vehicles standing has no price of space")
	}
	want := []string{"layers/fences.csv:12:4: layers/fences.csv: 3 of 1,407 rows were left out"}
	if diff := cmp.Diff(want, got.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if len(got.Assumptions) != 1 {
		t.Errorf("assumptions %v, want 1", got.Assumptions)
	}
}

func TestSummaryOfAnEmptyPlanHasNoNull(t *testing.T) {
	data, err := json.Marshal(Summary(&engine.Plan{}, lang.Chinese))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"city":"","plan":"","notice":"","layers":[],"compliance":[],"compliance_centre":[],` +
		`"sectors":[],"certificate":{"gap":0},"warnings":[],"assumptions":[]}`
	if string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
}
