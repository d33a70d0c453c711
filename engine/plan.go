package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
	"github.com/stint-city/stint/quota/merit"
	"github.com/stint-city/stint/scoring/rubric"
)

// PlanSchema is the version of plan.json's shape.
const PlanSchema = 1

// Plan is a decided allocation with everything needed to check it: inputs by hash, every limit,
// weight and bound, and the certificate. It is immutable; ID is the hash of all the rest.
type Plan struct {
	Schema        int             `json:"schema"`
	ID            string          `json:"id"`
	Tool          string          `json:"tool"`
	City          City            `json:"city"`
	PolicyID      string          `json:"policy"`
	PolicyVersion string          `json:"policy_version"`
	Inputs        []Input         `json:"inputs"`
	Layers        []Layer         `json:"layers"`
	Compliance    []Compliance    `json:"compliance"`
	Zones         string          `json:"zones,omitempty"` // ZonesHash of the snapshot's
	Labels        map[string]Name `json:"labels,omitempty"`
	Rubric        RubricPlan      `json:"rubric"`
	Scorecards    []Scorecard     `json:"scorecards"`
	Marks         []rubric.Card   `json:"marks,omitempty"` // behind the scores, by a table of marks
	Sectors       []SectorPlan    `json:"sectors"`
	Certificate   Certificate     `json:"certificate"`
	Notes         []Note          `json:"notes"`
}

// Certificate is the proof that no other matrix serves the claims better.
type Certificate struct {
	Gap int64 `json:"gap"` // primal minus dual cost, summed over the sectors; 0 = optimal
}

// SectorPlan is the allocation of one sector. Cells are in ascending order, Operators by ID.
type SectorPlan struct {
	ID       string        `json:"id"`
	Name     Name          `json:"name"`
	Unit     string        `json:"unit"` // of demand and benefit: "trips" a day or "vehicles" standing
	Settings Settings      `json:"settings"`
	Total    int           `json:"total"`
	Reason   string        `json:"reason"` // why not one more: a code of the catalogue
	Max      int           `json:"max"`    // -1 = none
	Capacity CapacityRange `json:"capacity"`
	Demand   Interval      `json:"demand"`
	// Shadow is the benefit of the last vehicle not forced by a floor, trips per vehicle and day;
	// nil where the demand is not in trips or nothing but floors was given.
	Shadow    *float64       `json:"shadow_price"`
	Curve     []CurvePoint   `json:"curve"`
	Nodes     []NodePlan     `json:"nodes"`
	Pools     []merit.Pool   `json:"pools"`
	Relaxed   []string       `json:"relaxed,omitempty"` // bounds that gave way, as the policy orders
	Operators []OperatorPlan `json:"operators"`
	Cells     []CellPlan     `json:"cells"`
	Gap       int64          `json:"gap"`
	Rule      *RulePlan      `json:"rule,omitempty"` // the written rule behind the totals
}

// Settings are the bureau's settings a number can be traced to.
type Settings struct {
	Limits     quota.Limits  `json:"limits"`
	Service    quota.Service `json:"service"`
	Shrink     float64       `json:"shrink_hours"`
	Factor     float64       `json:"daily_factor"`
	MinBenefit float64       `json:"min_benefit"`
	Rules      merit.Rules   `json:"rules"`
	Matrix     MatrixRules   `json:"matrix"`
}

// CapacityRange is the sum over cells of what the ground carries, vehicles.
type CapacityRange struct {
	Low     int `json:"low"`
	Mid     int `json:"mid"`
	High    int `json:"high"`
	Unknown int `json:"unknown_cells"` // cells that no known limit bounds; they count as 0 above
}

