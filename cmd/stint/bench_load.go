package main

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// errNothing says that no call began and ended within the time that counts.
var errNothing = errors.New("nothing was measured: give more --time")

// load is a crowd of callers, each of whom asks again as soon as it has its answer.
type load struct {
	callers int
	each    int           // decisions in one call
	warm    time.Duration // asked before anything is counted
	span    time.Duration // counted
	rate    float64       // calls a second, of all together; 0 = as many as they can
	first   int64         // number of the first call
	most    int64         // calls in all; 0 = as many as there is time for
}

// sample is what one load measured.
type sample struct {
	PerSecond float64 `json:"per_second"` // decisions
	P50       float64 `json:"p50_ms"`     // of one call
	P99       float64 `json:"p99_ms"`
	Max       float64 `json:"max_ms"`
	Decisions int     `json:"decisions"`
}

// caller is one of the crowd.
type caller struct {
	took  []float32 // milliseconds of each call that was counted
	ended time.Time // of the last one
	err   error
}

// run has the callers ask until the time is over or one of them fails. call is given the caller's
// number and a number that no other call has.
func (l load) run(
	ctx context.Context, call func(ctx context.Context, caller int, i int64) error,
) (sample, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var next atomic.Int64
	var all sync.WaitGroup
	crowd := make([]caller, l.callers)
	from := time.Now().Add(l.warm)
	until := from.Add(l.span)
	for k := range crowd {
		c := &crowd[k]
		all.Go(func() {
			begun := time.Now()
			for begun.Before(until) && ctx.Err() == nil {
				i := next.Add(1) - 1
				if l.most > 0 && i >= l.most {
					return
				}
				if c.err = call(ctx, k, l.first+i); c.err != nil {
					stop()
					return
				}
				ended := time.Now()
				if begun.After(from) {
					c.took = append(c.took, float32(ended.Sub(begun).Seconds()*1000))
					c.ended = ended
				}
				begun = l.rest(ctx, ended, begun)
			}
		})
	}
	all.Wait()
	for k := range crowd {
		if crowd[k].err != nil {
			return sample{}, crowd[k].err
		}
	}
	return l.sum(crowd, from)
}

// rest waits until a caller's next call is due, and returns when that is.
func (l load) rest(ctx context.Context, ended, begun time.Time) time.Time {
	if l.rate == 0 {
		return ended
	}
	due := begun.Add(time.Duration(float64(l.callers) / l.rate * float64(time.Second)))
	wait := time.NewTimer(time.Until(due))
	defer wait.Stop()
	select {
	case <-ctx.Done():
	case <-wait.C:
	}
	return time.Now()
}

// sum adds up what the callers measured from a moment on.
func (l load) sum(crowd []caller, from time.Time) (sample, error) {
	var took []float32
	last := from
	for _, c := range crowd {
		took = append(took, c.took...)
		if c.ended.After(last) {
			last = c.ended
		}
	}
	if len(took) == 0 {
		return sample{}, errNothing
	}
	slices.Sort(took)
	at := func(part float64) float64 { return float64(took[int(part*float64(len(took)-1))]) }
	n := l.each * len(took)
	return sample{
		PerSecond: float64(n) / last.Sub(from).Seconds(),
		P50:       at(0.5), P99: at(0.99), Max: at(1), Decisions: n,
	}, nil
}

// median returns the middle of the values, the mean of the two middle ones of an even number; NaN
// of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
