package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stint-city/stint/geo"
)

// PartDemand is what was asked for in one part of one day, by cell.
type PartDemand struct {
	Sector string       `json:"sector"`
	Part   string       `json:"part"`
	Day    string       `json:"day"` // on which the part began: "2027-01-04"
	Source string       `json:"source,omitempty"`
	Cells  []CellDemand `json:"cells"` // those left out are unknown
}

// CellDemand is the demand of one cell: trips that began there, or whatever is counted alike in
// every cell. Only proportions are read.
type CellDemand struct {
	Cell  geo.Cell `json:"cell"`
	Trips *float64 `json:"trips"` // nil = unknown, never 0
}

// DemandReport is what the log has of a demand.
type DemandReport struct {
	Sector   string `json:"sector"`
	Part     string `json:"part"`
	Day      string `json:"day"`
	Document string `json:"document"`
}

// ReportDemand records the demand of a part of the day that is over: what the quotas of its next
// turns follow, and decided upon when it returns. The same again changes nothing and is no error;
// another demand for the same day is refused.
func (e *Engine) ReportDemand(ctx context.Context, by Actor, d PartDemand) error {
	if err := officer(by); err != nil {
		return err
	}
	if err := e.refresh(ctx); err != nil {
		return err
	}
	if err := e.checkDemand(&d); err != nil {
		return err
	}
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode the demand of %s: %w", d.Part, err)
	}
	name := "demand:" + hashOf(data)
	if err := e.config.Store.PutDocument(ctx, e.config.City, name, data); err != nil {
		return fmt.Errorf("keep the demand of %s: %w", d.Part, err)
	}
	_, err = e.record(ctx, by, kindDemand, func(f *file) (entry, error) {
		r := f.rota(d.Sector)
		if r == nil {
			return entry{}, notFound("no-part", "sector", cut(d.Sector), "part", cut(d.Part))
		}
		for _, old := range r.part(d.Part).reports {
			switch {
			case old.Day == d.Day && old.Document == name:
				return entry{}, errDone
			case old.Day == d.Day:
				return entry{}, stage("demand-differs", "part", d.Part, "day", d.Day)
			case old.Day > d.Day:
				return entry{}, stage("demand-old", "part", d.Part, "day", d.Day, "last", old.Day)
			}
		}
		return entry{Demand: &DemandReport{d.Sector, d.Part, d.Day, name}}, nil
	})
	if unlessDone(err) != nil {
		return err
	}
	return e.Adjust(ctx)
}

// checkDemand refuses a demand that makes no sense, and puts its cells in order.
func (e *Engine) checkDemand(d *PartDemand) error {
	f := e.force.Load()
	t, _ := e.Timetable()
	p := t.sector(d.Sector).part(d.Part)
	if p == nil || f.caps[d.Sector] == nil {
		return notFound("no-part", "sector", cut(d.Sector), "part", cut(d.Part))
	}
	a, err := e.almanac(&t)
	if err != nil {
		return err
	}
	day, err := time.ParseInLocation(time.DateOnly, d.Day, a.zone)
	if err != nil {
		return unfit("demand-day", "part", p.ID, "day", cut(d.Day))
	}
	_, until, ok := a.span(p, day)
	switch {
	case !ok:
		return unfit("demand-day", "part", p.ID, "day", d.Day)
	case e.now().Before(until):
		return unfit("demand-early", "part", p.ID, "day", d.Day, "until", until.Format(time.RFC3339))
	}
	slices.SortFunc(d.Cells, func(x, y CellDemand) int {
		switch {
		case x.Cell < y.Cell:
			return -1
		case x.Cell > y.Cell:
			return 1
		}
		return 0
	})
	for i, c := range d.Cells {
		switch _, known := f.caps[d.Sector].Districts(c.Cell); {
		case !known:
			return unfit("measure-cell", "cell", c.Cell.String())
		case i > 0 && d.Cells[i-1].Cell == c.Cell:
			return unfit("demand-twice", "cell", c.Cell.String())
		case c.Trips != nil && (*c.Trips < 0 || math.IsNaN(*c.Trips) || math.IsInf(*c.Trips, 0)):
			return unfit("demand-trips", "cell", c.Cell.String(), "got", *c.Trips)
		}
	}
	return nil
}

// seen returns the demands of some reports by cell of a plan, NaN where unknown.
func (e *Engine) seen(
	ctx context.Context, s *SectorPlan, reports []DemandReport,
) ([][]float64, error) {
	rows := make([][]float64, 0, len(reports))
	for _, r := range reports {
		data, err := e.config.Store.Document(ctx, e.config.City, r.Document)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", r.Document, err)
		}
		var d PartDemand
		if err := json.Unmarshal(data, &d); err != nil {
			return nil, fmt.Errorf("read %s: %w", r.Document, err)
		}
		rows = append(rows, d.row(s))
	}
	return rows, nil
}

// row returns a demand by cell of a plan, NaN where unknown.
func (d *PartDemand) row(s *SectorPlan) []float64 {
	known := make(map[geo.Cell]float64, len(d.Cells))
	for _, c := range d.Cells {
		if c.Trips != nil {
			known[c.Cell] = *c.Trips
		}
	}
	row := make([]float64, len(s.Cells))
	for i := range row {
		x, ok := known[s.Cells[i].Cell]
		if row[i] = x; !ok {
			row[i] = math.NaN()
		}
	}
	return row
}
