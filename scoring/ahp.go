package scoring

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// RandomIndex is a table of the consistency index that random judgements have, by the number of
// things compared. Which table was used changes the consistency ratio, so it is named with it.
type RandomIndex struct {
	Name  string
	Mean  []float64 // Mean[n] for n things; the ones below 3 are 0
	First string    // where it was published
}

// Saaty1980 returns the table that most software uses.
func Saaty1980() RandomIndex {
	return RandomIndex{
		"Saaty 1980",
		[]float64{0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49},
		"Saaty, The Analytic Hierarchy Process, McGraw-Hill, 1980",
	}
}

// Saaty2005 returns Saaty's later table, which reaches 15 things.
func Saaty2005() RandomIndex {
	return RandomIndex{
		"Saaty 2005",
		[]float64{
			0, 0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59,
		},
		"Saaty, Theory and Applications of the Analytic Network Process, RWS, 2005",
	}
}

// DoneganDodd returns the table of Donegan and Dodd (1991).
func DoneganDodd() RandomIndex {
	return RandomIndex{
		"Donegan and Dodd 1991",
		[]float64{
			0, 0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055,
		},
		"Donegan and Dodd, Mathematical and Computer Modelling 15(3), 1991",
	}
}

// MaxInconsistency is the largest consistency ratio of judgements that may be used.
//
// Source: Saaty 1980, ch. 1: a tenth of what random judgements have.
const MaxInconsistency = 0.10

// The faults of judgements.
var (
	// ErrJudgements: not a square of positive numbers with 1 / a[i][j] across the diagonal.
	ErrJudgements = errors.New("malformed judgements")
	// ErrInconsistent: the judgements contradict each other more than MaxInconsistency allows.
	ErrInconsistent = errors.New("the judgements contradict each other")
)

// Pairwise are weights from pairwise judgements, with how far the judgements agree.
type Pairwise struct {
	Weights []float64 // sum to 1
	Lambda  float64   // largest eigenvalue; as large as there are things where all agree
	Ratio   float64   // consistency ratio: 0 where all agree
	Index   string    // name of the table behind Ratio
	// WorstI and WorstJ are the pair whose judgement is furthest from the weights; Should is what
	// the weights say that WorstI counts for WorstJ.
	WorstI, WorstJ int
	Should         float64
}

// AHP derives weights from judgements by the analytic hierarchy process: judgements[i][j] says how
// many times as much i counts as j, and the weights are the principal eigenvector. It returns
// ErrJudgements for a malformed matrix or more things than the table knows, and ErrInconsistent,
// with the result so far, above MaxInconsistency.
//
// Source: Saaty, The Analytic Hierarchy Process (1980); Int. J. Services Sciences 1(1), 2008.
func AHP(judgements [][]float64, table RandomIndex) (Pairwise, error) {
	n := len(judgements)
	if err := checkJudgements(judgements, table); err != nil {
		return Pairwise{}, err
	}
	flat := make([]float64, 0, n*n)
	for _, row := range judgements {
		flat = append(flat, row...)
	}
	var eigen mat.Eigen
	if !eigen.Factorize(mat.NewDense(n, n, flat), mat.EigenRight) {
		return Pairwise{}, fmt.Errorf("%w: no eigenvalues", ErrJudgements)
	}
	p := Pairwise{Weights: make([]float64, n), Index: table.Name}
	values := eigen.Values(nil)
	first := 0
	for i, v := range values {
		if real(v) > real(values[first]) {
			first = i
		}
	}
	p.Lambda = real(values[first])
	var vectors mat.CDense
	eigen.VectorsTo(&vectors)
	sum := 0.0
	for i := range p.Weights {
		p.Weights[i] = cmplx.Abs(vectors.At(i, first))
		sum += p.Weights[i]
	}
	for i := range p.Weights {
		p.Weights[i] /= sum
	}
	if n > 2 {
		p.Ratio = max(0, (p.Lambda-float64(n))/float64(n-1)/table.Mean[n])
	}
	p.findWorst(judgements)
	if p.Ratio > MaxInconsistency {
		return p, fmt.Errorf("%w: consistency ratio %.3f by %s, at most %.2f", ErrInconsistent,
			p.Ratio, table.Name, MaxInconsistency)
	}
	return p, nil
}

// checkJudgements returns ErrJudgements unless the matrix is positive and reciprocal.
func checkJudgements(judgements [][]float64, table RandomIndex) error {
	n := len(judgements)
	if n == 0 || n >= len(table.Mean) {
		return fmt.Errorf("%w: %d things, and %s knows 1 to %d", ErrJudgements,
			n, table.Name, len(table.Mean)-1)
	}
	const rounding = 0.005 // of a judgement written as 0.33 for a third
	for i, row := range judgements {
		if len(row) != n {
			return fmt.Errorf("%w: row %d has %d judgements, want %d", ErrJudgements, i+1, len(row), n)
		}
		for j, a := range row {
			if !(a > 0) || math.IsInf(a, 0) {
				return fmt.Errorf("%w: row %d, column %d is %v", ErrJudgements, i+1, j+1, a)
			}
			if j < i && math.Abs(a*judgements[j][i]-1) > 2*rounding {
				return fmt.Errorf("%w: row %d, column %d is %v, and across the diagonal stands %v",
					ErrJudgements, i+1, j+1, a, judgements[j][i])
			}
		}
		if row[i] != 1 {
			return fmt.Errorf("%w: row %d, column %d is %v, want 1", ErrJudgements, i+1, i+1, row[i])
		}
	}
	return nil
}

// findWorst finds the pair whose judgement is furthest from what the weights say, as a ratio.
func (p *Pairwise) findWorst(judgements [][]float64) {
	worst := -1.0
	for i, row := range judgements {
		for j := i + 1; j < len(row); j++ {
			should := p.Weights[i] / p.Weights[j]
			if off := math.Abs(math.Log(row[j] / should)); off > worst {
				worst, p.WorstI, p.WorstJ, p.Should = off, i, j, should
			}
		}
	}
}
