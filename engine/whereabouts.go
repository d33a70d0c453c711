package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/stint-city/stint/geo"
)

// Word is the latest that was told of one vehicle: its state and its cell, each with the time it
// was true. Either may not have been told.
type Word struct {
	Vehicle uint64   // salted hash of its name; never 0
	StateAt Millis   // 0 = no state was told
	State   uint8    // number of an observe.State, at most 9; 0 where none was told
	CellAt  Millis   // 0 = no place was told
	Cell    geo.Cell // 0 where no place was told
}

// Merge returns what is known after both words about one vehicle, in whatever order they came: the
// later state and the later cell, and at the same time the greater number. So a word told twice, or
// late, changes nothing that it shouldn't.
func (w Word) Merge(other Word) Word {
	if other.StateAt > w.StateAt || other.StateAt == w.StateAt && other.State > w.State {
		w.StateAt, w.State = other.StateAt, other.State
	}
	if other.CellAt > w.CellAt || other.CellAt == w.CellAt && other.Cell > w.Cell {
		w.CellAt, w.Cell = other.CellAt, other.Cell
	}
	return w
}

// Stand is how many vehicles of an operator were last told to be in one cell and state. Cell 0 =
// their place is unknown.
type Stand struct {
	Operator string
	Cell     geo.Cell
	State    uint8
	N        int
}

// Whereabouts is a Store that keeps the latest word about every vehicle, and counts them. Each call
// happens wholly or not at all, and the counts are those of the words at every moment. So it may be
// repeated, and several servers may tell the same: nothing is counted twice.
type Whereabouts interface {
	// Tell merges words about an operator's vehicles into those kept, and returns how many changed
	// one. At most MostWords at once. After an error repeat the call.
	Tell(ctx context.Context, s Scope, operator string, words []Word) (changed int, err error)
	// Stands returns the counts above 0 by operator, cell and state, in this order.
	Stands(ctx context.Context, s Scope) ([]Stand, error)
	// Vehicles returns the word kept of each of some vehicles of an operator; one with Vehicle 0
	// where none is. At most MostWords at once.
	Vehicles(ctx context.Context, s Scope, operator string, ids []uint64) ([]Word, error)
	// Forget drops the vehicles of which nothing was told after a time, and takes no word of that
	// time or before any more, so that a late one can't bring them back. It returns how many. A
	// call that failed may have dropped some of them.
	Forget(ctx context.Context, s Scope, until Millis) (int, error)
}

// MostWords is how many words one call of Whereabouts takes.
const MostWords = 1000

// LastMillis is the last time that a Word may name: the end of the year 2285.
const LastMillis = Millis(9_999_999_999_999)

// ErrWords is what words give that no vehicle can have.
var ErrWords = errors.New("no words about vehicles")

// CheckWords returns ErrWords unless every word is one that a Whereabouts can keep.
func CheckWords(operator string, words []Word) error {
	if operator == "" || len(words) > MostWords {
		return fmt.Errorf("%w: %d of operator %q", ErrWords, len(words), operator)
	}
	for i := range words {
		w := &words[i]
		state := w.StateAt > 0 && w.StateAt <= LastMillis && w.State <= 9
		cell := w.CellAt > 0 && w.CellAt <= LastMillis && w.Cell != 0
		if w.Vehicle == 0 || !state && (w.StateAt != 0 || w.State != 0) ||
			!cell && (w.CellAt != 0 || w.Cell != 0) || !state && !cell {
			return fmt.Errorf("%w: number %d, %+v", ErrWords, i, *w)
		}
	}
	return nil
}
