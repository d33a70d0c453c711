package city

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
)

const (
	shownRejects = 20 // refused rows of a layer that are kept as notes
	saidRejects  = 4  // of these, the ones a fault names beside the first
	shownNames   = 20 // unknown names that a fault lists
)

// layerRead is one layer on its way in.
type layerRead struct {
	*reading
	layer *Layer
	path  string // of the layer in the city file
	datum geo.Datum
	stat  engine.Layer

	sectors, operators []string // IDs of the city file

	rows    int // read, taken or refused; rows that `where` leaves out don't count
	left    int // rows that `where` leaves out
	rejects []engine.Note
	unknown map[string]map[string]int // by kind of name: names that the city file lacks, with rows
}

func (r *reading) newLayer(l *Layer) *layerRead {
	datum, _ := geo.ParseDatum(l.CRS) // checked by Parse; tables have none
	lr := &layerRead{
		reading: r, layer: l, path: r.layerPath(l), datum: datum,
		sectors: r.file.sectorIDs(), operators: r.file.operatorIDs(),
	}
	lr.stat = engine.Layer{ID: l.ID, Kind: l.Kind}
	if l.isShape() || l.isPoint() {
		lr.stat.Datum = datum.String()
	}
	lr.unknown = map[string]map[string]int{}
	return lr
}

// files returns the files of the layer, each once, with the path of the pattern that means it.
func (l *layerRead) files() ([]layerFile, error) {
	var list []layerFile
	seen := map[string]bool{}
	for i, pattern := range l.layer.Path {
		path := strict.ItemPath(strict.KeyPath(l.path, "path"), i)
		names, err := l.glob(path, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if !seen[name] {
				list = append(list, layerFile{path, name})
			}
			seen[name] = true
		}
	}
	return list, nil
}

// layerFile is a file of a layer and the path in the city file that means it.
type layerFile struct{ path, name string }

// each hands every file of the layer to read.
func (l *layerRead) each(read func(*source) error) error {
	files, err := l.files()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := l.read(l.layer.ID, f.path, f.name, read); err != nil {
			return err
		}
		l.stat.Files++
	}
	return nil
}

// table opens a CSV file of the layer.
func (l *layerRead) table(src *source) (*table, error) {
	t, err := newTable(src)
	if err != nil {
		return nil, err
	}
	need, take := l.layer.columnNames(l.file)
	if err := t.choose(l.layer.Columns, need, take); err != nil {
		return nil, err
	}
	columns := sortedKeys(l.layer.Where)
	if l.layer.Split != nil {
		columns = append(columns, l.layer.Split.By)
	}
	for _, column := range columns {
		if t.find(column) < 0 {
			return nil, strict.FaultAt(src.name, strict.At(1, 1), "city.other-schema",
				"missing", []string{column}, "found", t.header)
		}
	}
	return t, nil
}

// eachRow hands every row that `where` keeps to take, and counts what take refuses.
func (l *layerRead) eachRow(t *table, take func(*table) *refusal) error {
	for {
		why, err := t.next()
		switch {
		case isEOF(err):
			return nil
		case err != nil:
			return err
		case why == nil && !l.kept(func(column string) string { return t.fields[t.find(column)] }):
			l.left++
			continue
		case why == nil:
			why = take(t)
		}
		l.rows++
		if why == nil {
			l.stat.Features++
			continue
		}
		l.reject(t.src.name, why)
		if l.hopeless() {
			return cmp.Or(l.unknownNames(), l.tooMany())
		}
	}
}

// kept reports whether `where` keeps a row, given its values. Blanks around a value don't count.
func (l *layerRead) kept(value func(column string) string) bool {
	for column, wanted := range l.layer.Where {
		got := strings.TrimSpace(value(column))
		if !slices.ContainsFunc(wanted, func(w string) bool { return strings.TrimSpace(w) == got }) {
			return false
		}
	}
	return true
}

// reject counts a refused row and keeps the first of them.
func (l *layerRead) reject(file string, why *refusal) {
	l.stat.Rejected++
	if len(l.rejects) < shownRejects {
		l.rejects = append(l.rejects, engine.Note{
			Kind: "warning", ID: why.id, Args: why.args,
			File: file, Line: why.at.Line, Column: why.at.Column,
		})
	}
}

