package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/stint-city/stint/engine"
)

// The errors of the door itself.
var (
	errInput       = errors.New("the request is not valid")
	errTooLarge    = errors.New("the request is too large")
	errMediaType   = errors.New("the body is not JSON")
	errNoRoute     = errors.New("no such path")
	errMethod      = errors.New("not with this method")
	errTooMany     = errors.New("too many requests")
	errStopping    = errors.New("the server is stopping")
	errNoStream    = errors.New("this store has no event stream")
	errGone        = errors.New("these events are no longer kept")
	errPanic       = errors.New("a fault of the server")
	errUnreadable  = errors.New("the body stopped before its end")
	errOtherParty  = errors.New("of another operator")
	errNoSuchThing = errors.New("no such thing")
)

// problemRow is one kind of error: its code, which is the end of Problem.Type and its id in the
// catalogue, its status, and after how many seconds to ask again, 0 for never.
type problemRow struct {
	err    error
	code   string
	status int
	retry  int
}

// problems is the table from errors to HTTP, refusals aside. The first row that errors.Is finds
// counts.
//
//nolint:gochecknoglobals // a table that nothing writes
var problems = []problemRow{
	{ErrNoToken, "token-missing", http.StatusUnauthorized, 0},
	{ErrToken, "token-invalid", http.StatusUnauthorized, 0},
	{ErrRole, "role-not-allowed", http.StatusForbidden, 0},
	{errOtherParty, "other-operator", http.StatusForbidden, 0},
	{errTooMany, "too-many-requests", http.StatusTooManyRequests, 1},
	{errTooLarge, "too-large", http.StatusRequestEntityTooLarge, 0},
	{errMediaType, "media-type", http.StatusUnsupportedMediaType, 0},
	{errUnreadable, "body-unreadable", http.StatusBadRequest, 0},
	{errInput, "bad-input", http.StatusBadRequest, 0},
	{errNoRoute, "no-such-path", http.StatusNotFound, 0},
	{errNoSuchThing, "not-found", http.StatusNotFound, 0},
	{errMethod, "method-not-allowed", http.StatusMethodNotAllowed, 0},
	{errStopping, "stopping", http.StatusServiceUnavailable, 2},
	{errNoStream, "no-event-stream", http.StatusServiceUnavailable, 60},
	{errGone, "events-gone", http.StatusGone, 0},
	{errPanic, "internal", http.StatusInternalServerError, 0},

	{engine.ErrAsk, "bad-ask", http.StatusBadRequest, 0},
	{engine.ErrForbidden, "role-not-allowed", http.StatusForbidden, 0},
	{engine.ErrStage, "wrong-stage", http.StatusConflict, 0},
	{engine.ErrUnknownOutcome, "outcome-unknown", http.StatusServiceUnavailable, 1},
	{engine.ErrUnavailable, "store-unavailable", http.StatusServiceUnavailable, 2},
	{engine.ErrConflict, "conflict", http.StatusServiceUnavailable, 1},
	{engine.ErrExists, "exists", http.StatusConflict, 0},
	{engine.ErrNotFound, "not-found", http.StatusNotFound, 0},
	{context.DeadlineExceeded, "timeout", http.StatusServiceUnavailable, 1},
	{context.Canceled, "canceled", statusClientGone, 0},
}

// statusClientGone is for the log: the client went before the answer.
const statusClientGone = 499

// internal is the row of what the table doesn't know.
//
//nolint:gochecknoglobals // a row that nothing writes
var internal = problemRow{errPanic, "internal", http.StatusInternalServerError, 0}

// rowOf returns the row of an error.
func rowOf(err error) problemRow {
	for _, row := range problems {
		if errors.Is(err, row.err) {
			return row
		}
	}
	return internal
}

// ruleStatus returns the status of a refusal and after how many seconds to ask again.
func ruleStatus(rule engine.Rule) (status, retry int) {
	switch rule {
	case engine.RuleUnknownSector, engine.RuleNoQuota, engine.RuleUnknown:
		return http.StatusNotFound, 0
	case engine.RuleUnlicensed, engine.RuleOutsideCity, engine.RuleNoParking,
		engine.RuleSpotRequired:
		return http.StatusForbidden, 0
	case engine.RuleMismatch:
		return http.StatusUnprocessableEntity, 0
	case engine.RuleShut:
		return http.StatusServiceUnavailable, 5
	case engine.RuleStale:
		return http.StatusServiceUnavailable, 1
	}
	return http.StatusConflict, 0 // a full tier, or a placement in another state
}
