package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/stint-city/stint/engine"
)

// Server answers HTTP for one engine. It is safe for concurrent use.
type Server struct {
	config   Config
	engine   *engine.Engine
	clock    engine.Clock
	log      *slog.Logger
	mux      *http.ServeMux
	api      huma.API
	roles    map[string]map[engine.Role]bool // of a route, by its operation's ID
	limits   *limiter
	metrics  *metrics
	pictures pictureCache
	streams  chan struct{} // one for each event stream that may still begin
	name     string        // of this server, in request IDs
	count    atomic.Uint64
	stopping atomic.Bool
	ending   chan struct{} // closed when the server begins to stop
}

// New returns a server for an engine.
func New(c Config) *Server {
	c = c.withDefaults()
	s := &Server{
		config: c, engine: c.Engine, clock: c.Clock, log: c.Log,
		mux:    http.NewServeMux(),
		roles:  map[string]map[engine.Role]bool{},
		limits: newLimiter(c.Rate, c.Burst, c.Clients), streams: make(chan struct{}, c.Streams),
		name: newName(), ending: make(chan struct{}),
	}
	s.metrics = newMetrics(s)
	s.api = newAPI(s.mux, c.Version)
	s.register()
	s.describe()
	return s
}

// Run serves the API on public and, unless it is nil, Private on private, until ctx ends: then
// every request under way is finished or, after Config.Grace, cut off, and those that come later
// are refused. It returns nil after a clean end, and closes both listeners.
func (s *Server) Run(ctx context.Context, public, private net.Listener) error {
	api := s.server(s)
	servers := []*http.Server{api}
	faults := make(chan error, 2)
	go func() { faults <- s.serve(api, public) }()
	if private != nil {
		inner := s.server(s.Private())
		inner.WriteTimeout = 0 // a profile takes as long as it is asked to
		servers = append(servers, inner)
		go func() { faults <- inner.Serve(private) }()
	}
	var fault error
	select {
	case <-ctx.Done():
	case fault = <-faults:
	}
	s.Stop()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Grace)
	defer cancel()
	for _, server := range servers {
		if err := server.Shutdown(end); err != nil {
			_ = server.Close()
			fault = errors.Join(fault, fmt.Errorf("finish what is under way: %w", err))
		}
	}
	if errors.Is(fault, http.ErrServerClosed) {
		return nil
	}
	return fault
}

// Stop makes the server refuse what it has not begun, and ends its event streams. Readiness is no
// longer given.
func (s *Server) Stop() {
	if !s.stopping.Swap(true) {
		close(s.ending)
	}
}

// serve serves with TLS where the configuration has a certificate.
func (s *Server) serve(server *http.Server, l net.Listener) error {
	if s.config.TLSCert != "" {
		return server.ServeTLS(l, s.config.TLSCert, s.config.TLSKey)
	}
	return server.Serve(l)
}

// server returns an http.Server whose slow clients don't keep it.
func (s *Server) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       s.config.Timeout + 30*time.Second,
		WriteTimeout:      s.config.Timeout + 60*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}
