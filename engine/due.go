package engine

import (
	"context"
	"math"
	"slices"
	"time"
)

// never is no moment that comes.
const never = math.MaxInt64

// next returns when something becomes due that the log doesn't have yet, Unix nanoseconds: a final
// publication, or the beginning or end of a measure or of a part of the day.
func (f *file) next() int64 {
	next := int64(never)
	sooner := func(t time.Time) { next = min(next, nanos(t)) }
	for _, p := range f.publications {
		if p.Stage == StageFinal {
			sooner(p.Terms.EffectiveAt)
		}
	}
	for _, m := range f.measures {
		switch {
		case !m.Ended.IsZero():
		case m.Begun.IsZero():
			sooner(m.From)
		case !m.Until.IsZero():
			sooner(m.Until)
		}
	}
	for _, r := range f.rotas {
		sooner(r.next)
	}
	return next
}

// nanos returns a time in Unix nanoseconds, the first moment for one before 1970, such as the zero
// time, and never for one beyond 2262.
func nanos(t time.Time) int64 {
	const last = 1 << 33 // seconds; nanoseconds end a little later
	switch {
	case t.Unix() <= 0:
		return 0
	case t.Unix() > last:
		return never
	}
	return t.UnixNano()
}

// onTime brings into force what has become due since the last turn, before an ask is decided: the
// first ask after a measure begins is decided under it, whichever engine is asked.
func (e *Engine) onTime(ctx context.Context) error {
	if nanos(e.now()) < e.next.Load() {
		return nil
	}
	e.turn.Lock()
	defer e.turn.Unlock()
	if err := e.catchUp(ctx); err != nil {
		return err
	}
	if err := e.comeDue(ctx); err != nil {
		return err
	}
	return e.impose(ctx)
}

// comeDue appends what has become due: that final publications are effective, the first due first,
// that measures have begun or ended, and that parts of the day have.
func (e *Engine) comeDue(ctx context.Context) error {
	if err := e.publicationsDue(ctx); err != nil {
		return err
	}
	if err := e.measuresDue(ctx, kindEnded, (*file).over); err != nil {
		return err
	}
	if err := e.measuresDue(ctx, kindBegun, (*file).begin); err != nil {
		return err
	}
	return e.shiftsDue(ctx)
}

// over returns the measures whose time is over, whether or not they were ever in force.
func (f *file) over(now time.Time) []string {
	return f.measuresWhere(func(m *Measure) bool {
		return m.Ended.IsZero() && !m.Until.IsZero() && !now.Before(m.Until)
	})
}

// begin returns the measures whose time has come.
func (f *file) begin(now time.Time) []string {
	return f.measuresWhere(func(m *Measure) bool {
		return m.Begun.IsZero() && m.Ended.IsZero() && !now.Before(m.From)
	})
}

// measuresWhere returns the IDs of some measures, in order.
func (f *file) measuresWhere(is func(*Measure) bool) []string {
	var ids []string
	for _, m := range f.measures {
		if is(m) {
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// measuresDue appends that measures have come to where they are due to be, if any are.
func (e *Engine) measuresDue(
	ctx context.Context, kind string, due func(*file, time.Time) []string,
) error {
	e.bureau.mu.RLock()
	none := len(due(&e.bureau.file, e.now())) == 0
	e.bureau.mu.RUnlock()
	if none {
		return nil
	}
	_, err := e.record(ctx, itself(), kind, func(f *file) (entry, error) {
		ids := due(f, e.now())
		if len(ids) == 0 {
			return entry{}, errDone // another engine came first
		}
		return entry{IDs: ids}, nil
	})
	return unlessDone(err)
}
