package apportion

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Against every matrix there is: the least cost is the solver's, and where no matrix exists the cut
// proves it.
func TestSolveEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		least, found := enumerate(p)
		s, err := Solve(p)
		if !found {
			checkCut(t, p, err)
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		c, err := Certify(p, s)
		if err != nil || c.Gap != 0 {
			t.Fatal("gap", c.Gap, err)
		}
		if got := cost(p, s.Matrix); got > least+1e-6 || got < least-1e-6 {
			t.Errorf("cost %v of %v, least %v", got, s.Matrix, least)
		}
	})
}

// drawProblem draws a small problem with ties, zeros and bounds, often infeasible.
func drawProblem(t *rapid.T) Problem {
	m, n := rapid.IntRange(1, 3).Draw(t, "rows"), rapid.IntRange(1, 3).Draw(t, "columns")
	weight := rapid.OneOf(rapid.SampledFrom([]float64{0, 1, 1, 2, 3, 1e-100, 1e-9, 1e100}),
		rapid.Float64Range(0.01, 100))
	p := Problem{
		Rows: ids("row", m), Cols: ids("column", n), Weights: matrixOf[float64](m, n),
		RowTotals: make([]int, m), ColTotals: make([]int, n),
		Lower: matrixOf[int](m, n), Upper: matrixOf[int](m, n), Previous: matrixOf[int](m, n),
		Tolerance: rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(t, "tolerance"),
	}
	for o := range m {
		for c := range n {
			x := rapid.IntRange(0, 3).Draw(t, "planted")
			p.RowTotals[o] += x
			p.ColTotals[c] += x
			p.Weights[o][c] = weight.Draw(t, "weight")
			p.Previous[o][c] = rapid.IntRange(0, 5).Draw(t, "previous")
			if p.Upper[o][c] = rapid.IntRange(0, 6).Draw(t, "upper"); p.Weights[o][c] > 0 {
				p.Lower[o][c] = rapid.IntRange(0, min(2, p.Upper[o][c])).Draw(t, "lower")
			}
		}
	}
	return p
}

// enumerate returns the least cost of all matrices with the totals and bounds; false if there is
// none.
func enumerate(p Problem) (float64, bool) {
	rows, cols := slices.Clone(p.RowTotals), slices.Clone(p.ColTotals)
	least, found := math.Inf(1), false
	x := matrixOf[int](len(rows), len(cols))
	var try func(e int)
	try = func(e int) {
		if e == len(rows)*len(cols) {
			if slices.Max(rows) == 0 && slices.Max(cols) == 0 {
				least, found = min(least, cost(p, x)), true
			}
			return
		}
		o, c := e/len(cols), e%len(cols)
		upper := min(p.Upper[o][c], rows[o], cols[c])
		if p.Weights[o][c] == 0 {
			upper = 0
		}
		for k := p.Lower[o][c]; k <= upper; k++ {
			x[o][c] = k
			rows[o] -= k
			cols[c] -= k
			if c < len(cols)-1 || rows[o] == 0 {
				try(e + 1)
			}
			rows[o] += k
			cols[c] += k
		}
	}
	try(0)
	return least, found
}

// cost is the objective as it is written, with the library's logarithm.
func cost(p Problem, x [][]int) float64 {
	sum := 0.0
	for o, row := range x {
		for c, v := range row {
			for k := 1; k <= v; k++ {
				sum += math.Log((float64(k) - 0.5) / p.Weights[o][c])
			}
			if p.Previous != nil {
				sum += p.Tolerance * math.Abs(float64(v-p.Previous[o][c]))
			}
		}
	}
	return sum
}

