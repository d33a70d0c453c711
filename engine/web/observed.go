package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

// Observed is what stands where, by the words of operators' feeds.
type Observed interface {
	Health(now time.Time) []observe.Health
	Occupancy(now time.Time) []observe.Count
	Rides(from time.Time) []observe.RideHour
	Method() string // the name of how vehicles are counted
}

// HealthAnswer says how far each feed can be relied upon.
type HealthAnswer struct {
	Feeds []FeedAnswer `json:"feeds" nullable:"false"`
	// Deviations of an operator who asks, or of the one the bureau asks about.
	Deviations []Deviation `json:"deviations" nullable:"false"`
}

// FeedAnswer is the health of one operator's feed of one sector. What is unknown is null.
type FeedAnswer struct {
	Operator   string   `json:"operator"`
	Sector     string   `json:"sector"`
	Status     string   `json:"status" doc:"known, stale or silent"`
	At         int64    `json:"at_ms" doc:"Of the last word; 0 = none"`
	Age        *int64   `json:"age_ms"`
	Vehicles   *int     `json:"vehicles" doc:"On the street"`
	Coverage   *float64 `json:"coverage" doc:"Of the registered fleet"`
	Duplicates *float64 `json:"duplicate_share"`
	OutOfCity  *float64 `json:"out_of_city_share"`
	Zero       *int     `json:"zero_positions"`
	Swapped    *int     `json:"swapped_positions"`
	Nowhere    *int     `json:"impossible_positions"`
	Jumps      *int     `json:"jumps"`
	Future     int      `json:"from_the_future"`
	IDsLast    *bool    `json:"ids_last"`

	Registered *float64            `json:"registered_share" doc:"Of those on the street, registered"`
	Freshness  []observe.Freshness `json:"freshness" doc:"Age of the words, by state"`
}

type ownInput struct {
	Operator string `query:"operator" doc:"Only this one; an operator asks about itself"`
}

func (s *Server) feedHealth(
	_ context.Context, c *call, in *ownInput,
) (*body[HealthAnswer], error) {
	operator, err := c.who.operator(in.Operator)
	if err == nil && s.config.Observed == nil {
		err = errNoSuchThing
	}
	if err != nil {
		return nil, err
	}
	out := HealthAnswer{Feeds: []FeedAnswer{}, Deviations: []Deviation{}}
	for _, h := range s.config.Observed.Health(s.clock.Now()) {
		if operator == "" || h.Operator == operator {
			out.Feeds = append(out.Feeds, FeedAnswer{
				h.Operator, h.Sector, h.Status, h.At, h.Age, h.Vehicles, h.Coverage, h.Duplicates,
				h.OutOfCity, h.Zero, h.Swapped, h.Nowhere, h.Jumps, h.Future, h.IDsLast,
				h.Registered, h.Freshness,
			})
		}
	}
	if operator != "" && s.config.Agency != nil {
		out.Deviations = append(out.Deviations, s.config.Agency.Deviations(operator)...)
	}
	return &body[HealthAnswer]{out}, nil
}

// StandAnswer is how many vehicles are in one cell and state.
type StandAnswer struct {
	Operator string `json:"operator,omitempty" doc:"Absent where all are counted together"`
	Sector   string `json:"sector"`
	Cell     string `json:"cell,omitempty" doc:"Absent: their place is unknown"`
	State    string `json:"state"`
	N        int    `json:"n"`
}

// OccupancyAnswer is what stands where.
type OccupancyAnswer struct {
	Method     string        `json:"method" doc:"How vehicles are counted"`
	At         int64         `json:"at_ms"`
	Published  bool          `json:"published" doc:"All operators together, counts below 10 left out"`
	Suppressed int           `json:"suppressed" doc:"Counts that were left out"`
	Unknown    []string      `json:"unknown" nullable:"false" doc:"Feeds that are stale or silent"`
	Stands     []StandAnswer `json:"stands" nullable:"false"`
}

