package simulations

import (
	"container/heap"
	"math"
)

// flow finds the least vehicle-metres that bring every surplus to a deficit: a transport problem on
// the graph of neighbouring cells, solved exactly by successive shortest ways with potentials
// (Ahuja, Magnanti and Orlin, Network Flows, 1993, ch. 9.7). Costs are the cm between the centres
// of neighbours, so that a way is at most a seventh longer than the straight line.
type flow struct {
	near  [][]arc
	load  [][]int // vehicles on each arc, answering near
	price []int64 // potential of each cell
	dist  []int64
	from  []step // how each cell was reached
	heap  frontier
}

type arc struct {
	to   int32
	back int32 // index of the reverse arc at to
	cost int64
}

// step is the arc by which a cell was reached; undo takes back flow of the reverse arc.
type step struct {
	cell, arc int32
	undo      bool
}

type reached struct {
	cell int32
	dist int64
}

// frontier is the cells reached, the nearest first.
type frontier []reached

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	return f[i].dist < f[j].dist || (f[i].dist == f[j].dist && f[i].cell < f[j].cell)
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }

// Push adds a cell, for heap.
func (f *frontier) Push(x any) { *f = append(*f, x.(reached)) }

// Pop takes the last, for heap.
func (f *frontier) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

// lay makes the graph of a town.
func (f *flow) lay(t *Town) {
	f.near = make([][]arc, len(t.Cells))
	f.load = make([][]int, len(t.Cells))
	f.price, f.dist = make([]int64, len(t.Cells)), make([]int64, len(t.Cells))
	f.from = make([]step, len(t.Cells))
	for i := range t.Cells {
		for _, j := range t.grid.Neighbors(i) {
			cost := int64(math.Round(distance(t.center[i], t.center[j])))
			f.near[i] = append(f.near[i], arc{to: int32(j), cost: cost})
		}
		f.load[i] = make([]int, len(f.near[i]))
	}
	for i := range f.near {
		for a := range f.near[i] {
			j := f.near[i][a].to
			for b := range f.near[j] {
				if f.near[j][b].to == int32(i) {
					f.near[i][a].back = int32(b)
				}
			}
		}
	}
}

// solve returns the vehicles on every arc in f.load; surplus is by cell, negative = deficit.
// Surpluses that no deficit is left for, or that no way leads from, stay.
func (f *flow) solve(surplus []int) {
	for i := range f.load {
		clear(f.load[i])
	}
	clear(f.price)
	for {
		to := f.search(surplus)
		if to == none {
			return
		}
		f.augment(surplus, to)
	}
}

const unreached = math.MaxInt64

// search finds the nearest deficit from any surplus by reduced costs, and moves the potentials.
func (f *flow) search(surplus []int) int32 {
	f.heap = f.heap[:0]
	for i := range f.dist {
		f.dist[i] = unreached
		if surplus[i] > 0 {
			f.dist[i], f.from[i] = 0, step{cell: none}
			heap.Push(&f.heap, reached{int32(i), 0})
		}
	}
	found := none
	for len(f.heap) > 0 && found == none {
		at := heap.Pop(&f.heap).(reached)
		if at.dist > f.dist[at.cell] {
			continue
		}
		if surplus[at.cell] < 0 {
			found = at.cell
			break
		}
		f.relax(at)
	}
	if found == none {
		return none
	}
	most := f.dist[found]
	for i := range f.price {
		f.price[i] += min(f.dist[i], most)
	}
	return found
}

// relax looks at every arc out of a cell, and at flow into it that could be taken back.
func (f *flow) relax(at reached) {
	i := at.cell
	for a := range f.near[i] {
		e := &f.near[i][a]
		cost, undo := e.cost, false
		if f.load[e.to][e.back] > 0 {
			cost, undo = -e.cost, true
		}
		d := at.dist + cost + f.price[i] - f.price[e.to]
		if d < f.dist[e.to] {
			f.dist[e.to], f.from[e.to] = d, step{i, int32(a), undo}
			heap.Push(&f.heap, reached{e.to, d})
		}
	}
}

// augment sends as many vehicles as the way found takes.
func (f *flow) augment(surplus []int, to int32) {
	n, at := -surplus[to], to
	for f.from[at].cell != none {
		st := f.from[at]
		if st.undo {
			e := &f.near[st.cell][st.arc]
			n = min(n, f.load[e.to][e.back])
		}
		at = st.cell
	}
	n = min(n, surplus[at])
	surplus[at] -= n
	surplus[to] += n
	for at = to; f.from[at].cell != none; {
		st := f.from[at]
		e := &f.near[st.cell][st.arc]
		if st.undo {
			f.load[e.to][e.back] -= n
		} else {
			f.load[st.cell][st.arc] += n
		}
		at = st.cell
	}
}

// flowMoves turns the least flow into ways from surplus to deficit cells.
func (s *sim) flowMoves() {
	r := &s.crews
	if r.flow.near == nil {
		r.flow.lay(s.town)
	}
	rest := make([]int, len(r.want))
	for c := range rest {
		rest[c] = r.have[c] - r.want[c]
	}
	surplus := append([]int(nil), rest...)
	r.flow.solve(surplus)
	for c := range rest {
		rest[c] -= surplus[c] // what leaves a cell, or comes to it
	}
	for c := range rest {
		for rest[c] > 0 {
			r.moves = append(r.moves, r.flow.way(int32(c), rest))
		}
	}
	for _, m := range r.moves {
		if m.from != none {
			r.have[m.from] -= m.n
			r.have[m.to] += m.n
		}
	}
}

// way follows flow from a cell to the first deficit it meets, and takes it off the arcs. A least
// flow has no circle, so that it ends.
func (f *flow) way(from int32, rest []int) move {
	path := []step{}
	n, at := rest[from], from
	for rest[at] >= 0 {
		for a := range f.near[at] {
			if f.load[at][a] > 0 {
				path = append(path, step{cell: at, arc: int32(a)})
				n = min(n, f.load[at][a])
				at = f.near[at][a].to
				break
			}
		}
	}
	n = min(n, -rest[at])
	for _, st := range path {
		f.load[st.cell][st.arc] -= n
	}
	rest[from] -= n
	rest[at] += n
	return move{from, at, n}
}
