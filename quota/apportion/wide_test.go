package apportion

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Against every matrix there is, with everything a problem can ask for: ranges, groups, local
// shares, other divisors.
func TestSolveEqualsEnumerationInEverything(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			seen[checkWide(t)]++
		}
	})
	drewEach(t, seen, "solved", "cut", "forced", "grouped")
}

// drewEach fails if a kind was never drawn. The short run draws too few to tell.
func drewEach(t *testing.T, seen map[string]int, kinds ...string) {
	t.Helper()
	for _, kind := range kinds {
		if seen[kind] == 0 && !testing.Short() {
			t.Errorf("no draw was %s: %v", kind, seen)
		}
	}
}

// checkWide draws a problem, holds its answer against enumeration, and tells what came of it.
func checkWide(t *rapid.T) string {
	p := drawWide(t)
	least, found := enumerateWide(&p)
	s, err := Solve(p)
	switch {
	case errors.Is(err, ErrMalformed):
		return "malformed" // the sums of the ranges can't meet, which the check sees at once
	case !found:
		return checkWideCut(t, &p, err)
	case err != nil:
		t.Fatal(err)
	}
	c, err := Certify(p, s)
	if err != nil || c.Gap != 0 {
		t.Fatal("gap", c.Gap, err)
	}
	checkReadings(t, p, s)
	if got := wideCost(&p, s.Matrix); math.Abs(got-least) > 1e-6 {
		t.Errorf("cost %v of %v, least %v", got, s.Matrix, least)
	}
	return "solved"
}

// checkReadings holds the citizen's formula against every entry.
func checkReadings(t *rapid.T, p Problem, s *Solution) {
	for o := range p.Rows {
		for c := range p.Cols {
			r := Read(p, s, o, c)
			fair := max(r.Low, min(r.Previous, r.High))
			off := abs(r.Quota - max(r.Lower, min(fair, r.Upper)))
			if off > 1 || off == 1 && r.Code != Tie {
				t.Errorf("row %d, column %d: %+v", o, c, r)
			}
		}
	}
}

// Against every rounding of a table there is.
func TestNearestEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, n := rapid.IntRange(1, 3).Draw(t, "rows"), rapid.IntRange(1, 3).Draw(t, "columns")
		fraction := rapid.OneOf(rapid.SampledFrom([]float64{0, 0.5, 1, 2}), rapid.Float64Range(0.01, 3))
		p := Problem{
			Rows: ids("row", m), Cols: ids("column", n), Weights: matrixOf[float64](m, n),
			RowTotals: make([]int, m), ColTotals: make([]int, n), Method: Nearest,
		}
		for o := range m {
			for c := range n {
				w := fraction.Draw(t, "weight")
				p.Weights[o][c] = w
				up := rapid.SampledFrom([]float64{math.Floor(w), math.Ceil(w)}).Draw(t, "planted")
				p.RowTotals[o] += int(up)
				p.ColTotals[c] += int(up)
			}
		}
		least := math.Inf(1)
		for pick := range 1 << (m * n) {
			x := matrixOf[int](m, n)
			sum := 0.0
			for e := range m * n {
				w := p.Weights[e/n][e%n]
				up := math.Floor(w)
				if pick>>e&1 == 1 {
					up = math.Ceil(w)
				}
				x[e/n][e%n] = int(up)
				sum += math.Abs(up - w)
			}
			if keepsMargins(&p, x) {
				least = min(least, sum)
			}
		}
		s, sum := solved(t, p), 0.0
		for o, row := range p.Weights {
			for c, w := range row {
				sum += math.Abs(float64(s.Matrix[o][c]) - w)
				r := Read(p, s, o, c)
				off := abs(r.Quota - max(r.Lower, min(r.High, r.Upper)))
				if off > 1 || off == 1 && r.Code != Tie {
					t.Errorf("row %d, column %d: %+v", o, c, r)
				}
			}
		}
		if math.Abs(sum-least) > 1e-9 {
			t.Errorf("sum of changes %g of %v, least %g", sum, s.Matrix, least)
		}
	})
}

// drawWide draws a small problem of every kind.
func drawWide(t *rapid.T) Problem {
	p := drawProblem(t)
	m, n := len(p.Rows), len(p.Cols)
	methods := []Method{"", Webster, DHondt, Adams, HuntingtonHill}
	p.Method = rapid.SampledFrom(methods).Draw(t, "method")
	p.LocalShare = rapid.SampledFrom([]float64{0, 0, 0.5, 0.7}).Draw(t, "local share")
	if rapid.Bool().Draw(t, "rows have room") {
		p.RowLeast = drawLeast(t, p.RowTotals)
	}
	if rapid.Bool().Draw(t, "columns have room") {
		p.ColLeast = drawLeast(t, p.ColTotals)
	}
	if rapid.Bool().Draw(t, "groups") {
		p.Group, p.GroupMost = make([]int, n), matrixOf[int](m, 2)
		for c := range p.Group {
			p.Group[c] = rapid.IntRange(0, 1).Draw(t, "group")
		}
		for o := range p.GroupMost {
			for g := range p.GroupMost[o] {
				p.GroupMost[o][g] = rapid.IntRange(1, 8).Draw(t, "most")
			}
		}
	}
	return p
}

