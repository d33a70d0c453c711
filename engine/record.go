package engine

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stint-city/stint/geo"
)

// Millis is a time in Unix milliseconds; 0 is no time.
type Millis int64

// MillisOf returns t in Unix milliseconds.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time returns m as a time in UTC, the zero time for 0.
func (m Millis) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// Verb is what an ask asks for.
type Verb string

// The verbs. Reserve, Place and Move make a placement; the others change one.
const (
	Reserve Verb = "reserve" // hold room until Expires; Commit makes it stand, Release gives it back
	Place   Verb = "place"   // reserve and commit in one step
	Commit  Verb = "commit"  // what was held now stands; what is not committed is given back
	Release Verb = "release" // give back what was held
	Remove  Verb = "remove"  // what stood is taken off the street
	Move    Verb = "move"    // what stood in one place now stands in another
)

// State is where a record is in its life.
type State string

// The states. Held and Standing records charge their levels; the others charge nothing.
const (
	Held     State = "held"     // reserved; expires
	Standing State = "standing" // committed or placed
	Released State = "released" // given back by its operator
	Expired  State = "expired"  // given back because nobody committed it in time
	Removed  State = "removed"  // taken off the street, or moved elsewhere, to the last vehicle
	Done     State = "done"     // the record of a Commit, Release or Remove: its first answer
)

// ID names a record: "<operator>:<idempotency key>". A placement has the ID of the record that
// made it.
type ID string

// NewID returns the ID of an operator's key.
func NewID(operator, key string) ID { return ID(operator + ":" + key) }

// Operator returns the part before the colon.
func (id ID) Operator() string {
	operator, _, _ := strings.Cut(string(id), ":")
	return operator
}

// Key returns the part after the colon.
func (id ID) Key() string {
	_, key, _ := strings.Cut(string(id), ":")
	return key
}

// Record is the memory of one ask that was granted: placement, lease and idempotency record in one.
// The answer that was given first can be told again from it.
type Record struct {
	Verb  Verb
	State State
	N     int // vehicles it charges to each of its levels now; 0 once it has ended
	First int // vehicles in the first answer: granted, or changed by a Commit, Release or Remove
	// Left is part of the first answer: of a grant, the least room that its levels had left; of a
	// change, the vehicles that its placement still had.
	Left      int
	Cell      geo.Cell
	At        geo.LatLng // as asked
	Expires   Millis     // of Held and of what once was Held
	Since     Millis     // when it was granted
	Ended     Millis     // when it stopped charging; 0 while it charges
	Epoch     int64      // of the caps it was granted under
	Print     string     // fingerprint of the ask: same key, other print is refused
	Placement ID         // of a change: what it changed; of a Move: where the vehicles came from
	Levels    []Level    // what it charges; nil for a change
}

// fields is how many parts a record's text has.
const fields = 15

// ErrRecord is what a text that is no record gives.
var ErrRecord = errors.New("no record of a placement")

// String returns the record as one line that stores and logs keep: its fields in the order of the
// type, joined by vertical bars, levels by commas.
func (r Record) String() string {
	var b strings.Builder
	b.Grow(160 + 24*len(r.Levels))
	b.WriteString(string(r.Verb))
	for _, field := range [...]string{
		string(r.State), strconv.Itoa(r.N), strconv.Itoa(r.First), strconv.Itoa(r.Left),
		r.Cell.String(), degrees(r.At.Lat), degrees(r.At.Lng), r.Expires.text(), r.Since.text(),
		r.Ended.text(), strconv.FormatInt(r.Epoch, 10), r.Print, string(r.Placement),
	} {
		b.WriteByte('|')
		b.WriteString(field)
	}
	b.WriteByte('|')
	for i, l := range r.Levels {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(l))
	}
	return b.String()
}

func (m Millis) text() string { return strconv.FormatInt(int64(m), 10) }

// degrees keeps 6 decimals: 0.1 m.
func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 6, 64) }

// ParseRecord returns the record of a line that String wrote, or ErrRecord: for a word that is no
// verb or state, a negative count, a place that is none.
func ParseRecord(text string) (Record, error) {
	f := strings.Split(text, "|")
	if len(f) != fields {
		return Record{}, fmt.Errorf("%w: %d fields, want %d: %.60q", ErrRecord, len(f), fields, text)
	}
	p := recordParser{text: text}
	r := Record{
		Verb:  oneOf(&p, f[0], Reserve, Place, Commit, Release, Remove, Move),
		State: oneOf(&p, f[1], Held, Standing, Released, Expired, Removed, Done),
		N:     p.vehicles(f[2]), First: p.vehicles(f[3]), Left: int(p.integer(f[4])),
		Cell: p.cell(f[5]), At: geo.LatLng{Lat: p.number(f[6]), Lng: p.number(f[7])},
		Expires: Millis(p.integer(f[8])), Since: Millis(p.integer(f[9])),
		Ended: Millis(p.integer(f[10])), Epoch: p.integer(f[11]),
		Print: f[12], Placement: ID(f[13]),
	}
	if f[14] != "" {
		for _, l := range strings.Split(f[14], ",") {
			r.Levels = append(r.Levels, Level(l))
		}
	}
	if p.err != nil {
		return Record{}, p.err
	}
	return r, nil
}

// recordParser keeps the first thing wrong with a record's text.
type recordParser struct {
	text string
	err  error
}

func (p *recordParser) fail(got string) {
	if p.err == nil {
		p.err = fmt.Errorf("%w: %.40q in %.60q", ErrRecord, got, p.text)
	}
}

// oneOf reads a word that must be one of some.
func oneOf[W ~string](p *recordParser, s string, words ...W) W {
	if !slices.Contains(words, W(s)) {
		p.fail(s)
	}
	return W(s)
}

// vehicles reads a number that is not negative.
func (p *recordParser) vehicles(s string) int {
	n := p.integer(s)
	if n < 0 {
		p.fail(s)
	}
	return int(n)
}

func (p *recordParser) integer(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		p.fail(s)
	}
	return n
}

func (p *recordParser) number(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		p.fail(s)
	}
	return x
}

// cell reads a cell; "0" is none, as a change has it.
func (p *recordParser) cell(s string) geo.Cell {
	if s == "0" {
		return 0
	}
	c, err := geo.ParseCell(s)
	if err != nil {
		p.fail(s)
	}
	return c
}
