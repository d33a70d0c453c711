package apportion

import (
	"slices"
	"sync"
)

// An arc from account a to account b of one group moves one unit from a to b within some column.
// Its cost in a column is the addition cost of b less the removal cost of a; its reduced cost adds
// a's price and takes b's away, and is never negative while the columns are optimal for the prices.

// arc is what one column would charge for a unit, when it was listed.
type arc struct {
	cost int64
	col  int32
}

// arcs lists, for each pair of accounts of a group, the cheapest columns. A heap may hold stale
// arcs, of columns that have changed since; they are thrown away when they come to the top.
//
// An arc that isn't listed costs at least the pair's floor. Only arcs with a reduced cost within
// the window were listed, and the cheapest of them where a pair has more than most; floor is far
// for the pairs that are complete.
type arcs struct {
	network *network
	window  int64
	most    int
	heaps   [][]arc // by (g*m+a)*m+b, with a and b rows
	floor   []int64 // the same
	best    []arc   // the cheapest of each pair, where fresh; column -1 = not listed
	fresh   []bool

	low, high []int64 // room for the costs of one column
}

// newArcs lists the arcs of a settled network with reduced costs within a window.
func newArcs(n *network, window int64) *arcs {
	const listed = 1 << 19 // arcs in all, so that memory is bounded
	pairs := n.groups * n.m * n.m
	a := &arcs{
		network: n, window: window, most: max(64, min(listed/max(1, pairs), 1<<12)),
		heaps: make([][]arc, pairs), floor: make([]int64, pairs),
		best: make([]arc, pairs), fresh: make([]bool, pairs),
		low: make([]int64, n.m), high: make([]int64, n.m),
	}
	for pair := range a.floor {
		g, from, to := pair/(n.m*n.m), pair/n.m%n.m, pair%n.m
		if a.floor[pair] = far; window < far {
			a.floor[pair] = window - n.price[g*n.m+from] + n.price[g*n.m+to]
		}
	}
	var lock sync.Mutex
	var lists []listing
	parallel(len(n.cols), n.m, func(first, last int) {
		l := a.newListing()
		for c := first; c < last; c++ {
			if n.slack[c] <= window {
				l.add(c)
			}
		}
		lock.Lock()
		defer lock.Unlock()
		lists = append(lists, l)
	})
	for _, l := range lists {
		for pair := range a.floor {
			a.floor[pair] = min(a.floor[pair], l.floor[pair])
		}
	}
	for pair := range a.heaps {
		a.heap(pair, lists)
	}
	return a
}

// heap makes a pair's heap of what was listed for it.
func (a *arcs) heap(pair int, lists []listing) {
	heap := lists[0].lists[pair]
	for _, l := range lists[1:] {
		heap = append(heap, l.lists[pair]...)
	}
	for i := len(heap)/2 - 1; i >= 0; i-- {
		sink(heap, i)
	}
	a.heaps[pair] = heap
}

// listing is the arcs of some columns on their way into heaps.
type listing struct {
	source    *arcs
	lists     [][]arc // by pair, in no order
	floor     []int64 // by pair; what was left out costs at least this
	low, high []int64
	near      []int32 // rows to which a unit may go
}

// newListing starts a listing.
func (a *arcs) newListing() listing {
	return listing{
		source: a, lists: make([][]arc, len(a.floor)), floor: slices.Clone(a.floor),
		low: make([]int64, len(a.low)), high: make([]int64, len(a.low)),
	}
}

// add lists the arcs of a column, and tells its slack.
func (l *listing) add(c int) {
	n, window := l.source.network, l.source.window
	least, most := n.columnCosts(c, l.low, l.high)
	if n.slack[c] = least - most; n.slack[c] > window {
		return
	}
	price := n.prices(c)
	l.near = l.near[:0]
	for to, addition := range l.low {
		if addition < far && addition-price[to]-most <= window {
			l.near = append(l.near, int32(to))
		}
	}
	first := n.groupOf(c) * n.m * n.m
	for from, removal := range l.high {
		if removal > -far && least-removal+price[from] <= window {
			l.addFrom(c, from, removal, first+from*n.m)
		}
	}
}

