package apportion

import (
	"math"
	"slices"
)

// balance moves units between rows, one cheapest path at a time, until every row has its total and
// no account more than its cap, and returns how many it moved. The columns must be optimal for the
// prices; they are so after every move. If the surplus can't reach a node that lacks, the nodes it
// can't reach are a cut.
//
// Source: successive shortest paths, Ahuja, Magnanti and Orlin, Network Flows (1993), 9.7, on rows
// and accounts alone: a column is crossed, never visited.
func (n *network) balance() (int, *CutError) {
	s := newSearch(n)
	for moved := 0; ; moved++ {
		if s.settled() {
			return moved, nil
		}
		node, ok := s.nearest()
		if !ok {
			return moved, n.cut(s.done)
		}
		s.raise(s.dist[node])
		s.move(node)
	}
}

// The first window of listed arcs, 1/64 nat, and how much wider the next is. Only speed and memory
// depend on them.
const firstWindow, widen = UnitsPerNat / 64, 16

// search finds cheapest paths between nodes by Dijkstra's method on reduced costs.
type search struct {
	network *network
	arcs    *arcs
	// excess is how many units a node has too many; less than 0 if it lacks. A row passes on what
	// its accounts hold in excess of their caps; flow is what each account keeps.
	excess []int
	flow   []int   // of each account; nil without groups
	dist   []int64 // from the nearest surplus node; far = not reached
	from   []int   // the node before on the path; -1 at its start
	col    []int32 // the column the unit crosses from there; -1 = not listed, -2 = none to cross
	done   []bool  // dist is final
	listed []int64 // the prices when arcs were listed
	beyond bool    // the arc that isn't listed lies beyond the window; else beyond the number listed
}

// newSearch lists the arcs of a settled network and says who has too much.
func newSearch(n *network) *search {
	nodes := len(n.price)
	s := &search{
		network: n, arcs: newArcs(n, firstWindow), excess: make([]int, nodes),
		dist: make([]int64, nodes), from: make([]int, nodes),
		col: make([]int32, nodes), done: make([]bool, nodes), listed: slices.Clone(n.price),
	}
	first := len(n.sums)
	if n.groups > 1 {
		s.flow = make([]int, first)
	} else {
		first = 0
	}
	for o, total := range n.rowTotals {
		s.excess[first+o] = -total
	}
	for a, sum := range n.sums {
		if s.flow != nil {
			s.flow[a] = max(n.floors[a], min(sum, n.caps[a]))
			s.excess[a] = sum - s.flow[a]
			sum = s.flow[a]
		}
		s.excess[first+a%n.m] += sum
	}
	return s
}

// settled reports whether nobody has too much or too little.
func (s *search) settled() bool {
	for _, excess := range s.excess {
		if excess != 0 {
			return false
		}
	}
	return true
}

// nearest returns the node that lacks and is nearest to a surplus; false if none can be reached,
// and then done are the nodes that can.
func (s *search) nearest() (int, bool) {
	for {
		node, sure := s.dijkstra()
		if sure {
			return node, node >= 0
		}
		s.arcs = s.relisted()
	}
}

// relisted lists the arcs anew, within a wider window if it was the window that left some out.
func (s *search) relisted() *arcs {
	n := s.network
	span := spread(n.price, s.listed)
	for c := range n.slack {
		n.slack[c] -= span
	}
	copy(s.listed, n.price)
	window := s.arcs.window
	if s.beyond {
		window = min(window, far/widen) * widen
	}
	return newArcs(n, window)
}

// spread is how far prices have moved apart from others.
func spread(prices, others []int64) int64 {
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for a, p := range prices {
		low, high = min(low, p-others[a]), max(high, p-others[a])
	}
	return high - low
}

// dijkstra settles nodes in order of distance until one that lacks is reached, and returns it, or
// -1. It gives up with sure = false when a distance rests on an arc that isn't listed.
func (s *search) dijkstra() (node int, sure bool) {
	for a := range s.dist {
		s.dist[a], s.from[a], s.done[a], s.col[a] = far, -1, false, crossless
		if s.excess[a] > 0 {
			s.dist[a] = 0
		}
	}
	for {
		node := s.next()
		switch {
		case node < 0:
			return -1, true
		case s.col[node] == unlisted:
			from, to := s.from[node], node
			floor := s.arcs.floor[from*s.network.m+to%s.network.m]
			s.beyond = floor == s.arcs.window-s.listed[from]+s.listed[to]
			return -1, false
		case s.excess[node] < 0:
			return node, true
		}
		s.done[node] = true
		s.relax(node)
	}
}

// What a path crosses where it crosses no listed column.
const unlisted, crossless = -1, -2

// next returns the nearest node that isn't done, the first among equals; -1 if none is reached.
func (s *search) next() int {
	best := -1
	least := int64(far)
	for a, dist := range s.dist {
		if dist < least && !s.done[a] {
			best, least = a, dist
		}
	}
	return best
}

// relax shortens the ways that lead over a node.
func (s *search) relax(node int) {
	n := s.network
	accounts := len(n.sums)
	if node >= accounts { // a row takes back from an account that keeps something
		for a := node - accounts; a < accounts; a += n.m {
			if s.flow[a] > n.floors[a] {
				s.reach(node, a, 0, crossless)
			}
		}
		return
	}
	first := node - node%n.m
	for to := range n.m {
		if to == node-first {
			continue
		}
		if best := s.arcs.cheapest(node*n.m + to); best.cost < far {
			s.reach(node, first+to, best.cost, best.col)
		}
	}
	if s.flow != nil && s.flow[node] < n.caps[node] {
		s.reach(node, accounts+node%n.m, 0, crossless)
	}
}

// reach shortens the way to a node if it is shorter over another.
func (s *search) reach(from, to int, cost int64, col int32) {
	price := s.network.price
	if dist := s.dist[from] + cost + price[from] - price[to]; dist < s.dist[to] {
		s.dist[to], s.from[to], s.col[to] = dist, from, col
	}
}

// raise adds to each node's price its distance, at most that of the node reached. The reduced costs
// stay at least 0, and become 0 along the path.
func (s *search) raise(limit int64) {
	for a, dist := range s.dist {
		s.network.price[a] += min(dist, limit)
	}
}

// move takes one unit along the path to a node.
func (s *search) move(node int) {
	n := s.network
	s.excess[node]++
	to := node
	for ; s.from[to] >= 0; to = s.from[to] {
		s.step(s.from[to], to, int(s.col[to]))
	}
	s.excess[to]--
	for to := node; s.from[to] >= 0; to = s.from[to] {
		if c := int(s.col[to]); c >= 0 {
			s.arcs.changed(c, s.from[to]%n.m, to%n.m)
		}
	}
}

// step moves one unit between two neighbours on a path.
func (s *search) step(from, to, c int) {
	n := s.network
	accounts := len(n.sums)
	switch {
	case c >= 0:
		n.slack[c] = 0 // not known, but at least this
		n.x[c*n.m+from%n.m]--
		n.x[c*n.m+to%n.m]++
		n.sums[from]--
		n.sums[to]++
	case from >= accounts:
		s.flow[to]--
	default:
		s.flow[from]++
	}
}
