package engine

import (
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/apportion"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/quota/policy"
	"github.com/stint-city/stint/scoring"
	"github.com/stint-city/stint/scoring/rubric"
)

// Name is a text in both languages of the catalogue. An empty language falls back to the other.
type Name struct {
	En string `json:"en,omitempty" yaml:"en"`
	Zh string `json:"zh,omitempty" yaml:"zh"`
}

// In returns the text in the language tag ("en" or "zh"), or the other one where that is empty.
func (n Name) In(tag string) string {
	if (tag == "zh" && n.Zh != "") || n.En == "" {
		return n.Zh
	}
	return n.En
}

// City is what a plan is made for.
type City struct {
	ID         string `json:"id"`
	Name       Name   `json:"name"`
	Notice     Name   `json:"notice"` // printed on everything made from it: "made city", "synthetic"
	TimeZone   string `json:"time_zone"`
	Resolution int    `json:"resolution"` // of H3, 7-10
	TieSeed    uint64 `json:"tie_seed"`   // the published seed of the lottery between equal claims
}

// Input is one file a snapshot was read from.
type Input struct {
	Role   string `json:"role"` // "city", a layer's ID, or "sheet:<operator>"
	Path   string `json:"path"` // relative to the data folder, forward slashes
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Layer says what became of one layer's rows.
type Layer struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Datum     string   `json:"crs"`
	Files     int      `json:"files"`
	Features  int      `json:"features"`             // rows or shapes accepted
	Rejected  int      `json:"rejected"`             // rows refused, each shown among the notes
	Outside   int      `json:"outside"`              // accepted, but outside every district
	Area      *float64 `json:"area_m2,omitempty"`    // sum of the shapes' areas
	Union     *float64 `json:"union_m2,omitempty"`   // area of their union
	FirstTime string   `json:"first_time,omitempty"` // local time of the first and last event
	LastTime  string   `json:"last_time,omitempty"`
}

// Compliance is the share of parked vehicles within a tolerance of a parking fence.
type Compliance struct {
	Layer     string  `json:"layer"`
	Measure   string  `json:"measure"` // "polygon", or "centre" as some platforms measure
	Tolerance float64 `json:"tolerance_m"`
	Share     float64 `json:"share"`
	Within    int     `json:"within"`
	Of        int     `json:"of"`
}

// District is a part of the city with a border of its own.
type District struct {
	ID    string
	Name  Name
	Shape geo.MultiPolygon
}

// Operator is a company that asks to use public ground. Slices answer Snapshot.Sectors.
type Operator struct {
	ID       string
	Name     Name
	Licensed []bool
	Previous []int // vehicles granted in the last period; -1 = none, an entrant
	Request  []int // most vehicles wanted; -1 = unbounded
}

// MatrixRules say how an operator's total spreads over the cells.
type MatrixRules struct {
	// Claims is "use", rides or vehicles seen in the cell, or "equal", the city-wide share.
	Claims        string  `json:"claims"`
	Smoothing     float64 `json:"smoothing"`       // part of a claim that is city-wide, [0, 1]
	LocalMaxShare float64 `json:"local_max_share"` // most of a cell's total for one operator, (0, 1]
	Tolerance     float64 `json:"churn_tolerance"` // nats; 0 = quotas follow the fair share at once
	// Remedies price what may be proposed where the operators' totals don't fit the cells.
	Remedies map[apportion.Remedy]int `json:"-"`
}

// Sector is one kind of vehicle with everything the city knows of it. Slices answer the Grid's
// cells.
type Sector struct {
	ID          string
	Name        Name
	Limits      quota.Limits
	Service     quota.Service
	Shrink      quota.Shrink
	DailyFactor float64 // trips of a day for one trip seen in the hours observed; 1 = nothing unseen
	Max         int     // the policy's largest total; -1 = none
	MinBenefit  float64 // least trips a vehicle must add a day to be given space

	Space    []quota.Space
	Observed quota.Observed
	Presence []float64   // mean vehicles standing; nil unless Service.Model is "presence"
	Use      [][]float64 // [operator][cell] rides or vehicles seen; nil = nobody was told apart
	Previous [][]int     // [operator][cell] quotas in force; nil = none
	Floors   []int       // least vehicles by cell
	Nodes    []quota.Node
	NodeOf   []int // innermost node of each cell

	Rules  merit.Rules
	Rule   *Written // the city's written rule, which then makes operators' totals; nil = Rules do
	Matrix MatrixRules
}

// Written is a city's written rule with the part of its state that no plan brings by itself:
// parameters, facts, zones, streaks. Scores, quotas before, requests and the total come from the
// plan.
type Written struct {
	Program  *policy.Program
	Calendar policy.Calendar // nil = none
	Given    policy.State
}

// Snapshot is everything a decision reads: nothing is looked up after it is taken.
type Snapshot struct {
	City          City
	PolicyVersion string
	Inputs        []Input
	Grid          *geo.Grid
	Districts     []District
	DistrictOf    []int // by cell; -1 = in none
	Sectors       []Sector
	Operators     []Operator
	Rubric        scoring.Rubric
	Labels        map[string]Name // names of indicators and nodes, by ID
	Sheets        []scoring.Sheet
	Marks         []rubric.Card // by a bureau's table of marks; nil where Rubric is all there is
	Layers        []Layer
	Compliance    []Compliance
	Zones         []Zone // that placements are held to once the plan is in force
	Notes         []Note
}

// Note is a warning or an assumption: a message of the catalogue with its arguments, and where it
// arose. Args are name, value pairs.
type Note struct {
	Kind   string `json:"kind"` // "warning" or "assumption"
	ID     string `json:"id"`
	Args   []any  `json:"args,omitempty"`
	Sector string `json:"sector,omitempty"` // the sector it is about, if one
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}
