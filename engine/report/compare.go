package report

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/engine"
)

// Difference is what changed from one plan to another. Lists are in the order of IDs and cells.
type Difference struct {
	From    string       `json:"from"` // plan IDs
	To      string       `json:"to"`
	City    bool         `json:"other_city"`     // they are of different cities
	Policy  [2]string    `json:"policy_version"` // before, after
	Inputs  []InputDiff  `json:"inputs"`         // those that differ
	Sectors []SectorDiff `json:"sectors"`
}

// InputDiff is an input with another hash; "" = not there.
type InputDiff struct {
	Role string `json:"role"`
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

// SectorDiff is one sector in both plans; what a plan does not have counts as 0.
type SectorDiff struct {
	ID        string         `json:"id"`
	From      int            `json:"from"`
	To        int            `json:"to"`
	Capacity  [2]int         `json:"capacity"` // before, after
	Placed    int            `json:"placed"`   // vehicles that some operator adds in some cell
	Removed   int            `json:"removed"`  // vehicles that some operator takes out of some cell
	Churn     *float64       `json:"churn"`    // removed ÷ from; null where there were none
	Operators []OperatorDiff `json:"operators"`
	Cells     []CellDiff     `json:"cells"` // those where a quota changes
}

// OperatorDiff is one operator's quota in a sector.
type OperatorDiff struct {
	ID    string      `json:"id"`
	From  int         `json:"from"`
	To    int         `json:"to"`
	Score [2]*float64 `json:"score"` // before, after
	Bound string      `json:"bound"` // what holds the new quota
}

// CellDiff is a cell in which a quota changes.
type CellDiff struct {
	Cell      string      `json:"cell"`
	District  string      `json:"district"`
	From      int         `json:"from"`
	To        int         `json:"to"`
	Reason    string      `json:"reason"` // why the new total is not one more; "" = the cell is gone
	Operators []EntryDiff `json:"operators"`
}

// EntryDiff is one operator's quota in a cell.
type EntryDiff struct {
	ID     string `json:"id"`
	From   int    `json:"from"`
	To     int    `json:"to"`
	Reason string `json:"reason"` // how the new quota reads; "" = it is gone
}

// Compare returns what changes from plan a to plan b.
func Compare(a, b *engine.Plan) Difference {
	d := Difference{
		From: a.ID, To: b.ID, City: a.City.ID != b.City.ID,
		Policy: [2]string{a.PolicyVersion, b.PolicyVersion},
		Inputs: compareInputs(a.Inputs, b.Inputs), Sectors: []SectorDiff{},
	}
	for _, id := range union(sectorIDs(a), sectorIDs(b)) {
		d.Sectors = append(d.Sectors, compareSectors(sectorOr(a, id), sectorOr(b, id)))
	}
	return d
}

func sectorIDs(p *engine.Plan) []string {
	ids := make([]string, len(p.Sectors))
	for i := range p.Sectors {
		ids[i] = p.Sectors[i].ID
	}
	return ids
}

// sectorOr returns the sector, or an empty one of that ID.
func sectorOr(p *engine.Plan, id string) *engine.SectorPlan {
	if s, ok := p.Sector(id); ok {
		return s
	}
	return &engine.SectorPlan{ID: id}
}

// union returns the IDs of either list, sorted.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// compareInputs returns the inputs whose hash differs, by role and path.
func compareInputs(a, b []engine.Input) []InputDiff {
	type key struct{ role, path string }
	sums := map[key]*InputDiff{}
	keys := []key(nil)
	at := func(in engine.Input) *InputDiff {
		k := key{in.Role, in.Path}
		if sums[k] == nil {
			sums[k] = &InputDiff{Role: in.Role, Path: in.Path}
			keys = append(keys, k)
		}
		return sums[k]
	}
	for _, in := range a {
		at(in).From = in.SHA256
	}
	for _, in := range b {
		at(in).To = in.SHA256
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(a.path, b.path))
	})
	list := []InputDiff{}
	for _, k := range keys {
		if d := sums[k]; d.From != d.To {
			list = append(list, *d)
		}
	}
	return list
}

