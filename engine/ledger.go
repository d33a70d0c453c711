package engine

import (
	"slices"
	"time"
)

// Ledger is one scope's counters and records in memory, and the rules by which asks are answered:
// what engine/mem runs on, what a mirror of a Redis ledger is built of, and what a log is replayed
// into. The scripts of engine/rdb decide the same; storetest holds them to it.
//
// A Ledger is not safe for concurrent use. The zero value has no plan in force.
type Ledger struct {
	caps    *Caps
	drawn   map[Level]int // caps of the pools' levels
	version int64         // counts the publications
	meters  map[Level]*meter
	sets    map[*Level][]*meter // of the slices of levels that caps made, by their first
	records map[ID]*Record
	leases  due // by the second in which they have expired
	ended   due // by the hour in which they ended
	event   EventID
	shut    string
}

// Do answers asks[i] by answers[i], in order, and returns the event that the grants amount to; its
// Kind is "" where nothing changed.
//
// A key that made a record before is told the first answer again, or refused where the print
// differs. A grant needs a ledger that is not shut, the epoch in force, and in every level at least
// N of room; the first level without names the refusal. Levels that a Move's placement charges
// already need no room.
func (l *Ledger) Do(now time.Time, asks []Ask) ([]Answer, Event) {
	answers := make([]Answer, len(asks))
	turn := turn{Ledger: l, now: MillisOf(now), changed: make([]touched, 0, len(asks))}
	for i := range asks {
		answers[i] = turn.answer(&asks[i])
	}
	return answers, turn.event(Asked)
}

// turn is one call's work on a ledger.
type turn struct {
	*Ledger
	now     Millis
	changed []touched
	again   bool // a record was changed that may have been changed before in this turn
}

// touched is a record that a turn changed; a nil one was forgotten.
type touched struct {
	id     ID
	record *Record
}

// touch notes that a record which was there before has changed.
func (t *turn) touch(id ID, r *Record) {
	t.again = t.again || len(t.changed) > 0
	t.changed = append(t.changed, touched{id, r})
}

// event numbers and returns the event of a turn that changed something: the last state of every
// record that changed, in the order of their last changes.
func (t *turn) event(kind EventKind) Event {
	if len(t.changed) == 0 {
		return Event{}
	}
	if t.again {
		t.changed = lastOnly(t.changed)
	}
	changes := make([]Change, len(t.changed))
	for i, c := range t.changed {
		changes[i].ID = c.id
		if c.record != nil {
			changes[i].Record = *c.record
		}
	}
	return t.next(Event{Kind: kind, Time: t.now, Changes: changes})
}

// lastOnly drops, in place, all but the last of equal IDs.
func lastOnly(all []touched) []touched {
	last := make(map[ID]int, len(all))
	for i, c := range all {
		last[c.id] = i
	}
	kept := all[:0]
	for i, c := range all {
		if last[c.id] == i {
			kept = append(kept, c)
		}
	}
	return kept
}

// next numbers an event.
func (l *Ledger) next(e Event) Event {
	if l.event.Gen == 0 {
		l.event.Gen = 1
	}
	l.event.Seq++
	e.ID = l.event
	return e
}

// answer answers one ask.
func (t *turn) answer(a *Ask) Answer {
	if r, ok := t.records[a.ID]; ok {
		if r.Print != a.Print {
			return Answer{ID: a.ID, No: &Denial{Rule: RuleMismatch}}
		}
		return Answer{ID: a.ID, Record: r.AsAnswered(), Replayed: true}
	}
	var no *Denial
	var made *Record
	if a.Verb.makes() {
		made, no = t.grant(a)
	} else {
		made, no = t.change(a)
	}
	if no != nil {
		return Answer{ID: a.ID, No: no}
	}
	t.keep(a.ID, made)
	return Answer{ID: a.ID, Record: *made}
}

// AsAnswered returns the record as its first answer told it, whatever became of it since.
func (r Record) AsAnswered() Record {
	switch r.Verb {
	case Reserve:
		r.State = Held
	case Place, Move:
		r.State = Standing
	default:
		return r
	}
	r.N, r.Ended = r.First, 0
	return r
}

