package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"
)

// ServeHTTP answers one request: ID, who, rate, deadline, route.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := s.clock.Now()
	c := &call{ResponseWriter: w, id: s.requestID(r), tag: language(r), who: public}
	h := w.Header()
	h["X-Request-Id"] = []string{c.id}
	h["X-Content-Type-Options"] = noSniff
	route := noRoute
	defer func() {
		if fault := recover(); fault != nil {
			s.log.Error("panic", "request", c.id, "fault", fmt.Sprint(fault),
				"stack", string(debug.Stack()))
			c.fail(errPanic)
		}
		s.done(c, r, route, s.clock.Now().Sub(began))
	}()
	if err := s.admit(c, r, began); err != nil {
		c.fail(err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.config.Plan)
	route = s.route(c, r)
}

//nolint:gochecknoglobals // a header's value that nothing writes
var noSniff = []string{"nosniff"}

// noRoute is the route of a request that found none.
const noRoute = "none"

// admit finds out who asks, and whether they may now.
func (s *Server) admit(c *call, r *http.Request, now time.Time) error {
	if s.stopping.Load() {
		c.Header().Set("Connection", "close")
		return errStopping
	}
	who, err := s.config.Auth.Who(r)
	c.who = who
	wait, ok := s.limits.allow(clientOf(who, r), now)
	if !ok {
		return &tooMany{wait}
	}
	return err
}

// tooMany says how long a client should wait.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return fmt.Sprintf("%v: wait %v", errTooMany, e.wait) }
func (e *tooMany) Unwrap() error { return errTooMany }

// seconds returns the wait in whole seconds, at least one.
func (e *tooMany) seconds() int { return max(1, int((e.wait+time.Second-1)/time.Second)) }

// clientOf names the client for the rate limit: its token's subject, or its address.
func clientOf(who Identity, r *http.Request) string {
	if who.Subject != "" {
		return who.Subject
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// route answers a request that was admitted, and returns which route did.
func (s *Server) route(c *call, r *http.Request) string {
	if r.URL.Path == eventsPath { // has no deadline: it lasts until one side ends it
		s.mux.ServeHTTP(c, r)
		return r.Pattern
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.config.Timeout)
	defer cancel()
	if r.Method == http.MethodPost && r.URL.Path == placementsPath && r.URL.RawPath == "" {
		s.place(ctx, c, r)
		return placeRoute
	}
	r = r.WithContext(ctx)
	if _, pattern := s.mux.Handler(r); pattern == "" {
		s.lost(c, r)
		return noRoute
	}
	s.mux.ServeHTTP(c, r)
	return r.Pattern
}

// lost answers a request that has no route: another method, or another path.
func (s *Server) lost(c *call, r *http.Request) {
	handler, _ := s.mux.Handler(r)
	seen := &call{ResponseWriter: &headerOnly{header: http.Header{}}}
	handler.ServeHTTP(seen, r)
	if seen.status == http.StatusMethodNotAllowed {
		c.Header()["Allow"] = seen.Header()["Allow"]
		c.fail(errMethod)
		return
	}
	c.fail(errNoRoute)
}

// headerOnly keeps an answer's header and drops the rest.
type headerOnly struct{ header http.Header }

func (h *headerOnly) Header() http.Header         { return h.header }
func (h *headerOnly) WriteHeader(int)             {}
func (h *headerOnly) Write(p []byte) (int, error) { return len(p), nil }

// done counts and logs a request that was answered. Nothing personal is logged: no address, no
// subject, no place.
func (s *Server) done(c *call, r *http.Request, route string, took time.Duration) {
	status := c.status
	if status == 0 {
		status = http.StatusOK
	}
	s.metrics.request(route, status, took)
	level := slog.LevelDebug
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelWarn
	case took > slow:
		level = slog.LevelInfo
	}
	if !s.log.Enabled(r.Context(), level) {
		return
	}
	fields := []any{
		"request", c.id, "route", route, "status", status, "ms", took.Milliseconds(),
		"role", string(c.who.Role), "bytes", c.bytes,
	}
	if c.who.Operator != "" {
		fields = append(fields, "operator", c.who.Operator)
	}
	if c.cause != nil && status >= http.StatusInternalServerError {
		fields = append(fields, "cause", c.cause.Error())
	}
	s.log.Log(r.Context(), level, "request", fields...)
}

// slow is how long a request takes that the log mentions.
const slow = time.Second
