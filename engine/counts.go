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
	trying map[Rule]int64 // what an append is tried of; nil = nothing
	tried  string         // hash of the entry that was tried, and may be in the log
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

// unlogged returns what the log doesn't have yet, the same until logAs is told; and the hash of an
// entry that may have it, "" for none.
func (c *counts) unlogged() (fresh map[Rule]int64, tried string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.trying != nil {
		return c.trying, c.tried
	}
	c.trying = map[Rule]int64{}
	for rule, n := range c.all {
		if n > c.logged[rule] {
			c.trying[rule] = n - c.logged[rule]
		}
	}
	return c.trying, ""
}

// tries notes the entry that may be in the log.
func (c *counts) tries(hash string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash != "" {
		c.tried = hash
	}
}

// logAs notes that the log has what unlogged returned.
func (c *counts) logAs() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.logged == nil {
		c.logged = map[Rule]int64{}
	}
	for rule, n := range c.trying {
		c.logged[rule] += n
	}
	c.trying, c.tried = nil, ""
}
