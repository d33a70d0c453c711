package apportionfile

import (
	"errors"
	"fmt"
	"math"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/quota/apportion"
)

// Answer is a solved and certified question.
type Answer struct {
	*Question
	Matrix [][]int // of a vector: one row

	// Row times column multiplier is what an entry's weight is multiplied with. nil for the largest
	// remainders, which have none.
	RowMultipliers, ColMultipliers []float64
	GroupMultipliers               [][]float64 // nil without groups

	Certificate Certificate
	Losses      []apportion.Loss // of a vector by largest remainders: whom one unit more would cost

	solution *apportion.Solution // of a matrix
	claims   []apportion.Claim   // of a vector
	shares   []apportion.Share
}

// Certificate is what code that isn't the solver's found. Gap is nil where there is no method to
// give one, and Why says why.
type Certificate struct {
	Gap          *int64
	Primal, Dual string  // of a matrix, in units of 2^-36
	Low, High    float64 // of a vector: the multipliers that give it
	Why          *lang.Message
}

// Solve checks a question, solves it and has the solution certified. It returns a *strict.Fault for
// a question that is none, an error that wraps apportion.ErrInfeasible (see Shortage), and
// apportion.ErrUncertified where the proof fails, which would be a bug.
func Solve(q *Question) (*Answer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	a := &Answer{Question: q}
	solve := a.matrix
	if q.Vector {
		solve = a.vector
	}
	err := solve()
	if errors.Is(err, apportion.ErrMalformed) {
		return nil, q.faultOf(err)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// matrix solves a matrix.
func (a *Answer) matrix() error {
	s, err := apportion.Solve(a.Problem)
	if err != nil {
		return err
	}
	certificate, err := apportion.Certify(a.Problem, s)
	if err != nil {
		return err
	}
	if certificate.Gap != 0 {
		return fmt.Errorf("%w: the gap is %d", apportion.ErrUncertified, certificate.Gap)
	}
	a.solution, a.Matrix = s, s.Matrix
	a.RowMultipliers, a.ColMultipliers = s.RowMultipliers, s.ColMultipliers
	a.GroupMultipliers = s.GroupMultipliers
	a.Certificate = Certificate{
		Gap: &certificate.Gap, Primal: certificate.Primal.String(), Dual: certificate.Dual.String(),
	}
	return nil
}

// vector divides one total. The row's multiplier is 1, as the only one, and every column's is the
// one that all weights are multiplied with.
func (a *Answer) vector() error {
	claims := a.Question.claims()
	v, err := apportion.Split(a.Method, a.Total, claims)
	if err != nil {
		return err
	}
	quotas := make([]int, len(v.Shares))
	for k, s := range v.Shares {
		quotas[k] = s.Quota
	}
	a.claims, a.shares = claims, v.Shares
	a.Matrix, a.Losses = [][]int{quotas}, v.Losses
	if a.Method == apportion.LargestRemainder {
		why := lang.M("apportion.no-gap")
		a.Certificate = Certificate{Why: &why}
		a.warnOfParadox()
		return nil
	}
	proof, err := apportion.Prove(a.Method, a.Total, claims, quotas)
	if err != nil {
		return err
	}
	a.Certificate = Certificate{Gap: new(int64), Low: proof.Low, High: proof.High}
	a.RowMultipliers, a.ColMultipliers = []float64{1}, make([]float64, len(quotas))
	for k := range quotas {
		a.ColMultipliers[k] = v.Multiplier
	}
	return nil
}

// claims are the columns of a vector.
func (q *Question) claims() []apportion.Claim {
	claims := make([]apportion.Claim, len(q.Cols))
	for k, id := range q.Cols {
		claims[k] = apportion.Claim{ID: id, Weight: q.Weights[0][k], Ceiling: -1}
		if q.Lower != nil {
			claims[k].Floor = q.Lower[0][k]
		}
		if q.Upper != nil && q.Upper[0][k] != math.MaxInt {
			claims[k].Ceiling = q.Upper[0][k]
		}
	}
	return claims
}

// warnOfParadox says what the largest remainders can do, and whether they would with one unit more.
func (a *Answer) warnOfParadox() {
	a.warn("apportion.paradox")
	for _, loss := range a.Losses {
		a.warn("apportion.paradox-here", "id", loss.ID, "total", a.Total, "next", a.Total+1,
			"quota", loss.Quota, "after", loss.Next)
	}
}

// Distance is the sum of distances between weights and entries, which controlled rounding makes
// least.
func (a *Answer) Distance() float64 {
	sum := 0.0
	for o, row := range a.Matrix {
		for c, x := range row {
			sum += math.Abs(float64(x) - a.Weights[o][c])
		}
	}
	return sum
}
