package engine

import (
	"math"
	"slices"
	"strings"
)

// meter is one level's counter, with its cap at hand for decisions.
type meter struct {
	standing int
	held     int

	limit   int
	version int64 // of the ledger's caps that limit was taken from
}

func (m *meter) taken() int { return m.standing + m.held }

// charge adds n vehicles of a record in a state.
func (m *meter) charge(state State, n int) {
	if state == Held {
		m.held += n
	} else {
		m.standing += n
	}
}

// usual is how many levels one placement is charged to in all but odd cities.
const usual = 16

// measure returns the meters of some levels, their limits as now in force, in dst where it needs
// room. It stops at the first that the caps don't know and returns that one; "" where all are
// known.
func (l *Ledger) measure(dst []*meter, a *Ask) (meters []*meter, unknown Level) {
	if len(a.Levels) == 0 {
		return nil, ""
	}
	if set, ok := l.sets[&a.Levels[0]]; ok && len(set) == len(a.Levels) {
		return set, ""
	}
	for _, level := range a.Levels {
		m := l.meters[level]
		if m == nil || m.version != l.version {
			limit, known := l.limit(level)
			if !known {
				return dst, level
			}
			if m == nil {
				m = l.meter(level)
			}
			m.limit, m.version = limit, l.version
		}
		dst = append(dst, m)
	}
	if l.caps != nil && l.caps.made(a) {
		if l.sets == nil {
			l.sets = map[*Level][]*meter{}
		}
		l.sets[&a.Levels[0]] = slices.Clone(dst)
	}
	return dst, ""
}

// meter returns a level's meter, a new one where nothing was charged to it yet.
func (l *Ledger) meter(level Level) *meter {
	m := l.meters[level]
	if m == nil {
		if l.meters == nil {
			l.meters = map[Level]*meter{}
		}
		m = &meter{version: -1}
		l.meters[level] = m
	}
	return m
}

// charge adds a record's vehicles to its levels, sign times.
func (l *Ledger) charge(r *Record, sign int) {
	if r.N == 0 {
		return
	}
	for _, level := range r.Levels {
		l.meter(level).charge(r.State, sign*r.N)
	}
}

// least returns the least room of some meters.
func least(meters []*meter) int {
	room := math.MaxInt
	for _, m := range meters {
		room = min(room, m.limit-m.taken())
	}
	return room
}

// limit returns a level's cap; ok is false where the caps in force don't know it.
func (l *Ledger) limit(level Level) (n int, ok bool) {
	if strings.HasPrefix(string(level), poolPrefix) {
		return l.drawn[level], true
	}
	if l.caps == nil {
		return 0, false
	}
	n, ok = l.caps.Cap[level]
	return n, ok
}
