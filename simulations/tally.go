package simulations

// The reasons a request is lost.
const (
	lostNone    = iota // no rentable vehicle within the radius
	lostOutside        // chose to go otherwise: too far, too dear
	lostTaken          // the vehicle was gone on arrival, and so was the next
	lostFrozen         // riding was suspended
	lostReasons
)

// Tally is what one replication counted after its warm-up, in whole numbers, so that sums don't
// depend on their order.
type Tally struct {
	Hours    int   `json:"hours"`
	Carried  int64 `json:"carried"` // riders on their way to a vehicle when the warm-up ended
	Requests int64 `json:"requests"`
	Served   int64 `json:"served"`
	Reached  int64 `json:"reached"` // requests with a rentable vehicle within the radius
	Lost     [lostReasons]int64

	ByOperator []OperatorTally `json:"by_operator"`
	ByCell     []CellTally     `json:"by_cell"`
	ByHour     [24]HourTally   `json:"by_hour"`

	Walk      []int64 `json:"walk"` // walks by 10 m
	CellHours int64   `json:"cell_hours"`
	OverHours int64   `json:"over_hours"`  // cell-hours with more parked than the capacity
	Excess    int64   `json:"excess"`      // vehicle-hours beyond capacity
	Worst     int64   `json:"worst_ratio"` // most parked to capacity of a cell-hour, thousandths

	Piles       int64   `json:"piles"` // orders for pile-ups
	PileMinutes []int64 `json:"pile_minutes"`
	PilesLate   int64   `json:"piles_late"`

	Decisions int64        `json:"decisions"` // plans that came into force
	Churn     int64        `json:"churn"`     // vehicles whose operator changed, in those plans
	Removals  int64        `json:"removals"`  // removal orders of the engine
	Gain      []GamingGain `json:"gain,omitempty"`
	// Departed is served by hour, then cell; nil = not kept.
	Departed []uint32 `json:"departed,omitempty"`
}

// GamingGain is how far a score that the bureau saw lies above the true one.
type GamingGain struct {
	Operator string  `json:"operator"`
	Seen     float64 `json:"seen"`
	True     float64 `json:"true"`
}

// OperatorTally is an operator's part.
type OperatorTally struct {
	Served    int64 `json:"served"`
	WalkCM    int64 `json:"walk_cm"`
	RideMS    int64 `json:"ride_ms"`
	RideCM    int64 `json:"ride_cm"`
	FareCents int64 `json:"fare_cents"`
	Drops     int64 `json:"drops"`
	Compliant int64 `json:"compliant"`
	Broken    int64 `json:"broken"`
	Moved     int64 `json:"moved"` // vehicles taken up by crews
	TruckCM   int64 `json:"truck_cm"`
	CrewMS    int64 `json:"crew_ms"`
	Deployed  int64 `json:"deployed_hours"` // vehicle-hours on the street
	Rentable  int64 `json:"rentable_hours"`
	Idle      int64 `json:"idle_hours"` // vehicle-hours idle for more than 72 h
	Granted   int64 `json:"granted"`    // vehicles the bureau's engine let it place
	Refused   int64 `json:"refused"`
	Depot     int64 `json:"depot"` // in the depot at the end
}

// CellTally is a cell's part.
type CellTally struct {
	Requests int64 `json:"requests"`
	Served   int64 `json:"served"`
	Reached  int64 `json:"reached"`
	Drops    int64 `json:"drops"`
	Over     int64 `json:"over"`     // vehicle-hours beyond capacity
	Rentable int64 `json:"rentable"` // vehicle-hours
}

// HourTally is the part of an hour of the day.
type HourTally struct {
	Requests int64 `json:"requests"`
	Served   int64 `json:"served"`
	Rentable int64 `json:"rentable"`
}

const (
	walkBin   = 1000 // cm
	walkBins  = 200
	pileBin   = 5 // minutes
	pileBins  = 24 * 60 / pileBin
	idleHours = 72
)

// newTally returns an empty tally of a town.
func newTally(operators, cells int) *Tally {
	return &Tally{
		ByOperator: make([]OperatorTally, operators), ByCell: make([]CellTally, cells),
		Walk: make([]int64, walkBins), PileMinutes: make([]int64, pileBins),
	}
}

// reset forgets the warm-up; walking is how many riders are on their way to a vehicle.
func (t *Tally) reset(walking int) {
	departed := t.Departed
	clear(departed)
	*t = *newTally(len(t.ByOperator), len(t.ByCell))
	t.Carried, t.Departed = int64(walking), departed
}

// unserved returns how many requests were lost.
func (t *Tally) unserved() int64 {
	sum := int64(0)
	for _, n := range t.Lost {
		sum += n
	}
	return sum
}
