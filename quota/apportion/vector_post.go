package apportion

import (
	"container/heap"
	"math"
	"math/big"
	"slices"
)

// posts is a division by the signposts of any divisor method.
type posts struct {
	*division
	method Method
}

// splitByPosts is Split for a divisor method.
func splitByPosts(method Method, total int, claims []Claim) (Vector, error) {
	d, err := newDivision(total, raised(method, claims))
	if err != nil {
		return Vector{}, err
	}
	p := posts{d, method}
	left := total - p.start()
	heap.Init(p)
	for ; left > 0; left-- {
		p.grant()
	}
	v := Vector{Shares: make([]Share, len(claims)), Multiplier: p.multiplier()}
	for _, s := range p.seats {
		v.Shares[s.claim] = Share{ID: s.id, Quota: s.quota, Bound: p.bound(s, v.Multiplier)}
	}
	return v, nil
}

// raised returns the claims with the unit that the method gives everybody as their floor.
func raised(method Method, claims []Claim) []Claim {
	if !method.gives() {
		return claims
	}
	claims = slices.Clone(claims)
	for k := range claims {
		if c := &claims[k]; c.Weight > 0 && c.Floor == 0 && c.Ceiling != 0 {
			c.Floor = 1
		}
	}
	return claims
}

// start gives every seat a part that it keeps in the end, nearly all of it, and returns the sum.
//
// The part is the share rounded at nearly the largest multiplier whose rounded shares don't exceed
// the total. The multiplier is lowered by far more than a float64 can be wrong, so what is granted
// here comes first in exact arithmetic too; at most a thousand units more than there are seats are
// left.
func (p posts) start() int {
	const slack = 1 - 1.0/(1<<30)
	low, high := uint64(0), math.Float64bits(math.MaxFloat64) // positive floats order as their bits
	for low < high {
		mid := low + (high-low+1)/2
		if p.round(math.Float64frombits(mid)) <= p.total {
			low = mid
		} else {
			high = mid - 1
		}
	}
	sum := p.round(float64(math.Float64frombits(low) * slack))
	for i := range p.seats {
		if s := &p.seats[i]; s.quota < s.ceiling {
			p.open = append(p.open, s)
		}
	}
	return sum
}

// round sets each quota to its rounded share at a multiplier and returns their sum.
func (p posts) round(rho float64) int {
	sum := 0
	for i := range p.seats {
		s := &p.seats[i]
		s.quota = s.ceiling
		if count := p.count(float64(s.weight * rho)); count < float64(s.ceiling) {
			s.quota = max(s.floor, int(count))
		}
		sum += s.quota
	}
	return sum
}

// count is how many signposts a share has reached. The ones at 0 are in the floors.
func (p posts) count(share float64) float64 {
	switch p.method {
	case Adams:
		return math.Floor(share) + 1
	case HuntingtonHill: // k(k-1) <= share^2
		return math.Floor((1 + math.Sqrt(1+4*float64(share*share))) / 2)
	}
	return math.Floor(share)
}

// grant gives the next unit to the seat on top of the heap.
func (p posts) grant() {
	s := p.open[0]
	s.quota++
	if s.quota == s.ceiling {
		heap.Pop(p)
		return
	}
	heap.Fix(p, 0)
}

// Less orders seats by their next unit: the unit that makes a quota k has the price of the k-th
// signpost by the weight, the cheaper comes first, and a tie goes to the ID first in byte order.
func (p posts) Less(i, j int) bool {
	const clear = 1 - 1e-12 // float64 prices this far apart are in the right order
	s, t := p.open[i], p.open[j]
	a, b := p.price(s), p.price(t)
	if a < b*clear || b < a*clear {
		return a < b
	}
	if order := p.compare(s, t); order != 0 {
		return order < 0
	}
	return s.id < t.id
}

// price is nearly the price of the next unit.
func (p posts) price(s *seat) float64 { return p.method.post(s.quota+1) / s.weight }

// compare compares the prices of the next units exactly: those of HuntingtonHill by their squares.
// A weight is mantissa * 2^exponent.
func (p posts) compare(s, t *seat) int {
	left := p.product(s.quota+1, t.mantissa)
	right := p.product(t.quota+1, s.mantissa)
	shift := t.exponent - s.exponent
	if p.method == HuntingtonHill {
		shift *= 2
	}
	if shift >= 0 {
		left.Lsh(left, uint(shift))
	} else {
		right.Lsh(right, uint(-shift))
	}
	return left.Cmp(right)
}

// product is the k-th signpost times a mantissa, both squared under HuntingtonHill.
func (p posts) product(k int, mantissa uint64) *big.Int {
	n, m := big.NewInt(int64(k)), new(big.Int).SetUint64(mantissa)
	switch p.method {
	case Adams:
		n.Sub(n, big.NewInt(1))
	case HuntingtonHill:
		n.Mul(n, big.NewInt(int64(k-1)))
		m.Mul(m, m)
	}
	return n.Mul(n, m)
}

// multiplier returns a rho at which every quota is its rounded share: the middle between the
// largest at which some quota would lose a unit and the smallest at which some quota would win one.
func (p posts) multiplier() float64 {
	low, high := 0.0, math.Inf(1)
	for _, s := range p.seats {
		if s.quota > s.floor {
			low = max(low, p.method.post(s.quota)/s.weight)
		}
		if s.quota < s.most {
			high = min(high, p.method.post(s.quota+1)/s.weight)
		}
	}
	switch {
	case !math.IsInf(high, 1):
		return low + float64((high-low)/2)
	case low > 0:
		return 2 * low
	}
	return 1 // nobody's quota depends on it
}

// bound tells whether a bound and not the rounded share made the quota. The unit that a method
// gives every weight is its rounding, no bound.
func (p posts) bound(s seat, rho float64) string {
	share := float64(s.weight * rho)
	given := p.method.gives() && s.weight > 0 && s.quota == 1
	switch {
	case s.quota == s.floor && !given && s.quota > 0 && share < p.method.post(s.quota):
		return "floor"
	case s.quota == s.most && share >= p.method.post(s.quota+1):
		return "ceiling"
	}
	return ""
}
