package observe

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stint-city/stint/engine/strict"
)

// Limits on one CSV file.
const (
	mostBytes = 256 << 20
	mostRows  = 5_000_000
	mostBad   = 100 // bad rows that are told one by one
)

// Columns maps what stint needs to the titles of a CSV file; "" = the file has none. No other
// column is read: what is about riders stays outside.
type Columns struct {
	Operator  string `yaml:"operator"`
	Sector    string `yaml:"sector"`
	Vehicle   string `yaml:"vehicle"`
	Lat       string `yaml:"lat"`
	Lng       string `yaml:"lng"`
	Time      string `yaml:"time"`
	Event     string `yaml:"event"`
	State     string `yaml:"state"`
	Available string `yaml:"available"`
	Disabled  string `yaml:"disabled"`
	Reserved  string `yaml:"reserved"`
	Reported  string `yaml:"reported"` // when the vehicle itself last reported
}

// CSV says how a file is to be read.
type CSV struct {
	Columns          Columns
	Operator, Sector string         // of every row, where no column tells
	Kind             Kind           // of the batches
	State            State          // of every row that tells none
	At               int64          // ms; of a snapshot
	Zone             *time.Location // of times without an offset; nil = UTC
}

// Read is what a file held: a batch for each operator and sector, in their order, and what could
// not be read.
type Read struct {
	Batches []Batch
	Rows    int
	Bad     int             // rows refused
	Faults  []*strict.Fault // the first of them, with their lines
}

// place of each column in a row; -1 = none.
type csvPlaces struct {
	operator, sector, vehicle, lat, lng, time, event, state int
	available, disabled, reserved, reported                 int
}

// ReadCSV reads a table of vehicles. It begins with a header, with or without a byte order mark. A
// bad row is refused and told; a bad header ends the reading.
func (o CSV) ReadCSV(name string, r io.Reader, h *Hasher) (*Read, error) {
	limited := &io.LimitedReader{R: r, N: mostBytes + 1}
	buffered := bufio.NewReaderSize(limited, 1<<16)
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // these are in the buffer: it can't fail
	}
	rows := csv.NewReader(buffered)
	rows.ReuseRecord, rows.FieldsPerRecord, rows.LazyQuotes = true, -1, false
	header, err := rows.Read()
	if err != nil {
		return nil, strict.FaultAt(name, strict.At(1, 1), "observe.csv-empty")
	}
	places, err := o.places(name, header)
	if err != nil {
		return nil, err
	}
	out := &Read{}
	index := map[key]int{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		out.Rows++
		if limited.N <= 0 || out.Rows > mostRows {
			return nil, strict.FaultAt(name, strict.Position{}, "observe.csv-large",
				"rows", mostRows, "bytes", mostBytes)
		}
		if err != nil {
			var parse *csv.ParseError
			if !errors.As(err, &parse) {
				return nil, strict.FaultFrom(err, name, strict.Position{}, "observe.csv-broken")
			}
			out.refuse(strict.FaultAt(name, strict.At(parse.Line, parse.Column), "observe.csv-row"))
			continue
		}
		k, x, fault := o.row(name, rows, row, &places, h)
		if fault != nil {
			out.refuse(fault)
			continue
		}
		out.add(index, &o, name, k, x)
	}
	slices.SortFunc(out.Batches, func(a, b Batch) int {
		return strings.Compare(a.Operator+"\x00"+a.Sector, b.Operator+"\x00"+b.Sector)
	})
	return out, nil
}

func (r *Read) refuse(f *strict.Fault) {
	r.Bad++
	if len(r.Faults) < mostBad {
		r.Faults = append(r.Faults, f)
	}
}

// add puts a sighting into the batch of its feed.
func (r *Read) add(index map[key]int, o *CSV, name string, k key, x Sighting) {
	n, found := index[k]
	if !found {
		n = len(r.Batches)
		k = key{strings.Clone(k.operator), strings.Clone(k.sector)}
		index[k] = n
		r.Batches = append(r.Batches, Batch{
			Operator: k.operator, Sector: k.sector, Kind: o.Kind,
			At: o.At, Source: name,
		})
	}
	b := &r.Batches[n]
	b.Sightings = append(b.Sightings, x)
	if o.Kind == Events {
		b.At = max(b.At, x.At)
	}
}

