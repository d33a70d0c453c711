package daypart

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/quota/apportion"
)

// town is two operators of 12 and 8 vehicles in four cells that carry 10 each, 5 in each now.
func town() (*Sector, Quotas) {
	s := &Sector{
		Operators: []string{"a", "b"}, Cells: []string{"north", "south", "east", "west"},
		Totals: []int{12, 8}, Capacity: []int{10, 10, 10, 10},
		Claims: [][]float64{{3, 3, 3, 3}, {2, 2, 2, 2}},
	}
	return s, Quotas{[]int{5, 5, 5, 5}, [][]int{{3, 3, 3, 3}, {2, 2, 2, 2}}}
}

func TestTurn(t *testing.T) {
	same, morning := []float64{1, 1, 1, 1}, []float64{3, 1, 0.5, 0.5}
	stay := []int{5, 5, 5, 5}
	tests := map[string]struct {
		rules  Rules
		demand []float64
		want   Change
		cells  []int // in force after it
	}{
		// 20 × (3, 1, ½, ½) / 5 is 12, 4, 2, 2; north carries 10, the other 10 go 5, 2.5, 2.5, and of
		// the halves east comes first by ID: 5 vehicles go north, 2 from the east and 3 from the west.
		"follows the demand": {
			demand: morning, want: Change{Why: WhyMoved, Due: 5, Moved: 5, InForce: true},
			cells: []int{10, 5, 3, 2},
		},
		"by steps of two": { // north may take two, so that east and west give one each
			rules: Rules{Step: 0.4}, demand: morning, cells: []int{7, 5, 4, 4},
			want: Change{Why: WhyMoved, Due: 5, Moved: 2, Stepped: 3, InForce: true},
		},
		"with notice": {
			Rules{Notice: 2}, morning, Change{Why: WhyMoved, Due: 5, Moved: 5}, stay,
		},
		"what fits stays": {Rules{}, same, Change{Why: WhyBand}, stay},
		"within the band": {Rules{Band: 0.3}, morning, Change{Why: WhyBand, Due: 5}, stay},
		"too soon":        {Rules{Hold: 4}, morning, Change{Why: WhyHold}, stay},
		"unknown demand":  {Rules{}, []float64{3, math.NaN(), 1, 1}, Change{Why: WhyNoDemand}, stay},
		"no demand":       {Rules{}, []float64{0, 0, 0, 0}, Change{Why: WhyNoDemand}, stay},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, now := town()
			got, change, err := Turn(s, tt.rules, Standing{Now: now}, 3, tt.demand)
			if err != nil {
				t.Fatal(err)
			}
			change.Changed = 0 // TestTurnPromises holds it to the matrix
			if diff := cmp.Diff(tt.want, change); diff != "" {
				t.Errorf("change (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.cells, got.Now.Cells); diff != "" {
				t.Errorf("in force (-want +got):\n%s", diff)
			}
		})
	}
}

