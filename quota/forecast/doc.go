// Package forecast says how many vehicles or trips each cell will see in each hour to come, how
// sure that is, and how much better than a plain guess.
//
//	History -> Backtest -> Report (the methods side by side, the best named)
//	History -> Fit(method) -> Model -> At(cell, hour) -> Prediction: a distribution, not a number
//
// Time is a number of hours from the first of the history; Phase says which hour of the week that
// is. Unknown is NaN, never zero. What a history is too short for, or too full of holes, is not
// computed: the error is an *Unfit and says what is missing.
//
// Counts are taken to be negative binomial around the forecast: Poisson where the counts of the
// last week give no reason to widen it.
package forecast
