package rdb

import (
	"context"
	"fmt"
	"time"

	"github.com/stint-city/stint/engine"
)

// send sends some calls as one batch and answers them all.
func (s *Store) send(scope engine.Scope, calls []*call, e *encoder) {
	err := s.exchange(scope, calls, e)
	for _, c := range calls {
		if err != nil {
			c.answers, c.err = nil, fmt.Errorf("ask %s: %w", scope, err)
		}
		c.done <- struct{}{}
	}
}

// exchange sends some calls and fills in their answers, or an error of one.
func (s *Store) exchange(scope engine.Scope, calls []*call, e *encoder) error {
	args, keys := e.encode(calls, s.maxLen())
	reply, err := s.run(context.Background(), s.scripts.do, e.own[0], keys, args)
	if err != nil {
		return err
	}
	parts, _ := reply.([]any)
	if len(parts) < 3 {
		return fmt.Errorf("%w: answer %.60v", engine.ErrUnknownOutcome, reply)
	}
	s.noteEvent(scope, eventOf(parts))
	if parts[2] != int64(0) {
		s.noteLoss(scope)
	}
	parts = parts[3:]
	for _, c := range calls {
		if len(parts) < len(c.asks) {
			return fmt.Errorf("%w: answers are missing", engine.ErrUnknownOutcome)
		}
		c.read(scope, parts)
		parts = parts[len(c.asks):]
	}
	return nil
}

// read fills in a call's answers.
func (c *call) read(scope engine.Scope, parts []any) {
	c.answers = make([]engine.Answer, len(c.asks))
	for i := range c.asks {
		if err := readAnswer(&c.answers[i], &c.asks[i], c.now, parts[i]); err != nil {
			c.answers, c.err = nil, fmt.Errorf("ask %s: %w", scope, err)
			return
		}
	}
}

// refusals are the rules of answers without more to tell, by their negative numbers.
var refusals = [...]engine.Rule{ //nolint:gochecknoglobals // a table that nothing writes
	1: engine.RuleShut, 2: engine.RuleNoPlan, 3: engine.RuleStale, 4: engine.RuleUnknown,
	5: engine.RuleNotStood, 6: engine.RuleSamePlace, 7: engine.RuleExpired, 8: engine.RuleNotHeld,
}

// readAnswer reads one answer of do.lua, whose head says what there is.
func readAnswer(to *engine.Answer, a *engine.Ask, now time.Time, part any) error {
	to.ID = a.ID
	switch v := part.(type) {
	case int64:
		if v >= 0 {
			to.Record = granted(a, now, int(v))
			return nil
		}
		if -v < int64(len(refusals)) {
			to.No = &engine.Denial{Rule: refusals[-v]}
			return nil
		}
		return fmt.Errorf("%w: %w", engine.ErrUnavailable, errLost)
	case string:
		return readKnown(to, a, v)
	case []any:
		return readParts(to, a, v)
	}
	return fmt.Errorf("%w: answer %.60v", engine.ErrUnknownOutcome, part)
}

// granted returns the record of a Reserve or Place that was granted.
func granted(a *engine.Ask, now time.Time, left int) engine.Record {
	r := engine.Record{
		Verb: a.Verb, State: engine.Standing, N: a.N, First: a.N, Left: left, Cell: a.Cell, At: a.At,
		Since: engine.MillisOf(now), Epoch: a.Epoch, Print: a.Print, Placement: a.Placement,
		Levels: a.Levels,
	}
	if a.Verb == engine.Reserve {
		r.State, r.Expires = engine.Held, a.Expires
	}
	return r
}

// readKnown reads the record that a key made before.
func readKnown(to *engine.Answer, a *engine.Ask, text string) error {
	r, err := engine.ParseRecord(text)
	if err != nil {
		return fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
	}
	if r.Print != a.Print {
		to.No = &engine.Denial{Rule: engine.RuleMismatch}
		return nil
	}
	to.Record, to.Replayed = r.AsAnswered(), true
	return nil
}

// readParts reads an answer of several parts.
func readParts(to *engine.Answer, a *engine.Ask, parts []any) error {
	if text, ok := parts[0].(string); ok {
		r, err := engine.ParseRecord(text)
		if err != nil {
			return fmt.Errorf("%w: %w", engine.ErrUnknownOutcome, err)
		}
		if makes(a.Verb) {
			r.At, r.Levels = a.At, a.Levels
		}
		to.Record = r
		return nil
	}
	numbers := make([]int, 3)
	for i := range min(len(parts), len(numbers)) {
		n, _ := parts[i].(int64)
		numbers[i] = int(n)
	}
	if numbers[0] == 3 {
		to.No = &engine.Denial{Rule: engine.RuleTooMany, Room: numbers[1]}
		return nil
	}
	i := numbers[1] - 1
	if i < 0 || i >= len(a.Levels) {
		return fmt.Errorf("%w: answer %v", engine.ErrUnknownOutcome, parts)
	}
	to.No = &engine.Denial{Rule: engine.RuleNoQuota, Level: a.Levels[i]}
	if numbers[0] == 1 {
		to.No.Rule, to.No.Room = a.Levels[i].Tier().Full(), numbers[2]
	}
	return nil
}