// Two districts of two cells each; the left one may hold 12. Of 20 the demand (3, 1, ½, ½) is due
// 16 there, but 12 it is: 9 and 3 by weight; the right gets 8, halved.
func TestADistrictKeepsItsBounds(t *testing.T) {
	s, now := town()
	s.Nodes = []Node{{"city", -1, 0, -1}, {"left", 0, 0, 12}, {"right", 0, 0, -1}}
	s.NodeOf = []int{1, 1, 2, 2}
	got, _, err := Turn(s, Rules{}, Standing{Now: now}, 0, []float64{3, 1, 0.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{9, 3, 4, 4}, got.Now.Cells); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestNoticeIsKept(t *testing.T) {
	s, now := town()
	rules := Rules{Notice: 2}
	at, first, err := Turn(s, rules, Standing{Now: now}, 0, []float64{3, 1, 0.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	decided := at.Next.Cells
	for turn, why := range map[int]string{1: WhyNotice} {
		again, change, err := Turn(s, rules, at, turn, []float64{1, 1, 1, 9})
		if err != nil || change.Why != why || cmp.Diff(decided, again.Next.Cells) != "" {
			t.Errorf("turn %d: %+v, %v", turn, change, err)
		}
	}
	at, change, err := Turn(s, rules, at, 2, []float64{3, 1, 0.5, 0.5})
	if err != nil || !change.InForce || change.Why != WhyBand || first.Moved != 5 {
		t.Errorf("when it is due: %+v, %v", change, err)
	}
	if diff := cmp.Diff(decided, at.Now.Cells); diff != "" || at.Since != 2 {
		t.Errorf("in force since %d (-decided +got):\n%s", at.Since, diff)
	}
}

func TestTurnRefuses(t *testing.T) {
	s, now := town()
	_, _, err := Turn(s, Rules{}, Standing{Now: now}, 0, []float64{1, -1, 1, 1})
	if !errors.Is(err, ErrDemand) {
		t.Errorf("a demand below zero: %v", err)
	}
	s.Capacity = []int{4, 4, 4, 4} // for 20 vehicles
	_, _, err = Turn(s, Rules{}, Standing{Now: now}, 0, []float64{1, 1, 1, 1})
	var full *apportion.RangeError
	if !errors.As(err, &full) {
		t.Errorf("no room: %v", err)
	}
}

func TestSeason(t *testing.T) {
	// Beijing's winter, 800,000 → 600,000 in proportion; and 20 × 0.55 = 11 of 12 and 8: 6.6 and 4.4.
	for _, tt := range []struct {
		totals []int
		factor float64
		want   []int
	}{
		{[]int{480_000, 320_000}, 0.75, []int{360_000, 240_000}},
		{[]int{12, 8}, 0.55, []int{7, 4}},
		{[]int{12, 8}, 1, []int{12, 8}},
		{[]int{12, 8}, 0, []int{0, 0}},
	} {
		got, err := Season([]string{"a", "b"}, tt.totals, tt.factor)
		if err != nil || cmp.Diff(tt.want, got) != "" {
			t.Errorf("%v × %g = %v, %v, want %v", tt.totals, tt.factor, got, err, tt.want)
		}
	}
	if _, err := Season([]string{"a"}, []int{1}, 1.1); !errors.Is(err, ErrDemand) {
		t.Errorf("a season that raises: %v", err)
	}
}

// drawn is a random sector with quotas that fit it.
func drawn(t *rapid.T) (*Sector, Quotas) {
	m, n := rapid.IntRange(1, 4).Draw(t, "operators"), rapid.IntRange(2, 8).Draw(t, "cells")
	s := &Sector{TieSeed: 7}
	q := Quotas{Cells: make([]int, n)}
	for k := range m {
		s.Operators = append(s.Operators, fmt.Sprint("o", k))
		row, claims := make([]int, n), make([]float64, n)
		total := 0
		for i := range row {
			row[i] = rapid.IntRange(0, 9).Draw(t, "quota")
			claims[i] = rapid.Float64Range(0.1, 5).Draw(t, "claim")
			q.Cells[i] += row[i]
			total += row[i]
		}
		s.Totals, s.Claims = append(s.Totals, total), append(s.Claims, claims)
		q.Matrix = append(q.Matrix, row)
	}
	for i := range n {
		s.Cells = append(s.Cells, fmt.Sprint("c", i))
		s.Capacity = append(s.Capacity, q.Cells[i]+rapid.IntRange(0, 20).Draw(t, "free"))
	}
	if rapid.Bool().Draw(t, "districts") {
		drawNodes(t, s, &q)
	}
	return s, q
}

// drawNodes puts the cells into the city and two districts whose bounds the quotas fit.
func drawNodes(t *rapid.T, s *Sector, q *Quotas) {
	s.Nodes = []Node{{"city", -1, 0, -1}, {"left", 0, 0, 0}, {"right", 0, 0, 0}}
	for i, n := range q.Cells {
		at := 1 + i%2
		s.NodeOf = append(s.NodeOf, at)
		s.Nodes[at].Floor += n
		s.Nodes[at].Cap += n
	}
	for at := 1; at < 3; at++ {
		s.Nodes[at].Floor = max(0, s.Nodes[at].Floor-rapid.IntRange(0, 9).Draw(t, "below"))
		s.Nodes[at].Cap += rapid.IntRange(0, 9).Draw(t, "above")
	}
}

// holds fails the test unless quotas keep what a plan promises: Q1, Q2 and Q7.
func holds(t *rapid.T, s *Sector, q *Quotas) {
	cells := make([]int, len(s.Cells))
	for o, row := range q.Matrix {
		sum := 0
		for i, n := range row {
			if n < 0 {
				t.Fatalf("%d vehicles", n)
			}
			sum += n
			cells[i] += n
		}
		if sum != s.Totals[o] {
			t.Fatalf("operator %d has %d, want %d", o, sum, s.Totals[o])
		}
	}
	for at, node := range s.Nodes {
		sum := 0
		for i, n := range cells {
			if s.NodeOf[i] == at {
				sum += n
			}
		}
		if node.Cap >= 0 && (sum > node.Cap || sum < node.Floor) {
			t.Fatalf("%s holds %d, want %d to %d", node.ID, sum, node.Floor, node.Cap)
		}
	}
	for i := range cells {
		if cells[i] != q.Cells[i] || cells[i] > s.Capacity[i] {
			t.Fatalf("cell %d has %d, told %d, carries %d", i, cells[i], q.Cells[i], s.Capacity[i])
		}
	}
}

// Whatever comes in whatever order: sums and capacities hold, no cell leaves its step, nothing
// changes without notice, and to ask again gives the same.
func TestTurnPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, q := drawn(t)
		r := Rules{
			Band:      rapid.SampledFrom([]float64{0, 0.05, 0.2}).Draw(t, "band"),
			Step:      rapid.SampledFrom([]float64{0, 0.1, 0.5}).Draw(t, "step"),
			Tolerance: rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "tolerance"),
			Hold:      rapid.IntRange(0, 2).Draw(t, "hold"), Notice: rapid.IntRange(0, 2).Draw(t, "notice"),
		}
		at := Standing{Now: q}
		for turn := range rapid.IntRange(1, 6).Draw(t, "turns") {
			demand := rapid.SliceOfN(rapid.Float64Range(0, 50), len(s.Cells), len(s.Cells)).
				Draw(t, "demand")
			next, change, err := Turn(s, r, at, turn, demand)
			if err != nil {
				t.Fatal(err)
			}
			again, _, _ := Turn(s, r, at, turn, demand)
			if diff := cmp.Diff(next, again); diff != "" {
				t.Fatalf("asked again:\n%s", diff)
			}
			holds(t, s, &next.Now)
			if next.Next != nil {
				holds(t, s, next.Next)
			}
			for i, n := range next.Now.Cells {
				most := max(1, int(r.Step*float64(at.Now.Cells[i])))
				if d := n - at.Now.Cells[i]; r.Step > 0 && (d > most || -d > most) {
					t.Fatalf("cell %d went from %d to %d at a step of %g", i, at.Now.Cells[i], n, r.Step)
				}
			}
			if !change.InForce && cmp.Diff(at.Now, next.Now) != "" {
				t.Fatalf("turn %d changed what is in force: %+v", turn, change)
			}
			at = next
		}
	})
}

