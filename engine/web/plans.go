package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/stint-city/stint/engine"
)

// TermsBody are the times of a publication.
type TermsBody struct {
	ObjectionsUntil time.Time `json:"objections_until" doc:"End of the objection window"`
	EffectiveAt     time.Time `json:"effective_at" doc:"When it comes into force"`
	RemovalDeadline time.Time `json:"removal_deadline" doc:"By when vehicles beyond a cap are removed"`
}

func (t TermsBody) terms() engine.Terms {
	return engine.Terms{
		ObjectionsUntil: t.ObjectionsUntil, EffectiveAt: t.EffectiveAt,
		RemovalDeadline: t.RemovalDeadline,
	}
}

// DraftBody is a plan on its way into force.
type DraftBody struct {
	Plan  json.RawMessage `json:"plan" doc:"plan.json as stint plan wrote it"`
	Zones json.RawMessage `json:"zones,omitempty" doc:"Its zones, a GeoJSON FeatureCollection"`
	TermsBody
}

type draftInput struct {
	RawBody []byte `contentType:"application/json"`
}

func (s *Server) draft(
	ctx context.Context, c *call, in *draftInput,
) (*body[PublicationAnswer], error) {
	var draft DraftBody
	if err := strictly(in.RawBody, &draft); err != nil {
		return nil, c.input("body", err)
	}
	var plan engine.Plan
	if err := json.Unmarshal(draft.Plan, &plan); err != nil {
		return nil, badInput(c.tag, "body.plan", "problem.fault.json", "cause", err.Error())
	}
	zones, err := readZones(draft.Zones)
	if err != nil {
		return nil, c.input("body.zones", err)
	}
	p, err := s.engine.Draft(ctx, c.who.actor(), &plan, zones, draft.terms())
	return publicationAnswer(p, err)
}

// readZones reads a FeatureCollection; nothing is no zone.
func readZones(data []byte) ([]engine.Zone, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	zones, err := engine.ReadZones(bytes.NewReader(data))
	if err != nil {
		return nil, joined{errInput, err}
	}
	return zones, nil
}

// joined is an error that is of a kind, in the words of another.
type joined struct{ kind, err error }

func (j joined) Error() string   { return j.err.Error() }
func (j joined) Unwrap() []error { return []error{j.kind, j.err} }

// ByID names one thing.
type ByID struct {
	ID string `path:"id" maxLength:"200"`
}

func (s *Server) publication(
	_ context.Context, c *call, in *ByID,
) (*body[PublicationAnswer], error) {
	p, err := s.engine.Publication(in.ID)
	if err == nil && !visible(c.who, &p) {
		err = errNoSuchThing // a draft's existence is the bureau's own
	}
	return publicationAnswer(p, err)
}

// PublicationsAnswer lists publications, the newest first.
type PublicationsAnswer struct {
	Publications []PublicationAnswer `json:"publications" nullable:"false"`
}

func (s *Server) publications(
	_ context.Context, c *call, _ *struct{},
) (*body[PublicationsAnswer], error) {
	out := PublicationsAnswer{Publications: []PublicationAnswer{}}
	for _, p := range s.engine.Publications() {
		if visible(c.who, &p) {
			out.Publications = append(out.Publications, answerPublication(&p))
		}
	}
	return &body[PublicationsAnswer]{out}, nil
}

type termsInput struct {
	ByID
	Body TermsBody
}

func (s *Server) announce(
	ctx context.Context, c *call, in *termsInput,
) (*body[PublicationAnswer], error) {
	p, err := s.engine.Announce(ctx, c.who.actor(), in.ID, in.Body.terms())
	return publicationAnswer(p, err)
}

type reasonInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) withdraw(
	ctx context.Context, c *call, in *reasonInput,
) (*body[PublicationAnswer], error) {
	p, err := s.engine.Withdraw(ctx, c.who.actor(), in.ID, in.Body.Reason)
	return publicationAnswer(p, err)
}

func (s *Server) checkOff(
	ctx context.Context, c *call, in *ByID,
) (*body[PublicationAnswer], error) {
	p, err := s.engine.CheckOff(ctx, c.who.actor(), in.ID)
	return publicationAnswer(p, err)
}

// documentAnswer is a plan's own bytes.
type documentAnswer struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

