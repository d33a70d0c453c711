// Package policy carries out a city's written rule: how scores become grades and ranks, how those
// change quotas, and where freed quota goes.
//
// # Words
//
// A Policy is the rule as data; a Formula in it is an expression over facts. Compile checks it into
// a Program. A State is what stood before and what was measured since; Apply makes of it a
// Decision, in which every number has its Steps.
//
// # Flow
//
//	scores ─► vetoes ─► grades ─► rank ─► streaks ─► total, season ─► allocation from scratch
//	      ─► adjustments ─► freed quota ─► bounds ─► overrides ─► layers, release ─► zones, checks
//
// # What is promised
//
// Figures are exact fractions until a rule rounds them, by the rounding it names. What is unknown
// stays unknown: a condition on it does not hold, and a step says so; a figure that needs it is an
// error. The order of operators doesn't matter, and the same state gives the same decision.
//
// Article 7: the evaluation is linked to the fleet, by rules that are published.
package policy
