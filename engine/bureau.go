package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// Role is what somebody may do.
type Role string

// The roles.
const (
	RoleAdmin    Role = "bureau-admin"   // everything a bureau may
	RoleOfficer  Role = "bureau-officer" // drafts, announces, answers; can't make a plan final
	RoleOperator Role = "operator"       // its own placements, orders and objections
	RolePlanner  Role = "planner"        // reads totals
	RolePublic   Role = "public"         // reads what is published
)

// Actor is who decides: the subject of a token, and its role. For an operator, ID is the
// operator's.
type Actor struct {
	ID   string
	Role Role
}

// ErrForbidden means that an actor's role, or the two-person rule, doesn't allow it.
var ErrForbidden = errors.New("not allowed")

// ErrStage means that a publication, objection or order is not where it would have to be.
var ErrStage = errors.New("not at this stage")

// RuleBreach is a decision that the rules of procedure don't allow: the catalogue has its sentence
// under "bureau.<Code>". It wraps ErrForbidden, ErrStage, ErrNotFound, or ErrAsk
// where what was sent makes no sense.
type RuleBreach struct {
	Code string
	Args []any // name, value pairs
	Err  error
}

// Error returns one sentence for logs.
func (e *RuleBreach) Error() string { return fmt.Sprintf("%v: %s %v", e.Err, e.Code, e.Args) }

// Unwrap returns what kind of breach it is.
func (e *RuleBreach) Unwrap() error { return e.Err }

func unfit(code string, args ...any) error     { return &RuleBreach{code, args, ErrAsk} }
func stage(code string, args ...any) error     { return &RuleBreach{code, args, ErrStage} }
func forbidden(code string, args ...any) error { return &RuleBreach{code, args, ErrForbidden} }
func notFound(code string, args ...any) error  { return &RuleBreach{code, args, ErrNotFound} }

// bureau is what the city's log amounts to. The log is the truth: this is its fold, and every
// engine that reads the same log has the same.
type bureau struct {
	mu   sync.RWMutex
	last *Entry
	file file
}

// logPage is how many entries are read at a time.
const logPage = 500

// refresh reads what others have appended since, and puts it in force where it changes anything.
func (e *Engine) refresh(ctx context.Context) error {
	e.turn.Lock()
	defer e.turn.Unlock()
	if err := e.catchUp(ctx); err != nil {
		return err
	}
	return e.impose(ctx)
}

// catchUp folds the entries that the log has grown by.
func (e *Engine) catchUp(ctx context.Context) error {
	e.bureau.mu.Lock()
	defer e.bureau.mu.Unlock()
	for {
		after := int64(0)
		if e.bureau.last != nil {
			after = e.bureau.last.Seq
		}
		entries, err := e.config.Store.Log(ctx, e.config.City, after, logPage)
		if err != nil {
			return fmt.Errorf("read the log of %s after entry %d: %w", e.config.City, after, err)
		}
		if err := VerifyChain(e.bureau.last, entries); err != nil {
			return err
		}
		for i := range entries {
			if err := e.bureau.file.apply(&entries[i]); err != nil {
				return err
			}
			e.bureau.last = &entries[i]
		}
		if len(entries) < logPage {
			e.next.Store(e.bureau.file.next())
			return nil
		}
	}
}

// attempts is how often an append is tried that others came before.
const attempts = 8

// record appends an entry that decide makes of what was decided so far; decide is asked again where
// another engine's entry came first. On an error the entry is the last one tried, if any.
func (e *Engine) record(
	ctx context.Context, by Actor, kind string, decide func(*file) (entry, error),
) (Entry, error) {
	var sealed Entry
	var failed error
	for range attempts {
		err := e.catchUp(ctx)
		if err == nil {
			sealed, err = e.seal(by, kind, decide)
		}
		if err != nil {
			return Entry{}, err
		}
		failed = e.config.Store.Append(ctx, e.config.City, sealed)
		if failed == nil || e.landed(ctx, &sealed, failed) {
			return sealed, e.catchUp(ctx)
		}
		if !errors.Is(failed, ErrConflict) {
			break
		}
	}
	return sealed, fmt.Errorf("append %s to the log of %s: %w", kind, e.config.City, failed)
}

// landed reports whether an entry is in the log although its append failed: the answer was lost, or
// a client repeated the append and met its own entry.
func (e *Engine) landed(ctx context.Context, sealed *Entry, failed error) bool {
	if !errors.Is(failed, ErrConflict) && !errors.Is(failed, ErrUnknownOutcome) {
		return false
	}
	there, err := e.config.Store.Log(ctx, e.config.City, sealed.Seq-1, 1)
	return err == nil && len(there) == 1 && there[0].Hash == sealed.Hash
}

// seal makes the log's next entry.
func (e *Engine) seal(
	by Actor, kind string, decide func(*file) (entry, error),
) (Entry, error) {
	e.bureau.mu.RLock()
	defer e.bureau.mu.RUnlock()
	body, err := decide(&e.bureau.file)
	if err != nil {
		return Entry{}, err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return Entry{}, fmt.Errorf("encode %s: %w", kind, err)
	}
	next := Entry{
		Time: MillisOf(e.now()), By: by.ID, Role: string(by.Role), Kind: kind, Body: data,
	}
	return next.Sealed(e.bureau.last)
}

// itself is who stint's own entries are by.
func itself() Actor { return Actor{ID: "stint"} }