func (s *Server) document(ctx context.Context, c *call, in *ByID) (*documentAnswer, error) {
	p, err := s.engine.Publication(in.ID)
	if err == nil && !visible(c.who, &p) {
		err = errNoSuchThing
	}
	if err != nil {
		return nil, err
	}
	data, err := s.engine.PlanDocument(ctx, p.Plan)
	if err != nil {
		return nil, err
	}
	return &documentAnswer{"application/json", "private, max-age=3600", data}, nil
}

type explainInput struct {
	Sector   string `query:"sector" doc:"May be left out where the plan has one"`
	Cell     string `query:"cell" required:"true" doc:"H3 index"`
	Operator string `query:"operator" required:"true"`
}

// ExplainAnswer is the reckoning behind one quota, each line to be done again on a calculator.
type ExplainAnswer struct {
	Plan  string   `json:"plan"`
	Lines []string `json:"lines" nullable:"false" doc:"In the language of Accept-Language"`
}

func (s *Server) explain(
	_ context.Context, c *call, in *explainInput,
) (*body[ExplainAnswer], error) {
	plan := s.engine.InForce().Plan
	if s.config.Explain == nil || plan == nil {
		return nil, errNoSuchThing
	}
	var text bytes.Buffer
	err := s.config.Explain(&text, plan, c.tag, in.Sector, in.Cell, in.Operator)
	if err != nil { // the plan has no such sector, cell or operator
		return nil, joined{errNoSuchThing, err}
	}
	out := ExplainAnswer{Plan: plan.ID, Lines: []string{}}
	for line := range bytes.Lines(text.Bytes()) {
		out.Lines = append(out.Lines, string(bytes.TrimRight(line, "\n")))
	}
	return &body[ExplainAnswer]{out}, nil
}

// visible reports whether an identity may read a publication: everybody from its notice on.
func visible(who Identity, p *engine.Publication) bool {
	return who.bureau() || p.Stage != engine.StageDraft
}

// registerPlans adds the routes of the life of a plan.
func (s *Server) registerPlans() {
	const base = "/v1/publications"
	get, post := http.MethodGet, http.MethodPost
	handle(s, route{
		id: "publications", method: get, path: base, group: groupPlan, roles: everybody,
		summary: "Plans and where they are in their life",
		text:    "A draft is shown to the bureau only, until its public notice.",
	}, s.publications)
	handle(s, route{
		id: "draft", method: post, path: base, group: groupPlan, roles: bureauOnly,
		status: http.StatusCreated, body: s.config.Plan, raw: true,
		summary: "Draft a publication of a plan",
		text: "The body is an object of plan (plan.json), zones (GeoJSON, may be left out), " +
			"objections_until, effective_at and removal_deadline (RFC 3339, may be left out).",
	}, s.draft)
	handle(s, route{
		id: "publication", method: get, path: base + "/{id}", group: groupPlan, roles: everybody,
		summary: "One publication",
	}, s.publication)
	handle(s, route{
		id: "plan-document", method: get, path: base + "/{id}/plan", group: groupPlan,
		roles: everybody, summary: "The plan's own bytes: plan.json, as they were hashed",
	}, s.document)
	handle(s, route{
		id: "announce", method: post, path: base + "/{id}/announce", group: groupPlan,
		roles: bureauOnly, summary: "Give public notice and open the objection window",
	}, s.announce)
	handle(s, route{
		id: "finalize", method: post, path: base + "/{id}/finalize", group: groupPlan,
		roles: adminOnly, summary: "Make it final: it comes into force at its time",
		text: "An emergency reason finalizes before the objection window has closed, and is recorded.",
	}, s.finalize)
	handle(s, route{
		id: "withdraw", method: post, path: base + "/{id}/withdraw", group: groupPlan,
		roles: adminOnly, summary: "Withdraw it before it comes into force",
	}, s.withdraw)
	handle(s, route{
		id: "check-off", method: post, path: base + "/{id}/check", group: groupPlan,
		roles: bureauOnly, summary: "Record that the removal deadline has been checked",
	}, s.checkOff)
	handle(s, route{
		id: "explain", method: get, path: "/v1/explain", group: groupPlan, roles: everybody,
		summary: "The reckoning behind one quota of the plan in force",
	}, s.explain)
	s.registerObjections(base)
}

type finalInput struct {
	ByID
	Body struct {
		Emergency string `json:"emergency,omitempty" maxLength:"2000" doc:"Why it can't wait"`
	}
}

func (s *Server) finalize(
	ctx context.Context, c *call, in *finalInput,
) (*body[PublicationAnswer], error) {
	p, err := s.engine.Finalize(ctx, c.who.actor(), in.ID, in.Body.Emergency)
	return publicationAnswer(p, err)
}