func compareSectors(a, b *engine.SectorPlan) SectorDiff {
	d := SectorDiff{
		ID: a.ID, From: a.Total, To: b.Total, Capacity: [2]int{a.Capacity.Mid, b.Capacity.Mid},
		Operators: []OperatorDiff{}, Cells: []CellDiff{},
	}
	ids := union(operatorIDs(a), operatorIDs(b))
	for _, id := range ids {
		d.Operators = append(d.Operators, compareOperators(id, a, b))
	}
	placeA, placeB := places(a, ids), places(b, ids)
	eachPair(a.Cells, b.Cells, func(x, y *engine.CellPlan) {
		c := compareCells(ids, side{x, placeA}, side{y, placeB})
		if len(c.Operators) == 0 {
			return
		}
		d.Cells = append(d.Cells, c)
		for _, e := range c.Operators {
			d.Placed += max(0, e.To-e.From)
			d.Removed += max(0, e.From-e.To)
		}
	})
	if d.From > 0 {
		churn := float64(d.Removed) / float64(d.From)
		d.Churn = &churn
	}
	return d
}

func operatorIDs(s *engine.SectorPlan) []string {
	ids := make([]string, len(s.Operators))
	for k := range s.Operators {
		ids[k] = s.Operators[k].ID
	}
	return ids
}

// places returns the place in the sector of each operator; -1 = not in it.
func places(s *engine.SectorPlan, ids []string) []int {
	at := make([]int, len(ids))
	for i, id := range ids {
		at[i] = slices.IndexFunc(s.Operators, func(o engine.OperatorPlan) bool { return o.ID == id })
	}
	return at
}

func compareOperators(id string, a, b *engine.SectorPlan) OperatorDiff {
	d := OperatorDiff{ID: id}
	if k := places(a, []string{id})[0]; k >= 0 {
		d.From, d.Score[0] = a.Operators[k].Quota, a.Operators[k].Score
	}
	if k := places(b, []string{id})[0]; k >= 0 {
		d.To, d.Score[1], d.Bound = b.Operators[k].Quota, b.Operators[k].Score, b.Operators[k].Bound
	}
	return d
}

// eachPair walks two ascending lists of cells together; x or y is nil where its list has no such
// cell.
func eachPair(a, b []engine.CellPlan, each func(x, y *engine.CellPlan)) {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i].Cell < b[j].Cell:
			each(&a[i], nil)
			i++
		case i == len(a) || b[j].Cell < a[i].Cell:
			each(nil, &b[j])
			j++
		default:
			each(&a[i], &b[j])
			i++
			j++
		}
	}
}

// side is a cell in one of two plans, with the places of the operators in it.
type side struct {
	cell *engine.CellPlan // nil = the plan doesn't have it
	at   []int
}

// entry returns the i-th operator's quota and its code.
func (s side) entry(i int) (int, string) {
	if s.cell == nil || s.at[i] < 0 {
		return 0, ""
	}
	return s.cell.Quotas[s.at[i]], s.cell.Codes[s.at[i]]
}

// compareCells returns the cell with the operators whose quota in it differs.
func compareCells(ids []string, a, b side) CellDiff {
	var d CellDiff
	if a.cell != nil {
		d.Cell, d.District, d.From = a.cell.Cell.String(), a.cell.District, a.cell.Total
	}
	if b.cell != nil {
		d.Cell, d.District, d.To = b.cell.Cell.String(), b.cell.District, b.cell.Total
		d.Reason = b.cell.Reason
	}
	for i, id := range ids {
		from, _ := a.entry(i)
		to, reason := b.entry(i)
		if from != to {
			d.Operators = append(d.Operators, EntryDiff{id, from, to, reason})
		}
	}
	return d
}
