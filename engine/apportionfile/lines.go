package apportionfile

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

// Table is a CSV file: a head with the columns' names in any order, then a line an item.
type Table struct {
	Name string // what faults call it
	Data io.Reader
}

// lines reads a table line by line. A space around a field belongs to nothing.
type lines struct {
	name   string
	csv    *csv.Reader
	places map[string]int // of the columns
	fields []string       // of the line that was read last
}

// newLines reads a table's head, which has the needed columns and may have the others.
func newLines(t Table, need, may []string) (*lines, error) {
	l := &lines{name: t.Name, csv: csv.NewReader(t.Data), places: map[string]int{}}
	l.csv.ReuseRecord = true
	head, err := l.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, strict.FaultAt(t.Name, strict.At(1, 1), "apportion.csv-empty", "known",
			slices.Concat(need, may))
	}
	if err != nil {
		return nil, l.broken(err)
	}
	head = slices.Clone(head)
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	for i, title := range head {
		title = strings.TrimSpace(title)
		at := strict.At(l.csv.FieldPos(i))
		if !slices.Contains(need, title) && !slices.Contains(may, title) {
			return nil, strict.FaultAt(t.Name, at, "apportion.csv-column", "got", title, "known",
				slices.Concat(need, may))
		}
		if _, twice := l.places[title]; twice {
			return nil, strict.FaultAt(t.Name, at, "apportion.csv-twice", "column", title)
		}
		l.places[title] = i
	}
	for _, title := range need {
		if !l.has(title) {
			return nil, strict.FaultAt(t.Name, strict.At(1, 1), "apportion.csv-missing", "column", title)
		}
	}
	return l, nil
}

// has reports whether the table has a column.
func (l *lines) has(column string) bool {
	_, ok := l.places[column]
	return ok
}

// next reads a line; more is false at the end.
func (l *lines) next() (more bool, err error) {
	l.fields, err = l.csv.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, l.broken(err)
	}
	return true, nil
}

// broken words what the CSV reader found, or a file that can't be read.
func (l *lines) broken(err error) error {
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return strict.FaultFrom(e.Err, l.name, strict.At(e.Line, e.Column), "apportion.csv-syntax")
	}
	return strict.FaultFrom(err, l.name, strict.Position{}, "apportion.csv-syntax")
}

// fault is a fault at a column of the line that was read last.
func (l *lines) fault(column, id string, args ...any) error {
	return strict.FaultAt(l.name, strict.At(l.csv.FieldPos(l.places[column])), id, args...)
}

// text is a field; "" where the table hasn't the column.
func (l *lines) text(column string) string {
	i, ok := l.places[column]
	if !ok {
		return ""
	}
	return strings.TrimSpace(l.fields[i])
}

// id is a field that names a row or column.
func (l *lines) id(column string) (string, error) {
	id := l.text(column)
	switch {
	case id == "":
		return "", l.fault(column, "apportion.id-empty", "key", column)
	case !utf8.ValidString(id):
		return "", l.fault(column, "apportion.utf8")
	}
	return id, nil
}

// count is a field as a whole number from 0; blank where it is empty.
func (l *lines) count(column string, blank int) (int, error) {
	text := l.text(column)
	if text == "" {
		return blank, nil
	}
	x, ok := wholeOf(text)
	if !ok {
		return 0, l.fault(column, "strict.wrong-type", "key", column, "got", short(text),
			"want", "integer")
	}
	if x < 0 {
		return 0, l.fault(column, "apportion.negative", "key", column, "got", x)
	}
	return x, nil
}

// weight is a field as a weight.
func (l *lines) weight(column string) (float64, error) {
	text := l.text(column)
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, l.fault(column, "strict.wrong-type", "key", column, "got", short(text),
			"want", "number")
	}
	if !weighs(x) {
		return 0, l.fault(column, "apportion.weight", "got", text)
	}
	return x, nil
}

// short is a text as a sentence can hold it.
func short(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
