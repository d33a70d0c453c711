package report

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// zoned returns the fixture with two zones.
func zoned(t *testing.T) (*engine.Plan, []engine.Zone) {
	t.Helper()
	square := geo.MultiPolygon{{{
		{Lat: 24, Lng: 118}, {Lat: 24, Lng: 118.01}, {Lat: 24.01, Lng: 118.01}, {Lat: 24, Lng: 118},
	}}}
	zones := []engine.Zone{
		{ID: "quiet/1", Kind: engine.ZoneBan, Shape: square},
		{ID: "few/1", Kind: engine.ZoneLimit, Limit: 7, Shape: square},
	}
	p := fixture(t, 2)
	var err error
	if p.Zones, err = engine.ZonesHash(zones); err != nil {
		t.Fatal(err)
	}
	return p, zones
}

func TestZonesOfAFolder(t *testing.T) {
	p, zones := zoned(t)
	dir := written(t, p, lang.English, zones...)
	again, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(dir, again); err != nil {
		t.Error(err)
	}
	got, err := ReadZones(dir, again)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(zones, got); diff != "" {
		t.Errorf("ReadZones (-want +got):\n%s", diff)
	}
}

func TestZonesOfAFolderThatWereChanged(t *testing.T) {
	tests := map[string]struct{ old, new, says string }{
		"a limit raised":      {`"limit":7`, `"limit":70`, "zones.geojson"},
		"a ban made a spot":   {`"kind":"ban"`, `"kind":"spot"`, "zones.geojson"},
		"no longer a zone":    {`"kind":"ban"`, `"kind":"park"`, "kind is"},
		"no longer a feature": {`FeatureCollection`, `Features`, "not GeoJSON"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, zones := zoned(t)
			dir := written(t, p, lang.English, zones...)
			path := filepath.Join(dir, ZonesFile)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(text), tt.old, tt.new, 1)
			if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			err = Check(dir, p)
			var b *Breach
			if !errors.As(err, &b) || b.File != ZonesFile || !strings.Contains(b.Error(), tt.says) {
				t.Errorf("Check = %v, want a breach of %s that says %q", err, ZonesFile, tt.says)
			}
		})
	}
}

func TestWriteWantsThePlansZones(t *testing.T) {
	p, zones := zoned(t)
	dir := filepath.Join(t.TempDir(), "plan")
	if err := Write(context.Background(), dir, p, lang.English, zones[0]); !errors.Is(err, ErrZones) {
		t.Errorf("Write with half the zones = %v, want ErrZones", err)
	}
}
