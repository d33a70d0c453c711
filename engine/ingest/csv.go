package ingest

import (
	"bytes"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/strict"
)

// table is the header of a CSV text.
type table struct {
	fields int
	of     []column // by field; columns for one that is not read
	place  [columns]int
}

// header reads the first line: the titles of the columns.
func (s *source) header(n *naming) (*table, error) {
	if err := s.fill(); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(s.rest, []byte("\xef\xbb\xbf")) {
		s.rest = s.rest[3:]
	}
	end := bytes.IndexByte(s.rest, '\n')
	if end < 0 && s.ended {
		end = len(s.rest)
	}
	first := strict.At(1, 1)
	switch {
	case end < 0 || end > mostLine:
		return nil, strict.FaultAt(s.name, first, "ingest.long", "bytes", mostLine)
	case len(bytes.TrimSpace(s.rest[:end])) == 0:
		return nil, strict.FaultAt(s.name, first, "observe.csv-empty")
	}
	var c csv
	if !c.cut(trimEnd(s.rest[:end])) {
		return nil, strict.FaultAt(s.name, first, "observe.csv-row")
	}
	titles := make([]string, len(c.fields))
	for i := range c.fields {
		titles[i] = string(bytes.TrimSpace(c.fields[i]))
	}
	s.skip(min(end+1, len(s.rest)))
	return tableOf(s.name, titles, n)
}

// tableOf finds the columns among titles. A title that the delivery names and that isn't there is a
// fault, flags and state aside: some files of a feed lack them, and then tell nothing of them.
func tableOf(name string, titles []string, n *naming) (*table, error) {
	t := &table{fields: len(titles), of: make([]column, len(titles))}
	for i := range t.of {
		t.of[i] = columns
	}
	for c := range columns {
		t.place[c] = -1
		for _, title := range n[c] {
			if i := slices.Index(titles, title); i >= 0 && t.of[i] == columns {
				t.place[c], t.of[i] = i, c
				break
			}
		}
		wanted := len(n[c]) == 1 && c < colState || c == colVehicle
		if c == colSector && len(n[c]) == 1 && n[c][0] == "sector" {
			wanted = false
		}
		if t.place[c] < 0 && wanted {
			return nil, strict.FaultAt(name, strict.At(1, 1), "observe.csv-column",
				"column", strings.Join(n[c], ", "), "known", strings.Join(titles, ", "))
		}
	}
	if t.place[colLat] < 0 != (t.place[colLng] < 0) {
		return nil, strict.FaultAt(name, strict.At(1, 1), "ingest.one-axis")
	}
	return t, nil
}

// splitLines sends blocks of whole lines. A line that is too long becomes a row that can't be read.
func (s *source) splitLines() error {
	for {
		if err := s.fill(); err != nil {
			return err
		}
		if s.ended {
			if len(s.rest) > 0 {
				s.send(len(s.rest))
			}
			return nil
		}
		end := bytes.LastIndexByte(s.rest, '\n') + 1
		if end == 0 {
			end = len(s.rest) // longer than a line may be: the decoder refuses both its parts
		}
		s.send(end)
	}
}

// csv decodes blocks of lines.
type csv struct {
	table   *table
	fields  [][]byte
	scratch []byte
}

func newCSV(t *table) *csv { return &csv{table: t, fields: make([][]byte, 0, t.fields)} }

// decode reads every line of a block; empty ones are no rows.
func (c *csv) decode(b *block, each func(*values, *fault, func(column) int)) {
	var v values
	data, start := b.data, 0
	at := func(col column) int { return start + c.offset(data[start:], col) }
	for start < len(data) {
		end, next := len(data), len(data)
		if n := bytes.IndexByte(data[start:], '\n'); n >= 0 {
			end, next = start+n, start+n+1
		}
		line := trimEnd(data[start:end])
		switch {
		case len(line) == 0:
		case len(line) > mostLine:
			each(nil, &fault{id: "ingest.long-row"}, at)
		case !c.cut(line):
			each(nil, &fault{id: "observe.csv-row"}, at)
		case len(c.fields) != c.table.fields:
			each(nil, &fault{id: "ingest.fields"}, at)
		default:
			for i, field := range c.fields {
				if col := c.table.of[i]; col < columns {
					v[col] = bytes.TrimSpace(field)
				}
			}
			each(&v, nil, at)
		}
		start = next
	}
}

// trimEnd drops the carriage return at a line's end.
func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// cut cuts a line into its fields; false where its quotes don't match.
func (c *csv) cut(line []byte) bool {
	c.fields = c.fields[:0]
	from := 0
	for i, b := range line {
		switch b {
		case ',':
			c.fields = append(c.fields, line[from:i])
			from = i + 1
		case '"':
			return c.cutQuoted(line)
		}
	}
	c.fields = append(c.fields, line[from:])
	return true
}

// cutQuoted is cut for a line with quotes, as RFC 4180 has them.
func (c *csv) cutQuoted(line []byte) bool {
	c.fields, c.scratch = c.fields[:0], c.scratch[:0]
	if cap(c.scratch) < len(line) {
		c.scratch = make([]byte, 0, 2*len(line)) // fields point into it: it mustn't move
	}
	for {
		if len(line) == 0 || line[0] != '"' {
			end := bytes.IndexByte(line, ',')
			field := line
			if end >= 0 {
				field = line[:end]
			}
			if bytes.IndexByte(field, '"') >= 0 {
				return false
			}
			c.fields = append(c.fields, field)
			if end < 0 {
				return true
			}
			line = line[end+1:]
			continue
		}
		rest, ok := c.quoted(line[1:])
		if !ok {
			return false
		}
		if len(rest) == 0 {
			return true
		}
		if rest[0] != ',' {
			return false
		}
		line = rest[1:]
	}
}

// quoted reads a quoted field after its first quote, and returns what follows its last.
func (c *csv) quoted(line []byte) (rest []byte, ok bool) {
	from := len(c.scratch)
	for {
		n := bytes.IndexByte(line, '"')
		if n < 0 {
			return nil, false
		}
		c.scratch = append(c.scratch, line[:n]...)
		if line = line[n+1:]; len(line) == 0 || line[0] != '"' {
			c.fields = append(c.fields, c.scratch[from:])
			return line, true
		}
		c.scratch = append(c.scratch, '"')
		line = line[1:]
	}
}

// offset returns where a column's value begins in a line, 0 where the line has none.
func (c *csv) offset(line []byte, col column) int {
	place, n, in := c.table.place[col], 0, false
	if place <= 0 {
		return 0
	}
	for i, b := range line {
		switch {
		case b == '\n':
			return 0
		case b == '"':
			in = !in
		case b == ',' && !in:
			if n++; n == place {
				return i + 1
			}
		}
	}
	return 0
}
