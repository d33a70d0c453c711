package quota

// verifyShape holds what the other rules index by.
func verifyShape(a *Allocation) *Breach {
	if b := verifyTree(a); b != nil {
		return b
	}
	cells := make(map[uint64]bool, len(a.Cells))
	for _, c := range a.Cells {
		text, got, want := "", 0, 0
		switch {
		case cells[uint64(c.Cell)]:
			text, got, want = "a cell stands once", 2, 1
		case c.Node < 0 || c.Node >= len(a.Nodes):
			text, got, want = "a cell lies in a node below", c.Node, len(a.Nodes)
		default:
			cells[uint64(c.Cell)] = true
			continue
		}
		return &Breach{Invariant: "shape", Cell: c.Cell, Text: text, Got: got, Want: want}
	}
	operators := make(map[string]bool, len(a.Operators))
	for _, o := range a.Operators {
		if operators[o.ID] {
			return &Breach{
				Invariant: "shape", Operator: o.ID, Text: "an operator stands once", Got: 2, Want: 1,
			}
		}
		operators[o.ID] = true
	}
	return verifyMatrices(a)
}

// verifyTree holds that parents stand before their children and the root first.
func verifyTree(a *Allocation) *Breach {
	if len(a.Nodes) == 0 {
		return &Breach{Invariant: "shape", Text: "there is at least the city's node", Got: 0, Want: 1}
	}
	for v, node := range a.Nodes {
		text, want := "", 0
		switch {
		case v == 0 && node.Parent != -1:
			text, want = "the first node is the root", -1
		case v > 0 && (node.Parent < 0 || node.Parent >= v):
			text, want = "a node's parent stands before it, below", v
		default:
			continue
		}
		return &Breach{Invariant: "shape", Node: node.ID, Text: text, Got: node.Parent, Want: want}
	}
	return nil
}

// verifyMatrices holds that each matrix has a row for each operator and a column for each cell.
func verifyMatrices(a *Allocation) *Breach {
	matrices := []struct {
		name     string
		rows     [][]int
		optional bool
	}{{"quotas", a.Quotas, false}, {"lower bounds", a.Lower, true}, {"upper bounds", a.Upper, true}}
	for _, m := range matrices {
		if m.optional && m.rows == nil {
			continue
		}
		if len(m.rows) != len(a.Operators) {
			text := m.name + " have a row for each operator"
			return &Breach{Invariant: "shape", Text: text, Got: len(m.rows), Want: len(a.Operators)}
		}
		for k, row := range m.rows {
			if len(row) != len(a.Cells) {
				return &Breach{
					Invariant: "shape", Operator: a.Operators[k].ID,
					Text: m.name + " have an entry for each cell", Got: len(row), Want: len(a.Cells),
				}
			}
		}
	}
	return nil
}

// column sums the operators' quotas in cell i.
func (a *Allocation) column(i int) int {
	sum := 0
	for _, row := range a.Quotas {
		sum += row[i]
	}
	return sum
}

// verifyRows holds that each operator's quotas make up its fleet.
func verifyRows(a *Allocation) *Breach {
	for k, o := range a.Operators {
		sum := 0
		for _, n := range a.Quotas[k] {
			sum += n
		}
		if sum != o.Quota {
			text := "an operator's quotas sum to its fleet"
			return &Breach{Invariant: "rows", Operator: o.ID, Text: text, Got: sum, Want: o.Quota}
		}
	}
	return nil
}

// verifyColumns holds that each cell's quotas make up its total.
func verifyColumns(a *Allocation) *Breach {
	for i, c := range a.Cells {
		sum := a.column(i)
		text := ""
		switch {
		case sum > c.Total:
			text = "a cell's quotas sum to at most its total"
		case a.Exact && sum < c.Total:
			text = "a cell's quotas sum to its total"
		default:
			continue
		}
		return &Breach{Invariant: "columns", Cell: c.Cell, Text: text, Got: sum, Want: c.Total}
	}
	return nil
}

// verifyBounds holds each entry's own bounds.
func verifyBounds(a *Allocation) *Breach {
	for k, row := range a.Quotas {
		for i, n := range row {
			text, want := "", 0
			switch {
			case n < 0:
				text, want = "a quota is at least zero", 0
			case a.Lower != nil && n < a.Lower[k][i]:
				text, want = "a quota is at least its lower bound", a.Lower[k][i]
			case a.Upper != nil && n > a.Upper[k][i]:
				text, want = "a quota is at most its upper bound", a.Upper[k][i]
			default:
				continue
			}
			return &Breach{
				Invariant: "bounds", Operator: a.Operators[k].ID, Cell: a.Cells[i].Cell,
				Text: text, Got: n, Want: want,
			}
		}
	}
	return nil
}
