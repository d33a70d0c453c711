package report

import (
	"cmp"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// mostRows is how many of the largest cells the page shows; quotas.csv has all.
const mostRows = 10

// matrixView is operators by districts in full, and the largest cells.
type matrixView struct {
	Districts []districtRow
	Sum       districtRow
	Largest   []cellRow
	More      int // cells with quotas that are not shown
}

// districtRow is the sums over one district's cells.
type districtRow struct {
	Title     string
	Cells     int
	Capacity  int
	Unlimited int // cells without a known capacity, not in Capacity
	Demand    float64
	Undemand  int // cells without a known demand, not in Demand
	Floor     int
	Cap       int // -1 = none
	Total     int
	Quotas    []int
}

// cellRow is one cell.
type cellRow struct {
	*engine.CellPlan
	District string
	Held     string
}

func newMatrix(p *engine.Plan, tag lang.Tag, s *engine.SectorPlan) matrixView {
	ids := make([]string, 0, 16)
	for i := range s.Cells {
		ids = append(ids, s.Cells[i].District)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	m := matrixView{Sum: newRow(s, tag.Word("table.sum"))}
	for _, id := range ids {
		row := newRow(s, label(p, tag, id))
		if id == "" {
			row.Title = tag.Word("report.no-district")
		}
		for _, n := range s.Nodes {
			if n.ID == id {
				row.Floor, row.Cap = n.Floor, n.Cap
			}
		}
		m.Districts = append(m.Districts, row)
	}
	for i := range s.Cells {
		at, _ := slices.BinarySearch(ids, s.Cells[i].District)
		m.Districts[at].add(&s.Cells[i])
		m.Sum.add(&s.Cells[i])
	}
	m.largest(p, tag, s)
	return m
}

func newRow(s *engine.SectorPlan, title string) districtRow {
	return districtRow{Title: title, Cap: -1, Quotas: make([]int, len(s.Operators))}
}

// add adds a cell to the sums.
func (r *districtRow) add(c *engine.CellPlan) {
	r.Cells++
	r.Total += c.Total
	if c.Capacity == nil {
		r.Unlimited++
	} else {
		r.Capacity += *c.Capacity
	}
	if c.Demand.Mean == nil {
		r.Undemand++
	} else {
		r.Demand += *c.Demand.Mean
	}
	for k, n := range c.Quotas {
		r.Quotas[k] += n
	}
}

// largest lists the cells with the largest totals, ties by cell.
func (m *matrixView) largest(p *engine.Plan, tag lang.Tag, s *engine.SectorPlan) {
	var cells []*engine.CellPlan
	for i := range s.Cells {
		if s.Cells[i].Total > 0 {
			cells = append(cells, &s.Cells[i])
		}
	}
	slices.SortStableFunc(cells, func(a, b *engine.CellPlan) int {
		return cmp.Compare(b.Total, a.Total)
	})
	shown := min(mostRows, len(cells))
	m.More = len(cells) - shown
	for _, c := range cells[:shown] {
		m.Largest = append(m.Largest, cellRow{c, label(p, tag, c.District), heldText(tag, held(c))})
	}
}
