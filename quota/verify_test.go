package quota

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sound is a small allocation in which everything holds: two operators, three cells, two districts.
func sound() Allocation {
	return Allocation{
		Sector: "bike", Total: 20, Max: 25, Exact: true,
		Nodes: []Node{{"city", -1, 5, 22}, {"a", 0, 8, 14}, {"b", 0, 2, -1}},
		Cells: []CellQuota{
			{Cell: cellOf(1), Capacity: 9, Floor: 2, Total: 8, Node: 1},
			{Cell: cellOf(2), Capacity: 5, Floor: 0, Total: 5, Node: 1},
			{Cell: cellOf(3), Capacity: -1, Floor: 1, Total: 7, Node: 2},
		},
		Operators: []OperatorQuota{
			{ID: "hello", Floor: 4, Ceiling: 13, Request: 12, Previous: 10, Quota: 12, Step: 0.2},
			{ID: "qingju", Floor: 0, Ceiling: -1, Request: -1, Previous: -1, Quota: 8, Step: 0.2},
		},
		Quotas: [][]int{{5, 3, 4}, {3, 2, 3}},
		Lower:  [][]int{{1, 1, 1}, {0, 0, 0}},
		Upper:  [][]int{{6, 3, 9}, {9, 9, 9}},
	}
}

func TestVerifyAcceptsWhatHolds(t *testing.T) {
	tests := map[string]func(a *Allocation){
		"everything in place":             func(*Allocation) {},
		"no lower bounds":                 func(a *Allocation) { a.Lower = nil },
		"no upper bounds":                 func(a *Allocation) { a.Upper = nil },
		"no maximum":                      func(a *Allocation) { a.Max = -1 },
		"a fleet at the edge of its step": func(a *Allocation) { a.Operators[0].Previous = 15 },
		"a fleet that asked for less":     func(a *Allocation) { a.Operators[0].Previous = 100 },
		"no step under an emergency order": func(a *Allocation) {
			a.Operators[0].Previous, a.Operators[0].Step = 1, 0
		},
		"an entrant has no step": func(a *Allocation) { a.Operators[1].Previous = -1 },
		"an operator that lost its licence is out at once": func(a *Allocation) {
			a.Operators = append(a.Operators, OperatorQuota{
				ID: "ofo", Ceiling: 0, Request: -1, Previous: 50, Step: 0.2,
			})
			a.Quotas, a.Lower, a.Upper = append(a.Quotas, []int{0, 0, 0}), nil, nil
		},
		"fleets below a total that may stay unallocated": func(a *Allocation) {
			a.Exact = false
			a.Operators[1].Quota, a.Quotas[1][2] = 7, 2
		},
		"an empty city": func(a *Allocation) {
			*a = Allocation{Nodes: []Node{{"city", -1, 0, -1}}, Max: -1, Exact: true}
		},
	}
	for name, edit := range tests {
		t.Run(name, func(t *testing.T) {
			a := sound()
			edit(&a)
			if err := Verify(a); err != nil {
				t.Error(err)
			}
		})
	}
}

type breachCase struct {
	edit func(a *Allocation)
	want Breach
}