// Interval is an estimate with its 80 % interval; all nil when unknown.
type Interval struct {
	Mean *float64 `json:"mean"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// CurvePoint is the benefit of the best n vehicles.
type CurvePoint struct {
	Vehicles int     `json:"vehicles"`
	Benefit  float64 `json:"benefit"`
	Marginal float64 `json:"marginal"`
}

// NodePlan is the city, a district or an area with its bounds and what it got.
type NodePlan struct {
	ID     string `json:"id"`
	Parent int    `json:"parent"`
	Floor  int    `json:"floor"`
	Cap    int    `json:"cap"` // -1 = none
	Total  int    `json:"total"`
}

// OperatorPlan is one operator's total with its way from score to quota.
type OperatorPlan struct {
	ID         string   `json:"id"`
	Name       Name     `json:"name"`
	Score      *float64 `json:"score"` // 0-100; nil = unknown
	Licensed   bool     `json:"licensed"`
	Previous   int      `json:"previous"` // -1 = none
	Request    int      `json:"request"`  // -1 = unbounded
	Pool       string   `json:"pool"`
	Base       float64  `json:"base"`
	Merit      float64  `json:"merit"`
	Weight     float64  `json:"weight"`
	Floor      int      `json:"floor"`
	FloorBy    string   `json:"floor_by,omitempty"`
	Ceiling    int      `json:"ceiling"`
	CeilingBy  string   `json:"ceiling_by,omitempty"`
	Bound      string   `json:"bound,omitempty"`
	Quota      int      `json:"quota"`
	Multiplier float64  `json:"multiplier"` // of the matrix: the boost its contested cells need
	Price      int64    `json:"price"`      // its logarithm in fixed point, 2^36 a nat
}

// CellPlan is one cell: what it carries, what it is asked for, what it got and whose. The slices
// answer SectorPlan.Operators.
type CellPlan struct {
	Cell       geo.Cell      `json:"cell"`
	District   string        `json:"district,omitempty"`
	Node       int           `json:"node"`
	Space      SpacePlan     `json:"space"`
	Demand     Interval      `json:"demand"`
	Capacity   *int          `json:"capacity"` // nil = no known limit
	Low        *int          `json:"capacity_low"`
	High       *int          `json:"capacity_high"`
	Binding    quota.Limit   `json:"binding"`
	Bounds     []quota.Bound `json:"bounds"`
	Enough     int           `json:"enough"` // vehicles that reach the service level; -1 = none do
	Floor      int           `json:"floor"`
	Total      int           `json:"total"`
	Reason     string        `json:"reason"` // why not one more
	ReasonNode string        `json:"reason_node,omitempty"`
	Multiplier float64       `json:"multiplier"`
	Price      int64         `json:"price"`
	Quotas     []int         `json:"quotas"`
	Claims     []float64     `json:"claims"`
	Upper      []int         `json:"upper"`
	Previous   []int         `json:"previous,omitempty"`
	Codes      []string      `json:"codes"` // how each quota reads: rounded share, kept, at a bound
}

// SpacePlan is the ground of one cell; nil = unknown.
type SpacePlan struct {
	Area     float64  `json:"area_m2"`
	Parking  *float64 `json:"parking_m2,omitempty"`
	Sidewalk *float64 `json:"sidewalk_m2,omitempty"`
	Banned   float64  `json:"banned_share,omitempty"`
	Cap      *int     `json:"cap,omitempty"`
	Zone     *int     `json:"zone,omitempty"`
}

// RubricPlan is the rubric as published with the scores.
type RubricPlan struct {
	ID         string          `json:"id"`
	Pass       *float64        `json:"pass"`
	Indicators []IndicatorPlan `json:"indicators"`
}

// IndicatorPlan is one row of the rubric.
type IndicatorPlan struct {
	ID      string  `json:"id"`
	Name    Name    `json:"name"`
	Unit    string  `json:"unit"`
	Higher  bool    `json:"higher_is_better"`
	Weight  float64 `json:"weight"`
	Rule    string  `json:"rule"` // bands or line in a short notation
	Missing string  `json:"missing"`
}

// Scorecard is one operator's score with its breakdown.
type Scorecard struct {
	Operator string   `json:"operator"`
	Name     Name     `json:"name"`
	Score    *float64 `json:"score"`
	Low      float64  `json:"low"`
	High     float64  `json:"high"`
	Pass     string   `json:"pass"`
	Items    []Item   `json:"items"`
}

// Item is one indicator's part of a score.
type Item struct {
	Indicator    string   `json:"indicator"`
	Value        *float64 `json:"value"`
	Why          string   `json:"why_unknown,omitempty"`
	Points       *float64 `json:"points"`
	Weight       float64  `json:"weight"`
	Effective    float64  `json:"effective_weight"`
	Contribution *float64 `json:"contribution"`
	How          string   `json:"how"`
}

// Seal returns the plan's bytes with its ID set: the SHA-256 of the same bytes with an empty ID.
// The same plan always gives the same bytes.
func (p *Plan) Seal() ([]byte, error) {
	id, err := p.digest()
	if err != nil {
		return nil, err
	}
	p.ID = id
	return p.bytes()
}

// Sealed reports whether the ID is the hash of the rest.
func (p *Plan) Sealed() (bool, error) {
	id, err := p.digest()
	return id == p.ID, err
}

func (p *Plan) digest() (string, error) {
	blank := *p
	blank.ID = ""
	data, err := blank.bytes()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

func (p *Plan) bytes() ([]byte, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return append(data, '\n'), nil
}

// Sector returns the sector with the ID.
func (p *Plan) Sector(id string) (*SectorPlan, bool) {
	for i := range p.Sectors {
		if p.Sectors[i].ID == id {
			return &p.Sectors[i], true
		}
	}
	return nil, false
}
