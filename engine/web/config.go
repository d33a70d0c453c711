package web

import (
	"io"
	"log/slog"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// Config is what a Server needs. Engine must be set; zero values elsewhere are defaults.
type Config struct {
	Engine  *engine.Engine
	Events  engine.Follower // source of GET /v1/events; nil = that route answers 503
	Auth    *Auth           // nil = everybody is the public
	Clock   engine.Clock    // default engine.SystemClock
	Log     *slog.Logger    // default: nothing is logged
	Version string          // of stint, for the OpenAPI document
	// Explain writes the reckoning behind one quota: report.Explain. nil = that route answers 404.
	Explain func(
		w io.Writer, p *engine.Plan, tag lang.Tag, sector, cell, operator string,
	) error
	Agency   Agency   // takes in what operators push by MDS; nil = those routes answer 404
	Vehicles Vehicles // takes in where vehicles are; nil = those routes answer 404
	Observed Observed // what stands where; nil = those routes answer 404

	Rate    float64       // requests a second of one client; default 1000, negative = no limit
	Burst   int           // requests of one client at once; default 2 × Rate
	Clients int           // clients remembered by the rate limit; default 10,000
	Body    int64         // longest body, bytes; default 1 MiB
	Plan    int64         // longest body that brings a plan or zones, bytes; default 128 MiB
	Timeout time.Duration // longest time for a request, streams aside; default 30 seconds
	Grace   time.Duration // longest time to finish what is under way at the end; default 15 seconds
	Streams int           // event streams at once; default 1000

	TLSCert, TLSKey string // files; both or none
}

// withDefaults returns the configuration with its zero values filled in.
func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = engine.SystemClock{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Auth == nil {
		c.Auth = &Auth{}
	}
	c.Version = or(c.Version, "dev")
	c.Rate = or(c.Rate, 1000)
	c.Burst = or(c.Burst, max(1, int(2*c.Rate)))
	c.Clients = or(c.Clients, 10_000)
	c.Body = or(c.Body, 1<<20)
	c.Plan = or(c.Plan, 128<<20)
	c.Timeout = or(c.Timeout, 30*time.Second)
	c.Grace = or(c.Grace, 15*time.Second)
	c.Streams = or(c.Streams, 1000)
	return c
}

// or returns v, or other where v is the zero value.
func or[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}