// drawLeast draws the leasts of totals, and widens some totals.
func drawLeast(t *rapid.T, totals []int) []int {
	least := make([]int, len(totals))
	for i := range totals {
		least[i] = max(0, totals[i]-rapid.IntRange(0, 3).Draw(t, "room below"))
		totals[i] += rapid.IntRange(0, 2).Draw(t, "room above")
	}
	return least
}

// wideBounds are an entry's bounds as Problem describes them.
func wideBounds(p *Problem, o, c int) (lower, upper int) {
	t := p.Weights[o][c]
	if t == 0 {
		return 0, 0
	}
	lower, upper = p.Lower[o][c], p.Upper[o][c]
	if p.LocalShare > 0 {
		share := int(math.Ceil(p.LocalShare*float64(p.ColTotals[c]) - 1e-9))
		upper = max(lower, min(upper, share))
	}
	if upper > 0 && (p.Method == Adams || p.Method == HuntingtonHill) {
		lower = max(lower, 1)
	}
	return lower, upper
}

// enumerateWide returns the least cost of all matrices; false if there is none.
func enumerateWide(p *Problem) (float64, bool) {
	m, n := len(p.Rows), len(p.Cols)
	x := matrixOf[int](m, n)
	least, found := math.Inf(1), false
	var try func(e int)
	try = func(e int) {
		if e == m*n {
			if keepsMargins(p, x) {
				least, found = min(least, wideCost(p, x)), true
			}
			return
		}
		o, c := e/n, e%n
		lower, upper := wideBounds(p, o, c)
		row, col := 0, 0
		for k := range c {
			row += x[o][k]
		}
		for k := range o {
			col += x[k][c]
		}
		upper = min(upper, p.RowTotals[o]-row, p.ColTotals[c]-col)
		for k := lower; k <= upper; k++ {
			x[o][c] = k
			try(e + 1)
		}
		x[o][c] = 0
	}
	try(0)
	return least, found
}

// keepsMargins reports whether a matrix has the totals and keeps the mosts of its groups.
func keepsMargins(p *Problem, x [][]int) bool {
	within := func(sum int, totals, least []int, i int) bool {
		if least == nil {
			return sum == totals[i]
		}
		return least[i] <= sum && sum <= totals[i]
	}
	cols := make([]int, len(p.Cols))
	for o, row := range x {
		sum, groups := 0, make([]int, 2)
		for c, v := range row {
			sum += v
			cols[c] += v
			if p.Group != nil {
				groups[p.Group[c]] += v
			}
		}
		if !within(sum, p.RowTotals, p.RowLeast, o) {
			return false
		}
		if p.Group != nil && (groups[0] > p.GroupMost[o][0] || groups[1] > p.GroupMost[o][1]) {
			return false
		}
	}
	for c, sum := range cols {
		if !within(sum, p.ColTotals, p.ColLeast, c) {
			return false
		}
	}
	return true
}

// wideCost is the objective as it is written. A signpost of 0 costs nothing but the weight.
func wideCost(p *Problem, x [][]int) float64 {
	sum := 0.0
	for o, row := range x {
		for c, v := range row {
			for k := 1.0; k <= float64(v); k++ {
				post := map[Method]float64{
					"": k - 0.5, Webster: k - 0.5, DHondt: k, Adams: k - 1,
					HuntingtonHill: math.Sqrt(k * (k - 1)),
				}[p.Method]
				if post > 0 {
					sum += math.Log(post)
				}
				sum -= math.Log(p.Weights[o][c])
			}
			sum += p.Tolerance * math.Abs(float64(v-p.Previous[o][c]))
		}
	}
	return sum
}

