package daypart

import (
	"errors"
	"fmt"
	"math"

	"github.com/stint-city/stint/quota/apportion"
)

// Sector is what stays within a period. Matrices are [operator][cell].
type Sector struct {
	Operators  []string // IDs
	Cells      []string
	Totals     []int       // of each operator: what the plan gave it
	Claims     [][]float64 // what an operator's quota in a cell is proportional to
	Capacity   []int       // most vehicles of each cell
	Floor      []int       // least vehicles of each cell; nil = 0
	Nodes      []Node      // districts that hold cells together, parents first; nil = none
	NodeOf     []int       // innermost node of each cell; nil where Nodes is
	LocalShare float64     // most of a cell's total that one operator may take; 0 = all
	TieSeed    uint64
}

// Node is the city, a district or an area, with how many vehicles its cells may hold together.
type Node struct {
	ID         string
	Parent     int // -1 = none; else a node before this one
	Floor, Cap int // Cap -1 = none
}

// Rules say how much may change, and when. The zero value follows the demand at once and wholly.
type Rules struct {
	Band      float64 // part of all vehicles that must be due to move before anything moves, 0-1
	Step      float64 // largest relative change of a cell in one turn; one vehicle always may; 0 = any
	Tolerance float64 // churn tolerance of quotas in a cell, nats
	Hold      int     // turns that a change stands before the next may be decided
	Notice    int     // turns from the decision to its coming into force
}

// Quotas are where vehicles may stand.
type Quotas struct {
	Cells  []int   // total of each cell
	Matrix [][]int // [operator][cell]
}

// Standing is where a part of the day is: what is in force, and what was decided to come.
type Standing struct {
	Now   Quotas
	Next  *Quotas // nil = nothing was decided
	From  int     // turn at which Next comes into force
	Since int     // turn at which Now came into force
}

// Why a turn did what it did: codes.
const (
	WhyMoved    = "moved"     // a change was decided
	WhyBand     = "band"      // less was due to move than the band
	WhyHold     = "hold"      // the last change has not stood long enough
	WhyNotice   = "notice"    // a change is announced already
	WhyNoDemand = "no-demand" // the demand is unknown somewhere, or none at all
)

// Change is what one turn did.
type Change struct {
	Why     string
	Due     int  // vehicles that would change cells if there were no step
	Moved   int  // vehicles that change cells
	Changed int  // sum of the changes of the operators' quotas, half of them away and half to
	Stepped int  // cells where the step was less than what was due
	InForce bool // an announced change came into force
}

// ErrDemand means a demand that is negative or infinite. Unknown is NaN.
var ErrDemand = errors.New("a demand is no number from 0 on")

// Turn is one turn of a part of the day: what was announced for it comes into force, and, where
// rules allow, a change towards the demand is decided. demand[i] answers Sector.Cells and is only
// read in proportion; NaN is unknown: then nothing is decided.
//
// Whatever the demand: each operator's quotas sum to its total, a cell's to at most its capacity, a
// node's cells stay within its bounds, and no cell changes by more than the step or passes what it
// is due. The same turn of the same
// standing gives the same. Under a demand that stays, each change comes nearer to it until none
// is decided.
//
// Turn returns an error that wraps apportion's where floors, capacities and local shares leave no
// room, and panics if lengths differ.
func Turn(s *Sector, r Rules, was Standing, turn int, demand []float64) (Standing, Change, error) {
	s.check(demand)
	var change Change
	if was.Next != nil && turn >= was.From {
		was = Standing{Now: *was.Next, Since: turn}
		change.InForce = true
	}
	known, err := usable(demand)
	switch {
	case err != nil:
		return was, change, err
	case was.Next != nil:
		change.Why = WhyNotice
	case turn-was.Since < r.Hold:
		change.Why = WhyHold
	case !known:
		change.Why = WhyNoDemand
	}
	if change.Why != "" {
		return was, change, nil
	}
	next, err := s.follow(r, &was.Now, demand, &change)
	if err != nil || next == nil {
		return was, change, err
	}
	if r.Notice > 0 {
		was.Next, was.From = next, turn+r.Notice
		return was, change, nil
	}
	change.InForce = true
	return Standing{Now: *next, Since: turn}, change, nil
}

// check panics for a caller's bug.
func (s *Sector) check(demand []float64) {
	n := len(s.Cells)
	if len(demand) != n || len(s.Capacity) != n || (s.Floor != nil && len(s.Floor) != n) ||
		len(s.Totals) != len(s.Operators) || len(s.Claims) != len(s.Operators) ||
		(len(s.Nodes) > 0 && len(s.NodeOf) != n) {
		panic("daypart: the lengths of the sector's slices differ")
	}
}

