package rubric

import (
	"cmp"
	"maps"
	"slices"
)

// entry is a sheet with the table it is scored by, and what each row of it that the sheet's
// assessor marks is worth.
type entry struct {
	*Sheet
	table *Table
	marks []mark // in the order of the table
}

// mark is one row of a sheet.
type mark struct {
	row     *Indicator
	value   *Number // nil = unknown
	samples *int
	points  estimate // on the table's own scale
	how     string
	dropped bool // the row is left out, and weighs nothing
}

// read returns the sheets by operator, period and assessor, each with its table and marks, or what
// is wrong with the first of them.
func (r *Rubric) read(sheets []Sheet) ([]entry, error) {
	entries := make([]entry, len(sheets))
	for k := range sheets {
		entries[k].Sheet = &sheets[k]
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Period, b.Period),
			cmp.Compare(a.Assessor, b.Assessor))
	})
	if err := r.place(entries); err != nil {
		return nil, err
	}
	reader := reader{rubric: r, names: r.figures(), figures: r.inputs()}
	for k := range entries {
		e := &entries[k]
		if e.table = r.tableOf(e.Class); e.table == nil {
			return nil, fault(e.Sheet, "", "class-unknown", "class", e.Class)
		}
		if err := reader.check(e); err != nil {
			return nil, err
		}
		r.mark(e)
	}
	return entries, nil
}

// place checks whose the sheets are: one for each operator, period and assessor, an operator's
// all of one class, and no more periods among them all than the rubric rolls up.
func (r *Rubric) place(entries []entry) error {
	most := 1
	if r.RollUp != nil {
		most = r.RollUp.Of
	}
	periods := make(map[string]bool)
	for k, e := range entries {
		known := slices.ContainsFunc(r.Assessors, func(a Assessor) bool { return a.ID == e.Assessor })
		switch {
		case e.Operator == "":
			return fault(e.Sheet, "", "operator-empty")
		case k > 0 && same(e.Sheet, entries[k-1].Sheet):
			return fault(e.Sheet, "", "sheet-twice")
		case !known && (e.Assessor != "" || len(r.Assessors) > 0):
			return fault(e.Sheet, "", "assessor-unknown", "assessor", e.Assessor)
		}
		periods[e.Period] = true
	}
	for k, e := range entries {
		if k > 0 && e.Operator == entries[k-1].Operator && e.Class != entries[k-1].Class {
			return fault(e.Sheet, "", "class-differs", "class", e.Class, "other", entries[k-1].Class)
		}
	}
	if len(periods) <= most {
		return nil
	}
	beyond := slices.Sorted(maps.Keys(periods))[most]
	k := slices.IndexFunc(entries, func(e entry) bool { return e.Period == beyond })
	return fault(entries[k].Sheet, "", "periods-many", "got", len(periods), "most", most)
}

func same(a, b *Sheet) bool {
	return a.Operator == b.Operator && a.Period == b.Period && a.Assessor == b.Assessor
}

func fault(s *Sheet, indicator, code string, args ...any) error {
	return &SheetError{s.Operator, s.Period, s.Assessor, indicator, code, args}
}

// tableOf returns the table of a class: its own, else the one for everybody, else nil.
func (r *Rubric) tableOf(class string) *Table {
	var everybody *Table
	for i := range r.Tables {
		switch t := &r.Tables[i]; t.Class {
		case class:
			return t
		case "":
			everybody = t
		}
	}
	return everybody
}

// inputs returns the figures that a sheet may have: indicators that are no ratio, and what ratios
// are made of.
func (r *Rubric) inputs() map[string]bool {
	known := make(map[string]bool)
	for i := range r.Tables {
		for j := range r.Tables[i].Indicators {
			d := &r.Tables[i].Indicators[j]
			if d.Ratio == nil {
				known[d.ID] = true
				continue
			}
			known[d.Ratio.Of], known[d.Ratio.Over] = true, true
		}
	}
	return known
}

// reader checks the figures of sheets.
type reader struct {
	rubric  *Rubric
	names   map[string]bool // what samples can be of
	figures map[string]bool // what values can be of
}

func (c *reader) check(e *entry) error {
	for _, id := range slices.Sorted(maps.Keys(e.Values)) {
		switch {
		case !c.figures[id]:
			return fault(e.Sheet, id, "figure-unknown", "figure", id)
		case e.Values[id] != nil && c.foreign(e, id):
			return fault(e.Sheet, id, "figure-unmarked", "figure", id, "assessor", e.Assessor)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.Samples)) {
		switch n := e.Samples[id]; {
		case !c.names[id]:
			return fault(e.Sheet, id, "figure-unknown", "figure", id)
		case n < 0:
			return fault(e.Sheet, id, "negative", "got", n)
		}
	}
	for j := range e.table.Indicators {
		d := &e.table.Indicators[j]
		x := d.value(e.Sheet)
		switch {
		case x == nil:
		case d.Events != nil && x.Sign() < 0:
			return fault(e.Sheet, d.ID, "negative", "got", *x)
		case d.Given && (x.Sign() < 0 || x.Cmp(d.Max) > 0):
			return fault(e.Sheet, d.ID, "given-range", "got", *x, "max", d.Max)
		}
	}
	return nil
}

// foreign reports whether a figure is only used in rows that the sheet's assessor doesn't mark.
func (c *reader) foreign(e *entry, id string) bool {
	if len(c.rubric.Assessors) == 0 {
		return false
	}
	used := false
	for j := range e.table.Indicators {
		d := &e.table.Indicators[j]
		uses := d.ID == id
		if d.Ratio != nil {
			uses = d.Ratio.Of == id || d.Ratio.Over == id
		}
		if uses && d.markedBy(e.Assessor) {
			return false
		}
		used = used || uses
	}
	return used
}

// value returns what the sheet says of the row; nil = unknown.
func (d *Indicator) value(s *Sheet) *Number {
	if d.Ratio == nil {
		return s.Values[d.ID]
	}
	of, over := s.Values[d.Ratio.Of], s.Values[d.Ratio.Over]
	if of == nil || over == nil || over.Sign() == 0 {
		return nil
	}
	x := of.over(*over)
	return &x
}

// observed returns how many observations are behind the row's value: what the sheet says of the
// row, else of the figure below a ratio's line; nil where it says neither.
func (d *Indicator) observed(s *Sheet) *int {
	n, said := s.Samples[d.ID]
	if !said && d.Ratio != nil {
		n, said = s.Samples[d.Ratio.Over]
	}
	if !said {
		return nil
	}
	return &n
}
