package apportion

// balance moves units between rows, one cheapest path at a time, until every row has its total, and
// returns how many it moved. The columns must be optimal for the row prices; they are so after
// every move. If the surplus can't reach a row that lacks, the rows it can't reach are a cut.
//
// Source: successive shortest paths, Ahuja, Magnanti and Orlin, Network Flows (1993), 9.7, on the
// rows alone: a column is crossed, never visited.
func (n *network) balance() (int, *CutError) {
	s := &search{
		network: n, arcs: newArcs(n, firstWindow),
		dist: make([]int64, n.m), from: make([]int, n.m),
		col: make([]int32, n.m), done: make([]bool, n.m),
	}
	for moved := 0; ; moved++ {
		if n.balanced() {
			return moved, nil
		}
		row, ok := s.nearest()
		if !ok {
			return moved, n.cut(s.done)
		}
		s.raise(s.dist[row])
		s.move(row)
	}
}

// The first window of listed arcs, 1/16 nat; each wider one is 4 times the last. Only speed and
// memory depend on them.
const firstWindow, widen = UnitsPerNat / 16, 4

// balanced reports whether every row has its total.
func (n *network) balanced() bool {
	for o, total := range n.rowTotals {
		if n.sums[o] != total {
			return false
		}
	}
	return true
}

// search finds cheapest paths between rows by Dijkstra's method on reduced costs.
type search struct {
	network *network
	arcs    *arcs
	dist    []int64 // from the nearest surplus row; far = not reached
	from    []int   // the row before on the path; -1 at its start
	col     []int32 // the column the unit crosses from there
	done    []bool  // dist is final
}

// nearest returns the deficit row nearest to a surplus row; false if none can be reached, and then
// done are the rows that can.
func (s *search) nearest() (int, bool) {
	for {
		row, sure := s.dijkstra()
		if sure {
			return row, row >= 0
		}
		s.arcs = newArcs(s.network, min(s.arcs.window*widen, far/widen))
	}
}

// dijkstra settles rows in order of distance until a deficit row is reached, and returns it, or -1.
// It gives up with sure = false when a distance rests on an arc that isn't listed.
func (s *search) dijkstra() (row int, sure bool) {
	n := s.network
	for o := range s.dist {
		s.dist[o], s.from[o], s.done[o], s.col[o] = far, -1, false, 0
		if n.sums[o] > n.rowTotals[o] {
			s.dist[o] = 0
		}
	}
	for {
		row := s.next()
		switch {
		case row < 0:
			return -1, true
		case s.col[row] < 0:
			return -1, false
		case n.sums[row] < n.rowTotals[row]:
			return row, true
		}
		s.done[row] = true
		s.relax(row)
	}
}

// next returns the nearest row that isn't done, the first by ID among equals; -1 if none is
// reached.
func (s *search) next() int {
	best := -1
	for o, dist := range s.dist {
		if !s.done[o] && dist < far && (best < 0 || dist < s.dist[best]) {
			best = o
		}
	}
	return best
}

// relax shortens the ways that lead over a row.
func (s *search) relax(row int) {
	price := s.network.price
	for o := range s.dist {
		if s.done[o] {
			continue
		}
		best, _ := s.arcs.cheapest(row, o)
		if best.cost == far {
			continue
		}
		dist := s.dist[row] + best.cost + price[row] - price[o]
		if dist < s.dist[o] {
			s.dist[o], s.from[o], s.col[o] = dist, row, best.col
		}
	}
}

// raise adds to each row's price its distance, at most that of the row reached. The reduced costs
// stay at least 0, and become 0 along the path.
func (s *search) raise(limit int64) {
	for o, dist := range s.dist {
		s.network.price[o] += min(dist, limit)
	}
}

// move takes one unit along the path to a row.
func (s *search) move(row int) {
	n := s.network
	n.sums[row]++
	to := row
	for ; s.from[to] >= 0; to = s.from[to] {
		c := int(s.col[to])
		n.x[c*n.m+s.from[to]]--
		n.x[c*n.m+to]++
	}
	n.sums[to]--
	for to := row; s.from[to] >= 0; to = s.from[to] {
		s.arcs.changed(to, int(s.col[to]))
		s.arcs.changed(s.from[to], int(s.col[to]))
	}
}
