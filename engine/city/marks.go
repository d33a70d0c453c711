package city

import (
	"bytes"
	"math"
	"path"
	"slices"

	"github.com/stint-city/stint/engine/rules"
	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/scoring"
	"github.com/stint-city/stint/scoring/rubric"
)

// fullMarks is the unit of a score that a table of marks gave: its part of the full marks.
const fullMarks = "% of full marks"

// table checks a rubric that is a table of marks: what else would score is idle.
func (c *checker) table() {
	c.required("rubric", "sheets")
	c.path("rubric.table", c.Rubric.Table)
	c.path("rubric.sheets", c.Rubric.Sheets)
	for _, key := range []string{"id", "pass", "indicators"} {
		if idle := strict.KeyPath("rubric", key); c.at.Has(idle) {
			c.fault(idle, "city.idle-key", "key", key, "with", "table")
		}
	}
	for i, o := range c.Operators {
		for _, key := range []string{"sheet", "indicators"} {
			idle := strict.KeyPath(strict.ItemPath("operators", i), key)
			if c.at.Has(idle) {
				c.fault(idle, "city.idle-key", "key", key, "with", "rubric.table of "+o.ID)
			}
		}
	}
}

// readMarks carries out the bureau's table of marks. What a plan is scored by is then one figure
// an operator: its score as part of the full marks, unknown where the table can't tell.
func (r *reading) readMarks() ([]scoring.Sheet, error) {
	var table *rules.Rubric
	err := r.readText("table", "rubric.table", r.file.Rubric.Table, func(data []byte) (err error) {
		table, err = rules.ReadRubric(r.file.Rubric.Table, data)
		return err
	})
	if err != nil {
		return nil, err
	}
	name := r.file.Rubric.Sheets
	err = r.readText("sheets", "rubric.sheets", name, func(data []byte) error {
		sheets, err := readAnySheets(name, data)
		if err == nil {
			r.cards, err = table.Score(sheets)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r.rubric = marksRubric(table)
	list := make([]scoring.Sheet, len(r.file.Operators))
	for k, o := range r.file.Operators {
		v := scoring.Value{Indicator: table.ID, Why: scoring.WhyAbsent}
		at := slices.IndexFunc(r.cards, func(c rubric.Card) bool { return c.Operator == o.ID })
		if at >= 0 && r.cards[at].Score != nil {
			v.Known, v.Value = true, 100*r.cards[at].Score.Float()/r.cards[at].Scale.Float()
		}
		list[k] = scoring.Sheet{Operator: o.ID, Values: []scoring.Value{v}}
	}
	for _, c := range r.cards {
		known := func(o Operator) bool { return o.ID == c.Operator }
		if !slices.ContainsFunc(r.file.Operators, known) {
			return nil, r.fault("rubric.sheets", "city.marks-operator", "operator", c.Operator)
		}
	}
	return list, nil
}

// readAnySheets reads sheets by the ending of their name.
func readAnySheets(name string, data []byte) (*rules.Sheets, error) {
	if path.Ext(name) == ".csv" {
		return rules.ReadSheetsCSV(name, bytes.NewReader(data), nil)
	}
	return rules.ReadSheets(name, data)
}

// marksRubric returns the rubric of one figure that a table of marks comes to.
func marksRubric(table *rules.Rubric) scoring.Rubric {
	out := scoring.Rubric{ID: table.ID, Pass: math.NaN(), Indicators: []scoring.Indicator{{
		ID: table.ID, Unit: fullMarks, Higher: true, Weight: 1,
		Linear: &scoring.Linear{Zero: 0, Full: 100}, Missing: scoring.MissingUnknown,
	}}}
	if table.Pass != nil && len(table.Tables) == 1 {
		out.Pass = 100 * table.Pass.Float() / table.Tables[0].Scale.Float()
	}
	return out
}

// readText reads a file whole.
func (r *reading) readText(role, key, name string, use func([]byte) error) error {
	return r.read(role, key, name, func(src *source) error {
		data, err := readAll(src)
		if err != nil {
			return err
		}
		return use(data)
	})
}
