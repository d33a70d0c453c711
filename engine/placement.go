package engine

import (
	"time"

	"github.com/stint-city/stint/geo"
)

// Placement is an operator's question: may I put N vehicles of this sector here?
type Placement struct {
	Operator string
	Sector   string
	Key      string     // idempotency key: 1 to 64 of A-Z a-z 0-9 . _ ~ -
	At       geo.LatLng // WGS-84
	N        int        // vehicles, 1 to MaxVehicles
	Hold     time.Duration
	// Plan, where set, is the plan that the operator counts on: another one in force is refused.
	Plan string
	// Reserve asks for a lease of Hold, or of the default length; otherwise the vehicles stand at
	// once.
	Reserve bool
}

// MaxVehicles is the largest N of one placement.
const MaxVehicles = 10_000

// Settlement is an operator's word on a placement it was granted: Commit, Release, Remove or Move.
type Settlement struct {
	Verb      Verb
	Operator  string
	Sector    string
	Key       string
	Placement ID
	N         int        // vehicles; 0 = all of the placement
	To        geo.LatLng // Move
}

// Grant is a yes.
type Grant struct {
	ID        ID     // of a placement made; of a settlement, its record
	Placement ID     // the placement that now stands or is held, or that was changed
	Operator  string //
	Sector    string
	Verb      Verb
	State     State // of the answer: Held, Standing, or Done for a settlement
	N         int   // vehicles granted or changed
	Left      int   // of a grant, the least room left in any tier; of a change, the placement's rest
	Cell      geo.Cell
	At        geo.LatLng
	Expires   time.Time // of a lease; zero otherwise
	Since     time.Time
	Epoch     int64
	Replayed  bool // told again, as first answered
}

// Refusal is a no: by which rule, how much is left, and where to go instead. It is an error, so
// that errors.As finds it.
type Refusal struct {
	Rule  Rule
	Tier  Tier   // of a full tier; "" otherwise
	Of    string // which cell, district, operator, zone or pool refused
	Room  *int   // vehicles left there; nil where the rule has no counter
	Cell  geo.Cell
	Known []string // the sectors, where the sector is unknown
	Try   []Near   // the nearest cells with room for this operator, nearest first
}

// Near is a cell that has room.
type Near struct {
	Cell   geo.Cell
	Center geo.LatLng
	Metres float64 // from the point asked for to the centre
	Room   int     // least room of every tier there
}

// Error returns the refusal in plain words, for logs; the catalogue has the sentence for people
// under "refusal.<rule>".
func (r *Refusal) Error() string { return "refused: " + string(r.Rule) + " " + r.Of }

// The rules that need no counter.
const (
	RuleUnknownSector Rule = "unknown-sector"
	RuleUnlicensed    Rule = "operator-unlicensed" // not in the plan, or not licensed in the sector
	RuleOutsideCity   Rule = "outside-city"
	RuleNoParking     Rule = "no-parking-zone"
	RuleSpotRequired  Rule = "spot-required"   // a strict zone, and not within a parking place
	RuleFrozen        Rule = "frozen"          // a measure lets nothing more be placed there
	RuleCleared       Rule = "cleared"         // a measure wants the cell empty
	RuleSuperseded    Rule = "plan-superseded" // Placement.Plan is not the plan in force
)
