package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Entry is one line of a city's log: a decision of the bureau, an objection, an order, or the count
// of grants and refusals. Each carries the hash of the one before, so that a changed, missing or
// reordered entry shows.
type Entry struct {
	Seq  int64           `json:"seq"`  // 1, 2, 3, …
	Time Millis          `json:"time"` // Unix milliseconds
	By   string          `json:"by"`   // who: a token's subject, or "stint" for what stint does itself
	Role string          `json:"role"` // in what role
	Kind string          `json:"kind"` // what: "plan.drafted", "objection.filed", …
	Body json.RawMessage `json:"body"` // the kind's own fields
	Prev string          `json:"prev"` // Hash of the entry before; "" for the first
	Hash string          `json:"hash"` // SHA-256 of all the above
}

// ErrChain means that a log was changed.
var ErrChain = errors.New("the log does not hold together")

// ChainError is the first place where a log does not hold together.
type ChainError struct {
	Seq int64  // of the entry, as it should be
	Why string // "changed", "missing" or "reordered"
}

// Error names the entry and what is wrong.
func (e *ChainError) Error() string {
	return fmt.Sprintf("%v: entry %d %s", ErrChain, e.Seq, e.Why)
}

// Unwrap returns ErrChain.
func (e *ChainError) Unwrap() error { return ErrChain }

// Sealed returns the entry as the one after prev, nil for the first: numbered and hashed.
func (e Entry) Sealed(prev *Entry) (Entry, error) {
	e.Seq, e.Prev = 1, ""
	if prev != nil {
		e.Seq, e.Prev = prev.Seq+1, prev.Hash
	}
	hash, err := e.digest()
	e.Hash = hash
	return e, err
}

// digest returns the hash of the entry with an empty Hash.
func (e Entry) digest() (string, error) {
	e.Hash = ""
	data, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("encode log entry %d: %w", e.Seq, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// VerifyChain checks that entries follow prev, nil for the log's beginning, without a change, a gap
// or another order. It returns a *ChainError for the first that doesn't.
func VerifyChain(prev *Entry, entries []Entry) error {
	for i := range entries {
		e := &entries[i]
		want, last := int64(1), ""
		if prev != nil {
			want, last = prev.Seq+1, prev.Hash
		}
		switch hash, err := e.digest(); {
		case err != nil:
			return err
		case e.Seq < want:
			return &ChainError{want, "reordered"}
		case e.Seq > want:
			return &ChainError{want, "missing"}
		case hash != e.Hash || e.Prev != last:
			return &ChainError{want, "changed"}
		}
		prev = e
	}
	return nil
}
