package engine_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// squareAt is a square of a hundredth of a degree with its south-west corner at a point.
func squareAt(lat, lng float64) geo.MultiPolygon {
	const side = 0.01
	return geo.MultiPolygon{{{
		{Lat: lat, Lng: lng},
		{Lat: lat, Lng: lng + side},
		{Lat: lat + side, Lng: lng + side},
		{Lat: lat + side, Lng: lng},
		{Lat: lat, Lng: lng},
	}}}
}

const squareText = `{"type":"Polygon","coordinates":[[[118,24],[118.01,24],[118.01,24.01],` +
	`[118,24.01],[118,24]]]}`

// features is a zone file of one square with each of some properties.
func features(properties ...string) string {
	list := make([]string, len(properties))
	for i, p := range properties {
		list[i] = `{"type":"Feature","properties":` + p + `,"geometry":` + squareText + `}`
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(list, ",\n") + `]}`
}

func TestReadZones(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	tests := map[string]struct {
		text string
		want []engine.Zone
	}{
		"a ban needs only its ID": {
			features(`{"id":"school","kind":"ban"}`),
			[]engine.Zone{{ID: "school", Kind: engine.ZoneBan}},
		},
		"an event is a limit for some days and sectors": {
			features(`{"id":"marathon","name_en":"Marathon","name_zh":"马拉松","kind":"limit",` +
				`"limit":0,"sectors":["bike"],"from":"2026-05-01T08:00:00+08:00",` +
				`"until":"2026-05-02T00:00:00Z"}`),
			[]engine.Zone{{
				ID: "marathon", Name: engine.Name{En: "Marathon", Zh: "马拉松"},
				Kind: engine.ZoneLimit, Sectors: []string{"bike"}, From: day(1), Until: day(2),
			}},
		},
		"a property that is null is absent": {
			features(`{"id":"a","kind":"strict","limit":null,"sectors":null,"until":null}`),
			[]engine.Zone{{ID: "a", Kind: engine.ZoneStrict}},
		},
		"zones keep the file's order": {
			features(`{"id":"b","kind":"spot"}`, `{"id":"a","kind":"ban"}`),
			[]engine.Zone{{ID: "b", Kind: engine.ZoneSpot}, {ID: "a", Kind: engine.ZoneBan}},
		},
		"a file without features has no zones": {features(), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for i := range tt.want {
				tt.want[i].Shape = squareAt(24, 118)
				if tt.want[i].ID == "marathon" {
					tt.want[i].From = day(1)
				}
			}
			got, err := engine.ReadZones(strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ReadZones (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadZonesRefuses(t *testing.T) {
	tests := map[string]struct{ text, code string }{
		"a zone without an ID": {features(`{"kind":"ban"}`), "id"},
		"an ID too long for a counter": {
			features(`{"id":"` + strings.Repeat("x", 101) + `","kind":"ban"}`), "id",
		},
		"an ID that no counter can have": {features(`{"id":"a|b","kind":"ban"}`), "id"},
		"no kind":                        {features(`{"id":"a"}`), "kind"},
		"a kind there isn't":             {features(`{"id":"a","kind":"park"}`), "kind"},
		"a limit zone without a limit":   {features(`{"id":"a","kind":"limit"}`), "limit"},
		"a limit below 0": {
			features(`{"id":"a","kind":"limit","limit":-1}`), "limit",
		},
		"half a vehicle": {
			features(`{"id":"a","kind":"limit","limit":1.5}`), "limit",
		},
		"a limit in quotes": {
			features(`{"id":"a","kind":"limit","limit":"7"}`), "limit",
		},
		"a limit that nothing reads": {
			features(`{"id":"a","kind":"ban","limit":7}`), "limit-unread",
		},
		"until with its letters swapped": {
			features(`{"id":"a","kind":"ban","utnil":null}`), "property",
		},
		"an empty list of sectors": {
			features(`{"id":"a","kind":"ban","sectors":[]}`), "sectors",
		},
		"sectors that are no list": {
			features(`{"id":"a","kind":"ban","sectors":"bike"}`), "sectors",
		},
		"a number as name": {
			features(`{"id":"a","kind":"ban","name_en":7}`), "text",
		},
		"a day that is no time": {
			features(`{"id":"a","kind":"ban","from":"2026-05-01"}`), "time",
		},
		"an ID used twice": {
			features(`{"id":"a","kind":"ban"}`, `{"id":"a","kind":"spot"}`), "twice",
		},
		"a point":                           {`{"type":"Point","coordinates":[118,24]}`, "no-area"},
		"a shape that is none":              {`{"type":"Polygon","coordinates":[[[118,24]]]}`, "shape"},
		"a text that ends in the middle":    {`{"type":"FeatureCollection","features":[`, "syntax"},
		"a text that is no JSON":            {`zones`, "syntax"},
		"a zone that ends before it begins": {features(windowed), "window"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := engine.ReadZones(strings.NewReader(tt.text))
			var got *engine.ZoneError
			if !errors.As(err, &got) || !errors.Is(err, engine.ErrZones) || got.Code != tt.code {
				t.Fatalf("ReadZones gives %v, want the code %q", err, tt.code)
			}
			id, args := got.Message()
			if err := lang.M(id, args...).Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

const windowed = `{"id":"a","kind":"ban",` +
	`"from":"2026-05-01T00:00:00Z","until":"2026-05-01T00:00:00Z"}`

// TestZonesComeBack: what WriteZones wrote, ReadZones reads, and the bytes don't change again.
func TestZonesComeBack(t *testing.T) {
	kinds := []engine.ZoneKind{
		engine.ZoneBan, engine.ZoneLimit, engine.ZoneStrict, engine.ZoneSpot,
	}
	rapid.Check(t, func(t *rapid.T) {
		zones := make([]engine.Zone, rapid.IntRange(0, 4).Draw(t, "zones"))
		for i := range zones {
			z := engine.Zone{
				ID:   string(rune('a'+i)) + rapid.StringMatching(`[^\s,|:]{0,9}`).Draw(t, "id"),
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Name: engine.Name{En: rapid.String().Draw(t, "en"), Zh: rapid.String().Draw(t, "zh")},
				Shape: squareAt(rapid.Float64Range(-80, 80).Draw(t, "lat"),
					rapid.Float64Range(-170, 170).Draw(t, "lng")),
			}
			if z.Kind == engine.ZoneLimit {
				z.Limit = rapid.IntRange(0, 1e6).Draw(t, "limit")
			}
			if rapid.Bool().Draw(t, "until") {
				z.Until = time.UnixMilli(rapid.Int64Range(1, 4e12).Draw(t, "millis")).UTC()
			}
			if rapid.Bool().Draw(t, "sectors") {
				z.Sectors = []string{"bike", "scooter"}
			}
			zones[i] = z
		}
		var first, second bytes.Buffer
		if err := engine.WriteZones(&first, zones); err != nil {
			t.Fatal(err)
		}
		again, err := engine.ReadZones(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("%v in\n%s", err, first.String())
		}
		if err := engine.WriteZones(&second, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.String(), second.String()); diff != "" {
			t.Errorf("WriteZones again (-first +second):\n%s", diff)
		}
		for i := range zones {
			zones[i].Shape, again[i].Shape = nil, nil // to seven decimals
		}
		if diff := cmp.Diff(zones, again); len(zones) > 0 && diff != "" {
			t.Errorf("ReadZones(WriteZones) (-want +got):\n%s", diff)
		}
	})
}

func FuzzReadZones(f *testing.F) {
	f.Add([]byte(features(`{"id":"a","kind":"limit","limit":7,"sectors":["bike"]}`)))
	f.Add([]byte(features(windowed)))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		zones, err := engine.ReadZones(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, engine.ErrZones) {
				t.Errorf("ReadZones gives %v, which is no ErrZones", err)
			}
			return
		}
		var out bytes.Buffer
		if err := engine.WriteZones(&out, zones); err != nil {
			t.Errorf("WriteZones of what was read: %v", err)
		}
	})
}
