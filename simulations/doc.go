// Package simulations tries a policy on a city before the city tries it: a discrete-event model of
// riders, vehicles and operators, in which the bureau is the production engine itself, on
// engine/mem and a simulated clock.
//
//	Scenario (a strict file) -> Load{ city.Read -> Town, Demand, a Plan for each policy } -> Study
//	Study.Run{ each policy, each replication -> Tally } -> Result{ levels, paired differences }
//
// # Words
//
// A Town is the ground: cells, their capacity, parking spots. Demand is who would like to ride,
// where from, where to and when, whether or not a vehicle stands there. A request is one person who
// would like to ride; it is served or lost, for a reason. A Tally is what one replication counted.
// A policy is a city file with changes; one of them is the baseline.
//
// # Randomness and reproducibility
//
// Every draw is named (see kernel.Key): the seed, the replication, the rider's cell, hour and
// serial number, and what is drawn. Two policies therefore meet the same riders, and differences
// between them are paired. A replication runs on one goroutine; nothing in it ranges over a map or
// reads a clock; counts are whole numbers. The same scenario and seed give the same bytes on one
// kind of machine, whatever the number of workers or shards.
//
// # Units
//
// Times are ms since the scenario's start, places cm on a plane over the city, walks m, money in
// the unit of the scenario's prices. Choice weights, compliance and breakage are assumptions of the
// scenario until they are fitted, and reports say so.
package simulations
