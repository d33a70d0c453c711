package apportion

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"slices"
)

// Claim is what one operator may hold of a total.
type Claim struct {
	ID             string
	Weight         float64 // 0, or in [1e-100, 1e100]; only ratios matter. 0 takes the Floor, no more
	Floor, Ceiling int     // vehicles; a Ceiling of -1 is none
}

// Share is what one claim got.
type Share struct {
	ID    string
	Quota int
	Bound string // "floor" or "ceiling" where that bound, not the rounded share, decided; else ""
}

// Weights lie between these, so that a product with a multiplier neither overflows nor vanishes.
const minWeight, maxWeight = 1e-100, 1e100

// maxTotal is the largest total and the largest floor: (2k-1) times a 53-bit weight must fit 128
// bits, and a count of vehicles that doesn't fit 40 bits is a mistake.
const maxTotal = 1 << 40

// Divide splits total units among the claims by Webster's method: shares[k] answers claims[k], the
// quotas sum to total, and with the multiplier rho that it returns
//
//	Quota = clamp(round(Weight*rho), Floor, Ceiling)
//
// for every claim, where an exact half rounds either way. Between halves that tie, the unit goes to
// the claim first by ID in byte order, so the order of claims doesn't matter. A larger total
// shrinks no quota, and a larger weight alone never gets less. Every comparison is exact.
//
// Divide returns a *RangeError if the total is outside what floors and ceilings admit, where the
// ceiling of a zero weight is its floor, and ErrMalformed for a total beyond 2^40, a weight out of
// range, a negative floor, a ceiling below its floor and a repeated ID.
//
// Source: Balinski and Young, Fair Representation (1982), appendix A, sections 4 and 8.
func Divide(total int, claims []Claim) ([]Share, float64, error) {
	d, err := newDivision(total, claims)
	if err != nil {
		return nil, 0, err
	}
	left := total - d.start()
	heap.Init(d)
	for ; left > 0; left-- {
		d.grant()
	}
	shares, rho := d.shares(len(claims))
	return shares, rho, nil
}

// division is a total being divided: seats in ID order, and a heap of those that can still grow.
type division struct {
	seats []seat
	open  []*seat // a heap: the seat whose next unit comes first is on top
	total int
}

// seat is a claim on its way to a quota. Its weight is mantissa * 2^exponent, exactly.
type seat struct {
	claim    int // index of the claim
	id       string
	weight   float64
	mantissa uint64
	exponent int
	floor    int
	most     int // the claim's ceiling; its floor if it weighs nothing
	ceiling  int // the same, but at most the total
	quota    int
}

// newDivision checks the claims and puts them in ID order.
func newDivision(total int, claims []Claim) (*division, error) {
	if total > maxTotal {
		return nil, fmt.Errorf("%w: the total %d is above %d", ErrMalformed, total, maxTotal)
	}
	d := &division{seats: make([]seat, len(claims)), total: total}
	for k, c := range claims {
		if err := c.check(); err != nil {
			return nil, err
		}
		d.seats[k] = newSeat(k, c, total)
	}
	slices.SortFunc(d.seats, func(a, b seat) int { return cmp.Compare(a.id, b.id) })
	low, high := 0, 0
	for i, s := range d.seats {
		if i > 0 && s.id == d.seats[i-1].id {
			return nil, fmt.Errorf("%w: two claims have the ID %q", ErrMalformed, s.id)
		}
		low += s.floor
		high += s.ceiling
	}
	if total < low || total > high {
		return nil, &RangeError{Total: total, Low: low, High: high}
	}
	return d, nil
}

