package rdb

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stint-city/stint/engine"
)

// call is one Do on its way.
type call struct {
	now     time.Time
	asks    []engine.Ask
	answers []engine.Answer
	err     error
	state   atomic.Int32
	done    chan struct{} // gets one element when answers or err is there
}

// The states of a call.
const (
	waiting int32 = iota
	sent
	dropped
)

// queue gathers the calls of one scope while others are on their way: what has come together
// meanwhile goes as one batch, and a call that comes alone goes at once. No timer, no waiting.
type queue struct {
	store    *Store
	scope    engine.Scope
	encoders sync.Pool

	mu      sync.Mutex
	calls   []*call
	workers int
}

const (
	// workersPerScope batches of one scope are on their way at a time: while Redis works on one, the
	// next is made and the last one's answers are read.
	workersPerScope = 2
	// batch is how many asks are sent together; a single call may have more.
	batch = 128
	// largestCall is how many asks one call of the script takes.
	largestCall = 1000
)

// queueOf returns a scope's queue.
func (s *Store) queueOf(scope engine.Scope) (*queue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fmt.Errorf("%w: closed", engine.ErrUnavailable)
	}
	q := s.queues[scope]
	if q == nil {
		q = &queue{store: s, scope: scope}
		q.encoders.New = func() any { return newEncoder(scope) }
		s.queues[scope] = q
	}
	return q, nil
}

// Do answers asks[i] by answers[i], as engine.Ledger.Do would. Asks of other calls may be sent with
// these; a call of more than a thousand is several steps. If ctx ends before the asks are sent,
// they are not, and its error is returned; afterwards it is engine.ErrUnknownOutcome.
func (s *Store) Do(
	ctx context.Context, scope engine.Scope, now time.Time, asks []engine.Ask,
) ([]engine.Answer, error) {
	q, err := s.queueOf(scope)
	if err != nil {
		return nil, err
	}
	if len(asks) <= largestCall {
		return q.ask(ctx, now, asks)
	}
	answers := make([]engine.Answer, 0, len(asks))
	for len(asks) > 0 {
		n := min(largestCall, len(asks))
		some, err := q.ask(ctx, now, asks[:n])
		if err != nil {
			return nil, err
		}
		answers, asks = append(answers, some...), asks[n:]
	}
	return answers, nil
}

// ask queues a call and waits for its answers.
func (q *queue) ask(
	ctx context.Context, now time.Time, asks []engine.Ask,
) ([]engine.Answer, error) {
	if err := ctx.Err(); err != nil || len(asks) == 0 {
		return nil, err
	}
	for i := range asks {
		if err := checkAsk(&asks[i]); err != nil {
			return nil, fmt.Errorf("ask %s: %w", q.scope, err)
		}
	}
	c := &call{now: now, asks: asks, done: make(chan struct{}, 1)}
	if q.store.options.Single {
		q.sendAlone(c)
		return c.answers, c.err
	}
	q.add(c)
	select {
	case <-c.done:
		return c.answers, c.err
	case <-ctx.Done():
	}
	if c.state.CompareAndSwap(waiting, dropped) {
		return nil, ctx.Err()
	}
	select {
	case <-c.done:
		return c.answers, c.err
	default:
		return nil, fmt.Errorf("%w: %w", engine.ErrUnknownOutcome, ctx.Err())
	}
}

// sendAlone sends one call at once.
func (q *queue) sendAlone(c *call) {
	q.store.busy.Add(1)
	defer q.store.busy.Done()
	e, _ := q.encoders.Get().(*encoder)
	defer q.encoders.Put(e)
	q.store.send(q.scope, []*call{c}, e)
}

// add appends a call and sees to it that somebody sends it.
func (q *queue) add(c *call) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(q.calls, c)
	if q.workers < workersPerScope {
		q.workers++
		q.store.busy.Add(1)
		go q.work()
	}
}

// work sends what is queued until nothing is.
func (q *queue) work() {
	defer q.store.busy.Done()
	e, _ := q.encoders.Get().(*encoder)
	defer q.encoders.Put(e)
	var calls []*call
	for {
		if calls = q.take(calls[:0]); len(calls) == 0 {
			return
		}
		q.store.send(q.scope, calls, e)
	}
}

// take appends to dst the calls of the next batch. Where there is none the worker is signed off.
func (q *queue) take(dst []*call) []*call {
	q.mu.Lock()
	defer q.mu.Unlock()
	asks, n := 0, 0
	for _, c := range q.calls {
		if asks > 0 && asks+len(c.asks) > batch {
			break
		}
		n++
		if c.state.CompareAndSwap(waiting, sent) {
			asks += len(c.asks)
			dst = append(dst, c)
		}
	}
	left := copy(q.calls, q.calls[n:])
	clear(q.calls[left:])
	q.calls = q.calls[:left]
	if len(dst) == 0 {
		q.workers--
	}
	return dst
}
