package simulations

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"

	"github.com/stint-city/stint/simulations/kernel"
)

// levels is Morris's grid: settings at 0, 1/3, 2/3 and 1, and a move of 2/3.
const levels = 4

// morris returns trajectories through the settings of k factors (Morris 1991): each begins at a
// random place of the grid and moves every factor once, in random order.
func morris(k, trajectories int, key kernel.Key) [][]float64 {
	const move = levels / 2.0 / (levels - 1)
	var design [][]float64
	for r := range trajectories {
		draw := key.Of(uint64(r))
		x, order := make([]float64, k), make([]int, k)
		for f := range x { // from below, so that every move stays on the grid
			x[f] = math.Floor(draw.Uniform(uint64(f))*levels/2) / (levels - 1)
			order[f] = f
		}
		up := make([]bool, k)
		for f := range up {
			if up[f] = draw.Uniform(uint64(k+f)) < 0.5; !up[f] {
				x[f] += move
			}
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Compare(draw.Uint64(uint64(2*k+a)), draw.Uint64(uint64(2*k+b)))
		})
		design = append(design, slices.Clone(x))
		for _, f := range order {
			if up[f] {
				x[f] += move
			} else {
				x[f] -= move
			}
			design = append(design, slices.Clone(x))
		}
	}
	return design
}

// morrisEffects computes each factor's mean effect, mean absolute effect and standard deviation
// from a design of morris and its answers. Effects are over a factor's whole range.
func morrisEffects(factors []Factor, design [][]float64, answers []float64) {
	k := len(factors)
	effects := make([][]float64, k)
	for at := 0; at < len(design); at += k + 1 {
		for step := range k {
			a, b := at+step, at+step+1
			for f := range k {
				if d := design[b][f] - design[a][f]; d != 0 {
					effects[f] = append(effects[f], (answers[b]-answers[a])/d)
				}
			}
		}
	}
	for f := range factors {
		mu, sigma := stat.MeanStdDev(effects[f], nil)
		for i, e := range effects[f] {
			effects[f][i] = math.Abs(e)
		}
		star := stat.Mean(effects[f], nil)
		factors[f].Mu, factors[f].MuStar, factors[f].Sigma = &mu, &star, &sigma
	}
}

// source gives the numbers of a key in order, as gonum's samplers want them.
type source struct {
	key kernel.Key
	n   uint64
}

// Uint64 returns the next number.
func (s *source) Uint64() uint64 {
	s.n++
	return s.key.Uint64(s.n)
}

// saltelli returns the settings of Saltelli's design (2010): matrices A and B of n rows, then A
// with each factor's column from B; from a randomised Halton sequence in 2k dimensions.
func saltelli(k, n int, key kernel.Key) [][]float64 {
	source := &source{key: key.Of(1)}
	batch := mat.NewDense(n, 2*k, nil)
	samplemv.Halton{
		Kind: samplemv.Owen, Q: distmv.NewUnitUniform(2*k, source), Src: source,
	}.Sample(batch)
	var design [][]float64
	for _, from := range []int{0, k} {
		for i := range n {
			design = append(design, slices.Clone(batch.RawRowView(i)[from:from+k]))
		}
	}
	for f := range k {
		for i := range n {
			row := slices.Clone(batch.RawRowView(i)[:k])
			row[f] = batch.At(i, k+f)
			design = append(design, row)
		}
	}
	return design
}

// sobolIndices computes first-order indices by Saltelli's estimator and total ones by Jansen's
// from the answers of a design of saltelli, with intervals by bootstrap over its rows.
func sobolIndices(factors []Factor, answers []float64, n int, key kernel.Key) {
	const resamples = 500
	rows := make([]int, n)
	for f := range factors {
		for i := range rows {
			rows[i] = i
		}
		s1, st := indices(answers, rows, n, f)
		first, whole := make([]float64, resamples), make([]float64, resamples)
		for r := range resamples {
			draw := key.Of(2).Of(uint64(r))
			for i := range rows {
				rows[i] = int(draw.Uniform(uint64(i)) * float64(n))
			}
			first[r], whole[r] = indices(answers, rows, n, f)
		}
		factors[f].S1, factors[f].ST = resampled("s1", s1, first), resampled("st", st, whole)
	}
}

// indices returns a factor's first-order and total index over some rows.
func indices(answers []float64, rows []int, n, f int) (s1, st float64) {
	both := make([]float64, 0, 2*len(rows))
	for _, i := range rows {
		a, b, c := answers[i], answers[n+i], answers[(2+f)*n+i]
		both = append(both, a, b)
		s1 += b * (c - a)
		st += (a - c) * (a - c)
	}
	variance := stat.PopVariance(both, nil) * float64(len(rows))
	return s1 / variance, st / (2 * variance)
}

// resampled is an index with the middle 95 % of its resamples; none where the answer never moves.
func resampled(id string, x float64, list []float64) *Level {
	l := &Level{Metric: id}
	if math.IsNaN(x) || slices.ContainsFunc(list, math.IsNaN) {
		return l
	}
	slices.Sort(list)
	low := stat.Quantile((1-confidence)/2, stat.Empirical, list, nil)
	high := stat.Quantile((1+confidence)/2, stat.Empirical, list, nil)
	l.Mean, l.Low, l.High = &x, &low, &high
	return l
}
