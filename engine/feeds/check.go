package feeds

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
)

// Limits on a Config.
const (
	mostConfig = 1 << 20 // bytes
	mostKeep   = 10 * 366 * 24
)

// id is what a city file takes for an ID.
var id = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkNumbers refuses numbers that can't be meant.
func (c *Config) checkNumbers(fault func(path, id string, args ...any) error) error {
	switch _, known := observe.MethodOf(c.Method); {
	case c.Schema != 1:
		return fault("schema", "feeds.schema", "got", c.Schema)
	case len(c.Operators)+len(c.GBFS) == 0:
		return fault("operators", "feeds.operators")
	case len(c.Sectors) == 0:
		return fault("sectors", "feeds.sectors")
	case !known:
		var names []string
		for _, m := range observe.Methods() {
			names = append(names, m.Name)
		}
		return fault("method", "feeds.word", "got", c.Method, "known", names)
	}
	for _, x := range []struct {
		path        string
		value, most float64
	}{
		{"stale_minutes", float64(c.Stale), 60 * mostKeep},
		{"ahead_seconds", float64(c.Ahead), 3600},
		{"near_m", c.Near, 1000},
		{"max_speed_kmh", c.MaxSpeed, 1000},
	} {
		if !(x.value >= 0 && x.value <= x.most) {
			return fault(x.path, "feeds.number", "got", x.value, "least", 0, "most", x.most)
		}
	}
	if most := 1 << 20; c.Most < 1 || c.Most > most {
		return fault("most_mib", "feeds.number", "got", c.Most, "least", 1, "most", most)
	}
	for _, x := range []struct {
		path  string
		value int
	}{
		{"events_hours", c.Keep.Events},
		{"fleets_hours", c.Keep.Fleets},
		{"telemetry_hours", c.Keep.Telemetry},
		{"trips_hours", c.Keep.Trips},
	} {
		if x.value < 1 || x.value > mostKeep {
			return fault(strict.KeyPath("keep", x.path), "feeds.number",
				"got", x.value, "least", 1, "most", mostKeep)
		}
	}
	return nil
}

// checkOperators refuses operators without a provider_id of their own.
func (c *Config) checkOperators(fault func(path, id string, args ...any) error) error {
	whose := map[string]string{}
	for _, operator := range slices.Sorted(maps.Keys(c.Operators)) {
		path := strict.KeyPath("operators", operator)
		provider := strings.ToLower(c.Operators[operator])
		if !IsUUID(provider) {
			return fault(path, "feeds.provider", "operator", operator, "got", provider)
		}
		if other, taken := whose[provider]; taken {
			return fault(path, "feeds.provider-twice", "operator", operator, "other", other)
		}
		whose[provider] = operator
		c.Operators[operator] = provider
	}
	for _, operator := range slices.Sorted(maps.Keys(c.Providers)) {
		path := strict.KeyPath("providers", operator)
		_, known := c.Operators[operator]
		switch {
		case !known:
			return fault(path, "feeds.provider-unknown", "operator", operator)
		case !isAddress(c.Providers[operator].URL):
			return fault(strict.KeyPath(path, "url"), "feeds.provider-url", "operator", operator)
		}
	}
	return nil
}

// checkSectors refuses sectors without an ID and words that no standard has.
func (c *Config) checkSectors(fault func(path, id string, args ...any) error) error {
	for i, s := range c.Sectors {
		path := strict.ItemPath("sectors", i)
		if !id.MatchString(s.Sector) {
			return fault(path, "feeds.sector", "got", s.Sector)
		}
		types, drives := append(VehicleTypes(), gbfsScooter), PropulsionTypes()
		for _, w := range s.Types {
			if !slices.Contains(types, w) {
				return fault(strict.KeyPath(path, "vehicle_types"), "feeds.word", "got", w, "known", types)
			}
		}
		for _, w := range s.Propulsion {
			if !slices.Contains(drives, w) {
				return fault(strict.KeyPath(path, "propulsion"), "feeds.word", "got", w, "known", drives)
			}
		}
	}
	return nil
}

// checkGBFS refuses feeds of operators that speak MDS, and feeds that can't be asked.
func (c *Config) checkGBFS(fault func(path, id string, args ...any) error) error {
	for _, operator := range slices.Sorted(maps.Keys(c.GBFS)) {
		path, g := strict.KeyPath("gbfs", operator), c.GBFS[operator]
		_, mds := c.Operators[operator]
		counts := []string{"", "vehicles", "stations", "both"}
		switch {
		case !id.MatchString(operator):
			return fault(path, "feeds.operator", "got", operator)
		case mds:
			return fault(path, "feeds.two-ways", "operator", operator)
		case !isAddress(g.URL):
			return fault(strict.KeyPath(path, "url"), "feeds.gbfs-url", "operator", operator)
		case !slices.Contains(c.SectorIDs(), g.Sector):
			return fault(strict.KeyPath(path, "sector"), "feeds.word",
				"got", g.Sector, "known", c.SectorIDs())
		case !slices.Contains(counts, g.Count):
			return fault(strict.KeyPath(path, "count"), "feeds.word",
				"got", g.Count, "known", counts[1:])
		}
		for _, also := range g.Also {
			if !isAddress(also) {
				return fault(strict.KeyPath(path, "also"), "feeds.gbfs-url", "operator", operator)
			}
		}
	}
	return nil
}

// isAddress reports whether a text is an address that may be asked: no password is in it.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http")
}
