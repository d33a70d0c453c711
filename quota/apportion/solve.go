package apportion

// Solve returns the optimum of a problem with the prices that prove it. The result doesn't depend
// on the order of rows and columns: rows and columns are put in the byte order of their IDs first.
//
// A good guess at the row prices comes first, in floating point (warm). It decides nothing but
// speed, and which optimum is taken where several are as good: given any row prices, each column is
// filled exactly (fill); what is then still out of balance moves along cheapest paths between rows,
// each of which keeps the matrix optimal for the prices (balance). Last, the prices move to the
// middle of all that prove the optimum (center).
//
// Solve returns ErrMalformed if the problem is no question, and a *CutError, which wraps
// ErrInfeasible and proves it, if no matrix has these totals and bounds. It panics if the lengths
// of the problem's slices differ.
//
// Source: allocation.md 5.3; Ahuja, Magnanti and Orlin, Network Flows (1993), 9.7 and 14.4.
func Solve(p Problem) (*Solution, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	n := newNetwork(&p)
	if cut := n.cutColumns(); cut != nil {
		return nil, cut
	}
	n.warm()
	moved, cut := n.balance()
	if cut != nil {
		return nil, cut
	}
	n.center()
	n.canonize()
	return n.solution(moved), nil
}
