package apportion

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// A chain of changes ends where Solve ends from scratch, and what it says has moved is what has;
// a change that can't be leaves everything as it was.
func TestResolveEqualsSolve(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := drawWide(t)
		if rapid.Bool().Draw(t, "a city") {
			p = drawCity(t).problem()
		}
		s, err := NewSolver(cloned(p))
		if err != nil {
			return
		}
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			before := s.Solution()
			change := drawChange(t, &p)
			moved, err := s.Resolve(change)
			carryOut(&p, change)
			want, wantErr := Solve(p)
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("Resolve: %v, Solve: %v", err, wantErr)
			}
			after := s.Solution()
			if err != nil {
				seen["refused"]++
				if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("a refused change left something (-before +after):\n%s", diff)
				}
				sameKind(t, err, wantErr)
				return
			}
			seen["resolved"]++
			want.Augmentations = 0
			if diff := cmp.Diff(want, after, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("(-scratch +resolved):\n%s", diff)
			}
			for _, m := range moved {
				if before.Matrix[m.Row][m.Col] != m.From || m.From == m.To {
					t.Errorf("moved %+v, but it was %d", m, before.Matrix[m.Row][m.Col])
				}
				before.Matrix[m.Row][m.Col] = m.To
			}
			if diff := cmp.Diff(after.Matrix, before.Matrix); diff != "" {
				t.Errorf("what moved doesn't lead there (-there +led):\n%s", diff)
			}
		}
	})
	drewEach(t, seen, "refused", "resolved")
}

// cloned is a problem with slices of its own.
func cloned(p Problem) Problem {
	p.RowTotals, p.ColTotals = slices.Clone(p.RowTotals), slices.Clone(p.ColTotals)
	p.Weights = matrixClone(p.Weights)
	p.Lower, p.Upper = matrixClone(p.Lower), matrixClone(p.Upper)
	return p
}

// matrixClone is a matrix of its own; nil stays nil.
func matrixClone[T any](x [][]T) [][]T {
	clone := slices.Clone(x)
	for o := range clone {
		clone[o] = slices.Clone(clone[o])
	}
	return clone
}

// carryOut makes a change in a problem.
func carryOut(p *Problem, change Change) {
	for row, total := range change.RowTotals {
		p.RowTotals[row] = total
	}
	for col, total := range change.ColTotals {
		p.ColTotals[col] = total
	}
	for _, e := range change.Entries {
		p.Weights[e.Row][e.Col] = e.Weight
		if p.Lower != nil {
			p.Lower[e.Row][e.Col] = e.Lower
		}
		if p.Upper != nil {
			p.Upper[e.Row][e.Col] = e.Upper
		}
	}
}

// sameKind holds two refusals against each other.
func sameKind(t *rapid.T, got, want error) {
	for _, kind := range []error{ErrMalformed, ErrInfeasible} {
		if errors.Is(got, kind) != errors.Is(want, kind) {
			t.Errorf("Resolve: %v, Solve: %v", got, want)
		}
	}
}

// drawChange draws a unit or a few more here and less there, or another bound.
func drawChange(t *rapid.T, p *Problem) Change {
	change := Change{RowTotals: map[int]int{}, ColTotals: map[int]int{}}
	row := rapid.IntRange(0, len(p.Rows)-1).Draw(t, "row")
	col := rapid.IntRange(0, len(p.Cols)-1).Draw(t, "column")
	by := rapid.IntRange(-2, 3).Draw(t, "by")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0: // a cell grows, and an operator's total
		change.RowTotals[row] = p.RowTotals[row] + by
		change.ColTotals[col] = p.ColTotals[col] + by
	case 1: // from one operator to another
		other := rapid.IntRange(0, len(p.Rows)-1).Draw(t, "other")
		change.RowTotals[row] = p.RowTotals[row] + by
		change.RowTotals[other] = p.RowTotals[other] - by
	case 2: // from one cell to another
		other := rapid.IntRange(0, len(p.Cols)-1).Draw(t, "other")
		change.ColTotals[col] = p.ColTotals[col] + by
		change.ColTotals[other] = p.ColTotals[other] - by
	default:
		e := EntryChange{Row: row, Col: col, Weight: rapid.Float64Range(0.1, 9).Draw(t, "weight")}
		e.Lower, e.Upper = 0, rapid.IntRange(0, 9).Draw(t, "upper")
		change.Entries = append(change.Entries, e)
	}
	return change
}

func BenchmarkResolve(b *testing.B) {
	p := city{rows: 20, cols: 100_000, seed: 1}.problem()
	s, err := NewSolver(p)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("one cell and one operator", func(b *testing.B) {
		for k := 0; b.Loop(); k++ {
			row, col := k%20, k*7919%100_000
			if _, err := s.Resolve(Change{
				RowTotals: map[int]int{row: p.RowTotals[row] + 3},
				ColTotals: map[int]int{col: p.ColTotals[col] + 3},
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("from scratch", func(b *testing.B) {
		for b.Loop() {
			if _, err := Solve(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
