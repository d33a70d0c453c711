package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/stint-city/stint/engine"
)

type orderInput struct {
	Operator string `query:"operator" doc:"Bureau only; an operator reads its own"`
}

// OrdersAnswer lists removal orders.
type OrdersAnswer struct {
	Orders []OrderAnswer `json:"orders" nullable:"false"`
}

func (s *Server) orders(
	_ context.Context, c *call, in *orderInput,
) (*body[OrdersAnswer], error) {
	operator, err := c.who.operator(in.Operator)
	if err != nil {
		return nil, err
	}
	out := OrdersAnswer{Orders: []OrderAnswer{}}
	for _, o := range s.engine.Orders(operator) {
		out.Orders = append(out.Orders, answerOrder(&o))
	}
	return &body[OrdersAnswer]{out}, nil
}

func (s *Server) acknowledge(
	ctx context.Context, c *call, in *ByID,
) (*body[OrderAnswer], error) {
	o, err := s.engine.Acknowledge(ctx, c.who.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return &body[OrderAnswer]{answerOrder(&o)}, nil
}

// LogAnswer is a page of the bureau's log.
type LogAnswer struct {
	Entries []engine.Entry `json:"entries" nullable:"false"`
	Next    string         `json:"next,omitempty" doc:"Send it as after for the next page"`
}

func (s *Server) logPage(ctx context.Context, c *call, in *Page) (*body[LogAnswer], error) {
	text, err := uncursor(in.After, c.tag)
	if err != nil {
		return nil, err
	}
	var after int64
	if text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return nil, badInput(c.tag, "query.after", "problem.fault.cursor")
		}
	}
	entries, err := s.engine.Log(ctx, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := LogAnswer{Entries: entries}
	if out.Entries == nil {
		out.Entries = []engine.Entry{}
	}
	if len(entries) == in.Limit {
		out.Next = cursor(strconv.FormatInt(entries[len(entries)-1].Seq, 10))
	}
	return &body[LogAnswer]{out}, nil
}

// VerifyAnswer says whether the log holds together.
type VerifyAnswer struct {
	Holds   bool   `json:"holds"`
	Entries int64  `json:"entries" doc:"Entries that hold together, from the first"`
	Fault   string `json:"fault,omitempty" doc:"What is wrong, and at which entry"`
}

func (s *Server) verifyLog(
	ctx context.Context, c *call, _ *struct{},
) (*body[VerifyAnswer], error) {
	n, err := s.engine.VerifyLog(ctx)
	return verifyAnswer(c, n, err)
}

// zonesDocument is a GeoJSON FeatureCollection.
type zonesDocument struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type zonesInput struct {
	RawBody []byte `contentType:"application/json"`
}

func (s *Server) zones(_ context.Context, _ *call, _ *struct{}) (*zonesDocument, error) {
	var out bytes.Buffer
	if err := engine.WriteZones(&out, s.engine.ZonesInForce(s.clock.Now())); err != nil {
		return nil, err
	}
	return &zonesDocument{"application/geo+json", out.Bytes()}, nil
}

func (s *Server) setZones(ctx context.Context, c *call, in *zonesInput) (*struct{}, error) {
	if !json.Valid(in.RawBody) {
		return nil, badInput(c.tag, "body", "problem.fault.json", "cause", "no JSON")
	}
	zones, err := readZones(in.RawBody)
	if err != nil {
		return nil, c.input("body", err)
	}
	return nil, s.engine.SetZones(ctx, c.who.actor(), zones)
}

func verifyAnswer(_ *call, n int64, err error) (*body[VerifyAnswer], error) {
	var fault *engine.ChainError
	switch {
	case errors.As(err, &fault):
		return &body[VerifyAnswer]{VerifyAnswer{Entries: n, Fault: fault.Error()}}, nil
	case err != nil:
		return nil, err
	}
	return &body[VerifyAnswer]{VerifyAnswer{Holds: true, Entries: n}}, nil
}

// registerBureau adds the bureau's own routes, and those of orders and zones.
func (s *Server) registerBureau() {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	handle(s, route{
		id: "orders", method: get, path: "/v1/orders", group: groupBureau, roles: owners,
		summary: "Orders to remove vehicles beyond a cap",
	}, s.orders)
	handle(s, route{
		id: "acknowledge", method: post, path: "/v1/orders/{id}/acknowledge", group: groupBureau,
		roles: operatorOnly, summary: "Say that an order was read",
	}, s.acknowledge)
	handle(s, route{
		id: "log", method: get, path: "/v1/log", group: groupBureau, roles: bureauOnly,
		summary: "The hash-chained log of the bureau's decisions",
	}, s.logPage)
	handle(s, route{
		id: "verify-log", method: get, path: "/v1/log/verify", group: groupBureau,
		roles: bureauOnly, summary: "Find a changed, missing or reordered entry",
	}, s.verifyLog)
	handle(s, route{
		id: "check", method: get, path: "/v1/check", group: groupBureau, roles: bureauOnly,
		summary: "Compare counters, placements and events",
	}, s.check)
	handle(s, route{
		id: "zones", method: get, path: "/v1/zones", group: groupRead, roles: everybody,
		summary: "Zones in force, as GeoJSON",
	}, s.zones)
	handle(s, route{
		id: "set-zones", method: put, path: "/v1/zones", group: groupBureau, roles: adminOnly,
		body: s.config.Plan, raw: true, summary: "Put other zones in force, a GeoJSON FeatureCollection",
	}, s.setZones)
	handle(s, route{
		id: "set-pool", method: put, path: "/v1/pools/{id}", group: groupBureau, roles: adminOnly,
		summary: "Set a total over several scopes",
	}, s.setPool)
}

type poolInput struct {
	ByID
	Body struct {
		Cap       int      `json:"cap" minimum:"0" doc:"Vehicles over all scopes"`
		Operators []string `json:"operators,omitempty" doc:"Who is charged; absent = every operator"`
	}
}

func (s *Server) setPool(ctx context.Context, c *call, in *poolInput) (*struct{}, error) {
	return nil, s.engine.SetPool(ctx, c.who.actor(), engine.Pool{
		ID: in.ID, Cap: in.Body.Cap, Operators: in.Body.Operators,
	})
}

func (s *Server) check(
	ctx context.Context, _ *call, _ *struct{},
) (*body[engine.Checked], error) {
	checked, err := s.engine.Check(ctx)
	if err != nil {
		return nil, err
	}
	return &body[engine.Checked]{checked}, nil
}
