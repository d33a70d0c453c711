package quota

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// city is a tree of one node.
func city() []Node { return []Node{{ID: "city", Parent: -1, Cap: -1}} }

// districts are a city with two districts a and b, with the caps given.
func districts(capA, capB int) []Node {
	return []Node{
		{ID: "city", Parent: -1, Cap: -1},
		{ID: "a", Parent: 0, Cap: capA},
		{ID: "b", Parent: 0, Cap: capB},
	}
}

func leaf(cell, node, most int, marginal ...float64) Leaf {
	return Leaf{Cell: cellOf(cell), Node: node, Cap: most, Weight: 1, Marginal: marginal}
}

// floored gives the leaf a floor.
func floored(l Leaf, floor int) Leaf {
	l.Floor = floor
	return l
}

// weighted gives the leaf a weight.
func weighted(l Leaf, weight float64) Leaf {
	l.Weight = weight
	return l
}

func reasons(codes ...ReasonCode) []Reason {
	out := make([]Reason, len(codes))
	for i, code := range codes {
		out[i].Code = code
	}
	return out
}

type allocateCase struct {
	nodes   []Node
	leaves  []Leaf
	most    int
	benefit float64
	want    []int
	binding []Reason
	shadow  float64
}

func allocateCases() map[string]allocateCase {
	nan := math.NaN()
	capped := []Reason{{ReasonNode, "a"}, {ReasonNode, "a"}, {ReasonBenefit, ""}}
	return map[string]allocateCase{
		"each vehicle goes where it adds most": {
			city(),
			[]Leaf{leaf(1, 0, 9, 5, 3, 1), leaf(2, 0, 9, 4, 2)},
			3, 0,
			[]int{2, 1},
			reasons(ReasonTotal, ReasonTotal), 3,
		},
		"without a maximum all that add enough are given": {
			city(),
			[]Leaf{leaf(1, 0, 9, 5, 3, 1), leaf(2, 0, 9, 4, 2)},
			-1, 2,
			[]int{2, 2},
			reasons(ReasonBenefit, ReasonBenefit), 2,
		},
		"what adds nothing is not given": {
			city(),
			[]Leaf{leaf(1, 0, 9, 5, 0), leaf(2, 0, 9)},
			-1, 0,
			[]int{1, 0},
			reasons(ReasonBenefit, ReasonBenefit), 5,
		},
		"a benefit below the fixed point is nothing": {
			city(),
			[]Leaf{leaf(1, 0, 9, 1e-10)},
			-1, 0,
			[]int{0},
			reasons(ReasonBenefit), nan,
		},
		"a cell's capacity ends its list": {
			city(),
			[]Leaf{leaf(1, 0, 1, 5, 3), leaf(2, 0, 0, 4)},
			-1, 0,
			[]int{1, 0},
			reasons(ReasonCapacity, ReasonCapacity), 5,
		},
		"a tie goes to the lower cell": {
			city(),
			[]Leaf{leaf(9, 0, 9, 2, 2), leaf(3, 0, 9, 2, 2)},
			3, 0,
			[]int{1, 2},
			reasons(ReasonTotal, ReasonBenefit), 2,
		},
		"a benefit that differs past the fixed point is a tie": {
			city(),
			[]Leaf{leaf(9, 0, 9, 2+1e-12), leaf(3, 0, 9, 2)},
			1, 0,
			[]int{0, 1},
			reasons(ReasonTotal, ReasonBenefit), 2,
		},
		"equity weighs a benefit": {
			city(),
			[]Leaf{leaf(1, 0, 9, 5), weighted(leaf(2, 0, 9, 3), 2)},
			1, 0,
			[]int{0, 1},
			reasons(ReasonTotal, ReasonBenefit), 6,
		},
		"a floor comes first, even where it adds nothing": {
			city(),
			[]Leaf{leaf(1, 0, 9, 5, 3), floored(leaf(2, 0, 9, 1), 2)},
			3, 0,
			[]int{1, 2},
			reasons(ReasonTotal, ReasonFloor), 5,
		},
		"nothing but floors has no shadow price": {
			city(),
			[]Leaf{floored(leaf(1, 0, 9, 1), 1)},
			-1, 2,
			[]int{1},
			reasons(ReasonFloor), nan,
		},
		"a floor that is worth its space is no reason": {
			city(),
			[]Leaf{floored(leaf(1, 0, 9, 5, 1), 1)},
			-1, 2,
			[]int{1},
			reasons(ReasonBenefit), nan,
		},
		"a district's cap sends vehicles elsewhere": {
			districts(2, -1),
			[]Leaf{leaf(1, 1, 9, 9, 8), leaf(2, 1, 9, 7, 6), leaf(3, 2, 9, 3)},
			-1, 0,
			[]int{2, 0, 1},
			[]Reason{{ReasonBenefit, ""}, {ReasonNode, "a"}, {ReasonBenefit, ""}},
			3,
		},
		"the innermost full node is the reason": {
			[]Node{{"city", -1, 0, 2}, {"a", 0, 0, 2}, {"core", 1, 0, -1}},
			[]Leaf{leaf(1, 2, 9, 9, 8, 7), leaf(2, 1, 9, 6), leaf(3, 0, 9)},
			-1, 0,
			[]int{2, 0, 0},
			capped, 8,
		},
		"a district's floor takes its best cells": {
			[]Node{{"city", -1, 0, -1}, {"a", 0, 2, -1}, {"b", 0, 0, -1}},
			[]Leaf{leaf(1, 1, 9, 1), leaf(2, 1, 9, 2), leaf(3, 2, 9, 9, 8)},
			3, 0,
			[]int{1, 1, 1},
			reasons(ReasonBenefit, ReasonBenefit, ReasonTotal), 9,
		},
		"a district's floor without demand fills its lowest cell": {
			[]Node{{"city", -1, 0, -1}, {"a", 0, 3, -1}},
			[]Leaf{leaf(2, 1, 2), leaf(1, 1, 2)},
			-1, 0,
			[]int{1, 2},
			reasons(ReasonFloor, ReasonCapacity), nan,
		},
		"a cell's floor counts for its district's": {
			[]Node{{"city", -1, 0, -1}, {"a", 0, 3, -1}},
			[]Leaf{floored(leaf(1, 1, 9), 2), leaf(2, 1, 9, 7, 6)},
			3, 0,
			[]int{2, 1},
			reasons(ReasonFloor, ReasonTotal), nan,
		},
		"no cells, no vehicles": {city(), nil, -1, 0, []int{}, []Reason{}, nan},
	}
}

