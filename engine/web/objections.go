package web

import (
	"context"
	"net/http"
)

type objectionInput struct {
	ByID
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"20000"`
	}
}

func (s *Server) object(
	ctx context.Context, c *call, in *objectionInput,
) (*body[ObjectionAnswer], error) {
	if c.who.Subject == "" { // an objection is somebody's
		return nil, ErrNoToken
	}
	o, err := s.engine.Object(ctx, c.who.actor(), in.ID, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &body[ObjectionAnswer]{answerObjection(&o)}, nil
}

type rulingInput struct {
	ByID
	Body struct {
		Accepted bool   `json:"accepted"`
		Text     string `json:"text" minLength:"1" maxLength:"20000" doc:"Why, for the one who objected"`
	}
}

func (s *Server) answerTo(
	ctx context.Context, c *call, in *rulingInput,
) (*body[ObjectionAnswer], error) {
	o, err := s.engine.AnswerObjection(
		ctx, c.who.actor(), in.ID, in.Body.Accepted, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &body[ObjectionAnswer]{answerObjection(&o)}, nil
}

// registerObjections adds the routes of objections.
func (s *Server) registerObjections(publications string) {
	handle(s, route{
		id: "object", method: http.MethodPost, path: publications + "/{id}/objections",
		group: groupPlan, roles: everybody, status: http.StatusCreated,
		summary: "Object to a publication within its window",
		text:    "Everybody may, with a token that says who it is.",
	}, s.object)
	handle(s, route{
		id: "objections", method: http.MethodGet, path: publications + "/{id}/objections",
		group: groupPlan, roles: everybody, summary: "Objections to a publication",
		text: "The bureau reads all of them, everybody else their own.",
	}, s.objections)
	handle(s, route{
		id: "answer-objection", method: http.MethodPost, path: "/v1/objections/{id}/answer",
		group: groupPlan, roles: bureauOnly, summary: "Answer an objection",
	}, s.answerTo)
}

// ObjectionsAnswer lists objections, the first filed first.
type ObjectionsAnswer struct {
	Objections []ObjectionAnswer `json:"objections" nullable:"false"`
}

func (s *Server) objections(
	_ context.Context, c *call, in *ByID,
) (*body[ObjectionsAnswer], error) {
	p, err := s.engine.Publication(in.ID)
	if err == nil && !visible(c.who, &p) {
		err = errNoSuchThing
	}
	if err != nil {
		return nil, err
	}
	out := ObjectionsAnswer{Objections: []ObjectionAnswer{}}
	for _, o := range s.engine.Objections(in.ID) {
		if c.who.bureau() || (c.who.Subject != "" && o.By == c.who.actor().ID) {
			out.Objections = append(out.Objections, answerObjection(&o))
		}
	}
	return &body[ObjectionsAnswer]{out}, nil
}
