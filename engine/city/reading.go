package city

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/scoring"
	"github.com/stint-city/stint/scoring/rubric"
)

// reading is a city on its way in: the file, the folder of its data, and what is known so far.
type reading struct {
	ctx      context.Context
	file     *File
	root     fs.FS
	progress func(stage string, done, total int64)
	zone     *time.Location

	rubric scoring.Rubric
	cards  []rubric.Card // of a table of marks; nil without one

	inputs []engine.Input
	layers []engine.Layer
	notes  []engine.Note

	borders   []border // districts in the file's order, merged by ID
	districts *geo.Zones
	grid      *geo.Grid
	inside    []int       // by cell: the district it lies in wholly, or -1
	overlap   []geo.Field // by district: m² of it in each cell
	homeOf    []int       // by cell: the district it belongs to; -1 = none

	fences []shapeLayer
	zones  []shapeLayer
	near   []engine.Compliance
	parked *parking // what an operator's vehicles are judged by
	ground []*ground
	demand []*evidence
}

// border is a district with where it stands.
type border struct {
	engine.District
	layer *Layer
}

// shapeLayer is a layer of shapes that is held.
type shapeLayer struct {
	layer  *Layer
	shapes []shape
	union  geo.MultiPolygon // of all shapes
	zones  *geo.Zones
}

// warn and assume add a note: what happened, and what a number rests on.
func (r *reading) warn(file string, at strict.Position, id string, args ...any) {
	r.note("warning", file, at, id, args)
}

func (r *reading) assume(path, id string, args ...any) {
	r.note("assumption", r.file.name, r.file.at.Of(path), id, args)
}

func (r *reading) note(kind, file string, at strict.Position, id string, args []any) {
	r.notes = append(r.notes, engine.Note{
		Kind: kind, ID: id, Args: args, File: file, Line: at.Line, Column: at.Column,
	})
}

// layerPath returns where a layer stands in the city file.
func (r *reading) layerPath(l *Layer) string {
	at := slices.IndexFunc(r.file.Layers, func(other Layer) bool { return other.ID == l.ID })
	return strict.ItemPath("layers", at)
}

// demandOf returns the evidence of the sector with the ID.
func (r *reading) demandOf(sector string) *evidence {
	return r.demand[slices.Index(r.file.sectorIDs(), sector)]
}

// fault returns a fault of the city file.
func (r *reading) fault(path, id string, args ...any) error {
	return strict.FaultAt(r.file.name, r.file.at.Of(path), id, args...)
}

// glob returns the files that a path or pattern of the city file means, in byte order. In a pattern
// only * and ? are special, and they don't match a slash.
func (r *reading) glob(path, pattern string) ([]string, error) {
	literal := strings.NewReplacer(`\`, `\\`, "[", `\[`).Replace(pattern)
	names, err := fs.Glob(r.root, literal)
	if err != nil {
		return nil, strict.FaultFrom(err, r.file.name, r.file.at.Of(path), "city.path", "got", pattern)
	}
	switch {
	case len(names) > 0:
		slices.Sort(names)
		return names, nil
	case strings.ContainsAny(pattern, "*?"):
		return nil, r.fault(path, "city.no-match", "pattern", pattern)
	default:
		return nil, r.fault(path, "input.missing-file", "file", pattern)
	}
}

// read opens a file, hands it to each, hashes what each leaves over, and notes the input.
func (r *reading) read(role, path, name string, each func(*source) error) error {
	progress := func(done, total int64) {
		if r.progress != nil {
			r.progress(role, done, total)
		}
	}
	src, file, err := openSource(r.ctx, r.root, name, progress)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r.fault(path, "input.missing-file", "file", name)
	case err != nil:
		return strict.FaultFrom(err, r.file.name, r.file.at.Of(path),
			"input.unreadable-file", "file", name)
	}
	defer file.Close() //nolint:errcheck // it was only read
	if err := each(src); err != nil {
		if fault := src.fault(); fault != nil {
			return fault // a decoder that stumbled over it says less
		}
		return err
	}
	input, err := src.finish(role)
	if err != nil {
		return src.fault()
	}
	r.inputs = append(r.inputs, input)
	return nil
}
