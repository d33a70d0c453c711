package web

import (
	"context"
	"net/http"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// TimetableAnswer is the timetable in force and where it is.
type TimetableAnswer struct {
	Timetable *engine.Timetable `json:"timetable" doc:"null = none is in force"`
	Sectors   []ShiftAnswer     `json:"sectors" nullable:"false" doc:"What holds of it now"`
}

// ShiftAnswer is where one sector's timetable is.
type ShiftAnswer struct {
	Sector string       `json:"sector"`
	Part   string       `json:"part,omitempty" doc:"In force; absent = the plan's own quotas"`
	Until  *time.Time   `json:"until,omitempty" doc:"End of that part"`
	Season string       `json:"season,omitempty"`
	Factor *float64     `json:"factor,omitempty" doc:"Of the season"`
	Why    string       `json:"why,omitempty" doc:"no-calendar: nobody knows if it is a working day"`
	Next   time.Time    `json:"next" doc:"When something else may hold"`
	Parts  []PartAnswer `json:"parts" nullable:"false"`
}

// PartAnswer is where one part of the day is.
type PartAnswer struct {
	Part    string               `json:"part"`
	Turn    int                  `json:"turn" doc:"The last that has begun; 0 = none yet"`
	From    *time.Time           `json:"from,omitempty" doc:"Of that turn"`
	Until   *time.Time           `json:"until,omitempty"`
	Own     bool                 `json:"own" doc:"It has quotas of its own; else the plan's"`
	Since   int                  `json:"since,omitempty" doc:"Turn at which they came into force"`
	Due     int                  `json:"due,omitempty" doc:"Turn of those announced; absent = none"`
	Reports int                  `json:"reports" doc:"Demands that the next decision rests on"`
	Last    *engine.PartDecision `json:"last,omitempty" doc:"The last decision"`
}

func (s *Server) timetable(
	_ context.Context, _ *call, _ *struct{},
) (*body[TimetableAnswer], error) {
	out := TimetableAnswer{Sectors: []ShiftAnswer{}}
	if t, ok := s.engine.Timetable(); ok {
		out.Timetable = &t
	}
	for _, x := range s.engine.Shifts() {
		a := ShiftAnswer{
			Sector: x.Now.Sector, Part: x.Now.Part, Until: moment(x.Now.Until), Season: x.Now.Season,
			Why: x.Now.Why, Next: x.Now.Next, Parts: []PartAnswer{},
		}
		if x.Now.Season != "" {
			a.Factor = &x.Now.Factor
		}
		for _, p := range x.Parts {
			a.Parts = append(a.Parts, PartAnswer{
				Part: p.Part.ID, Turn: p.Turn, From: moment(p.From), Until: moment(p.Until), Own: p.Own,
				Since: p.Since, Due: p.Due, Reports: p.Reports, Last: p.Last,
			})
		}
		out.Sectors = append(out.Sectors, a)
	}
	return &body[TimetableAnswer]{out}, nil
}

type timetableInput struct {
	Body engine.Timetable
}

func (s *Server) setTimetable(
	ctx context.Context, c *call, in *timetableInput,
) (*body[TimetableAnswer], error) {
	if err := s.engine.SetTimetable(ctx, c.who.actor(), in.Body); err != nil {
		return nil, err
	}
	return s.timetable(ctx, c, nil)
}

// CellDemandBody is the demand of one cell.
type CellDemandBody struct {
	Cell  geo.Cell `json:"cell"`
	Trips *float64 `json:"trips" doc:"null = unknown, which is never 0"`
}

// demandBody returns a demand as the engine reads it.
func demandBody(sector, part, day, source string, cells []CellDemandBody) engine.PartDemand {
	d := engine.PartDemand{Sector: sector, Part: part, Day: day, Source: source}
	for _, c := range cells {
		d.Cells = append(d.Cells, engine.CellDemand(c))
	}
	return d
}

type demandInput struct {
	Body struct {
		Sector string           `json:"sector"`
		Part   string           `json:"part"`
		Day    string           `json:"day" doc:"On which the part began: 2027-01-04"`
		Source string           `json:"source,omitempty" maxLength:"2000" doc:"Where it is from"`
		Cells  []CellDemandBody `json:"cells" maxItems:"50000" nullable:"false" doc:"Others: unknown"`
	}
}

func (s *Server) reportDemand(ctx context.Context, c *call, in *demandInput) (*struct{}, error) {
	b := &in.Body
	d := demandBody(b.Sector, b.Part, b.Day, b.Source, b.Cells)
	return nil, s.engine.ReportDemand(ctx, c.who.actor(), d)
}

type tryPartInput struct {
	Body struct {
		Sector string           `json:"sector"`
		Part   string           `json:"part"`
		Cells  []CellDemandBody `json:"cells,omitempty" maxItems:"50000" doc:"A demand to try"`
	}
}

// PartForesightAnswer is what a part of the day would do if it began now.
type PartForesightAnswer struct {
	ForesightAnswer
	Decision *engine.PartDecision `json:"decision,omitempty" doc:"The last, or that of the demand"`
}

func (s *Server) tryPart(
	ctx context.Context, c *call, in *tryPartInput,
) (*body[PartForesightAnswer], error) {
	b := &in.Body
	var demand *engine.PartDemand
	if len(b.Cells) > 0 {
		d := demandBody(b.Sector, b.Part, "", "", b.Cells)
		demand = &d
	}
	seen, d, err := s.engine.TryPart(ctx, c.who.actor(), b.Sector, b.Part, demand)
	if err != nil {
		return nil, err
	}
	return &body[PartForesightAnswer]{PartForesightAnswer{foresightAnswer(&seen), d}}, nil
}

type explainPartInput struct {
	Sector   string `query:"sector" required:"true"`
	Part     string `query:"part" required:"true"`
	Cell     string `query:"cell" required:"true"`
	Operator string `query:"operator" required:"true"`
}

// PartAccountAnswer is how a quota came about in a part of the day.
type PartAccountAnswer struct {
	Sector      string               `json:"sector"`
	Part        string               `json:"part"`
	Cell        string               `json:"cell"`
	Operator    string               `json:"operator"`
	Planned     int                  `json:"planned" doc:"The quota there by the plan"`
	PlannedCell int                  `json:"planned_cell" doc:"All quotas in the cell by the plan"`
	Fleet       int                  `json:"fleet" doc:"The operator's quota in the city"`
	Capacity    *int                 `json:"capacity" doc:"null = no known limit"`
	Demand      *float64             `json:"demand" doc:"Of the cell, as the quotas follow it"`
	DemandSum   float64              `json:"demand_sum" doc:"Of all cells"`
	Quota       int                  `json:"quota" doc:"In the part"`
	CellTotal   int                  `json:"cell_total" doc:"All quotas in the cell in the part"`
	Own         bool                 `json:"own"`
	Turn        int                  `json:"turn"`
	Since       int                  `json:"since"`
	Coming      *int                 `json:"coming,omitempty" doc:"Announced"`
	Due         int                  `json:"due,omitempty" doc:"Turn at which that comes into force"`
	Rules       engine.PartRules     `json:"rules"`
	Decision    *engine.PartDecision `json:"decision,omitempty"`
	Season      string               `json:"season,omitempty"`
	Factor      float64              `json:"factor" doc:"Of the season; 1 = none"`
	Running     bool                 `json:"running" doc:"The part holds now"`
	Cap         int                  `json:"cap" doc:"In force there now, with everything"`
}

func (s *Server) explainPart(
	ctx context.Context, c *call, in *explainPartInput,
) (*body[PartAccountAnswer], error) {
	cell, err := geo.ParseCell(in.Cell)
	if err != nil {
		return nil, badInput(c.tag, "query.cell", "problem.fault.json", "cause", err.Error())
	}
	x, err := s.engine.ExplainPart(ctx, in.Sector, in.Part, cell, in.Operator)
	if err != nil {
		return nil, err
	}
	return &body[PartAccountAnswer]{PartAccountAnswer{
		Sector: x.Sector, Part: x.Part, Cell: cell.String(), Operator: x.Operator,
		Planned: x.Planned, PlannedCell: x.PlannedCell, Fleet: x.Fleet, Capacity: x.Capacity,
		Demand: x.Demand, DemandSum: x.DemandSum, Quota: x.Quota, CellTotal: x.CellTotal, Own: x.Own,
		Turn: x.Turn, Since: x.Since, Coming: x.Coming, Due: x.Due, Rules: x.Rules,
		Decision: x.Decision, Season: x.Season, Factor: x.Factor, Running: x.Running, Cap: x.Cap,
	}}, nil
}

// registerTimetable adds the routes of what changes within a period.
func (s *Server) registerTimetable() {
	const base = "/v1/timetable"
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	handle(s, route{
		id: "timetable", method: get, path: base, group: groupRead, roles: everybody,
		summary: "Parts of the day and seasons: what is written, what holds, what is announced",
	}, s.timetable)
	handle(s, route{
		id: "explain-part", method: get, path: base + "/explain", group: groupRead, roles: everybody,
		summary: "How a quota in a part of the day came about",
	}, s.explainPart)
	handle(s, route{
		id: "set-timetable", method: put, path: base, group: groupBureau, roles: adminOnly,
		summary: "Put a timetable in force",
		text:    "In force when answered. The same again changes nothing; a change needs a version.",
	}, s.setTimetable)
	handle(s, route{
		id: "try-part", method: post, path: base + "/try", group: groupBureau, roles: bureauOnly,
		body:    s.config.Plan,
		summary: "Who would have to move how many if a part of the day began now",
	}, s.tryPart)
	handle(s, route{
		id: "report-demand", method: post, path: "/v1/demand", group: groupBureau, roles: bureauOnly,
		body: s.config.Plan, status: http.StatusNoContent,
		summary: "Report what was asked for in a part of a day, by cell",
	}, s.reportDemand)
}
