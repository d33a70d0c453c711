package quota

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// benefitUnit is the fixed point in which benefits are compared: 2^30 to the trip. Two benefits
// that differ by less are equal, whatever the machine's arithmetic.
const benefitUnit = 1 << 30

// mostBenefit keeps a quantised benefit within int64.
const mostBenefit = 1 << 62

// AllocateCells chooses how many vehicles each cell and the city get: of all allocations that keep
// every cell's and node's floor and cap, the one whose weighted benefit is largest for its total.
//
// The city's total is the number of vehicles that add at least minBenefit each, and more than
// nothing, but no more than most (-1 = no maximum); what floors force is always given. Equal
// benefits go to the lower cell first, so that neither the order of leaves nor rounding decides. A
// larger most takes no vehicle from any cell.
//
// Errors are *InfeasibleError: floors above a cap, above the room of the cells inside, or above
// most. AllocateCells panics on a caller's bug: nodes that are no tree, a leaf in no node, negative
// floors or caps, a cell given twice, a Marginal that rises or is not finite, a minBenefit that is
// NaN.
//
// Source: greedy over a laminar family (../shared/spec/allocation.md section 3), bottom-up: each
// node lists the units of its cells and inner nodes by falling benefit, cuts the list at its cap,
// and forces the head of it where its floor asks for more. Cost: O(units * log cells).
func AllocateCells(nodes []Node, leaves []Leaf, most int, minBenefit float64) (Totals, error) {
	checkTree(nodes)
	checkLeaves(nodes, leaves)
	c := newChoice(nodes, leaves, quantise(minBenefit))
	if err := c.force(); err != nil {
		return Totals{}, err
	}
	wanted, err := c.fold()
	if err != nil {
		return Totals{}, err
	}
	forced := c.forcedBelow[0]
	if most >= 0 && forced > most {
		return Totals{}, infeasible(ReasonTotal, nodes[0].ID, forced, most)
	}
	room := math.MaxInt
	if most >= 0 {
		room = most - forced
	}
	last := c.take(wanted, room)
	t := Totals{PerCell: c.given, ShadowPrice: last, NodeTotals: c.nodeTotals()}
	t.Total = t.NodeTotals[0]
	t.Binding = c.reasons(t.NodeTotals)
	t.Curve = c.curve(wanted, forced, t.Total)
	return t, nil
}

// units are vehicles of one cell with the same benefit.
type units struct {
	benefit int64
	rank    int32 // of the cell in ascending order
	count   int32
}

// choice is the state of one AllocateCells.
type choice struct {
	nodes  []Node
	leaves []Leaf
	least  int64 // quantised benefit a vehicle must add; > 0
	order  []int // leaves in ascending order of cell
	// What floors force, by leaf and by node with all inside it, and what is given in the end.
	forced, given []int
	forcedBelow   []int
	// lists[v] holds the units a node can still take, by falling benefit, then rank.
	lists [][]units
	spare []units
}

func newChoice(nodes []Node, leaves []Leaf, least int64) *choice {
	c := &choice{
		nodes: nodes, leaves: leaves, least: max(least, 1),
		order:       make([]int, len(leaves)),
		forced:      make([]int, len(leaves)),
		forcedBelow: make([]int, len(nodes)),
		lists:       make([][]units, len(nodes)),
	}
	for i := range c.order {
		c.order[i] = i
	}
	slices.SortFunc(c.order, func(i, j int) int {
		return cmp.Compare(leaves[i].Cell, leaves[j].Cell)
	})
	for rank := 1; rank < len(c.order); rank++ {
		if cell := leaves[c.order[rank]].Cell; cell == leaves[c.order[rank-1]].Cell {
			panic(fmt.Sprintf("quota: cell %v given twice", cell))
		}
	}
	return c
}

// force takes what each cell's own floor demands.
func (c *choice) force() error {
	for _, i := range c.order {
		l := &c.leaves[i]
		if l.Floor > l.Cap {
			err := infeasible(ReasonCapacity, "", l.Floor, l.Cap)
			err.Cell = l.Cell
			return err
		}
		c.forced[i] = l.Floor
		c.forcedBelow[l.Node] += l.Floor
	}
	return nil
}

// take gives the forced units and, in order, the wanted ones that add enough while there is room.
// It returns the benefit of the last of these in trips, NaN if there is none.
func (c *choice) take(wanted []units, room int) float64 {
	c.given = slices.Clone(c.forced)
	last := math.NaN()
	for _, u := range wanted {
		n := min(int(u.count), room)
		if u.benefit < c.least || n == 0 {
			break
		}
		c.given[c.order[u.rank]] += n
		room -= n
		last = trips(u.benefit)
	}
	return last
}

// nodeTotals sums the given vehicles by node, inner nodes included.
func (c *choice) nodeTotals() []int {
	totals := make([]int, len(c.nodes))
	for i, n := range c.given {
		totals[c.leaves[i].Node] += n
	}
	for v := len(c.nodes) - 1; v > 0; v-- {
		totals[c.nodes[v].Parent] += totals[v]
	}
	return totals
}

// reasons says for each leaf why it got no more.
func (c *choice) reasons(nodeTotals []int) []Reason {
	// full[v] is the innermost node at its cap from v upwards, -1 for none.
	full := make([]int, len(c.nodes))
	for v, node := range c.nodes {
		switch {
		case node.Cap >= 0 && nodeTotals[v] >= node.Cap:
			full[v] = v
		case node.Parent < 0:
			full[v] = -1
		default:
			full[v] = full[node.Parent]
		}
	}
	reasons := make([]Reason, len(c.leaves))
	for i := range reasons {
		reasons[i] = c.reason(i, full[c.leaves[i].Node])
	}
	return reasons
}

func (c *choice) reason(i, full int) Reason {
	l, n := &c.leaves[i], c.given[i]
	switch {
	case n >= l.Cap:
		return Reason{Code: ReasonCapacity}
	case n > 0 && n == c.forced[i] && l.benefit(n-1) < c.least:
		return Reason{Code: ReasonFloor}
	case l.benefit(n) < c.least:
		return Reason{Code: ReasonBenefit}
	case full >= 0:
		return Reason{Code: ReasonNode, Node: c.nodes[full].ID}
	}
	return Reason{Code: ReasonTotal}
}

// benefit returns the quantised weighted benefit of the vehicle after the first n.
func (l *Leaf) benefit(n int) int64 {
	if n >= len(l.Marginal) {
		return 0
	}
	return quantise(float64(l.Weight * l.Marginal[n]))
}

func quantise(benefit float64) int64 {
	if math.IsNaN(benefit) {
		panic("quota: a benefit is NaN")
	}
	return int64(math.Round(max(0, min(float64(benefit*benefitUnit), mostBenefit))))
}

func trips(benefit int64) float64 { return float64(benefit) / benefitUnit }
