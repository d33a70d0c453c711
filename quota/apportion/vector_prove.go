package apportion

import (
	"fmt"
	"math"
	"math/big"
)

// Proof shows that quotas are a method's division: with any multiplier from Low to High every share
// rounds to its quota, within floor and ceiling. Where Low is High, some unit was tied.
type Proof struct {
	Low  float64 // the least such multiplier; 0 = nobody would lose a unit at any
	High float64 // the greatest; +Inf = nobody would win one at any
}

// Prove checks quotas against a divisor method's definition, in exact fractions and with no code of
// Split: the sum, the bounds, and the min-max condition that no claim's last unit has a higher
// price than another's next one. quotas[k] answers claims[k].
//
// It returns ErrUncertified, and says where, if the quotas aren't the method's, and ErrMalformed if
// the lengths differ or the method has no multiplier.
//
// Source: Balinski and Young, Fair Representation (1982), appendix A, proposition 3.1.
func Prove(method Method, total int, claims []Claim, quotas []int) (Proof, error) {
	switch method {
	case "", Webster, DHondt, Adams, HuntingtonHill:
	default:
		return Proof{}, fmt.Errorf("%w: %q has no multiplier", ErrMalformed, method)
	}
	if len(quotas) != len(claims) {
		return Proof{}, fmt.Errorf("%w: %d quotas for %d claims", ErrMalformed, len(quotas), len(claims))
	}
	var last, next edge // the dearest unit given, the cheapest not given
	sum := 0
	for k, c := range claims {
		x := quotas[k]
		sum += x
		least, most := span(method, c)
		if x < least || x > most {
			return Proof{}, fmt.Errorf("%w: %q has %d, outside %d to %d",
				ErrUncertified, c.ID, x, least, most)
		}
		if x > least {
			last.raise(c.ID, priceOf(method, x, c.Weight))
		}
		if x < most {
			next.lower(c.ID, priceOf(method, x+1, c.Weight))
		}
	}
	if sum != total {
		return Proof{}, fmt.Errorf("%w: the quotas sum to %d, not %d", ErrUncertified, sum, total)
	}
	if last.price != nil && next.price != nil && last.price.Cmp(next.price) > 0 {
		return Proof{}, fmt.Errorf("%w: the last unit of %q comes after the next of %q",
			ErrUncertified, last.id, next.id)
	}
	return Proof{Low: last.multiplier(method, 0), High: next.multiplier(method, math.Inf(1))}, nil
}

// span is what a claim may hold.
func span(method Method, c Claim) (least, most int) {
	least, most = c.Floor, c.Ceiling
	switch {
	case c.Weight == 0:
		return least, least
	case most < 0:
		most = math.MaxInt
	}
	if (method == Adams || method == HuntingtonHill) && most > 0 {
		least = max(least, 1)
	}
	return least, most
}

// priceOf is the k-th signpost by the weight, squared under HuntingtonHill.
func priceOf(method Method, k int, weight float64) *big.Rat {
	n, t := big.NewRat(int64(k), 1), new(big.Rat).SetFloat64(weight)
	switch method {
	case "", Webster:
		n.Sub(n, big.NewRat(1, 2))
	case Adams:
		n.Sub(n, big.NewRat(1, 1))
	case HuntingtonHill:
		n.Mul(n, big.NewRat(int64(k-1), 1))
		t.Mul(t, t)
	}
	return n.Quo(n, t)
}

// edge is the highest or the lowest of prices, and whose it is; nil = of none.
type edge struct {
	id    string
	price *big.Rat
}

// raise keeps the higher price.
func (e *edge) raise(id string, price *big.Rat) {
	if e.price == nil || price.Cmp(e.price) > 0 {
		e.id, e.price = id, price
	}
}

// lower keeps the lower price.
func (e *edge) lower(id string, price *big.Rat) {
	if e.price == nil || price.Cmp(e.price) < 0 {
		e.id, e.price = id, price
	}
}

// multiplier is the price as a multiplier.
func (e *edge) multiplier(method Method, none float64) float64 {
	if e.price == nil {
		return none
	}
	rho, _ := e.price.Float64()
	if method == HuntingtonHill {
		return math.Sqrt(rho)
	}
	return rho
}
