package rubric

import (
	"math/big"
	"strings"
)

// The part of the normal distribution within ±1.959964 standard deviations is 95 %; in millionths.
const normal95 = 1959964

// outward is how many decimals an interval's ends keep; what is cut off widens the interval.
const outward = 6

// earn returns the points of a value that comes from n observations; n is nil where nobody said,
// and such a value is taken at its word.
func (r *Rubric) earn(d *Indicator, x Number, n *int) (estimate, string) {
	points, how := d.points(x)
	e := exactly(points)
	switch {
	case n == nil:
	case *n == 0 && (r.Samples > 0 || d.whole(x) != nil):
		e.low, e.high = Number{}, d.Max // a value that nobody observed
	case *n > 0:
		low, high := r.interval(d, x, *n)
		if low.Cmp(high) == 0 {
			break
		}
		a, _ := d.points(low)
		b, _ := d.points(high)
		e.low, e.high = lesser(points, lesser(a, b)), larger(points, larger(a, b))
	}
	return e, how
}

// interval returns the values that a measured x may stand for, seeing that it comes from n ≥ 1
// observations: x itself where it is taken at its word.
//
// A share, 0 to 1 or 0 to 100 %, has Wilson's 95 % interval unless the rubric's Samples says that
// n observations are enough. Any other value has one only below Samples: x ± 1.96 x/√n, which is
// right for a count of n events and for a mean of n waiting times, whose spread is as large as
// their mean, and too wide where they vary less.
//
// Source: Wilson, Probable Inference, JASA 22 (1927), 209–212; for √n, the Poisson distribution.
func (r *Rubric) interval(d *Indicator, x Number, n int) (low, high Number) {
	whole := d.whole(x)
	switch {
	case r.Samples > 0 && n >= r.Samples:
		return x, x
	case whole != nil:
		low, high = wilson(x.over(*whole), n)
		return low.times(*whole), high.times(*whole)
	case r.Samples > 0:
		return spread(x, n)
	}
	return x, x
}

// whole returns what all would be where the row's value x is a share of it: 100 for a percentage,
// 1 for a share without a unit; nil where it is no share.
func (d *Indicator) whole(x Number) *Number {
	if len(d.Bands) == 0 && d.Linear == nil {
		return nil
	}
	var all Number
	switch strings.ToLower(d.Unit) {
	case "%":
		all = Whole(100)
	case "", "1", "share", "part", "ratio", "proportion":
		all = Whole(1)
	default:
		return nil
	}
	if x.Sign() < 0 || x.Cmp(all) > 0 {
		return nil
	}
	return &all
}

// wilson returns the 95 % interval of a share p seen in n ≥ 1 observations; p is within it.
func wilson(p Number, n int) (low, high Number) {
	z, size := Number{big.NewRat(normal95, 1e6)}, Whole(n)
	square := z.times(z).over(size) // z²/n
	middle := p.plus(square.over(Whole(2)))
	spread := p.times(Whole(1).minus(p)).over(size).plus(square.over(Whole(4)).over(size))
	half := z.times(spread.rootUp())
	all := Whole(1).plus(square)
	low, high = middle.minus(half).over(all), middle.plus(half).over(all)
	return larger(low.down(outward), Number{}), lesser(high.up(outward), Whole(1))
}

// spread returns x ± 1.96 x/√n, on x's side of 0.
func spread(x Number, n int) (low, high Number) {
	size := x
	if x.Sign() < 0 {
		size = Number{}.minus(x)
	}
	root := Whole(1).over(Whole(n)).rootUp()
	far := Number{big.NewRat(normal95, 1e6)}.times(root).times(size).up(outward)
	low, high = x.minus(far), x.plus(far)
	if x.Sign() >= 0 {
		return larger(low, Number{}), high
	}
	return low, lesser(high, Number{})
}

// rootUp returns the square root of x ≥ 0, rounded up to twelve decimals.
func (x Number) rootUp() Number {
	const decimals = 12
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(decimals), nil)
	scaled := x.times(Number{new(big.Rat).SetInt(new(big.Int).Mul(unit, unit))}).up(0)
	square := scaled.get().Num()
	root := new(big.Int).Sqrt(square)
	if new(big.Int).Mul(root, root).Cmp(square) < 0 {
		root.Add(root, big.NewInt(1))
	}
	return Number{new(big.Rat).SetFrac(root, unit)}
}
