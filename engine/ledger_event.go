package engine

import (
	"maps"
	"slices"
	"time"
)

// Publish puts caps in force and opens the ledger. It returns ErrEpoch for an epoch before the one
// in force, and no event for that one itself on an open ledger.
func (l *Ledger) Publish(caps *Caps, now time.Time) (Event, error) {
	if l.caps != nil && caps.Epoch < l.caps.Epoch {
		return Event{}, ErrEpoch
	}
	if l.caps != nil && caps.Epoch == l.caps.Epoch && l.shut == "" {
		return Event{}, nil
	}
	l.setCaps(caps)
	return l.next(Event{
		Kind: Published, Time: MillisOf(now), Epoch: caps.Epoch, Plan: caps.Plan,
	}), nil
}

// setCaps opens the ledger with other caps.
func (l *Ledger) setCaps(caps *Caps) {
	l.caps, l.shut = caps, ""
	l.sets = nil
	l.version++
}

// Close stops new grants for a reason, until Publish.
func (l *Ledger) Close(reason string, now time.Time) Event {
	if l.shut == reason {
		return Event{}
	}
	l.shut = reason
	return l.next(Event{Kind: Shut, Time: MillisOf(now), Reason: reason})
}

// Relevel makes live records charge other levels; records that have ended or are unknown are passed
// over.
func (l *Ledger) Relevel(levels map[ID][]Level, now time.Time) Event {
	t := turn{Ledger: l, now: MillisOf(now)}
	for _, id := range slices.Sorted(maps.Keys(levels)) {
		r := l.records[id]
		if r == nil || r.N == 0 || slices.Equal(r.Levels, levels[id]) {
			continue
		}
		l.charge(r, -1)
		r.Levels = levels[id]
		l.charge(r, 1)
		t.touch(id, r)
	}
	return t.event(Releveled)
}

// Sweep ends the leases that have expired and forgets the records that ended at least keep ago.
func (l *Ledger) Sweep(now time.Time, keep time.Duration) (Sweeping, Event) {
	var done Sweeping
	t := turn{Ledger: l, now: MillisOf(now)}
	for _, second := range l.leases.until(int64(t.now) / 1000) {
		for _, id := range l.leases[second].ids {
			if r := l.records[id]; r != nil && r.State == Held && r.Expires <= t.now {
				done.Expired++
				t.shrink(id, r, r.N, Expired)
			}
		}
		delete(l.leases, second)
	}
	for _, hour := range l.ended.until(int64(t.now-Millis(keep.Milliseconds()))/hourMillis - 1) {
		for _, id := range l.ended[hour].ids {
			if r := l.records[id]; r != nil && r.Ended != 0 && r.Ended.hour() <= hour {
				done.Forgotten++
				delete(l.records, id)
				t.touch(id, nil)
			}
		}
		delete(l.ended, hour)
	}
	return done, t.event(Swept)
}

// SetDrawn sets what the scope has drawn of a pool.
func (l *Ledger) SetDrawn(pool Level, n int, now time.Time) Event {
	l.setDrawn(pool, n)
	return l.next(Event{Kind: Drawn, Time: MillisOf(now), Level: pool, N: n})
}

func (l *Ledger) setDrawn(pool Level, n int) {
	if l.drawn == nil {
		l.drawn = map[Level]int{}
	}
	l.drawn[pool] = n
	if m := l.meters[pool]; m != nil {
		m.limit = n
	}
}

// Apply brings the ledger to where it was after e: how a mirror follows and how a log is replayed.
// A Published event needs its caps, which Apply takes from find; nil stands for caps that nobody
// has any more. Applying an event twice changes nothing.
func (l *Ledger) Apply(e Event, find func(epoch int64) *Caps) {
	switch e.Kind {
	case Published:
		l.setCaps(find(e.Epoch))
	case Shut:
		l.shut = e.Reason
	case Opened:
		l.shut = ""
	case Drawn:
		l.setDrawn(e.Level, e.N)
	}
	for i := range e.Changes {
		l.Put(e.Changes[i].ID, e.Changes[i].Record)
	}
	if e.ID.After(l.event) {
		l.event = e.ID
	}
}

// Put sets one record, or forgets it where r has no Verb, and keeps the counters with it.
func (l *Ledger) Put(id ID, r Record) {
	if old := l.records[id]; old != nil {
		l.unfile(old)
		l.charge(old, -1)
		delete(l.records, id)
	}
	if r.Verb == "" {
		return
	}
	if l.records == nil {
		l.records = map[ID]*Record{}
	}
	l.records[id] = &r
	l.file(id, &r)
	l.charge(&r, 1)
}
