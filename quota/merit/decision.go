package merit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Operator is what is known of an operator.
type Operator struct {
	ID       string
	Score    float64 // 0-100; NaN = unknown
	Previous int     // quota of the last period; -1 = none, an entrant
	Request  int     // most vehicles wanted; -1 = unbounded
	Use      float64 // vehicles or trips a day seen, taken to nine decimals; NaN = unknown
	Licensed bool    // without it the quota is 0
}

// Total is what one operator gets, and why.
type Total struct {
	ID        string
	Quota     int
	Base      float64 // what the weight starts from; 0 if not licensed
	Merit     float64 // (score/100)^exponent to nine decimals; 0 if not licensed
	Weight    float64 // Base * Merit
	Floor     int
	Ceiling   int
	FloorBy   string // the rule that set the floor; "" if the floor is 0
	CeilingBy string // the rule that set the ceiling; RuleTotal if no other did
	Bound     string // "floor" or "ceiling" where that bound, not the rounded share, decided; else ""
	Pool      string // PoolEntrant or PoolIncumbent
}

// The pools. Without an entrant pool all operators are in the incumbents'.
const (
	PoolEntrant   = "entrant"
	PoolIncumbent = "incumbent"
)

// Pool is a part of the total with a multiplier of its own: each quota in it is
// clamp(round(weight * Multiplier), floor, ceiling).
type Pool struct {
	Name       string  `json:"name"`
	Total      int     `json:"total"` // what its operators got together
	Multiplier float64 `json:"multiplier"`
}

// Note is something a reader of the decision must know: a message of the catalogue with its
// arguments, which are name, value pairs.
type Note struct {
	ID   string
	Args []any
}

// The notes' IDs, each with the names of its arguments.
const (
	NoteScoreNeutral = "assumption.score-neutral" // operator, merit
	NoteScoreZero    = "assumption.score-zero"    // operator
	NoteRelaxed      = "warning.rule-relaxed"     // rule
	NoteShrunk       = "warning.total-shrunk"     // total, granted
	NotePoolUnused   = "warning.pool-unused"      // vehicles
	NoteFloorLowered = "warning.floor-to-request" // operator, floor, request
)

// Decision is the answer of Apply.
type Decision struct {
	Totals      []Total // Totals[k] answers operators[k]
	Pools       []Pool  // the entrants' first, if there is one, then the incumbents'
	Granted     int     // the sum of the quotas
	Unallocated int     // the total less Granted
	Relaxed     []string
	Notes       []Note
}

var (
	// ErrInfeasible means that the rules can't be met together. The error that wraps it is an
	// *InfeasibleError and says by how much.
	ErrInfeasible = errors.New("the rules can't be met together")

	// ErrOperator means that an operator's data aren't what they may be.
	ErrOperator = errors.New("malformed operator")

	// ErrBase means that the rules' base isn't known of an operator.
	ErrBase = errors.New("the base is unknown")

	// ErrWeightless means that no licensed operator has a weight above 0: nothing says how to divide.
	ErrWeightless = errors.New("every operator weighs nothing")
)

// InfeasibleError says which pool can't be divided, and why: the floors of the Operators are above
// their ceilings; or else the Total is below Low or above High. It wraps ErrInfeasible.
type InfeasibleError struct {
	Pool      string
	Total     int
	Low, High int      // the sums of the floors and of what operators can take
	Operators []Held   // those in conflict, or those at a floor, or those at a ceiling; by ID
	Relaxed   []string // rules that had given way before
}

// Held is an operator with its bounds.
type Held struct {
	ID        string
	Floor     int
	FloorBy   string
	Ceiling   int
	CeilingBy string
}

// Error gives the sums, the difference and the operators.
func (e *InfeasibleError) Error() string {
	switch {
	case slices.ContainsFunc(e.Operators, func(h Held) bool { return h.Floor > h.Ceiling }):
		return "floors are above ceilings: " + e.list(func(h Held) string {
			return fmt.Sprintf("%s at least %d by %s, at most %d by %s",
				h.ID, h.Floor, h.FloorBy, h.Ceiling, h.CeilingBy)
		})
	case e.Total < e.Low:
		return fmt.Sprintf("the %s pool has %d vehicles, %d less than its floors: ",
			e.Pool, e.Total, e.Low-e.Total) + e.list(func(h Held) string {
			return fmt.Sprintf("%s %d by %s", h.ID, h.Floor, h.FloorBy)
		})
	}
	return fmt.Sprintf("the %s pool has %d vehicles, %d more than its operators can take: ",
		e.Pool, e.Total, e.Total-e.High) + e.list(func(h Held) string {
		return fmt.Sprintf("%s %d by %s", h.ID, h.Ceiling, h.CeilingBy)
	})
}

// list writes the operators.
func (e *InfeasibleError) list(write func(Held) string) string {
	texts := make([]string, len(e.Operators))
	for i, h := range e.Operators {
		texts[i] = write(h)
	}
	return strings.Join(texts, ", ")
}

// Unwrap returns ErrInfeasible.
func (e *InfeasibleError) Unwrap() error { return ErrInfeasible }