func breachCases() map[string]breachCase {
	return map[string]breachCase{
		"a missing row": {
			func(a *Allocation) { a.Quotas = a.Quotas[:1] }, Breach{Invariant: "shape", Got: 1, Want: 2},
		},
		"a short row": {
			func(a *Allocation) { a.Quotas[1] = a.Quotas[1][:2] },
			Breach{Invariant: "shape", Operator: "qingju", Got: 2, Want: 3},
		},
		"a short row of lower bounds": {
			func(a *Allocation) { a.Lower[0] = nil },
			Breach{Invariant: "shape", Operator: "hello", Got: 0, Want: 3},
		},
		"upper bounds for one operator only": {
			func(a *Allocation) { a.Upper = a.Upper[1:] }, Breach{Invariant: "shape", Got: 1, Want: 2},
		},
		"a cell given twice": {
			func(a *Allocation) { a.Cells[2].Cell = cellOf(1) },
			Breach{Invariant: "shape", Cell: cellOf(1), Got: 2, Want: 1},
		},
		"an operator given twice": {
			func(a *Allocation) { a.Operators[1].ID = "hello" },
			Breach{Invariant: "shape", Operator: "hello", Got: 2, Want: 1},
		},
		"a cell in no node": {
			func(a *Allocation) { a.Cells[0].Node = 3 },
			Breach{Invariant: "shape", Cell: cellOf(1), Got: 3, Want: 3},
		},
		"no nodes": {
			func(a *Allocation) { a.Nodes = nil }, Breach{Invariant: "shape", Got: 0, Want: 1},
		},
		"a root with a parent": {
			func(a *Allocation) { a.Nodes[0].Parent = 0 },
			Breach{Invariant: "shape", Node: "city", Got: 0, Want: -1},
		},
		"a node that stands before its parent": {
			func(a *Allocation) { a.Nodes[1].Parent = 2 },
			Breach{Invariant: "shape", Node: "a", Got: 2, Want: 1},
		},
		"a total above the maximum": {
			func(a *Allocation) { a.Max = 19 }, Breach{Invariant: "Q1", Got: 20, Want: 19},
		},
		"cells that do not sum to the total": {
			func(a *Allocation) { a.Cells[2].Total = 6 }, Breach{Invariant: "Q1", Got: 19, Want: 20},
		},
		"cells above a total that need not be exact": {
			func(a *Allocation) { a.Exact, a.Cells[0].Total = false, 9 },
			Breach{Invariant: "Q1", Got: 21, Want: 20},
		},
		"fleets that do not sum to the total": {
			func(a *Allocation) { a.Operators[1].Quota = 7 }, Breach{Invariant: "Q1", Got: 19, Want: 20},
		},
		"fleets above a total that need not be exact": {
			func(a *Allocation) { a.Exact, a.Operators[1].Quota = false, 9 },
			Breach{Invariant: "Q1", Got: 21, Want: 20},
		},
		"a fleet below its floor": {
			func(a *Allocation) { a.Operators[0].Floor = 13 },
			Breach{Invariant: "Q2", Operator: "hello", Got: 12, Want: 13},
		},
		"a fleet above its request": {
			func(a *Allocation) { a.Operators[0].Request = 11 },
			Breach{Invariant: "Q2", Operator: "hello", Got: 12, Want: 11},
		},
		"a fleet above its ceiling": {
			func(a *Allocation) { a.Operators[1].Ceiling = 7 },
			Breach{Invariant: "Q2", Operator: "qingju", Got: 8, Want: 7},
		},
		"a cell above its capacity": {
			func(a *Allocation) { a.Cells[1].Capacity = 4 },
			Breach{Invariant: "Q7", Cell: cellOf(2), Got: 5, Want: 4},
		},
		"a cell below its floor": {
			func(a *Allocation) { a.Cells[2].Floor = 8 },
			Breach{Invariant: "Q7", Cell: cellOf(3), Got: 7, Want: 8},
		},
		"quotas above a cell's capacity": {
			func(a *Allocation) { a.Quotas[0][0] = 7 },
			Breach{Invariant: "Q7", Cell: cellOf(1), Got: 10, Want: 9},
		},
		"a district below its floor": {
			func(a *Allocation) { a.Nodes[2].Floor = 8 },
			Breach{Invariant: "nodes", Node: "b", Got: 7, Want: 8},
		},
		"a district above its cap": {
			func(a *Allocation) { a.Nodes[1].Cap = 12 },
			Breach{Invariant: "nodes", Node: "a", Got: 13, Want: 12},
		},
		"the city above its cap": {
			func(a *Allocation) { a.Nodes[0].Cap = 19 },
			Breach{Invariant: "nodes", Node: "city", Got: 20, Want: 19},
		},
		"a fleet that rises too fast": {
			func(a *Allocation) { a.Operators[0].Previous = 9 }, // at most 9 + 1.8
			Breach{Invariant: "Q8", Operator: "hello", Got: 12, Want: 10},
		},
		"a fleet that falls too fast": {
			func(a *Allocation) { a.Operators[1].Previous = 11 }, // at least 11 - 2.2
			Breach{Invariant: "Q8", Operator: "qingju", Got: 8, Want: 9},
		},
		"a quota that its operator's fleet does not hold": {
			func(a *Allocation) { a.Quotas[1][2] = 4 },
			Breach{Invariant: "rows", Operator: "qingju", Got: 9, Want: 8},
		},
		"a cell with more than its total": {
			func(a *Allocation) { a.Quotas[1][0], a.Quotas[1][2] = 4, 2 },
			Breach{Invariant: "columns", Cell: cellOf(1), Got: 9, Want: 8},
		},
		"a cell with less than its total": {
			func(a *Allocation) { a.Quotas[1][0], a.Quotas[1][2] = 2, 4 },
			Breach{Invariant: "columns", Cell: cellOf(1), Got: 7, Want: 8},
		},
		"an entry below its lower bound": {
			func(a *Allocation) { a.Lower[1][1] = 3 },
			Breach{Invariant: "bounds", Operator: "qingju", Cell: cellOf(2), Got: 2, Want: 3},
		},
		"an entry above its upper bound": {
			func(a *Allocation) { a.Upper[0][0] = 4 },
			Breach{Invariant: "bounds", Operator: "hello", Cell: cellOf(1), Got: 5, Want: 4},
		},
	}
}