func TestAllocateCells(t *testing.T) {
	for name, tt := range allocateCases() {
		t.Run(name, func(t *testing.T) {
			got, err := AllocateCells(tt.nodes, tt.leaves, tt.most, tt.benefit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.PerCell); diff != "" {
				t.Errorf("vehicles by cell (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.binding, got.Binding); diff != "" {
				t.Errorf("reasons by cell (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.shadow, got.ShadowPrice, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("shadow price (-want +got):\n%s", diff)
			}
			sum := 0
			for _, n := range got.PerCell {
				sum += n
			}
			if got.Total != sum || got.NodeTotals[0] != sum {
				t.Errorf("total %d and root %d, want %d", got.Total, got.NodeTotals[0], sum)
			}
		})
	}
}

func TestAllocateCellsInfeasible(t *testing.T) {
	tests := map[string]struct {
		nodes  []Node
		leaves []Leaf
		most   int
		want   InfeasibleError
		text   string
	}{
		"a cell's floor above its own capacity names the cell": {
			city(),
			[]Leaf{floored(leaf(1, 0, 2), 5)},
			-1,
			InfeasibleError{Cell: cellOf(1), By: ReasonCapacity, Need: 5, Room: 2, Short: 3},
			"cell " + cellOf(1).String() + ": floors need 5 vehicles, it takes 2: 3 too few",
		},
		"cells' floors above their district's cap name the district": {
			districts(4, -1),
			[]Leaf{floored(leaf(1, 1, 9), 3), floored(leaf(2, 1, 9), 3), leaf(3, 2, 9)},
			-1,
			InfeasibleError{Node: "a", By: ReasonNode, Need: 6, Room: 4, Short: 2},
			`node "a": floors need 6 vehicles, its cap is 4: 2 too few`,
		},
		"a district's floor above its cells' capacity names the district": {
			[]Node{{"city", -1, 0, -1}, {"a", 0, 10, -1}},
			[]Leaf{leaf(1, 1, 3, 5), leaf(2, 1, 4), leaf(3, 0, 9)},
			-1,
			InfeasibleError{Node: "a", By: ReasonCapacity, Need: 10, Room: 7, Short: 3},
			`node "a": floors need 10 vehicles, its cells take 7: 3 too few`,
		},
		"an area's cap limits what its district's floor can take": {
			[]Node{{"city", -1, 0, -1}, {"a", 0, 6, -1}, {"core", 1, 0, 2}},
			[]Leaf{leaf(1, 2, 9), leaf(2, 1, 3)},
			-1,
			InfeasibleError{Node: "a", By: ReasonCapacity, Need: 6, Room: 5, Short: 1},
			`node "a": floors need 6 vehicles, its cells take 5: 1 too few`,
		},
		"districts' floors above the city's cap name the city": {
			[]Node{{"city", -1, 0, 5}, {"a", 0, 3, -1}, {"b", 0, 3, -1}},
			[]Leaf{leaf(1, 1, 9), leaf(2, 2, 9)},
			-1,
			InfeasibleError{Node: "city", By: ReasonNode, Need: 6, Room: 5, Short: 1},
			`node "city": floors need 6 vehicles, its cap is 5: 1 too few`,
		},
		"floors above the maximum name the city": {
			city(),
			[]Leaf{floored(leaf(1, 0, 9), 3)},
			2,
			InfeasibleError{Node: "city", By: ReasonTotal, Need: 3, Room: 2, Short: 1},
			`node "city": floors need 3 vehicles, the city's maximum is 2: 1 too few`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := AllocateCells(tt.nodes, tt.leaves, tt.most, 0)
			var got *InfeasibleError
			if !errors.As(err, &got) || !errors.Is(err, ErrInfeasible) {
				t.Fatalf("error %v, want an *InfeasibleError that is ErrInfeasible", err)
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got.Error() != tt.text {
				t.Errorf("text %q, want %q", got.Error(), tt.text)
			}
		})
	}
}

func TestAllocateCellsPanics(t *testing.T) {
	tests := map[string]struct {
		nodes   []Node
		leaves  []Leaf
		benefit float64
	}{
		"without a root":                  {nil, nil, 0},
		"on a child before its parent":    {[]Node{{"city", -1, 0, -1}, {"a", 1, 0, -1}}, nil, 0},
		"on a second root":                {[]Node{{"city", -1, 0, -1}, {"a", -1, 0, -1}}, nil, 0},
		"on a negative floor":             {[]Node{{"city", -1, -1, -1}}, nil, 0},
		"on a cap below none":             {[]Node{{"city", -1, 0, -2}}, nil, 0},
		"on a leaf in no node":            {city(), []Leaf{leaf(1, 1, 5)}, 0},
		"on a leaf without capacity":      {city(), []Leaf{leaf(1, 0, -1)}, 0},
		"on a cell given twice":           {city(), []Leaf{leaf(1, 0, 5), leaf(1, 0, 5)}, 0},
		"on benefits that rise":           {city(), []Leaf{leaf(1, 0, 5, 1, 2)}, 0},
		"on a benefit that is no number":  {city(), []Leaf{leaf(1, 0, 5, math.NaN())}, 0},
		"on an infinite benefit":          {city(), []Leaf{leaf(1, 0, 5, math.Inf(1))}, 0},
		"on a weight below nothing":       {city(), []Leaf{weighted(leaf(1, 0, 5, 1), -1)}, 0},
		"on a least benefit of no number": {city(), nil, math.NaN()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("AllocateCells did not panic")
				}
			}()
			_, _ = AllocateCells(tt.nodes, tt.leaves, -1, tt.benefit)
		})
	}
}

func TestShenzhenDistrictCapsSumToTheCitysTotal(t *testing.T) {
	// Ten thousands of vehicles, tender notice of Shenzhen: Futian, Luohu, Nanshan, Yantian, Bao'an,
	// Longgang, Longhua, Pingshan, Guangming, Dapeng. They sum to 45.00, the city's 450 thousand.
	caps := []int{51800, 32100, 62600, 6600, 100900, 94300, 56700, 15300, 26100, 3600}
	nodes := []Node{{ID: "shenzhen", Parent: -1, Cap: -1}}
	var leaves []Leaf
	one := make([]float64, 120000)
	for n := range one {
		one[n] = 1
	}
	for d, most := range caps {
		nodes = append(nodes, Node{ID: string(rune('a' + d)), Cap: most})
		leaves = append(leaves, leaf(d+1, d+1, len(one), one...))
	}
	got, err := AllocateCells(nodes, leaves, -1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got.Total != 450000 {
		t.Errorf("total under the district caps = %d, want 450000", got.Total)
	}
	if diff := cmp.Diff(caps, got.PerCell); diff != "" {
		t.Errorf("districts (-want +got):\n%s", diff)
	}
}
