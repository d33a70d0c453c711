package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/engine/strict"
)

// Vehicles takes in where vehicles are, by the hundred thousand, and counts them.
type Vehicles interface {
	// Take takes a delivery in, and tells the store of it before it returns.
	Take(context.Context, engine.Delivery, io.Reader) (engine.Intake, error)
	// Stands returns the counts of a sector's vehicles by operator, cell and state.
	Stands(ctx context.Context, sector string) ([]engine.Stand, error)
}

// IntakeAnswer says what was made of a delivery.
type IntakeAnswer struct {
	Rows    int         `json:"rows"`
	Held    int         `json:"held" doc:"Told something new"`
	Old     int         `json:"old" doc:"Late, or told before"`
	Moved   int         `json:"moved" doc:"Of held: changed a count"`
	Ahead   int         `json:"from_the_future" doc:"Not taken"`
	Nowhere int         `json:"impossible_positions" doc:"(0, 0), swapped or not on Earth: not taken"`
	Outside int         `json:"out_of_city" doc:"Taken"`
	Bad     int         `json:"refused"`
	Faults  []RowRefuse `json:"faults" nullable:"false" doc:"Of the first hundred rows refused"`
}

// RowRefuse is a row that was refused.
type RowRefuse struct {
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
	Detail string `json:"detail"`
}

// StandsAnswer is what stands where by the latest word about each vehicle.
type StandsAnswer struct {
	Published  bool          `json:"published" doc:"All operators together, counts below 10 left out"`
	Suppressed int           `json:"suppressed" doc:"Counts that were left out"`
	Stands     []StandAnswer `json:"stands" nullable:"false"`
}

const (
	vehiclesPath  = "/v1/vehicles"
	vehiclesLimit = 256 << 20 // bytes of a body
	csvMedia      = "text/csv"
)

// vehicles answers POST /v1/vehicles.
func (s *Server) vehicles(w http.ResponseWriter, r *http.Request) {
	c := w.(*call)
	err := s.permit(c.who, "tell-vehicles")
	if err == nil && s.config.Vehicles == nil {
		err = errNoSuchThing
	}
	if err == nil && r.ContentLength > vehiclesLimit {
		err = errTooLarge
	}
	if err != nil {
		c.fail(err)
		return
	}
	delivery, err := c.delivery(r)
	if err != nil {
		c.fail(err)
		return
	}
	body := http.MaxBytesReader(w, r.Body, vehiclesLimit)
	taken, err := s.config.Vehicles.Take(r.Context(), delivery, body)
	large, fault := (*http.MaxBytesError)(nil), (*strict.Fault)(nil)
	switch {
	case errors.As(err, &large):
		err = errTooLarge
	case errors.As(err, &fault), errors.Is(err, strict.ErrInput):
		p := newProblem(rowOf(errInput), c.tag)
		p.Errors = []Fault{{"body", c.tag.Error(err)}}
		err = p
	}
	if err != nil {
		c.fail(err)
		return
	}
	answer, _ := json.Marshal(c.intake(&taken)) // of numbers and texts
	c.send(http.StatusOK, append(answer, '\n'))
}

// delivery reads how a body is to be taken. An operator tells of its own vehicles only.
func (c *call) delivery(r *http.Request) (engine.Delivery, error) {
	d := engine.Delivery{Name: "body", Operator: c.who.Operator, Own: !c.who.bureau()}
	media := "application/json"
	if list := r.Header["Content-Type"]; len(list) > 0 {
		m, _, err := mime.ParseMediaType(list[0])
		if err != nil {
			return d, errMediaType
		}
		media = m
	}
	switch media {
	case "application/json", "application/x-ndjson":
		d.JSON = true
	case csvMedia:
	default:
		return d, errMediaType
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return d, badInput(c.tag, "query", "problem.fault.query")
	}
	d.Sector = query.Get("sector")
	if c.who.bureau() {
		d.Operator = query.Get("operator")
	}
	for _, pair := range query["column"] {
		name, title, ok := strings.Cut(pair, ":")
		if !ok {
			return d, badInput(c.tag, "query.column", "problem.fault.column", "got", pair)
		}
		if d.Columns == nil {
			d.Columns = map[string]string{}
		}
		d.Columns[name] = title
	}
	return d, nil
}

