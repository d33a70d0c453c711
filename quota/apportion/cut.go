package apportion

// cutColumns finds a column whose bounds alone can't hold its total: nil if there is none.
func (n *network) cutColumns() *CutError {
	all, none := make([]bool, len(n.price)), make([]bool, len(n.price))
	for a := range all {
		all[a] = true
	}
	if cut := n.cut(all); cut.Shortfall > 0 {
		return cut // lower bounds above a column's total: no rows needed to see it
	}
	if cut := n.cut(none); cut.Shortfall > 0 {
		return cut // upper bounds below a column's total
	}
	return nil
}

// cut returns the cut between the nodes outside and those reached by a surplus. It proves that no
// matrix exists if its Shortfall is above 0.
//
// The rows outside, with what they may hold in the groups where their most doesn't bind, need more
// than the columns can take of them. Where the reserve is among them, it is the columns' leasts
// that need more than the rows reached can hold: the same inequality, read from the other side.
func (n *network) cut(reached []bool) *CutError {
	c := cutter{network: n, reached: reached, cut: &CutError{}}
	c.cut.Forced = n.m > 0 && n.rows[n.m-1] < 0 && c.outside(n.m-1)
	for o, row := range n.rows {
		if row < 0 || n.rowTotals[o] == 0 || c.outside(o) == c.cut.Forced {
			continue
		}
		c.cut.Rows = append(c.cut.Rows, n.problem.Rows[row])
		if c.cut.Forced {
			c.cut.Placeable += n.rowTotals[o]
		} else {
			c.cut.Need += n.rowTotals[o]
		}
	}
	c.addGroups()
	for col := range n.cols {
		if n.cols[col] >= 0 {
			c.addColumn(col)
		} else if !c.cut.Forced {
			c.cut.Need -= min(c.weigh(col))
		}
	}
	c.cut.Shortfall = c.cut.Need - c.cut.Placeable
	return c.cut
}

// cutter gathers a cut.
type cutter struct {
	network *network
	reached []bool
	cut     *CutError
}

// outside reports whether a row was not reached; a row without a total counts as reached.
func (c *cutter) outside(o int) bool {
	n := c.network
	return n.rowTotals[o] > 0 && !c.reached[len(c.reached)-n.m+o]
}

// cuts reports whether what a row holds in a group is limited by the group's columns: neither the
// row was reached nor its account, which would mean that it holds its most there.
func (c *cutter) cuts(o, group int) bool {
	return c.outside(o) && !c.reached[group*c.network.m+o]
}

// addGroups adds what rows outside hold where their most binds.
func (c *cutter) addGroups() {
	n := c.network
	for a := range n.accountsWithRows() {
		o, g := a%n.m, a/n.m
		if n.rows[o] < 0 || !c.outside(o) || c.cuts(o, g) {
			continue
		}
		c.cut.Placeable += n.caps[a]
		limit := GroupLimit{Row: n.problem.Rows[n.rows[o]], Group: g, Most: n.caps[a]}
		c.cut.Groups = append(c.cut.Groups, limit)
	}
}

// weigh returns what the lower bounds of others leave free of a column, and the room that the upper
// bounds of the rows outside give them there.
func (c *cutter) weigh(col int) (free, room int) {
	n := c.network
	free = n.colTotals[col]
	for o := range n.m {
		e := col*n.m + o
		if c.cuts(o, n.groupOf(col)) {
			room += int(n.upper[e])
			continue
		}
		free -= int(n.lower[e])
	}
	return free, room
}

// addColumn adds what a column can take, or forces on the rows reached, and what limits it.
func (c *cutter) addColumn(col int) {
	n, cut := c.network, c.cut
	id := n.problem.Cols[n.cols[col]]
	free, room := c.weigh(col)
	if cut.Forced {
		if cut.Need += n.colTotals[col] - min(free, room); free <= room {
			return // the lower bounds of those reached, which no column's least makes worse
		}
		cut.Cols = append(cut.Cols, id)
	} else {
		cut.Placeable += min(free, room)
		if free <= room {
			if len(cut.Rows) > 0 && n.colTotals[col] > 0 || free < 0 {
				cut.Cols = append(cut.Cols, id)
			}
			return
		}
	}
	for o, row := range n.rows {
		if row >= 0 && c.cuts(o, n.groupOf(col)) {
			limit := Limit{n.problem.Rows[row], id, int(n.upper[col*n.m+o])}
			cut.Entries = append(cut.Entries, limit)
		}
	}
}
