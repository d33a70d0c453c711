package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/rdb/server"
)

// errNoGrant says that a store refused an ask for which there is room: what it measured is void.
var errNoGrant = errors.New("an ask was refused")

// mostAsks bounds what one measurement leaves behind, about 1 kB an ask.
const mostAsks = 400_000

// benchAsks makes the asks of a load: each a reservation of one operator in one cell.
type benchAsks struct {
	caps *engine.Caps
	now  time.Time
}

// asks returns the asks that the stores are measured with.
func (b *benchRun) asks() *benchAsks { return &benchAsks{b.wide, b.begun} }

// ask returns the ask of a number.
func (b *benchAsks) ask(i int64) engine.Ask {
	cell := b.caps.Cells[uint64(i)*0x9e3779b97f4a7c15>>20%uint64(len(b.caps.Cells))]
	operator := b.caps.Operators[i%int64(len(b.caps.Operators))]
	levels, _ := b.caps.Levels(cell, operator, nil, nil)
	return engine.Ask{
		Verb: engine.Reserve, ID: engine.NewID(operator, strconv.FormatInt(i, 36)), Print: "p", N: 1,
		Cell: cell, At: benchCenter(), Levels: levels, Epoch: b.caps.Epoch,
		Expires: engine.MillisOf(b.now.Add(time.Hour)),
	}
}

// wideCaps returns caps with room for anything.
func wideCaps(caps *engine.Caps) *engine.Caps {
	wide := *caps
	wide.Cap = maps.Clone(caps.Cap)
	for level := range wide.Cap {
		wide.Cap[level] = 1 << 30
	}
	return &wide
}

// grant has a store answer one ask, which must be granted.
func grant(ctx context.Context, s engine.Store, b *benchAsks, a engine.Ask) error {
	answers, err := s.Do(ctx, b.caps.Scope, b.now, []engine.Ask{a})
	if err == nil && answers[0].No != nil {
		err = fmt.Errorf("%w: %s", errNoGrant, answers[0].No.Rule)
	}
	return err
}

// loadStore has callers ask a store one thing at a time.
func (b *benchRun) loadStore(ctx context.Context, s engine.Store, callers int) (sample, error) {
	asks := b.asks()
	l := b.load(callers, 1)
	l.first, l.most = b.asked(), mostAsks
	return l.run(ctx, func(ctx context.Context, _ int, i int64) error {
		return grant(ctx, s, asks, asks.ask(i))
	})
}

// measureMem measures the store in the process.
func (b *benchRun) measureMem(ctx context.Context) error {
	store := mem.New()
	if err := store.Publish(ctx, b.wide, b.begun); err != nil {
		return err
	}
	s, err := b.loadStore(ctx, store, 64)
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
