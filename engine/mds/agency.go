package mds

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/stint-city/stint/engine/feeds"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
)

// Room is where what operators push ends: the register of their vehicles, the picture of the
// street, the rides. Each call is kept wholly or not at all.
type Room interface {
	// Vehicle returns what an operator has registered under a device.
	Vehicle(operator string, device observe.ID) (observe.Registered, bool)
	// Register adds vehicles, or changes them.
	Register(operator string, list []observe.Registered, now time.Time) error
	// Observe takes a batch in, to be kept as a kind of data.
	Observe(data observe.Data, b *observe.Batch, now time.Time) (observe.Taken, error)
	// Ride takes trips in and returns how many were new.
	Ride(operator string, trips []observe.Trip, now time.Time) (int, error)
	// Last returns a vehicle's last known state and since when it has been told, ms; 0 = never.
	Last(operator, sector string, device observe.ID) (observe.State, int64)
}

// Agency answers the calls of an MDS Agency API. It is safe for concurrent use.
type Agency struct {
	config     *feeds.Config
	salt       []byte
	room       Room
	where      Geographies
	resolution int // of the cells of trips
	mu         sync.Mutex
	problems   map[string]*lenient.Report // by operator
}

// NewAgency returns an agency. The salt is the city's; where may be nil.
func NewAgency(c *feeds.Config, salt []byte, room Room, where Geographies, resolution int) *Agency {
	return &Agency{
		config: c, salt: salt, room: room, where: where, resolution: resolution,
		problems: map[string]*lenient.Report{},
	}
}

// Call is one request of an operator.
type Call struct {
	Operator string
	What     string // "POST vehicles", "PUT vehicles", "POST events", "POST telemetry", "POST trips"
	Body     []byte
	Tag      lang.Tag // of descriptions
	Now      time.Time
}

// ErrCall is what a call gives that the agency doesn't have.
var ErrCall = errors.New("mds: no such call")

// Failure is an item that was not taken, and why, in the words of the standard.
type Failure struct {
	Item        json.RawMessage `json:"item"`
	Error       string          `json:"error"`
	Description string          `json:"error_description"`
	Details     []string        `json:"error_details"` // fields; never empty
}

// Bulk is the answer to a list of items.
type Bulk struct {
	Success  int       `json:"success"`
	Total    int       `json:"total"`
	Failures []Failure `json:"failures,omitempty"`
}

// The errors of the standard.
const (
	badParam          = "bad_param"
	missingParam      = "missing_param"
	alreadyRegistered = "already_registered"
	unregistered      = "unregistered"
)

// intake is one call on its way.
type intake struct {
	*Agency
	Call
	*reader
	now    int64 // ms
	report lenient.Report
	bulk   Bulk
}

// Answer carries out a call, and returns the answer's status and body: a Bulk, or where the body is
// no list of items an error of the standard. Each item is taken or fails on its own. An error means
// that the room failed: then repeat the call, whatever was taken changes nothing again.
func (a *Agency) Answer(c Call) (status int, body []byte, err error) {
	in := &intake{Agency: a, Call: c, now: c.Now.UnixMilli()}
	in.reader = newReader(c.What, c.Body, observe.NewHasher(a.salt), &in.report)
	switch c.What {
	case "POST vehicles":
		err = in.register()
	case "PUT vehicles":
		err = in.change()
	case "POST events":
		err = in.events()
	case "POST telemetry":
		err = in.positions()
	case "POST trips":
		err = in.trips()
	default:
		return 0, nil, ErrCall
	}
	a.remember(c.Operator, &in.report)
	switch {
	case errors.Is(err, lenient.ErrBroken), errors.Is(err, ErrList), errors.Is(err, ErrMany):
		return in.refuse(err)
	case err != nil:
		return 0, nil, err
	}
	body, err = json.Marshal(in.bulk)
	return in.status(), body, err
}

// refuse answers a body of which nothing can be taken.
func (in *intake) refuse(err error) (int, []byte, error) {
	id := "mds.body-broken"
	switch {
	case errors.Is(err, ErrList):
		id = "mds.body-list"
	case errors.Is(err, ErrMany):
		id = "mds.body-many"
	}
	body, err := json.Marshal(struct {
		Error       string   `json:"error"`
		Description string   `json:"error_description"`
		Details     []string `json:"error_details"`
	}{badParam, in.Tag.Text(lang.M(id, "most", MostItems)), []string{"body"}})
	return http.StatusBadRequest, body, err
}

// status returns the HTTP status: of success where anything was taken, else of what failed.
func (in *intake) status() int {
	all := func(code string) bool {
		for i := range in.bulk.Failures {
			if in.bulk.Failures[i].Error != code {
				return false
			}
		}
		return true
	}
	switch {
	case in.bulk.Success > 0 && in.What == "PUT vehicles":
		return http.StatusOK
	case in.bulk.Success > 0:
		return http.StatusCreated
	case in.bulk.Total > 0 && all(alreadyRegistered):
		return http.StatusConflict
	case in.bulk.Total > 0 && all(unregistered):
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}

// fail notes that an item was not taken.
func (in *intake) fail(offset int, code string, fields ...string) {
	in.bulk.Failures = append(in.bulk.Failures, Failure{
		Item: rawItem(in.Body, offset), Error: code, Details: fields,
		Description: in.Tag.Word("mds.error." + code),
	})
}

// own reports whether an item can be taken: it has what it needs, in the provider's own name.
// Otherwise it has failed.
func (in *intake) own(f *Faults, provider string, offset int) bool {
	switch {
	case len(f.Missing) > 0:
		in.fail(offset, missingParam, f.Missing...)
	case len(f.Bad) > 0:
		in.fail(offset, badParam, f.Bad...)
	case provider != "" && provider != in.config.Operators[in.Operator]:
		in.fail(offset, badParam, "provider_id")
	default:
		return true
	}
	return false
}

// ahead reports whether a time is still to come; then its item has failed.
func (in *intake) ahead(at int64, offset int, field string) bool {
	if at <= in.now+int64(in.config.Ahead)*1000 {
		return false
	}
	in.report.Add(lenient.Problem{Feed: in.What, Field: "[]." + field, Kind: lenient.Future})
	in.fail(offset, badParam, field)
	return true
}

// sectorOf returns the sector that a device is registered in; one that isn't has failed.
func (in *intake) sectorOf(device observe.ID, offset int) (string, bool) {
	v, ok := in.room.Vehicle(in.Operator, device)
	if !ok {
		in.fail(offset, unregistered, "device_id")
	}
	return v.Sector, ok
}

// remember adds the problems of a call to those of its operator.
func (a *Agency) remember(operator string, r *lenient.Report) {
	if len(r.Problems) == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.problems[operator]
	if all == nil {
		all = &lenient.Report{}
		a.problems[operator] = all
	}
	for _, p := range r.Problems {
		for range p.Count {
			all.Add(p)
		}
	}
}

// Problems returns what an operator's calls deviated in since the start, in the order in which it
// was met.
func (a *Agency) Problems(operator string) []lenient.Problem {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.problems[operator]; r != nil {
		return append([]lenient.Problem(nil), r.Problems...)
	}
	return nil
}
