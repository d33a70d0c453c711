package web

import (
	"context"
	"net/http"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// SettleBody says how many vehicles of a placement a change is about.
type SettleBody struct {
	Sector string `json:"sector" minLength:"1"`
	N      int    `json:"n,omitempty" minimum:"0" maximum:"10000" doc:"0 = all of the placement"`
}

type settleInput struct {
	ByID
	Key  string `header:"Idempotency-Key" required:"true" pattern:"^[A-Za-z0-9._~-]{1,64}$"`
	Body SettleBody
}

// MoveBody says where vehicles go.
type MoveBody struct {
	SettleBody
	Lat float64 `json:"lat" minimum:"-90" maximum:"90" doc:"WGS-84, degrees"`
	Lng float64 `json:"lng" minimum:"-180" maximum:"180"`
}

type moveInput struct {
	ByID
	Key  string `header:"Idempotency-Key" required:"true" pattern:"^[A-Za-z0-9._~-]{1,64}$"`
	Body MoveBody
}

// grantOutput is a grant with 200 for one told again.
type grantOutput struct {
	Status int
	Body   GrantAnswer
}

// settle returns the handler of a verb that needs no place.
func (s *Server) settle(
	verb engine.Verb,
) func(context.Context, *call, *settleInput) (*grantOutput, error) {
	return func(ctx context.Context, c *call, in *settleInput) (*grantOutput, error) {
		return s.settled(ctx, engine.Settlement{
			Verb: verb, Operator: c.who.Operator, Sector: in.Body.Sector, Key: in.Key,
			Placement: engine.ID(in.ID), N: in.Body.N,
		})
	}
}

func (s *Server) move(ctx context.Context, c *call, in *moveInput) (*grantOutput, error) {
	return s.settled(ctx, engine.Settlement{
		Verb: engine.Move, Operator: c.who.Operator, Sector: in.Body.Sector, Key: in.Key,
		Placement: engine.ID(in.ID), N: in.Body.N,
		To: geo.LatLng{Lat: in.Body.Lat, Lng: in.Body.Lng},
	})
}

func (s *Server) settled(ctx context.Context, p engine.Settlement) (*grantOutput, error) {
	grant, err := s.engine.Settle(ctx, p)
	if err != nil {
		return nil, err
	}
	return &grantOutput{grantStatus(&grant), answerOf(&grant)}, nil
}

type grantsInput struct {
	Sector   string `query:"sector" required:"true"`
	Operator string `query:"operator" doc:"Bureau only; an operator reads its own"`
	Page
}

// GrantsAnswer is a page of placements.
type GrantsAnswer struct {
	Placements []GrantAnswer `json:"placements" nullable:"false"`
	Next       string        `json:"next,omitempty" doc:"Send it as after for the next page"`
}

func (s *Server) grants(
	ctx context.Context, c *call, in *grantsInput,
) (*body[GrantsAnswer], error) {
	operator, err := c.who.operator(in.Operator)
	if err != nil {
		return nil, err
	}
	after, err := uncursor(in.After, c.tag)
	if err != nil {
		return nil, err
	}
	grants, err := s.engine.Grants(ctx, in.Sector, operator, engine.ID(after), in.Limit)
	if err != nil {
		return nil, err
	}
	out := GrantsAnswer{Placements: make([]GrantAnswer, len(grants))}
	for i := range grants {
		out.Placements[i] = answerOf(&grants[i])
	}
	if len(grants) == in.Limit {
		out.Next = cursor(string(grants[len(grants)-1].ID))
	}
	return &body[GrantsAnswer]{out}, nil
}

type grantInput struct {
	ByID
	Sector string `query:"sector" required:"true"`
}

// grant answers GET /v1/placements/{id}.
func (s *Server) grant(ctx context.Context, c *call, in *grantInput) (*body[GrantAnswer], error) {
	id := engine.ID(in.ID)
	if c.who.Role == engine.RoleOperator && id.Operator() != c.who.Operator {
		return nil, errNoSuchThing // whether it exists is that operator's own
	}
	grant, err := s.engine.Grant(ctx, in.Sector, id)
	if err != nil {
		return nil, err
	}
	return &body[GrantAnswer]{answerOf(&grant)}, nil
}

// registerGrants adds the routes of placements that were granted.
func (s *Server) registerGrants() {
	const one = placementsPath + "/{id}"
	handle(s, route{
		id: "placements", method: http.MethodGet, path: placementsPath, group: groupAsk,
		roles: owners, summary: "Placements that stand or are held",
	}, s.grants)
	handle(s, route{
		id: "placement", method: http.MethodGet, path: one, group: groupAsk,
		roles: owners, summary: "One placement",
	}, s.grant)
	for _, r := range []struct {
		verb    engine.Verb
		summary string
	}{
		{engine.Commit, "What was held now stands; what is not committed is given back"},
		{engine.Release, "Give back what was held"},
		{engine.Remove, "What stood is taken off the street"},
	} {
		handle(s, route{
			id: string(r.verb), method: http.MethodPost, path: one + "/" + string(r.verb),
			group: groupAsk, roles: operatorOnly, summary: r.summary, status: http.StatusCreated,
		}, s.settle(r.verb))
	}
	handle(s, route{
		id: "move", method: http.MethodPost, path: one + "/move", group: groupAsk,
		roles: operatorOnly, status: http.StatusCreated,
		summary: "What stood in one place now stands in another, in one step",
	}, s.move)
}
