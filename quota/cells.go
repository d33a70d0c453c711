package quota

import (
	"errors"
	"fmt"

	"github.com/stint-city/stint/geo"
)

// ErrInfeasible is wrapped by every *InfeasibleError: floors that do not fit.
var ErrInfeasible = errors.New("floors do not fit")

// Node is the city, a district or an area inside one. Nodes form a tree: the first is the root, and
// parents stand before their children.
type Node struct {
	ID     string
	Parent int // index of the node around it; -1 for the root
	Floor  int // least vehicles inside
	Cap    int // most vehicles inside; -1 = no cap
}

// Leaf is a cell with what AllocateCells needs of it.
type Leaf struct {
	Cell   geo.Cell
	Node   int // the innermost node around it
	Floor  int
	Cap    int     // what it carries; >= 0
	Weight float64 // what its benefit counts, >= 0; 1 = as much as anyone's, more for equity
	// Marginal is the benefit of the 1st, 2nd, ... vehicle, trips a mean day, never rising;
	// vehicles beyond its end have none.
	Marginal []float64
}

// ReasonCode says why a cell did not get one more vehicle. It is a code of the message catalogue.
type ReasonCode string

// The reasons in the order in which they are tried: the first that holds is given.
const (
	ReasonCapacity ReasonCode = "capacity" // the cell holds what it carries
	ReasonFloor    ReasonCode = "floor"    // only a floor brought even its last vehicle
	ReasonBenefit  ReasonCode = "benefit"  // one more would add less than the least benefit
	ReasonNode     ReasonCode = "node"     // a node around it is at its cap
	ReasonTotal    ReasonCode = "total"    // the city's maximum is reached
)

// Reason is why a cell did not get one more vehicle.
type Reason struct {
	Code ReasonCode
	Node string // ID of the innermost node at its cap, for ReasonNode
}

// String returns the code, and for ReasonNode the node after a colon: "benefit", "node:riverside".
func (r Reason) String() string {
	if r.Node == "" {
		return string(r.Code)
	}
	return string(r.Code) + ":" + r.Node
}

// CurvePoint is the benefit of the best so many vehicles.
type CurvePoint struct {
	Vehicles int
	Benefit  float64 // weighted trips a mean day
	// Marginal is the benefit of the last of these vehicles; at the first point, where all are forced
	// by floors, that of the next one.
	Marginal float64
}

// Totals is what AllocateCells decides.
type Totals struct {
	PerCell    []int    // answers leaves
	Binding    []Reason // answers leaves: why not one more
	NodeTotals []int    // answers nodes
	Total      int
	// ShadowPrice is the weighted benefit of the last vehicle that no floor forced; NaN if there is
	// none.
	ShadowPrice float64
	// Curve runs from the vehicles forced by floors to all that add anything within the caps, past
	// Total, which is one of its points. At most 200 points; Benefit is exact at each.
	Curve []CurvePoint
}

// InfeasibleError says which floors do not fit where.
type InfeasibleError struct {
	Node string   // ID of the node; empty where one cell's floor is above its own cap
	Cell geo.Cell // that cell
	// By is what is too small: ReasonCapacity the cells inside (or the cell itself), ReasonNode the
	// node's cap, ReasonTotal the city's maximum.
	By    ReasonCode
	Need  int // vehicles the floors ask for
	Room  int // vehicles there is room for
	Short int // Need - Room
}

// Error names the node or cell, both numbers and the difference.
func (e *InfeasibleError) Error() string {
	where, room := fmt.Sprintf("node %q", e.Node), "its cells take"
	switch {
	case e.Node == "":
		where, room = fmt.Sprintf("cell %s", e.Cell), "it takes"
	case e.By == ReasonNode:
		room = "its cap is"
	case e.By == ReasonTotal:
		room = "the city's maximum is"
	}
	return fmt.Sprintf("%s: floors need %d vehicles, %s %d: %d too few",
		where, e.Need, room, e.Room, e.Short)
}

// Unwrap returns ErrInfeasible.
func (e *InfeasibleError) Unwrap() error { return ErrInfeasible }

func infeasible(by ReasonCode, node string, need, room int) *InfeasibleError {
	return &InfeasibleError{Node: node, By: by, Need: need, Room: room, Short: need - room}
}
