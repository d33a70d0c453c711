package engine

import (
	"errors"
	"maps"
	"sync"
)

// counts are how often each rule said no, and how often the answer was yes, since the process
// began. The zero value is ready.
type counts struct {
	mu     sync.Mutex
	all    map[Rule]int64 // "" = granted
	logged map[Rule]int64 // as the log has them already
}

// granted is the key of a yes.
const granted Rule = ""

// add counts outcomes; one told again, and one that made no sense, counts nothing.
func (c *counts) add(outcomes []Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[Rule]int64{}
	}
	for i := range outcomes {
		no := (*Refusal)(nil)
		switch {
		case outcomes[i].Err == nil && !outcomes[i].Grant.Replayed:
			c.all[granted]++
		case errors.As(outcomes[i].Err, &no):
			c.all[no.Rule]++
		}
	}
}

// Counts returns how many asks this process granted, and how many it refused by each rule.
func (e *Engine) Counts() (granted int64, refused map[Rule]int64) {
	e.counts.mu.Lock()
	defer e.counts.mu.Unlock()
	refused = maps.Clone(e.counts.all)
	granted = refused[""]
	delete(refused, "")
	return granted, refused
}

// unlogged returns what the log doesn't have yet, and forgets none of it: logAs does.
func (c *counts) unlogged() map[Rule]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := map[Rule]int64{}
	for rule, n := range c.all {
		if n > c.logged[rule] {
			fresh[rule] = n - c.logged[rule]
		}
	}
	return fresh
}

// logAs notes that the log has counts.
func (c *counts) logAs(fresh map[Rule]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.logged == nil {
		c.logged = map[Rule]int64{}
	}
	for rule, n := range fresh {
		c.logged[rule] += n
	}
}
