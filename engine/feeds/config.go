package feeds

import (
	"maps"
	"slices"
	"time"

	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
)

// Config is the file of a city that takes feeds in.
type Config struct {
	Schema    int               `yaml:"schema"`
	Operators map[string]string `yaml:"operators"` // MDS provider_id of each operator
	// Providers are the operators whose MDS Provider API is fetched.
	Providers map[string]Endpoint `yaml:"providers"`
	GBFS      map[string]GBFS     `yaml:"gbfs"`    // by operator; none of them speaks MDS too
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

// GBFS says where an operator's GBFS feed is and what its fleet is counted from.
type GBFS struct {
	URL    string   `yaml:"url"`    // of the discovery, gbfs.json
	Also   []string `yaml:"also"`   // files that the discovery doesn't name
	Sector string   `yaml:"sector"` // of vehicles whose type no rule fits
	Count  string   `yaml:"count"`  // vehicles, stations or both; "" = vehicles where there are any
	// Private allows addresses of private networks.
	Private bool `yaml:"private"`
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
	if err := c.checkSectors(fault); err != nil {
		return nil, err
	}
	if err := c.checkGBFS(fault); err != nil {
		return nil, err
	}
	return c, nil
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

// Expected returns whose vehicles of which sectors are to be heard of, in order.
func (c *Config) Expected() [][2]string {
	operators := append(slices.Collect(maps.Keys(c.Operators)), slices.Collect(maps.Keys(c.GBFS))...)
	slices.Sort(operators)
	var list [][2]string
	for _, operator := range operators {
		for _, sector := range c.SectorIDs() {
			list = append(list, [2]string{operator, sector})
		}
	}
	return list
}