// hopeless reports whether so many of the first thousand rows are refused that reading on would
// only take time.
func (l *layerRead) hopeless() bool {
	const enough = 1000
	return l.rows == enough && l.stat.Rejected == enough && l.layer.Rejects < 1
}

// close ends the layer: unknown names and too many refusals are faults, an empty layer too; the
// rest is noted.
func (l *layerRead) close() error {
	if err := l.unknownNames(); err != nil {
		return err
	}
	if float64(l.stat.Rejected) > l.layer.Rejects*float64(l.rows) {
		return l.tooMany()
	}
	if l.stat.Features == 0 {
		id := "city.empty-layer"
		if l.left > 0 {
			id = "city.empty-where"
		}
		return l.fault(strict.KeyPath(l.path, "path"), id, "layer", l.layer.ID)
	}
	l.notes = append(l.notes, l.rejects...)
	if l.stat.Rejected > 0 {
		l.warn(l.file.name, l.file.at.Of(l.path), "warning.rejected-rows",
			"file", l.layer.ID, "rejected", l.stat.Rejected, "rows", l.rows)
	}
	if l.left > 0 {
		l.assume(strict.KeyPath(l.path, "where"), "city.left-out",
			"layer", l.layer.ID, "left", l.left, "rows", l.rows+l.left)
	}
	if l.layer.Synthetic {
		l.assume(strict.KeyPath(l.path, "synthetic"), "city.synthetic-layer", "layer", l.layer.ID)
	}
	l.layers = append(l.layers, l.stat)
	return nil
}

// tooMany is the fault of a layer with more refused rows than its limit: the first reason where it
// stands, the others behind it.
func (l *layerRead) tooMany() error {
	first := l.rejects[0]
	args := []any{"reason", lang.M(first.ID, first.Args...)}
	at := strict.At(first.Line, first.Column)
	if l.stat.Rejected == 1 {
		return strict.FaultFrom(errRejects, first.File, at, "city.rejected-one",
			append(args, "limit", l.layer.Rejects)...)
	}
	var others []lang.Message
	for _, n := range l.rejects[1:min(len(l.rejects), 1+saidRejects)] {
		others = append(others, lang.M("city.at-line", "file", n.File, "line", n.Line,
			"reason", lang.M(n.ID, n.Args...)))
	}
	return strict.FaultFrom(errRejects, first.File, at, "city.rejected", append(args,
		"layer", l.layer.ID, "rejected", l.stat.Rejected, "rows", l.rows,
		"limit", l.layer.Rejects, "others", others)...)
}

// sector returns the sector a row speaks of.
func (l *layerRead) sector(t *table) (int, *refusal) {
	if !t.has("sector") {
		return slices.Index(l.sectors, l.layer.sectorIDs(l.file)[0]), nil
	}
	text := t.text("sector")
	id, mapped := l.layer.SectorOf[text]
	if !mapped {
		id = text
	}
	at := slices.Index(l.sectors, id)
	if at < 0 {
		l.miss("sector", text)
		return 0, t.refuse("sector", "city.row-sector", "got", clip(text))
	}
	return at, nil
}

// miss counts a row whose operator, sector or district the city file lacks.
func (l *layerRead) miss(what, name string) {
	names := l.unknown[what]
	if names == nil {
		names = map[string]int{}
		l.unknown[what] = names
	}
	name = clip(name)
	if _, seen := names[name]; !seen && len(names) >= shownNames {
		name = "…" // a column of free text must not fill the memory
	}
	names[name]++
}

// unknownNames is the fault of names that the city file lacks, each with its rows, most first. Of
// several kinds the first in byte order is said.
func (l *layerRead) unknownNames() error {
	if len(l.unknown) == 0 {
		return nil
	}
	what := sortedKeys(l.unknown)[0]
	names := l.unknown[what]
	keys := sortedKeys(names)
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(names[b], names[a]) })
	list := make([]lang.Message, len(keys))
	for i, name := range keys {
		list[i] = lang.M("city.name-rows", "name", name, "rows", names[name])
	}
	return l.fault(l.path, "city.unknown-"+what, "layer", l.layer.ID, "names", list)
}