func TestVerifyNamesTheBreach(t *testing.T) {
	for name, tt := range breachCases() {
		t.Run(name, func(t *testing.T) {
			a := sound()
			tt.edit(&a)
			got := breach(t, a)
			if got.Text == "" || !strings.Contains(got.Error(), got.Text) {
				t.Errorf("breach without a sentence: %v", got)
			}
			tt.want.Sector, tt.want.Text = "bike", got.Text
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("breach (-want +got):\n%s", diff)
			}
		})
	}
}

// breach verifies a broken allocation.
func breach(t *testing.T, a Allocation) *Breach {
	t.Helper()
	var got *Breach
	if err := Verify(a); !errors.As(err, &got) {
		t.Fatalf("Verify = %v, want a *Breach", err)
	}
	return got
}

func TestVerifyCatchesNegativeEntries(t *testing.T) {
	a := sound()
	a.Lower, a.Upper = nil, nil
	a.Quotas[0][0], a.Quotas[1][0] = -1, 9
	a.Quotas[0][2], a.Quotas[1][2] = 10, -3
	if got := breach(t, a); got.Invariant != "bounds" || got.Got != -1 || got.Want != 0 {
		t.Errorf("breach %v, want bounds, -1 against 0", got)
	}
}

func TestBreachText(t *testing.T) {
	a := sound()
	a.Upper[0][0] = 4
	got := breach(t, a).Error()
	want := `bounds broken: sector "bike", operator "hello", cell ` + cellOf(1).String() +
		`: a quota is at most its upper bound: got 5, want 4`
	if got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	a.Nodes[2].Floor = 8
	want = `nodes broken: sector "bike", node "b": the cells inside sum to at least the floor: ` +
		`got 7, want 8`
	if got := breach(t, a).Error(); got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

// plant makes an allocation round a random matrix, so that everything holds with no room to spare.
func plant(t *rapid.T) Allocation {
	operators := rapid.IntRange(1, 4).Draw(t, "operators")
	cells := rapid.IntRange(1, 6).Draw(t, "cells")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
	a := Allocation{Max: -1, Exact: true, Nodes: []Node{{"city", -1, 0, 0}, {"a", 0, 0, 0}}}
	for i := range cells {
		a.Cells = append(a.Cells, CellQuota{Cell: cellOf(i), Node: rng.IntN(2)})
	}
	for k := range operators {
		row, o := make([]int, cells), OperatorQuota{ID: string(rune('a' + k)), Previous: -1}
		for i := range row {
			row[i] = rng.IntN(5)
			o.Quota += row[i]
			a.Cells[i].Total += row[i]
		}
		o.Floor, o.Ceiling, o.Request = o.Quota, o.Quota, o.Quota
		a.Total += o.Quota
		a.Operators, a.Quotas = append(a.Operators, o), append(a.Quotas, row)
	}
	for i := range a.Cells {
		a.Cells[i].Floor, a.Cells[i].Capacity = a.Cells[i].Total, a.Cells[i].Total
		if a.Cells[i].Node == 1 {
			a.Nodes[1].Cap += a.Cells[i].Total
		}
	}
	a.Nodes[0].Cap = a.Total
	a.Nodes[0].Floor, a.Nodes[1].Floor = a.Nodes[0].Cap, a.Nodes[1].Cap
	a.Lower, a.Upper = a.Quotas, a.Quotas
	return a
}

func TestVerifyHoldsEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := plant(t)
		if err := Verify(a); err != nil {
			t.Fatalf("planted: %v", err)
		}
		k := rapid.IntRange(0, len(a.Operators)-1).Draw(t, "operator")
		i := rapid.IntRange(0, len(a.Cells)-1).Draw(t, "cell")
		by := rapid.SampledFrom([]int{-1, 1}).Draw(t, "by")
		numbers := map[string]*int{
			"total": &a.Total, "fleet": &a.Operators[k].Quota, "cell": &a.Cells[i].Total,
			"entry": &a.Quotas[k][i],
		}
		names := []string{"total", "fleet", "cell", "entry"}
		*numbers[rapid.SampledFrom(names).Draw(t, "number")] += by
		if Verify(a) == nil {
			t.Fatal("one number changed and nothing was said")
		}
	})
}
