package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Outcome answers one placement of many: Err is nil for a grant and a *Refusal for a no.
type Outcome struct {
	Grant Grant
	Err   error
}

// Place answers one placement: a grant, or a *Refusal. An ask that makes no sense wraps ErrAsk; the
// store's errors are those of Store.
func (e *Engine) Place(ctx context.Context, p Placement) (Grant, error) {
	return e.answer(ctx, p.Sector, &p)
}

// Settle carries out an operator's word on a placement it was granted. Errors are those of Place.
func (e *Engine) Settle(ctx context.Context, s Settlement) (Grant, error) {
	return e.answer(ctx, s.Sector, &s)
}

// answer answers one question.
func (e *Engine) answer(ctx context.Context, sector string, q question) (Grant, error) {
	outcomes, err := e.decide(ctx, sector, []question{q})
	if err != nil {
		return Grant{}, err
	}
	e.counts.add(outcomes)
	return outcomes[0].Grant, outcomes[0].Err
}

// PlaceAll answers placements[i] by outcomes[i], each on its own: a refused one takes nothing from
// the others, and later ones see what earlier ones of their sector took. An error means that
// nothing is known of any; repeat them with the same keys.
func (e *Engine) PlaceAll(ctx context.Context, placements []Placement) ([]Outcome, error) {
	outcomes := make([]Outcome, len(placements))
	bySector := map[string][]int{}
	var order []string
	for i := range placements {
		s := placements[i].Sector
		if bySector[s] == nil {
			order = append(order, s)
		}
		bySector[s] = append(bySector[s], i)
	}
	for _, sector := range order {
		questions := make([]question, 0, len(bySector[sector]))
		for _, i := range bySector[sector] {
			questions = append(questions, &placements[i])
		}
		answers, err := e.decide(ctx, sector, questions)
		if err != nil {
			return nil, err
		}
		for k, i := range bySector[sector] {
			outcomes[i] = answers[k]
		}
	}
	e.counts.add(outcomes)
	return outcomes, nil
}

// rounds is how often an ask is made anew after a publication came between, or a chunk of a pool.
const rounds = 4

// decide answers questions about one sector.
func (e *Engine) decide(ctx context.Context, sector string, qs []question) ([]Outcome, error) {
	outcomes := make([]Outcome, len(qs))
	open := make([]int, 0, len(qs))
	for i, q := range qs {
		if err := q.check(&e.config); err != nil {
			outcomes[i].Err = err
			continue
		}
		open = append(open, i)
	}
	for round := 1; len(open) > 0; round++ {
		if err := e.onTime(ctx); err != nil {
			return nil, err
		}
		r := turnOfAsking{Engine: e, scope: Scope{e.config.City, sector}, f: e.force.Load()}
		if err := r.ask(ctx, qs, outcomes, open); err != nil {
			return nil, err
		}
		if round == rounds {
			break
		}
		again, err := r.remedy(ctx)
		if err != nil {
			return nil, err
		}
		open = again
	}
	return outcomes, nil
}

// turnOfAsking is one call of the store about some questions, and what it left to be asked again.
type turnOfAsking struct {
	*Engine
	scope Scope
	f     *force

	asks  []Ask
	at    []int       // the question of each ask
	doors []*Refusal  // of each ask, why it was refused before it reached the ledger; nil = it wasn't
	stale []int       // questions asked under another epoch than the ledger's
	short []shortfall // questions that a pool had no room for
}

// shortfall is a question that a pool had no room for.
type shortfall struct {
	question int
	level    Level
	n        int // vehicles asked for
}

// ask asks the open questions.
func (t *turnOfAsking) ask(
	ctx context.Context, qs []question, outcomes []Outcome, open []int,
) error {
	now := t.now()
	if err := t.countWindows(ctx, t.f, now); err != nil {
		return err
	}
	for _, i := range open {
		if err := t.prepare(qs[i], i, now); err != nil {
			outcomes[i].Err = err
		}
	}
	if len(t.asks) == 0 {
		return nil
	}
	answers, err := t.config.Store.Do(ctx, t.scope, now, t.asks)
	if err != nil {
		return fmt.Errorf("ask %s: %w", t.scope, err)
	}
	for k := range answers {
		outcomes[t.at[k]] = t.outcome(ctx, k, &answers[k])
	}
	return nil
}

// prepare makes the ask of a question. One that is refused at the door is asked all the same,
// under an epoch that is never in force: the ledger then answers only if the key was answered
// before, so that a retry is told its first answer whatever has come since. It returns the refusal
// where there is no ledger that could remember.
func (t *turnOfAsking) prepare(q question, i int, now time.Time) error {
	ask, err := q.ask(t.f, &t.config, now)
	var no *Refusal
	if err != nil && !errors.As(err, &no) {
		return err
	}
	if no != nil {
		if !t.f.has(t.scope.Sector) {
			return no
		}
		ask = Ask{
			Verb: Place, ID: ask.ID, Print: ask.Print, N: ask.N, Cell: ask.Cell, At: ask.At,
			Epoch: replayOnly,
		}
	}
	t.asks, t.at, t.doors = append(t.asks, ask), append(t.at, i), append(t.doors, no)
	return nil
}

// replayOnly is an epoch that is never in force.
const replayOnly = -1

// outcome returns the outcome of ask k, and notes where asking again may help.
func (t *turnOfAsking) outcome(ctx context.Context, k int, a *Answer) Outcome {
	door := t.doors[k]
	switch {
	case a.No == nil:
		return Outcome{Grant: grantOf(t.scope.Sector, a)}
	case a.No.Rule == RuleMismatch:
		return Outcome{Err: &Refusal{Rule: RuleMismatch}}
	case door != nil:
		t.redirect(ctx, t.f, t.scope.Sector, &t.asks[k], door)
		return Outcome{Err: door}
	case a.No.Rule == RuleStale:
		t.stale = append(t.stale, t.at[k])
	case a.No.Level.Tier() == TierPool:
		t.short = append(t.short, shortfall{t.at[k], a.No.Level, t.asks[k].N})
	}
	return Outcome{Err: t.refuse(ctx, t.f, t.scope.Sector, &t.asks[k], a.No)}
}

// remedy reads what came into force meanwhile and draws from the pools that were dry, and returns
// the questions for which that may have changed the answer.
func (t *turnOfAsking) remedy(ctx context.Context) (again []int, err error) {
	if len(t.stale) > 0 {
		if t.force.Load() == t.f { // else the later one is there already
			if err := t.refresh(ctx); err != nil {
				return nil, err
			}
		}
		again = t.stale
	}
	if len(t.short) == 0 {
		return again, nil
	}
	came := t.draw(ctx, t.scope, t.short)
	for _, s := range t.short {
		if came[s.level] {
			again = append(again, s.question)
		}
	}
	return again, nil
}
