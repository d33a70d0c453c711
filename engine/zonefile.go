package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/stint-city/stint/geo"
)

// ErrZones means that a file of zones can't be used. The error that wraps it is a *ZoneError.
var ErrZones = errors.New("the zones can't be used")

// ZoneError says which zone is wrong and why: the catalogue has its sentence under "zone.<Code>".
type ZoneError struct {
	Line, Column int    // of the feature, from 1; 0 = of the whole
	ID           string // of the zone, where it has one
	Code         string
	Args         []any // name, value pairs
	Err          error // what is behind it, or nil
}

// Error returns one sentence for logs.
func (e *ZoneError) Error() string {
	text := fmt.Sprintf("zone %q, line %d, column %d: %s %v", e.ID, e.Line, e.Column, e.Code, e.Args)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns ErrZones and what is behind the fault.
func (e *ZoneError) Unwrap() []error { return []error{ErrZones, e.Err} }

// MaxZones is the most zones a city may have.
const MaxZones = 100_000

// ReadZones reads zones from GeoJSON in WGS-84: polygons with the properties id and kind (ban,
// limit, strict or spot), and where they apply limit (vehicles), sectors (a list), from and until
// (RFC 3339), name_en and name_zh. The first zone that can't be used comes back as a *ZoneError.
func ReadZones(r io.Reader) ([]Zone, error) {
	var zones []Zone
	seen := map[string]bool{}
	err := geo.ReadFeatures(r, func(f geo.Feature, fault error) error {
		z, err := zoneOf(f, fault)
		if err != nil {
			return err
		}
		if seen[z.ID] {
			return zoneFault(f, z.ID, "twice")
		}
		if seen[z.ID] = true; len(seen) > MaxZones {
			return zoneFault(f, z.ID, "many", "most", MaxZones)
		}
		zones = append(zones, z)
		return nil
	})
	var syntax *geo.SyntaxError
	if errors.As(err, &syntax) {
		return nil, &ZoneError{syntax.Line, syntax.Column, "", "syntax", nil, syntax.Err}
	}
	return zones, err
}

func zoneFault(f geo.Feature, id, code string, args ...any) error {
	return &ZoneError{f.Line, f.Column, id, code, args, nil}
}

// zoneID is how a zone's ID is spelled, so that it fits the name of a level.
var zoneID = regexp.MustCompile(`^[^\s,|:]{1,100}$`) //nolint:gochecknoglobals // compiled once

// zoneOf returns the zone of a feature.
func zoneOf(f geo.Feature, fault error) (Zone, error) {
	z := Zone{ID: property(f, "id"), Shape: f.Shape}
	if z.ID == "" {
		z.ID = f.ID
	}
	z.Name = Name{En: property(f, "name_en"), Zh: property(f, "name_zh")}
	z.Kind = ZoneKind(property(f, "kind"))
	var bad *geo.FeatureError
	switch {
	case errors.As(fault, &bad):
		return z, &ZoneError{bad.Line, bad.Column, z.ID, "shape", nil, bad.Err}
	case fault != nil:
		return z, fault
	case len(f.Shape) == 0:
		return z, zoneFault(f, z.ID, "no-area")
	case !zoneID.MatchString(z.ID):
		return z, zoneFault(f, z.ID, "id", "got", z.ID)
	case !slices.Contains([]ZoneKind{ZoneBan, ZoneLimit, ZoneStrict, ZoneSpot}, z.Kind):
		return z, zoneFault(f, z.ID, "kind", "got", string(z.Kind))
	}
	if z.Kind == ZoneLimit {
		n, err := strconv.Atoi(property(f, "limit"))
		if err != nil || n < 0 || n > 1_000_000 {
			return z, zoneFault(f, z.ID, "limit", "got", property(f, "limit"))
		}
		z.Limit = n
	}
	if list, ok := f.Properties["sectors"].([]any); ok {
		for _, s := range list {
			z.Sectors = append(z.Sectors, fmt.Sprint(s))
		}
	}
	return z, z.window(f)
}

// window reads when the zone holds.
func (z *Zone) window(f geo.Feature) error {
	for _, side := range []struct {
		key string
		to  *time.Time
	}{{"from", &z.From}, {"until", &z.Until}} {
		text := property(f, side.key)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return zoneFault(f, z.ID, "time", "key", side.key, "got", text)
		}
		*side.to = at.UTC()
	}
	if !z.From.IsZero() && !z.Until.IsZero() && !z.From.Before(z.Until) {
		return zoneFault(f, z.ID, "window", "from", property(f, "from"), "until", property(f, "until"))
	}
	return nil
}

// property returns a property as text, "" where there is none.
func property(f geo.Feature, key string) string {
	switch v := f.Properties[key].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// WriteZones writes zones as ReadZones reads them, a feature on each line.
func WriteZones(w io.Writer, zones []Zone) error {
	line := []byte(`{"type":"FeatureCollection","features":[`)
	for i := range zones {
		if i > 0 {
			line = append(line, ',')
		}
		properties, err := json.Marshal(zoneProperties(&zones[i]))
		if err != nil {
			return fmt.Errorf("encode zone %s: %w", zones[i].ID, err)
		}
		line = append(line, "\n{\"type\":\"Feature\",\"properties\":"...)
		line = append(append(line, properties...), `,"geometry":`...)
		line = append(geo.AppendGeometry(line, zones[i].Shape), '}')
	}
	_, err := w.Write(append(line, "\n]}\n"...))
	return err
}

// zoneProperties are the properties of a zone's feature, in the order in which they are written.
func zoneProperties(z *Zone) any {
	var limit *int
	if z.Kind == ZoneLimit {
		limit = &z.Limit
	}
	return struct {
		ID      string   `json:"id"`
		Kind    ZoneKind `json:"kind"`
		Limit   *int     `json:"limit,omitempty"`
		Sectors []string `json:"sectors,omitempty"`
		From    string   `json:"from,omitempty"`
		Until   string   `json:"until,omitempty"`
		NameEn  string   `json:"name_en,omitempty"`
		NameZh  string   `json:"name_zh,omitempty"`
	}{
		z.ID, z.Kind, limit, z.Sectors, zoneTime(z.From), zoneTime(z.Until), z.Name.En, z.Name.Zh,
	}
}

func zoneTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
