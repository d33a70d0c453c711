package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
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
// under "bureau.<Code>". It wraps ErrForbidden, ErrStage or ErrNotFound.
type RuleBreach struct {
	Code string
	Args []any // name, value pairs
	Err  error
}

// Error returns one sentence for logs.
func (e *RuleBreach) Error() string { return fmt.Sprintf("%v: %s %v", e.Err, e.Code, e.Args) }

// Unwrap returns what kind of breach it is.
func (e *RuleBreach) Unwrap() error { return e.Err }

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

// file is everything decided so far.
type file struct {
	publications []*Publication // in the order of their drafts
	objections   []*Objection
	orders       []*Order
	pools        []Pool
	force        inForce
}

// inForce is what the log says should be in force.
type inForce struct {
	publication string
	plan        string // ID of the plan
	zones       string // name of the document of zones
	epoch       int64  // Seq of the last entry that changed any of it
}

// kinds of log entries.
const (
	kindDrafted     = "plan.drafted"
	kindAnnounced   = "plan.announced"
	kindFinal       = "plan.final"
	kindEffective   = "plan.effective"
	kindWithdrawn   = "plan.withdrawn"
	kindChecked     = "plan.checked"
	kindObjected    = "objection.filed"
	kindAnswered    = "objection.answered"
	kindZones       = "zones.set"
	kindPool        = "pool.set"
	kindOrdered     = "order.given"
	kindAcknowleged = "order.acknowledged"
	kindDone        = "order.done"
	kindCounted     = "asks.counted"
)

// entry is what a log entry says: the fields of its kind.
type entry struct {
	Publication string         `json:"publication,omitempty"`
	Plan        string         `json:"plan,omitempty"`
	Zones       string         `json:"zones,omitempty"`
	Terms       *Terms         `json:"terms,omitempty"`
	Emergency   string         `json:"emergency,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Objection   string         `json:"objection,omitempty"`
	Text        string         `json:"text,omitempty"`
	Accepted    bool           `json:"accepted,omitempty"`
	Pool        *Pool          `json:"pool,omitempty"`
	Order       *Order         `json:"order,omitempty"`
	ID          string         `json:"id,omitempty"`
	From        Millis         `json:"from,omitempty"`
	Granted     int64          `json:"granted,omitempty"`
	Refused     map[Rule]int64 `json:"refused,omitempty"`
	Instance    string         `json:"instance,omitempty"`
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
			return nil
		}
	}
}

// attempts is how often an append is tried that others came before.
const attempts = 8

// record appends an entry that decide makes of what was decided so far; decide is asked again where
// another engine's entry came first.
func (e *Engine) record(
	ctx context.Context, by Actor, kind string, decide func(*file) (entry, error),
) (Entry, error) {
	for range attempts {
		if err := e.catchUp(ctx); err != nil {
			return Entry{}, err
		}
		sealed, err := e.seal(by, kind, decide)
		if err != nil {
			return Entry{}, err
		}
		err = e.config.Store.Append(ctx, e.config.City, sealed)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil {
			return Entry{}, fmt.Errorf("append %s to the log of %s: %w", kind, e.config.City, err)
		}
		return sealed, e.catchUp(ctx)
	}
	return Entry{}, fmt.Errorf("append %s to the log of %s: %w", kind, e.config.City, ErrConflict)
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

// apply folds one entry into the file.
func (f *file) apply(e *Entry) error {
	var x entry
	if err := json.Unmarshal(e.Body, &x); err != nil {
		return fmt.Errorf("log entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	switch e.Kind {
	case kindObjected, kindAnswered:
		f.applyObjection(e, &x)
	case kindOrdered, kindAcknowleged, kindDone:
		f.applyOrder(e, &x)
	case kindZones:
		f.force.zones, f.force.epoch = x.Zones, e.Seq
	case kindPool:
		f.pools = slices.DeleteFunc(f.pools, func(p Pool) bool { return p.ID == x.Pool.ID })
		f.pools = append(f.pools, *x.Pool)
		f.force.epoch = e.Seq
	default:
		f.applyPlan(e, &x)
	}
	return nil
}

// Log returns up to limit entries of the city's log after a number, in order.
func (e *Engine) Log(ctx context.Context, after int64, limit int) ([]Entry, error) {
	return e.config.Store.Log(ctx, e.config.City, after, limit)
}

// VerifyLog reads the whole log and returns how many entries hold together from the first, with a
// *ChainError for the next one.
func (e *Engine) VerifyLog(ctx context.Context) (int64, error) {
	var last *Entry
	n := int64(0)
	for {
		entries, err := e.config.Store.Log(ctx, e.config.City, n, logPage)
		if err != nil {
			return n, err
		}
		for i := range entries {
			if err := VerifyChain(last, entries[i:i+1]); err != nil {
				return n, err
			}
			last, n = &entries[i], entries[i].Seq
		}
		if len(entries) < logPage {
			return n, nil
		}
	}
}

// count writes what was granted and refused since the last time into the log.
func (e *Engine) count(ctx context.Context) error {
	fresh := e.counts.unlogged()
	if len(fresh) == 0 {
		return nil
	}
	_, err := e.record(ctx, itself(), kindCounted, func(*file) (entry, error) {
		x := entry{Instance: e.config.Instance, Granted: fresh[granted], Refused: map[Rule]int64{}}
		for rule, n := range fresh {
			if rule != granted {
				x.Refused[rule] = n
			}
		}
		return x, nil
	})
	if err == nil {
		e.counts.logAs(fresh)
	}
	return err
}

// day is used in messages about times.
func day(t time.Time) string { return t.UTC().Format(time.RFC3339) }
