package report

import (
	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// worked is one number of the plan worked out line by line, as a citizen would check it.
type worked struct {
	Account
	Title string // of the sector
	Name  string // of the operator
	Parts []workedPart
}

// workedPart is one heading with its lines.
type workedPart struct {
	Title string
	Lines []string
}

// newWorked takes the entry with the most to see: in the first sector that has any, of the
// quotas that are shares rounded within their bounds, the largest; nil where the plan gives
// nobody anything.
func newWorked(p *engine.Plan, tag lang.Tag) *worked {
	for i := range p.Sectors {
		s := &p.Sectors[i]
		c, k, ok := telltale(s)
		if !ok {
			continue
		}
		account, err := Explanation(p, s.ID, c.Cell.String(), s.Operators[k].ID)
		if err != nil {
			continue // an ID that stands twice
		}
		w := &worked{Account: account, Title: named(s.Name, tag, s.ID)}
		w.Name = named(s.Operators[k].Name, tag, s.Operators[k].ID)
		for _, line := range account.Lines {
			w.line(p, tag, line)
		}
		return w
	}
	return nil
}

// line adds a line under its part.
func (w *worked) line(p *engine.Plan, tag lang.Tag, l Line) {
	title := tag.Word("explain.part-" + l.Part)
	if n := len(w.Parts); n == 0 || w.Parts[n-1].Title != title {
		w.Parts = append(w.Parts, workedPart{Title: title})
	}
	last := &w.Parts[len(w.Parts)-1]
	last.Lines = append(last.Lines, l.text(p, tag))
}

// telltale returns the cell and operator of the worked example.
func telltale(s *engine.SectorPlan) (best *engine.CellPlan, operator int, ok bool) {
	rank := func(c *engine.CellPlan, k int) int {
		n := 2 * c.Quotas[k]
		if n > 0 && (c.Codes[k] == "rounded-share" || c.Codes[k] == "kept-within-tolerance") {
			n += 1 << 40
		}
		if n > 0 && c.Capacity != nil && len(c.Bounds) > 1 {
			n++
		}
		return n
	}
	most := 0
	for i := range s.Cells {
		for k := range s.Operators {
			if r := rank(&s.Cells[i], k); r > most {
				best, operator, most = &s.Cells[i], k, r
			}
		}
	}
	return best, operator, most > 0
}
