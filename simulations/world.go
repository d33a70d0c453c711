package simulations

import "math"

// world is everything the replications of one policy share. Nothing writes it during a run.
type world struct {
	town      *Town
	demand    *Demand
	users     Users
	operators []operator
	shocks    []shock
	piles     PileRule
	hours     int // of a run, warm-up included
	warmup    int // hours
	firstHour int // hour of the week at the start
	growth    float64
	bureau    *office // nil = nobody regulates
	costs     Costs
	emissions Emissions
	keepHours bool // fill Tally.Departed

	// ridden returns the demand with another mean of the law of distances, m.
	ridden func(mean float64) *Demand

	// Made of the above by prepare.
	step      float64   // utility of a cm of walk
	outside   float64   // e^utility of not riding
	crowd     []float64 // utility of 1+n vehicles to choose from, by n
	walkSpeed float64   // cm a ms
	rideSpeed float64
}

// Users says how people look for a vehicle, choose and ride.
type Users struct {
	Radius  float64 `yaml:"radius_m"` // how far people walk, m; default 400
	Walk    float64 `yaml:"walk_mps"` // default 1.33
	Ride    float64 `yaml:"ride_mps"` // default 3.67
	Detour  float64 `yaml:"detour"`   // ridden distance for straight distance; default 1.3
	Choice  Choice  `yaml:"choice"`
	Parking Parking `yaml:"parking"`
}

// Choice are the weights of the multinomial logit over operators and going otherwise.
type Choice struct {
	Walk         float64 `yaml:"walk"`         // a metre to the vehicle; default -0.008
	Price        float64 `yaml:"price"`        // a unit of money; default -0.5
	Availability float64 `yaml:"availability"` // ln(1 + vehicles in the cell); default 0.2
	Outside      float64 `yaml:"outside"`      // going otherwise; default -4
}

// Parking says where people leave a vehicle.
type Parking struct {
	Tolerance float64 `yaml:"tolerance_m"` // a vehicle farther from a spot violates; default 20
	// Comply: part of riders who park at a spot; default 0.8
	Comply float64 `yaml:"comply"`
}

// operator is an operator as a run sees it.
type operator struct {
	id       string
	fleet    int // vehicles owned; those without a place stand in the depot
	constant float64
	price    Price
	comply   float64
	broken   float64 // probability a ride breaks the vehicle
	repair   int64   // ms
	crew     crew
	targets  []float64 // wanted vehicles by cell, any scale
	stuff    float64   // share of faulty parking hidden from the count
	under    float64   // share of faults not reported
	respond  string    // what its fleet is set by; "" = as given
	most     int       // the largest fleet it can own; 0 = any
}

// Price is what a ride costs.
type Price struct {
	Unlock  float64 `yaml:"unlock"`
	Minutes float64 `yaml:"minutes"` // covered by the unlocking; default 15
	Next    float64 `yaml:"next"`    // each further 15 minutes begun
}

// fare returns the price of a ride of some ms.
func (p *Price) fare(ms float64) float64 {
	const quarter = 15
	over := ms/60_000 - p.Minutes
	if over <= 0 {
		return p.Unlock
	}
	return p.Unlock + p.Next*math.Ceil(over/quarter)
}

// prepare computes what requests read.
func (w *world) prepare() {
	w.step = w.users.Choice.Walk / 100
	w.outside = math.Exp(w.users.Choice.Outside)
	w.walkSpeed, w.rideSpeed = w.users.Walk/10, w.users.Ride/10
	const most = 1 << 10
	w.crowd = make([]float64, most)
	for n := range w.crowd {
		w.crowd[n] = w.users.Choice.Availability * math.Log1p(float64(n))
	}
}
