package apportion

import "fmt"

// Vector is one total divided among claims.
type Vector struct {
	Shares []Share // Shares[k] answers claims[k]

	// Multiplier is one at which every quota is its weight times it, rounded by the method, within
	// floor and ceiling; a share on a signpost rounds either way. 0 under LargestRemainder, which has
	// none.
	Multiplier float64

	// Losses are the claims that would get less if the total were one larger, in the order of the
	// claims. Only LargestRemainder takes from anybody.
	Losses []Loss
}

// Loss is what a larger total takes from one claim.
type Loss struct {
	ID    string
	Quota int // of the total
	Next  int // of the total and one more; less than Quota
}

// Split divides a total among claims by a method of vectors; "" is Webster, for which Divide does
// the work. Every comparison is exact, and a tie goes to the ID first in byte order, so the order
// of claims doesn't matter.
//
// Under the divisor methods a larger total shrinks nobody. Adams and HuntingtonHill give every
// positive weight at least 1, its ceiling allowing. LargestRemainder knows no bounds: floors have
// to be 0 and ceilings -1.
//
// Split returns a *RangeError if the total is outside what the claims must and can hold, and
// ErrMalformed for what Divide calls so, bounds under LargestRemainder and a method of matrices.
//
// Source: Balinski and Young, Fair Representation (1982), appendix A.
func Split(method Method, total int, claims []Claim) (Vector, error) {
	switch method {
	case "", Webster:
		shares, rho, err := Divide(total, claims)
		return Vector{Shares: shares, Multiplier: rho}, err
	case DHondt, Adams, HuntingtonHill:
		return splitByPosts(method, total, claims)
	case LargestRemainder:
		return splitByRemainders(total, claims)
	}
	return Vector{}, fmt.Errorf("%w: no method %q divides one total", ErrMalformed, method)
}
