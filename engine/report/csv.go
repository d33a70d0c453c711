package report

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine"
)

// table is a CSV file: its columns, and its rows one after the other.
type table struct {
	header []string
	rows   func(each func(fields []string) bool) // fields are read before each returns
}

// write writes the table; lines end in LF.
func (t table) write(w io.Writer) error {
	out := csv.NewWriter(w)
	err := out.Write(t.header)
	t.rows(func(fields []string) bool {
		err = out.Write(fields)
		return err == nil
	})
	out.Flush()
	return cmp.Or(err, out.Error())
}

// quotasTable is quotas.csv: the quotas above 0, by sector, cell and operator.
func quotasTable(p *engine.Plan) table {
	header := []string{"sector", "cell", "operator", "quota", "reason"}
	return table{header, func(each func(fields []string) bool) {
		sectors := slices.Clone(p.Sectors)
		slices.SortFunc(sectors, func(a, b engine.SectorPlan) int { return cmp.Compare(a.ID, b.ID) })
		for i := range sectors {
			order := byID(&sectors[i])
			for c := range sectors[i].Cells {
				if !quotaRows(&sectors[i], &sectors[i].Cells[c], order, each) {
					return
				}
			}
		}
	}}
}

// quotaRows gives the rows of one cell; order holds the sector's operators by ID.
func quotaRows(
	s *engine.SectorPlan, c *engine.CellPlan, order []int, each func(fields []string) bool,
) bool {
	for _, k := range order {
		n := c.Quotas[k]
		fields := []string{s.ID, c.Cell.String(), s.Operators[k].ID, strconv.Itoa(n), c.Codes[k]}
		if n > 0 && !each(fields) {
			return false
		}
	}
	return true
}

// byID returns the places of the sector's operators in the order of their IDs.
func byID(s *engine.SectorPlan) []int {
	order := make([]int, len(s.Operators))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(s.Operators[a].ID, s.Operators[b].ID)
	})
	return order
}

// cellsTable is cells.csv: a row for each sector and cell.
func cellsTable(p *engine.Plan) table {
	list := columns(p)
	header := make([]string, len(list))
	for i, c := range list {
		header[i] = c.name
	}
	return table{header, func(each func(fields []string) bool) {
		fields := make([]string, len(list))
		rows(p, func(r row) bool {
			for i, c := range list {
				fields[i] = c.value(r)
			}
			return each(fields)
		})
	}}
}

// scoresTable is scorecards.csv: a row for each operator and indicator, and one with no
// indicator for an operator that has no items.
func scoresTable(p *engine.Plan) table {
	header := []string{
		"operator", "score", "low", "high", "pass", "indicator", "value", "unit", "points",
		"weight", "effective_weight", "contribution", "how", "why_unknown",
	}
	return table{header, func(each func(fields []string) bool) {
		for i := range p.Scorecards {
			card := &p.Scorecards[i]
			head := []string{card.Operator, known(card.Score), exact(card.Low), exact(card.High), card.Pass}
			items := make([][]string, 0, len(card.Items))
			for j := range card.Items {
				items = append(items, itemFields(&p.Rubric, &card.Items[j]))
			}
			if len(items) == 0 {
				items = append(items, make([]string, len(header)-len(head)))
			}
			for _, item := range items {
				if !each(slices.Concat(head, item)) {
					return
				}
			}
		}
	}}
}

func itemFields(r *engine.RubricPlan, it *engine.Item) []string {
	return []string{
		it.Indicator, known(it.Value), indicatorOf(r, it.Indicator).Unit, known(it.Points),
		exact(it.Weight), exact(it.Effective), known(it.Contribution), it.How, it.Why,
	}
}

// indicatorOf returns the rubric's row of an indicator; one that isn't there has its ID alone.
func indicatorOf(r *engine.RubricPlan, id string) engine.IndicatorPlan {
	for _, d := range r.Indicators {
		if d.ID == id {
			return d
		}
	}
	return engine.IndicatorPlan{ID: id}
}

// scores is scorecards.json.
type scores struct {
	Plan       string             `json:"plan"`
	Notice     engine.Name        `json:"notice"`
	Rubric     engine.RubricPlan  `json:"rubric"`
	Scorecards []engine.Scorecard `json:"scorecards"`
}

func writeScores(w io.Writer, p *engine.Plan) error {
	return writeJSON(w, scores{p.ID, p.City.Notice, p.Rubric, p.Scorecards})
}
