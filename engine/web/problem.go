package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// Problem is an error as RFC 9457 has it, with what a refusal adds. Type, Rule and Tier are for
// programs and never change; Title and Detail are for people, in the language asked for.
type Problem struct {
	Type     string       `json:"type" example:"/problems/cell-full" doc:"Kind of problem"`
	Title    string       `json:"title" doc:"The kind in words"`
	Status   int          `json:"status" doc:"HTTP status"`
	Detail   string       `json:"detail,omitempty" doc:"What happened here, one sentence"`
	Instance string       `json:"instance,omitempty" doc:"Request ID, for the log"`
	Rule     engine.Rule  `json:"rule,omitempty" doc:"Rule of a refusal" example:"cell-full"`
	Tier     engine.Tier  `json:"tier,omitempty" doc:"Tier that is full"`
	Of       string       `json:"of,omitempty" doc:"Which cell, district, … refused"`
	Room     *int         `json:"room,omitempty" doc:"Vehicles left there; negative = over quota"`
	Cell     string       `json:"cell,omitempty" doc:"Cell asked for"`
	Known    []string     `json:"known,omitempty" doc:"What there is, where it named something else"`
	Try      []NearAnswer `json:"try,omitempty" doc:"Cells with room, nearest first"`
	Errors   []Fault      `json:"errors,omitempty" doc:"What is wrong with the input, one by one"`

	retry int // seconds, of Retry-After; 0 = none
	cause error
}

// Fault is one thing wrong with the input.
type Fault struct {
	Where string `json:"where" doc:"Place in the request" example:"body.n"`
	What  string `json:"what" doc:"What is wrong there"`
}

// NearAnswer is a cell that has room.
type NearAnswer struct {
	Cell   geo.Cell `json:"cell"`
	Lat    float64  `json:"lat" doc:"Of the cell's centre, WGS-84"`
	Lng    float64  `json:"lng"`
	Metres float64  `json:"metres" doc:"From the point asked for to the centre"`
	Room   int      `json:"room" doc:"Vehicles that fit there"`
}

// Error returns the English sentence and the cause, for logs.
func (p *Problem) Error() string {
	if p.cause != nil {
		return p.cause.Error()
	}
	return p.Title + ": " + p.Detail
}

// Unwrap returns what the problem came from.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus returns the HTTP status, as huma asks.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns the headers of the answer, as huma asks.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	p.addHeaders(h)
	return h
}

func (p *Problem) addHeaders(h http.Header) {
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retry))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="stint"`)
	}
}

// ContentType returns the media type of a problem, as huma asks.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// problemOf returns the problem of an error, in a language. It is the only way from an error to
// HTTP: what the table doesn't know is an internal error, whose cause only the log tells.
func problemOf(err error, tag lang.Tag) *Problem {
	var own *Problem
	if errors.As(err, &own) {
		return own
	}
	var no *engine.Refusal
	if errors.As(err, &no) {
		return refusal(no, tag)
	}
	row := rowOf(err)
	p := newProblem(row, tag)
	p.cause = err
	var late *tooMany
	if errors.As(err, &late) {
		p.retry = late.seconds()
	}
	var ask *engine.AskError
	if errors.As(err, &ask) {
		p.Detail = tag.Text(lang.M("ask."+ask.Code, ask.Args...))
		p.Errors = []Fault{{ask.Field, p.Detail}}
		return p
	}
	var breach *engine.RuleBreach
	if errors.As(err, &breach) {
		p.Detail = tag.Text(lang.M("bureau."+breach.Code, breach.Args...))
		return p
	}
	var zone *engine.ZoneError
	if errors.As(err, &zone) {
		id, args := zone.Message()
		p.Detail = tag.Text(lang.M(id, args...))
		return p
	}
	var told *lang.Error
	if row.status < http.StatusInternalServerError && errors.As(err, &told) {
		p.Detail = tag.Error(told)
	}
	return p
}

// newProblem returns the problem of a row of the table, in a language.
func newProblem(row problemRow, tag lang.Tag) *Problem {
	return &Problem{
		Type: "/problems/" + row.code, Status: row.status, retry: row.retry,
		Title:  tag.Word("problem." + row.code),
		Detail: tag.Word("problem." + row.code + ".detail"),
	}
}

// refusal returns the problem of a no.
func refusal(no *engine.Refusal, tag lang.Tag) *Problem {
	status, retry := ruleStatus(no.Rule)
	id, args := no.Message()
	p := &Problem{
		Type: "/problems/" + string(no.Rule), Status: status, retry: retry,
		Title: tag.Word("problem.refused"), Detail: tag.Text(lang.M(id, args...)),
		Rule: no.Rule, Tier: no.Tier, Of: no.Of, Room: no.Room, Known: no.Known, cause: no,
	}
	if no.Cell != 0 {
		p.Cell = no.Cell.String()
	}
	p.Try = near(no.Try)
	return p
}

// near returns cells with room as answers tell them.
func near(cells []engine.Near) []NearAnswer {
	if len(cells) == 0 {
		return nil
	}
	all := make([]NearAnswer, len(cells))
	for i, c := range cells {
		all[i] = NearAnswer{c.Cell, c.Center.Lat, c.Center.Lng, c.Metres, c.Room}
	}
	return all
}

// writeProblem answers with a problem.
func writeProblem(w http.ResponseWriter, p *Problem) {
	body, err := json.Marshal(p)
	if err != nil { // a problem has only plain fields
		http.Error(w, p.Title, p.Status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	p.addHeaders(h)
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // a client that has gone needs no answer
}
