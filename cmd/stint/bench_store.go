package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb/server"
)

// errRefused says that a store refused an ask for which there is room: what it measured is void.
var errRefused = errors.New("an ask was refused")

// mostAsks bounds what one measurement leaves behind, about 1 kB an ask.
const mostAsks = 400_000

// benchAsks makes the asks of a load: each of another operator in another cell, three in four a
// reservation.
type benchAsks struct {
	caps *engine.Caps
	now  time.Time
}

// ask returns the ask of a number.
func (b *benchAsks) ask(i int64) engine.Ask {
	cell := b.caps.Cells[uint64(i)*0x9e3779b97f4a7c15>>20%uint64(len(b.caps.Cells))]
	operator := b.caps.Operators[i%int64(len(b.caps.Operators))]
	levels, _ := b.caps.Levels(cell, operator, nil, nil)
	a := engine.Ask{
		Verb: engine.Place, ID: engine.NewID(operator, strconv.FormatInt(i, 36)), Print: "p", N: 1,
		Cell: cell, At: benchCenter(), Levels: levels, Epoch: b.caps.Epoch,
	}
	if i%4 != 0 {
		lease := 10*time.Minute + time.Duration(i%60_000)*time.Millisecond
		a.Verb, a.Expires = engine.Reserve, engine.MillisOf(b.now.Add(lease))
	}
	return a
}

// loadStore has callers ask a store one thing at a time.
func (b *benchRun) loadStore(ctx context.Context, s engine.Store, callers int) (sample, error) {
	asks := &benchAsks{b.caps, time.Now()}
	if err := s.Publish(ctx, b.caps, asks.now); err != nil {
		return sample{}, fmt.Errorf("publish: %w", err)
	}
	l := b.load(callers, 1)
	l.most = mostAsks
	return l.run(ctx, func(ctx context.Context, _ int, i int64) error {
		answers, err := s.Do(ctx, b.caps.Scope, asks.now, []engine.Ask{asks.ask(i)})
		if err == nil && answers[0].No != nil {
			err = fmt.Errorf("%w: %s", errRefused, answers[0].No.Rule)
		}
		return err
	})
}

// measureMem measures the store in the process.
func (b *benchRun) measureMem(ctx context.Context) error {
	s, err := b.loadStore(ctx, mem.New(), 64)
	if err == nil {
		b.result.add("mem-64", s)
	}
	return err
}

// withRedis gives f a fresh child server, and ends it.
func (b *benchRun) withRedis(ctx context.Context, f func(*server.Server) error) error {
	b.servers++
	s, err := server.Start(ctx, server.Options{
		Dir: fmt.Sprintf("%s/redis-%d", b.dir, b.servers), AppendFsync: "everysec",
	})
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Stop(context.WithoutCancel(ctx)))
}
