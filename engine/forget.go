package engine

import (
	"context"
	"errors"
	"time"
)

// Forgotten is what one run of the retention removed of one kind of data.
type Forgotten struct {
	Data   string    `json:"data"`
	Before time.Time `json:"before"` // what came in before this, in whole hours, is gone
	Items  int       `json:"items"`  // single facts that went in this run
}

// Forgetter removes what is older than its retention, and returns every kind of data that it keeps.
// A run may be repeated.
type Forgetter interface {
	Forget(now time.Time) ([]Forgotten, error)
}

// forgetEach is how often data is looked at for its age.
const forgetEach = time.Hour

// forget runs the retention when it is due, and records the run in the log: also one that removed
// nothing of the data it keeps, so that a day without a run shows. A run whose entry failed is
// recorded by the next.
func (e *Engine) forget(ctx context.Context) error {
	now := e.now()
	if e.config.Retention == nil || now.Before(e.forgets) {
		return nil
	}
	gone, err := e.config.Retention.Forget(now)
	e.gone = addForgotten(e.gone, gone)
	if err != nil {
		return err // looked at again in the next round
	}
	if len(e.gone) == 0 {
		e.forgets = now.Add(forgetEach)
		return nil
	}
	_, err = e.record(ctx, itself(), kindForgotten, func(*file) (entry, error) {
		return entry{Forgotten: e.gone, Instance: e.config.Instance}, nil
	})
	if err != nil && !errors.Is(err, ErrUnknownOutcome) {
		return err
	}
	e.gone, e.forgets = nil, now.Add(forgetEach)
	return err
}

// addForgotten adds the runs of a retention up by kind of data.
func addForgotten(all, gone []Forgotten) []Forgotten {
	for _, g := range gone {
		found := false
		for i := range all {
			if all[i].Data == g.Data {
				all[i].Before, all[i].Items, found = g.Before, all[i].Items+g.Items, true
			}
		}
		if !found {
			all = append(all, g)
		}
	}
	return all
}
