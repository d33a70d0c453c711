package rules

import (
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota/forecast"
)

// The bounds of a file of counts: beyond them it is not a city's few months.
const (
	mostHours  = 3 * 366 * 24
	mostCounts = 100_000_000 // cells times hours
	coarser    = 2           // resolutions from a cell to its region
)

// HistoryCSV is how a file of counts is read.
type HistoryCSV struct {
	Snapshots bool           // a row is what stood at its time: of several in an hour the last counts
	Zone      *time.Location // of times without an offset; nil = UTC
}

// Counted is a file of counts as a history.
type Counted struct {
	forecast.History
	Cells []string  // answers Counts; by name
	First time.Time // beginning of the first hour
}

// ReadHistoryCSV reads counts from CSV with the columns cell, time and count, one row each. Times
// are RFC 3339, or without an offset; counts of one cell and hour are added up. An hour without a
// row of any cell is unknown; in the others a cell without a row had none. Cells of H3 are pooled
// by their parents two resolutions up; other names are one region. The error is a *strict.Fault.
func (o HistoryCSV) ReadHistoryCSV(name string, data io.Reader) (*Counted, error) {
	c := csv.NewReader(data)
	c.ReuseRecord = true
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, strict.FaultAt(name, strict.At(1, 1), "forecast.csv-empty")
	}
	if err != nil {
		return nil, csvFault(name, err)
	}
	r := historyReader{name: name, options: o, csv: c, cells: map[string]map[int64]count{}}
	if err := r.columns(head); err != nil {
		return nil, err
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return r.counted()
		}
		if err != nil {
			return nil, csvFault(name, err)
		}
		if err := r.add(row); err != nil {
			return nil, err
		}
	}
}

// count is what was counted in one cell and hour.
type count struct {
	n  float64
	at time.Time // of snapshots, the last
}

type historyReader struct {
	name    string
	options HistoryCSV
	csv     *csv.Reader
	places  [3]int // of cell, time, count
	cells   map[string]map[int64]count
	pulls   map[int64]time.Time // the last snapshot of each hour
	first   int64               // hours since 1970
	last    int64
	any     bool
}

// columns finds the columns in the header.
func (r *historyReader) columns(head []string) error {
	known := slices.Clone(head)
	known[0] = strings.TrimPrefix(known[0], "\ufeff")
	for i := range known {
		known[i] = strings.TrimSpace(known[i])
	}
	for i, column := range []string{"cell", "time", "count"} {
		if r.places[i] = slices.Index(known, column); r.places[i] < 0 {
			return strict.FaultAt(r.name, strict.At(1, 1), "forecast.csv-column", "column", column,
				"known", known)
		}
	}
	return nil
}

// fault places a fault in a column of the row that was read last.
func (r *historyReader) fault(i int, id string, args ...any) error {
	line, column := r.csv.FieldPos(r.places[i])
	return strict.FaultAt(r.name, strict.At(line, column), id, args...)
}

// add reads one row.
func (r *historyReader) add(row []string) error {
	cell := strings.Clone(strings.TrimSpace(row[r.places[0]]))
	if cell == "" {
		return r.fault(0, "forecast.csv-cell")
	}
	when := strings.TrimSpace(row[r.places[1]])
	at, err := r.options.time(when)
	if err != nil {
		return r.fault(1, "forecast.csv-time", "got", when)
	}
	text := strings.TrimSpace(row[r.places[2]])
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return r.fault(2, "forecast.csv-count", "got", text)
	}
	hour := int64(math.Floor(float64(at.Unix()) / 3600))
	if !r.any {
		r.first, r.last, r.any = hour, hour, true
	}
	r.first, r.last = min(r.first, hour), max(r.last, hour)
	if r.last-r.first >= mostHours {
		return r.fault(1, "forecast.csv-long", "got", when, "most", mostHours/24)
	}
	r.note(cell, hour, at, n)
	return nil
}

// note adds one count.
func (r *historyReader) note(cell string, hour int64, at time.Time, n float64) {
	if r.cells[cell] == nil {
		r.cells[cell] = map[int64]count{}
	}
	was := r.cells[cell][hour]
	if !r.options.Snapshots || was.at.Equal(at) {
		n += was.n
	} else if was.at.After(at) {
		n, at = was.n, was.at
	}
	r.cells[cell][hour] = count{n, at}
	if r.pulls == nil {
		r.pulls = map[int64]time.Time{}
	}
	if at.After(r.pulls[hour]) || r.pulls[hour].IsZero() {
		r.pulls[hour] = at
	}
}

// time reads a time with an offset, or without one.
func (o *HistoryCSV) time(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	var err error
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		var at time.Time
		if at, err = time.ParseInLocation(form, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, err
}

// counted returns what was read as a history.
func (r *historyReader) counted() (*Counted, error) {
	if !r.any {
		return nil, strict.FaultAt(r.name, strict.At(1, 1), "forecast.csv-empty")
	}
	hours := int(r.last - r.first + 1)
	if most := mostCounts / hours; len(r.cells) > most {
		return nil, strict.FaultAt(r.name, strict.Position{}, "forecast.csv-large",
			"cells", len(r.cells), "hours", hours, "most", mostCounts)
	}
	zone := r.options.Zone
	if zone == nil {
		zone = time.UTC
	}
	out := &Counted{First: time.Unix(r.first*3600, 0).In(zone)}
	out.Phase = (int(out.First.Weekday())+6)%7*24 + out.First.Hour()
	for cell := range r.cells {
		out.Cells = append(out.Cells, cell)
	}
	slices.Sort(out.Cells)
	regions := map[geo.Cell]int{}
	for _, cell := range out.Cells {
		out.Counts = append(out.Counts, r.row(cell, hours))
		parent := regionOf(cell)
		if _, seen := regions[parent]; !seen {
			regions[parent] = len(regions)
		}
		out.Region = append(out.Region, regions[parent])
	}
	return out, nil
}

// row returns a cell's counts hour by hour.
func (r *historyReader) row(cell string, hours int) []float64 {
	row := make([]float64, hours)
	for t := range row {
		hour := r.first + int64(t)
		pull, known := r.pulls[hour]
		c, seen := r.cells[cell][hour]
		switch {
		case !known:
			row[t] = math.NaN()
		case seen && (!r.options.Snapshots || c.at.Equal(pull)):
			row[t] = c.n
		}
	}
	return row
}

// regionOf returns the region of a cell; 0 for what is no cell of H3.
func regionOf(cell string) geo.Cell {
	c, err := geo.ParseCell(cell)
	if err != nil {
		return 0
	}
	parent, ok := c.Parent(max(c.Resolution()-coarser, 0))
	if !ok {
		return 0
	}
	return parent
}
