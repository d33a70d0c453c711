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
	ByHour     [24]CellTally   `json:"by_hour"`
	ByDay      []CellTally     `json:"by_day"` // warm-up left out

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
	Beyond    int64 `json:"beyond"` // vehicle-hours beyond the quota in force
	Depot     int64 `json:"depot"`  // in the depot at the end
}

// add adds another operator's counts.
func (o *OperatorTally) add(x *OperatorTally) {
	o.Served += x.Served
	o.WalkCM += x.WalkCM
	o.RideMS += x.RideMS
	o.RideCM += x.RideCM
	o.FareCents += x.FareCents
	o.Drops += x.Drops
	o.Compliant += x.Compliant
	o.Broken += x.Broken
	o.Moved += x.Moved
	o.TruckCM += x.TruckCM
	o.CrewMS += x.CrewMS
	o.Deployed += x.Deployed
	o.Rentable += x.Rentable
	o.Idle += x.Idle
	o.Granted += x.Granted
	o.Refused += x.Refused
	o.Beyond += x.Beyond
	o.Depot += x.Depot
}

// CellTally is the part of a cell, of an hour of the day over all cells, or of a day.
type CellTally struct {
	Requests int64 `json:"requests"`
	Served   int64 `json:"served"`
	Reached  int64 `json:"reached"`
	Drops    int64 `json:"drops"`
	Bounded  int64 `json:"bounded"`  // cell-hours with a known capacity
	Over     int64 `json:"over"`     // of those, vehicle-hours beyond it
	Rentable int64 `json:"rentable"` // vehicle-hours
}

// add adds another cell's counts.
func (c *CellTally) add(x *CellTally) {
	c.Requests += x.Requests
	c.Served += x.Served
	c.Reached += x.Reached
	c.Drops += x.Drops
	c.Bounded += x.Bounded
	c.Over += x.Over
	c.Rentable += x.Rentable
}

const (
	walkBin   = 1000 // cm
	walkBins  = 200
	pileBin   = 5 // minutes
	pileBins  = 24 * 60 / pileBin
	idleHours = 72
)

// newTally returns an empty tally of a town.
func newTally(operators, cells, days int) *Tally {
	return &Tally{
		ByOperator: make([]OperatorTally, operators), ByCell: make([]CellTally, cells),
		ByDay: make([]CellTally, days),
		Walk:  make([]int64, walkBins), PileMinutes: make([]int64, pileBins),
	}
}

// reset forgets the warm-up; walking is how many riders are on their way to a vehicle.
func (t *Tally) reset(walking int) {
	departed := t.Departed
	clear(departed)
	*t = *newTally(len(t.ByOperator), len(t.ByCell), len(t.ByDay))
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
