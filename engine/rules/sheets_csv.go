package rules

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/scoring/rubric"
)

// samplesColumn begins the name of a column that says how many observations stand behind a figure.
const samplesColumn = "samples."

// ReadSheetsCSV reads sheets from CSV, one row a sheet. The column operator is required; class,
// assessor and period are optional; every other column is a figure of the table, and samples.NAME
// how many observations stand behind the figure NAME. A blank is unknown.
//
// columns maps such names to the file's own; with it only the columns that it names are read. The
// error is a *strict.Fault.
func ReadSheetsCSV(name string, data io.Reader, columns map[string]string) (*Sheets, error) {
	c := csv.NewReader(data)
	c.FieldsPerRecord = 0
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, strict.FaultAt(name, strict.At(1, 1), "rubric.csv-empty")
	}
	if err != nil {
		return nil, csvFault(name, err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	places := map[string]int{}
	for i, title := range head {
		title = strings.TrimSpace(title)
		if _, twice := places[title]; twice {
			return nil, strict.FaultAt(name, strict.At(1, 1), "rubric.csv-twice", "column", title)
		}
		places[title] = i
	}
	if len(columns) > 0 {
		named := map[string]int{}
		for column, title := range columns {
			at, ok := places[title]
			if !ok {
				return nil, strict.FaultAt(name, strict.At(1, 1), "rubric.csv-column", "column", title,
					"known", head)
			}
			named[column] = at
		}
		places = named
	}
	if _, ok := places["operator"]; !ok {
		return nil, strict.FaultAt(name, strict.At(1, 1), "rubric.csv-column", "column", "operator",
			"known", head)
	}
	s := &Sheets{file: name}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, csvFault(name, err)
		}
		sheet, err := sheetOf(name, c, places, row)
		if err != nil {
			return nil, err
		}
		s.Sheets = append(s.Sheets, sheet)
	}
}

// csvFault places what the CSV reader found.
func csvFault(name string, err error) error {
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return strict.FaultFrom(e.Err, name, strict.At(e.Line, e.Column), "rubric.csv")
	}
	return strict.FaultFrom(err, name, strict.Position{}, "rubric.csv")
}

// sheetOf reads one row.
func sheetOf(
	name string, c *csv.Reader, places map[string]int, row []string,
) (rubric.Sheet, error) {
	sheet := rubric.Sheet{Values: map[string]*rubric.Number{}}
	columns := make([]string, 0, len(places))
	for column := range places {
		columns = append(columns, column)
	}
	slices.SortFunc(columns, func(a, b string) int { return places[a] - places[b] })
	for _, column := range columns {
		text := strings.TrimSpace(row[places[column]])
		line, at := c.FieldPos(places[column])
		switch {
		case column == "operator":
			sheet.Operator = text
		case column == "class":
			sheet.Class = text
		case column == "assessor":
			sheet.Assessor = text
		case column == "period":
			sheet.Period = text
		case text == "" && strings.HasPrefix(column, samplesColumn):
		case text == "":
			sheet.Values[column] = nil
		case strings.HasPrefix(column, samplesColumn):
			n, err := strconv.Atoi(text)
			if err != nil {
				return sheet, strict.FaultAt(name, strict.At(line, at), "rubric.csv-number",
					"column", column, "got", text)
			}
			if sheet.Samples == nil {
				sheet.Samples = map[string]int{}
			}
			sheet.Samples[strings.TrimPrefix(column, samplesColumn)] = n
		default:
			x, err := rubric.ParseNumber(text)
			if err != nil {
				return sheet, strict.FaultAt(name, strict.At(line, at), "rubric.csv-number",
					"column", column, "got", text)
			}
			sheet.Values[column] = &x
		}
	}
	return sheet, nil
}
