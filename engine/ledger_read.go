package engine

import (
	"iter"
	"maps"
	"slices"
)

// Count is one level at one moment, vehicles.
type Count struct {
	Cap      int
	Standing int
	Held     int
}

// Room returns how many more the level may hold; negative where more stand than the cap allows.
func (c Count) Room() int { return c.Cap - c.Standing - c.Held }

// Caps returns the caps in force, nil for none.
func (l *Ledger) Caps() *Caps { return l.caps }

// Event returns the ID of the last event.
func (l *Ledger) Event() EventID { return l.event }

// Shut returns why the ledger grants nothing, "" where it does.
func (l *Ledger) Shut() string { return l.shut }

// Count returns a level's counter; ok is false where the caps in force don't know the level.
func (l *Ledger) Count(level Level) (c Count, ok bool) {
	c.Cap, ok = l.limit(level)
	if m := l.meters[level]; m != nil {
		c.Standing, c.Held = m.standing, m.held
	}
	return c, ok
}

// Record returns a record by its ID.
func (l *Ledger) Record(id ID) (r Record, ok bool) {
	if kept := l.records[id]; kept != nil {
		return *kept, true
	}
	return Record{}, false
}

// Records yields every record kept, in no order. The ledger must not be changed meanwhile.
func (l *Ledger) Records() iter.Seq2[ID, *Record] {
	return func(yield func(ID, *Record) bool) {
		for id, r := range l.records {
			if !yield(id, r) {
				return
			}
		}
	}
}

// Charged returns the levels that anything charges or the caps know, sorted.
func (l *Ledger) Charged() []Level {
	levels := maps.Clone(l.drawn)
	if levels == nil {
		levels = map[Level]int{}
	}
	for level, m := range l.meters {
		if m.taken() != 0 {
			levels[level] = 0
		}
	}
	if l.caps != nil {
		for level := range l.caps.Cap {
			levels[level] = 0
		}
	}
	return slices.Sorted(maps.Keys(levels))
}

// Over returns the levels where more stands or is held than the cap allows, sorted: they grant
// nothing until it is less.
func (l *Ledger) Over() []Level {
	var over []Level
	for level := range l.meters {
		if c, _ := l.Count(level); c.Room() < 0 {
			over = append(over, level)
		}
	}
	slices.Sort(over)
	return over
}
