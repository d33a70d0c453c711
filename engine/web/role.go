package web

import "github.com/stint-city/stint/engine"

// Identity is who asks.
type Identity struct {
	Subject  string
	Role     engine.Role
	Operator string // of an operator; "" for every other role
}

// public is who asks without a token.
var public = Identity{Role: engine.RolePublic} //nolint:gochecknoglobals // nothing writes it

// actor returns the identity as the engine's log names it.
func (id Identity) actor() engine.Actor {
	if id.Role == engine.RoleOperator {
		return engine.Actor{ID: id.Operator, Role: id.Role}
	}
	return engine.Actor{ID: id.Subject, Role: id.Role}
}

// bureau reports whether the identity is of the bureau.
func (id Identity) bureau() bool {
	return id.Role == engine.RoleAdmin || id.Role == engine.RoleOfficer
}

// view is how much of the counts an identity may read.
type view int

const (
	viewPublished view = iota // caps
	viewTotals                // and counts of all operators together
	viewOwn                   // and its own counts
	viewAll                   // and everybody's
)

// view returns how much of the counts the identity may read.
func (id Identity) view() view {
	switch id.Role {
	case engine.RoleAdmin, engine.RoleOfficer:
		return viewAll
	case engine.RolePlanner:
		return viewTotals
	case engine.RoleOperator:
		return viewOwn
	}
	return viewPublished
}
