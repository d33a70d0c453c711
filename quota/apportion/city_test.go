package apportion

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// city is a made problem like a real city's: cell totals of a long tail, claims as shares of the
// city spread by local use, shares of a cell capped, a minimum here and there, a plan of last year.
type city struct {
	rows, cols int
	seed       uint64
	tied       bool // claims proportional to the cell's total: equal claims everywhere
	bounded    bool // local caps and minima
	tolerance  float64
}

// problem makes the city. A planted matrix keeps it feasible.
func (c city) problem() Problem {
	r := rand.New(rand.NewPCG(c.seed, 1))
	p := Problem{
		Rows: ids("operator", c.rows), Cols: ids("cell", c.cols), Ties: true, TieSeed: c.seed,
		Weights: matrixOf[float64](c.rows, c.cols), RowTotals: make([]int, c.rows),
		ColTotals: make([]int, c.cols), Tolerance: c.tolerance,
	}
	if c.bounded {
		p.Lower, p.Upper = matrixOf[int](c.rows, c.cols), matrixOf[int](c.rows, c.cols)
	}
	if c.tolerance > 0 {
		p.Previous = matrixOf[int](c.rows, c.cols)
	}
	share := make([]float64, c.rows)
	for o := range share {
		share[o] = 0.2 + r.Float64()
	}
	for cell := range p.Cols {
		c.fill(&p, cell, share, r)
	}
	return p
}

// fill makes one cell: its total, claims, bounds, last year's quotas and a planted answer.
func (c city) fill(p *Problem, cell int, share []float64, r *rand.Rand) {
	total := int(math.Exp(2.5 + 1.1*r.NormFloat64()))
	p.ColTotals[cell] = total
	planted := make([]int, c.rows)
	for range total {
		planted[pick(share, r)]++
	}
	for o, s := range share {
		p.Weights[o][cell] = s * float64(total+1)
		if !c.tied {
			p.Weights[o][cell] *= math.Exp(0.8 * r.NormFloat64())
		}
		p.RowTotals[o] += planted[o]
		if c.bounded {
			p.Upper[o][cell] = max(planted[o], total*6/10)
			p.Lower[o][cell] = min(planted[o], total/20)
		}
		if c.tolerance > 0 {
			p.Previous[o][cell] = planted[r.IntN(c.rows)]
		}
	}
}

// pick draws an index in proportion to the weights.
func pick(weights []float64, r *rand.Rand) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := r.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return 0
}

// ids are n IDs in byte order.
func ids(kind string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s-%06d", kind, i)
	}
	return list
}

// matrixOf is a matrix of zeros.
func matrixOf[T any](m, n int) [][]T {
	matrix := make([][]T, m)
	for o := range matrix {
		matrix[o] = make([]T, n)
	}
	return matrix
}