// grant makes a placement, or says why not.
func (t *turn) grant(a *Ask) (*Record, *Denial) {
	switch {
	case t.shut != "":
		return nil, &Denial{Rule: RuleShut}
	case t.caps == nil:
		return nil, &Denial{Rule: RuleNoPlan}
	case a.Epoch != t.caps.Epoch:
		return nil, &Denial{Rule: RuleStale}
	}
	n, from := a.N, (*Record)(nil)
	if a.Verb == Move {
		var no *Denial
		if from, n, no = t.standing(a); no != nil {
			return nil, no
		}
		if from.Cell == a.Cell {
			return nil, &Denial{Rule: RuleSamePlace}
		}
	}
	var few [usual]*meter
	meters, no := t.room(few[:0], a, n, from)
	if no != nil {
		return nil, no
	}
	if from != nil {
		t.shrink(a.Placement, from, n, Removed)
	}
	r := &Record{
		Verb: a.Verb, State: Standing, N: n, First: n, Cell: a.Cell, At: a.At, Since: t.now,
		Epoch: a.Epoch, Print: a.Print, Placement: a.Placement, Levels: a.Levels,
	}
	if a.Verb == Reserve {
		r.State, r.Expires = Held, a.Expires
	}
	for _, m := range meters {
		m.charge(r.State, n)
	}
	r.Left = least(meters)
	return r, nil
}

// room returns the meters of an ask's levels, in dst where it needs room, if each has n left, or
// says which has not; the levels of from need none.
func (l *Ledger) room(
	dst []*meter, a *Ask, n int, from *Record,
) (meters []*meter, no *Denial) {
	meters, unknown := l.measure(dst, a)
	for i, m := range meters {
		level := a.Levels[i]
		if from != nil && slices.Contains(from.Levels, level) {
			continue
		}
		if room := m.limit - m.taken(); room < n {
			return nil, &Denial{Rule: level.Tier().Full(), Level: level, Room: room}
		}
	}
	if unknown != "" {
		return nil, &Denial{Rule: RuleNoQuota, Level: unknown}
	}
	return meters, nil
}

// standing returns the placement that a Remove or Move is about, and how many of it.
func (t *turn) standing(a *Ask) (p *Record, n int, no *Denial) {
	p, no = t.placement(a)
	switch {
	case no != nil:
		return nil, 0, no
	case p.State != Standing:
		return nil, 0, &Denial{Rule: RuleNotStood}
	}
	return p.some(a.N)
}

// holding returns the placement that a Commit or Release is about, and how many of it.
func (t *turn) holding(a *Ask) (p *Record, n int, no *Denial) {
	p, no = t.placement(a)
	switch {
	case no != nil:
		return nil, 0, no
	case p.State == Expired || (p.State == Held && p.Expires <= t.now):
		return nil, 0, &Denial{Rule: RuleExpired}
	case p.State != Held:
		return nil, 0, &Denial{Rule: RuleNotHeld}
	}
	return p.some(a.N)
}

// placement returns the placement that an ask is about: one of its own operator.
func (t *turn) placement(a *Ask) (*Record, *Denial) {
	p, ok := t.records[a.Placement]
	if !ok || p.State == Done || a.Placement.Operator() != a.ID.Operator() {
		return nil, &Denial{Rule: RuleUnknown}
	}
	return p, nil
}

// some returns n vehicles of a placement, all of them for 0.
func (r *Record) some(n int) (*Record, int, *Denial) {
	if n == 0 {
		n = r.N
	}
	if n > r.N {
		return nil, 0, &Denial{Rule: RuleTooMany, Room: r.N}
	}
	return r, n, nil
}

// change carries out a Commit, Release or Remove, or says why not.
func (t *turn) change(a *Ask) (*Record, *Denial) {
	take := t.holding
	if a.Verb == Remove {
		take = t.standing
	}
	p, n, no := take(a)
	if no != nil {
		return nil, no
	}
	switch a.Verb {
	case Commit:
		t.unfile(p)
		t.charge(p, -1)
		p.State, p.N = Standing, n
		t.charge(p, 1)
		t.touch(a.Placement, p)
	case Release:
		t.shrink(a.Placement, p, n, Released)
	case Remove:
		t.shrink(a.Placement, p, n, Removed)
	}
	return &Record{
		Verb: a.Verb, State: Done, First: n, Left: p.N, Cell: p.Cell, At: p.At, Since: t.now,
		Ended: t.now, Epoch: p.Epoch, Print: a.Print, Placement: a.Placement,
	}, nil
}

// shrink takes n vehicles out of a placement; with the last one it ends in a state.
func (t *turn) shrink(id ID, p *Record, n int, last State) {
	t.charge(p, -1)
	p.N -= n
	t.charge(p, 1)
	if p.N == 0 {
		t.end(id, p, last)
	}
	t.touch(id, p)
}

// end closes a record that charges nothing any more.
func (t *turn) end(id ID, p *Record, state State) {
	t.unfile(p)
	p.State, p.Ended = state, t.now
	t.file(id, p)
}

// keep files a new record.
func (t *turn) keep(id ID, r *Record) {
	if t.records == nil {
		t.records = map[ID]*Record{}
	}
	t.records[id] = r
	t.file(id, r)
	t.changed = append(t.changed, touched{id, r})
}
