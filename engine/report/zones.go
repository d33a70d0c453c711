package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// ErrZones means that zones are not those that a plan was made with.
var ErrZones = errors.New("not the zones of this plan")

// ReadZones returns the zones of the plan folder at path (or of the folder of a plan.json), none
// where p has none. They are those that p was made with, or the error is a *Breach.
func ReadZones(path string, p *engine.Plan) ([]engine.Zone, error) {
	path, err := planPath(path)
	if err != nil {
		return nil, err
	}
	c := &checker{folder: filepath.Dir(path), plan: p}
	err = c.readZones()
	return c.zones, err
}

// readZones reads zones.geojson, where the plan has zones, and holds it against the plan's hash.
func (c *checker) readZones() error {
	if c.plan.Zones == "" {
		return nil
	}
	f, err := c.open(ZonesFile)
	if err != nil {
		return err
	}
	zones, err := engine.ReadZones(f)
	if err := errors.Join(err, f.Close()); err != nil {
		var bad *engine.ZoneError
		if errors.As(err, &bad) {
			id, args := bad.Message()
			got := lang.English.Text(lang.M(id, args...))
			return breach(Breach{File: ZonesFile, Line: max(bad.Line, 1), Got: got}, "check.not-zones")
		}
		return lang.E(err, "folder.unreadable", "folder", ZonesFile)
	}
	got, err := engine.ZonesHash(zones)
	if err != nil {
		return err
	}
	if got != c.plan.Zones {
		return breach(Breach{ZonesFile, 0, "sha256", got, c.plan.Zones, nil}, "check.hash")
	}
	c.zones = zones
	return nil
}

// matching returns an error unless zones are those that p was made with.
func matching(p *engine.Plan, zones []engine.Zone) error {
	got, err := engine.ZonesHash(zones)
	if err == nil && got != p.Zones {
		err = fmt.Errorf("%w: %q, want %q", ErrZones, got, p.Zones)
	}
	return err
}

// zonesFile is zones.geojson.
func zonesFile(zones []engine.Zone) file {
	return file{ZonesFile, func(w io.Writer) error { return engine.WriteZones(w, zones) }}
}
