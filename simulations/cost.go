package simulations

import "math"

// Costs are what an operator pays and earns beside fares, in the fares' money. A scenario without
// them has no profit: it is not computable.
type Costs struct {
	TruckKM    float64 `yaml:"truck_km"`
	CrewHour   float64 `yaml:"crew_hour"`
	VehicleDay float64 `yaml:"vehicle_day"` // wear, capital and permit of a vehicle on the street
	RideKM     float64 `yaml:"ride_km"`
}

// profit is fares less costs.
func (c *Costs) profit(o *OperatorTally) float64 {
	if *c == (Costs{}) {
		return math.NaN()
	}
	return ratio(o.FareCents, 100) - c.TruckKM*ratio(o.TruckCM, 1e5) -
		c.CrewHour*ratio(o.CrewMS, hourMS) - c.VehicleDay*ratio(o.Deployed, 24) -
		c.RideKM*ratio(o.RideCM, 1e5)
}

// Emissions turn kilometres into carbon dioxide, kg. They are a scenario's assumptions; without
// them nothing is said.
type Emissions struct {
	CarShare   float64 `yaml:"car_share"` // part of ridden km that would have been driven
	CarKM      float64 `yaml:"car_km"`    // kg a km
	TruckKM    float64 `yaml:"truck_km"`
	VehicleDay float64 `yaml:"vehicle_day"` // making a vehicle, by day of its life
}

// saved is what rides save less what trucks and vehicles cost, kg.
func (e *Emissions) saved(o *OperatorTally) float64 {
	if *e == (Emissions{}) {
		return math.NaN()
	}
	return e.CarShare*e.CarKM*ratio(o.RideCM, 1e5) - e.TruckKM*ratio(o.TruckCM, 1e5) -
		e.VehicleDay*ratio(o.Deployed, 24)
}
