package mds

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
)

// Config is the file of a city that takes MDS in.
type Config struct {
	Schema    int               `yaml:"schema"`
	Operators map[string]string `yaml:"operators"` // provider_id of each operator
	// Providers are the operators whose Provider API is fetched.
	Providers map[string]Endpoint `yaml:"providers"`
	Sectors   []SectorRule        `yaml:"sectors"` // the first that fits a vehicle names its sector
	Method    string              `yaml:"method"`  // how vehicles are counted, see observe.Methods
	Stale     int                 `yaml:"stale_minutes"`
	Ahead     int                 `yaml:"ahead_seconds"` // that an operator's clock may be ahead
	Near      float64             `yaml:"near_m"`
	MaxSpeed  float64             `yaml:"max_speed_kmh"`
	Most      int                 `yaml:"most_mib"` // on disk; beyond it deliveries are refused
	Keep      Keep                `yaml:"keep"`
}

// Endpoint says where an operator's Provider API is.
type Endpoint struct {
	URL       string `yaml:"url"`        // up to the endpoints
	TokenFile string `yaml:"token_file"` // with the bearer token, beside the file; "" = none is sent
}

// SectorRule says which vehicles are a sector's. An empty list fits every vehicle.
type SectorRule struct {
	Sector     string   `yaml:"sector"`
	Types      []string `yaml:"vehicle_types"`
	Propulsion []string `yaml:"propulsion"` // one of them is enough
}

// Keep is how long each kind of data is kept after it came in, hours.
type Keep struct {
	Events    int `yaml:"events_hours"`
	Fleets    int `yaml:"fleets_hours"`
	Telemetry int `yaml:"telemetry_hours"`
	Trips     int `yaml:"trips_hours"`
}

// Spans returns the retention of each kind of data.
func (k Keep) Spans() map[observe.Data]time.Duration {
	return map[observe.Data]time.Duration{
		observe.DataEvents:    time.Duration(k.Events) * time.Hour,
		observe.DataFleets:    time.Duration(k.Fleets) * time.Hour,
		observe.DataTelemetry: time.Duration(k.Telemetry) * time.Hour,
		observe.DataTrips:     time.Duration(k.Trips) * time.Hour,
	}
}

// Limits on a Config.
const (
	mostConfig = 1 << 20 // bytes
	mostKeep   = 10 * 366 * 24
)

// id is what a city file takes for an ID.
var id = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ReadConfig reads the file and refuses what can't be meant.
func ReadConfig(name string, data []byte) (*Config, error) {
	c := &Config{
		Method: "point_in_time_v1", Stale: 60, Ahead: 60, Near: 30, MaxSpeed: 120, Most: 10 << 10,
		Keep: Keep{Events: 14 * 24, Fleets: 48, Telemetry: 24, Trips: 90 * 24},
	}
	at, err := strict.Decode(name, data, mostConfig, c)
	if err != nil {
		return nil, err
	}
	fault := func(path, id string, args ...any) error {
		return strict.FaultAt(name, at.Of(path), id, args...)
	}
	if err := c.checkNumbers(fault); err != nil {
		return nil, err
	}
	if err := c.checkOperators(fault); err != nil {
		return nil, err
	}
	for i, s := range c.Sectors {
		path := strict.ItemPath("sectors", i)
		if !id.MatchString(s.Sector) {
			return nil, fault(path, "mds.sector", "got", s.Sector)
		}
		for _, w := range s.Types {
			if !slices.Contains(vehicleTypes, w) {
				return nil, fault(strict.KeyPath(path, "vehicle_types"), "mds.word",
					"got", w, "known", vehicleTypes)
			}
		}
		for _, w := range s.Propulsion {
			if !slices.Contains(propulsionTypes, w) {
				return nil, fault(strict.KeyPath(path, "propulsion"), "mds.word",
					"got", w, "known", propulsionTypes)
			}
		}
	}
	return c, nil
}

// checkNumbers refuses numbers that can't be meant.
func (c *Config) checkNumbers(fault func(path, id string, args ...any) error) error {
	switch _, known := observe.MethodOf(c.Method); {
	case c.Schema != 1:
		return fault("schema", "mds.schema", "got", c.Schema)
	case len(c.Operators) == 0:
		return fault("operators", "mds.operators")
	case len(c.Sectors) == 0:
		return fault("sectors", "mds.sectors")
	case !known:
		var names []string
		for _, m := range observe.Methods() {
			names = append(names, m.Name)
		}
		return fault("method", "mds.word", "got", c.Method, "known", names)
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
			return fault(x.path, "mds.number", "got", x.value, "least", 0, "most", x.most)
		}
	}
	if most := 1 << 20; c.Most < 1 || c.Most > most {
		return fault("most_mib", "mds.number", "got", c.Most, "least", 1, "most", most)
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
			return fault(strict.KeyPath("keep", x.path), "mds.number",
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
		if !isUUID(provider) {
			return fault(path, "mds.provider", "operator", operator, "got", provider)
		}
		if other, taken := whose[provider]; taken {
			return fault(path, "mds.provider-twice", "operator", operator, "other", other)
		}
		whose[provider] = operator
		c.Operators[operator] = provider
	}
	for _, operator := range slices.Sorted(maps.Keys(c.Providers)) {
		path := strict.KeyPath("providers", operator)
		u, err := url.Parse(c.Providers[operator].URL)
		_, known := c.Operators[operator]
		switch {
		case !known:
			return fault(path, "mds.provider-unknown", "operator", operator)
		case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
			u.User != nil:
			return fault(strict.KeyPath(path, "url"), "mds.provider-url", "operator", operator)
		}
	}
	return nil
}

// SectorOf returns the sector of a kind of vehicle; ok is false where no rule fits.
func (c *Config) SectorOf(vehicleType string, propulsion []string) (sector string, ok bool) {
	for _, s := range c.Sectors {
		fits := len(s.Types) == 0 || slices.Contains(s.Types, vehicleType)
		drive := len(s.Propulsion) == 0 || slices.ContainsFunc(propulsion, func(p string) bool {
			return slices.Contains(s.Propulsion, p)
		})
		if fits && drive {
			return s.Sector, true
		}
	}
	return "", false
}

// SectorIDs returns the sectors that a vehicle may be of, in order.
func (c *Config) SectorIDs() []string {
	var list []string
	for _, s := range c.Sectors {
		if !slices.Contains(list, s.Sector) {
			list = append(list, s.Sector)
		}
	}
	slices.Sort(list)
	return list
}
