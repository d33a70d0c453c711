package apportion

import "math"

// An arc from row a to row b moves one unit from a to b within some column. Its cost in a column is
// the addition cost of b less the removal cost of a; its reduced cost adds a's price and takes b's
// away, and is never negative while the columns are optimal for the prices.

// far is a distance beyond every cost and sum of costs.
const far = math.MaxInt64 / 4

// arc is what one column would charge for a unit, when it was listed.
type arc struct {
	cost int64
	col  int32
}

// arcs lists, for each pair of rows, the columns in order of what they charge. A heap may hold
// stale arcs, of columns that have changed since; they are thrown away when they come to the top.
//
// Only arcs with a reduced cost within the window were listed when the lists were made. An arc that
// was left out costs at least floor, and floor is far for the pairs that are complete.
type arcs struct {
	network *network
	heaps   [][]arc // by a*m+b
	floor   []int64 // by a*m+b
	window  int64
}

// newArcs lists the arcs of a filled network with reduced costs within a window.
func newArcs(n *network, window int64) *arcs {
	a := &arcs{
		network: n, window: window,
		heaps: make([][]arc, n.m*n.m), floor: make([]int64, n.m*n.m),
	}
	for pair := range a.floor {
		a.floor[pair] = far
	}
	for c := range n.cols {
		for from := range n.m {
			for to := range n.m {
				a.list(from, to, c)
			}
		}
	}
	for _, heap := range a.heaps {
		for i := len(heap)/2 - 1; i >= 0; i-- {
			sink(heap, i)
		}
	}
	return a
}

// list appends the arc between two rows in a column, if there is one within the window.
func (a *arcs) list(from, to, c int) {
	cost, ok := a.network.arcCost(from, to, c)
	if !ok {
		return
	}
	pair := from*a.network.m + to
	farthest := a.window - a.network.price[from] + a.network.price[to]
	if cost > farthest {
		a.floor[pair] = farthest
		return
	}
	a.heaps[pair] = append(a.heaps[pair], arc{cost, int32(c)})
}

// arcCost is what column c charges for a unit from one row to another; false if it has none to
// move.
func (n *network) arcCost(from, to, c int) (int64, bool) {
	e, f := c*n.m+from, c*n.m+to
	if from == to || n.x[e] == n.lower[e] || n.x[f] == n.upper[f] {
		return 0, false
	}
	return n.addition(f) - n.removal(e), true
}

// cheapest returns the cheapest arc between two rows. Where an arc that isn't listed might be
// cheaper it returns the least such an arc can cost, with sure = false. A cost of far is no arc.
func (a *arcs) cheapest(from, to int) (best arc, sure bool) {
	pair := from*a.network.m + to
	heap := a.heaps[pair]
	for len(heap) > 0 {
		cost, ok := a.network.arcCost(from, to, int(heap[0].col))
		if ok && cost == heap[0].cost {
			break
		}
		heap = pop(heap)
	}
	a.heaps[pair] = heap
	if len(heap) > 0 && heap[0].cost <= a.floor[pair] {
		return heap[0], true
	}
	return arc{cost: a.floor[pair], col: -1}, a.floor[pair] == far
}

// changed lists the arcs that a change of a row's entry in a column has made or changed.
func (a *arcs) changed(row, c int) {
	m := a.network.m
	for other := range m {
		if cost, ok := a.network.arcCost(row, other, c); ok {
			a.heaps[row*m+other] = push(a.heaps[row*m+other], arc{cost, int32(c)})
		}
		if cost, ok := a.network.arcCost(other, row, c); ok {
			a.heaps[other*m+row] = push(a.heaps[other*m+row], arc{cost, int32(c)})
		}
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
