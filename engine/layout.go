package engine

import (
	"slices"
	"sync"
)

// layout is where each level of some caps stands in a list, so that a whole city is told without
// making or sorting its levels anew. It doesn't change once made.
type layout struct {
	caps   *Caps
	quotas []Quota         // every level of the caps with nothing in it, by level
	at     map[Level]int32 // index of a level in quotas
	city   int32
	own    []int32 // of each operator in the city
	cells  []int32 // of each cell, all operators
	shares []int32 // of each cell and operator: cell*operators + operator
}

// newLayout returns the layout of some caps.
func newLayout(caps *Caps) *layout {
	levels := make([]Level, 0, len(caps.Cap))
	for level := range caps.Cap {
		levels = append(levels, level)
	}
	slices.Sort(levels)
	x := &layout{
		caps: caps, quotas: make([]Quota, len(levels)), at: make(map[Level]int32, len(levels)),
	}
	for i, level := range levels {
		x.quotas[i] = quotaOf(level, Count{Cap: caps.Cap[level]})
		x.at[level] = int32(i)
	}
	x.city = x.at[CityLevel]
	for _, operator := range caps.Operators {
		x.own = append(x.own, x.at[OperatorLevel(operator)])
	}
	for _, cell := range caps.Cells {
		x.cells = append(x.cells, x.at[CellLevel(cell)])
		for _, operator := range caps.Operators {
			x.shares = append(x.shares, x.at[CellOperatorLevel(cell, operator)])
		}
	}
	return x
}

// quotaOf returns a level as it stands.
func quotaOf(level Level, c Count) Quota {
	return Quota{level, level.Tier(), level.Operator(), c.Cap, c.Standing, c.Held, c.Room()}
}

// count returns what a level holds.
func (q *Quota) count() Count { return Count{q.Cap, q.Standing, q.Held} }

// fill returns the levels with what a ledger holds. Levels that its caps don't know, pools and what
// an earlier plan left, follow by level after the known ones.
func (x *layout) fill(tallies []tally) (quotas []Quota, known int) {
	quotas = slices.Clone(x.quotas)
	for i := range tallies {
		t := &tallies[i]
		if at, ok := x.at[t.level]; ok {
			q := &quotas[at]
			q.Standing, q.Held = t.Standing, t.Held
			q.Room = q.count().Room()
			continue
		}
		quotas = append(quotas, quotaOf(t.level, t.Count))
	}
	known = len(x.quotas)
	slices.SortFunc(quotas[known:], func(a, b Quota) int {
		return slices.Compare([]byte(a.Level), []byte(b.Level))
	})
	return quotas, known
}

// layouts keep the layout of each sector's caps. The zero value is empty.
type layouts struct {
	mu   sync.Mutex
	kept map[string]*layout
}

// of returns the layout of some caps, made once.
func (l *layouts) of(caps *Caps) *layout {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x := l.kept[caps.Scope.Sector]; x != nil && x.caps == caps {
		return x
	}
	if l.kept == nil {
		l.kept = map[string]*layout{}
	}
	x := newLayout(caps)
	l.kept[caps.Scope.Sector] = x
	return x
}