// checkCut holds a cut against the inequality of its comment, from the problem alone.
func checkCut(t *rapid.T, p Problem, err error) {
	var cut *CutError
	if !errors.As(err, &cut) || !errors.Is(err, ErrInfeasible) {
		t.Fatalf("no matrix exists, but Solve returns %v", err)
	}
	need, placeable := 0, 0
	for o, row := range p.Rows {
		if slices.Contains(cut.Rows, row) {
			need += p.RowTotals[o]
		}
	}
	for c := range p.Cols {
		free, room := p.ColTotals[c], 0
		for o, row := range p.Rows {
			if !slices.Contains(cut.Rows, row) {
				free -= p.Lower[o][c]
			} else if p.Weights[o][c] > 0 {
				room += p.Upper[o][c]
			}
		}
		placeable += min(free, room)
	}
	if need != cut.Need || placeable != cut.Placeable || need-placeable != cut.Shortfall {
		t.Errorf("cut %+v, but need %d and placeable %d", cut, need, placeable)
	}
	if cut.Shortfall <= 0 {
		t.Errorf("a cut without shortfall proves nothing: %+v", cut)
	}
}

// drawCity draws a made city in general position, for laws that hold up to ties.
func drawCity(t *rapid.T) city {
	return city{
		rows:      rapid.IntRange(1, 6).Draw(t, "rows"),
		cols:      rapid.IntRange(1, 30).Draw(t, "columns"),
		seed:      rapid.Uint64().Draw(t, "seed"),
		tied:      rapid.Bool().Draw(t, "tied"),
		bounded:   rapid.Bool().Draw(t, "bounded"),
		tolerance: rapid.SampledFrom([]float64{0, 0.05, 0.5}).Draw(t, "tolerance"),
	}
}

// Scaling a row or a column scales its multiplier away.
func TestSolveOnlyRatiosMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCity(t)
		c.tied = false
		p, scaled := c.problem(), c.problem()
		r := rand.New(rand.NewPCG(c.seed, 2))
		cols := make([]float64, c.cols)
		for k := range cols {
			cols[k] = math.Exp(3 * r.NormFloat64())
		}
		for o, row := range scaled.Weights {
			factor := math.Exp(3 * r.NormFloat64())
			for k := range row {
				scaled.Weights[o][k] *= factor * cols[k]
			}
		}
		if diff := cmp.Diff(solved(t, p).Matrix, solved(t, scaled).Matrix); diff != "" {
			t.Errorf("scaled weights (-given +scaled):\n%s", diff)
		}
	})
}

// Invariant Q6: shuffled rows and columns carry their quotas and prices along, ties or not.
func TestSolveIsBlindToOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawCity(t).problem()
		p.Ties = rapid.Bool().Draw(t, "lottery")
		order := make([]int, len(p.Rows))
		for i := range order {
			order[i] = i
		}
		rows := rapid.Permutation(order).Draw(t, "row order")
		shuffled := p
		shuffled.Rows, shuffled.RowTotals = permuted(p.Rows, rows), permuted(p.RowTotals, rows)
		shuffled.Weights = permuted(p.Weights, rows)
		shuffled.Lower, shuffled.Upper = permuted(p.Lower, rows), permuted(p.Upper, rows)
		shuffled.Previous = permuted(p.Previous, rows)
		reverse(&shuffled)

		want, got := solved(t, p), solved(t, shuffled)
		want.Matrix, want.RowPrice = permuted(want.Matrix, rows), permuted(want.RowPrice, rows)
		for o := range want.Matrix {
			slices.Reverse(want.Matrix[o])
		}
		slices.Reverse(want.ColPrice)
		if diff := cmp.Diff(want.Matrix, got.Matrix); diff != "" {
			t.Errorf("order matters (-given +shuffled):\n%s", diff)
		}
		if !slices.Equal(want.RowPrice, got.RowPrice) || !slices.Equal(want.ColPrice, got.ColPrice) {
			t.Error("prices depend on order")
		}
	})
}

// reverse turns the columns of a problem round, in copies.
func reverse(p *Problem) {
	p.Cols, p.ColTotals = slices.Clone(p.Cols), slices.Clone(p.ColTotals)
	slices.Reverse(p.Cols)
	slices.Reverse(p.ColTotals)
	p.Weights = mirrored(p.Weights)
	p.Lower, p.Upper, p.Previous = mirrored(p.Lower), mirrored(p.Upper), mirrored(p.Previous)
}

