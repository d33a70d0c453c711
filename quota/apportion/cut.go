package apportion

// cutColumns finds a column whose bounds alone can't hold its total: nil if there is none.
func (n *network) cutColumns() *CutError {
	all, none := make([]bool, n.m), make([]bool, n.m)
	for o := range all {
		all[o] = true
	}
	if cut := n.cut(all); cut.Shortfall > 0 {
		return cut // lower bounds above a column's total: no rows needed to see it
	}
	if cut := n.cut(none); cut.Shortfall > 0 {
		return cut // upper bounds below a column's total
	}
	return nil
}

// cut returns the cut between the rows outside and those reached by a surplus. It proves that no
// matrix exists if its Shortfall is above 0.
func (n *network) cut(reached []bool) *CutError {
	cut := &CutError{}
	for o, row := range n.rows {
		if n.cuts(o, reached) {
			cut.Rows = append(cut.Rows, n.problem.Rows[row])
			cut.Need += n.rowTotals[o]
		}
	}
	for c := range n.cols {
		n.cutColumn(cut, c, reached)
	}
	cut.Shortfall = cut.Need - cut.Placeable
	return cut
}

// cuts reports whether a row is among those that can't be placed; a row without a total never is.
func (n *network) cuts(o int, reached []bool) bool {
	return !reached[o] && n.rowTotals[o] > 0
}

// cutColumn adds to a cut what column c can take of it, and what limits it.
func (n *network) cutColumn(cut *CutError, c int, reached []bool) {
	free, room := n.colTotals[c], 0
	for o := range n.m {
		e := c*n.m + o
		if n.cuts(o, reached) {
			room += int(n.upper[e])
			continue
		}
		free -= int(n.lower[e])
	}
	cut.Placeable += min(free, room)
	col := n.problem.Cols[n.cols[c]]
	if free <= room {
		if len(cut.Rows) > 0 && n.colTotals[c] > 0 || free < 0 {
			cut.Cols = append(cut.Cols, col)
		}
		return
	}
	for o, row := range n.rows {
		if n.cuts(o, reached) {
			limit := Limit{n.problem.Rows[row], col, int(n.upper[c*n.m+o])}
			cut.Entries = append(cut.Entries, limit)
		}
	}
}
