package engine

import (
	"context"
	"fmt"
	"time"
)

// Periods are the periods by which a bureau assesses its operators: calendar months, quarters, half
// years or years of the city. When one ends, the plan of the next is drafted.
type Periods struct {
	Months int            // of a period: 1, 3, 6 or 12
	Zone   *time.Location // whose midnight ends a period; nil = UTC
	// Next decides the plan of the next period from what one leaves, with the zones that come with
	// it; nil zones leave those in force. After an error it is asked again.
	Next func(context.Context, PeriodEnd) (*Plan, []Zone, error)
}

// Begin returns the first moment of the period that a time is in.
func (p *Periods) Begin(at time.Time) time.Time {
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	at = at.In(zone)
	month := (int(at.Month())-1)/p.Months*p.Months + 1
	return time.Date(at.Year(), time.Month(month), 1, 0, 0, 0, 0, zone)
}

// periodWait is how long after a draft that failed the next is tried.
const periodWait = 10 * time.Minute

// Closed is a period that has ended, and what its end rested on. It is in the log with the draft.
type Closed struct {
	From      time.Time  `json:"from"`
	Until     time.Time  `json:"until"`
	Plan      string     `json:"plan"` // ID of the one that was in force at its end
	Responses []Answered `json:"responses"`
}

// Answered is a Response as the log has it: what is unknown is absent.
type Answered struct {
	Operator   string   `json:"operator"`
	Orders     int      `json:"orders"`
	InTime     int      `json:"in_time"`
	Open       int      `json:"open"`
	Breaches   int      `json:"breaches"`
	Unobserved int      `json:"unobserved"`
	P50        *float64 `json:"p50_hours,omitempty"` // working hours
	P90        *float64 `json:"p90_hours,omitempty"`
}

// answered returns responses as the log has them.
func answered(list []Response) []Answered {
	out := make([]Answered, len(list))
	for i, r := range list {
		out[i] = Answered{r.Operator, r.Orders, r.InTime, r.Open, r.Breaches, r.Unobserved, nil, nil}
		if r.Orders > 0 {
			out[i].P50, out[i].P90 = &r.P50, &r.P90
		}
	}
	return out
}

// ClosePeriod drafts the plan of the next period once, whichever engine comes first, when a period
// has ended in which a plan was in force, and returns its publication; ok is false where nothing
// was to be done. A person announces the draft, or doesn't: nothing comes into force by itself.
//
// Article 7: evaluation, and adjustment of each company's fleet by its result.
func (e *Engine) ClosePeriod(ctx context.Context) (p Publication, ok bool, err error) {
	end, due, err := e.periodEnd(ctx)
	if err != nil || !due {
		return Publication{}, false, err
	}
	plan, zones, err := e.config.Periods.Next(ctx, end)
	if err != nil {
		return Publication{}, false, fmt.Errorf(
			"draft the plan after the period to %s: %w", day(end.Until), err)
	}
	drafted, err := e.draft(ctx, itself(), plan, zones, func(f *file, x *entry) error {
		if !f.closes.Before(end.Until) {
			return errDone // another engine came first
		}
		x.Closed = &Closed{end.From, end.Until, end.Plan.ID, answered(end.Responses)}
		return nil
	})
	if unlessDone(err) != nil || err != nil {
		return Publication{}, false, unlessDone(err)
	}
	p, err = e.Publication(drafted)
	return p, err == nil, err
}

// periodEnd returns what the period that ended last leaves; due is false where nobody asked for
// periods, no plan was in force before its end, or it is closed.
func (e *Engine) periodEnd(ctx context.Context) (end PeriodEnd, due bool, err error) {
	rule := e.config.Periods
	if rule == nil {
		return end, false, nil
	}
	if err := e.refresh(ctx); err != nil {
		return end, false, err
	}
	end.Until = rule.Begin(e.now())
	end.From = rule.Begin(end.Until.Add(-time.Nanosecond))
	e.bureau.mu.RLock()
	f := &e.bureau.file
	open := f.closes.Before(end.Until) && !f.began.IsZero() && f.began.Before(end.Until)
	e.bureau.mu.RUnlock()
	if end.Plan = e.InForce().Plan; !open || end.Plan == nil {
		return end, false, nil
	}
	end.Responses, err = e.Responses(end.From, end.Until)
	return end, err == nil, err
}

// keepClosing closes what is due, now and each minute, until ctx ends.
func (e *Engine) keepClosing(ctx context.Context, tell func(error)) {
	if e.config.Periods == nil {
		return
	}
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	var again time.Time
	for {
		if now := e.now(); !now.Before(again) {
			if _, _, err := e.ClosePeriod(ctx); err != nil {
				tell(err)
				again = now.Add(periodWait)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
