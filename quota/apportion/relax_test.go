package apportion

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRelax(t *testing.T) {
	all := map[Remedy]int{
		LowerMinimum: 2, RaiseLimit: 3, LowerRow: 5, RaiseRow: 5, LowerCol: 1, RaiseCol: 4,
	}
	// Rows a and b need 9; x can take 4, and y, by their upper bounds, 2+1: two too few. Raising an
	// upper bound costs 3 a unit; a unit more in x instead would cost 4, and leave y one short.
	short := Problem{
		Rows: []string{"a", "b", "c"}, Cols: []string{"x", "y"},
		Weights:   [][]float64{{1, 1}, {1, 1}, {1, 1}},
		RowTotals: []int{5, 4, 3}, ColTotals: []int{4, 8},
		Upper: [][]int{{9, 2}, {9, 1}, {9, 9}},
	}
	// Row b holds 2 of x whatever happens, so that 2 are left for row a, which may go nowhere else.
	held := Problem{
		Rows: []string{"a", "b"}, Cols: []string{"x", "y"},
		Weights:   [][]float64{{1, 0}, {1, 1}},
		RowTotals: []int{3, 4}, ColTotals: []int{4, 3},
		Lower: [][]int{{0, 0}, {2, 0}},
	}
	// What can't be raised must be given up: two vehicles of a or b, and two places of y.
	tests := map[string]struct {
		problem Problem
		prices  map[Remedy]int
		want    Relaxation
	}{
		"the cheapest of several": {short, all, Relaxation{
			[]Relief{{RaiseLimit, "a", "y", 2, 3}, {RaiseLimit, "b", "y", 1, 2}}, 6,
		}},
		"a minimum is lowered": {held, all, Relaxation{
			[]Relief{{LowerMinimum, "b", "x", 2, 1}}, 2,
		}},
		"only what has a price": {held, map[Remedy]int{RaiseCol: 7, LowerCol: 1}, Relaxation{
			[]Relief{{LowerCol, "", "y", 3, 2}, {RaiseCol, "", "x", 4, 5}}, 8,
		}},
		"nothing to relax": {square2(), all, Relaxation{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Relax(tt.problem, tt.prices)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&tt.want, got); diff != "" {
				t.Errorf("relaxation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRelaxRefuses(t *testing.T) {
	p := square2()
	for name, prices := range map[string]map[Remedy]int{
		"a price of 0":      {RaiseLimit: 0},
		"a price too high":  {RaiseLimit: MaxRemedyPrice + 1},
		"a strange remedy ": {"prayer": 1},
	} {
		if _, err := Relax(p, prices); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, want %v", name, err, ErrMalformed)
		}
	}
	p.Upper = [][]int{{0, 0}, {5, 5}}
	if _, err := Relax(p, map[Remedy]int{LowerMinimum: 1}); !errors.Is(err, ErrInfeasible) {
		t.Errorf("no remedy that helps: %v, want %v", err, ErrInfeasible)
	}
}

// Against every matrix there is: no relaxation costs less, and the problem relaxed has an answer.
func TestRelaxIsCheapest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawWide(t)
		p.Group, p.GroupMost = nil, nil
		prices := map[Remedy]int{}
		for _, remedy := range Remedies() {
			if rapid.Bool().Draw(t, string(remedy)) {
				prices[remedy] = rapid.IntRange(1, 9).Draw(t, "price")
			}
		}
		if p.check() != nil {
			return
		}
		least, found := cheapestRelaxation(&p, prices)
		r, err := Relax(p, prices)
		if !found {
			if !errors.Is(err, ErrInfeasible) {
				t.Fatalf("Relax = %+v, %v, but nothing helps", r, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.Cost != least {
			t.Fatalf("cost %d of %+v, least %d", r.Cost, r.Reliefs, least)
		}
		relaxed := applied(t, p, r)
		if _, err := Solve(relaxed); err != nil {
			t.Errorf("%+v: %v", r.Reliefs, err)
		}
	})
}

// applied is a problem with a relaxation carried out.
func applied(t *rapid.T, p Problem, r *Relaxation) Problem {
	clone := func(x [][]int) [][]int {
		y := make([][]int, len(x))
		for o := range x {
			y[o] = slices.Clone(x[o])
		}
		return y
	}
	lower, upper := clone(p.Lower), clone(p.Upper)
	for o := range p.Rows {
		for c := range p.Cols {
			lower[o][c], upper[o][c] = p.Bounds(o, c)
			if p.Weights[o][c] == 0 {
				continue
			}
			for _, relief := range r.Reliefs {
				if relief.Row != p.Rows[o] || relief.Col != p.Cols[c] {
					continue
				}
				if relief.Remedy == LowerMinimum {
					lower[o][c] = relief.To
				} else {
					upper[o][c] = relief.To
				}
			}
		}
	}
	p.Lower, p.Upper, p.LocalShare = lower, upper, 0
	if p.Method.gives() {
		p.Method = Webster // which asks for no minimum of its own
	}
	p.RowTotals, p.RowLeast = moved(p.Rows, p.RowTotals, p.RowLeast, r, LowerRow, RaiseRow)
	p.ColTotals, p.ColLeast = moved(p.Cols, p.ColTotals, p.ColLeast, r, LowerCol, RaiseCol)
	return p
}

// moved are margins after the reliefs of two remedies.
func moved(
	ids []string, totals, leasts []int, r *Relaxation, lower, raise Remedy,
) (to, from []int) {
	to, from = slices.Clone(totals), slices.Clone(leasts)
	for i, id := range ids {
		for _, relief := range r.Reliefs {
			switch {
			case relief.Row+relief.Col != id || relief.Row != "" && relief.Col != "":
			case relief.Remedy == raise:
				to[i] = relief.To
			case relief.Remedy == lower && leasts != nil:
				from[i] = relief.To
			case relief.Remedy == lower:
				to[i] = relief.To
			}
		}
	}
	return to, from
}

// cheapestRelaxation tries every matrix that no more than doubles a total.
func cheapestRelaxation(p *Problem, prices map[Remedy]int) (int, bool) {
	m, n := len(p.Rows), len(p.Cols)
	// Column by column: what each way to fill one leaves the rows, at the least cost so far.
	type rows [3]int
	states := map[rows]int{{}: 0}
	beyond := func(x, low, high int, below, above Remedy) (int, bool) {
		switch {
		case x < low:
			return (low - x) * prices[below], prices[below] > 0
		case x > high:
			return (x - high) * prices[above], prices[above] > 0
		}
		return 0, true
	}
	for c := range n {
		next := map[rows]int{}
		for start, cost := range states {
			var fill func(o, sum, cost int, at rows)
			fill = func(o, sum, cost int, at rows) {
				if o == m {
					low, high := wideLeast(p.ColTotals, p.ColLeast, c), p.ColTotals[c]
					if more, ok := beyond(sum, low, high, LowerCol, RaiseCol); ok {
						if old, known := next[at]; !known || cost+more < old {
							next[at] = cost + more
						}
					}
					return
				}
				low, high := p.Bounds(o, c)
				most := 2 * min(p.ColTotals[c], p.RowTotals[o])
				if p.Weights[o][c] == 0 {
					most = 0
				}
				for x := 0; x <= most && sum+x <= 2*p.ColTotals[c]; x++ {
					more, ok := beyond(x, low, high, LowerMinimum, RaiseLimit)
					to := at
					if to[o] += x; ok && to[o] <= 2*p.RowTotals[o] {
						fill(o+1, sum+x, cost+more, to)
					}
				}
			}
			fill(0, 0, cost, start)
		}
		states = next
	}
	least, found := 0, false
	for at, cost := range states {
		fits := true
		for o := range m {
			low, high := wideLeast(p.RowTotals, p.RowLeast, o), p.RowTotals[o]
			more, ok := beyond(at[o], low, high, LowerRow, RaiseRow)
			fits = fits && ok
			cost += more
		}
		if fits && (!found || cost < least) {
			least, found = cost, true
		}
	}
	return least, found
}
