package city

import (
	"slices"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// rule returns the kinds of the zones at a point, sorted.
func rule(s *engine.Snapshot, lat, lng float64) []engine.ZoneKind {
	var kinds []engine.ZoneKind
	for _, z := range s.Zones {
		if z.Shape.Contains(geo.LatLng{Lat: lat, Lng: lng}) {
			kinds = append(kinds, z.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

func TestZonesForPlacements(t *testing.T) {
	quiet := collection(feature(`"id":"q"`, 118.135, 24.495, 118.139, 24.499))
	one := collection(feature(`"id":"o"`, 118.136, 24.496, 118.1398, 24.498))
	layer := func(more string) string {
		return layered(t, "  - {id: one, kind: zones, path: one.geojson, crs: WGS-84, "+more+"}\n")
	}
	inside := geo.LatLng{Lat: 24.497, Lng: 118.1395}  // in one, not in quiet
	outside := geo.LatLng{Lat: 24.4975, Lng: 118.131} // in neither
	tests := map[string]struct {
		layer     string
		at, other []engine.ZoneKind
	}{
		"a ban bans":                {"effect: ban", []engine.ZoneKind{engine.ZoneBan}, nil},
		"a spot is one":             {"effect: spot", []engine.ZoneKind{engine.ZoneSpot}, nil},
		"an area has no rule":       {"effect: area", nil, nil},
		"only within means not out": {"effect: fence", nil, []engine.ZoneKind{engine.ZoneBan}},
		"a limit is one": {
			"effect: limit, limit: 9", []engine.ZoneKind{engine.ZoneLimit}, nil,
		},
		"strict is strict": {"effect: strict", []engine.ZoneKind{engine.ZoneStrict}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := readGood(t, map[string]string{
				"city.yaml": layer(tt.layer), "one.geojson": one, "quiet.geojson": quiet,
			})
			if got := rule(s, inside.Lat, inside.Lng); !slices.Equal(got, tt.at) {
				t.Errorf("inside hold %v, want %v", got, tt.at)
			}
			if got := rule(s, outside.Lat, outside.Lng); !slices.Equal(got, tt.other) {
				t.Errorf("outside hold %v, want %v", got, tt.other)
			}
			spots := 0
			for _, z := range s.Zones {
				if z.Kind == engine.ZoneSpot && z.ID != "one/o" {
					spots++
				}
				if z.Kind == engine.ZoneLimit && z.Limit != 9 {
					t.Errorf("zone %s has limit %d, want 9", z.ID, z.Limit)
				}
			}
			if strict := tt.layer == "effect: strict"; strict != (spots > 0) {
				t.Errorf("%d fences are spots with %q", spots, tt.layer)
			}
			if _, err := engine.ZonesHash(s.Zones); err != nil {
				t.Error(err)
			}
		})
	}
}

// An event binds placements for its time, and leaves the plan as it is.
func TestZonesOfAnEvent(t *testing.T) {
	files := map[string]string{
		"one.geojson": collection(feature(`"id":"o"`, 118.136, 24.496, 118.1398, 24.498)),
	}
	without := readGood(t, nil)
	files["city.yaml"] = layered(t, "  - {id: one, kind: zones, path: one.geojson, crs: WGS-84, "+
		"effect: ban, from: 2026-05-01T08:00, until: '2026-05-02T00:00:00+08:00'}\n")
	s := readGood(t, files)
	at := slices.IndexFunc(s.Zones, func(z engine.Zone) bool { return z.ID == "one/o" })
	if at < 0 {
		t.Fatalf("zones are %v", s.Zones)
	}
	from := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)   // the village is at UTC+8
	until := time.Date(2026, 5, 1, 16, 0, 0, 0, time.UTC) // the same
	if z := s.Zones[at]; !z.From.Equal(from) || !z.Until.Equal(until) {
		t.Errorf("holds from %s until %s, want %s and %s", z.From, z.Until, from, until)
	}
	for i := range s.Sectors[0].Space {
		if got, want := s.Sectors[0].Space[i].Banned, without.Sectors[0].Space[i].Banned; got != want {
			t.Errorf("cell %d is banned to %v, want %v", i, got, want)
		}
	}
}
