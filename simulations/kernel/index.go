package kernel

import "math"

// Index finds the nearest item of a layer on a plane. Each layer is a grid of squares, and a square
// that fills up splits into four, down to 2 m: a pile-up of thousands costs a search no more than
// a street with three. Items within one smallest square are interchangeable: where more stand in it
// than fit a leaf, the one that came last is found for all of them.
type Index struct {
	nodes      []node
	roots      int   // the first nodes, by layer, row and column
	free       int32 // first block of four that is not in use; none = there is none
	cols, rows int32
	items      []place
}

// place is where an item is: a search reads all of it, so that it lies together.
type place struct {
	x, y       int32 // cm
	next, prev int32 // in its leaf's list
}

// node is a square: a leaf with a list of items, or split into four nodes that lie together.
type node struct {
	count int32 // items in it
	first int32 // leaf: its first item, none = empty; split: splitMark - first child
}

const (
	none      = -1
	splitMark = -2
	leafMost  = 8      // items of a leaf before it splits
	leafEdge  = 200    // cm; no smaller squares
	rootEdge  = 25_600 // cm; leafEdge times a power of two
)

// NewIndex returns an index of up to items things in layers on a plane of width by height
// centimetres. Places outside count as on its border.
func NewIndex(layers, items int, width, height int32) *Index {
	ix := &Index{
		cols: width/rootEdge + 1, rows: height/rootEdge + 1,
		items: make([]place, items),
	}
	ix.roots = layers * int(ix.cols) * int(ix.rows)
	ix.nodes = make([]node, ix.roots)
	ix.Reset()
	return ix
}

// Reset takes everything out and keeps the memory.
func (ix *Index) Reset() {
	ix.nodes = ix.nodes[:ix.roots]
	for i := range ix.nodes {
		ix.nodes[i] = node{first: none}
	}
	ix.free = none
}

// At returns where an item was put last.
func (ix *Index) At(item int32) (x, y int32) { return ix.items[item].x, ix.items[item].y }

// square is a node with where it lies.
type square struct {
	node       int32
	x, y, edge int32 // lower left corner and edge, cm
}

// root returns the root that a place falls in.
func (ix *Index) root(layer int, x, y int32) square {
	col := min(max(x/rootEdge, 0), ix.cols-1)
	row := min(max(y/rootEdge, 0), ix.rows-1)
	return ix.rootAt(layer, col, row)
}

func (ix *Index) rootAt(layer int, col, row int32) square {
	return square{
		int32(layer)*ix.cols*ix.rows + row*ix.cols + col, col * rootEdge, row * rootEdge, rootEdge,
	}
}

// quarter returns child q of a split square: 0 and 1 below, 2 and 3 above.
func (s square) quarter(first, q int32) square {
	half := s.edge / 2
	return square{first + q, s.x + (q&1)*half, s.y + (q>>1)*half, half}
}

// towards returns the quarter that a place falls in.
func (s square) towards(x, y int32) int32 {
	half := s.edge / 2
	q := int32(0)
	if x >= s.x+half {
		q = 1
	}
	if y >= s.y+half {
		q |= 2
	}
	return q
}

// distance2 returns the square of the distance from a place to the nearest point of the square.
func (s square) distance2(x, y int32) int64 {
	dx := int64(max(s.x-x, x-s.x-s.edge, 0))
	dy := int64(max(s.y-y, y-s.y-s.edge, 0))
	return dx*dx + dy*dy
}

// Insert puts an item that is not in the index at a place of a layer.
func (ix *Index) Insert(layer int, item, x, y int32) {
	ix.items[item].x, ix.items[item].y = x, y
	s := ix.root(layer, x, y)
	for {
		n := &ix.nodes[s.node]
		n.count++
		if n.first > splitMark {
			break
		}
		s = s.quarter(splitMark-n.first, s.towards(x, y))
	}
	ix.link(s.node, item)
	ix.split(s)
}

// link puts an item first in a leaf's list.
func (ix *Index) link(leaf, item int32) {
	n := &ix.nodes[leaf]
	ix.items[item].next, ix.items[item].prev = n.first, none
	if n.first != none {
		ix.items[n.first].prev = item
	}
	n.first = item
}

// split splits a leaf that is too full until none is.
func (ix *Index) split(s square) {
	for ix.nodes[s.node].count > leafMost && s.edge > leafEdge {
		item := ix.nodes[s.node].first
		first := ix.block()
		ix.nodes[s.node].first = splitMark - first
		full := int32(none)
		for item != none {
			at := &ix.items[item]
			after := at.next
			q := s.towards(at.x, at.y)
			ix.nodes[first+q].count++
			ix.link(first+q, item)
			if ix.nodes[first+q].count > leafMost {
				full = q
			}
			item = after
		}
		if full == none {
			return
		}
		s = s.quarter(first, full) // of nine items in four squares one at most is too full
	}
}

