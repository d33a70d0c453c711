package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stint-city/stint/quota/policy"
)

// Config is what an Engine needs. City and Store must be set; zero values elsewhere are defaults.
type Config struct {
	City       string // ID of the city served
	Store      Store
	Clock      Clock         // default SystemClock
	Lease      time.Duration // how long a reservation holds when it doesn't say; default 10 minutes
	LeaseMax   time.Duration // longest reservation; default 24 hours
	Keep       time.Duration // how long an ended record answers retries; default 24 hours
	NoticeMin  time.Duration // least public notice before a plan may become final; default none
	TwoPersons bool          // who drafted or announced a plan can't make it final
	Chunk      int           // vehicles drawn of a pool at a time; default 64
	// EventNotice is the least time from the order of a planned measure to its beginning.
	EventNotice time.Duration // default none
	Hours       *WorkHours    // of orders that the bureau gives; nil = around the clock
	Instance    string        // name of this process among those that serve the city, for transfers
	Retention   Forgetter     // of what is observed; nil = nothing is
	Periods     *Periods      // when the next plan is drafted; nil = nobody does by itself
	// Calendars are the calendars of working days that a timetable may name.
	Calendars map[string]policy.Calendar
}

// Engine decides for one city: plans become caps in force, asks become grants or refusals. Many
// engines may serve one city on one store. It is safe for concurrent use.
type Engine struct {
	config  Config
	force   atomic.Pointer[force]
	bureau  bureau
	counts  counts
	layouts layouts
	draws   atomic.Int64     // numbers the transfers of this process
	drawing sync.Mutex       // one draw at a time
	turn    sync.Mutex       // one enact at a time
	looked  map[string]int64 // epoch of the last look for excess, by sector; guarded by turn
	seated  int              // turns until every record's levels are looked at; guarded by turn
	windows atomic.Pointer[windows]
	forgets time.Time   // when the retention runs next; Run's alone
	gone    []Forgotten // by runs that the log doesn't have yet; Run's alone
	// adjusting is held for one round of Adjust at a time.
	adjusting sync.Mutex
	next      atomic.Int64 // when something becomes due, Unix nanoseconds
}

// New returns an engine that has read the city's log and put in force what is due.
func New(c Config) (*Engine, error) {
	if c.City == "" || c.Store == nil {
		return nil, errors.New("an engine needs a city and a store")
	}
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	c.Lease = or(c.Lease, 10*time.Minute)
	c.LeaseMax = or(c.LeaseMax, 24*time.Hour)
	c.Keep = or(c.Keep, 24*time.Hour)
	c.Chunk = or(c.Chunk, 64)
	if c.Instance == "" {
		c.Instance = fmt.Sprintf("%x", c.Clock.Now().UnixNano())
	}
	e := &Engine{config: c, looked: map[string]int64{}}
	e.force.Store(&force{zones: newZoneIndex(nil)})
	return e, e.enact(context.Background())
}

// or returns x, or a default for zero.
func or[T comparable](x, otherwise T) T {
	var zero T
	if x == zero {
		return otherwise
	}
	return x
}

func (e *Engine) now() time.Time { return e.config.Clock.Now() }

// Status is what is in force.
type Status struct {
	City  string
	Plan  *Plan // nil before the first; must not be changed
	Epoch int64 // Seq of the log entry that put it in force
}

// InForce returns what is in force.
func (e *Engine) InForce() Status {
	f := e.force.Load()
	return Status{City: e.config.City, Plan: f.plan, Epoch: f.epoch}
}

// Held returns the plan in force with what parts of the day and seasons make of its quotas now; nil
// where none is in force.
func (e *Engine) Held() *Plan { return e.force.Load().held }

// ZonesInForce returns the zones that hold at a time.
func (e *Engine) ZonesInForce(now time.Time) []Zone {
	var zones []Zone
	for _, z := range e.force.Load().zones.zones {
		if z.holds(now) {
			zones = append(zones, z)
		}
	}
	return zones
}

// Run keeps the city going until ctx ends: expired leases are given back, what is due comes into
// force, idle parts of pools go back, what is observed goes with its retention, and grants and
// refusals are counted in the log; beside that Adjust goes on, which may take longer than a beat.
// It carries on after an error of the store, which it hands to report, from one goroutine at a
// time; nil = silent.
func (e *Engine) Run(ctx context.Context, report func(error)) {
	var reporting sync.Mutex
	tell := func(err error) {
		if err != nil && ctx.Err() == nil && report != nil {
			reporting.Lock()
			defer reporting.Unlock()
			report(err)
		}
	}
	var adjusting sync.WaitGroup
	adjusting.Go(func() { e.keepAdjusting(ctx, tell) })
	adjusting.Go(func() { e.keepClosing(ctx, tell) })
	tick := time.NewTicker(e.beat())
	defer tick.Stop()
	const minute = 60
	tell(e.forget(ctx)) // what is too old has waited for this
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			adjusting.Wait()
			e.settleUp(context.WithoutCancel(ctx), report)
			return
		case <-tick.C:
		}
		err := errors.Join(e.enact(ctx), e.sweep(ctx), e.forget(ctx))
		if n%minute == 0 {
			err = errors.Join(err, e.count(ctx), e.tidyPools(ctx))
		}
		tell(err)
	}
}

// keepAdjusting calls Adjust at each beat until ctx ends.
func (e *Engine) keepAdjusting(ctx context.Context, tell func(error)) {
	tick := time.NewTicker(e.beat())
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			tell(e.adjust(ctx))
		}
	}
}

// beat returns how often Run does its round: about every second, each process in its own time.
func (e *Engine) beat() time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(e.config.Instance)) // a hash never fails
	return 900*time.Millisecond + time.Duration(h.Sum32()%200)*time.Millisecond
}

// settleUp writes the last counts, within a few seconds.
func (e *Engine) settleUp(ctx context.Context, report func(error)) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := e.count(ctx); err != nil && report != nil {
		report(err)
	}
}

// sweep gives back what nobody committed in time, in every sector.
func (e *Engine) sweep(ctx context.Context) error {
	var all error
	for _, caps := range e.force.Load().ledgers() {
		_, err := e.config.Store.Sweep(ctx, caps.Scope, e.now(), e.config.Keep)
		all = errors.Join(all, err)
	}
	return all
}