// mirrored is a matrix with its columns turned round.
func mirrored[T any](matrix [][]T) [][]T {
	if matrix == nil {
		return nil
	}
	turned := make([][]T, len(matrix))
	for o, row := range matrix {
		turned[o] = slices.Clone(row)
		slices.Reverse(turned[o])
	}
	return turned
}

// permuted is a list in another order; nil stays nil.
func permuted[T any](list []T, order []int) []T {
	if list == nil {
		return nil
	}
	moved := make([]T, len(order))
	for i, from := range order {
		moved[i] = list[from]
	}
	return moved
}

// With fixed margins more tolerance never means more churn.
func TestSolveMoreToleranceMeansNoMoreChurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCity(t)
		c.tolerance = 0.01
		p := c.problem()
		last := math.MaxInt
		for _, p.Tolerance = range []float64{0, 0.02, 0.1, 0.5, 2, 10} {
			churn := 0
			for o, row := range solved(t, p).Matrix {
				for k, x := range row {
					churn += abs(x - p.Previous[o][k])
				}
			}
			if churn > last {
				t.Errorf("churn %d at tolerance %g, %d before", churn, p.Tolerance, last)
			}
			last = churn
		}
	})
}

// Whatever the search for prices leaves behind, the exact stage ends at the same prices, the middle
// of all that prove the optimum, and at the same of several optima, lottery or not.
func TestBalanceNeedsNoWarmStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawCity(t).problem()
		p.Ties = rapid.Bool().Draw(t, "lottery")
		want := solved(t, p)
		n := newNetwork(&p)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "start"), 0))
		for o := range n.price {
			n.price[o] = int64(r.NormFloat64() * UnitsPerNat)
		}
		n.fillAll()
		moved, cut := n.balance()
		if cut != nil {
			t.Fatal(cut)
		}
		n.center()
		n.canonize()
		got := n.solution(moved)
		if c, err := Certify(p, got); err != nil || c.Gap != 0 {
			t.Fatal("gap", c.Gap, err)
		}
		if diff := cmp.Diff(want.RowPrice, got.RowPrice); diff != "" {
			t.Errorf("row prices depend on the start (-warm +cold):\n%s", diff)
		}
		if diff := cmp.Diff(want.Matrix, got.Matrix); diff != "" {
			t.Errorf("the optimum depends on the start (-warm +cold):\n%s", diff)
		}
	})
}

// The same bytes whatever the number of threads: the city is large enough to be split.
func TestSolveIsBlindToThreads(t *testing.T) {
	for _, lottery := range []bool{true, false} {
		p := city{rows: 8, cols: 4000, seed: 5, tied: true, bounded: true, tolerance: 0.1}.problem()
		p.Ties = lottery
		want := solved(t, p)
		for _, threads := range []int{1, 2, 7} {
			before := runtime.GOMAXPROCS(threads)
			got := solved(t, p)
			runtime.GOMAXPROCS(before)
			got.Augmentations = want.Augmentations // how it went, not what came of it
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d threads (-given +other):\n%s", threads, diff)
			}
		}
	}
}

func TestSolveLotteryFollowsTheSeed(t *testing.T) {
	p := Problem{
		Rows: ids("row", 2), Cols: ids("column", 40), Weights: matrixOf[float64](2, 40),
		RowTotals: []int{20, 20}, ColTotals: slices.Repeat([]int{1}, 40), Ties: true,
	}
	for o := range p.Weights {
		for c := range p.Weights[o] {
			p.Weights[o][c] = 1
		}
	}
	first := solved(t, p).Matrix
	p.TieSeed = 1
	second := solved(t, p).Matrix
	if cmp.Equal(first, second) {
		t.Error("another seed drew the same forty lots")
	}
	// The 20 columns where the first row's lot, less the second's, is lowest are the first row's.
	lead := func(c int) int64 {
		return draw(1, p.Rows[0], p.Cols[c]) - draw(1, p.Rows[1], p.Cols[c])
	}
	for c := range p.Cols {
		for d := range p.Cols {
			if second[0][c] > second[0][d] && lead(c) > lead(d) {
				t.Errorf("column %d beats column %d with a higher lot", c, d)
			}
		}
	}
}