type occupancyInput struct {
	Sector string `query:"sector" doc:"Only this one"`
}

func (s *Server) occupancy(
	_ context.Context, c *call, in *occupancyInput,
) (*body[OccupancyAnswer], error) {
	if s.config.Observed == nil {
		return nil, errNoSuchThing
	}
	now := s.clock.Now()
	own, err := c.who.operator("")
	if err != nil {
		return nil, err
	}
	out := OccupancyAnswer{
		Method: s.config.Observed.Method(), At: now.UnixMilli(),
		Published: !c.who.bureau() && own == "", Unknown: []string{},
	}
	for _, h := range s.config.Observed.Health(now) {
		mine := own == "" || h.Operator == own
		if h.Status != observe.Known && mine && (in.Sector == "" || h.Sector == in.Sector) {
			out.Unknown = append(out.Unknown, h.Operator+" "+h.Sector)
		}
	}
	counts := slices.DeleteFunc(s.config.Observed.Occupancy(now), func(x observe.Count) bool {
		return own != "" && x.Operator != own || in.Sector != "" && x.Sector != in.Sector
	})
	if out.Published {
		counts, out.Suppressed = publish(counts)
	}
	out.Stands = standAnswers(counts)
	return &body[OccupancyAnswer]{out}, nil
}

// publish adds the operators' counts up and leaves out those that could point at a person.
func publish(counts []observe.Count) (published []observe.Count, suppressed int) {
	type place struct {
		sector string
		cell   geo.Cell
		state  observe.State
	}
	index := map[place]int{}
	for _, x := range counts {
		k := place{x.Sector, x.Cell, x.State}
		n, met := index[k]
		if !met {
			n = len(published)
			index[k] = n
			published = append(published, observe.Count{Sector: x.Sector, Cell: x.Cell, State: x.State})
		}
		published[n].N += x.N
	}
	all := len(published)
	published = slices.DeleteFunc(published, func(x observe.Count) bool {
		_, ok := observe.Publish(x.N)
		return !ok
	})
	return published, all - len(published)
}

// RidesAnswer lists rides by the hour in which they ended.
type RidesAnswer struct {
	Hours []observe.RideHour `json:"hours" nullable:"false"`
}

type ridesInput struct {
	From time.Time `query:"from" required:"true" doc:"Hours that begin at this time or later"`
}

func (s *Server) rideHours(
	_ context.Context, c *call, in *ridesInput,
) (*body[RidesAnswer], error) {
	if s.config.Observed == nil {
		return nil, errNoSuchThing
	}
	own, err := c.who.operator("")
	if err != nil {
		return nil, err
	}
	out := RidesAnswer{Hours: []observe.RideHour{}}
	for _, x := range s.config.Observed.Rides(in.From) {
		if own == "" || x.Operator == own {
			out.Hours = append(out.Hours, x)
		}
	}
	return &body[RidesAnswer]{out}, nil
}

// registerObserved adds the routes that read what stands where.
func (s *Server) registerObserved() {
	const text = "An operator reads its own. 404 where the server takes no feed in."
	handle(s, route{
		id: "feed-health", method: http.MethodGet, path: "/v1/observed/health", group: groupRead,
		roles: owners, summary: "How far each feed can be relied upon", text: text,
	}, s.feedHealth)
	handle(s, route{
		id: "occupancy", method: http.MethodGet, path: "/v1/observed/occupancy", group: groupRead,
		roles: everybody, summary: "What stands where, by the words of the operators' feeds",
		text: "The bureau reads every operator, an operator its own; others all of them together, " +
			"and no count below 10. A stale or silent feed is unknown, never an empty street.",
	}, s.occupancy)
	handle(s, route{
		id: "rides", method: http.MethodGet, path: "/v1/observed/rides", group: groupRead,
		roles: owners, summary: "Rides by the hour in which they ended",
		text: text + " An hour without one is left out: nobody can tell none from none reported.",
	}, s.rideHours)
}
