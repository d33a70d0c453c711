package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// QuotaAnswer is one level: what the plan allows there and, for those who may know, what stands.
type QuotaAnswer struct {
	Level    engine.Level `json:"level" doc:"Name of the counter"`
	Tier     engine.Tier  `json:"tier"`
	Of       string       `json:"of,omitempty" doc:"Which cell, district, operator, zone or pool"`
	Operator string       `json:"operator,omitempty" doc:"Absent where it counts all of them"`
	Cap      int          `json:"cap" doc:"Vehicles the plan allows"`
	*CountAnswer
}

// CountAnswer is what only those who may know it are told of a level.
type CountAnswer struct {
	Standing int `json:"standing" doc:"Vehicles that stand"`
	Held     int `json:"held" doc:"Vehicles that reservations hold"`
	Room     int `json:"room" doc:"Vehicles that still fit; negative = over quota"`
}

// quotaFor returns a level as an identity may know it; false where it may not know of it.
func quotaFor(who Identity, q *engine.Quota) (QuotaAnswer, bool) {
	a := QuotaAnswer{
		Level: q.Level, Tier: q.Tier, Of: q.Level.Of(), Operator: q.Operator, Cap: q.Cap,
	}
	if who.mayCount(q.Operator) {
		a.CountAnswer = &CountAnswer{q.Standing, q.Held, q.Room}
	}
	return a, q.Tier != engine.TierPool || who.view() == viewAll
}

// mayCount reports whether the identity may know the counts of an operator, or of all of them
// together for "".
func (id Identity) mayCount(operator string) bool {
	switch id.view() {
	case viewAll:
		return true
	case viewTotals:
		return operator == ""
	case viewOwn:
		return operator == id.Operator
	}
	return false
}

type quotasInput struct {
	Sector   string      `query:"sector" required:"true" doc:"Sector of the plan in force"`
	Operator string      `query:"operator" doc:"Only this operator's levels, and those that count all"`
	Tier     engine.Tier `query:"tier" doc:"Only this tier: cell-operator, cell, …"`
	Of       string      `query:"of" doc:"Only this cell, district, zone or pool"`
	Page
}

// QuotasAnswer is a page of levels.
type QuotasAnswer struct {
	Event  string        `json:"event" doc:"Last event these counts include"`
	Quotas []QuotaAnswer `json:"quotas" nullable:"false"`
	Next   string        `json:"next,omitempty" doc:"Send it as after for the next page"`
}

type body[T any] struct{ Body T }

func (s *Server) quotas(
	ctx context.Context, c *call, in *quotasInput,
) (*body[QuotasAnswer], error) {
	all, event, err := s.engine.Quotas(ctx, in.Sector, in.Operator)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(q engine.Quota) bool {
		return (in.Tier != "" && q.Tier != in.Tier) || (in.Of != "" && q.Level.Of() != in.Of)
	})
	slices.SortFunc(all, func(a, b engine.Quota) int { return cmp.Compare(a.Level, b.Level) })
	piece, next, err := page(all, func(q engine.Quota) string { return string(q.Level) },
		in.Page, c.tag)
	if err != nil {
		return nil, err
	}
	out := QuotasAnswer{Event: event.String(), Quotas: []QuotaAnswer{}, Next: next}
	for i := range piece {
		if answer, ok := quotaFor(c.who, &piece[i]); ok {
			out.Quotas = append(out.Quotas, answer)
		}
	}
	return &body[QuotasAnswer]{out}, nil
}

type roomInput struct {
	Sector   string  `query:"sector" required:"true"`
	Lat      float64 `query:"lat" required:"true" minimum:"-90" maximum:"90" doc:"WGS-84, degrees"`
	Lng      float64 `query:"lng" required:"true" minimum:"-180" maximum:"180"`
	Rings    int     `query:"rings" default:"3" minimum:"0" maximum:"10" doc:"Of cells"`
	Operator string  `query:"operator" doc:"Bureau only; an operator asks for itself"`
}

// RoomAnswer is the room around a point.
type RoomAnswer struct {
	Operator string       `json:"operator"`
	Cells    []NearAnswer `json:"cells" nullable:"false" doc:"Cells with room, nearest first"`
}

func (s *Server) room(ctx context.Context, c *call, in *roomInput) (*body[RoomAnswer], error) {
	operator, err := c.who.operator(in.Operator)
	if err != nil {
		return nil, err
	}
	if operator == "" {
		return nil, badInput(c.tag, "query.operator", "problem.fault.missing")
	}
	at := geo.LatLng{Lat: in.Lat, Lng: in.Lng}
	cells, err := s.engine.Around(ctx, operator, in.Sector, at, in.Rings)
	if err != nil {
		return nil, err
	}
	out := RoomAnswer{Operator: operator, Cells: near(cells)}
	if out.Cells == nil {
		out.Cells = []NearAnswer{}
	}
	return &body[RoomAnswer]{out}, nil
}

// operator returns whose things the identity asks for: an operator's only its own, the bureau's any
// or, for "", all.
func (id Identity) operator(asked string) (string, error) {
	if id.Role != engine.RoleOperator {
		return asked, nil
	}
	if asked != "" && asked != id.Operator {
		return "", errOtherParty
	}
	return id.Operator, nil
}

// registerReads adds the routes that read counts.
func (s *Server) registerReads() {
	handle(s, route{
		id: "quotas", method: http.MethodGet, path: "/v1/quotas", group: groupRead,
		roles: everybody, summary: "Levels of a sector with their caps",
		text: "What stands, is held and fits is told to the bureau for every level, to an operator " +
			"for its own, to a planner for those that count all operators.",
	}, s.quotas)
	handle(s, route{
		id: "room", method: http.MethodGet, path: "/v1/room", group: groupRead, roles: owners,
		summary: "Cells with room around a point, nearest first",
	}, s.room)
}
