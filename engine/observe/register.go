package observe

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/strict"
)

// Register is the vehicles that a city has registered, by their hashed names.
type Register struct {
	fleets map[key]map[ID]bool
}

// NewRegister returns an empty register.
func NewRegister() *Register { return &Register{map[key]map[ID]bool{}} }

// Add registers a vehicle; 0 names none, but says that the feed has a register.
func (r *Register) Add(operator, sector string, id ID) {
	k := key{operator, sector}
	if r.fleets[k] == nil {
		r.fleets[k] = map[ID]bool{}
	}
	if id != 0 {
		r.fleets[k][id] = true
	}
}

// Fleets returns how many vehicles are registered by operator and sector.
func (r *Register) Fleets() map[[2]string]int {
	out := map[[2]string]int{}
	for k, ids := range r.fleets {
		out[[2]string{k.operator, k.sector}] = len(ids)
	}
	return out
}

// match compares a feed with the register: the share of its vehicles on the street that are
// registered, and of the registered ones that are there. Nil where the register hasn't the feed, or
// where its IDs don't last: the register's can't be found again then.
func (r *Register) match(k key, p *picture) (registered, seen *float64) {
	if r == nil || r.fleets[k] == nil || p.idsWhy() == "ids-do-not-last" {
		return nil, nil
	}
	n, found := 0, 0
	for v := range p.all() {
		if !v.state.OnStreet() {
			continue
		}
		n++
		if r.fleets[k][v.id] {
			found++
		}
	}
	return ratio(found, n), ratio(found, len(r.fleets[k]))
}

// Match adds to the health of feeds what a register tells of them.
func (s *Street) Match(list []Health, r *Register) {
	for i := range list {
		h := &list[i]
		k := key{h.Operator, h.Sector}
		if p := s.pictures[k]; p != nil && h.Status != Silent {
			h.Registered, h.Seen = r.match(k, p)
		}
	}
}

// ReadCSV adds the vehicles of a table with a header: c names the column of the vehicle and, unless
// operator and sector are given, theirs. A row without a vehicle or an operator is an error that
// names it: a register with holes would make good vehicles strangers.
func (r *Register) ReadCSV(
	name string, in io.Reader, c Columns, operator, sector string, h *Hasher,
) error {
	limited := &io.LimitedReader{R: in, N: mostBytes + 1}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // these are in the buffer: it can't fail
	}
	rows := csv.NewReader(buffered)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		return strict.FaultAt(name, strict.At(1, 1), "observe.csv-empty")
	}
	header = slices.Clone(header)
	places := []int{-1, -1, -1}
	for i, title := range []string{c.Vehicle, c.Operator, c.Sector} {
		if places[i] = slices.Index(header, title); places[i] < 0 && title != "" {
			return strict.FaultAt(name, strict.At(1, 1), "observe.csv-column",
				"column", title, "known", strings.Join(header, ", "))
		}
	}
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case limited.N <= 0:
			return strict.FaultAt(name, strict.Position{}, "observe.csv-large",
				"rows", mostRows, "bytes", mostBytes)
		case err != nil:
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				return strict.FaultAt(name, strict.At(parse.Line, parse.Column), "observe.csv-row")
			}
			return strict.FaultFrom(err, name, strict.Position{}, "observe.csv-broken")
		}
		of := []string{"", operator, sector}
		for i, at := range places {
			if at >= 0 {
				of[i] = row[at]
			}
		}
		if of[0] == "" || of[1] == "" {
			line, column := rows.FieldPos(max(0, places[0]))
			return strict.FaultAt(name, strict.At(line, column), "street.register-row")
		}
		r.Add(strings.Clone(of[1]), strings.Clone(of[2]), h.ID([]byte(of[0])))
	}
}
