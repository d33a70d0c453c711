package apportion

import (
	"hash/fnv"
	"slices"
)

// canonize leaves the one optimum that doesn't depend on the way the solver came. Prices must be
// central. It is rarely needed with a lottery, often without one.
//
// At central prices, the entries of which a unit more or less costs just what it earns span all
// optima. Among them the least sum of keys is taken, where a key is a hash of the IDs of row and
// column: a second problem of the same kind, on the columns that can change at all.
func (n *network) canonize() {
	var cols []int
	for c := range n.cols {
		if r := n.reach(c, n.prices(c)); r.add >= 0 && r.drop >= 0 && r.low == r.high {
			cols = append(cols, c)
		}
	}
	if len(cols) == 0 {
		return
	}
	face := n.face(cols)
	face.refill(0)
	face.warm()
	if _, cut := face.balance(); cut != nil {
		panic("apportion: the optimum that was found is not among the optima")
	}
	for k, c := range cols {
		for o := range n.m {
			was, is := n.x[c*n.m+o], face.x[k*n.m+o]
			n.x[c*n.m+o] = is
			n.sums[n.groupOf(c)*n.m+o] += int(is - was)
		}
	}
}

// face is the problem of the optima that differ in some columns, as it stands.
func (n *network) face(cols []int) *network {
	size := len(cols) * n.m
	f := &network{
		problem: n.problem, rows: n.rows, m: n.m, groups: n.groups, band: 1,
		rowTotals: make([]int, n.m), lower: make([]int32, size), upper: make([]int32, size),
		x: make([]int32, size), price: make([]int64, len(n.price)),
		sums: make([]int, len(n.sums)), slack: make([]int64, len(cols)),
		costs: costs{lt: make([]int64, size), plain: true},
	}
	if n.groups > 1 {
		f.caps, f.floors = slices.Clone(n.caps), slices.Clone(n.floors)
		for a, sum := range n.sums {
			if n.price[a] != n.price[len(n.sums)+a%n.m] { // it is at a bound of its own, and stays
				f.caps[a], f.floors[a] = sum, sum
			}
			f.caps[a] -= sum // what stands in other columns stays; what stands in these comes on top
			f.floors[a] -= sum
		}
	}
	for k, c := range cols {
		f.cols = append(f.cols, n.cols[c])
		f.slack[k] = -1 // not settled
		total := 0
		if n.group != nil {
			f.group = append(f.group, n.group[c])
		}
		for o := range n.m {
			e := k*n.m + o
			n.layFace(f, e, c, o)
			total += int(f.x[e])
			f.sums[n.groupOf(c)*n.m+o] += int(f.x[e])
			f.rowTotals[o] += int(f.x[e])
			if n.groups > 1 {
				f.caps[n.groupOf(c)*n.m+o] += int(f.x[e])
				f.floors[n.groupOf(c)*n.m+o] += int(f.x[e])
			}
		}
		f.colTotals = append(f.colTotals, total)
	}
	f.ln = make([]int64, slices.Max(f.upper)+2) // every unit of an entry is as good as another
	return f
}

// layFace fills an entry of a face: it may change where its price is what a unit costs.
func (n *network) layFace(f *network, e, c, o int) {
	at := c*n.m + o
	price := n.prices(c)[o]
	even := n.reach(c, n.prices(c)).low
	x := n.x[at]
	f.x[e], f.lower[e], f.upper[e] = x, x, x
	free := n.free != nil && n.free[at]
	if n.removal(at, price) == even {
		if f.lower[e] = x - 1; free {
			f.lower[e] = n.lower[at]
		}
	}
	if n.addition(at, price) == even {
		if f.upper[e] = x + 1; free {
			f.upper[e] = n.upper[at]
		}
	}
	f.lt[e] = n.key(o, c)
}

// key returns what an entry's units earn among optima that are as good: 40 bits that depend on the
// IDs of row and column alone.
func (n *network) key(o, c int) int64 {
	hash := fnv.New64a()
	for _, id := range []string{n.rowID(o), n.colID(c)} {
		hash.Write([]byte(id))
		hash.Write([]byte{'\n'})
	}
	mixed := hash.Sum64()
	mixed ^= mixed >> 31
	return int64(mixed * 0x9e3779b97f4a7c15 >> 24)
}

// rowID returns the ID of a row, nothing for the reserve.
func (n *network) rowID(o int) string {
	if n.rows[o] < 0 {
		return ""
	}
	return n.problem.Rows[n.rows[o]]
}

// colID returns the ID of a column, nothing for the column of leftovers.
func (n *network) colID(c int) string {
	if n.cols[c] < 0 {
		return ""
	}
	return n.problem.Cols[n.cols[c]]
}
