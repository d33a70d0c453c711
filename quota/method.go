package quota

// squareKilometre is in m².
const squareKilometre = 1e6

// TurnoverFleet returns the fleet that carries trips a day when each usable vehicle makes turnover
// trips a day and the part available of the fleet is usable at any time: N = Q / (tau * eta).
//
// Source: method A, total scale from demand; Wuhan 2019 and Beijing 2018-2022 publish both numbers.
func TurnoverFleet(trips, turnover, available float64) float64 {
	return trips / (turnover * available)
}

// ImpliedTurnover returns the trips per vehicle and day that a published demand and fleet imply:
// method A read backwards, for every vehicle usable.
func ImpliedTurnover(trips, fleet float64) float64 {
	return trips / fleet
}

// TripDemand returns the trips a day of a population: Q = P * r * s * m, with the trips per person
// and day, the share of them short enough, and the share of those made with this kind of vehicle.
//
// Source: method B, trip shares (Peng 2019 for Ningbo).
func TripDemand(population, tripsPerPerson, shortShare, modalShare float64) float64 {
	return population * tripsPerPerson * shortShare * modalShare
}

// ParkingPlaces returns the fleet that area m² of parking ground carries: N = A * u / (a * p),
// where the share usable is fit for parking, one vehicle takes footprint m², and the share
// peakShare of the fleet stands on public ground at the peak (1 = all of it).
//
// Source: method C, parking space; a bicycle's place is 2 m by 0.6 m, 1.2 m².
func ParkingPlaces(area, usable, footprint, peakShare float64) float64 {
	return area * usable / (footprint * peakShare)
}

// RidingTrips returns the most trips that area m² of riding lanes (the sum of length times width)
// carries in a period of minutes, when a rider takes space m² and rides for duration minutes:
// area * period / (space * duration). TurnoverFleet makes a fleet of it.
//
// Source: method D, consumption of time and space (Yu, Ji et al. 2021, J. Cent. South Univ.
// 28:1775).
func RidingTrips(area, period, space, duration float64) float64 {
	return area * period / (space * duration)
}