// checkWideCut holds a cut against the inequality of its comment, from the problem alone, and tells
// of which kind it is.
func checkWideCut(t *rapid.T, p *Problem, err error) string {
	var cut *CutError
	if !errors.As(err, &cut) {
		t.Fatalf("no matrix exists, but Solve returns %v", err)
	}
	named := func(o int) bool { return slices.Contains(cut.Rows, p.Rows[o]) }
	capped := func(o, c int) bool {
		return p.Group != nil && slices.ContainsFunc(cut.Groups, func(g GroupLimit) bool {
			return g.Row == p.Rows[o] && g.Group == p.Group[c]
		})
	}
	outside := func(o int) bool { return named(o) != cut.Forced && p.RowTotals[o] > 0 }
	rows, totals, least := 0, 0, 0
	for o, total := range p.RowTotals {
		if named(o) {
			rows += total
			least += wideLeast(p.RowTotals, p.RowLeast, o)
		}
		totals += total
	}
	need, placeable, room := rows, 0, 0
	for c, total := range p.ColTotals {
		free, most := total, 0
		for o := range p.Rows {
			lower, upper := wideBounds(p, o, c)
			if outside(o) && !capped(o, c) {
				most += upper
			} else {
				free -= lower
			}
		}
		colLeast := wideLeast(p.ColTotals, p.ColLeast, c)
		room += total
		if cut.Forced {
			placeable += max(total-free, colLeast-most)
		} else {
			placeable += min(free, most)
		}
	}
	if cut.Forced {
		need, placeable = placeable, rows
	} else if p.RowLeast != nil {
		need = least
		if p.ColLeast == nil {
			need = max(least, room-(totals-rows))
		}
	}
	for _, g := range cut.Groups {
		placeable += g.Most
	}
	if need != cut.Need || placeable != cut.Placeable || need-placeable != cut.Shortfall {
		t.Errorf("cut %+v, but need %d and placeable %d", cut, need, placeable)
	}
	if cut.Shortfall <= 0 {
		t.Errorf("a cut without shortfall proves nothing: %+v", cut)
	}
	switch {
	case cut.Forced:
		return "forced"
	case len(cut.Groups) > 0:
		return "grouped"
	}
	return "cut"
}

// wideLeast is the least of a margin.
func wideLeast(totals, least []int, i int) int {
	if least == nil {
		return totals[i]
	}
	return least[i]
}

// Any matrix in the optimum's place is refused, or leaves a gap of just what it costs more; and at
// any prices no matrix costs less than the certificate's bound.
func TestCertifyJudgesAnyMatrix(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := drawWide(t)
		s, err := Solve(p)
		if err != nil {
			return
		}
		best, optimum := wideCost(&p, s.Matrix), s.Matrix
		for range 8 {
			s.Matrix = disturbed(t, optimum)
			certificate, err := Certify(p, s)
			if sound := keepsAll(&p, s.Matrix); sound != (err == nil) {
				t.Fatalf("sound %v, but %v: %v", sound, err, s.Matrix)
			} else if !sound {
				seen["refused"]++
				continue
			}
			seen["judged"]++
			more := wideCost(&p, s.Matrix) - best
			if math.Abs(float64(certificate.Gap)/UnitsPerNat-more) > 1e-6 {
				t.Errorf("gap %d, but %v costs %g more", certificate.Gap, s.Matrix, more)
			}
		}
		s.Matrix = optimum
		spoil(t, &p, s)
		if certificate, err := Certify(p, s); err != nil || certificate.Gap < 0 {
			t.Errorf("gap %d, %v at other prices", certificate.Gap, err)
		}
	})
	drewEach(t, seen, "refused", "judged")
}

// disturbed is a matrix with a unit more and a unit less, or with two units swapped.
func disturbed(t *rapid.T, x [][]int) [][]int {
	y := matrixClone(x)
	row := rapid.IntRange(0, len(x)-1)
	col := rapid.IntRange(0, len(x[0])-1)
	o, c := row.Draw(t, "row"), col.Draw(t, "column")
	q, d := row.Draw(t, "other row"), col.Draw(t, "other column")
	y[o][c]--
	y[q][d]++
	if rapid.Bool().Draw(t, "swap") { // so that all sums stay
		y[o][d]++
		y[q][c]++
		y[q][d] -= 2
	}
	return y
}

// keepsAll reports whether a matrix keeps margins and bounds.
func keepsAll(p *Problem, x [][]int) bool {
	for o, row := range x {
		for c, v := range row {
			if lower, upper := wideBounds(p, o, c); v < lower || v > upper {
				return false
			}
		}
	}
	return keepsMargins(p, x)
}

// spoil moves a price.
func spoil(t *rapid.T, p *Problem, s *Solution) {
	by := rapid.Int64Range(-3*UnitsPerNat, 3*UnitsPerNat).Draw(t, "by")
	s.RowMultipliers, s.ColMultipliers, s.GroupMultipliers = nil, nil, nil
	o := rapid.IntRange(0, len(p.Rows)-1).Draw(t, "row")
	s.RowPrice[o] += by
	s.ColPrice[rapid.IntRange(0, len(p.Cols)-1).Draw(t, "column")] -= by / 2
	if s.GroupPrice != nil {
		s.GroupPrice[o][0] = min(0, s.GroupPrice[o][0]+by)
	}
}

func TestCertifyRefusesAPriceThatPaysForAGroup(t *testing.T) {
	p := square2()
	p.Group, p.GroupMost = []int{0, 1}, [][]int{{9, 9}, {9, 9}}
	s := solved(t, p)
	s.GroupMultipliers[1][0] = 1.001
	if _, err := Certify(p, s); !errors.Is(err, ErrUncertified) {
		t.Errorf("a wrong multiplier: Certify = %v, want %v", err, ErrUncertified)
	}
	s.GroupPrice[0][1], s.GroupMultipliers = 1, nil
	if _, err := Certify(p, s); !errors.Is(err, ErrUncertified) {
		t.Errorf("Certify = %v, want %v", err, ErrUncertified)
	}
}