// check returns ErrMalformed for a claim that can't be divided.
func (c Claim) check() error {
	switch {
	case c.Weight != 0 && !(c.Weight >= minWeight && c.Weight <= maxWeight):
		return fmt.Errorf("%w: the weight %g of %q is neither 0 nor between %g and %g",
			ErrMalformed, c.Weight, c.ID, minWeight, maxWeight)
	case c.Floor < 0 || c.Floor > maxTotal:
		return fmt.Errorf("%w: the floor %d of %q is not between 0 and %d",
			ErrMalformed, c.Floor, c.ID, maxTotal)
	case c.Ceiling != -1 && c.Ceiling < c.Floor:
		return fmt.Errorf("%w: the ceiling %d of %q is below its floor %d",
			ErrMalformed, c.Ceiling, c.ID, c.Floor)
	}
	return nil
}

// newSeat opens a seat for a claim. Nobody can hold more than the total, and a zero weight is
// no reason to give more than the floor.
func newSeat(k int, c Claim, total int) seat {
	s := seat{claim: k, id: c.ID, weight: c.Weight, floor: c.Floor, most: c.Ceiling}
	switch {
	case c.Weight == 0:
		s.most = c.Floor
	case c.Ceiling == -1:
		s.most = math.MaxInt
	}
	s.ceiling = max(s.floor, min(s.most, total))
	fraction, exponent := math.Frexp(s.weight)
	s.mantissa, s.exponent = uint64(math.Ldexp(fraction, 53)), exponent-53
	return s
}

// start gives every seat a part that it keeps in the end, nearly all of it, and returns the sum.
//
// The part is the share rounded at the largest multiplier whose rounded shares don't exceed the
// total. Products are float64, so the multiplier is lowered by more than they can be wrong: what is
// granted here is granted by the exact method too.
func (d *division) start() int {
	const slack = 1 - 1.0/(1<<49)
	low, high := uint64(0), math.Float64bits(math.MaxFloat64) // positive floats order as their bits
	for low < high {
		mid := low + (high-low+1)/2
		if d.round(math.Float64frombits(mid)) <= d.total {
			low = mid
		} else {
			high = mid - 1
		}
	}
	sum := d.round(float64(math.Float64frombits(low) * slack))
	for i := range d.seats {
		if s := &d.seats[i]; s.quota < s.ceiling {
			d.open = append(d.open, s)
		}
	}
	return sum
}

// round sets each quota to its rounded share at the multiplier rho and returns their sum.
func (d *division) round(rho float64) int {
	sum := 0
	for i := range d.seats {
		s := &d.seats[i]
		s.quota = s.ceiling
		if share := math.Floor(float64(s.weight*rho) + 0.5); share < float64(s.ceiling) {
			s.quota = max(s.floor, int(share))
		}
		sum += s.quota
	}
	return sum
}

// grant gives the next unit to the seat on top of the heap.
func (d *division) grant() {
	s := d.open[0]
	s.quota++
	if s.quota == s.ceiling {
		heap.Pop(d)
		return
	}
	heap.Fix(d, 0)
}

// shares reads the quotas off in the order of the claims, with the multiplier.
func (d *division) shares(n int) ([]Share, float64) {
	rho := d.multiplier()
	shares := make([]Share, n)
	for _, s := range d.seats {
		shares[s.claim] = Share{ID: s.id, Quota: s.quota, Bound: s.bound(rho)}
	}
	return shares, rho
}

// multiplier returns a rho at which every quota is its rounded share: the middle between the
// largest at which some quota would lose a unit and the smallest at which some quota would win one.
func (d *division) multiplier() float64 {
	low, high := 0.0, math.Inf(1)
	for _, s := range d.seats {
		if s.quota > s.floor {
			low = max(low, (float64(s.quota)-0.5)/s.weight)
		}
		if s.quota < s.most {
			high = min(high, (float64(s.quota)+0.5)/s.weight)
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

// bound tells whether a bound and not the rounded share made the quota.
func (s seat) bound(rho float64) string {
	share := float64(s.weight * rho)
	switch {
	case s.quota == s.floor && share < float64(s.quota)-0.5:
		return "floor"
	case s.quota == s.most && share >= float64(s.quota)+0.5:
		return "ceiling"
	}
	return ""
}
