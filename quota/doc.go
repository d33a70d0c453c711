// Package quota says how many vehicles a cell, a district and a city carry, and checks that what
// was granted keeps to it. It is arithmetic: no clock, store, network or randomness, and the same
// input gives the same output.
//
// # Words and units
//
// A Cell's Capacity is what its ground and its limits allow, in whole vehicles with a low, a middle
// and a high reading and the Limit that binds. Demand is trips per hour of the week, from events
// corrected for the time in which no vehicle stood ready. Marginal benefit is what the n-th vehicle
// of a cell adds, in trips a mean day. A Total is a number of vehicles by cell, node or city; a
// Node is the city, a district or an area inside one, and nodes form a tree. Areas are m², shares
// 0-1, unknown is NaN, false or -1 as the field says, never zero.
//
// # Flow
//
//	EstimateDemand  events, hours, availability  ->  rates and intervals by cell
//	Limits.Capacity space, limits, demand        ->  Capacity by cell
//	Service.Marginals demand                     ->  benefit of the 1st, 2nd, ... vehicle of a cell
//	AllocateCells   tree, capacities, benefits   ->  cell totals, city total, curve, shadow price
//	Verify          a whole Allocation           ->  nil, or the first *Breach
//
// How operators share the city total is quota/merit; how their totals spread over the cells is
// quota/apportion. Neither is known here.
//
// # Invariants
//
// Every plan of stint keeps these. Verify checks Q1, Q2, Q7 and Q8 with the sums and bounds they
// rest on; the others are held by the solvers' property tests, by Plan.Seal and by the store.
//
//	Q1  Fleets sum to at most the total, and exactly to it where the policy says so.
//	Q2  Floor <= fleet <= min(request, ceiling).
//	Q3  Nothing is idle while a claim can take it, unless the policy leaves it unallocated.
//	Q4  A larger total shrinks nobody while the bounds stay.
//	Q5  A better score never gets less, other things equal.
//	Q6  The order of operators and cells doesn't matter: ties go by a published seed, then by ID
//	    bytes; sums run in ID and cell order.
//	Q7  In each cell the operators' quotas sum to at most the cell's capacity.
//	Q8  No fleet changes by more than the step, except under an emergency order.
//	Q9  The same snapshot gives the same plan bytes.
//	Q10 No placement is granted beyond any tier of its quota, whatever crashes, retries or races
//	    happen to the state that survives; after an asynchronous failover the slot is closed until
//	    reconciled.
//	Q11 An acknowledged placement is never lost, with the stated durability setting.
package quota
