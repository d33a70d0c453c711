package quota

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/geo"
)

func cellOf(n int) geo.Cell { return geo.Cell(0x8928308280000000 + uint64(n)) }

// drawTree draws a tree with floors and caps, and leaves with whole benefits so that ties are
// common.
func drawTree(t *rapid.T) ([]Node, []Leaf) {
	nodes := []Node{{ID: "city", Parent: -1, Cap: -1}}
	for v := 1; v < rapid.IntRange(1, 4).Draw(t, "nodes"); v++ {
		nodes = append(nodes, Node{
			ID:     string(rune('a' + v)),
			Parent: rapid.IntRange(0, v-1).Draw(t, "parent"),
		})
	}
	for v := range nodes {
		nodes[v].Floor = rapid.SampledFrom([]int{0, 0, 1, 2, 4}).Draw(t, "floor")
		nodes[v].Cap = rapid.SampledFrom([]int{-1, -1, 2, 4, 6}).Draw(t, "cap")
	}
	leaves := make([]Leaf, rapid.IntRange(1, 4).Draw(t, "leaves"))
	for i, n := range rapid.Permutation([]int{1, 2, 3, 4}[:len(leaves)]).Draw(t, "cells") {
		marginal := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(t, "marginal")
		slices.Sort(marginal)
		l := &leaves[i]
		*l = leaf(n, rapid.IntRange(0, len(nodes)-1).Draw(t, "node"), rapid.IntRange(0, 3).Draw(t, "cap"))
		l.Floor = rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "floor")
		for k := len(marginal) - 1; k >= 0; k-- {
			l.Marginal = append(l.Marginal, float64(marginal[k]))
		}
		l.Weight = float64(rapid.IntRange(1, 2).Draw(t, "weight"))
	}
	return nodes, leaves
}

// best is an allocation found by trying all of them.
type best struct {
	perCell []int
	benefit float64
}

// enumerate returns by total the allocation with the largest benefit that keeps all floors and
// caps; among equals the one with most in the lowest cell, then the next. Totals no allocation
// reaches are absent.
func enumerate(nodes []Node, leaves []Leaf) map[int]best {
	order := make([]int, len(leaves))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return int(leaves[i].Cell) - int(leaves[j].Cell) })
	found := map[int]best{}
	perCell := make([]int, len(leaves))
	var try func(k int)
	try = func(k int) {
		if k < len(order) {
			l := leaves[order[k]]
			for n := l.Cap; n >= l.Floor; n-- { // most in the lowest cell first
				perCell[order[k]] = n
				try(k + 1)
			}
			return
		}
		total, benefit, ok := judge(nodes, leaves, perCell)
		if old, seen := found[total]; ok && (!seen || benefit > old.benefit) {
			found[total] = best{slices.Clone(perCell), benefit}
		}
	}
	try(0)
	return found
}

// judge sums an allocation and says whether nodes keep their floors and caps.
func judge(nodes []Node, leaves []Leaf, perCell []int) (total int, benefit float64, ok bool) {
	sums := make([]int, len(nodes))
	for i, n := range perCell {
		total += n
		for k := 0; k < n && k < len(leaves[i].Marginal); k++ {
			benefit += leaves[i].Weight * leaves[i].Marginal[k]
		}
		for v := leaves[i].Node; v >= 0; v = nodes[v].Parent {
			sums[v] += n
		}
	}
	for v, node := range nodes {
		if sums[v] < node.Floor || (node.Cap >= 0 && sums[v] > node.Cap) {
			return total, benefit, false
		}
	}
	return total, benefit, true
}

// wanted returns the total an official would choose from all feasible ones: the largest net of the
// least benefit per vehicle; among equals the larger total, unless vehicles cost nothing.
func wanted(found map[int]best, most int, least float64) (int, bool) {
	choice, net, any := 0, math.Inf(-1), false
	for total := range 100 { // in order: no map order
		b, ok := found[total]
		if !ok || (most >= 0 && total > most) {
			continue
		}
		value := b.benefit - least*float64(total)
		if !any || value > net || (value == net && least > 0) {
			choice, net, any = total, value, true
		}
	}
	return choice, any
}

func TestAllocateCellsAgainstEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, leaves := drawTree(t)
		most := rapid.IntRange(-1, 8).Draw(t, "most")
		least := float64(rapid.IntRange(0, 3).Draw(t, "least benefit"))
		found := enumerate(nodes, leaves)
		want, feasible := wanted(found, most, least)
		got, err := AllocateCells(nodes, leaves, most, least)
		if (err == nil) != feasible || (err != nil && !errors.Is(err, ErrInfeasible)) {
			t.Fatalf("error %v, feasible %v", err, feasible)
		}
		if !feasible {
			return
		}
		if got.Total != want {
			t.Fatalf("total %d, want %d", got.Total, want)
		}
		if diff := cmp.Diff(found[want].perCell, got.PerCell); diff != "" {
			t.Fatalf("vehicles by cell (-best +got):\n%s", diff)
		}
		for _, p := range got.Curve {
			if p.Benefit != found[p.Vehicles].benefit {
				t.Fatalf("curve at %d is %v, best %v", p.Vehicles, p.Benefit, found[p.Vehicles].benefit)
			}
		}
	})
}

func TestAllocateCellsReasonsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, leaves := drawTree(t)
		most := rapid.IntRange(-1, 8).Draw(t, "most")
		got, err := AllocateCells(nodes, leaves, most, 1)
		if err != nil {
			return
		}
		for i, l := range leaves {
			n, next := got.PerCell[i], 0.0
			if n < len(l.Marginal) {
				next = l.Weight * l.Marginal[n]
			}
			full := ""
			for v := l.Node; v >= 0 && full == ""; v = nodes[v].Parent {
				if got.NodeTotals[v] == nodes[v].Cap {
					full = nodes[v].ID
				}
			}
			holds := map[ReasonCode]bool{
				ReasonCapacity: n == l.Cap,
				ReasonFloor:    n > 0 && next < 1,
				ReasonBenefit:  next < 1,
				ReasonNode:     full == got.Binding[i].Node && full != "",
				ReasonTotal:    got.Total == most,
			}
			if !holds[got.Binding[i].Code] {
				t.Fatalf("cell %d has %d, next %v: reason %v", i, n, next, got.Binding[i])
			}
		}
	})
}

func TestAllocateCellsIsBlindToOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, leaves := drawTree(t)
		most := rapid.IntRange(-1, 8).Draw(t, "most")
		want, err := AllocateCells(nodes, leaves, most, 1)
		order := make([]int, len(leaves))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		shuffled := make([]Leaf, len(leaves))
		for i, from := range order {
			shuffled[i] = leaves[from]
		}
		got, again := AllocateCells(nodes, shuffled, most, 1)
		if err != nil {
			if again == nil || again.Error() != err.Error() {
				t.Fatalf("error %v, want %v", again, err)
			}
			return
		}
		for i, from := range order {
			if got.PerCell[i] != want.PerCell[from] || got.Binding[i] != want.Binding[from] {
				t.Fatalf("leaf %d got %d %v, want %d %v", from,
					got.PerCell[i], got.Binding[i], want.PerCell[from], want.Binding[from])
			}
		}
		got.PerCell, got.Binding = want.PerCell, want.Binding
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("totals (-want +got):\n%s", diff)
		}
	})
}

func TestALargerMaximumTakesNothingFromACell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, leaves := drawTree(t)
		most := rapid.IntRange(0, 8).Draw(t, "most")
		before, err := AllocateCells(nodes, leaves, most, 0)
		if err != nil {
			return
		}
		after, err := AllocateCells(nodes, leaves, most+1, 0)
		if err != nil {
			t.Fatalf("a larger maximum is infeasible: %v", err)
		}
		for i := range leaves {
			if after.PerCell[i] < before.PerCell[i] {
				t.Fatalf("cell %d fell from %d to %d", i, before.PerCell[i], after.PerCell[i])
			}
		}
		if !(after.ShadowPrice <= before.ShadowPrice) && !math.IsNaN(before.ShadowPrice) {
			t.Fatalf("shadow price rose from %v to %v", before.ShadowPrice, after.ShadowPrice)
		}
	})
}

func TestAllocateCellsKeepsToVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, leaves := drawTree(t)
		most := rapid.IntRange(-1, 8).Draw(t, "most")
		got, err := AllocateCells(nodes, leaves, most, 1)
		if err != nil {
			return
		}
		a := Allocation{
			Total: got.Total, Max: most, Exact: true, Nodes: nodes, Quotas: [][]int{got.PerCell},
			Operators: []OperatorQuota{
				{ID: "all", Ceiling: -1, Request: -1, Previous: -1, Quota: got.Total},
			},
		}
		for i, l := range leaves {
			a.Cells = append(a.Cells, CellQuota{l.Cell, l.Cap, l.Floor, got.PerCell[i], l.Node})
		}
		if err := Verify(a); err != nil {
			t.Fatal(err)
		}
	})
}
