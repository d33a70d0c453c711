package policy

// State is what a policy is applied to: what stood before, and what was measured since.
type State struct {
	Period    string            `json:"period,omitempty"` // its name, kept in the decision
	Date      string            `json:"date,omitempty"`   // the day of the decision, "2023-08-01"
	Days      map[string]string `json:"days,omitempty"`   // other days that deadlines count from
	Total     *Number           `json:"total,omitempty"`  // of the city, where it is given
	Reserve   int               `json:"reserve,omitempty"`
	Facts     map[string]Datum  `json:"facts,omitempty"` // of the city
	Params    map[string]Datum  `json:"params,omitempty"`
	Operators []OperatorState   `json:"operators"`
	Zones     []ZoneState       `json:"zones,omitempty"`
	Sites     []SiteState       `json:"sites,omitempty"`
	Overrides []Override        `json:"overrides,omitempty"`
}

// OperatorState is what is known of an operator. A nil figure is unknown.
type OperatorState struct {
	ID       string             `json:"id"`
	Class    string             `json:"class,omitempty"`
	Score    *Number            `json:"score,omitempty"`
	Scores   []*Number          `json:"scores,omitempty"`    // of several periods, for Score.RollUp
	Assessed map[string]*Number `json:"assessors,omitempty"` // by assessor
	Quota    *int               `json:"quota,omitempty"`     // effective before
	Approved *int               `json:"approved,omitempty"`
	Original *int               `json:"original,omitempty"` // when the streak began
	Reserve  int                `json:"reserve,omitempty"`  // approved and not yet effective
	Request  *int               `json:"request,omitempty"`
	Zones    map[string]int     `json:"zones,omitempty"` // quota by zone
	Streaks  map[string]int     `json:"streaks,omitempty"`
	Swap     int                `json:"swap,omitempty"` // vehicles offered for another sector's
	Facts    map[string]Datum   `json:"facts,omitempty"`
}

// ZoneState is what is known of a zone.
type ZoneState struct {
	ID    string           `json:"id"`
	Facts map[string]Datum `json:"facts,omitempty"`
}

// SiteState is what is known of a parking place.
type SiteState struct {
	ID       string           `json:"id"`
	Operator string           `json:"operator"`
	Facts    map[string]Datum `json:"facts,omitempty"`
}

// Override is a decision by hand: the quota is what it says, and the decision says who signed it
// and why.
type Override struct {
	Operator string `json:"operator"`
	Quota    int    `json:"quota"`
	Reason   string `json:"reason"`
	Signer   string `json:"signer"`
}

// Datum is one figure of the state, or a series of them.
type Datum struct {
	Value  Value
	Series []Point
}

// Point is one figure of a series.
type Point struct {
	At    string `json:"at,omitempty"` // clock time or day
	Value Number `json:"value"`
}
