package main

import (
	"path/filepath"
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
	Quotas     map[string]int    `yaml:"quotas"`     // by operator
}

// observeFeed names files of one make.
type observeFeed struct {
	Files    string          `yaml:"files"` // glob in the data folder
	Kind     string          `yaml:"kind"`  // snapshots or events
	FileTime string          `yaml:"file_time"`
	Operator string          `yaml:"operator"`
	Sector   string          `yaml:"sector"`
	Columns  observe.Columns `yaml:"columns"`
}

// observeThresholds are where a finding begins; 0 = not judged.
type observeThresholds struct {
	StaleMinutes int     `yaml:"stale_minutes"`
	NearMetres   float64 `yaml:"near_m"`
	MaxSpeed     float64 `yaml:"max_speed_kmh"`
	CellCapacity float64 `yaml:"cell_capacity"`
	Theta        float64 `yaml:"theta"`
	TauMinutes   int     `yaml:"tau_minutes"`
	IdleHours    int     `yaml:"idle_hours"`
}

// mostObserve bounds the file, bytes.
const mostObserve = 1 << 20

// readObserve reads the file and refuses what can't be meant.
func readObserve(name string) (*observeFile, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	f := &observeFile{Thresholds: observeThresholds{NearMetres: 30, MaxSpeed: 120, Theta: 1}}
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
	for i, feed := range f.Feeds {
		path := strict.ItemPath("feeds", i)
		switch {
		case feed.Kind != "snapshots" && feed.Kind != "events":
			return nil, fault(strict.KeyPath(path, "kind"), "observe.kind", "got", feed.Kind)
		case feed.Kind == "snapshots" && feed.FileTime == "":
			return nil, fault(path, "observe.file-time")
		case feed.Kind == "events" && feed.Columns.Time == "":
			return nil, fault(path, "observe.event-time")
		case feed.Operator == "" && feed.Columns.Operator == "":
			return nil, fault(path, "observe.operator")
		}
	}
	f.City = filepath.Join(filepath.Dir(name), filepath.FromSlash(f.City))
	return f, nil
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
