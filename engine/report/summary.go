package report

import (
	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// Object is what `stint plan --json` prints. Shares are 0-1; null is unknown.
type Object struct {
	City        string            `json:"city"`
	Plan        string            `json:"plan"`   // the ID
	Notice      string            `json:"notice"` // "" = none
	Layers      []LayerObject     `json:"layers"`
	Compliance  []ToleranceObject `json:"compliance"`        // to the fence's polygon
	Centre      []ToleranceObject `json:"compliance_centre"` // to its centre
	Sectors     []SectorObject    `json:"sectors"`
	Certificate CertificateObject `json:"certificate"`
	Warnings    []string          `json:"warnings"`
	Assumptions []string          `json:"assumptions"`
}

// LayerObject is one layer; areas are null where it has none.
type LayerObject struct {
	ID       string   `json:"id"`
	Features int      `json:"features"` // accepted
	Rejected int      `json:"rejected"`
	Area     *float64 `json:"area_m2"`
	Union    *float64 `json:"union_m2"`
}

// ToleranceObject is the share of parked vehicles within a tolerance of a fence.
type ToleranceObject struct {
	Tolerance float64 `json:"tolerance_m"`
	Share     float64 `json:"share"`
}

// SectorObject is one sector.
type SectorObject struct {
	ID        string           `json:"id"`
	Total     int              `json:"total"`
	Capacity  *int             `json:"capacity"`               // middle reading; null = no known limit
	Unknown   int              `json:"capacity_unknown_cells"` // which count as 0 in it
	Cells     int              `json:"cells"`                  // of the grid
	Shadow    *float64         `json:"shadow_price"`
	Operators []OperatorObject `json:"operators"`
}

// OperatorObject is one operator in a sector.
type OperatorObject struct {
	ID    string   `json:"id"`
	Score *float64 `json:"score"`
	Quota int      `json:"quota"`
}

// CertificateObject is the proof's result.
type CertificateObject struct {
	Gap int64 `json:"gap"` // 0 = optimal
}

// Summary returns the plan in short, with warnings as sentences in the language tag. No list is
// nil.
func Summary(p *engine.Plan, tag lang.Tag) Object {
	o := Object{
		City: p.City.ID, Plan: p.ID, Notice: p.City.Notice.In(string(tag)),
		Layers: []LayerObject{}, Compliance: []ToleranceObject{}, Centre: []ToleranceObject{},
		Sectors: []SectorObject{}, Warnings: []string{}, Assumptions: []string{},
		Certificate: CertificateObject{p.Certificate.Gap},
	}
	for _, l := range p.Layers {
		o.Layers = append(o.Layers, LayerObject{l.ID, l.Features, l.Rejected, l.Area, l.Union})
	}
	for _, c := range p.Compliance {
		if c.Measure == "centre" {
			o.Centre = append(o.Centre, ToleranceObject{c.Tolerance, c.Share})
		} else {
			o.Compliance = append(o.Compliance, ToleranceObject{c.Tolerance, c.Share})
		}
	}
	for i := range p.Sectors {
		o.Sectors = append(o.Sectors, sectorObject(&p.Sectors[i]))
	}
	o.Warnings = append(o.Warnings, Warnings(p, tag)...)
	o.Assumptions = append(o.Assumptions, Assumptions(p, tag)...)
	return o
}

// The kinds of notes.
const (
	kindWarning    = "warning"
	kindAssumption = "assumption"
)

// Warnings returns the plan's warnings as sentences, those with a place as
// `file:line:column: sentence`.
func Warnings(p *engine.Plan, tag lang.Tag) []string { return sentences(p, tag, kindWarning) }

// Assumptions returns what the plan assumed, likewise.
func Assumptions(p *engine.Plan, tag lang.Tag) []string { return sentences(p, tag, kindAssumption) }

func sentences(p *engine.Plan, tag lang.Tag, kind string) []string {
	var list []string
	for _, n := range p.Notes {
		if n.Kind == kind {
			list = append(list, sentence(p, tag, n))
		}
	}
	return list
}

func sectorObject(s *engine.SectorPlan) SectorObject {
	o := SectorObject{
		ID: s.ID, Total: s.Total, Unknown: s.Capacity.Unknown,
		Cells: len(s.Cells), Shadow: s.Shadow,
		Operators: []OperatorObject{},
	}
	if !unlimited(s) {
		o.Capacity = &s.Capacity.Mid
	}
	for k := range s.Operators {
		op := &s.Operators[k]
		o.Operators = append(o.Operators, OperatorObject{op.ID, op.Score, op.Quota})
	}
	return o
}
