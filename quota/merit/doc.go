// Package merit turns operators' scores into operators' totals by the rules a city publishes.
//
// It is the one place where a score meets a fleet (article 7 of the notice: the evaluation is
// linked to the fleet). Apply takes the rules, the city's total and what is known of each operator,
// and answers with a total for each that explains itself:
//
//	weight = base * merit           merit = (score/100)^exponent
//	quota  = clamp(round(weight * multiplier), floor, ceiling)
//
// with one multiplier for all operators of a pool, by Webster's divisor method (apportion.Divide).
//
// # Words
//
// The base is what a weight starts from: the previous quota, one for all, the request, or the use
// seen in the streets. A floor and a ceiling come from rules: the smallest and the largest share of
// the total, the largest change in a period (step), the operator's own request, its licence. An
// incumbent had a quota in the last period, an entrant had none. With an entrant pool, a part of
// the total is kept for the entrants; without one, all operators share one pool.
//
// # Whole vehicles
//
// Shares and steps are taken as decimals of nine places. A floor is rounded up and a ceiling down:
//
//	floor   = max(ceil(MinShare*total), ceil((1-Step)*previous))
//	ceiling = min(floor(MaxShare*total), floor((1+Step)*previous), request)
//
// and a floor never lifts an operator above its own request. The pool is floor(EntrantPool*total).
// So with a step of 10 % an operator of fewer than 10 vehicles keeps what it has; a bureau that
// wants otherwise sets no step.
//
// # What can't be met
//
// When floors sum to more than there is, when a floor is above a ceiling, or when operators can't
// take what they must, rules give way in the order of Relax; without one that helps the answer is
// an *InfeasibleError with the sums and the operators at each bound.
//
// Source: allocation.md section 4; Balinski and Young, Fair Representation (1982).
package merit
