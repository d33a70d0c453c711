package apportion

// addSlack adds the row that takes what columns may leave empty, the reserve, and the column that
// takes what rows may go without. Their entries cost nothing.
func (n *network) addSlack() {
	p := n.problem
	held, room := 0, 0
	for _, total := range n.rowTotals {
		held += total
	}
	for _, total := range n.colTotals {
		room += total
	}
	if p.ColLeast != nil {
		n.rows = append(n.rows, -1)
		if p.RowLeast == nil {
			n.rowTotals = append(n.rowTotals, room-held)
			return
		}
		n.rowTotals = append(n.rowTotals, room)
	}
	if p.RowLeast != nil {
		n.cols = append(n.cols, -1)
		if p.ColLeast == nil {
			n.colTotals = append(n.colTotals, held-room)
			return
		}
		n.colTotals = append(n.colTotals, held)
	}
}

// laySlack fills an entry that a margin's room made: at most that room.
func (n *network) laySlack(e, o, c int) {
	p, row, col := n.problem, n.rows[o], n.cols[c]
	switch {
	case row < 0 && col < 0:
		n.upper[e] = int32(n.colTotals[c])
	case row < 0:
		n.upper[e] = int32(p.ColTotals[col] - p.ColLeast[col])
	default:
		n.upper[e] = int32(p.RowTotals[row] - p.RowLeast[row])
	}
	n.free[e] = true
}

// addGroups gives every row an account in every group. The column of leftovers is a group of its
// own.
func (n *network) addGroups() {
	p := n.problem
	if p.GroupMost == nil {
		return
	}
	groups := p.groups()
	n.groups, n.group = groups+1, make([]int32, len(n.cols))
	for c, col := range n.cols {
		if n.group[c] = int32(groups); col >= 0 {
			n.group[c] = int32(p.Group[col])
		}
	}
	n.caps, n.floors = make([]int, n.groups*n.m), make([]int, n.groups*n.m)
	for a := range n.caps {
		g, row := a/n.m, n.rows[a%n.m]
		if n.caps[a] = maxTotal; row >= 0 && g < groups {
			n.caps[a] = min(maxTotal, p.GroupMost[row][g])
		}
	}
}
