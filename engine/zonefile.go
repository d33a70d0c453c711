package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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

// Message returns the error's sentence: an ID of the catalogue with its arguments.
func (e *ZoneError) Message() (id string, args []any) {
	args = append(slices.Clone(e.Args), "line", e.Line)
	if e.Code != "syntax" {
		args = append(args, "id", e.ID)
	}
	if e.Err != nil {
		args = append(args, "cause", e.Err)
	}
	return "zone." + e.Code, args
}

// Unwrap returns ErrZones and what is behind the fault.
func (e *ZoneError) Unwrap() []error { return []error{ErrZones, e.Err} }

// MaxZones is the most zones a city may have.
const MaxZones = 100_000

// ReadZones reads zones from GeoJSON in WGS-84: polygons with the properties id and kind (ban,
// limit, strict or spot), and where they apply limit (vehicles), sectors (a list), from and until
// (RFC 3339), name_en and name_zh. A property that is null is absent. The first zone that can't be
// used comes back as a *ZoneError, also for a property that no zone has: a misspelt until would let
// it hold for good.
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
var zoneID = regexp.MustCompile(`^[^\s,|:]{1,100}$`)

// zoneKeys are the properties that a zone's feature may have.
//
//nolint:gochecknoglobals // a table that nothing writes
var zoneKeys = []string{
	"id", "kind", "limit", "sectors", "from", "until", "name_en", "name_zh",
}

// zoneOf returns the zone of a feature.
func zoneOf(f geo.Feature, fault error) (Zone, error) {
	p := zoneParser{feature: &f, id: f.ID}
	if id := p.text("id"); id != "" {
		p.id = id
	}
	var bad *geo.FeatureError
	switch {
	case errors.As(fault, &bad):
		return Zone{}, &ZoneError{bad.Line, bad.Column, cut(p.id), "shape", nil, bad.Err}
	case fault != nil:
		return Zone{}, fault
	case len(f.Shape) == 0:
		p.fail("no-area")
	case !zoneID.MatchString(p.id):
		p.fail("id")
	}
	p.known()
	z := Zone{
		ID: p.id, Name: Name{En: p.text("name_en"), Zh: p.text("name_zh")},
		Kind: p.kind(), Sectors: p.sectors(), From: p.time("from"), Until: p.time("until"),
		Shape: f.Shape,
	}
	z.Limit = p.limit(z.Kind)
	if !z.From.IsZero() && !z.Until.IsZero() && !z.From.Before(z.Until) {
		p.fail("window", "from", p.text("from"), "until", p.text("until"))
	}
	return z, p.err
}

// zoneParser reads the properties of a feature, and keeps the first thing wrong with them.
type zoneParser struct {
	feature *geo.Feature
	id      string
	err     error
}

func (p *zoneParser) fail(code string, args ...any) {
	if p.err == nil {
		p.err = zoneFault(*p.feature, cut(p.id), code, args...)
	}
}

// known refuses a property that no zone has.
func (p *zoneParser) known() {
	for _, key := range slices.Sorted(maps.Keys(p.feature.Properties)) {
		if !slices.Contains(zoneKeys, key) {
			p.fail("property", "got", cut(key), "known", zoneKeys)
		}
	}
}

// text returns a property that is a string, "" where it is absent.
func (p *zoneParser) text(key string) string {
	switch v := p.feature.Properties[key].(type) {
	case nil:
	case string:
		return v
	default:
		p.fail("text", "key", key)
	}
	return ""
}

func (p *zoneParser) kind() ZoneKind {
	kind := ZoneKind(p.text("kind"))
	if !slices.Contains([]ZoneKind{ZoneBan, ZoneLimit, ZoneStrict, ZoneSpot}, kind) {
		p.fail("kind", "got", cut(string(kind)))
	}
	return kind
}

// mostLimit is the greatest limit of a zone: more than any city's vehicles.
const mostLimit = 1_000_000

// limit returns what a limit zone holds; the other kinds have no limit.
func (p *zoneParser) limit(kind ZoneKind) int {
	v := p.feature.Properties["limit"]
	if kind != ZoneLimit {
		if v != nil {
			p.fail("limit-unread", "kind", string(kind))
		}
		return 0
	}
	number, _ := v.(json.Number)
	n, err := strconv.Atoi(string(number))
	if err != nil || n < 0 || n > mostLimit {
		p.fail("limit", "most", mostLimit)
	}
	return n
}

// sectors returns the sectors that the zone is about, nil for all of them.
func (p *zoneParser) sectors() []string {
	v := p.feature.Properties["sectors"]
	if v == nil {
		return nil
	}
	list, _ := v.([]any)
	sectors := make([]string, 0, len(list))
	for _, one := range list {
		if id, _ := one.(string); id != "" {
			sectors = append(sectors, id)
		}
	}
	if len(sectors) == 0 || len(sectors) != len(list) {
		p.fail("sectors")
	}
	return sectors
}

// time returns a property that is a time, the zero time where it is absent.
func (p *zoneParser) time(key string) time.Time {
	text := p.text(key)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		p.fail("time", "key", key, "got", cut(text))
	}
	return t.UTC()
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
	return t.UTC().Format(time.RFC3339Nano)
}

// ZonesHash returns the SHA-256 of what WriteZones writes, "" for no zones.
func ZonesHash(zones []Zone) (string, error) {
	if len(zones) == 0 {
		return "", nil
	}
	h := sha256.New()
	if err := WriteZones(h, zones); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
