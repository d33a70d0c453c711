package scoring

import (
	"math"
	"slices"
)

// Acceptability says how often each operator reaches each rank when nobody knows the weights.
type Acceptability struct {
	Seed  uint64
	Draws int
	// Rank[k][r] is the part of the draws in which operator k has rank r, 0 = the first; equal
	// scores share their ranks evenly. Each row, and each column, sums to 1.
	Rank [][]float64
}

// RankAcceptability draws weights evenly from all that sum to 1 and counts ranks. The seed makes
// the result the same for everybody; the standard error of each part is at most 1 / (2 √draws).
//
// Source: Lahdelma and Salminen, SMAA-2, Operations Research 49(3), 2001.
func RankAcceptability(t Table, seed uint64, draws int) (Acceptability, error) {
	if err := t.check(); err != nil {
		return Acceptability{}, err
	}
	a := Acceptability{Seed: seed, Draws: draws, Rank: make([][]float64, len(t.Points))}
	for k := range a.Rank {
		a.Rank[k] = make([]float64, len(t.Points))
	}
	random := splitMix(seed)
	weights := make([]float64, len(t.Points[0]))
	scores, order := make([]float64, len(t.Points)), make([]int, len(t.Points))
	for range draws {
		random.weights(weights)
		for k, row := range t.Points {
			scores[k], order[k] = 0, k
			for j, x := range row {
				scores[k] += float64(weights[j] * x) // no fused sum: the same on every machine
			}
		}
		slices.SortFunc(order, func(a, b int) int {
			switch {
			case scores[a] > scores[b]:
				return -1
			case scores[a] < scores[b]:
				return 1
			}
			return a - b
		})
		a.count(order, scores)
	}
	for _, row := range a.Rank {
		for r := range row {
			row[r] /= float64(draws)
		}
	}
	return a, nil
}

// count adds one draw: operators of the same score share the ranks they take together.
func (a *Acceptability) count(order []int, scores []float64) {
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && scores[order[to]] == scores[order[from]] {
			to++
		}
		for _, k := range order[from:to] {
			for r := from; r < to; r++ {
				a.Rank[k][r] += 1 / float64(to-from)
			}
		}
		from = to
	}
}

// splitMix is a generator of random numbers whose state is one number: the same on every machine.
//
// Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
type splitMix uint64

func (s *splitMix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// weights fills w evenly from all weights that sum to 1: exponential numbers over their sum.
func (s *splitMix) weights(w []float64) {
	sum := 0.0
	for j := range w {
		u := (float64(s.next()>>11) + 0.5) / (1 << 53) // in (0, 1)
		w[j] = -math.Log(u)
		sum += w[j]
	}
	for j := range w {
		w[j] /= sum
	}
}
