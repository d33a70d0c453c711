package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// MeasureBody orders a measure. Without cells, districts, zones and area it is about the whole
// city.
type MeasureBody struct {
	Kind      engine.MeasureKind `json:"kind" doc:"event or emergency"`
	Act       engine.Act         `json:"act" doc:"freeze, clear or scale"`
	Factor    float64            `json:"factor,omitempty" doc:"Of scale: caps are multiplied by it"`
	Reason    string             `json:"reason" maxLength:"2000" doc:"Is recorded, and public"`
	Sectors   []string           `json:"sectors,omitempty" doc:"Absent = every sector"`
	Cells     []geo.Cell         `json:"cells,omitempty" doc:"Cells of the plan in force"`
	Districts []string           `json:"districts,omitempty" doc:"Districts or areas of the plan"`
	Zones     []string           `json:"zones,omitempty" doc:"Every cell that these zones touch"`
	Area      json.RawMessage    `json:"area,omitempty" doc:"GeoJSON: every cell it touches"`
	From      time.Time          `json:"from,omitempty" doc:"Absent = at once"`
	Until     time.Time          `json:"until,omitempty" doc:"Absent = until it is lifted"`
	Deadline  time.Time          `json:"deadline,omitempty" doc:"By when what is beyond a cap is gone"`
}

type measureInput struct {
	ByID
	Body MeasureBody
}

// measure returns the measure that a request orders, and where.
func (in *measureInput) measure(c *call) (engine.Measure, engine.Area, error) {
	b := &in.Body
	m := engine.Measure{
		ID: in.ID, Kind: b.Kind, Act: b.Act, Factor: b.Factor, Reason: b.Reason, Sectors: b.Sectors,
		From: b.From, Until: b.Until, Deadline: b.Deadline,
	}
	where := engine.Area{Cells: b.Cells, Districts: b.Districts, Zones: b.Zones}
	if len(b.Area) == 0 || string(b.Area) == "null" {
		return m, where, nil
	}
	err := geo.ReadFeatures(bytes.NewReader(b.Area), func(f geo.Feature, fault error) error {
		where.Shape = append(where.Shape, f.Shape...)
		return fault
	})
	if err == nil && len(where.Shape) == 0 {
		return m, where, badInput(c.tag, "body.area", "problem.fault.no-polygon")
	}
	if err != nil {
		err = badInput(c.tag, "body.area", "problem.fault.json", "cause", err.Error())
	}
	return m, where, err
}

// MeasureAnswer is a measure and what became of it.
type MeasureAnswer struct {
	ID       string             `json:"id"`
	Kind     engine.MeasureKind `json:"kind"`
	Act      engine.Act         `json:"act"`
	Factor   *float64           `json:"factor,omitempty"`
	Reason   string             `json:"reason"`
	Sectors  []string           `json:"sectors,omitempty" doc:"Absent = every sector"`
	Cells    int                `json:"cells" doc:"How many it is about; 0 = the whole city"`
	From     *time.Time         `json:"from,omitempty"`
	Until    *time.Time         `json:"until,omitempty"`
	Deadline *time.Time         `json:"deadline,omitempty"`
	State    string             `json:"state" doc:"planned, active, ended or lifted"`
	Taken    time.Time          `json:"taken" doc:"When it was ordered"`
	Begun    *time.Time         `json:"begun,omitempty"`
	Ended    *time.Time         `json:"ended,omitempty"`
	Lifted   string             `json:"lifted,omitempty" doc:"Why it was lifted"`
	By       string             `json:"by,omitempty" doc:"Who ordered it; told to the bureau"`
}

func answerMeasure(who Identity, m *engine.Measure) MeasureAnswer {
	a := MeasureAnswer{
		ID: m.ID, Kind: m.Kind, Act: m.Act, Reason: m.Reason, Sectors: m.Sectors,
		Cells: len(m.Cells), From: moment(m.From), Until: moment(m.Until),
		Deadline: moment(m.Deadline), Taken: m.Taken, Begun: moment(m.Begun),
		Ended: moment(m.Ended), Lifted: m.Lifted,
	}
	if m.Act == engine.ActScale {
		a.Factor = &m.Factor
	}
	if who.bureau() {
		a.By = m.By
	}
	switch {
	case m.Lifted != "":
		a.State = "lifted"
	case !m.Ended.IsZero():
		a.State = "ended"
	case m.Active():
		a.State = "active"
	default:
		a.State = "planned"
	}
	return a
}

// OneMeasureAnswer is a measure with its cells.
type OneMeasureAnswer struct {
	MeasureAnswer
	Area []geo.Cell `json:"area,omitempty" doc:"Its cells; absent for the whole city"`
}

func oneMeasure(c *call, m engine.Measure, err error) (*body[OneMeasureAnswer], error) {
	if err != nil {
		return nil, err
	}
	return &body[OneMeasureAnswer]{OneMeasureAnswer{answerMeasure(c.who, &m), m.Cells}}, nil
}

