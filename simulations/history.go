package simulations

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/simulations/demand"
)

// History is the rides of the past that demand is estimated from and judged by.
type History struct {
	Trips    string       `yaml:"trips"` // CSV, from the data folder, or else the scenario's
	Columns  TripColumns  `yaml:"columns"`
	Usable   string       `yaml:"usable"`         // CSV of time, cell, part: usable hours
	Model    demand.Model `yaml:"model"`          // default weekday-hour
	Walk     float64      `yaml:"walk"`           // part of who finds none and walks to the ring
	Borrowed float64      `yaml:"borrowed_hours"` // from the cells around; default 2
	Fit      Days         `yaml:"fit"`            // default: all
	Judge    Days         `yaml:"judge"`          // of the backtest
	Skill    float64      `yaml:"skill"`          // a backtest below fails; default 0
}

// TripColumns are the titles of a table of rides. Times without an offset are the city's.
type TripColumns struct {
	Time    string `yaml:"time"`
	FromLat string `yaml:"from_lat"`
	FromLng string `yaml:"from_lng"`
	ToLat   string `yaml:"to_lat"`
	ToLng   string `yaml:"to_lng"`
}

// Days are whole days of the city's calendar, both ends in; "2016-08-01".
type Days struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

const dayMS = 24 * hourMS

// span is a time by the city's clocks: ms since 1970-01-01 00:00 there, the end out.
type span struct{ from, to int64 }

func (s span) days() int { return int((s.to - s.from) / dayMS) }

// span reads the days; ok is false where they aren't dates in order.
func (d Days) span() (s span, ok bool) {
	a, err1 := time.Parse(time.DateOnly, d.From)
	b, err2 := time.Parse(time.DateOnly, d.To)
	s = span{a.UnixMilli(), b.UnixMilli() + dayMS}
	return s, err1 == nil && err2 == nil && s.from < s.to
}

// hourOfWeek returns the hour of the week, from Monday 00:00, of a time by the city's clocks.
func hourOfWeek(wall int64) int {
	const thursday = 3 * 24 // 1970-01-01
	return int(((wall/hourMS+thursday)%week + week) % week)
}

// ride is one of the past: by the city's clocks, at places in degrees.
type ride struct {
	at       int64
	from, to geo.LatLng
}

// usableHour is a cell's part of an hour with a usable vehicle.
type usableHour struct {
	at   int64 // ms, of the hour's begin, by the city's clocks
	cell geo.Cell
	part float64
}

// past is what a scenario's history holds.
type past struct {
	rides  []ride // by time
	usable []usableHour
	rates  *rates // a table of demand; nil = none
	bad    int    // rows without a time or a place, left out
	files  []bundled
}

// mostTrips bounds a table of rides, bytes.
const mostTrips = 1 << 30

// readPast reads the files that a scenario's demand rests on.
func (s *Scenario) readPast(file, data string, zone *time.Location) (*past, error) {
	h, p := &s.History, &past{}
	if s.Demand.Model == fromTable {
		if err := s.readRates(file, data, p); err != nil {
			return nil, err
		}
	}
	if h.Trips == "" {
		return p, nil
	}
	err := p.table(s.beside(file, data, h.Trips), []string{
		h.Columns.Time, h.Columns.FromLat, h.Columns.FromLng, h.Columns.ToLat, h.Columns.ToLng,
	}, func(row []string) bool {
		at, ok := wallTime(row[0], zone)
		from, ok1 := place(row[1], row[2])
		to, ok2 := place(row[3], row[4])
		if !ok || !ok1 || !ok2 {
			return false
		}
		p.rides = append(p.rides, ride{at, from, to})
		return true
	})
	if err != nil {
		return nil, err
	}
	if len(p.rides) == 0 {
		return nil, strict.FaultAt(h.Trips, strict.Position{}, "sim-fit.no-rides", "bad", p.bad)
	}
	slices.SortStableFunc(p.rides, func(a, b ride) int { return int(a.at - b.at) })
	if h.Usable == "" {
		return p, nil
	}
	return p, p.table(s.beside(file, data, h.Usable), []string{"time", "cell", "part"},
		func(row []string) bool {
			at, ok := wallTime(row[0], zone)
			cell, err := geo.ParseCell(row[1])
			part, err2 := strconv.ParseFloat(row[2], 64)
			if !ok || err != nil || err2 != nil || !(part >= 0 && part <= 1) {
				return false
			}
			p.usable = append(p.usable, usableHour{at - at%hourMS, cell, part})
			return true
		})
}

// beside returns where a file of the scenario stands.
func (s *Scenario) beside(file, data, name string) string {
	if data == "" {
		data = filepath.Dir(file)
	}
	return filepath.Join(data, filepath.FromSlash(name))
}

