package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/geo"
)

// AskBody is the question of one placement; its place is WGS-84.
type AskBody struct {
	Sector  string   `json:"sector" doc:"Sector of the plan" example:"bike"`
	Lat     *float64 `json:"lat" required:"true" nullable:"false" minimum:"-90" maximum:"90"`
	Lng     *float64 `json:"lng" required:"true" nullable:"false" minimum:"-180" maximum:"180"`
	N       int      `json:"n" minimum:"1" maximum:"10000" doc:"Vehicles"`
	Reserve bool     `json:"reserve,omitempty" doc:"Hold the room instead of placing at once"`
	Hold    int      `json:"hold,omitempty" minimum:"0" doc:"Of a reservation, s; 0 = the default"`
	Plan    string   `json:"plan,omitempty" doc:"Plan counted on: another one in force is refused"`
}

// BatchAsk is one question among many: its key is in the body.
type BatchAsk struct {
	Key string `json:"key" doc:"Idempotency key: 1 to 64 of A-Z a-z 0-9 . _ ~ -"`
	AskBody
}

// BatchBody is up to 500 questions.
type BatchBody struct {
	Asks []BatchAsk `json:"asks" minItems:"1" maxItems:"500" nullable:"false"`
}

// maxBatch is the most questions in one request.
const maxBatch = 500

// placement returns the ask as the engine takes it, or a problem where it lacks its place.
func (a *BatchAsk) placement(operator string) (engine.Placement, error) {
	if a.Lat == nil || a.Lng == nil {
		return engine.Placement{}, lang.E(errInput, "problem.fault.at")
	}
	return engine.Placement{
		Operator: operator, Sector: a.Sector, Key: a.Key,
		At: geo.LatLng{Lat: *a.Lat, Lng: *a.Lng}, N: a.N,
		Hold: seconds(a.Hold), Plan: a.Plan, Reserve: a.Reserve,
	}, nil
}

// seconds returns n seconds; what no Duration holds is the longest one, which the engine refuses.
func seconds(n int) time.Duration {
	const most = int(time.Duration(1<<63-1) / time.Second)
	return time.Duration(min(n, most)) * time.Second
}

// readAsk returns the ask that a body holds: quickly where the body is plain, else by
// encoding/json, which says what is wrong.
func readAsk(body []byte) (BatchAsk, error) {
	var a BatchAsk
	p := plain{rest: body}
	if p.ask(&a) && a.Key == "" && p.end() {
		return a, nil
	}
	var slow AskBody
	err := strictly(body, &slow)
	return BatchAsk{AskBody: slow}, err
}

// readBatch returns the asks that a body holds.
func readBatch(body []byte) ([]BatchAsk, error) {
	p := plain{rest: body}
	if asks, ok := p.batch(); ok {
		return asks, nil
	}
	var slow BatchBody
	err := strictly(body, &slow)
	return slow.Asks, err
}

// strictly decodes one JSON value with no unknown field and nothing after it.
func strictly(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return lang.E(errInput, "problem.fault.json", "cause", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return lang.E(errInput, "problem.fault.json", "cause", "something after the end")
	}
	return nil
}
