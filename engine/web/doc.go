// Package web is stint's HTTP door: the native API under /v1, its OpenAPI document and readable
// page, authentication, limits, metrics and the one table from errors to HTTP.
//
// # Words
//
// An [Identity] is who asks: subject, role and, for an operator, which one. A route is an operation
// of the API with the roles that may call it; the OpenAPI document says both, and the tests read it
// from there. A [Problem] is an error as RFC 9457 has it.
//
// # Who sees what
//
// The public reads what is published: plans after their notice, caps, zones. A planner reads counts
// of all operators together. An operator reads and changes its own, and of the others only what is
// published. The bureau reads everything; an officer drafts and announces, an admin decides.
//
// A refusal and the room around a point tell an operator how many vehicles still fit there, which
// includes what others have placed, but never whose they are.
//
// # Flow
//
// Handler: request ID → deadline → who → rate → role → route. One function each, in serve.go. The
// route of a single placement is written by hand (place.go); every other goes through huma, which
// makes its schema, checks its input and encodes its answer.
package web
