package web

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

type giveInput struct {
	ByID
	Body struct {
		Kind     engine.OrderKind `json:"kind" doc:"remove, clear, replenish or repair"`
		Operator string           `json:"operator"`
		Sector   string           `json:"sector"`
		Cell     geo.Cell         `json:"cell"`
		Target   int              `json:"target,omitempty" doc:"Vehicles at most; replenish: at least"`
		Within   int64            `json:"within" doc:"Seconds of working time until the deadline"`
		Reason   string           `json:"reason" maxLength:"2000" doc:"With the finding behind it"`
	}
}

func oneOrder(o engine.Order, err error) (*body[OrderAnswer], error) {
	if err != nil {
		return nil, err
	}
	return &body[OrderAnswer]{answerOrder(&o)}, nil
}

func (s *Server) giveOrder(
	ctx context.Context, c *call, in *giveInput,
) (*body[OrderAnswer], error) {
	const longest = math.MaxInt64 / int64(time.Second)
	b := &in.Body
	return oneOrder(s.engine.GiveOrder(ctx, c.who.actor(), engine.OrderAsk{
		ID: in.ID, Kind: b.Kind, Operator: b.Operator, Sector: b.Sector, Cell: b.Cell,
		Target: b.Target, Within: time.Duration(max(0, min(b.Within, longest))) * time.Second,
		Reason: b.Reason,
	}))
}

type extendInput struct {
	ByID
	Body struct {
		Deadline time.Time `json:"deadline"`
		Reason   string    `json:"reason" maxLength:"2000"`
	}
}

func (s *Server) extendOrder(
	ctx context.Context, c *call, in *extendInput,
) (*body[OrderAnswer], error) {
	who := c.who.actor()
	return oneOrder(s.engine.ExtendOrder(ctx, who, in.ID, in.Body.Deadline, in.Body.Reason))
}

type contestInput struct {
	ByID
	Body struct {
		Text string `json:"text" maxLength:"2000"`
	}
}

func (s *Server) contestOrder(
	ctx context.Context, c *call, in *contestInput,
) (*body[OrderAnswer], error) {
	return oneOrder(s.engine.ObjectToOrder(ctx, c.who.actor(), in.ID, in.Body.Text))
}

type settleOrderInput struct {
	ByID
	Body struct {
		Accepted bool   `json:"accepted" doc:"Takes the order back"`
		Text     string `json:"text" maxLength:"2000"`
	}
}

func (s *Server) settleOrder(
	ctx context.Context, c *call, in *settleOrderInput,
) (*body[OrderAnswer], error) {
	who := c.who.actor()
	return oneOrder(s.engine.AnswerOrder(ctx, who, in.ID, in.Body.Accepted, in.Body.Text))
}

// mostObservations is how many counts one call reports.
const mostObservations = 10_000

type observeInput struct {
	Body struct {
		Observations []ObservationBody `json:"observations" maxItems:"10000" nullable:"false"`
	}
}

// ObservationBody is a count of one operator's vehicles in one cell.
type ObservationBody struct {
	Operator string    `json:"operator"`
	Sector   string    `json:"sector"`
	Cell     geo.Cell  `json:"cell"`
	Broken   bool      `json:"broken,omitempty" doc:"Only broken vehicles were counted"`
	Count    *int      `json:"count" minimum:"0" doc:"null = unknown, which is never 0"`
	At       time.Time `json:"at" doc:"When it was counted"`
}

func (s *Server) observe(
	ctx context.Context, _ *call, in *observeInput,
) (*body[OrdersAnswer], error) {
	seen := make([]engine.Observation, 0, min(len(in.Body.Observations), mostObservations))
	for _, o := range in.Body.Observations {
		one := engine.Observation{
			Operator: o.Operator, Sector: o.Sector, Cell: o.Cell, Broken: o.Broken, At: o.At,
		}
		if o.Count != nil {
			one.Count, one.Known = *o.Count, true
		}
		seen = append(seen, one)
	}
	done, err := s.engine.Observe(ctx, seen)
	if err != nil {
		return nil, err
	}
	out := OrdersAnswer{Orders: []OrderAnswer{}}
	for i := range done {
		out.Orders = append(out.Orders, answerOrder(&done[i]))
	}
	return &body[OrdersAnswer]{out}, nil
}

type spanInput struct {
	From  time.Time `query:"from" required:"true" doc:"Orders that were due from this time"`
	Until time.Time `query:"until" required:"true" doc:"Until before this time"`
}

