package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/stint-city/stint/engine"
)

// StatusAnswer says what is in force.
type StatusAnswer struct {
	City    string   `json:"city"`
	Plan    string   `json:"plan,omitempty" doc:"ID of the plan in force; absent before the first"`
	Epoch   int64    `json:"epoch" doc:"Publication in force; 0 before the first"`
	Sectors []string `json:"sectors" nullable:"false"`
	Version string   `json:"version" doc:"Of stint"`
}

func (s *Server) status(
	_ context.Context, _ *call, _ *struct{},
) (*body[StatusAnswer], error) {
	now := s.engine.InForce()
	out := StatusAnswer{
		City: now.City, Epoch: now.Epoch, Sectors: s.sectors(), Version: s.config.Version,
	}
	if now.Plan != nil {
		out.Plan = now.Plan.ID
	}
	return &body[StatusAnswer]{out}, nil
}

// sectors returns the sectors of the plan in force, none before the first.
func (s *Server) sectors() []string {
	sectors := []string{}
	if plan := s.engine.InForce().Plan; plan != nil {
		for i := range plan.Sectors {
			sectors = append(sectors, plan.Sectors[i].ID)
		}
	}
	return sectors
}

// cityID returns the city that the engine serves.
func (s *Server) cityID() string { return s.engine.InForce().City }

// SectorAnswer is one sector of the plan in force.
type SectorAnswer struct {
	ID        string      `json:"id"`
	Name      engine.Name `json:"name"`
	Total     int         `json:"total" doc:"Vehicles the plan allows in the city"`
	Cells     int         `json:"cells"`
	Operators []string    `json:"operators" nullable:"false"`
}

// SectorsAnswer lists the sectors of the plan in force.
type SectorsAnswer struct {
	Sectors []SectorAnswer `json:"sectors" nullable:"false"`
}

func (s *Server) listSectors(
	_ context.Context, _ *call, _ *struct{},
) (*body[SectorsAnswer], error) {
	out := SectorsAnswer{Sectors: []SectorAnswer{}}
	if plan := s.engine.InForce().Plan; plan != nil {
		for i := range plan.Sectors {
			sector := &plan.Sectors[i]
			a := SectorAnswer{
				ID: sector.ID, Name: sector.Name, Total: sector.Total, Cells: len(sector.Cells),
				Operators: make([]string, len(sector.Operators)),
			}
			for k := range sector.Operators {
				a.Operators[k] = sector.Operators[k].ID
			}
			out.Sectors = append(out.Sectors, a)
		}
	}
	return &body[SectorsAnswer]{out}, nil
}

// OperatorAnswer is what the plan in force publishes of one operator.
type OperatorAnswer struct {
	ID      string          `json:"id"`
	Name    engine.Name     `json:"name"`
	Sectors []OperatorQuota `json:"sectors" nullable:"false"`
}

// OperatorQuota is an operator's total in one sector.
type OperatorQuota struct {
	Sector   string   `json:"sector"`
	Licensed bool     `json:"licensed"`
	Score    *float64 `json:"score" doc:"0 to 100; null = unknown"`
	Quota    int      `json:"quota" doc:"Vehicles in the city"`
}

// OperatorsAnswer lists the operators of the plan in force.
type OperatorsAnswer struct {
	Operators []OperatorAnswer `json:"operators" nullable:"false"`
}

func (s *Server) operators(
	_ context.Context, _ *call, _ *struct{},
) (*body[OperatorsAnswer], error) {
	out := OperatorsAnswer{Operators: []OperatorAnswer{}}
	plan := s.engine.InForce().Plan
	if plan == nil {
		return &body[OperatorsAnswer]{out}, nil
	}
	for i := range plan.Sectors {
		for k := range plan.Sectors[i].Operators {
			o := &plan.Sectors[i].Operators[k]
			at := slices.IndexFunc(out.Operators,
				func(a OperatorAnswer) bool { return a.ID == o.ID })
			if at < 0 {
				at = len(out.Operators)
				out.Operators = append(out.Operators, OperatorAnswer{ID: o.ID, Name: o.Name})
			}
			out.Operators[at].Sectors = append(out.Operators[at].Sectors, OperatorQuota{
				Sector: plan.Sectors[i].ID, Licensed: o.Licensed, Score: o.Score, Quota: o.Quota,
			})
		}
	}
	return &body[OperatorsAnswer]{out}, nil
}

// registerStatus adds the routes that say what is in force.
func (s *Server) registerStatus() {
	get := http.MethodGet
	handle(s, route{
		id: "status", method: get, path: "/v1/status", group: groupRead, roles: everybody,
		summary: "What is in force",
	}, s.status)
	handle(s, route{
		id: "sectors", method: get, path: "/v1/sectors", group: groupRead, roles: everybody,
		summary: "Sectors of the plan in force",
	}, s.listSectors)
	handle(s, route{
		id: "operators", method: get, path: "/v1/operators", group: groupRead, roles: everybody,
		summary: "Operators of the plan in force, with what is published of them",
	}, s.operators)
}

// total is a sector's whole city.
type total struct {
	sector string
	engine.Count
}

// totals returns what stands in the city, sector by sector; a sector that can't be read is left
// out.
func (s *Server) totals(ctx context.Context) []total {
	var all []total
	for _, sector := range s.sectors() {
		if count, _, err := s.engine.Total(ctx, sector); err == nil {
			all = append(all, total{sector, count})
		}
	}
	return all
}

// lastEvent returns the last event of a sector.
func (s *Server) lastEvent(ctx context.Context, sector string) (engine.EventID, error) {
	_, event, err := s.engine.Total(ctx, sector)
	return event, err
}

// ready returns why the server can't answer, nil where it can: the store says so itself, or the
// log's first entry is read.
func (s *Server) ready(ctx context.Context) error {
	if h, ok := s.config.Events.(interface{ Health(context.Context) error }); ok {
		return h.Health(ctx)
	}
	_, err := s.engine.Log(ctx, 0, 1)
	return err
}
