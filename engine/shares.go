package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring"
)

// divide fills d.shares: the total among the operators by score, base and bounds.
//
// Article 7: the evaluation's result is linked to each company's fleet. This is the one place where
// scores meet quotas.
func (d *draft) divide(cards []scoring.Scorecard) error {
	if d.sector.Rule != nil {
		return d.divideByRule(cards)
	}
	operators := make([]merit.Operator, len(d.snapshot.Operators))
	d.scores = make([]float64, len(operators))
	for k, o := range d.snapshot.Operators {
		d.scores[k] = scoreOf(cards, o.ID)
		operators[k] = merit.Operator{
			ID: o.ID, Score: d.scores[k], Previous: o.Previous[d.at],
			Request: o.Request[d.at], Use: d.use(k), Licensed: o.Licensed[d.at],
		}
	}
	shares, err := merit.Apply(d.sector.Rules, d.totals.Total, operators)
	if err != nil {
		return fmt.Errorf("operators' totals: %w", err)
	}
	d.shares = shares
	for _, n := range shares.Notes {
		kind, _, _ := strings.Cut(n.ID, ".") // the theme of the catalogue is the kind
		d.note(kind, n.ID, n.Args...)
	}
	return nil
}

// matrix is the operators' quotas in the cells with the proof that they are optimal.
type matrix struct {
	problem     apportion.Problem
	solution    *apportion.Solution
	certificate apportion.Certificate
}

// spread fills d.matrix: each operator's total over the cells, proportional to its claims there,
// within the local share and the churn tolerance.
func (d *draft) spread() error {
	p := apportion.Problem{
		RowTotals:  make([]int, len(d.shares.Totals)),
		ColTotals:  d.totals.PerCell,
		LocalShare: d.sector.Matrix.LocalMaxShare,
		Previous:   d.sector.Previous,
		Tolerance:  d.sector.Matrix.Tolerance,
		TieSeed:    d.snapshot.City.TieSeed,
		Ties:       true,
	}
	for k, t := range d.shares.Totals {
		p.Rows = append(p.Rows, t.ID)
		p.RowTotals[k] = t.Quota
	}
	for i := range d.snapshot.Grid.Len() {
		p.Cols = append(p.Cols, d.cell(i).String())
	}
	p.Weights = d.claims()
	solution, err := apportion.Solve(p)
	if cut := (*apportion.CutError)(nil); errors.As(err, &cut) {
		return &MatrixError{Cut: cut, Relaxation: d.relax(p)}
	}
	if err != nil {
		return fmt.Errorf("operators by cells: %w", err)
	}
	certificate, err := apportion.Certify(p, solution)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnsound, err)
	}
	d.matrix = matrix{p, solution, certificate}
	return nil
}

// MatrixError says that the operators' totals don't fit their cells, and what is the cheapest way
// out at the policy's prices.
type MatrixError struct {
	Cut        *apportion.CutError
	Relaxation *apportion.Relaxation // nil where the remedies with a price are not enough
}

// Error names the operators and by how much they don't fit.
func (e *MatrixError) Error() string { return fmt.Sprintf("operators by cells: %v", e.Cut) }

// Unwrap returns the proof.
func (e *MatrixError) Unwrap() error { return e.Cut }

// relax returns the cheapest way out; nil if there is none.
func (d *draft) relax(p apportion.Problem) *apportion.Relaxation {
	way, err := apportion.Relax(p, d.sector.Matrix.Remedies)
	if err != nil {
		return nil
	}
	return way
}
