package apportion

import (
	"fmt"
	"maps"
	"slices"
)

// Solver holds a solved problem, so that a small change is solved from where it stands: the columns
// that changed are filled anew at the last prices, and what is then out of balance moves along
// cheapest paths. The answer is the one that Solve gives from scratch. The time is that of the
// change, but for one look at a number of each column.
//
// A Solver is not safe for concurrent use.
type Solver struct {
	problem Problem
	search  *search
	rank    [2][]int // where the network has the problem's rows and columns
}

// NewSolver solves a problem, as Solve does, and keeps it: its slices must not change any more.
func NewSolver(p Problem) (*Solver, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	s := &Solver{problem: p}
	return s, s.restart()
}

// restart solves the problem from scratch.
func (s *Solver) restart() error {
	n := newNetwork(&s.problem)
	if cut := n.cutColumns(); cut != nil {
		return cut
	}
	n.warm()
	if _, cut := n.balance(); cut != nil {
		return cut
	}
	n.center()
	n.canonize()
	s.rank = [2][]int{ranks(n.rows, len(s.problem.Rows)), ranks(n.cols, len(s.problem.Cols))}
	s.search = newSearch(n)
	s.search.refresh()
	return nil
}

// ranks inverts an order; -1s in it are left out.
func ranks(order []int, size int) []int {
	rank := make([]int, size)
	for at, i := range order {
		if i >= 0 {
			rank[i] = at
		}
	}
	return rank
}

// Solution returns the whole solution. Its time is that of its size.
func (s *Solver) Solution() *Solution { return s.search.network.solution(0) }

// Change is what of a problem becomes different. Totals of rows and of columns must still meet.
type Change struct {
	RowTotals, ColTotals map[int]int // by index
	Entries              []EntryChange
}

// EntryChange is what of one entry becomes different. A problem without bounds takes none.
type EntryChange struct {
	Row, Col     int
	Weight       float64
	Lower, Upper int // taken where the problem has such bounds
}

// Moved is an entry that a change has changed.
type Moved struct{ Row, Col, From, To int }

// Resolve carries a change out and returns the entries that moved, in the order of their IDs. It
// returns ErrMalformed and a *CutError as Solve does, and then the problem stays as it was. It
// panics for an index outside the problem.
func (s *Solver) Resolve(change Change) ([]Moved, error) {
	undo := s.swap(change)
	err := s.checkChange(change)
	if err == nil {
		if anew := s.relays(change, undo); anew {
			return s.resolveAnew(undo)
		}
		err = s.repair(change)
	}
	if err != nil {
		s.swap(undo)
		s.restore(undo)
		s.search.before = nil
		return nil, err
	}
	return s.moved(), nil
}

// swap puts a change into the problem and returns the change that takes it back.
func (s *Solver) swap(change Change) Change {
	p := &s.problem
	undo := Change{RowTotals: map[int]int{}, ColTotals: map[int]int{}}
	for row, total := range change.RowTotals {
		undo.RowTotals[row], p.RowTotals[row] = p.RowTotals[row], total
	}
	for col, total := range change.ColTotals {
		undo.ColTotals[col], p.ColTotals[col] = p.ColTotals[col], total
	}
	for _, e := range slices.Backward(change.Entries) {
		undo.Entries = append(undo.Entries, p.swapEntry(e))
	}
	return undo
}

// swapEntry puts a change into an entry and returns what was there.
func (p *Problem) swapEntry(e EntryChange) EntryChange {
	was := EntryChange{Row: e.Row, Col: e.Col, Weight: p.Weights[e.Row][e.Col]}
	p.Weights[e.Row][e.Col] = e.Weight
	if p.Lower != nil {
		was.Lower, p.Lower[e.Row][e.Col] = p.Lower[e.Row][e.Col], e.Lower
	}
	if p.Upper != nil {
		was.Upper, p.Upper[e.Row][e.Col] = p.Upper[e.Row][e.Col], e.Upper
	}
	return was
}

// checkChange returns ErrMalformed if the changed problem is no question.
func (s *Solver) checkChange(change Change) error {
	p := &s.problem
	if err := p.checkTotals(); err != nil {
		return err
	}
	for _, e := range change.Entries {
		if err := p.checkEntry(e.Row, e.Col); err != nil {
			return fmt.Errorf("%w: row %q, column %q: %w", ErrMalformed, p.Rows[e.Row], p.Cols[e.Col], err)
		}
	}
	return nil
}

// relays reports whether a change is one of all columns: a row gets its first total, or loses all
// of it.
func (s *Solver) relays(change, undo Change) bool {
	for row, total := range change.RowTotals {
		if (total == 0) != (undo.RowTotals[row] == 0) {
			return true
		}
	}
	return false
}

// resolveAnew solves the changed problem from scratch.
func (s *Solver) resolveAnew(undo Change) ([]Moved, error) {
	was := s.search
	if err := s.restart(); err != nil {
		s.swap(undo)
		s.search = was
		return nil, err
	}
	n := s.search.network
	s.search.before = map[int][]int32{}
	for c := range n.cols {
		s.search.before[c] = was.network.x[c*n.m : (c+1)*n.m]
	}
	return s.moved(), nil
}

// columns returns the network's columns that a change is about, in order.
func (s *Solver) columns(change Change) []int {
	n := s.search.network
	set := map[int]bool{}
	for col := range change.ColTotals {
		set[s.rank[1][col]] = true
	}
	for _, e := range change.Entries {
		set[s.rank[1][e.Col]] = true
	}
	if last := len(n.cols) - 1; n.cols[last] < 0 {
		set[last] = true // what rows may leave over follows every total
	}
	return slices.Sorted(maps.Keys(set))
}

// moved returns the entries that are not what they were, and forgets what they were.
func (s *Solver) moved() []Moved {
	n := s.search.network
	var list []Moved
	for _, c := range slices.Sorted(maps.Keys(s.search.before)) {
		for o, was := range s.search.before[c] {
			is := n.x[c*n.m+o]
			if is != was && n.rows[o] >= 0 && n.cols[c] >= 0 {
				list = append(list, Moved{n.rows[o], n.cols[c], int(was), int(is)})
			}
		}
	}
	s.search.before = nil
	slices.SortStableFunc(list, func(a, b Moved) int { return s.rank[0][a.Row] - s.rank[0][b.Row] })
	return list
}
