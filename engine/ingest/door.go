package ingest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// Config is what a Door needs. City, Store and Salt must be set; other zero values are defaults.
type Config struct {
	City       string
	Store      engine.Whereabouts
	Salt       []byte       // of the vehicles' hashes: the city's own, secret, the same everywhere
	Clock      engine.Clock // default engine.SystemClock
	Resolution int          // H3, of the cells; default 9
	// Area is the city and its surroundings; the zero value = unknown. Only with it can swapped axes
	// be told, and cells found fast.
	Area    geo.Box
	Sectors []string      // those that rows may name; nil = any
	Ahead   time.Duration // that a row's time may be ahead of the clock; default 5 minutes
	Refresh time.Duration // until the store is told what changed no count; default 10 minutes
	Every   time.Duration // between two flushes of Run; default 100 ms
	Most    int           // vehicles at most; default 8 million
	Bytes   int64         // of one delivery at most; default 1 GiB
	Workers int           // that read one delivery; default the processors, at most 8
}

// ErrConfig is what a Config gives that lacks something.
var ErrConfig = errors.New("ingest: the configuration is not complete")

// Door takes in deliveries and tells a store of them. It is safe for concurrent use.
type Door struct {
	config  Config
	locator *geo.Locator
	area    bounds
	feeds   feeds
	count   atomic.Int64 // vehicles in the table
	shards  [shards]shard

	flushing sync.Mutex
	sectors  map[string]bool
}

// New returns a door behind which nothing is known.
func New(c Config) (*Door, error) {
	if c.City == "" || c.Store == nil || len(c.Salt) == 0 {
		return nil, ErrConfig
	}
	if c.Clock == nil {
		c.Clock = engine.SystemClock{}
	}
	c.Resolution = or(c.Resolution, 9)
	c.Ahead = or(c.Ahead, 5*time.Minute)
	c.Refresh = or(c.Refresh, 10*time.Minute)
	c.Every = or(c.Every, 100*time.Millisecond)
	c.Most = or(c.Most, 8_000_000)
	c.Bytes = or(c.Bytes, 1<<30)
	c.Workers = or(c.Workers, min(8, runtime.GOMAXPROCS(0)))
	locator, err := geo.NewLocator(c.Resolution, c.Area)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	d := &Door{config: c, locator: locator, area: boundsOf(c.Area), sectors: map[string]bool{}}
	d.feeds.salt = c.Salt
	for _, s := range c.Sectors {
		d.sectors[s] = true
	}
	return d, nil
}

// or returns v, or other where v is the zero value.
func or[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

// Vehicles returns how many vehicles the table has.
func (d *Door) Vehicles() int { return int(d.count.Load()) }

// now returns the time in Unix milliseconds.
func (d *Door) now() int64 { return d.config.Clock.Now().UnixMilli() }

// Forget drops the vehicles of which nothing was told after a time, here and in the store, and
// takes no row of that time or before any more. It returns how many the store dropped.
func (d *Door) Forget(ctx context.Context, until time.Time) (int, error) {
	d.flushing.Lock() // a word under way would come back
	defer d.flushing.Unlock()
	for i := range d.shards {
		s := &d.shards[i]
		s.mu.Lock()
		d.count.Add(-int64(s.drop(until.UnixMilli())))
		s.mu.Unlock()
	}
	dropped := 0
	for _, sector := range d.feeds.sectors(d.config.Sectors) {
		scope := engine.Scope{City: d.config.City, Sector: sector}
		n, err := d.config.Store.Forget(ctx, scope, engine.MillisOf(until))
		dropped += n
		if err != nil {
			return dropped, fmt.Errorf("forget vehicles: %w", err)
		}
	}
	return dropped, nil
}