// ResponseAnswer is how one operator answered its orders.
type ResponseAnswer struct {
	Operator   string   `json:"operator"`
	Orders     int      `json:"orders"`
	InTime     int      `json:"in_time"`
	Open       int      `json:"open"`
	Breaches   int      `json:"breaches" doc:"Late, or overdue"`
	P50        *float64 `json:"p50" doc:"Working hours, median; null without orders"`
	P90        *float64 `json:"p90"`
	Unobserved int      `json:"unobserved" doc:"Done by the operator's books only"`
}

// ResponsesAnswer lists how the operators answered.
type ResponsesAnswer struct {
	Responses []ResponseAnswer `json:"responses" nullable:"false"`
}

func (s *Server) responses(
	_ context.Context, c *call, in *spanInput,
) (*body[ResponsesAnswer], error) {
	own, err := c.who.operator("")
	if err != nil {
		return nil, err
	}
	all, err := s.engine.Responses(in.From, in.Until)
	if err != nil {
		return nil, err
	}
	out := ResponsesAnswer{Responses: []ResponseAnswer{}}
	for _, r := range all {
		if own != "" && r.Operator != own {
			continue
		}
		a := ResponseAnswer{
			Operator: r.Operator, Orders: r.Orders, InTime: r.InTime, Open: r.Open,
			Breaches: r.Breaches, Unobserved: r.Unobserved,
		}
		if r.Orders > 0 {
			a.P50, a.P90 = &r.P50, &r.P90
		}
		out.Responses = append(out.Responses, a)
	}
	return &body[ResponsesAnswer]{out}, nil
}

type sitesInput struct {
	spanInput
	Breaches int `query:"breaches" default:"3" minimum:"1" doc:"At least so many"`
}

// SiteAnswer is one operator in one cell with orders not done in time.
type SiteAnswer struct {
	Operator string   `json:"operator"`
	Sector   string   `json:"sector"`
	Cell     string   `json:"cell"`
	Breaches []string `json:"breaches" doc:"IDs of the orders"`
}

// SitesAnswer lists sites that a bureau may take from their operators.
type SitesAnswer struct {
	Sites []SiteAnswer `json:"sites" nullable:"false"`
}

func (s *Server) sites(
	_ context.Context, _ *call, in *sitesInput,
) (*body[SitesAnswer], error) {
	out := SitesAnswer{Sites: []SiteAnswer{}}
	for _, x := range s.engine.Sites(in.From, in.Until, in.Breaches) {
		out.Sites = append(out.Sites, SiteAnswer{x.Operator, x.Sector, x.Level.Of(), x.Breaches})
	}
	return &body[SitesAnswer]{out}, nil
}

// registerOrders adds the routes of the orders that the bureau gives.
func (s *Server) registerOrders() {
	const one = "/v1/orders/{id}"
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	handle(s, route{
		id: "give-order", method: put, path: one, group: groupBureau, roles: bureauOnly,
		summary: "Give an order: remove, clear, replenish or repair in one cell",
		text:    "It is done when a count taken after it says so. The same again changes nothing.",
	}, s.giveOrder)
	handle(s, route{
		id: "extend-order", method: post, path: one + "/extend", group: groupBureau,
		roles: bureauOnly, summary: "Give more time for an order",
	}, s.extendOrder)
	handle(s, route{
		id: "contest-order", method: post, path: one + "/object", group: groupBureau,
		roles: operatorOnly, summary: "Object to an order, once",
	}, s.contestOrder)
	handle(s, route{
		id: "settle-order", method: post, path: one + "/answer", group: groupBureau,
		roles: bureauOnly, summary: "Answer the objection to an order",
	}, s.settleOrder)
	handle(s, route{
		id: "observe", method: post, path: "/v1/observations", group: groupBureau,
		roles: bureauOnly, body: s.config.Plan,
		summary: "Report counts of the street; returns the orders they show carried out",
	}, s.observe)
	handle(s, route{
		id: "responses", method: get, path: "/v1/responses", group: groupBureau, roles: owners,
		summary: "How operators answered their orders, as indicators",
	}, s.responses)
	handle(s, route{
		id: "sites", method: get, path: "/v1/sites", group: groupBureau, roles: bureauOnly,
		summary: "Operators' cells with several orders not done in time; it only informs",
	}, s.sites)
}