// Under a demand that stays, each change comes nearer to it, and soon none is decided any more.
func TestAdjustmentSettles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, q := drawn(t)
		r := Rules{Step: rapid.SampledFrom([]float64{0, 0.2, 0.5}).Draw(t, "step")}
		demand := rapid.SliceOfN(rapid.Float64Range(0.1, 50), len(s.Cells), len(s.Cells)).
			Draw(t, "demand")
		at, due := Standing{Now: q}, s.fleet()+1
		way := make([]int, len(s.Cells))
		for turn := range s.fleet() + 2 {
			next, change, err := Turn(s, r, at, turn, demand)
			if err != nil {
				t.Fatal(err)
			}
			if change.Why != WhyMoved {
				return
			}
			if change.Due >= due {
				t.Fatalf("turn %d: %d due after %d", turn, change.Due, due)
			}
			holds(t, s, &next.Now)
			for i, n := range next.Now.Cells { // none turns back
				if d := n - at.Now.Cells[i]; d != 0 {
					if d*way[i] < 0 {
						t.Fatalf("cell %d turned back at turn %d", i, turn)
					}
					way[i] = d
				}
			}
			at, due = next, change.Due
		}
		t.Fatal("it never settles")
	})
}

// Under a demand that scatters by 3 % around the same, one change at most is decided with a band of
// 8 %: what stands then is within twice the scatter of what comes next.
func TestNoiseMovesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, q := drawn(t)
		s.Nodes, s.NodeOf = nil, nil
		for k := range s.Totals { // a thousand vehicles, so that rounding is far below the band
			s.Totals[k] = 0
			for i := range q.Matrix[k] {
				q.Cells[i] += 100*q.Matrix[k][i] + 30
				q.Matrix[k][i] = 101*q.Matrix[k][i] + 30
				s.Totals[k] += q.Matrix[k][i]
			}
		}
		for i := range s.Capacity {
			s.Capacity[i] = 100_000
		}
		mean := rapid.SliceOfN(rapid.Float64Range(0.5, 50), len(s.Cells), len(s.Cells)).Draw(t, "mean")
		at, moves := Standing{Now: q}, 0
		for turn := range 12 {
			demand := make([]float64, len(mean))
			for i := range demand {
				demand[i] = mean[i] * (1 + rapid.Float64Range(-0.03, 0.03).Draw(t, "noise"))
			}
			next, change, err := Turn(s, Rules{Band: 0.08}, at, turn, demand)
			if err != nil {
				t.Fatal(err)
			}
			if change.Why == WhyMoved {
				moves++
			}
			at = next
		}
		if moves > 1 {
			t.Fatalf("%d changes under noise", moves)
		}
	})
}
