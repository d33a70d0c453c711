package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/stint-city/stint/quota/apportion"
)

// city is a made problem like a real city's: cell totals of a long tail and operators' shares of
// the city. Its kind says how claims lie:
//
//	untied    a claim is the operator's share spread by local use
//	bounds    the same, with local caps, minima and a tolerance about last year's quotas
//	tied      a claim is the share times the cell's total, so equal claims are everywhere
//	unlotted  the same without the lottery between equal claims
type city struct {
	rows, cols int
	kind       string
}

// problem makes the city. A planted matrix keeps it feasible.
func (c city) problem() apportion.Problem {
	r := rand.New(rand.NewPCG(uint64(c.cols), uint64(c.rows)))
	p := apportion.Problem{
		Rows: ids("operator", c.rows), Cols: ids("cell", c.cols), TieSeed: 586,
		Ties: c.kind != "unlotted", Weights: matrix[float64](c.rows, c.cols),
		RowTotals: make([]int, c.rows), ColTotals: make([]int, c.cols),
	}
	if c.kind == "bounds" {
		p.Lower, p.Upper = matrix[int](c.rows, c.cols), matrix[int](c.rows, c.cols)
		p.Previous, p.Tolerance = matrix[int](c.rows, c.cols), 0.15
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

// fill makes one cell: its total, a planted answer, claims, and bounds around the answer.
func (c city) fill(p *apportion.Problem, cell int, share []float64, r *rand.Rand) {
	total := int(math.Exp(2.5 + 1.1*r.NormFloat64()))
	p.ColTotals[cell] = total
	planted := make([]int, c.rows)
	for range total {
		planted[pick(share, r)]++
	}
	for o, s := range share {
		p.RowTotals[o] += planted[o]
		p.Weights[o][cell] = s * float64(total+1)
		if c.kind == "untied" || c.kind == "bounds" {
			p.Weights[o][cell] *= math.Exp(0.8 * r.NormFloat64())
		}
		if c.kind == "bounds" {
			p.Upper[o][cell] = max(planted[o], total*6/10)
			p.Lower[o][cell] = min(planted[o], total/20)
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

// matrix is a matrix of zeros.
func matrix[T any](m, n int) [][]T {
	x := make([][]T, m)
	for o := range x {
		x[o] = make([]T, n)
	}
	return x
}
