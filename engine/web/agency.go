package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/stint-city/stint/engine/lang"
)

// Agency takes in what operators push by the Agency API of MDS 2.0.
type Agency interface {
	// Answer carries out a call and returns the answer's status and body, both as the standard has
	// them. An error means that nothing is known of the call: it may be repeated.
	Answer(AgencyCall) (status int, body []byte, err error)
	// Deviations returns what an operator's calls deviated in from the standard.
	Deviations(operator string) []Deviation
}

// AgencyCall is one call of an operator.
type AgencyCall struct {
	Operator string // by its token: it writes its own and nobody else's
	What     string // method and endpoint: "POST events"
	Body     []byte
	Tag      lang.Tag
	Now      time.Time
}

// Deviation is one kind of what deviates from a standard and was understood, or not taken.
type Deviation struct {
	Feed  string `json:"feed" doc:"Endpoint" example:"POST events"`
	Field string `json:"field" example:"[].timestamp"`
	Kind  string `json:"kind" doc:"missing, type, value, range, word, …"`
	Count int    `json:"count"`
	First string `json:"first,omitempty" doc:"Path of the first" example:"[17].timestamp"`
	Got   string `json:"got,omitempty" doc:"What stood there; never an ID"`
}

const (
	agencyPath  = "/mds/agency/2.0/"
	agencyLimit = 8 << 20 // bytes of a body
	mdsMedia    = "application/vnd.mds+json"
)

// agencyRoutes are the calls of the Agency API that stint takes.
//
//nolint:gochecknoglobals // a table that nothing writes
var agencyRoutes = []struct {
	method, end, id, summary, text string
	status                         int
	item                           reflect.Type
}{
	{
		"POST", "vehicles", "mds-register-vehicles", "Register vehicles",
		"Events, telemetry and trips are taken of registered vehicles only.",
		http.StatusCreated, reflect.TypeFor[[]MDSVehicle](),
	},
	{
		"PUT", "vehicles", "mds-change-vehicles", "Change registered vehicles",
		"A vehicle stays in its sector.", http.StatusOK, reflect.TypeFor[[]MDSVehicle](),
	},
	{
		"POST", "events", "mds-events", "Changes of vehicles' states",
		"Idempotent by event_id, in any order. A location may be missing where event_geographies " +
			"name a cell.", http.StatusCreated, reflect.TypeFor[[]MDSEvent](),
	},
	{
		"POST", "telemetry", "mds-telemetry", "Positions of vehicles",
		"Tells where a vehicle is, and not what it does.",
		http.StatusCreated, reflect.TypeFor[[]MDSTelemetry](),
	},
	{
		"POST", "trips", "mds-trips", "Rides", "Kept from cell to cell, each trip_id once.",
		http.StatusCreated, reflect.TypeFor[[]MDSTrip](),
	},
}

// registerAgency adds the routes of MDS Agency. Their bodies, versions and errors are the
// standard's, so they are written by hand.
func (s *Server) registerAgency() {
	schemas := s.api.OpenAPI().Components.Schemas
	for _, x := range agencyRoutes {
		r := route{
			id: x.id, method: x.method, path: agencyPath + x.end, group: groupMDS,
			roles: operatorOnly, status: x.status, summary: x.summary, body: agencyLimit,
			text: x.text + " At most 10,000 items of the operator's own. Fields that are not listed " +
				"here are never read. Errors have the form of the standard.",
		}
		op := document[struct{}, MDSBulk](s, r, http.StatusBadRequest, http.StatusNotFound)
		content := map[string]*huma.MediaType{}
		for _, media := range []string{mdsMedia + ";version=2.0", "application/json"} {
			content[media] = &huma.MediaType{Schema: schemas.Schema(x.item, true, "")}
		}
		op.RequestBody = &huma.RequestBody{Required: true, Content: content}
		s.mux.HandleFunc(x.method+" "+r.path, func(w http.ResponseWriter, r *http.Request) {
			s.pushed(w.(*call), r, x.id, x.method+" "+x.end)
		})
	}
}

