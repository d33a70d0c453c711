package engine

import (
	"cmp"
	"slices"
	"sync"
)

// layout is where each level of some caps stands in a list, so that a whole city is told without
// making or sorting its levels anew. It doesn't change once made.
type layout struct {
	caps   *Caps
	levels []Quota         // every level of the caps with its cap alone, by level
	counts []Count         // the same, for copying
	at     map[Level]int32 // index of a level in both
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
		caps: caps, levels: make([]Quota, len(levels)), counts: make([]Count, len(levels)),
		at: make(map[Level]int32, len(levels)),
	}
	for i, level := range levels {
		x.counts[i] = Count{Cap: caps.Cap[level]}
		x.levels[i] = quotaOf(level, x.counts[i])
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

// fill returns what a ledger holds in each level, and what it holds in levels that its caps don't
// know, pools and what an earlier plan left, by level.
func (x *layout) fill(tallies []tally) (counts []Count, others []tally) {
	counts = slices.Clone(x.counts)
	for i := range tallies {
		t := &tallies[i]
		if at, ok := x.at[t.level]; ok {
			counts[at].Standing, counts[at].Held = t.Standing, t.Held
			continue
		}
		others = append(others, *t)
	}
	slices.SortFunc(others, func(a, b tally) int { return cmp.Compare(a.level, b.level) })
	return counts, others
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
