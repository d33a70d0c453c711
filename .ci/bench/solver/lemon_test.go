package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stint-city/stint/quota/apportion"
)

// Thousands of random problems, whole, by stint and by LEMON's network simplex: the same least
// cost, to the unit. LEMON is built by .ci/bench/build.
func TestSolveEqualsLEMON(t *testing.T) {
	b := bench{dir: filepath.Join("..", "..", "..", "build", "bench"), limit: 60}
	if _, err := os.Stat(filepath.Join(b.dir, "lemon")); err != nil {
		t.Skipf("SKIP (loud): LEMON is not built: .ci/bench/build: %v", err)
	}
	problems := 2000
	if testing.Short() {
		problems = 300
	}
	file := filepath.Join(t.TempDir(), "instance")
	solved := 0
	for seed := range problems {
		p := drawn(uint64(seed))
		s, err := apportion.Solve(p)
		if errors.Is(err, apportion.ErrInfeasible) {
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if c, err := apportion.Certify(p, s); err != nil || c.Gap != 0 {
			t.Fatalf("seed %d: gap %d, %v", seed, c.Gap, err)
		}
		objective, err := write(file, p, s, 250)
		if err != nil {
			t.Fatal(err)
		}
		a, err := b.run("lemon", file)
		if err != nil || a.Status != "optimal" || a.Objective != strconv.FormatInt(objective, 10) {
			t.Fatalf("seed %d: LEMON %+v, %v; stint %d", seed, a, err, objective)
		}
		solved++
	}
	if solved < problems/2 {
		t.Errorf("only %d of %d problems had an answer", solved, problems)
	}
	t.Logf("%d problems agree", solved)
}

// drawn is a random problem: single rows and columns, zeros, ties, bounds, what was before.
func drawn(seed uint64) apportion.Problem {
	r := rand.New(rand.NewPCG(seed, 2))
	m, n := 1+r.IntN(9), 1+r.IntN(40)
	p := apportion.Problem{
		Rows: ids("row", m), Cols: ids("column", n), Weights: matrix[float64](m, n),
		RowTotals: make([]int, m), ColTotals: make([]int, n),
		Ties: r.IntN(2) == 0, TieSeed: seed,
		Method: []apportion.Method{"", apportion.DHondt, apportion.Webster}[r.IntN(3)],
	}
	if r.IntN(2) == 0 {
		p.Lower, p.Upper = matrix[int](m, n), matrix[int](m, n)
	}
	if r.IntN(2) == 0 {
		p.Previous, p.Tolerance = matrix[int](m, n), []float64{0, 0.05, 0.4, 2}[r.IntN(4)]
	}
	tied := r.IntN(2) == 0
	for o := range m {
		for c := range n {
			planted := max(0, r.IntN(8)-2)
			p.RowTotals[o] += planted
			p.ColTotals[c] += planted
			if p.Weights[o][c] = 1 + 9*r.Float64(); tied {
				p.Weights[o][c] = float64(1 + r.IntN(2))
			}
			if planted == 0 && r.IntN(3) == 0 {
				p.Weights[o][c] = 0
			}
			if p.Upper != nil {
				p.Upper[o][c] = planted + r.IntN(3)
				if p.Weights[o][c] > 0 {
					p.Lower[o][c] = max(0, planted-r.IntN(4))
				}
			}
			if p.Previous != nil {
				p.Previous[o][c] = max(0, planted+r.IntN(5)-2)
			}
		}
	}
	return p
}