// block returns four empty leaves.
func (ix *Index) block() int32 {
	first := ix.free
	if first == none {
		first = int32(len(ix.nodes))
		ix.nodes = append(ix.nodes, node{}, node{}, node{}, node{})
	} else {
		ix.free = ix.nodes[first].count
	}
	for q := range int32(4) {
		ix.nodes[first+q] = node{first: none}
	}
	return first
}

// Remove takes an item out of the layer it is in.
func (ix *Index) Remove(layer int, item int32) {
	out := &ix.items[item]
	s := ix.root(layer, out.x, out.y)
	for {
		n := &ix.nodes[s.node]
		n.count--
		if n.first > splitMark {
			break
		}
		if n.count <= leafMost/2 {
			ix.join(s.node, item)
			return
		}
		s = s.quarter(splitMark-n.first, s.towards(out.x, out.y))
	}
	if out.prev == none {
		ix.nodes[s.node].first = out.next
	} else {
		ix.items[out.prev].next = out.next
	}
	if out.next != none {
		ix.items[out.next].prev = out.prev
	}
}

// join makes a split square with few items a leaf again, without one of them.
func (ix *Index) join(at, without int32) {
	var few [leafMost]int32
	items := ix.gather(few[:0], at, without)
	ix.nodes[at].first = none
	for i := len(items) - 1; i >= 0; i-- {
		ix.link(at, items[i])
	}
}

// gather appends the items below a node, bar one, and frees its blocks.
func (ix *Index) gather(dst []int32, at, without int32) []int32 {
	first := ix.nodes[at].first
	if first > splitMark {
		for item := first; item != none; item = ix.items[item].next {
			if item != without {
				dst = append(dst, item)
			}
		}
		return dst
	}
	block := splitMark - first
	for q := range int32(4) {
		dst = ix.gather(dst, block+q, without)
	}
	ix.nodes[block].count, ix.free = ix.free, block
	return dst
}

// Nearest returns the item of a layer that is nearest to a place, at most radius cm away, and the
// square of its distance.
func (ix *Index) Nearest(layer int, x, y, radius int32) (item int32, distance2 int64, ok bool) {
	f := finder{ix: ix, x: x, y: y, best: none, within: int64(radius)*int64(radius) + 1}
	own := ix.root(layer, x, y)
	f.look(own)
	reach := min(radius, int32(math.Sqrt(float64(f.within)))+1) // what was found cuts the rest
	fromRow, toRow := max((y-reach)/rootEdge, 0), min((y+reach)/rootEdge, ix.rows-1)
	fromCol, toCol := max((x-reach)/rootEdge, 0), min((x+reach)/rootEdge, ix.cols-1)
	for row := fromRow; row <= toRow; row++ {
		for col := fromCol; col <= toCol; col++ {
			if s := ix.rootAt(layer, col, row); s.node != own.node {
				f.look(s)
			}
		}
	}
	return f.best, f.within, f.best != none
}

// finder is one search.
type finder struct {
	ix     *Index
	x, y   int32
	best   int32
	within int64 // square of the distance to beat
}

// look searches a square, the nearest quarters first.
func (f *finder) look(s square) {
	if s.distance2(f.x, f.y) >= f.within {
		return
	}
	n := f.ix.nodes[s.node]
	if n.count == 0 {
		return
	}
	for n.first <= splitMark { // the farthest quarter needs no call
		first := splitMark - n.first
		near := s.towards(f.x, f.y)
		if f.ix.nodes[first+near].count > 0 {
			f.look(s.quarter(first, near))
		}
		for _, turn := range [2]int32{1, 2} {
			if q := near ^ turn; f.ix.nodes[first+q].count > 0 {
				f.look(s.quarter(first, q))
			}
		}
		s = s.quarter(first, near^3)
		n = f.ix.nodes[s.node]
		if n.count == 0 || s.distance2(f.x, f.y) >= f.within {
			return
		}
	}
	f.leaf(n)
}

// leaf searches a list; of a pile-up its first item stands for all.
func (f *finder) leaf(n node) {
	for item := n.first; item != none; {
		at := &f.ix.items[item]
		dx, dy := int64(at.x-f.x), int64(at.y-f.y)
		if d := dx*dx + dy*dy; d < f.within {
			f.best, f.within = item, d
		}
		item = at.next
		if n.count > leafMost {
			return
		}
	}
}
