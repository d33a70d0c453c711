package apportion

// far is a distance beyond every cost and sum of costs.
const far = 1 << 61

// costs prices the units of entries, in fixed point. The unit that makes an entry k costs
//
//	ln[k] - lt[e] -/+ lambda
//
// with a minus up to the previous value and a plus beyond it, and never less than the unit before.
type costs struct {
	ln     []int64 // ln[k]: logarithm of the k-th signpost; [0] unused
	lt     []int64 // ln of the weight, less the draw of the lottery
	lambda int64   // the tolerance; 0 where there is nothing to keep

	// Where any of these is set, plain is false and unit takes the long way.
	plain    bool
	previous []int32 // nil = nothing to keep
	free     []bool  // entries of the slack row and column, which cost nothing; nil = none
	soft     *soft   // bounds that may be broken at a price; nil = none
}

// newCosts makes room for the costs of a problem's entries.
func newCosts(p *Problem, size int) costs {
	highest := 0
	for _, total := range p.ColTotals {
		highest = max(highest, total)
	}
	c := costs{lt: make([]int64, size), ln: make([]int64, highest+2), plain: true}
	if p.RowLeast != nil || p.ColLeast != nil {
		c.free, c.plain = make([]bool, size), false
	}
	for k := 1; k < len(c.ln); k++ {
		c.ln[k] = signpost(p.Method, k)
	}
	if p.Previous != nil {
		c.lambda, c.previous, c.plain = fixed(p.Tolerance), make([]int32, size), false
	}
	return c
}

// lay fills the costs of the entry at e from the problem's row and column.
func (c *costs) lay(p *Problem, e, row, col int) {
	if c.previous != nil {
		c.previous[e] = int32(min(p.Previous[row][col], MaxColTotal+1))
	}
	t := p.Weights[row][col]
	if t == 0 {
		return
	}
	if p.Method == Nearest {
		c.lt[e] = c.ln[nearestStep(t)] - nearestCost(t)
	} else {
		c.lt[e] = fixedLn(t)
	}
	if p.Ties {
		c.lt[e] -= draw(p.TieSeed, p.Rows[row], p.Cols[col])
	}
}

// unit is the cost of the unit that makes the entry at e k; k is at least 1.
func (c *costs) unit(e int, k int32) int64 {
	if c.plain {
		return c.ln[k] - c.lt[e]
	}
	return c.charged(e, k)
}

// charged is unit with everything that may come on top.
func (c *costs) charged(e int, k int32) int64 {
	if c.soft != nil {
		return c.plainly(e, k)>>softShift + c.soft.charge(e, k)
	}
	return c.plainly(e, k)
}

// plainly is what a unit costs, soft bounds aside.
func (c *costs) plainly(e int, k int32) int64 {
	if c.free != nil && c.free[e] {
		return 0
	}
	cost := c.ln[k] - c.lt[e]
	switch {
	case c.previous == nil:
	case k <= c.previous[e]:
		cost -= c.lambda
	default:
		cost += c.lambda
	}
	return cost
}

// UnitCost returns what the unit that makes an entry of a sound problem k costs, k >= 1, in units
// of 2^-36 nat: the logarithm of the k-th signpost less that of the weight, with the draw of the
// lottery and the tolerance. The objective is the sum over all units.
func (p *Problem) UnitCost(row, col, k int) int64 {
	t := p.Weights[row][col]
	cost := signpost(p.Method, k) - fixedLn(t)
	if p.Method == Nearest {
		cost = signpost(p.Method, k) - signpost(p.Method, nearestStep(t)) + nearestCost(t)
	}
	if p.Ties {
		cost += draw(p.TieSeed, p.Rows[row], p.Cols[col])
	}
	switch {
	case p.Previous == nil:
	case k <= p.Previous[row][col]:
		cost -= fixed(p.Tolerance)
	default:
		cost += fixed(p.Tolerance)
	}
	return cost
}