// addFrom lists the arcs of a column from a row to the rows near.
func (l *listing) addFrom(c, from int, removal int64, first int) {
	for _, to := range l.near {
		pair := first + int(to)
		if cost := l.low[to] - removal; cost <= l.floor[pair] && int(to) != from {
			l.put(pair, arc{cost, int32(c)})
		}
	}
}

// put lists an arc, and when a pair has twice too many drops the dearer half.
func (l *listing) put(pair int, a arc) {
	list := append(l.lists[pair], a)
	if len(list) >= 2*l.source.most {
		nth(list, l.source.most)
		l.floor[pair] = list[l.source.most].cost
		list = list[:l.source.most]
	}
	l.lists[pair] = list
}

// nth moves the k cheapest arcs of a list to its front and the next one behind them.
func nth(list []arc, k int) {
	low, high := 0, len(list)-1
	for low < high {
		pivot := list[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for list[i].before(pivot) {
				i++
			}
			for pivot.before(list[j]) {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return
		}
	}
}

// columnCosts fills in what one unit more and the last unit of each entry of a column cost, far and
// -far where there is none, and returns the least and the most of them less the prices they earn.
func (n *network) columnCosts(c int, low, high []int64) (least, most int64) {
	price := n.prices(c)
	least, most = far, -far
	first, last := c*n.m, (c+1)*n.m
	xs, lower, upper := n.x[first:last], n.lower[first:last], n.upper[first:last]
	for o, x := range xs {
		low[o], high[o] = far, -far
		if x < upper[o] {
			low[o] = n.unit(first+o, x+1)
			least = min(least, low[o]-price[o])
		}
		if x > lower[o] {
			high[o] = n.unit(first+o, x)
			most = max(most, high[o]-price[o])
		}
	}
	return least, most
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
	return arc{cost: a.floor[pair], col: unlisted}
}

// changed lists the arcs that a change of two rows' entries in a column has made or changed.
func (a *arcs) changed(c, from, to int) {
	n := a.network
	n.columnCosts(c, a.low, a.high)
	first := n.groupOf(c) * n.m * n.m
	for o := range n.m {
		a.relist(c, first, from, o)
		a.relist(c, first, o, from)
		a.relist(c, first, to, o)
		a.relist(c, first, o, to)
	}
}

// relist lists one arc of the column whose costs are at hand anew.
func (a *arcs) relist(c, first, from, to int) {
	pair := first + from*a.network.m + to
	if a.fresh[pair] && a.best[pair].col == int32(c) {
		a.fresh[pair] = false
	}
	addition, removal := a.low[to], a.high[from]
	cost := addition - removal
	if from == to || addition == far || removal == -far || cost > a.floor[pair] {
		return
	}
	listed := arc{cost, int32(c)}
	a.heaps[pair] = push(a.heaps[pair], listed)
	if len(a.heaps[pair]) >= 4*a.most {
		a.compact(pair)
	}
	if a.fresh[pair] && listed.before(a.best[pair]) {
		a.best[pair] = listed
	}
}

// compact throws a pair's stale arcs away, and the dearer half if there are still too many.
func (a *arcs) compact(pair int) {
	m, heap := a.network.m, a.heaps[pair]
	kept := heap[:0]
	for _, listed := range heap {
		cost, ok := a.network.arcCost(pair/m%m, pair%m, int(listed.col))
		if ok && cost == listed.cost {
			kept = append(kept, listed)
		}
	}
	if len(kept) >= 2*a.most {
		nth(kept, a.most)
		a.floor[pair] = min(a.floor[pair], kept[a.most].cost)
		kept = kept[:a.most]
		a.fresh[pair] = false
	}
	for i := len(kept)/2 - 1; i >= 0; i-- {
		sink(kept, i)
	}
	a.heaps[pair] = kept
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
