package ingest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/stint-city/stint/engine"
)

// together is how many words one call of the store has at most, and senders how many calls are on
// their way at a time: while the store works on one, the next is made.
const (
	together = 500
	senders  = 2
)

// parcel is what one call of the store tells.
type parcel struct {
	feed  uint16
	words []engine.Word
}

// Flush tells the store of every vehicle whose count changed since it was told. After nil the store
// has all that was taken in before the call. After an error what the store lacks stays marked, for
// the next Flush.
func (d *Door) Flush(ctx context.Context) error {
	d.flushing.Lock()
	defer d.flushing.Unlock()
	return d.flush(ctx)
}

// Refresh tells the store of every vehicle of which something is known here that is newer than
// what the store was told, whatever Config.Refresh says.
func (d *Door) Refresh(ctx context.Context) error {
	d.flushing.Lock()
	defer d.flushing.Unlock()
	d.markStale(d.now())
	return d.flush(ctx)
}

// markStale marks the vehicles of which something newer is known than the store was told, and that
// it was told of at a time, ms, or before.
func (d *Door) markStale(before int64) {
	for i := range d.shards {
		s := &d.shards[i]
		s.mu.Lock()
		for n := range s.n {
			if v := s.at(n); v.flags&newer != 0 && int64(v.told)*1000 <= before {
				s.mark(n)
			}
		}
		s.mu.Unlock()
	}
}

// flush tells the store of what is marked. The caller holds flushing.
func (d *Door) flush(ctx context.Context) error {
	parcels := make(chan parcel)
	faults := make([]error, senders)
	var group sync.WaitGroup
	started := false
	send := func(p parcel) {
		if !started {
			started = true
			for i := range faults {
				group.Go(func() {
					for p := range parcels {
						if err := d.tell(ctx, p); err != nil {
							faults[i] = err
						}
					}
				})
			}
		}
		parcels <- p
	}
	d.gather(send)
	close(parcels)
	group.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// gather takes what is marked off the shards and sends it.
func (d *Door) gather(send func(parcel)) {
	told := uint32(d.now() / 1000)
	open := map[uint16][]engine.Word{} // by feed: words that don't fill a parcel yet
	for i := range d.shards {
		s := &d.shards[i]
		s.mu.Lock()
		if len(s.pending) == 0 {
			s.mu.Unlock()
			continue
		}
		var full []parcel
		for _, n := range s.pending {
			v := s.at(int(n))
			v.flags &^= marked | newer
			v.told = told
			words := open[v.feed]
			if words == nil {
				words = make([]engine.Word, 0, together)
			}
			if words = append(words, v.word()); len(words) == together {
				full = append(full, parcel{v.feed, words})
				words = nil
			}
			open[v.feed] = words
		}
		if cap(s.pending) > keepCap {
			s.pending = nil
		}
		s.pending = s.pending[:0]
		s.mu.Unlock()
		for _, p := range full {
			send(p)
		}
	}
	for feed, words := range open {
		if len(words) > 0 {
			send(parcel{feed, words})
		}
	}
}

// tell makes one call of the store. What fails is marked again.
func (d *Door) tell(ctx context.Context, p parcel) error {
	feed := d.feeds.of(p.feed)
	scope := engine.Scope{City: d.config.City, Sector: feed.sector}
	_, err := d.config.Store.Tell(ctx, scope, feed.operator, p.words)
	if err == nil {
		return nil
	}
	for i := range p.words {
		id := p.words[i].Vehicle
		s := &d.shards[id>>58]
		s.mu.Lock()
		if n := s.number(id); n >= 0 {
			s.at(n).flags |= newer
			s.mark(n)
		}
		s.mu.Unlock()
	}
	return fmt.Errorf("tell the store of %d vehicles: %w", len(p.words), err)
}

// Run flushes now and then, and refreshes what is due, until ctx ends; then it refreshes all.
// Faults go to report, and what they left is tried again.
func (d *Door) Run(ctx context.Context, report func(error)) {
	flush := time.NewTicker(d.config.Every)
	defer flush.Stop()
	stale := time.NewTicker(max(time.Second, d.config.Refresh/8))
	defer stale.Stop()
	for {
		select {
		case <-flush.C:
			if err := d.Flush(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
		case <-stale.C:
			d.markStale(d.now() - d.config.Refresh.Milliseconds())
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
			if err := d.Refresh(end); err != nil {
				report(err)
			}
			cancel()
			return
		}
	}
}

// lastFlush is how long the flush at the end of Run may take.
const lastFlush = 10 * time.Second
