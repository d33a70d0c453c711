package feeds

import (
	"errors"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

const (
	blue  = "00000000-0000-4000-8000-0000000000b1"
	green = "00000000-0000-4000-8000-0000000000b2"
)

const townConfig = `
schema: 1
operators: {blue: ` + blue + `, green: ` + green + `}
sectors:
  - {sector: bike, vehicle_types: [bicycle], propulsion: [human]}
  - {sector: e-bike, vehicle_types: [bicycle], propulsion: [electric_assist, electric]}
`

func TestReadConfigRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ old, with, want string }{
		"another schema": {"schema: 1", "schema: 2", "2:1: schema is 2"},
		"an unknown key": {"schema: 1", "schema: 1\nsalt: x", "salt"},
		"no operator": {
			"{blue: " + blue + ", green: " + green + "}", "{}", "at least one operator",
		},
		"no UUID":          {blue, "b1", "provider_id of blue is no UUID"},
		"one UUID for two": {blue, green, "the same provider_id"},
		"no sector":        {"sector: bike,", `sector: "",`, "no ID of a sector"},
		"a vehicle of no kind": {
			"vehicle_types: [bicycle]", "vehicle_types: [boat]", `"boat" is none of`,
		},
		"an engine of no kind": {"[human]", "[steam]", `"steam" is none of`},
		"kept for no time":     {"schema: 1", "schema: 1\nkeep: {trips_hours: 0}", "not between 1 and"},
		"another method":       {"schema: 1", "schema: 1\nmethod: mine", `"mine" is none of`},
		"an endless clock":     {"schema: 1", "schema: 1\nahead_seconds: 3601", "3,601 is not between"},
		"a stranger's API": {
			"schema: 1", "schema: 1\nproviders: {red: {url: \"https://x.test\"}}", "red has no provider_id",
		},
		"a password in a url": {
			"schema: 1", "schema: 1\nproviders: {blue: {url: \"https://a:b@x.test\"}}", "password in it",
		},
		"a feed of who speaks MDS": {
			"schema: 1", "schema: 1\ngbfs: {blue: {url: \"https://x.test\", sector: bike}}", "speaks MDS",
		},
		"a feed at no address": {
			"schema: 1", "schema: 1\ngbfs: {red: {url: gbfs.json, sector: bike}}", "no http address",
		},
		"a feed of no sector": {
			"schema: 1", "schema: 1\ngbfs: {red: {url: \"https://x.test\"}}", "none of bike",
		},
		"a fleet counted by hand": {
			"schema: 1", "schema: 1\ngbfs: {red: {url: \"https://x.test\", sector: bike, count: hand}}",
			`"hand" is none of`,
		},
		"a file of a feed at no address": {
			"schema: 1", "schema: 1\ngbfs: {red: {url: \"https://x.test\", sector: bike, also: [x]}}",
			"no http address",
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(townConfig, tt.old, tt.with, 1)
			_, err := ReadConfig("feeds.yaml", []byte(text))
			var fault *strict.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("%v, want a fault", err)
			}
			got := lang.English.Error(fault)
			if !strings.HasPrefix(got, "feeds.yaml:") || !strings.Contains(got, tt.want) {
				t.Errorf("%s, want %q", got, tt.want)
			}
		})
	}
}

// TestSectorOf: the first rule that fits counts; one of several kinds of propulsion is enough.
func TestSectorOf(t *testing.T) {
	c, err := ReadConfig("feeds.yaml", []byte(townConfig))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		kind       string
		propulsion []string
		want       string
		ok         bool
	}{
		{"bicycle", []string{"human"}, "bike", true},
		{"bicycle", []string{"human", "electric_assist"}, "bike", true},
		{"bicycle", []string{"electric_assist"}, "e-bike", true},
		{"bicycle", []string{"combustion"}, "", false},
		{"car", []string{"human"}, "", false},
	} {
		if got, ok := c.SectorOf(tt.kind, tt.propulsion); got != tt.want || ok != tt.ok {
			t.Errorf("%s %v: %q %v, want %q %v", tt.kind, tt.propulsion, got, ok, tt.want, tt.ok)
		}
	}
}
