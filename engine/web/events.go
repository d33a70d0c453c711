package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

const (
	eventsPath  = "/v1/events"
	eventsRoute = "GET /v1/events"
	heartbeat   = 15 * time.Second // so that proxies keep the connection
	slowest     = 10 * time.Second // to take one event: a client slower than that is cut off
)

// EventAnswer is one change of a sector's ledger, as far as its reader may know it.
type EventAnswer struct {
	ID      string           `json:"id" doc:"<gen>-<seq>: send it as Last-Event-ID to go on from here"`
	Sector  string           `json:"sector"`
	Kind    engine.EventKind `json:"kind" enum:"asked,swept,published,releveled,drawn,shut,opened"`
	Time    time.Time        `json:"time"`
	Epoch   int64            `json:"epoch,omitempty" doc:"Of published: the publication now in force"`
	Plan    string           `json:"plan,omitempty"`
	Reason  string           `json:"reason,omitempty" doc:"Of shut"`
	Changes []ChangeAnswer   `json:"changes,omitempty"`
}

// ChangeAnswer is a placement as it is after an event.
type ChangeAnswer struct {
	ID        engine.ID    `json:"id"`
	Verb      engine.Verb  `json:"verb,omitempty" doc:"Absent where the record was forgotten"`
	State     engine.State `json:"state,omitempty"`
	N         int          `json:"n"`
	Cell      string       `json:"cell,omitempty"`
	Lat       float64      `json:"lat,omitempty"`
	Lng       float64      `json:"lng,omitempty"`
	Placement engine.ID    `json:"placement,omitempty"`
}

// eventFor returns an event as an identity may know it; false where nothing of it is left.
func eventFor(who Identity, sector string, e *engine.Event) (EventAnswer, bool) {
	a := EventAnswer{
		ID: e.ID.String(), Sector: sector, Kind: e.Kind, Time: e.Time.Time(),
		Epoch: e.Epoch, Plan: e.Plan, Reason: e.Reason,
	}
	for i := range e.Changes {
		c := &e.Changes[i]
		mine := who.view() == viewAll || (who.view() == viewOwn && c.ID.Operator() == who.Operator)
		if mine {
			a.Changes = append(a.Changes, changeAnswer(c))
		}
	}
	switch e.Kind {
	case engine.Published, engine.Shut, engine.Opened:
		return a, true
	case engine.Drawn:
		return a, who.view() == viewAll
	}
	return a, len(a.Changes) > 0
}

func changeAnswer(c *engine.Change) ChangeAnswer {
	a := ChangeAnswer{
		ID: c.ID, Verb: c.Record.Verb, State: c.Record.State, N: c.Record.N,
		Lat: c.Record.At.Lat, Lng: c.Record.At.Lng, Placement: c.Record.Placement,
	}
	if c.Record.Cell != geo.Cell(0) {
		a.Cell = c.Record.Cell.String()
	}
	return a
}

// follow answers GET /v1/events: server-sent events of one sector, until the client or the server
// ends it.
//
// Source: HTML Living Standard, section 9.2, Server-sent events.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) {
	c := w.(*call)
	sector, after, err := s.followed(c, r)
	if err != nil {
		c.fail(err)
		return
	}
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		c.fail(errNoStream)
		return
	}
	s.metrics.streams.Inc()
	defer s.metrics.streams.Dec()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	out := &eventStream{call: c, control: http.NewResponseController(w), clock: s.clock}
	if err := out.begin(); err != nil {
		return
	}
	var alive sync.WaitGroup
	alive.Go(func() { s.keepAlive(ctx, cancel, out) })
	defer alive.Wait()
	defer cancel()
	scope := engine.Scope{City: s.cityID(), Sector: sector}
	err = s.config.Events.Follow(ctx, scope, after, func(e engine.Event) error {
		if answer, ok := eventFor(c.who, sector, &e); ok {
			return out.send(string(answer.Kind), answer.ID, answer)
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		if errors.Is(err, engine.ErrNotFound) {
			err = errGone
		}
		_ = out.send("problem", "", problemOf(err, c.tag)) // the stream ends in any case
	}
}

// followed returns what a request wants to follow: a sector, and the event to go on from, the last
// one so far where it names none.
func (s *Server) followed(c *call, r *http.Request) (string, engine.EventID, error) {
	var none engine.EventID
	if err := s.permit(c.who, "events"); err != nil {
		return "", none, err
	}
	if s.config.Events == nil {
		return "", none, errNoStream
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", none, badInput(c.tag, "query", "problem.fault.unknown")
	}
	sector := query.Get("sector")
	last, err := s.lastEvent(r.Context(), sector) // also finds an unknown sector
	if err != nil {
		return "", none, err
	}
	from := or(r.Header.Get("Last-Event-ID"), query.Get("after"))
	if from == "" {
		return sector, last, nil
	}
	after, err := engine.ParseEventID(from)
	if err != nil {
		return "", none, badInput(c.tag, "query.after", "problem.fault.event")
	}
	return sector, after, nil
}

// keepAlive sends a comment now and then, and ends the stream when the server stops.
func (s *Server) keepAlive(ctx context.Context, cancel func(), out *eventStream) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.ending:
			cancel()
			return
		case <-beat.C:
			if out.write([]byte(": alive\n\n")) != nil {
				cancel()
				return
			}
		}
	}
}

// eventStream writes server-sent events.
type eventStream struct {
	call    *call
	control *http.ResponseController
	clock   engine.Clock

	mu sync.Mutex // one event or heartbeat at a time
}

// begin sends the header.
func (e *eventStream) begin() error {
	h := e.call.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if err := e.control.SetReadDeadline(time.Time{}); err != nil &&
		!errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return e.write([]byte("retry: 2000\n\n"))
}

// send writes one event.
func (e *eventStream) send(kind, id string, data any) error {
	var b bytes.Buffer
	if id != "" {
		b.WriteString("id: " + id + "\n")
	}
	b.WriteString("event: " + kind + "\ndata: ")
	if err := json.NewEncoder(&b).Encode(data); err != nil { // ends with its own new line
		return err
	}
	b.WriteByte('\n')
	return e.write(b.Bytes())
}

// write sends bytes at once. A client that doesn't take them in time is cut off.
func (e *eventStream) write(b []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.control.SetWriteDeadline(e.clock.Now().Add(slowest))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := e.call.Write(b); err != nil {
		return err
	}
	return e.control.Flush()
}
