package city

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/quota"
)

// Options of Read. The zero value reads the data beside the city file, silently.
type Options struct {
	Data string // folder that layer paths are relative to; "" = the city file's own
	// Progress hears of each file on its way in: the layer's ID ("sheet:<operator>" for a sheet) with
	// raw bytes done and in all. nil = nobody listens.
	Progress func(stage string, done, total int64)
}

// Read reads a city file and everything it names, and returns the snapshot that a plan is decided
// on. The same files give the same snapshot.
//
// A fault of the input is a *Fault that is ErrInput; the context's error comes back as it is.
// What was refused, assumed or left unknown is among the snapshot's Notes.
func Read(ctx context.Context, path string, o Options) (*engine.Snapshot, error) {
	data := o.Data
	if data == "" {
		data = filepath.Dir(path)
	}
	r := &reading{ctx: ctx, root: os.DirFS(data), progress: o.Progress}
	if err := r.readFile(path, data); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		r.readDistricts, r.readFences, r.readZones, r.makeRoom, r.readSidewalks, r.readCaps,
		r.boundCells, r.readRides, r.readAvailability, r.readOccupancy,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r.snapshot()
}

// readFile reads the city file itself. It is named by its path in the data folder, or by its name
// alone where it lies elsewhere: a plan must not tell whose machine it was made on.
func (r *reading) readFile(path, data string) error {
	name := filepath.Base(path)
	if rel, err := filepath.Rel(data, path); err == nil && filepath.IsLocal(rel) {
		name = filepath.ToSlash(rel)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return strict.FaultFrom(fs.ErrInvalid, "", strict.Position{},
			"input.unreadable-file", "file", name)
	}
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return strict.FaultAt("", strict.Position{}, "input.missing-file", "file", name)
	case err != nil:
		return strict.FaultFrom(err, "", strict.Position{}, "input.unreadable-file", "file", name)
	}
	defer file.Close() //nolint:errcheck // it was only read
	src := newSource(r.ctx, name, file, 0, nil)
	text, err := readAll(src)
	if err != nil {
		return err
	}
	if r.file, err = Parse(name, text); err != nil {
		return err
	}
	input, err := src.finish("city")
	if err != nil {
		return src.fault()
	}
	r.inputs = append(r.inputs, input)
	r.zone, err = location(r.file.TimeZone)
	return err
}

// makeRoom prepares what the layers fill once the grid is known.
func (r *reading) makeRoom() error {
	n := r.grid.Len()
	for range r.file.Sectors {
		r.ground = append(r.ground, newGround(n))
		r.demand = append(r.demand, &evidence{
			events: make([]quota.HourCounts, n), seen: coverage{},
			ridden: newMatrix(len(r.file.Operators), n),
		})
	}
	r.parked = r.newParking()
	return nil
}

// snapshot puts together what was read.
func (r *reading) snapshot() (*engine.Snapshot, error) {
	sheets, err := r.readSheets()
	if err != nil {
		return nil, err
	}
	quotas, err := r.readQuotas()
	if err != nil {
		return nil, err
	}
	zones, err := r.placementZones()
	if err != nil {
		return nil, err
	}
	t, err := r.growTree()
	if err != nil {
		return nil, err
	}
	f := r.file
	s := &engine.Snapshot{
		City: engine.City{
			ID: f.ID, Name: f.Name, Notice: f.Notice, TimeZone: f.TimeZone,
			Resolution: f.Resolution, TieSeed: f.TieSeed,
		},
		PolicyVersion: f.Policy.Version,
		Grid:          r.grid, DistrictOf: r.homeOf,
		Operators: r.operators(), Rubric: r.rubric, Sheets: sheets,
		Marks:  r.cards,
		Labels: r.labels(t), Layers: r.layers, Compliance: r.near,
		Zones: zones,
	}
	for _, b := range r.borders {
		s.Districts = append(s.Districts, b.District)
	}
	for i := range f.Sectors {
		sector, err := r.sector(i, t)
		if err != nil {
			return nil, err
		}
		sector.Previous = quotas[i]
		s.Sectors = append(s.Sectors, sector)
	}
	s.Inputs, s.Notes = r.inputs, r.notes
	return s, nil
}

// labels returns the names of indicators and nodes that have one.
func (r *reading) labels(t *tree) map[string]engine.Name {
	labels := map[string]engine.Name{}
	for _, b := range t.branches {
		if b.name != (engine.Name{}) {
			labels[b.id] = b.name
		}
	}
	for _, in := range r.file.Rubric.Indicators {
		if in.Name != (engine.Name{}) {
			labels[in.ID] = in.Name
		}
	}
	return labels
}

// operators returns the operators as the engine reads them.
func (r *reading) operators() []engine.Operator {
	list := make([]engine.Operator, len(r.file.Operators))
	for k, o := range r.file.Operators {
		out := engine.Operator{ID: o.ID, Name: o.Name}
		for _, s := range r.file.Sectors {
			licensed := o.Sectors == nil || slices.Contains(o.Sectors, s.ID)
			out.Licensed = append(out.Licensed, licensed)
			out.Previous = append(out.Previous, vehicles(o.Previous, s.ID))
			out.Request = append(out.Request, vehicles(o.Request, s.ID))
		}
		if o.Synthetic {
			r.assume(strict.KeyPath(strict.ItemPath("operators", k), "synthetic"), "city.synthetic-operator",
				"operator", o.ID)
		}
		list[k] = out
	}
	return list
}

// vehicles returns the number of a sector, -1 where none is written.
func vehicles(m map[string]int, sector string) int {
	if n, ok := m[sector]; ok {
		return n
	}
	return -1
}
