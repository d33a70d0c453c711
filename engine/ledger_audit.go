package engine

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// ErrGap means that events are missing.
var ErrGap = errors.New("events are missing")

// GapError is the first place where events don't follow each other.
type GapError struct {
	After EventID // the last one that does
	Next  EventID // the one that came
}

// Error names both.
func (e *GapError) Error() string {
	return fmt.Sprintf("%v: after %s came %s", ErrGap, e.After, e.Next)
}

// Unwrap returns ErrGap.
func (e *GapError) Unwrap() error { return ErrGap }

// Replay applies events to the ledger, each of which must be the next: the same generation's next
// number, or the first of a later generation. It stops at the first that isn't with a *GapError,
// and at the first error that events yield. Events up to the ledger's own are passed over, so that
// a replay may begin before a snapshot. find returns the caps of an epoch, nil where nobody has
// them any more.
func (l *Ledger) Replay(events iter.Seq2[Event, error], find func(epoch int64) *Caps) error {
	for e, err := range events {
		if err != nil {
			return fmt.Errorf("replay events after %s: %w", l.event, err)
		}
		if !e.ID.After(l.event) {
			continue
		}
		next := EventID{l.event.Gen, l.event.Seq + 1}
		if e.ID != next && (e.ID.Gen <= l.event.Gen || e.ID.Seq != 1) {
			return &GapError{After: l.event, Next: e.ID}
		}
		l.Apply(e, find)
	}
	return nil
}

// Difference is one point in which two accounts of a scope differ: a level's vehicles, a record, or
// what is in force.
type Difference struct {
	What string // a level, a record's ID, or "event", "epoch", "shut"
	Got  string // in the account judged; "" for nothing
	Want string // in the account judged by
}

// String returns the difference as a line.
func (d Difference) String() string {
	return fmt.Sprintf("%s is %q, want %q", d.What, d.Got, d.Want)
}

// Differences returns in what the ledger differs from one that it should equal: events, the plan in
// force, counters, then records, each in ascending order; nil where in nothing.
func (l *Ledger) Differences(want *Ledger) []Difference {
	var all []Difference
	note := func(what, got, want string) {
		if got != want {
			all = append(all, Difference{what, got, want})
		}
	}
	note("event", l.event.String(), want.event.String())
	note("epoch", l.epochText(), want.epochText())
	note("shut", l.shut, want.shut)
	all = append(all, differ(l.pooled(), want.pooled())...)
	all = append(all, differ(l.charged(), want.charged())...)
	return append(all, differ(l.lines(), want.lines())...)
}

// Miscounts returns the levels whose counters are not what the records charge, in ascending order;
// nil where all are.
func (l *Ledger) Miscounts() []Difference { return differ(l.charged(), l.recount()) }

// Miscounted is Miscounts for counters that a store keeps itself: how many vehicles it has of each
// level, standing and held together. Levels left out have none.
func (l *Ledger) Miscounted(taken map[Level]int) []Difference {
	got, want := map[Level]string{}, map[Level]string{}
	for level, n := range taken {
		if n != 0 {
			got[level] = fmt.Sprint(n)
		}
	}
	for level, m := range l.sums() {
		if m.taken() != 0 {
			want[level] = fmt.Sprint(m.taken())
		}
	}
	return differ(got, want)
}

func (l *Ledger) epochText() string {
	if l.caps == nil {
		return ""
	}
	return fmt.Sprintf("%d of plan %s", l.caps.Epoch, l.caps.Plan)
}

// pooled returns what was drawn of each pool, as text.
func (l *Ledger) pooled() map[string]string {
	text := map[string]string{}
	for level, n := range l.drawn {
		if n != 0 {
			text["cap of "+string(level)] = fmt.Sprint(n)
		}
	}
	return text
}

// charged returns the counters that are not 0, as text.
func (l *Ledger) charged() map[Level]string { return counted(l.meters) }

// recount returns what charged would if every record were counted anew.
func (l *Ledger) recount() map[Level]string { return counted(l.sums()) }

func counted(meters map[Level]*meter) map[Level]string {
	text := map[Level]string{}
	for level, m := range meters {
		if m.standing != 0 || m.held != 0 {
			text[level] = fmt.Sprintf("%d standing, %d held", m.standing, m.held)
		}
	}
	return text
}

// sums returns what the records charge.
func (l *Ledger) sums() map[Level]*meter {
	fresh := Ledger{}
	for _, r := range l.records {
		fresh.charge(r, 1)
	}
	return fresh.meters
}

// lines returns the records, as text.
func (l *Ledger) lines() map[ID]string {
	text := make(map[ID]string, len(l.records))
	for id, r := range l.records {
		text[id] = r.String()
	}
	return text
}

// differ compares two accounts, by ascending name.
func differ[K cmp.Ordered](got, want map[K]string) []Difference {
	names := maps.Clone(want)
	maps.Copy(names, got)
	var all []Difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if got[name] != want[name] {
			all = append(all, Difference{fmt.Sprint(name), got[name], want[name]})
		}
	}
	return all
}
