package quota

import (
	"fmt"

	"github.com/stint-city/stint/geo"
)

// Allocation is one sector's plan as plain data: what Verify checks.
type Allocation struct {
	Sector    string
	Total     int  // the city's total
	Max       int  // the policy's largest total; -1 = none
	Exact     bool // fleets sum exactly to Total, and quotas to each cell's total
	Cells     []CellQuota
	Nodes     []Node
	Operators []OperatorQuota
	// Quotas, Lower and Upper are [operator][cell]. A nil Lower is all 0, a nil Upper no bound.
	Quotas, Lower, Upper [][]int
}

// CellQuota is one cell of an Allocation.
type CellQuota struct {
	Cell     geo.Cell
	Capacity int // -1 = no known limit
	Floor    int
	Total    int
	Node     int // the innermost node around it
}

// OperatorQuota is one operator's fleet in an Allocation.
type OperatorQuota struct {
	ID       string
	Floor    int
	Ceiling  int     // -1 = unbounded
	Request  int     // -1 = unbounded
	Previous int     // -1 = none, an entrant
	Quota    int     // the fleet
	Step     float64 // largest relative change against Previous; 0 = none applies
}

// Breach is the first rule of an Allocation that does not hold.
type Breach struct {
	Invariant string // "Q1", "Q2", "Q7", "Q8", or "shape", "nodes", "rows", "columns", "bounds"
	Sector    string
	Operator  string   // empty where the rule is not about one
	Cell      geo.Cell // zero where the rule is not about one
	Node      string   // empty where the rule is not about one
	Got, Want int
	Text      string // the rule as a sentence, with the relation that Got should have to Want
}

// Error names the invariant, the place, the rule and both numbers.
func (b *Breach) Error() string {
	where := fmt.Sprintf("sector %q", b.Sector)
	if b.Node != "" {
		where += fmt.Sprintf(", node %q", b.Node)
	}
	if b.Operator != "" {
		where += fmt.Sprintf(", operator %q", b.Operator)
	}
	if b.Cell != 0 {
		where += fmt.Sprintf(", cell %s", b.Cell)
	}
	return fmt.Sprintf("%s broken: %s: %s: got %d, want %d", b.Invariant, where, b.Text, b.Got, b.Want)
}
