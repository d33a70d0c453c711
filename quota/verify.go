package quota

import "math"

// Verify re-checks an Allocation by sums alone, knowing nothing of how it was made. It returns nil,
// or the first *Breach in this order:
//
//	shape    every row, column, node and ID is there, once
//	Q1       cells and fleets sum to Total (to at most it, unless Exact), and Total is at most Max
//	Q2       Floor <= Quota <= min(Request, Ceiling) for every operator
//	Q7       floor <= total <= capacity of every cell; its quotas sum to at most the capacity
//	nodes    Floor <= total of the cells inside <= Cap for every node
//	Q8       every fleet stays within its step of Previous; the step keeps nobody above its own
//	         request, nor in the city at all where its Ceiling is 0, as without a licence
//	rows     each operator's quotas sum to its fleet
//	columns  each cell's quotas sum to its total (to at most it, unless Exact)
//	bounds   Lower <= quota <= Upper and quota >= 0 for every entry
//
// Within a rule, operators, cells and nodes go in the order given. Cost: O(operators * cells).
func Verify(a Allocation) error {
	rules := []func(*Allocation) *Breach{
		verifyShape, verifyTotal, verifyFleets, verifyCells, verifyNodes,
		verifySteps, verifyRows, verifyColumns, verifyBounds,
	}
	for _, rule := range rules {
		if breach := rule(&a); breach != nil {
			breach.Sector = a.Sector
			return breach
		}
	}
	return nil
}

// verifyTotal holds Q1.
func verifyTotal(a *Allocation) *Breach {
	cells, fleets := 0, 0
	for _, c := range a.Cells {
		cells += c.Total
	}
	for _, o := range a.Operators {
		fleets += o.Quota
	}
	text, got, want := "", 0, a.Total
	switch {
	case a.Max >= 0 && a.Total > a.Max:
		text, got, want = "the total is at most the maximum", a.Total, a.Max
	case a.Exact && cells != a.Total:
		text, got = "cells sum to the total", cells
	case cells > a.Total:
		text, got = "cells sum to at most the total", cells
	case a.Exact && fleets != a.Total:
		text, got = "fleets sum to the total", fleets
	case fleets > a.Total:
		text, got = "fleets sum to at most the total", fleets
	default:
		return nil
	}
	return &Breach{Invariant: "Q1", Text: text, Got: got, Want: want}
}

// verifyFleets holds Q2.
func verifyFleets(a *Allocation) *Breach {
	for _, o := range a.Operators {
		text, want := "", 0
		switch {
		case o.Quota < 0:
			text, want = "a fleet is at least zero", 0
		case o.Quota < o.Floor:
			text, want = "a fleet is at least its floor", o.Floor
		case o.Request >= 0 && o.Quota > o.Request:
			text, want = "a fleet is at most its request", o.Request
		case o.Ceiling >= 0 && o.Quota > o.Ceiling:
			text, want = "a fleet is at most its ceiling", o.Ceiling
		default:
			continue
		}
		return &Breach{Invariant: "Q2", Operator: o.ID, Text: text, Got: o.Quota, Want: want}
	}
	return nil
}

// verifyCells holds Q7.
func verifyCells(a *Allocation) *Breach {
	for i, c := range a.Cells {
		sum := a.column(i)
		text, got, want := "", c.Total, 0
		switch {
		case c.Total < 0:
			text, want = "a cell's total is at least zero", 0
		case c.Capacity >= 0 && c.Total > c.Capacity:
			text, want = "a cell's total is at most its capacity", c.Capacity
		case c.Capacity >= 0 && sum > c.Capacity:
			text, got, want = "a cell's quotas sum to at most its capacity", sum, c.Capacity
		case c.Total < c.Floor:
			text, want = "a cell's total is at least its floor", c.Floor
		default:
			continue
		}
		return &Breach{Invariant: "Q7", Cell: c.Cell, Text: text, Got: got, Want: want}
	}
	return nil
}

// verifyNodes holds the floors and caps of the tree.
func verifyNodes(a *Allocation) *Breach {
	sums := make([]int, len(a.Nodes))
	for _, c := range a.Cells {
		for v := c.Node; v >= 0; v = a.Nodes[v].Parent {
			sums[v] += c.Total
		}
	}
	for v, node := range a.Nodes {
		text, want := "", 0
		switch {
		case sums[v] < node.Floor:
			text, want = "the cells inside sum to at least the floor", node.Floor
		case node.Cap >= 0 && sums[v] > node.Cap:
			text, want = "the cells inside sum to at most the cap", node.Cap
		default:
			continue
		}
		return &Breach{Invariant: "nodes", Node: node.ID, Text: text, Got: sums[v], Want: want}
	}
	return nil
}

// verifySteps holds Q8.
func verifySteps(a *Allocation) *Breach {
	for _, o := range a.Operators {
		if o.Previous < 0 || o.Step <= 0 {
			continue
		}
		change := float64(o.Previous) * o.Step
		least := o.Previous - int(math.Floor(change+1e-9))
		most := o.Previous + int(math.Floor(change+1e-9))
		if o.Request >= 0 {
			least = min(least, o.Request)
		}
		if o.Ceiling == 0 {
			least = 0
		}
		text, want := "", 0
		switch {
		case o.Quota > most:
			text, want = "a fleet rises by at most the step", most
		case o.Quota < least:
			text, want = "a fleet falls by at most the step", least
		default:
			continue
		}
		return &Breach{Invariant: "Q8", Operator: o.ID, Text: text, Got: o.Quota, Want: want}
	}
	return nil
}
