package rubric

// estimate is a figure that may be unknown, and the interval in which it lies:
// low ≤ exact ≤ high. Every step from points to a score keeps that order.
type estimate struct {
	exact     *Number // nil = unknown
	low, high Number
}

// exactly returns the estimate of a figure that is known.
func exactly(x Number) estimate { return estimate{&x, x, x} }

// between returns the estimate of a figure that is unknown.
func between(low, high Number) estimate { return estimate{nil, low, high} }

// sharp reports whether e was made exactly; then one number is all three, and worked out once.
func (e estimate) sharp() bool {
	return e.exact != nil && e.low.rat == e.exact.rat && e.high.rat == e.exact.rat
}

// each applies f, which must not fall as its argument grows.
func (e estimate) each(f func(Number) Number) estimate {
	if e.sharp() {
		return exactly(f(*e.exact))
	}
	out := estimate{low: f(e.low), high: f(e.high)}
	if e.exact != nil {
		x := f(*e.exact)
		out.exact = &x
	}
	return out
}

// both applies f, which must not fall as either argument grows.
func (e estimate) both(g estimate, f func(x, y Number) Number) estimate {
	if e.sharp() && g.sharp() {
		return exactly(f(*e.exact, *g.exact))
	}
	out := estimate{low: f(e.low, g.low), high: f(e.high, g.high)}
	if e.exact != nil && g.exact != nil {
		x := f(*e.exact, *g.exact)
		out.exact = &x
	}
	return out
}

func (e estimate) plus(g estimate) estimate { return e.both(g, Number.plus) }

// minus takes g off e: the interval is widest where e is low and g is high.
func (e estimate) minus(g estimate) estimate {
	return e.both(estimate{g.exact, g.high, g.low}, Number.minus)
}

// times multiplies by a factor of at least 0.
func (e estimate) times(factor Number) estimate {
	return e.each(func(x Number) Number { return x.times(factor) })
}

// atMost holds e to a cap; nil is none.
func (e estimate) atMost(most *Number) estimate {
	if most == nil {
		return e
	}
	return e.each(func(x Number) Number { return lesser(x, *most) })
}

// notNegative holds e to at least 0.
func (e estimate) notNegative() estimate {
	return e.each(func(x Number) Number { return larger(x, Number{}) })
}

// sure returns the figure, or where it is unknown what it is at least.
func (e estimate) sure() Number {
	if e.exact != nil {
		return *e.exact
	}
	return e.low
}

func lesser(x, y Number) Number {
	if x.Cmp(y) <= 0 {
		return x
	}
	return y
}

func larger(x, y Number) Number {
	if x.Cmp(y) >= 0 {
		return x
	}
	return y
}
