package web

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// The groups of the API's page.
const (
	groupAsk    = "Placements"
	groupRead   = "Quotas"
	groupPlan   = "Plans"
	groupBureau = "Bureau"
	groupMDS    = "MDS Agency 2.0"
)

// register adds every route to the mux and the document.
func (s *Server) register() {
	s.health(s.mux)
	s.registerStatus()
	s.registerAsks()
	s.registerGrants()
	s.registerReads()
	s.registerStreams()
	s.registerPlans()
	s.registerBureau()
	s.registerMeasures()
	s.registerOrders()
	s.registerObserved()
	s.registerVehicles()
	s.registerAgency()
	s.registerTimetable()
}

// registerAsks adds the routes written by hand.
func (s *Server) registerAsks() {
	place := route{
		id: "place", method: http.MethodPost, path: placementsPath, group: groupAsk,
		summary: "Ask for a placement", roles: operatorOnly, status: http.StatusCreated,
		text: "May I put n vehicles of this sector here? 201 is a yes; 200 tells an earlier yes " +
			"again; a refusal says by which rule, how much is left and where there is room.",
	}
	document[AskBody, GrantAnswer](s, place, http.StatusOK)
	batch := route{
		id: "place-batch", method: http.MethodPost, path: batchPath, group: groupAsk,
		summary: "Ask for up to 500 placements", roles: operatorOnly,
		text: "Each ask is answered on its own and in order, with a grant or a problem.",
	}
	document[BatchBody, BatchAnswer](s, batch)
	s.mux.HandleFunc("POST "+batchPath, s.placeAll)
}

// registerStreams adds the routes that write their answers themselves.
func (s *Server) registerStreams() {
	sector := &huma.Param{
		Name: "sector", In: "query", Required: true, Schema: &huma.Schema{Type: "string"},
	}
	picture := route{
		id: "city", method: http.MethodGet, path: "/v1/city", group: groupRead, roles: everybody,
		summary: "Every cell of a sector at one moment",
		text: "Send If-None-Match with the ETag of the last answer: 304 where nothing changed. " +
			"Compressed where Accept-Encoding takes gzip.",
	}
	document[struct{}, PictureAnswer](s, picture).Parameters = []*huma.Param{sector}
	s.mux.HandleFunc("GET "+picture.path, s.city)
	events := route{
		id: "events", method: http.MethodGet, path: eventsPath, group: groupRead, roles: signedIn,
		summary: "Changes of a sector as they happen: server-sent events",
		text: "Each event's name is its kind and its data an EventAnswer. Goes on after " +
			"Last-Event-ID, or after; from now on without both.",
	}
	after := &huma.Param{
		Name: "after", In: "query", Schema: &huma.Schema{Type: "string", Description: "Event ID"},
	}
	op := document[struct{}, EventAnswer](s, events)
	op.Parameters = []*huma.Param{sector, after}
	answer := op.Responses["200"]
	answer.Content = map[string]*huma.MediaType{
		"text/event-stream": answer.Content["application/json"],
	}
	s.mux.HandleFunc("GET "+eventsPath, s.follow)
}

// document adds a route that is written by hand to the document, with the answers' statuses beside
// its own.
func document[I, O any](s *Server, r route, also ...int) *huma.Operation {
	s.allow(r)
	op := r.operation()
	schemas := s.api.OpenAPI().Components.Schemas
	if in := reflect.TypeFor[I](); in.NumField() > 0 {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: schemas.Schema(in, true, "")},
		}}
	}
	answer := &huma.Response{Description: "Yes", Content: map[string]*huma.MediaType{
		"application/json": {Schema: schemas.Schema(reflect.TypeFor[O](), true, "")},
	}}
	for _, status := range append(also, or(r.status, http.StatusOK)) {
		op.Responses[strconv.Itoa(status)] = answer
	}
	if r.id == "place" {
		op.Parameters = []*huma.Param{keyParam()}
	}
	s.api.OpenAPI().AddOperation(&op)
	return &op
}

// keyParam documents the idempotency key.
func keyParam() *huma.Param {
	return &huma.Param{
		Name: keyHeader, In: "header", Required: true,
		Schema: &huma.Schema{
			Type: "string", Pattern: keyPattern,
			Description: "Yours, one for each question: a retry with the same key and body " +
				"returns the first answer",
		},
	}
}

const keyPattern = `^[A-Za-z0-9._~-]{1,64}$`