// places finds the columns in the header. The flags and the state may be missing in some files of
// a feed; what they would tell is then unknown.
func (o *CSV) places(name string, header []string) (csvPlaces, error) {
	c := &o.Columns
	var p csvPlaces
	for _, x := range []struct {
		title string
		place *int
		loose bool
	}{
		{c.Operator, &p.operator, false},
		{c.Sector, &p.sector, false},
		{c.Vehicle, &p.vehicle, false},
		{c.Lat, &p.lat, false},
		{c.Lng, &p.lng, false},
		{c.Time, &p.time, false},
		{c.Event, &p.event, false},
		{c.State, &p.state, true},
		{c.Available, &p.available, true},
		{c.Disabled, &p.disabled, true},
		{c.Reserved, &p.reserved, true},
		{c.Reported, &p.reported, true},
	} {
		*x.place = -1
		if x.title == "" {
			continue
		}
		*x.place = slices.IndexFunc(header, func(s string) bool {
			return strings.TrimSpace(s) == x.title
		})
		if *x.place < 0 && !x.loose {
			return p, strict.FaultAt(name, strict.At(1, 1), "observe.csv-column",
				"column", x.title, "known", strings.Join(header, ", "))
		}
	}
	return p, nil
}

// row reads one row.
func (o *CSV) row(
	name string, rows *csv.Reader, row []string, p *csvPlaces, h *Hasher,
) (k key, x Sighting, fault *strict.Fault) {
	at := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	refuse := func(i int, id, got string) *strict.Fault {
		var pos strict.Position
		if i >= 0 && i < len(row) {
			pos = strict.At(rows.FieldPos(i))
		} else {
			pos = strict.At(rows.FieldPos(0))
		}
		return strict.FaultAt(name, pos, id, "got", got)
	}
	k = key{o.Operator, o.Sector}
	if p.operator >= 0 {
		if k.operator = at(p.operator); k.operator == "" {
			return k, x, refuse(p.operator, "observe.csv-operator", "")
		}
	}
	if p.sector >= 0 {
		k.sector = at(p.sector)
	}
	x.Vehicle, x.Event = h.ID([]byte(at(p.vehicle))), h.ID([]byte(at(p.event)))
	var ok bool
	if x.State, ok = o.state(at, p); !ok {
		return k, x, refuse(p.state, "observe.csv-state", at(p.state))
	}
	if lat, lng := at(p.lat), at(p.lng); lat != "" || lng != "" {
		var err1, err2 error
		x.Point.Lat, err1 = strconv.ParseFloat(lat, 64)
		x.Point.Lng, err2 = strconv.ParseFloat(lng, 64)
		if err1 != nil || err2 != nil {
			return k, x, refuse(p.lat, "observe.csv-position", lat+", "+lng)
		}
		x.Placed = true
	}
	if p.time >= 0 && o.Kind == Events {
		if x.At, ok = ParseTime(at(p.time), o.Zone); !ok {
			return k, x, refuse(p.time, "observe.csv-time", at(p.time))
		}
	}
	x.Reported, _ = ParseTime(at(p.reported), o.Zone) // a blank or 0 tells nothing
	return k, x, nil
}

// state reads the state, or makes it of flags as GBFS does: disabled, else reserved, else
// available. Flags that are all blank tell nothing; then it is the file's.
func (o *CSV) state(at func(int) string, p *csvPlaces) (State, bool) {
	if p.state >= 0 && at(p.state) != "" {
		return ParseState(at(p.state))
	}
	switch {
	case truth(at(p.disabled)) > 0:
		return NonOperational, true
	case truth(at(p.reserved)) > 0:
		return Reserved, true
	case truth(at(p.available)) > 0:
		return Available, true
	case truth(at(p.available)) < 0:
		return NonOperational, true
	case truth(at(p.disabled)) < 0 && truth(at(p.reserved)) < 0:
		return Available, true
	}
	return o.State, true
}

// truth is 1 for yes, -1 for no and 0 for a flag that tells nothing.
func truth(s string) int {
	switch strings.ToLower(s) {
	case "1", "true", "yes", "t", "y", "1.0":
		return 1
	case "0", "false", "no", "f", "n", "0.0":
		return -1
	}
	return 0
}

// ParseTime reads a time as feeds write it, ms: RFC 3339, the same with a blank and without offset
// (then of the zone), cut to the minute or not, or Unix seconds or milliseconds.
func ParseTime(s string, zone *time.Location) (int64, bool) {
	if zone == nil {
		zone = time.UTC
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		const millis = 100_000_000_000 // larger numbers are milliseconds
		switch {
		case n <= 0 || n > 1000*millis:
			return 0, false
		case n < millis:
			return n * 1000, true
		}
		return n, true
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04",
		"2006-01-02T15:04", "2006/1/2 15:04:05", "2006/1/2 15:04",
	} {
		t, err := time.ParseInLocation(layout, s, zone)
		if err == nil && t.UnixMilli() > 0 {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}
