package web

import (
	"time"

	"github.com/stint-city/stint/engine"
)

// PublicationAnswer is a plan on its way into force.
type PublicationAnswer struct {
	ID              string       `json:"id"`
	Plan            string       `json:"plan" doc:"ID of the plan"`
	Stage           engine.Stage `json:"stage" doc:"Where it is in its life"`
	ObjectionsUntil *time.Time   `json:"objections_until,omitempty"`
	EffectiveAt     *time.Time   `json:"effective_at,omitempty"`
	RemovalDeadline *time.Time   `json:"removal_deadline,omitempty"`
	Epoch           int64        `json:"epoch,omitempty" doc:"Once it came into force"`
}

func answerPublication(p *engine.Publication) PublicationAnswer {
	return PublicationAnswer{
		ID: p.ID, Plan: p.Plan, Stage: p.Stage, Epoch: p.Epoch,
		ObjectionsUntil: moment(p.Terms.ObjectionsUntil), EffectiveAt: moment(p.Terms.EffectiveAt),
		RemovalDeadline: moment(p.Terms.RemovalDeadline),
	}
}

// moment returns a time, nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// publicationAnswer answers with a publication, or with why not.
func publicationAnswer(p engine.Publication, err error) (*body[PublicationAnswer], error) {
	if err != nil {
		return nil, err
	}
	return &body[PublicationAnswer]{answerPublication(&p)}, nil
}

// ObjectionAnswer is an objection and its answer.
type ObjectionAnswer struct {
	ID          string    `json:"id"`
	Publication string    `json:"publication"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
	Text        string    `json:"text"`
	Answered    bool      `json:"answered"`
	Accepted    bool      `json:"accepted"`
	Answer      string    `json:"answer,omitempty"`
}

func answerObjection(o *engine.Objection) ObjectionAnswer {
	return ObjectionAnswer{
		ID: o.ID, Publication: o.Publication, By: o.By, At: o.At, Text: o.Text,
		Answered: o.Answered, Accepted: o.Accepted, Answer: o.Answer,
	}
}

// OrderAnswer is an order to an operator.
type OrderAnswer struct {
	ID           string           `json:"id"`
	Kind         engine.OrderKind `json:"kind,omitempty" doc:"Absent: the engine's own"`
	Operator     string           `json:"operator"`
	Sector       string           `json:"sector"`
	Level        engine.Level     `json:"level"`
	Tier         engine.Tier      `json:"tier"`
	Of           string           `json:"of,omitempty"`
	Excess       int              `json:"excess" doc:"Vehicles beyond the cap when it was given"`
	Deadline     *time.Time       `json:"deadline,omitempty"`
	Acknowledged *time.Time       `json:"acknowledged,omitempty"`
	Cap          int              `json:"cap" doc:"Of the level when it was given, or the target"`
	Reason       string           `json:"reason,omitempty"`
	Given        time.Time        `json:"given"`
	Measure      string           `json:"measure,omitempty" doc:"It is due to; absent = the plan"`
	Done         *time.Time       `json:"done,omitempty" doc:"When no more stood there than cap"`
	Proven       *time.Time       `json:"proven,omitempty" doc:"When it was first observed to be done"`
	Lapsed       *time.Time       `json:"lapsed,omitempty" doc:"Taken back or pointless"`
	Objection    string           `json:"objection,omitempty"`
	Answer       string           `json:"answer,omitempty" doc:"To the objection"`
}

func answerOrder(o *engine.Order) OrderAnswer {
	return OrderAnswer{
		ID: o.ID, Operator: o.Operator, Sector: o.Sector, Level: o.Level, Tier: o.Level.Tier(),
		Of: o.Level.Of(), Excess: o.Excess, Deadline: moment(o.Deadline),
		Acknowledged: moment(o.Acknowledged), Done: moment(o.Done), Cap: o.Cap, Measure: o.Measure,
		Lapsed: moment(o.Lapsed), Kind: o.Kind, Reason: o.Reason, Given: o.Given,
		Proven: moment(o.Proven), Objection: o.Objection, Answer: o.Answer,
	}
}
