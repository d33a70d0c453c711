package apportion

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// splitByRemainders is Split for LargestRemainder, with those whom one unit more would cost one.
func splitByRemainders(total int, claims []Claim) (Vector, error) {
	for _, c := range claims {
		if c.Floor != 0 || c.Ceiling != -1 {
			return Vector{}, fmt.Errorf("%w: %q has bounds, which the largest remainders don't know",
				ErrMalformed, c.ID)
		}
	}
	d, err := newDivision(total, claims)
	if err != nil {
		return Vector{}, err
	}
	r := newRemainders(d)
	now, next := r.split(total), r.split(total+1)
	v := Vector{Shares: make([]Share, len(claims))}
	for i, s := range d.seats {
		v.Shares[s.claim] = Share{ID: s.id, Quota: now[i]}
	}
	slices.SortFunc(d.seats, func(a, b seat) int { return cmp.Compare(a.claim, b.claim) })
	for _, s := range d.seats {
		if i := s.quota; next[i] < now[i] {
			v.Losses = append(v.Losses, Loss{ID: s.id, Quota: now[i], Next: next[i]})
		}
	}
	return v, nil
}

// remainders divides totals by exact fractions: the weights as whole numbers of one power of two,
// in ID order, and their sum.
type remainders struct {
	weights []*big.Int
	sum     *big.Int
}

// newRemainders reads the seats, and notes in each one's quota where it stands.
func newRemainders(d *division) remainders {
	r := remainders{weights: make([]*big.Int, len(d.seats)), sum: new(big.Int)}
	least := 0
	for _, s := range d.seats {
		if s.weight > 0 {
			least = min(least, s.exponent)
		}
	}
	for i := range d.seats {
		s := &d.seats[i]
		s.quota = i
		r.weights[i] = new(big.Int)
		if s.weight > 0 {
			r.weights[i].Lsh(new(big.Int).SetUint64(s.mantissa), uint(s.exponent-least))
		}
		r.sum.Add(r.sum, r.weights[i])
	}
	return r
}

// split gives everybody the whole part of the share, then one more each to the largest remainders,
// equal ones in ID order.
func (r remainders) split(total int) []int {
	quotas, rest := make([]int, len(r.weights)), make([]*big.Int, len(r.weights))
	if r.sum.Sign() == 0 {
		return quotas
	}
	order := make([]int, len(r.weights))
	left := total
	for i, w := range r.weights {
		whole := new(big.Int).Mul(big.NewInt(int64(total)), w)
		rest[i] = new(big.Int)
		whole.DivMod(whole, r.sum, rest[i])
		quotas[i], order[i] = int(whole.Int64()), i
		left -= quotas[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return rest[b].Cmp(rest[a]) })
	for _, i := range order[:left] {
		quotas[i]++
	}
	return quotas
}
