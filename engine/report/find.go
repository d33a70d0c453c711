package report

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// nearby is how many near matches an error names.
const nearby = 3

// findSector returns the sector with the ID; "" is the only sector of a plan that has one.
func findSector(p *engine.Plan, id string) (*engine.SectorPlan, error) {
	if id == "" && len(p.Sectors) == 1 {
		return &p.Sectors[0], nil
	}
	if s, ok := p.Sector(id); ok {
		return s, nil
	}
	ids := make([]string, len(p.Sectors))
	for i := range p.Sectors {
		ids[i] = p.Sectors[i].ID
	}
	return nil, lang.E(ErrUnknown, "explain.no-sector", "sector", id, "near", near(id, ids))
}

// findCell returns the sector's cell with the H3 index.
func findCell(s *engine.SectorPlan, id string) (*engine.CellPlan, error) {
	cell, err := geo.ParseCell(id)
	if err != nil {
		ids := make([]string, len(s.Cells))
		for i := range s.Cells {
			ids[i] = s.Cells[i].Cell.String()
		}
		return nil, lang.E(ErrUnknown, "explain.bad-cell", "cell", id, "near", near(id, ids))
	}
	at, ok := slices.BinarySearchFunc(s.Cells, cell, func(c engine.CellPlan, cell geo.Cell) int {
		return cmp.Compare(c.Cell, cell)
	})
	if !ok {
		return nil, lang.E(ErrUnknown, "explain.no-cell", "cell", id, "near", around3(s, cell))
	}
	return &s.Cells[at], nil
}

// findOperator returns the place of the operator in the sector.
func findOperator(s *engine.SectorPlan, id string) (int, error) {
	ids := make([]string, len(s.Operators))
	for k := range s.Operators {
		ids[k] = s.Operators[k].ID
	}
	if k := slices.Index(ids, id); k >= 0 {
		return k, nil
	}
	return 0, lang.E(ErrUnknown, "explain.no-operator", "operator", id, "near", near(id, ids))
}

// around3 returns the sector's cells nearest to a cell that is not among them.
func around3(s *engine.SectorPlan, cell geo.Cell) []string {
	center := cell.Center()
	metres := make([]float64, len(s.Cells))
	order := make([]int, len(s.Cells))
	for i := range s.Cells {
		metres[i], order[i] = geo.Distance(center, s.Cells[i].Cell.Center()), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(metres[a], metres[b]) })
	var ids []string
	for _, i := range order[:min(nearby, len(order))] {
		ids = append(ids, s.Cells[i].Cell.String())
	}
	return ids
}

// near returns the IDs that take the fewest edits to become id; ties go by bytes.
func near(id string, ids []string) []string {
	edits := make(map[string]int, len(ids))
	for _, other := range ids {
		edits[other] = lang.Edits(id, other)
	}
	order := slices.Clone(ids)
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(edits[a], edits[b]), cmp.Compare(a, b))
	})
	return order[:min(nearby, len(order))]
}
