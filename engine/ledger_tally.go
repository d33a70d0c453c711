package engine

// tally is a level that something charges, or a pool's.
type tally struct {
	level Level
	Count // its Cap only where the caps don't have it
}

// tallies returns every level that something charges and every pool's: all of a ledger that its
// caps don't tell. It is quick, because decisions wait meanwhile.
func (l *Ledger) tallies() []tally {
	all := make([]tally, 0, len(l.meters)+len(l.drawn))
	for level, m := range l.meters {
		if _, pool := l.drawn[level]; m.taken() != 0 && !pool {
			all = append(all, tally{level, Count{0, m.standing, m.held}})
		}
	}
	for level := range l.drawn {
		c, _ := l.Count(level)
		all = append(all, tally{level, c})
	}
	return all
}
