package gbfs

import (
	"slices"

	"github.com/stint-city/stint/engine/observe"
)

// Count says what a fleet is counted from.
type Count string

// The ways to count a fleet.
const (
	CountAuto     Count = ""         // vehicles, or stations where the feed shows no vehicle at all
	CountVehicles Count = "vehicles" // what has an ID of its own
	CountStations Count = "stations" // what stations say stands there; these have no IDs
	CountBoth     Count = "both"     // both; a vehicle that names its station counts once
)

// Counts returns the ways to count as a file may name them.
func Counts() []string {
	return []string{string(CountVehicles), string(CountStations), string(CountBoth)}
}

// Fleet says whose vehicles a feed shows and which sector they belong to.
type Fleet struct {
	Operator string
	Sector   string // of every vehicle that SectorOf doesn't name one for
	// SectorOf names the sector of a kind of vehicle, in the words of the standard; nil = none.
	SectorOf func(form string, propulsion []string) (sector string, ok bool)
	Sectors  []string // that SectorOf may name
	Count    Count
	Source   string // file or address, for evidence
}

// mostNameless bounds the vehicles that stations may claim together.
const mostNameless = 1_000_000

// Batches returns the whole fleet as the last vehicle and station files tell it, one snapshot for
// each sector, also for one without vehicles. There is none where no such file could be used, or
// none tells its time.
func (f *Feed) Batches(o Fleet) []observe.Batch {
	vehicles, stations := f.counted(o.Count)
	at := int64(0)
	if vehicles {
		at = f.files[VehicleStatus].Updated
	} else if stations {
		at = f.files[StationStatus].Updated
	}
	if at == 0 {
		return nil
	}
	list := o.empty(at)
	if vehicles {
		for i := range f.Vehicles {
			v := &f.Vehicles[i]
			if stations && !v.Placed && v.Station != "" {
				continue // its station counts it, where it stands
			}
			list.add(o.sector(f, v.Type), observe.Sighting{
				Vehicle: v.ID, State: v.State,
				Placed: v.Placed, Point: v.Point, Reported: v.Reported,
			})
		}
	}
	if stations {
		f.addStations(list, &o, vehicles)
	}
	return list
}

// counted says which files a way to count reads, and that they could be used.
func (f *Feed) counted(c Count) (vehicles, stations bool) {
	usable := func(name string) bool { return f.files[name] != nil && f.files[name].Usable }
	vehicles = c != CountStations && usable(VehicleStatus)
	stations = c != CountVehicles && usable(StationStatus)
	if c == CountAuto && vehicles && stations {
		vehicles = len(f.Vehicles) > 0
		stations = !vehicles
	}
	return vehicles, stations
}

// batches are the snapshots of one feed by sector.
type batches []observe.Batch

// empty returns a snapshot without vehicles for each sector, in their order.
func (o *Fleet) empty(at int64) batches {
	sectors := []string{o.Sector}
	for _, s := range o.Sectors {
		if !slices.Contains(sectors, s) {
			sectors = append(sectors, s)
		}
	}
	slices.Sort(sectors)
	list := make(batches, len(sectors))
	for i, s := range sectors {
		list[i] = observe.Batch{
			Operator: o.Operator, Sector: s, Kind: observe.Snapshot, At: at, Source: o.Source,
		}
	}
	return list
}

func (b batches) add(sector string, x observe.Sighting) {
	i := slices.IndexFunc(b, func(c observe.Batch) bool { return c.Sector == sector })
	b[i].Sightings = append(b[i].Sightings, x)
}

// sector returns the sector of a kind of vehicle.
func (o *Fleet) sector(f *Feed, id string) string {
	kind, known := f.typeOf(id)
	if !known || o.SectorOf == nil {
		return o.Sector
	}
	if s, ok := o.SectorOf(kind.Form, []string{kind.Propulsion}); ok {
		return s
	}
	return o.Sector
}

// addStations adds what stations count and no vehicle stands for, without IDs, where the station
// is. A vehicle with a place and a station is taken off its station's count.
func (f *Feed) addStations(list batches, o *Fleet, vehicles bool) {
	index := f.stationIndex()
	own := map[slot]int{}
	if vehicles {
		own = f.atStations()
	}
	left := mostNameless
	for i := range f.Status {
		s := &f.Status[i]
		x := observe.Sighting{}
		if n, known := index[s.Station]; known {
			x.Placed, x.Point = f.Stations[n].Placed, f.Stations[n].Point
		}
		put := func(sector string, state observe.State, n int) {
			x.State = state
			for range min(n, left) {
				list.add(sector, x)
			}
			left -= max(0, min(n, left))
		}
		rest := s.Available - own[slot{s.Station, "", false}]
		for _, id := range sortedKeys(s.Types) {
			n := max(0, min(s.Types[id]-own[slot{s.Station, id, false}], rest))
			put(o.sector(f, id), observe.Available, n)
			rest -= n
		}
		put(o.Sector, observe.Available, rest)
		put(o.Sector, observe.NonOperational, s.Disabled-own[slot{s.Station, "", true}])
	}
}

// slot is what a station counts together: what can be used, or not, of a kind; "" = of all.
type slot struct {
	station, kind string
	disabled      bool
}

// atStations counts the vehicles that stand for themselves at a station.
func (f *Feed) atStations() map[slot]int {
	own := map[slot]int{}
	for i := range f.Vehicles {
		v := &f.Vehicles[i]
		if !v.Placed || v.Station == "" {
			continue
		}
		disabled := v.State == observe.NonOperational
		own[slot{v.Station, "", disabled}]++
		if v.Type != "" {
			own[slot{v.Station, v.Type, disabled}]++
		}
	}
	return own
}

func sortedKeys(m map[string]int) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
