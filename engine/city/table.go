package city

import (
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stint-city/stint/engine/strict"
)

// maxRow is the longest row of a table, bytes: the border of a large city as WKT fits.
const maxRow = 16 << 20

// table reads the rows of a CSV file one at a time.
type table struct {
	src    *source
	csv    *csv.Reader
	guard  rowGuard
	header []string
	column map[string]int // stint's name -> field; absent = not in this file
	fields []string       // of the row being read
	line   int            // on which it begins
}

// refusal is why a row is not taken: a message of the catalogue and where in the file.
type refusal struct {
	at   strict.Position
	id   string
	args []any
}

// errLongRow ends a table whose row exceeds maxRow.
var errLongRow = errors.New("row too long")

// rowGuard bounds what one row may take: an unclosed quotation mark must not fill the memory.
type rowGuard struct {
	from io.Reader
	left int
}

func (g *rowGuard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errLongRow
	}
	n, err := g.from.Read(p)
	g.left -= n
	return n, err
}

// newTable reads the header.
func newTable(src *source) (*table, error) {
	t := &table{src: src, column: map[string]int{}}
	t.guard = rowGuard{from: src, left: maxRow}
	t.csv = csv.NewReader(&t.guard)
	t.csv.ReuseRecord = true
	header, err := t.csv.Read()
	switch {
	case src.err != nil:
		return nil, src.fault()
	case errors.Is(err, io.EOF):
		return nil, strict.FaultAt(src.name, strict.At(1, 1), "city.empty-table")
	case err != nil:
		return nil, t.broken(err)
	case !utf8.ValidString(strings.Join(header, "")):
		return nil, strict.FaultAt(src.name, strict.At(1, 1), "city.encoding")
	}
	t.header = make([]string, len(header))
	for i, name := range header {
		t.header[i] = strings.TrimSpace(name)
	}
	return t, nil
}

// find returns the field of a column by the file's own name, -1 for none.
func (t *table) find(name string) int { return slices.Index(t.header, name) }

// choose takes the first schema whose columns the header has. With no schema the file's names are
// stint's: those of need must be there, those of take may.
func (t *table) choose(schemas Schemas, need, take []string) error {
	if len(schemas) == 0 {
		own := map[string]string{}
		for _, name := range slices.Concat(need, take) {
			if slices.Contains(need, name) || t.find(name) >= 0 {
				own[name] = name
			}
		}
		schemas = Schemas{own}
	}
	var missing []string // of the schema that comes nearest
	for i, schema := range schemas {
		lacks := t.lacks(schema)
		if len(lacks) == 0 {
			for name, column := range schema {
				t.column[name] = t.find(column)
			}
			return nil
		}
		if i == 0 || len(lacks) < len(missing) {
			missing = lacks
		}
	}
	return strict.FaultAt(t.src.name, strict.At(1, 1), "city.other-schema",
		"missing", missing, "found", t.header)
}

// lacks returns the file's columns of a schema that the header doesn't have.
func (t *table) lacks(schema map[string]string) []string {
	var list []string
	for _, name := range sortedKeys(schema) {
		if t.find(schema[name]) < 0 {
			list = append(list, schema[name])
		}
	}
	return list
}

// next reads a row. A row that is no row of this table comes back as a refusal, and reading can go
// on; an error ends the table, io.EOF at its end.
func (t *table) next() (*refusal, error) {
	t.guard.left = maxRow
	fields, err := t.csv.Read()
	if t.src.err != nil {
		return nil, t.src.fault()
	}
	var parse *csv.ParseError
	switch {
	case err == nil:
		t.fields = fields
		t.line, _ = t.csv.FieldPos(0)
		return nil, nil
	case errors.Is(err, io.EOF), errors.Is(err, errLongRow):
		return nil, t.broken(err)
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &parse):
		return &refusal{
			strict.At(parse.Line, parse.Column),
			"city.fields",
			[]any{"got", len(fields), "want", len(t.header)},
		}, nil
	case errors.As(err, &parse) && parse.StartLine == parse.Line:
		return &refusal{strict.At(parse.Line, parse.Column), "city.quotes", nil}, nil
	default:
		return nil, t.broken(err)
	}
}

// broken turns an error that ends the table into a fault; io.EOF stays what it is.
func (t *table) broken(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, errLongRow):
		return strict.FaultAt(t.src.name, strict.At(t.line+1, 1), "city.long-row", "most", maxRow)
	case errors.As(err, &parse):
		return strict.FaultAt(t.src.name, strict.At(parse.StartLine, 1),
			"city.open-quote", "last", parse.Line)
	default:
		return strict.FaultFrom(err, "", strict.Position{}, "input.unreadable-file", "file", t.src.name)
	}
}

// has reports whether this file has stint's column.
func (t *table) has(name string) bool {
	_, ok := t.column[name]
	return ok
}

// at returns where the field of stint's column stands.
func (t *table) at(name string) strict.Position {
	field, ok := t.column[name]
	if !ok {
		return strict.At(t.line, 0)
	}
	line, column := t.csv.FieldPos(field)
	return strict.At(line, column)
}

// text returns the field of stint's column without blanks around it; "" where there is none.
func (t *table) text(name string) string {
	field, ok := t.column[name]
	if !ok {
		return ""
	}
	return strings.TrimSpace(t.fields[field])
}

// refuse returns a refusal of the field of stint's column.
func (t *table) refuse(name, id string, args ...any) *refusal {
	return &refusal{t.at(name), id, args}
}

// number returns the finite number in stint's column.
func (t *table) number(name string) (float64, *refusal) {
	text := t.text(name)
	if text == "" {
		return 0, t.refuse(name, "city.no-value", "column", t.header[t.column[name]])
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, t.refuse(name, "strict.not-finite", "key", t.header[t.column[name]], "got", clip(text))
	case err != nil:
		return 0, t.refuse(name, "city.no-number", "column", t.header[t.column[name]],
			"got", clip(text))
	}
	return v, nil
}

// count returns the whole number of vehicles in stint's column.
func (t *table) count(name string) (int, *refusal) {
	v, why := t.number(name)
	switch {
	case why != nil:
		return 0, why
	case v < 0:
		return 0, t.refuse(name, "city.negative", "column", t.header[t.column[name]], "got", v)
	case v != math.Trunc(v) || v > math.MaxInt32:
		return 0, t.refuse(name, "city.no-count", "column", t.header[t.column[name]], "got", v)
	}
	return int(v), nil
}

// clip cuts a text of the data to what a sentence can hold. It is a copy: a note must not keep the
// row alive that the text was cut from.
func clip(text string) string {
	const most = 40
	if len(text) > 4*most {
		text = text[:4*most]
	}
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return strings.Clone(text)
}

// isEOF reports whether a table has ended as it should.
func isEOF(err error) bool { return errors.Is(err, io.EOF) }
