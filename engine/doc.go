// Package engine decides when and for whom: it takes a Snapshot of a city, decides, and hands back
// a Plan that anybody can check.
//
//	Snapshot -> Decide{ scoring.Evaluate -> quota.EstimateDemand -> quota.Capacity ->
//	            quota.AllocateCells -> merit.Apply -> apportion.Solve -> quota.Verify } -> Plan
//
// A Snapshot holds everything a decision reads: cells, ground, demand, sheets, rules. A Plan holds
// everything a check needs: inputs by hash, each limit, weight, bound and multiplier, the
// certificate. Deciding, verifying, explaining and reporting are separate readers of these two
// values. Adapters (engine/city, engine/report) fill the one and write out the other; engine knows
// none of them.
//
// Units: vehicles are int; areas m²; demand trips a day unless a sector's Unit says vehicles;
// scores 0-100; shares, weights and parts 0-1. Unknown is nil in a Plan and NaN in a Snapshot,
// never zero.
package engine
