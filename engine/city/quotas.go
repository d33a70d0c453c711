package city

import (
	"slices"

	"github.com/stint-city/stint/engine/strict"
)

// readQuotas reads the quotas in force: sector,cell,operator,quota. quotas[s] is
// [operator][cell], nil for a sector without any.
func (r *reading) readQuotas() ([][][]int, error) {
	quotas := make([][][]int, len(r.file.Sectors))
	if r.file.Quotas == "" {
		return quotas, nil
	}
	l := &layerRead{
		reading: r, layer: &Layer{ID: "quotas"}, path: "quotas",
		sectors: r.file.sectorIDs(), operators: r.file.operatorIDs(),
	}
	err := r.read("quotas", "quotas", r.file.Quotas, func(src *source) error {
		t, err := newTable(src)
		if err != nil {
			return err
		}
		if err := t.choose(nil, []string{"sector", "cell", "operator", "quota"}, nil); err != nil {
			return err
		}
		return l.eachRow(t, func(t *table) *refusal { return l.quota(t, quotas) })
	})
	if err != nil {
		return nil, err
	}
	if l.stat.Rejected > 0 {
		return nil, l.tooMany()
	}
	if l.stat.Outside > 0 {
		r.warn(r.file.Quotas, strict.Position{}, "city.quotas-outside", "rows", l.stat.Outside)
	}
	return quotas, nil
}

// quota takes one row.
func (l *layerRead) quota(t *table, quotas [][][]int) *refusal {
	s := slices.Index(l.sectors, t.text("sector"))
	if s < 0 {
		return t.refuse("sector", "city.row-sector", "got", clip(t.text("sector")))
	}
	k := slices.Index(l.operators, t.text("operator"))
	if k < 0 {
		return t.refuse("operator", "city.row-operator", "got", clip(t.text("operator")))
	}
	i, ok, why := l.cell(t)
	if why != nil {
		return why
	}
	n, why := t.count("quota")
	if why != nil {
		return why
	}
	if !ok {
		l.stat.Outside++
		return nil
	}
	if quotas[s] == nil {
		quotas[s] = make([][]int, len(l.file.Operators))
		for k := range quotas[s] {
			quotas[s][k] = make([]int, l.grid.Len())
		}
	}
	if quotas[s][k][i] != 0 {
		return t.refuse("cell", "city.quota-repeated", "cell", t.text("cell"),
			"operator", t.text("operator"))
	}
	quotas[s][k][i] = n
	return nil
}