// usable reports whether all the demand is known and there is any.
func usable(demand []float64) (bool, error) {
	sum, known := 0.0, true
	for _, d := range demand {
		switch {
		case math.IsNaN(d):
			known = false
		case d < 0 || math.IsInf(d, 0):
			return false, ErrDemand
		default:
			sum += d
		}
	}
	return known && sum > 0, nil
}

// fleet returns the vehicles of all operators.
func (s *Sector) fleet() int {
	n := 0
	for _, t := range s.Totals {
		n += t
	}
	return n
}

// follow returns the quotas nearer to a demand, nil where they stay.
func (s *Sector) follow(
	r Rules, now *Quotas, demand []float64, change *Change,
) (*Quotas, error) {
	target, err := s.cells(demand)
	if err != nil {
		return nil, err
	}
	change.Due = moved(now.Cells, target)
	if change.Due == 0 || float64(change.Due) < r.Band*float64(s.fleet()) {
		change.Why = WhyBand
		return nil, nil
	}
	cells := target
	if r.Step > 0 {
		if cells, err = s.stepped(now.Cells, target, r.Step); err != nil {
			return nil, err
		}
	}
	for i := range cells {
		if cells[i] != target[i] {
			change.Stepped++
		}
	}
	change.Moved = moved(now.Cells, cells)
	if change.Moved == 0 {
		change.Why = WhyBand
		return nil, nil
	}
	matrix, err := s.matrix(r, now, cells)
	if err != nil {
		return nil, err
	}
	for o := range matrix {
		change.Changed += 2 * moved(now.Matrix[o], matrix[o])
	}
	change.Why = WhyMoved
	return &Quotas{cells, matrix}, nil
}

// moved returns how many vehicles change places between two rows of equal sums.
func moved(a, b []int) int {
	sum := 0
	for i := range a {
		sum += max(0, a[i]-b[i])
	}
	return sum
}

// cells divides the fleet by demand within floors, capacities and the bounds of nodes. A cell
// without demand weighs next to nothing, so that floors and full neighbours still find a place for
// every vehicle.
func (s *Sector) cells(demand []float64) ([]int, error) {
	mean := 0.0
	for _, d := range demand {
		mean += d / float64(len(demand))
	}
	bounds := make([]apportion.Claim, len(s.Cells))
	for i, id := range s.Cells {
		bounds[i] = apportion.Claim{
			ID: id, Weight: math.Max(demand[i]/mean, least), Ceiling: s.Capacity[i],
		}
		if s.Floor != nil {
			bounds[i].Floor = s.Floor[i]
		}
	}
	return s.divided(bounds)
}

// least is what a cell without demand weighs, of the mean demand.
const least = 1e-9

// stepped returns a row on the way to a target: no cell changes by more than the step, none passes
// its target, and every node keeps its bounds, as both rows do.
func (s *Sector) stepped(before, target []int, step float64) ([]int, error) {
	bounds := make([]apportion.Claim, len(before))
	for i, id := range s.Cells {
		most := max(1, int(step*float64(before[i])))
		near := min(max(target[i], before[i]-most), before[i]+most)
		bounds[i] = apportion.Claim{
			ID: id, Weight: math.Max(float64(near), least),
			Floor: min(before[i], near), Ceiling: max(before[i], near),
		}
	}
	return s.divided(bounds)
}

// matrix spreads the operators' totals over the cells, near to what was.
func (s *Sector) matrix(r Rules, now *Quotas, cells []int) ([][]int, error) {
	p := apportion.Problem{
		Rows: s.Operators, Cols: s.Cells, Weights: s.Claims, RowTotals: s.Totals, ColTotals: cells,
		LocalShare: s.LocalShare, Previous: now.Matrix, Tolerance: r.Tolerance,
		Ties: true, TieSeed: s.TieSeed,
	}
	solution, err := apportion.Solve(p)
	if err != nil {
		return nil, fmt.Errorf("quotas of a part of the day: %w", err)
	}
	return solution.Matrix, nil
}

// Season returns the operators' totals times a factor from 0 to 1: their sum is the city's total
// times the factor, rounded down, divided by Webster's method, and nobody gets more than before.
func Season(operators []string, totals []int, factor float64) ([]int, error) {
	if !(factor >= 0 && factor <= 1) {
		return nil, fmt.Errorf("%w: a season's factor is %g, want 0 to 1", ErrDemand, factor)
	}
	const grain = 1e-9 // 0.7 of 10 is 7 in decimals
	sum := 0
	claims := make([]apportion.Claim, len(totals))
	for k, n := range totals {
		claims[k] = apportion.Claim{ID: operators[k], Weight: float64(n), Ceiling: n}
		sum += n
	}
	shares, _, err := apportion.Divide(int(float64(sum)*factor+grain), claims)
	if err != nil {
		return nil, fmt.Errorf("season: %w", err)
	}
	out := make([]int, len(shares))
	for k, share := range shares {
		out[k] = share.Quota
	}
	return out, nil
}