// MeasuresAnswer lists measures, the first taken first.
type MeasuresAnswer struct {
	Measures []MeasureAnswer `json:"measures" nullable:"false"`
}

func (s *Server) measures(
	_ context.Context, c *call, _ *struct{},
) (*body[MeasuresAnswer], error) {
	out := MeasuresAnswer{Measures: []MeasureAnswer{}}
	for _, m := range s.engine.Measures() {
		out.Measures = append(out.Measures, answerMeasure(c.who, &m))
	}
	return &body[MeasuresAnswer]{out}, nil
}

func (s *Server) measure(
	_ context.Context, c *call, in *ByID,
) (*body[OneMeasureAnswer], error) {
	m, err := s.engine.Measure(in.ID)
	return oneMeasure(c, m, err)
}

func (s *Server) takeMeasure(
	ctx context.Context, c *call, in *measureInput,
) (*body[OneMeasureAnswer], error) {
	m, where, err := in.measure(c)
	if err == nil {
		m, err = s.engine.TakeMeasure(ctx, c.who.actor(), m, where)
	}
	return oneMeasure(c, m, err)
}

func (s *Server) liftMeasure(
	ctx context.Context, c *call, in *reasonInput,
) (*body[OneMeasureAnswer], error) {
	m, err := s.engine.LiftMeasure(ctx, c.who.actor(), in.ID, in.Body.Reason)
	return oneMeasure(c, m, err)
}

// ForesightAnswer is what a measure would do if it were in force now.
type ForesightAnswer struct {
	Operators []OwnerMoveAnswer `json:"operators" nullable:"false" doc:"Whose caps would change"`
	Moves     []MoveOutAnswer   `json:"moves" nullable:"false" doc:"Who would have to move how many"`
}

// OwnerMoveAnswer is what a measure would mean for one operator in one sector.
type OwnerMoveAnswer struct {
	Sector    string `json:"sector"`
	Operator  string `json:"operator"`
	Before    int    `json:"cap_before" doc:"Sum of its caps in the cells"`
	After     int    `json:"cap_after"`
	Excess    int    `json:"excess" doc:"Vehicles to be taken out of cells"`
	Elsewhere int    `json:"elsewhere" doc:"Vehicles that its caps in other cells have room for"`
}

// MoveOutAnswer is what one operator would have to take out of one cell.
type MoveOutAnswer struct {
	Sector   string   `json:"sector"`
	Operator string   `json:"operator"`
	Cell     geo.Cell `json:"cell"`
	Taken    int      `json:"taken" doc:"Vehicles that stand or are held"`
	Before   int      `json:"cap_before"`
	After    int      `json:"cap_after"`
	Excess   int      `json:"excess"`
}

func (s *Server) tryMeasure(
	ctx context.Context, c *call, in *measureInput,
) (*body[ForesightAnswer], error) {
	m, where, err := in.measure(c)
	if err != nil {
		return nil, err
	}
	seen, err := s.engine.TryMeasure(ctx, c.who.actor(), m, where)
	if err != nil {
		return nil, err
	}
	return &body[ForesightAnswer]{foresightAnswer(&seen)}, nil
}

func foresightAnswer(seen *engine.Foresight) ForesightAnswer {
	out := ForesightAnswer{Operators: []OwnerMoveAnswer{}, Moves: []MoveOutAnswer{}}
	for _, o := range seen.Owners {
		out.Operators = append(out.Operators, OwnerMoveAnswer(o))
	}
	for _, o := range seen.Moves {
		out.Moves = append(out.Moves, MoveOutAnswer(o))
	}
	return out
}

// registerMeasures adds the routes of events and emergencies.
func (s *Server) registerMeasures() {
	const base = "/v1/measures"
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	handle(s, route{
		id: "measures", method: get, path: base, group: groupRead, roles: everybody,
		summary: "Measures in events and emergencies, planned, in force and over",
	}, s.measures)
	handle(s, route{
		id: "measure", method: get, path: base + "/{id}", group: groupRead, roles: everybody,
		summary: "One measure, with its cells",
	}, s.measure)
	handle(s, route{
		id: "take-measure", method: put, path: base + "/{id}", group: groupBureau, roles: bureauOnly,
		summary: "Order a measure: freeze, clear or scale",
		text: "In force when it is answered, or at its time, for the next decision of every server. " +
			"The same again changes nothing. To raise caps takes a bureau-admin.",
	}, s.takeMeasure)
	handle(s, route{
		id: "lift-measure", method: post, path: base + "/{id}/lift", group: groupBureau,
		roles: bureauOnly, summary: "End a measure before its time: caps are the plan's again",
	}, s.liftMeasure)
	handle(s, route{
		id: "try-measure", method: post, path: base + "/{id}/try", group: groupBureau,
		roles: bureauOnly, summary: "Who would have to move how many; nothing is ordered",
	}, s.tryMeasure)
}