// table reads the named columns of a CSV, packed or not; take says whether a row can be used.
func (p *past) table(path string, columns []string, take func(row []string) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	hash := sha256.New()
	in, err := unpacked(path, io.TeeReader(file, hash))
	if err != nil {
		return strict.FaultFrom(err, path, strict.Position{}, "sim-fit.unreadable")
	}
	if err := p.rows(path, io.LimitReader(in, mostTrips), columns, take); err != nil {
		return err
	}
	if _, err := io.Copy(hash, file); err != nil { // what the unpacking left
		return err
	}
	p.files = append(p.files, bundled{path, fmt.Sprintf("%x", hash.Sum(nil))})
	return nil
}

// rows reads the rows of a table.
func (p *past) rows(
	path string, in io.Reader, columns []string, take func(row []string) bool,
) error {
	buffered := bufio.NewReader(in)
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // these are in the buffer: it can't fail
	}
	rows := csv.NewReader(buffered)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return strict.FaultFrom(err, path, strict.At(1, 1), "sim-fit.unreadable")
	}
	places := make([]int, len(columns))
	for i, title := range columns {
		if places[i] = slices.Index(head, title); places[i] < 0 {
			return strict.FaultAt(path, strict.At(1, 1), "sim-fit.column",
				"column", title, "known", slices.Clone(head))
		}
	}
	values := make([]string, len(columns))
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return strict.FaultFrom(err, path, strict.Position{}, "sim-fit.unreadable")
		}
		for i, at := range places {
			values[i] = row[at]
		}
		if !take(values) {
			p.bad++
		}
	}
}

// wallTime reads a time and returns what the city's clocks showed.
func wallTime(text string, zone *time.Location) (int64, bool) {
	at, ok := observe.ParseTime(text, zone)
	if !ok {
		return 0, false
	}
	_, offset := time.UnixMilli(at).In(zone).Zone()
	return at + int64(offset)*1000, true
}

// place reads a position; (0, 0) and what lies off the Earth is none.
func place(lat, lng string) (geo.LatLng, bool) {
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lng, 64)
	ok := err1 == nil && err2 == nil && math.Abs(y) <= 90 && math.Abs(x) <= 180 && (x != 0 || y != 0)
	return geo.LatLng{Lat: y, Lng: x}, ok
}

// all is the whole days from the first ride to the last.
func (p *past) all() span {
	first, last := p.rides[0].at, p.rides[len(p.rides)-1].at
	return span{first - first%dayMS, last - last%dayMS + dayMS}
}

// window returns the days that are named, as far as rides were counted; an end that isn't named is
// the history's.
func (p *past) window(d Days) span {
	all := p.all()
	if at, err := time.Parse(time.DateOnly, d.From); err == nil {
		all.from = max(all.from, at.UnixMilli())
	}
	if at, err := time.Parse(time.DateOnly, d.To); err == nil {
		all.to = min(all.to, at.UnixMilli()+dayMS)
	}
	all.to = max(all.from, all.to)
	return all
}

// within calls each for the rides of a span that begin in a cell of the town.
func (p *past) within(s span, t *Town, each func(r *ride, cell int)) {
	from, _ := slices.BinarySearchFunc(p.rides, s.from, func(r ride, at int64) int {
		return int(r.at - at)
	})
	for i := from; i < len(p.rides) && p.rides[i].at < s.to; i++ {
		if cell, ok := t.grid.At(p.rides[i].from); ok {
			each(&p.rides[i], cell)
		}
	}
}

// counts are the rides and usable hours of a span.
func (p *past) counts(s span, t *Town) demand.Counts {
	hours := s.days() * 24
	c := demand.Counts{Phase: hourOfWeek(s.from), Rides: table(len(t.Cells), hours, 0)}
	p.within(s, t, func(r *ride, cell int) { c.Rides[cell][(r.at-s.from)/hourMS]++ })
	if len(p.usable) == 0 {
		return c
	}
	c.Usable = table(len(t.Cells), hours, math.NaN())
	for _, u := range p.usable {
		if cell, ok := t.grid.Index(u.cell); ok && u.at >= s.from && u.at < s.to {
			c.Usable[cell][(u.at-s.from)/hourMS] = u.part
		}
	}
	return c
}

// table is one by cell and hour, all of it x.
func table(cells, hours int, x float64) [][]float64 {
	t, all := make([][]float64, cells), make([]float64, cells*hours)
	for i := range all {
		all[i] = x
	}
	for i := range t {
		t[i] = all[i*hours : (i+1)*hours]
	}
	return t
}
