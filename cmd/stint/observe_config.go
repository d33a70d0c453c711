package main

import (
	"cmp"
	"path/filepath"
	"regexp"
	"time"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
)

// observeFile is the file of `stint observe`.
type observeFile struct {
	Schema     int               `yaml:"schema"`
	City       string            `yaml:"city"` // its city file, beside this one
	Method     string            `yaml:"method"`
	Feeds      []observeFeed     `yaml:"feeds"`
	Thresholds observeThresholds `yaml:"thresholds"`
	Registered map[string]int    `yaml:"registered"` // fleet by operator
	Register   []observeRegister `yaml:"register"`   // of single vehicles
	Quotas     map[string]int    `yaml:"quotas"`     // by operator
	Fences     *observeFences    `yaml:"fences"`     // nil = parking isn't held against fences
	Demand     string            `yaml:"demand"`     // rides, moves or "" = unknown
	// TickMinutes is how often events are judged while they are replayed.
	TickMinutes int `yaml:"tick_minutes"`
}

// observeFences says how parking is held against the city's fences.
type observeFences struct {
	Tolerances []float64 `yaml:"tolerances_m"` // of the shares, ascending
	Finding    float64   `yaml:"finding_m"`    // beyond which a vehicle is a finding
	// Street finds the street in a fence's ID: what its first group matches. "" = the layer's name of
	// the fence is its street.
	Street string `yaml:"street"`

	street *regexp.Regexp
}

// What tells how many vehicles leave a cell.
const (
	demandRides = "rides" // the city's rides, by hour of the week
	demandMoves = "moves" // what the events of the days before showed, by hour of the day
)

// observeFeed names files of one make.
type observeFeed struct {
	Files    string          `yaml:"files"` // glob in the data folder
	Kind     string          `yaml:"kind"`  // snapshots or events
	FileTime string          `yaml:"file_time"`
	Operator string          `yaml:"operator"`
	Sector   string          `yaml:"sector"`
	State    string          `yaml:"state"`     // of every row, where no column tells it
	TimeZone string          `yaml:"time_zone"` // of times without an offset; "" = the city's
	Columns  observe.Columns `yaml:"columns"`

	state observe.State
	zone  *time.Location
}

// observeRegister names tables of registered vehicles.
type observeRegister struct {
	Files    string          `yaml:"files"` // glob in the data folder
	Operator string          `yaml:"operator"`
	Sector   string          `yaml:"sector"`
	Columns  observe.Columns `yaml:"columns"` // vehicle, operator, sector
}

// observeThresholds are where a finding begins; 0 = not judged.
type observeThresholds struct {
	StaleMinutes int     `yaml:"stale_minutes"`
	NearMetres   float64 `yaml:"near_m"`
	MaxSpeed     float64 `yaml:"max_speed_kmh"`
	CellCapacity float64 `yaml:"cell_capacity"`
	// Ground has each cell carry what its ground does, but no less than CellCapacity.
	Ground         bool    `yaml:"capacity_of_ground"`
	Theta          float64 `yaml:"theta"`
	TauMinutes     int     `yaml:"tau_minutes"`
	LeaveMinutes   int     `yaml:"leave_minutes"` // T: who leaves within it doesn't pile up
	StarveShare    float64 `yaml:"starve_share"`  // of the departures expected within leave_minutes
	StarveLeast    float64 `yaml:"starve_least"`  // departures, below which a cell can't starve
	IdleHours      int     `yaml:"idle_hours"`
	AbandonedHours int     `yaml:"abandoned_hours"`
	RestartMinutes int     `yaml:"restart_minutes"` // of silence, after which events begin anew
}

// mostObserve bounds the file, bytes.
const mostObserve = 1 << 20

