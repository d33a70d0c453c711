package city

import (
	"slices"

	"github.com/stint-city/stint/engine/strict"
	"github.com/stint-city/stint/scoring"
)

// readSheets returns the operators' sheets with the observed indicators among them.
func (r *reading) readSheets() ([]scoring.Sheet, error) {
	if r.file.Rubric.Table != "" {
		return r.readMarks()
	}
	r.rubric = r.file.Rubric.scoringRubric()
	sheets := make([]scoring.Sheet, len(r.file.Operators))
	for k, o := range r.file.Operators {
		sheets[k].Operator = o.ID
		var err error
		if o.Sheet != "" {
			sheets[k].Values, err = r.readSheet(k)
		} else {
			sheets[k].Values = inline(o)
		}
		if err != nil {
			return nil, err
		}
		for _, in := range r.file.Rubric.Indicators {
			if in.Source == sourceObserved {
				sheets[k].Values = append(sheets[k].Values, r.observed(in, k))
			}
		}
	}
	return sheets, r.noData(sheets)
}

// inline returns the indicators that stand in the city file.
func inline(o Operator) []scoring.Value {
	var list []scoring.Value
	for _, id := range sortedKeys(o.Indicators) {
		v := scoring.Value{Indicator: id, Why: whyBlank}
		if p := o.Indicators[id]; p != nil {
			v = scoring.Value{Indicator: id, Value: *p, Known: true}
		}
		list = append(list, v)
	}
	return list
}

// readSheet reads the sheet of operator k: indicator,value[,samples][,why].
func (r *reading) readSheet(k int) ([]scoring.Value, error) {
	o := r.file.Operators[k]
	path := strict.KeyPath(strict.ItemPath("operators", k), "sheet")
	var list []scoring.Value
	err := r.read("sheet:"+o.ID, path, o.Sheet, func(src *source) error {
		t, err := newTable(src)
		if err != nil {
			return emptySheet(err, src, o.ID)
		}
		if err := t.choose(nil, []string{"indicator", "value"}, []string{"samples", "why"}); err != nil {
			return err
		}
		for {
			why, err := t.next()
			if isEOF(err) {
				break
			}
			if err != nil {
				return err
			}
			if why == nil {
				list, why = r.sheetRow(t, list)
			}
			if why != nil {
				return strict.FaultAt(src.name, why.at, why.id, why.args...)
			}
		}
		if len(list) == 0 {
			return strict.FaultAt(src.name, strict.At(1, 1), "city.empty-sheet", "operator", o.ID)
		}
		return nil
	})
	return list, err
}

// emptySheet says of a file without a header that the sheet is empty.
func emptySheet(err error, src *source, operator string) error {
	if src.err == nil && src.raw.done == 0 {
		return strict.FaultAt(src.name, strict.At(1, 1), "city.empty-sheet", "operator", operator)
	}
	return err
}

// unitShare is the unit of indicators that are a part of a whole.
const unitShare = "share"

// sheetRow appends one row of a sheet.
func (r *reading) sheetRow(t *table, list []scoring.Value) ([]scoring.Value, *refusal) {
	id := t.text("indicator")
	at := slices.IndexFunc(r.file.Rubric.Indicators, func(in Indicator) bool { return in.ID == id })
	switch {
	case at < 0:
		return nil, t.refuse("indicator", "city.sheet-indicator", "indicator", clip(id))
	case r.file.Rubric.Indicators[at].Source == sourceObserved:
		return nil, t.refuse("indicator", "city.observed-in-sheet", "indicator", id)
	case slices.ContainsFunc(list, func(v scoring.Value) bool { return v.Indicator == id }):
		return nil, t.refuse("indicator", "city.sheet-repeated", "indicator", id)
	}
	v := scoring.Value{Indicator: id}
	if text := t.text("samples"); text != "" {
		n, why := t.count("samples")
		if why != nil {
			return nil, why
		}
		v.Samples = n
	}
	if t.text("value") == "" {
		if v.Why = t.text("why"); v.Why == "" {
			v.Why = whyBlank
		}
		return append(list, v), nil
	}
	number, why := t.number("value")
	if why != nil {
		return nil, why
	}
	if r.file.Rubric.Indicators[at].Unit == unitShare && (number < 0 || number > 1) {
		return nil, t.refuse("value", "city.sheet-share", "indicator", id, "got", number)
	}
	v.Value, v.Known = number, true
	return append(list, v), nil
}

// noData refuses an indicator that no sheet mentions, and notes the ones nobody could measure.
func (r *reading) noData(sheets []scoring.Sheet) error {
	for i, in := range r.file.Rubric.Indicators {
		mentioned, known := false, false
		for _, s := range sheets {
			for _, v := range s.Values {
				if v.Indicator == in.ID {
					mentioned = true
					known = known || v.Known
				}
			}
		}
		path := strict.KeyPath(strict.ItemPath("rubric.indicators", i), "id")
		if !mentioned {
			return r.fault(path, "city.no-data", "indicator", in.ID)
		}
		if !known {
			r.warn(r.file.name, r.file.at.Of(path), "city.unmeasured", "indicator", in.ID)
		}
	}
	return nil
}
