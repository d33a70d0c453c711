package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/stint-city/stint/engine"
)

// route is one operation of the API. Its ID names it in the document, in code and in tests.
type route struct {
	id, method, path string
	summary, text    string
	group            string
	roles            []engine.Role // who may call it; everybody where the public may
	status           int           // of success; default 200
	body             int64         // longest body, bytes; default Config.Body
	raw              bool          // the handler reads the body itself
}

// The roles that may call a route.
//
//nolint:gochecknoglobals // lists that nothing writes
var (
	everybody = []engine.Role{
		engine.RolePublic, engine.RoleOperator, engine.RolePlanner, engine.RoleOfficer,
		engine.RoleAdmin,
	}
	operatorOnly = []engine.Role{engine.RoleOperator}
	bureauOnly   = []engine.Role{engine.RoleOfficer, engine.RoleAdmin}
	adminOnly    = []engine.Role{engine.RoleAdmin}
	owners       = []engine.Role{engine.RoleOperator, engine.RoleOfficer, engine.RoleAdmin}
	signedIn     = []engine.Role{
		engine.RoleOperator, engine.RolePlanner, engine.RoleOfficer, engine.RoleAdmin,
	}
)

// newAPI returns huma on a mux: no generated page, no route to another host, every error a Problem.
func newAPI(mux *http.ServeMux, version string) huma.API {
	config := huma.DefaultConfig("stint", version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{toProblem}
	config.Info.Description = "Quotas in force, placements that never exceed them, plans."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {
			Type: "http", Scheme: "bearer", BearerFormat: "JWT",
			Description: "Claims: sub, role, exp; operator for the role operator.",
		},
	}
	api := humago.New(mux, config)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		_, w := humago.Unwrap(ctx)
		c := w.(*call)
		next(&humaCall{humaContext: huma.WithValue(ctx, callKey{}, c), call: c})
	})
	return api
}

type humaContext huma.Context

// humaCall is huma's side of a call. It answers 400 where huma's own checks would answer 422: here
// that status means a key used twice.
type humaCall struct {
	humaContext
	call     *call
	override int
}

// Unwrap returns the context below, as humago asks.
func (h *humaCall) Unwrap() huma.Context { return h.humaContext }

// SetStatus begins the answer.
func (h *humaCall) SetStatus(status int) {
	if h.override != 0 {
		status = h.override
	}
	h.humaContext.SetStatus(status)
}

// toProblem turns huma's own errors into problems.
func toProblem(ctx huma.Context, _ string, v any) (any, error) {
	h := ctx.(*humaCall)
	switch v := v.(type) {
	case *huma.ErrorModel:
		p := inputProblem(v, h.call.tag)
		h.override, p.Instance = p.Status, h.call.id
		return p, nil
	case *Problem:
		told := *v
		told.Instance = h.call.id
		h.call.cause = v.cause
		return &told, nil
	}
	return v, nil
}

// operation returns the route as the document has it.
func (r route) operation() huma.Operation {
	op := huma.Operation{
		OperationID: r.id, Method: r.method, Path: r.path, Summary: r.summary,
		Description: r.text, Tags: []string{r.group}, DefaultStatus: r.status,
		MaxBodyBytes: r.body, SkipValidateBody: r.raw,
		Extensions: map[string]any{"x-roles": r.roles},
		Responses:  map[string]*huma.Response{"default": problemResponse()},
	}
	if !r.open() {
		op.Security = []map[string][]string{{"token": {}}}
	}
	return op
}

// open reports whether the public may call the route.
func (r route) open() bool { return len(r.roles) > 0 && r.roles[0] == engine.RolePublic }

// problemResponse is the document's answer for everything that goes wrong.
func problemResponse() *huma.Response {
	return &huma.Response{
		Description: "What went wrong",
		Content: map[string]*huma.MediaType{
			problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}},
		},
	}
}

// allow remembers who may call a route.
func (s *Server) allow(r route) {
	roles := map[engine.Role]bool{}
	for _, role := range r.roles {
		roles[role] = true
	}
	s.roles[r.id] = roles
}

// permit returns ErrNoToken or ErrRole unless who may call a route.
func (s *Server) permit(who Identity, id string) error {
	switch {
	case s.roles[id][who.Role]:
		return nil
	case who.Role == engine.RolePublic && who.Subject == "":
		return ErrNoToken
	}
	return ErrRole
}

// handle serves a route by f, which huma gives its checked input.
func handle[I, O any](
	s *Server, r route, f func(ctx context.Context, c *call, in *I) (*O, error),
) {
	s.allow(r)
	op := r.operation()
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = s.config.Body
	}
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		c := callOf(ctx.Context())
		if err := s.permit(c.who, r.id); err != nil {
			c.fail(err)
			return
		}
		next(ctx)
	}}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		out, err := f(ctx, c, in)
		if err != nil {
			return nil, problemOf(err, c.tag)
		}
		return out, nil
	})
}