// intake words what was made of a delivery.
func (c *call) intake(x *engine.Intake) IntakeAnswer {
	out := IntakeAnswer{
		x.Rows, x.Held, x.Old, x.Moved, x.Ahead, x.Nowhere, x.Outside, x.Bad, []RowRefuse{},
	}
	for _, err := range x.Faults {
		refuse := RowRefuse{Detail: c.tag.Error(err)}
		if fault := (*strict.Fault)(nil); errors.As(err, &fault) {
			refuse = RowRefuse{fault.Line, fault.Column, c.tag.Error(fault.Err)}
		}
		out.Faults = append(out.Faults, refuse)
	}
	return out
}

type standsInput struct {
	Sector string `query:"sector" required:"true"`
}

func (s *Server) stands(
	ctx context.Context, c *call, in *standsInput,
) (*body[StandsAnswer], error) {
	if s.config.Vehicles == nil {
		return nil, errNoSuchThing
	}
	if err := s.engine.CheckSector(in.Sector); err != nil {
		return nil, err
	}
	own, err := c.who.operator("")
	if err != nil {
		return nil, err
	}
	list, err := s.config.Vehicles.Stands(ctx, in.Sector)
	if err != nil {
		return nil, err
	}
	var counts []observe.Count
	for _, x := range list {
		if own == "" || x.Operator == own {
			counts = append(counts, observe.Count{
				Operator: x.Operator, Sector: in.Sector, Cell: x.Cell, State: observe.State(x.State),
				N: x.N,
			})
		}
	}
	out := StandsAnswer{Published: !c.who.bureau() && own == ""}
	if out.Published {
		counts, out.Suppressed = publish(counts)
	}
	out.Stands = standAnswers(counts)
	return &body[StandsAnswer]{out}, nil
}

// standAnswers words counts.
func standAnswers(counts []observe.Count) []StandAnswer {
	list := []StandAnswer{}
	for _, x := range counts {
		a := StandAnswer{Operator: x.Operator, Sector: x.Sector, State: x.State.String(), N: x.N}
		if x.Cell != 0 {
			a.Cell = x.Cell.String()
		}
		list = append(list, a)
	}
	return list
}

// registerVehicles adds the door for where vehicles are.
func (s *Server) registerVehicles() {
	tell := route{
		id: "tell-vehicles", method: http.MethodPost, path: vehiclesPath, group: groupRead,
		roles: owners, summary: "Tell where vehicles are: CSV or JSON, one row a vehicle",
		body: vehiclesLimit,
		text: "Of each vehicle the latest word counts, in whatever order they come; a body may be " +
			"sent again. Rows that can't be read are refused and named, the others are taken. After " +
			"200 the counts have them. Titles and members of GBFS and MDS are known; column=lat:Y " +
			"maps others. Other columns are never read. An operator tells of its own vehicles; the " +
			"bureau names an operator, or has a column of them.",
	}
	op := document[struct{}, IntakeAnswer](s, tell)
	text := &huma.Schema{Type: "string"}
	item := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[[]map[string]any](), true, "")
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		csvMedia: {Schema: text}, "application/json": {Schema: item},
		"application/x-ndjson": {Schema: text},
	}}
	param := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: text}
	}
	op.Parameters = []*huma.Param{
		param("sector", "Of every row that doesn't tell its own"),
		param("operator", "Of every row that doesn't tell its own; for the bureau"),
		param("column", "NAME:TITLE, repeated: vehicle, operator, sector, lat, lng, time, state, "+
			"available, disabled or reserved, and where it stands"),
	}
	s.mux.HandleFunc("POST "+vehiclesPath, s.vehicles)
	handle(s, route{
		id: "stands", method: http.MethodGet, path: vehiclesPath, group: groupRead,
		roles: everybody, summary: "What stands where, by the latest word about each vehicle",
		text: "The same at every server of a city. The bureau reads every operator, an operator its " +
			"own; others all of them together, and no count below 10.",
	}, s.stands)
}
