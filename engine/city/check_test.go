package city

import (
	"fmt"
	"strings"
	"testing"
)

// placeOf returns "line:column" of a marker that stands once in a text.
func placeOf(t *testing.T, text, marker string) string {
	t.Helper()
	if strings.Count(text, marker) != 1 {
		t.Fatalf("%q stands %d times in the text", marker, strings.Count(text, marker))
	}
	before := text[:strings.Index(text, marker)]
	line := strings.Count(before, "\n") + 1
	return fmt.Sprintf("%d:%d", line, len(before)-strings.LastIndex(before, "\n"))
}

// Each case changes the village's file in one place; the fault stands at the marker.
func TestParseChecksTheVillage(t *testing.T) {
	tests := map[string]struct {
		old, new string
		marker   string // of the new text, where the fault stands
		want     []string
	}{
		"an empty list": {
			"sectors:\n", "sectors: []\nother:\n", "other:", []string{`no key "other"`},
		},
		"an empty name": {
			"name: {en: Village, zh: 村}", "name: {en: \" \"}", "name: {en: \" \"}", []string{"empty"},
		},
		"a density of nothing": {
			"    sidewalk_share: 0.1\n", "    sidewalk_share: 0.1\n    density_per_km2: 0\n",
			"density_per_km2",
			[]string{"above 0"},
		},
		"a turnover without a target": {
			"    sidewalk_share: 0.1\n", "    sidewalk_share: 0.1\n    turnover: {usable: 0.9}\n",
			"turnover",
			[]string{`"target"`},
		},
		"a turnover of a fleet that never rides": {
			"    sidewalk_share: 0.1\n",
			"    sidewalk_share: 0.1\n    turnover: {target: 2, usable: 0}\n",
			"usable: 0}",
			[]string{"above 0 and at most 1"},
		},
		"a daily factor without its reason": {
			"    sidewalk_share: 0.1\n", "    sidewalk_share: 0.1\n    daily_factor: {value: 2}\n",
			"daily_factor",
			[]string{`"reason"`},
		},
		"a daily factor that takes trips away": {
			"    sidewalk_share: 0.1\n", "    sidewalk_share: 0.1\n" +
				"    daily_factor: {value: 0.5, reason: {en: why}}\n", "value: 0.5", []string{"1 or more"},
		},
		"a sidewalk layer and no share of it": {
			"    sidewalk_share: 0.1\n", "", "id: bike", []string{"sidewalk_share in sector bike"},
		},
		"day parts out of order": {
			"{model: erlang, cycle_hours: 3}", "{model: newsvendor, day_parts: [6, 0]}",
			"0]}\n",
			[]string{"ascending"},
		},
		"a model without its evidence": {
			"{model: erlang, cycle_hours: 3}", "{model: presence}", "service:",
			[]string{"sector bike", "occupancy"},
		},
		"two layers of one name": {
			"  - id: free\n", "  - id: rides\n", "id: rides\n    kind: availability",
			[]string{`"rides" stands twice in layers`},
		},
		"a layer of no kind": {
			"kind: sidewalk", "kind: pavement", "kind: pavement", []string{"districts, fences"},
		},
		"a format the name doesn't tell": {
			"path: free.csv", "path: free.txt", "path: free.txt", []string{"format"},
		},
		"a table in GeoJSON": {
			"path: free.csv", "path: free.csv\n    format: geojson", "format: geojson",
			[]string{"is a table"},
		},
		"a path that is empty": {
			"path: free.csv", "path: []", "path: []", []string{"empty"},
		},
		"a path of another system": {
			"path: free.csv", `path: a\free.csv`, `path: a\free.csv`, []string{"forward slashes"},
		},
		"a CRS where there are no coordinates": {
			"path: pavements.csv", "path: pavements.csv\n    crs: WGS-84",
			"crs: WGS-84\n    alias",
			[]string{"no effect with kind: sidewalk"},
		},
		"features in a table": {
			"path: fences.csv", "path: fences.csv\n    features: a.b", "features: a.b",
			[]string{"format: csv"},
		},
		"a schema that lacks a column": {
			"{time: at, lat: y, lng: x, operator: who, vehicle: bike}", "{time: at, lat: y}",
			"columns: {time: at, lat: y}",
			[]string{"needs the columns lng"},
		},
		"a schema of shapes without a shape": {
			"path: fences.csv", "path: fences.csv\n    columns: {id: id}", "columns: {id: id}",
			[]string{"wkt|ring"},
		},
		"two schemas of one GeoJSON": {
			"columns: {id: code, name_en: en, name_zh: zh}", "columns: [{id: code}, {id: id}]",
			"columns: [",
			[]string{"are for CSV"},
		},
		"an empty column": {
			"operator: who, vehicle: bike", "operator: who, vehicle: \"\"", "vehicle: \"\"",
			[]string{"empty"},
		},
		"a sector nobody has": {
			"    path: free.csv\n", "    path: free.csv\n    sectors: boat\n", "sectors: boat",
			[]string{`"boat"`, "bike"},
		},
		"a sector of a list nobody has": {
			"    path: free.csv\n", "    path: free.csv\n    sectors: [bike, boat]\n", "boat]",
			[]string{`"boat"`},
		},
		"an operator nobody has": {
			"operator_of: {A: ant, B: bee}", "operator_of: {A: ant, B: cat}", "B: cat",
			[]string{`"cat"`, "ant, bee"},
		},
		"a sector's value nobody has": {
			"    path: free.csv\n", "    path: free.csv\n    sector_of: {x: boat}\n", "x: boat",
			[]string{`"boat"`},
		},
		"a split that doesn't sum to 1": {
			"operator_of: {A: ant, B: bee}",
			"split: {by: bike, shares: [{operator: ant, share: 0.5}]}",
			"shares: [",
			[]string{"sum to 0.5"},
		},
		"a split without its column": {
			"operator_of: {A: ant, B: bee}", "split: {shares: [{operator: ant, share: 1}]}",
			"split:",
			[]string{`"by"`},
		},
		"a zone without its effect": {
			"    effect: ban\n", "", "id: quiet", []string{`"effect"`},
		},
		"a limit without its number": {
			"effect: ban", "effect: limit", "id: quiet", []string{`"limit"`},
		},
		"a number without its limit": {
			"effect: ban", "effect: ban\n    limit: 3", "limit: 3", []string{"no effect"},
		},
		"hours that end before they start": {
			"operator_of: {A: ant, B: bee}", "hours: [9, 7]", "hours: [9, 7]", []string{"[7, 9]"},
		},
		"a share of rejects above 1": {
			"    path: free.csv\n", "    path: free.csv\n    reject_limit: 5\n", "reject_limit: 5",
			[]string{"between 0 and 1"},
		},
		"compliance with a layer nobody has": {
			"{layer: rides, fences: fences", "{layer: locks, fences: fences", "layer: locks",
			[]string{`"locks"`, "rides"},
		},
		"compliance with no distance": {
			"tolerances_m: [0, 15]", "tolerances_m: []", "tolerances_m: []", []string{"empty"},
		},
		"compliance with distances out of order": {
			"tolerances_m: [0, 15]", "tolerances_m: [15, 0]", "0], centre", []string{"ascend"},
		},
		"a sheet and indicators": {
			"sheet: ant.csv, ", "sheet: ant.csv, indicators: {order: 1}, ", "sheet: ant.csv",
			[]string{"keep one"},
		},
		"a measured indicator in the file": {
			"indicators: {order: 60}", "indicators: {in_fence_share: 1}", "in_fence_share: 1",
			[]string{"measured"},
		},
		"a license for no sector": {
			"{id: bee, ", "{id: bee, sectors: [boat], ", "boat]", []string{`"boat"`},
		},
		"a pass line above 100": {
			"  id: rubric\n", "  id: rubric\n  pass: 101\n", "pass: 101", []string{"100"},
		},
		"a measured indicator of another name": {
			"- id: in_fence_share", "- id: tidy_share", "id: tidy_share",
			[]string{"trips_per_vehicle"},
		},
		"a tolerance that nothing uses": {
			"missing: mean,", "missing: mean, tolerance_m: 3,", "tolerance_m: 3", []string{"no effect"},
		},
		"a band with two conditions": {
			"{gte: 0.5, points: 100}", "{gte: 0.5, lt: 2, points: 100}", "{gte: 0.5, lt",
			[]string{"exactly one"},
		},
		"bands with a gap": {
			"{else: true, points: 0}", "{lt: 0.4, points: 0}", "id: in_fence_share", []string{"no band"},
		},
		"a maximum below nothing": {
			"max: 100", "max: -1", "max: -1", []string{"0 or more"},
		},
		"a total of no sector": {
			"total: {bike:", "total: {boat:", "boat:", []string{`"boat"`},
		},
		"a minimum share above the maximum": {
			"merit_exponent: 1}", "merit_exponent: 1, min_share: 0.5, max_share: 0.4}", "max_share: 0.4",
			[]string{"below min_share"},
		},
		"a rest of no pool": {
			"merit_exponent: 1}", "merit_exponent: 1, pool_unused: incumbents}", "pool_unused",
			[]string{"entrant_pool"},
		},
		"a bound that gives way twice": {
			"merit_exponent: 1}", "merit_exponent: 1, relax: [step, step]}", "step]}", []string{"twice"},
		},
		"an exponent beyond reason": {
			"merit_exponent: 1}", "merit_exponent: 11}", "merit_exponent: 11",
			[]string{"between 0 and 10"},
		},
		"smoothing beyond all": {
			"{claims: use}", "{claims: use, smoothing: 1.2}", "smoothing", []string{"between 0 and 1"},
		},
		"a district bounded twice": {
			"districts: [{id: west, floor: 3, cap: 50}]",
			"districts: [{id: west, floor: 3}, {id: west, cap: 50}]",
			"{id: west, cap: 50",
			[]string{"stands twice"},
		},
		"a cell that is none": {
			"areas: [{id: market, floor: 2}]", "cells: [{id: zz, cap: 1}]", "id: zz",
			[]string{"15 hexadecimal digits"},
		},
		"quotas from elsewhere": {
			"limits:\n", "quotas: ../q.csv\nlimits:\n", "quotas: ", []string{"data folder"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text := edited(t, tt.old, tt.new)
			_, err := Parse("v.yaml", []byte(text))
			checkFault(t, err, "v.yaml:"+placeOf(t, text, tt.marker), tt.want...)
		})
	}
}

// Of several faults the one that stands first in the file is told.
func TestParseTellsTheFirstFault(t *testing.T) {
	text := edited(t, "max: 100", "max: -1", "weight: 0.5, missing", "weight: 7, missing",
		"resolution: 9", "resolution: 3")
	_, err := Parse("v.yaml", []byte(text))
	checkFault(t, err, "v.yaml:5:1", "resolution")
}

// A file of two sectors must say which it means wherever it matters.
func TestParseAsksForTheSector(t *testing.T) {
	two := edited(t, "layers:\n", "  - {id: e-bike, footprint_m2: 1.5, usable_share: 1, "+
		"sidewalk_share: 0,\n     service: {model: erlang, cycle_hours: 3}}\nlayers:\n")
	_, err := Parse("v.yaml", []byte(two))
	checkFault(t, err, "v.yaml:"+placeOf(t, two, "columns: {time: at"), "needs the columns sector")
	told := strings.Replace(two, "vehicle: bike}", "vehicle: bike, sector: kind}", 1)
	_, err = Parse("v.yaml", []byte(told))
	checkFault(t, err, "v.yaml:"+placeOf(t, two, "{id: west, floor"), `"sector"`)
}
