package engine

import (
	"context"
	"errors"
	"time"
)

// The errors of every Store. A nil error means that the call happened, once; ErrUnknownOutcome,
// that nobody can tell: repeat it with the same keys.
var (
	// ErrUnavailable: the store did not carry out the call; nothing changed.
	ErrUnavailable = errors.New("the store is not available")
	// ErrUnknownOutcome: the call was sent and no answer came.
	ErrUnknownOutcome = errors.New("the store did not answer: the outcome is unknown")
	// ErrEpoch: a publication of the same or a later epoch is in force.
	ErrEpoch = errors.New("a later publication is in force")
	// ErrConflict: somebody else appended to the log first.
	ErrConflict = errors.New("the log has grown meanwhile")
	// ErrNotFound: the store has no such document.
	ErrNotFound = errors.New("not found")
	// ErrExists: the document exists with other bytes; documents never change.
	ErrExists = errors.New("exists already, with other content")
)

// Store keeps what must survive: engine/mem in the process, engine/rdb in Redis. storetest.Run
// judges both by one suite. Every time is an argument.
type Store interface {
	Ledgers
	Records
	Pools
}

// Ledgers keep, for each scope, the caps in force and every record. Calls of one scope happen one
// after the other, each wholly or not at all.
type Ledgers interface {
	// Do answers asks[i] by answers[i], in order: a later ask sees what an earlier one took. A grant
	// is charged to all of its levels or to none. On an error nothing is known of any ask: repeat
	// them all. engine.Ledger.Do is the specification of every answer.
	Do(ctx context.Context, s Scope, now time.Time, asks []Ask) ([]Answer, error)
	// Publish puts caps in force and opens the ledger; what stands beyond a cap stays, and the level
	// grants nothing more. Pools keep what they have drawn. It returns ErrEpoch unless Epoch is
	// greater than the one in force; repeating the one in force is no error.
	Publish(ctx context.Context, caps *Caps, now time.Time) error
	// Shut stops new grants for a reason, until Publish.
	Shut(ctx context.Context, s Scope, reason string, now time.Time) error
	// Relevel makes live records charge other levels: what stands follows a changed geography.
	Relevel(ctx context.Context, s Scope, levels map[ID][]Level, now time.Time) error
	// Sweep ends the leases that have expired and forgets the records that ended more than a
	// retention ago. It returns how many of both; many instances may sweep at once.
	Sweep(ctx context.Context, s Scope, now time.Time, keep time.Duration) (Sweeping, error)
	// Read calls view with the ledger at rest, no older than the last answer this Store gave. view
	// must not keep it, nor change it, nor call the Store.
	Read(ctx context.Context, s Scope, view func(*Ledger)) error
}

// Sweeping is what one Sweep did.
type Sweeping struct {
	Expired   int // leases that nobody committed in time
	Forgotten int // records that ended a retention ago
}

// Follower is a Ledgers whose events can be followed.
type Follower interface {
	// Follow calls each with every event after an ID, in order, until ctx ends or each fails. An ID
	// that is no longer kept gives ErrNotFound.
	Follow(ctx context.Context, s Scope, after EventID, each func(Event) error) error
}

// Records keep the bureau's log and its documents, by city.
type Records interface {
	// Append adds an entry to the city's log. It returns ErrConflict unless the entry follows the
	// last one: its Seq and Prev say which.
	Append(ctx context.Context, city string, e Entry) error
	// Log returns up to limit entries after a number, in order; none after the last.
	Log(ctx context.Context, city string, after int64, limit int) ([]Entry, error)
	// PutDocument keeps bytes under a name, once: the same bytes again are no error, others give
	// ErrExists.
	PutDocument(ctx context.Context, city, name string, data []byte) error
	// Document returns the bytes under a name, or ErrNotFound.
	Document(ctx context.Context, city, name string) ([]byte, error)
}

// Pools are totals over several scopes, given out in chunks: a scope draws a chunk, grants from it
// with no further round trip, and returns what lies idle. What was drawn never exceeds the pool's
// cap, whatever crashes between the two steps of a transfer: Settle completes it.
type Pools interface {
	// SetPool sets a pool's cap. A cap below what is drawn stops further draws.
	SetPool(ctx context.Context, pool string, limit int) error
	// Draw moves up to n of a pool to a scope and returns how many came, 0 where the pool is dry.
	// Repeating a transfer's ID draws nothing again and returns the same.
	Draw(
		ctx context.Context, pool string, s Scope, transfer string, n int, now time.Time,
	) (int, error)
	// Return gives back what a scope has drawn and not used, all but keep of it, and returns how
	// many. Repeating a transfer's ID gives nothing back again.
	Return(
		ctx context.Context, pool string, s Scope, transfer string, keep int, now time.Time,
	) (int, error)
	// Settle completes the transfers of a pool that a crash cut in two, and returns how many.
	Settle(ctx context.Context, pool string, now time.Time) (int, error)
	// PoolState returns a pool's cap, 0 for one never set, and what each scope has drawn of it;
	// scopes that have drawn nothing are left out.
	PoolState(ctx context.Context, pool string) (limit int, drawn map[Scope]int, err error)
}
