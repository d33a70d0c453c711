package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// logCases hold the bureau's log and its documents.
func logCases() []testCase {
	return []testCase{
		{"entries come back in order and hold together", logInOrder},
		{"an entry that doesn't follow the last is a conflict", logConflict},
		{"of many who append at once one succeeds at a time", logRace},
		{"a log is read page by page", logPages},
		{"two cities have two logs", logTwoCities},
		{"a document comes back byte by byte", documents},
		{"a document never changes", documentKept},
		{"a document that nobody put is not found", documentMissing},
	}
}

// sealed returns the entry after prev.
func (b *bench) sealed(prev *engine.Entry, kind string) engine.Entry {
	b.Helper()
	e, err := engine.Entry{
		Time: engine.MillisOf(b.now), By: "li", Role: "bureau-admin", Kind: kind,
		Body: json.RawMessage(`{"plan":"p-1","note":"厦门 \"岛内\""}`),
	}.Sealed(prev)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// appended appends n entries and returns them.
func (b *bench) appended(n int) []engine.Entry {
	b.Helper()
	var all []engine.Entry
	var prev *engine.Entry
	for i := range n {
		e := b.sealed(prev, fmt.Sprintf("kind-%d", i))
		if err := b.store.Append(b.Context(), b.scope.City, e); err != nil {
			b.Fatalf("Append entry %d: %v", e.Seq, err)
		}
		all, prev = append(all, e), &e
	}
	return all
}

// log reads the log and wants entries.
func (b *bench) log(after int64, limit int, want []engine.Entry) {
	b.Helper()
	got, err := b.store.Log(b.Context(), b.scope.City, after, limit)
	if err != nil {
		b.Fatalf("Log: %v", err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("Log after %d, limit %d (-want +got):\n%s", after, limit, diff)
	}
}

func logInOrder(b *bench) {
	b.log(0, 10, nil)
	all := b.appended(12)
	b.log(0, 100, all)
	got, err := b.store.Log(b.Context(), b.scope.City, 0, 100)
	if err != nil {
		b.Fatal(err)
	}
	if err := engine.VerifyChain(nil, got); err != nil {
		b.Error(err)
	}
}

func logConflict(b *bench) {
	all := b.appended(3)
	other := all[1]
	other.Hash = "0"
	for name, e := range map[string]engine.Entry{
		"a first entry again":             b.sealed(nil, "x"),
		"the last entry again":            all[2],
		"an entry after an earlier one":   b.sealed(&all[1], "x"),
		"an entry after one not there":    b.sealed(&engine.Entry{Seq: 4, Hash: "4"}, "x"),
		"an entry after another's hash":   b.sealed(&engine.Entry{Seq: 3, Hash: "3"}, "x"),
		"an entry with a number too high": {Seq: 5, Prev: all[2].Hash},
	} {
		err := b.store.Append(b.Context(), b.scope.City, e)
		if !errors.Is(err, engine.ErrConflict) {
			b.Errorf("Append of %s: %v, want %v", name, err, engine.ErrConflict)
		}
	}
	b.log(0, 100, all)
	if err := b.store.Append(b.Context(), b.scope.City, b.sealed(&all[2], "x")); err != nil {
		b.Errorf("Append after the conflicts: %v", err)
	}
}

func logRace(b *bench) {
	const writers, each = 8, 5
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for range each {
				b.appendSome(w)
			}
		})
	}
	all.Wait()
	got, err := b.store.Log(b.Context(), b.scope.City, 0, 1000)
	if err != nil || len(got) != writers*each {
		b.Fatalf("%d entries, %v, want %d", len(got), err, writers*each)
	}
	if err := engine.VerifyChain(nil, got); err != nil {
		b.Error(err)
	}
}

// appendSome appends one entry after whatever is last.
func (b *bench) appendSome(writer int) {
	for {
		log, err := b.store.Log(b.Context(), b.scope.City, 0, 1000)
		if err != nil {
			b.Errorf("Log: %v", err)
			return
		}
		var prev *engine.Entry
		if len(log) > 0 {
			prev = &log[len(log)-1]
		}
		e, err := engine.Entry{Kind: fmt.Sprint(writer), Body: json.RawMessage("{}")}.Sealed(prev)
		if err != nil {
			b.Error(err)
			return
		}
		err = b.store.Append(b.Context(), b.scope.City, e)
		if err == nil {
			return
		}
		if !errors.Is(err, engine.ErrConflict) {
			b.Errorf("Append: %v", err)
			return
		}
	}
}

func logPages(b *bench) {
	all := b.appended(7)
	b.log(0, 3, all[:3])
	b.log(3, 3, all[3:6])
	b.log(6, 3, all[6:])
	b.log(7, 3, nil)
	b.log(99, 3, nil)
}

func logTwoCities(b *bench) {
	all := b.appended(2)
	other := newBench(b.T, b.store)
	other.log(0, 10, nil)
	other.appended(1)
	b.log(0, 10, all)
}

func documents(b *bench) {
	data := make([]byte, 300_000)
	for i := range data {
		data[i] = byte(i * 7)
	}
	for name, content := range map[string][]byte{
		"plan/p-1": data, "empty": {}, "名字 with / and {braces}": []byte("x\x00\r\n\xff"),
	} {
		if err := b.store.PutDocument(b.Context(), b.scope.City, name, content); err != nil {
			b.Fatalf("PutDocument %s: %v", name, err)
		}
		got, err := b.store.Document(b.Context(), b.scope.City, name)
		if err != nil || string(got) != string(content) {
			b.Errorf("Document %s: %d bytes, %v, want the %d put", name, len(got), err, len(content))
		}
	}
}

func documentKept(b *bench) {
	put := func(text string) error {
		return b.store.PutDocument(b.Context(), b.scope.City, "p", []byte(text))
	}
	if err := put("one"); err != nil {
		b.Fatal(err)
	}
	if err := put("one"); err != nil {
		b.Errorf("the same again: %v", err)
	}
	if err := put("two"); !errors.Is(err, engine.ErrExists) {
		b.Errorf("other bytes: %v, want %v", err, engine.ErrExists)
	}
	got, err := b.store.Document(b.Context(), b.scope.City, "p")
	if err != nil || string(got) != "one" {
		b.Errorf("Document = %q, %v, want %q", got, err, "one")
	}
}

func documentMissing(b *bench) {
	b.appended(1)
	_, err := b.store.Document(b.Context(), b.scope.City, "p")
	if !errors.Is(err, engine.ErrNotFound) {
		b.Errorf("Document: %v, want %v", err, engine.ErrNotFound)
	}
}
