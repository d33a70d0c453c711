package apportion

// An arc from account a to account b of one group moves one unit from a to b within some column. Its
// cost in a column is the addition cost of b less the removal cost of a; its reduced cost adds a's
// price and takes b's away, and is never negative while the columns are optimal for the prices.

// arc is what one column would charge for a unit, when it was listed.
type arc struct {
	cost int64
	col  int32
}

// arcs lists, for each pair of accounts of a group, the columns in order of what they charge. A
// heap may hold stale arcs, of columns that have changed since; they are thrown away when they come
// to the top.
//
// Only arcs with a reduced cost within the window were listed when the lists were made. An arc that
// was left out costs at least floor, and floor is far for the pairs that are complete.
type arcs struct {
	network *network
	heaps   [][]arc // by (g*m+a)*m+b, with a and b rows
	floor   []int64 // the same
	best    []arc   // the cheapest of each pair, where fresh
	fresh   []bool
	window  int64
}

// newArcs lists the arcs of a settled network with reduced costs within a window.
func newArcs(n *network, window int64) *arcs {
	pairs := n.groups * n.m * n.m
	a := &arcs{
		network: n, window: window, heaps: make([][]arc, pairs), floor: make([]int64, pairs),
		best: make([]arc, pairs), fresh: make([]bool, pairs),
	}
	for pair := range a.floor {
		g, from, to := pair/(n.m*n.m), pair/n.m%n.m, pair%n.m
		if a.floor[pair] = far; window < far {
			a.floor[pair] = window - n.price[g*n.m+from] + n.price[g*n.m+to]
		}
	}
	for c, slack := range n.slack {
		if slack <= window {
			a.listColumn(c)
		}
	}
	for _, heap := range a.heaps {
		for i := len(heap)/2 - 1; i >= 0; i-- {
			sink(heap, i)
		}
	}
	return a
}

// listColumn lists the arcs of a column within the window, and tells its slack.
func (a *arcs) listColumn(c int) {
	n := a.network
	price := n.prices(c)
	r := n.reach(c, price)
	n.slack[c] = r.low - r.high
	if n.slack[c] > a.window {
		return
	}
	for e := c * n.m; e < (c+1)*n.m; e++ {
		from := e - c*n.m
		if removal := n.removal(e, price[from]); removal >= r.low-a.window && n.x[e] > n.lower[e] {
			a.listFrom(c, from, removal, price)
		}
	}
}

// listFrom lists the arcs of column c from a row within the window.
func (a *arcs) listFrom(c, from int, removal int64, price []int64) {
	n := a.network
	pair := (n.groupOf(c)*n.m + from) * n.m
	for to := range n.m {
		f := c*n.m + to
		if to == from || n.x[f] >= n.upper[f] {
			continue
		}
		addition := n.addition(f, price[to])
		if addition > removal+a.window {
			continue
		}
		cost := addition - removal + price[to] - price[from]
		a.heaps[pair+to] = append(a.heaps[pair+to], arc{cost, int32(c)})
	}
}

// arcCost is what column c charges for a unit from one row to another; false if it has none to
// move.
func (n *network) arcCost(from, to, c int) (int64, bool) {
	e, f := c*n.m+from, c*n.m+to
	if from == to || n.x[e] <= n.lower[e] || n.x[f] >= n.upper[f] {
		return 0, false
	}
	return n.unit(f, n.x[f]+1) - n.unit(e, n.x[e]), true
}

// cheapest returns the cheapest arc of a pair. Where an arc that isn't listed might be cheaper it
// returns the least such an arc can cost, with column -1. A cost of far is no arc.
func (a *arcs) cheapest(pair int) arc {
	if !a.fresh[pair] {
		a.best[pair], a.fresh[pair] = a.find(pair), true
	}
	return a.best[pair]
}

// find is cheapest, looked up.
func (a *arcs) find(pair int) arc {
	m := a.network.m
	heap := a.heaps[pair]
	for len(heap) > 0 {
		cost, ok := a.network.arcCost(pair/m%m, pair%m, int(heap[0].col))
		if ok && cost == heap[0].cost {
			break
		}
		heap = pop(heap)
	}
	a.heaps[pair] = heap
	if len(heap) > 0 && heap[0].cost <= a.floor[pair] {
		return heap[0]
	}
	return arc{cost: a.floor[pair], col: -1}
}

// changed lists the arcs that a change of a row's entry in a column has made or changed.
func (a *arcs) changed(row, c int) {
	m := a.network.m
	group := a.network.groupOf(c) * m
	for other := range m {
		a.relist(row, other, c, (group+row)*m+other)
		a.relist(other, row, c, (group+other)*m+row)
	}
}

// relist lists one arc of a column anew.
func (a *arcs) relist(from, to, c, pair int) {
	a.fresh[pair] = false
	if cost, ok := a.network.arcCost(from, to, c); ok && cost <= a.floor[pair] {
		a.heaps[pair] = push(a.heaps[pair], arc{cost, int32(c)})
	}
}

// before orders arcs by cost, then by column, so that the answer never depends on the heap's shape.
func (a arc) before(b arc) bool {
	return a.cost < b.cost || a.cost == b.cost && a.col < b.col
}

// push adds an arc to a heap.
func push(heap []arc, a arc) []arc {
	heap = append(heap, a)
	for i := len(heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !heap[i].before(heap[parent]) {
			break
		}
		heap[i], heap[parent] = heap[parent], heap[i]
		i = parent
	}
	return heap
}

// pop removes the first arc of a heap.
func pop(heap []arc) []arc {
	last := len(heap) - 1
	heap[0] = heap[last]
	heap = heap[:last]
	sink(heap, 0)
	return heap
}

// sink moves the arc at i down to its place.
func sink(heap []arc, i int) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && heap[child+1].before(heap[child]) {
			child++
		}
		if !heap[child].before(heap[i]) {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
