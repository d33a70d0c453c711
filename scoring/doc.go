// Package scoring says how well operators do: it turns the values measured of them into a score
// between 0 and 100, item by item, so that every point can be traced to a value and a rule.
//
// # Words
//
// A Rubric is the bureau's rule: Indicators, each with a direction, a weight, a scale (Bands or
// Linear) and what happens when its value is missing. A Sheet is what was measured of one
// Operator. A Scorecard is the Score with its Items: the breakdown that is published. All three
// are plain data; Evaluate is the one step from the first two to the third.
//
// # Flow
//
//	value ──scale──► points 0–100 ──× effective weight──► contribution ──sum──► score ──► verdict
//	   └─unknown──► the indicator's Missing rule decides
//
// Values carry the unit of their indicator, points and scores run from 0 to 100, weights and
// parts from 0 to 1. Nothing is rounded on the way.
//
// # What is promised
//
// Contributions, summed in the order of the rubric, give exactly the score. A better value never
// gives its operator a lower score (invariant Q5), because Check refuses a scale that runs
// against the declared direction. The order of the sheets and of the values in them changes no
// figure (Q6): a mean over operators runs in byte order of their IDs. What can't be computed is
// unknown, NaN with the interval in which it lies, and never zero.
//
// # The link to fleets
//
// This package knows no fleet. Article 7 of the notice links the evaluation to the fleet; that
// link is one published table, applied where the engine carries the score across.
//
// Source: the indicator systems of Shenzhen, Guangzhou, Tianjin, Hefei, Hangzhou and Zhengzhou,
// whose parts that can be expressed here are weights, bands with a stated side, linear scales,
// a pass line and a rule for missing values.
package scoring