// pushed answers one call of the Agency API.
func (s *Server) pushed(c *call, r *http.Request, id, what string) {
	if err := s.permit(c.who, id); err != nil {
		c.failMDS(err)
		return
	}
	if s.config.Agency == nil {
		c.failMDS(errNoSuchThing)
		return
	}
	if !acceptsMDS(r.Header["Accept"]) || !sendsMDS(r.Header["Content-Type"]) {
		c.failMDS(errVersion)
		return
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer putBuffer(buffer)
	r.Header["Content-Type"] = nil // seen to above
	if err := readBody(buffer, r, agencyLimit); err != nil {
		c.failMDS(err)
		return
	}
	status, answer, err := s.config.Agency.Answer(AgencyCall{
		Operator: c.who.Operator, What: what, Body: buffer.Bytes(), Tag: c.tag, Now: s.clock.Now(),
	})
	if err != nil {
		c.failMDS(err)
		return
	}
	c.sendMDS(status, answer)
}

// errVersion: the client speaks another version of MDS.
var errVersion = errors.New("another version of MDS")

// acceptsMDS reports whether an Accept header takes MDS 2.0. One that names no version is answered
// in 2.0: the older versions that the standard would fall back to aren't spoken here.
func acceptsMDS(header []string) bool {
	if len(header) == 0 {
		return true
	}
	for part := range strings.SplitSeq(strings.Join(header, ","), ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil || params["q"] == "0" {
			continue
		}
		switch media {
		case "*/*", "application/*", "application/json":
			return true
		case mdsMedia:
			if isMDS2(params["version"]) {
				return true
			}
		}
	}
	return false
}

// sendsMDS reports whether a Content-Type is JSON of MDS 2.0, or of a version it doesn't say.
func sendsMDS(header []string) bool {
	if len(header) == 0 {
		return true
	}
	media, params, err := mime.ParseMediaType(header[0])
	return err == nil &&
		(media == "application/json" || media == mdsMedia && isMDS2(params["version"]))
}

// isMDS2 reports whether a version is 2.0; "" is.
func isMDS2(version string) bool {
	return version == "" || version == "2.0" || strings.HasPrefix(version, "2.0.")
}

// MDSError is an error in the form of the standard.
type MDSError struct {
	Error       string   `json:"error"`
	Description string   `json:"error_description"`
	Details     []string `json:"error_details" minItems:"1"`
}

// failMDS answers with an error in the form of the standard: its own codes for what it knows, the
// code of the problem for everything else. A role that may not call is 401 there.
func (c *call) failMDS(err error) {
	c.cause = err
	p := problemOf(err, c.tag)
	e := MDSError{
		Error: p.Type[strings.LastIndexByte(p.Type, '/')+1:], Description: p.Title,
		Details: []string{or(p.Detail, p.Title)},
	}
	status := p.Status
	switch {
	case errors.Is(err, errVersion):
		e.Error, e.Description = "unsupported_version", c.tag.Word("mds.error.unsupported_version")
		e.Details, status = []string{"Accept", "Content-Type"}, http.StatusNotAcceptable
	case errors.Is(err, ErrRole):
		status = http.StatusUnauthorized
	case status == http.StatusBadRequest:
		e.Error = "bad_param"
	case status > http.StatusInternalServerError: // the standard has no other
		status = http.StatusInternalServerError
	}
	body, err := json.Marshal(e)
	if err != nil { // it has only plain fields
		http.Error(c, e.Error, status)
		return
	}
	p.addHeaders(c.Header())
	c.sendMDS(status, body)
}

// sendMDS answers in the media type of the standard.
func (c *call) sendMDS(status int, body []byte) {
	h := c.Header()
	h.Set("Content-Type", mdsMedia+";version=2.0;charset=utf-8")
	h["Cache-Control"] = noStore
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	c.WriteHeader(status)
	_, _ = c.Write(body) // a client that has gone needs no answer
}