// readObserve reads the file and refuses what can't be meant.
func readObserve(name string) (*observeFile, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	f := &observeFile{
		Thresholds:  observeThresholds{NearMetres: 30, MaxSpeed: 120, Theta: 1, StarveLeast: 1},
		TickMinutes: 5,
	}
	at, err := strict.Decode(name, data, mostObserve, f)
	if err != nil {
		return nil, err
	}
	fault := func(path, id string, args ...any) error {
		return strict.FaultAt(name, at.Of(path), id, args...)
	}
	switch _, known := observe.MethodOf(f.Method); {
	case f.Schema != 1:
		return nil, fault("schema", "observe.schema", "got", f.Schema)
	case f.City == "":
		return nil, fault("city", "observe.city")
	case !known:
		var names []string
		for _, m := range observe.Methods() {
			names = append(names, m.Name)
		}
		return nil, fault("method", "observe.method", "got", f.Method, "known", names)
	case len(f.Feeds) == 0:
		return nil, fault("feeds", "observe.feeds")
	}
	for i := range f.Feeds {
		feed, path := &f.Feeds[i], strict.ItemPath("feeds", i)
		var known bool
		feed.state, known = observe.ParseState(cmp.Or(feed.State, observe.Unknown.String()))
		switch {
		case feed.Kind != "snapshots" && feed.Kind != "events":
			return nil, fault(strict.KeyPath(path, "kind"), "observe.kind", "got", feed.Kind)
		case feed.Kind == "snapshots" && feed.FileTime == "":
			return nil, fault(path, "observe.file-time")
		case feed.Kind == "events" && feed.Columns.Time == "":
			return nil, fault(path, "observe.event-time")
		case feed.Operator == "" && feed.Columns.Operator == "":
			return nil, fault(path, "observe.operator")
		case !known:
			return nil, fault(strict.KeyPath(path, "state"), "observe.csv-state", "got", feed.State)
		}
		if feed.TimeZone != "" {
			if feed.zone, err = time.LoadLocation(feed.TimeZone); err != nil {
				return nil, fault(strict.KeyPath(path, "time_zone"), "street.zone", "got", feed.TimeZone)
			}
		}
	}
	if err := f.checkStreet(fault); err != nil {
		return nil, err
	}
	f.City = filepath.Join(filepath.Dir(name), filepath.FromSlash(f.City))
	return f, nil
}

// checkStreet checks the register, and what pile-ups, starvation and fences are judged by.
func (f *observeFile) checkStreet(fault func(path, id string, args ...any) error) error {
	t := &f.Thresholds
	for i := range f.Register {
		if r := &f.Register[i]; r.Files == "" || r.Columns.Vehicle == "" ||
			r.Operator == "" && r.Columns.Operator == "" {
			return fault(strict.ItemPath("register", i), "street.register")
		}
	}
	switch {
	case f.TickMinutes < 1 || f.TickMinutes > 24*60:
		return fault("tick_minutes", "street.tick", "got", f.TickMinutes)
	case f.Demand != "" && f.Demand != demandRides && f.Demand != demandMoves:
		return fault("demand", "street.demand", "got", f.Demand)
	case t.StarveShare < 0 || t.StarveShare > 1:
		return fault("thresholds.starve_share", "street.share", "got", t.StarveShare)
	case t.StarveShare > 0 && t.LeaveMinutes <= 0:
		return fault("thresholds.starve_share", "street.no-horizon")
	case t.AbandonedHours > 0 && t.AbandonedHours < t.IdleHours:
		return fault("thresholds.abandoned_hours", "street.abandoned", "got", t.AbandonedHours,
			"idle", t.IdleHours)
	case f.Fences == nil:
		return nil
	case len(f.Fences.Tolerances) == 0:
		return fault("fences", "street.tolerances")
	}
	for i, metres := range f.Fences.Tolerances {
		if metres < 0 || metres > 1000 || i > 0 && metres <= f.Fences.Tolerances[i-1] {
			return fault(strict.ItemPath("fences.tolerances_m", i), "street.tolerances")
		}
	}
	if f.Fences.Finding < 0 || f.Fences.Finding > 1000 {
		return fault("fences.finding_m", "street.tolerances")
	}
	if f.Fences.Street != "" {
		var err error
		f.Fences.street, err = regexp.Compile(f.Fences.Street)
		if err != nil || f.Fences.street.NumSubexp() < 1 {
			return fault("fences.street", "street.pattern", "got", f.Fences.Street)
		}
	}
	return nil
}

// at is when a file's snapshot holds, by its name.
func (f *observeFeed) at(file string) (int64, error) {
	if f.Kind == "events" {
		return 0, nil
	}
	t, err := time.Parse(f.FileTime, filepath.Base(file))
	if err != nil {
		return 0, usage(lang.E(nil, "observe.file-name", "file", file, "want", f.FileTime))
	}
	return t.UnixMilli(), nil
}
