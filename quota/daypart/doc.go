// Package daypart moves quotas between cells within a period, part by part of the day: the fleets
// that a plan gave the operators stay, where they may stand follows the demand of the peak, the
// evening or the Sunday.
//
//	Sector (the plan's fleets, claims, what cells carry) + Standing (the quotas of this part)
//	  + demand of the part -> Turn -> Standing, and why it moved or did not
//
// What keeps it calm: a Band (less to move than that moves nothing), a Step (no cell changes more
// at once), a Tolerance (an operator keeps its quota in a cell while its fair share is near), Hold
// (turns between two changes) and Notice (turns from decision to force). A change is decided once
// and announced; until it is in force nothing else is decided.
//
// Each part of the day has a Standing of its own, so that morning and evening never pull at one
// another. Turns are counted by the caller: the n-th morning peak, the n-th Sunday.
package daypart
